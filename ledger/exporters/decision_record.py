"""A debt as a decision record: MADR 4, from the events of its item alone.

What is in it depends on nothing else: no clock, no day that it is asked for, no release. So it changes when an event does.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from ledger.decide.item import Entry, Item
from ledger.events import DebtCommissioned, DebtRenewed, ItemWrittenOff, NeglectAdopted, NeglectObserved
from ledger.exporters.markdown_text import escaped, table
from ledger.vocabulary.money import Currency
from ledger.vocabulary.plain_text import plain

#: Stands in every file that is written, and says that it may be replaced.
WRITTEN_HERE = "Written by `debt adr` from the ledger: a change belongs there, not here."

#: Statuses of a debt as a decision record says them.
_STATUSES = {"reversed": "rejected", "written off": "deprecated", "repaid": "superseded", "accepted": "accepted"}


@dataclass(frozen=True, slots=True)
class DecidedDebt:
    """An item that somebody decided to owe. decision: the standing commission or adoption, else the one that was reversed."""

    item: Item
    decision: Entry
    currency: Currency

    @property
    def standing(self) -> str:
        """What became of it: 'accepted', 'repaid', 'written off' or 'reversed'."""
        if not self.decision.standing or self.item.reversed:
            return "reversed"
        if any(balance.outstanding for balance in self.item.at_end.values()):
            return "accepted"
        closing = [entry for entry in self.item.entries if entry.standing and entry.legs]
        return "written off" if isinstance(closing[-1].event, ItemWrittenOff) else "repaid"

    @property
    def decided_on(self) -> date:
        """The day of the decision."""
        event = self.decision.event
        return event.decided_on if isinstance(event, DebtCommissioned) else self.decision.occurred_on

    @property
    def terms(self) -> list[Entry]:
        """The standing decisions on its term, the first of them the one that made it debt."""
        later = (entry for entry in self.item.entries if isinstance(entry.event, DebtRenewed) and entry.standing)
        return [self.decision, *sorted(later, key=lambda entry: entry.order)]

    @property
    def outstanding(self) -> int:
        """Minor units, after everything that is recorded."""
        return sum(balance.outstanding for balance in self.item.at_end.values())

    @property
    def interest_per_year(self) -> int:
        """Minor units a year, after everything that is recorded."""
        return sum(balance.carry for balance in self.item.at_end.values())


def decided_debt(item: Item, currency: Currency) -> DecidedDebt | None:
    """An item as a decision; None for neglect that nobody ever adopted."""
    decisions = [entry for entry in item.entries if isinstance(entry.event, DebtCommissioned | NeglectAdopted)]
    if not decisions:
        return None
    standing = [entry for entry in decisions if entry.standing]
    return DecidedDebt(item, (standing or decisions)[-1], currency)


def file_name(debt: DecidedDebt) -> str:
    """An item's key is letters, digits, '_' and '-', so that it is a name in every file system."""
    return f"{debt.item.id}.md"


def decision_record(debt: DecidedDebt) -> str:
    """The record, as MADR 4 lays it out."""
    lines = [
        *_front_matter(debt),
        "",
        f"# {escaped(debt.item.title)}",
        "",
        "## Context and Problem Statement",
        "",
        *_context(debt),
        "",
        "## Considered Options",
        "",
        *(f"* {option}" for option in _options(debt)),
        "",
        "## Decision Outcome",
        "",
        *_outcome(debt),
        "",
        "### Consequences",
        "",
        *_consequences(debt),
        "",
        "## More Information",
        "",
        *_more(debt),
    ]
    return "".join(f"{line}\n" for line in lines)


def decision_index(debts: Iterable[DecidedDebt], book: str) -> str:
    """The index of the records of a book, in the order of their items."""
    rows = [
        [
            f"[{debt.item.id}]({file_name(debt)})",
            escaped(debt.item.title),
            _STATUSES[debt.standing],
            str(debt.decided_on),
            escaped(_term(debt).decided_by),
            _term(debt).repay_by,
            debt.currency.text(debt.outstanding),
        ]
        for debt in debts
    ]
    header = ("Item", "Decision", "Status", "Date", "Decided by", "Repay by", "Outstanding")
    lines = [
        f"<!-- {WRITTEN_HERE} -->",
        "",
        f"# Debt that was decided on, book {escaped(book)}",
        "",
        *(table(header, rows, right=(6,)) if rows else ["Nothing was decided on yet."]),
    ]
    return "".join(f"{line}\n" for line in lines)


def _term(debt: DecidedDebt) -> DebtCommissioned | NeglectAdopted | DebtRenewed:
    event = debt.terms[-1].event
    assert isinstance(event, DebtCommissioned | NeglectAdopted | DebtRenewed)  # noqa: S101 - what terms are made of
    return event


