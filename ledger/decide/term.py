"""The terms of a debt: what a decision must state, for the first time or again."""

from __future__ import annotations

from datetime import date

import msgspec

from ledger.decide.command import Command
from ledger.decide.convention import by_convention
from ledger.decide.item import Item
from ledger.decide.state import State
from ledger.events import DebtCommissioned, DebtRenewed, NeglectAdopted
from ledger.vocabulary.errors import Refused
from ledger.vocabulary.kinds import MISSING_TESTS
from ledger.vocabulary.quarters import FiscalCalendar, Quarter

#: What a decision to take on debt must state.
GATE = ("decided_by", "because", "benefit", "repay_by")


#: What a decision to extend one must state.
RENEWAL = ("decided_by", "because", "repay_by")


def missing_fields(command: Command, fields: tuple[str, ...], category: str) -> str:
    """'--because and --repay-by are missing', or nothing; missing tests need --until as well."""
    wanted = (*fields, "until") if category == MISSING_TESTS else fields
    options = [f"--{field.replace('_', '-')}" for field in wanted if not str(getattr(command, field) or "").strip()]
    if not options:
        return ""
    listed = f"{', '.join(options[:-1])} and {options[-1]}" if len(options) > 1 else options[0]
    return f"{listed} {'are' if len(options) > 1 else 'is'} missing"


def quarter_to_come(text: str | None, option: str, happened_on: date, state: State) -> str:
    """A quarter's name as the ledger keeps it. Raises Refused for one that had ended when it was promised (design §8)."""
    quarter, calendar = Quarter.parse(text or ""), state.opened_book().calendar
    last_day = calendar.last_day(quarter)
    if last_day < happened_on:
        by_convention(
            Refused(
                f"{option} {quarter} ended on {last_day}, before {happened_on}: nothing can be planned for it any more.",
                f"Name {calendar.quarter_of(happened_on)} or a later one; --on says when it was really decided.",
            )
        )
    return str(quarter)


def for_a_time(item: Item) -> str:
    return ", and missing tests can be debt only for a time" if item.opening.category == MISSING_TESTS else ""


class StandingTerm(msgspec.Struct, frozen=True):
    """What was decided last about a debt. repay_by: a quarter. until: the last day of a temporary one."""

    decided_by: str
    repay_by: str
    until: date | None

    def ends_on(self, calendar: FiscalCalendar) -> date:
        """The last day on which it is neither overdue nor lapsed."""
        last_day = calendar.last_day(Quarter.parse(self.repay_by))
        return min(last_day, self.until) if self.until else last_day


def term_on(item: Item, day: date) -> StandingTerm | None:
    """The term that stands on a day; None for what nobody decided."""
    decisions = [
        (entry.order, entry.event)
        for entry in item.entries
        if isinstance(entry.event, DebtCommissioned | NeglectAdopted | DebtRenewed) and entry.stands_on(day)
    ]
    if not decisions:
        return None
    _, last = max(decisions, key=lambda decision: decision[0])
    return StandingTerm(last.decided_by, last.repay_by, last.until)
