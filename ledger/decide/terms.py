"""Terms of a debt: adopting neglect as debt, renewing a debt; who decided, why, until when."""

from __future__ import annotations

from ledger.commands import Adopt, Command, Renew
from ledger.decide.common import Decided, known_item, lawful, name, place_on_item, refuse_closed, required
from ledger.errors import Refused
from ledger.events import DebtRenewed, NeglectAdopted
from ledger.item import Item
from ledger.model import MISSING_TESTS
from ledger.quarters import Quarter
from ledger.state import State

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


def readable_quarter(text: str | None) -> str:
    """A quarter's name as the ledger keeps it."""
    return str(Quarter.parse(text or ""))


def decide_adopt(command: Adopt, state: State) -> tuple[Decided, ...]:
    """A conscious decision turns neglect into debt: the whole outstanding principal and its interest."""
    item = known_item(command.item, state)
    missing = missing_fields(command, GATE, item.opening.category)
    if missing:
        raise Refused(
            f"Cannot adopt {item.id}: {missing}. Without a decision and a plan it stays neglect{_for_a_time(item)}.",
            f"Give them: `debt adopt {item.id} --decided-by WHO --because WHY --benefit WHAT --repay-by QUARTER{_until(item)}`.",
        )
    placed = place_on_item(command, state, item)
    day = placed.effective_on
    if item.nature_on(day) == "debt":
        raise Refused(f"{item.id} is debt already on {day}.", f"`debt renew {item.id} …` gives it a new term.")
    refuse_closed(item, day)
    if not item.estimated_on(day):
        raise Refused(
            f"{item.id} is unestimated: debt is taken on knowingly, so its size comes first.",
            f"Estimate it: `debt revise {item.id} --principal A --because …`, then adopt it.",
        )
    balance = item.balance_on(day, "neglect")
    event = NeglectAdopted(
        occurred_on=placed.occurred_on,
        evidence=command.evidence,
        item=item.id,
        dimension=item.dimension,
        principal_minor=balance.outstanding,
        carry_minor_per_year=balance.carry,
        decided_by=name(command.decided_by, "--decided-by"),
        because=required(command.because, "--because"),
        benefit=required(command.benefit, "--benefit"),
        repay_by=readable_quarter(command.repay_by),
        until=command.until,
    )
    return (lawful(Decided(day, event), item, state),)


def decide_renew(command: Renew, state: State) -> tuple[Decided, ...]:
    """A new term for a debt that has lapsed, is overdue or will be; a decision like the first."""
    item = known_item(command.item, state)
    missing = missing_fields(command, RENEWAL, item.opening.category)
    if missing:
        raise Refused(
            f"Cannot renew {item.id}: {missing}. A new term is a new decision{_for_a_time(item)}.",
            f"Give them: `debt renew {item.id} --until DATE --repay-by QUARTER --decided-by WHO --because WHY`.",
        )
    placed = place_on_item(command, state, item)
    refuse_closed(item, placed.effective_on)
    if item.nature_on(placed.effective_on) == "neglect":
        raise Refused(
            f"{item.id} is neglect on {placed.effective_on}: it has no term to renew.",
            f"`debt adopt {item.id} …` makes it debt.",
        )
    event = DebtRenewed(
        occurred_on=placed.occurred_on,
        evidence=command.evidence,
        item=item.id,
        decided_by=name(command.decided_by, "--decided-by"),
        because=required(command.because, "--because"),
        repay_by=readable_quarter(command.repay_by),
        until=command.until,
    )
    return (Decided(placed.effective_on, event),)


def _for_a_time(item: Item) -> str:
    return ", and missing tests can be debt only for a time" if item.opening.category == MISSING_TESTS else ""


def _until(item: Item) -> str:
    return " --until DATE" if item.opening.category == MISSING_TESTS else ""