def _first(debt: DecidedDebt) -> DebtCommissioned | NeglectAdopted:
    event = debt.decision.event
    assert isinstance(event, DebtCommissioned | NeglectAdopted)  # noqa: S101 - what makes a debt
    return event


def _front_matter(debt: DecidedDebt) -> Iterator[str]:
    term, opening = _term(debt), debt.item.opening
    yield "---"
    yield f"# {WRITTEN_HERE}"
    yield f"status: {_STATUSES[debt.standing]}"
    yield f"date: {debt.decided_on}"
    yield f"decision-makers: {json.dumps([plain(_first(debt).decided_by)], ensure_ascii=False)}"
    yield f"items: [{debt.item.id}]"
    yield f"system: {opening.system}"
    yield f"category: {opening.category}"
    yield f"repay-by: {term.repay_by}"
    if term.until:
        yield f"until: {term.until}"
    yield f"outstanding: {debt.currency.plain(debt.outstanding)} {debt.currency.code}"
    yield f"interest-per-year: {debt.currency.plain(debt.interest_per_year)} {debt.currency.code}"
    yield f"position: {debt.item.entries[-1].position}"
    yield "---"


def _context(debt: DecidedDebt) -> Iterator[str]:
    opening = debt.item.opening
    if isinstance(opening, NeglectObserved):
        found = f"Found undone in {opening.system} on {debt.item.opened_on}, cause: {opening.cause}."
        yield f"{found} It was neglect until it was adopted."
        yield ""
    yield f"Why: {escaped(_first(debt).because)}"


def _options(debt: DecidedDebt) -> tuple[str, str]:
    first = _first(debt)
    at_once = f"Do it right at once, for {debt.currency.text(first.principal_minor)}"
    taken = "Keep what was found undone" if isinstance(first, NeglectAdopted) else "Take the shortcut"
    return f"{taken} and repay it by {first.repay_by}", at_once


def _outcome(debt: DecidedDebt) -> Iterator[str]:
    first = _first(debt)
    yield f'Chosen option: "{_options(debt)[0]}". Benefit: {escaped(first.benefit)}'
    yield ""
    until = f", at the longest until {first.until}" if first.until else ""
    yield f"* {debt.decided_on}: decided by {escaped(first.decided_by)}, to be repaid by {first.repay_by}{until}"
    for entry in debt.terms[1:]:
        renewed = entry.event
        assert isinstance(renewed, DebtRenewed)  # noqa: S101 - what follows the first term
        until = f", at the longest until {renewed.until}" if renewed.until else ""
        yield (
            f"* {entry.occurred_on}: renewed by {escaped(renewed.decided_by)}, to be repaid by {renewed.repay_by}{until}: "
            f"{escaped(renewed.because)}"
        )
    if debt.standing == "reversed":
        yield "* It was reversed: it was recorded in error."


def _consequences(debt: DecidedDebt) -> Iterator[str]:
    """What it posted, in the order of the books, with what was outstanding after each."""
    rows, outstanding, carry = [], 0, 0
    for entry in sorted(debt.item.entries, key=lambda entry: entry.order):
        for leg in entry.legs:
            if leg.nature is None:
                continue
            outstanding -= leg.amount_minor
            carry += leg.carry_minor_per_year
            amounts = (-leg.amount_minor, outstanding, carry)
            shown = [debt.currency.plain(amount) for amount in amounts]
            rows.append([str(entry.effective_on), leg.movement, leg.nature, *shown, str(entry.position)])
    header = (
        "Day",
        "Movement",
        "Nature",
        f"Principal, {debt.currency.code}",
        "Outstanding",
        "Interest a year",
        "Position",
    )
    yield from table(header, rows, right=(3, 4, 5, 6))
    yield ""
    outstanding_now, a_year = debt.currency.text(debt.outstanding), debt.currency.text(debt.interest_per_year)
    end = {
        "accepted": f"Outstanding: {outstanding_now}; interest: {a_year} a year.",
        "repaid": "Repaid: nothing is outstanding.",
        "written off": "Written off: nothing is outstanding.",
        "reversed": "Reversed: nothing is outstanding of this decision.",
    }
    yield end[debt.standing]


def _more(debt: DecidedDebt) -> Iterator[str]:
    first, entries = _first(debt), debt.item.entries
    if isinstance(first, DebtCommissioned) and first.adr:
        yield f"* Decision record: {escaped(first.adr)}"
    if first.evidence:
        yield f"* Evidence: {escaped(first.evidence)}"
    yield f"* Events: positions {', '.join(str(entry.position) for entry in entries)}"
