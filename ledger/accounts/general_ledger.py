"""The general ledger, folded from a history alone: every account, every item, as of a day.

Nothing here reads a read model. `debt replay` sets these figures beside what the read models say, so that two
ways lead to each of them: this fold, and the sums over stored postings (ledger.queries).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar

import msgspec

from ledger.accounts.interest import incurred
from ledger.accounts.postings import post
from ledger.events import (
    NAME_OF,
    BalanceChange,
    DebtCommissioned,
    DebtRenewed,
    Description,
    EstimateRevised,
    Event,
    EventReversed,
    EvidenceAdded,
    InterestObserved,
    ItemEvent,
    ItemRetitled,
    ItemWrittenOff,
    Leg,
    NeglectAdopted,
    NeglectObserved,
    NoteAdded,
    Opening,
    RepaymentPlanned,
    RepaymentRecorded,
)
from ledger.events.exhaustive import exhaustive
from ledger.vocabulary.kinds import NATURES, Nature
from ledger.vocabulary.quarters import FiscalCalendar, Quarter


class AccountBalance(msgspec.Struct, gc=False):
    """Of one account, what was debited and what was credited, minor units, both >= 0."""

    debit: int = 0
    credit: int = 0

    @property
    def balance(self) -> int:
        """Debit positive, credit negative."""
        return self.debit - self.credit


class Liability(msgspec.Struct, gc=False):
    """What an item owes of one nature. carry_days: the sum of carry x ordinal of the day it accrues from."""

    outstanding_minor: int = 0
    carry_minor_per_year: int = 0
    carry_days: int = 0

    def add(self, leg: Leg) -> None:
        """Count a leg on the item's liability account."""
        self.outstanding_minor -= leg.amount_minor
        carry = leg.carry_minor_per_year
        if carry and leg.accrues_from is not None:
            self.carry_minor_per_year += carry
            self.carry_days += carry * leg.accrues_from.toordinal()

    def interest_minor(self, as_of: date) -> int:
        """Interest incurred by a day, rounded half-even once (docs/method.md, 'Interest')."""
        return incurred(self.carry_minor_per_year * as_of.toordinal() - self.carry_days)


class FoldedItem(msgspec.Struct, frozen=True, gc=False):
    """One item as of a day. Names and meaning are those of the register; amounts in minor units.

    interest: since it was opened, each nature rounded by itself.
    """

    item: str
    title: str
    nature: str
    dimension: str
    category: str
    opened_on: date
    principal: int | None
    liabilities: dict[Nature, Liability]
    outstanding: int
    interest_per_year: int
    interest_incurred: int
    repay_by: str | None
    until: date | None
    planned_for: str | None
    status: str


@dataclass(slots=True)
class _History:
    """What the register needs of one item's events, each with its day and position: the latest that stands counts."""

    opening: Opening
    opened_at: tuple[date, int]
    liabilities: dict[Nature, Liability] = field(default_factory=dict)
    terms: list[tuple[date, int, DebtCommissioned | NeglectAdopted | DebtRenewed]] = field(default_factory=list)
    titles: list[tuple[date, int, str]] = field(default_factory=list)
    plans: list[tuple[date, int, str]] = field(default_factory=list)
    estimates: list[tuple[date, int, int]] = field(default_factory=list)
    closings: list[tuple[date, int, str]] = field(default_factory=list)
    undone: set[int] = field(default_factory=set)


@dataclass(slots=True)
class GeneralLedger:
    """Folds events, in order of position, that are effective by a day.

    as_of: the last day that counts. accounts: by name. events: how many counted.
    """

    as_of: date
    calendar: FiscalCalendar
    accounts: dict[str, AccountBalance] = field(default_factory=dict)
    events: int = 0
    _items: dict[str, _History] = field(default_factory=dict)

    def take(self, position: int, stream: str, effective_on: date, event: Event) -> None:
        """Count an event. Raises KeyError for an event of an item that was never opened: a corrupt history."""
        if effective_on > self.as_of:
            return
        self.events += 1
        kind = type(event)
        if kind in _OPENINGS:
            self._items[stream] = _History(event, (effective_on, position))  # type: ignore[arg-type]
        legs, note = post(event, effective_on), _NOTED.get(kind)
        if legs or note:
            history = self._items[stream]
            if legs:
                self._post(legs, history.liabilities)
            if note:
                note(history, effective_on, position, event)

    def _post(self, legs: tuple[Leg, ...], liabilities: dict[Nature, Liability]) -> None:
        accounts = self.accounts
        for leg in legs:
            amount, account = leg.amount_minor, accounts.get(leg.account)
            if account is None:
                account = accounts[leg.account] = AccountBalance()
            if amount > 0:
                account.debit += amount
            else:
                account.credit -= amount
            nature = leg.nature
            if nature is None:
                continue
            liability = liabilities.get(nature)
            if liability is None:
                liability = liabilities[nature] = Liability()
            liability.add(leg)

    def total(self, nature: Nature) -> int:
        """What is owed of a nature, by the accounts."""
        prefix = f"liabilities:{nature}:"
        return -sum(account.balance for name, account in self.accounts.items() if name.startswith(prefix))

    def register(self) -> Iterator[FoldedItem]:
        """Every item opened by the day, in order of opening."""
        for item, history in self._items.items():
            yield self._item(item, history)

    def _item(self, item: str, history: _History) -> FoldedItem:
        opening, as_of, liabilities = history.opening, self.as_of, history.liabilities
        # A reversed opening still says what was decided; nothing later on that item can.
        term = _latest(history.terms, history.undone - {history.opened_at[1]})
        estimate = getattr(opening, "principal_minor", None)
        if estimate is None:
            estimate = _earliest(history.estimates, history.undone)
        owed = {nature: liabilities[nature] for nature in NATURES if nature in liabilities}
        folded = FoldedItem(
            item=item,
            title=_latest(history.titles, history.undone) or opening.title,
            nature="neglect" if term is None else "debt",
            dimension=opening.dimension,
            category=opening.category,
            opened_on=opening.occurred_on or history.opened_at[0],
            principal=estimate,
            liabilities=owed,
            outstanding=sum(each.outstanding_minor for each in owed.values()),
            interest_per_year=sum(each.carry_minor_per_year for each in owed.values()),
            interest_incurred=sum(each.interest_minor(as_of) for each in owed.values()),
            repay_by=term.repay_by if term else None,
            until=term.until if term else None,
            planned_for=_latest(history.plans, history.undone),
            status="",
        )
        return msgspec.structs.replace(folded, status=self._status(folded, history))

    def _status(self, item: FoldedItem, history: _History) -> str:
        """The first that matches, in the order of design §3, 'Status'."""
        if history.opened_at[1] in history.undone:
            return "reversed"
        closed = _latest(history.closings, history.undone)
        if closed and not any(each.outstanding_minor for each in item.liabilities.values()):
            return closed
        if item.principal is None:
            return "unestimated"
        if item.until and self.as_of > item.until:
            return "lapsed"
        if item.repay_by and self.as_of > self.calendar.last_day(Quarter.parse(item.repay_by)):
            return "overdue"
        return "open"


T = TypeVar("T")


def _latest(entries: list[tuple[date, int, T]], undone: set[int]) -> T | None:
    """What the last one says, by day and position, of those that stand."""
    standing = [entry for entry in entries if entry[1] not in undone]
    return max(standing, key=lambda entry: entry[:2])[2] if standing else None


def _earliest(entries: list[tuple[date, int, T]], undone: set[int]) -> T | None:
    standing = [entry for entry in entries if entry[1] not in undone]
    return min(standing, key=lambda entry: entry[:2])[2] if standing else None


def _note_term(history: _History, on: date, position: int, event: Any) -> None:
    history.terms.append((on, position, event))


def _note_title(history: _History, on: date, position: int, event: ItemRetitled) -> None:
    history.titles.append((on, position, event.title))


def _note_plan(history: _History, on: date, position: int, event: RepaymentPlanned) -> None:
    history.plans.append((on, position, event.quarter))


def _note_estimate(history: _History, on: date, position: int, event: EstimateRevised) -> None:
    history.estimates.append((on, position, event.principal_change_minor))


def _note_repayment(history: _History, on: date, position: int, event: RepaymentRecorded) -> None:
    history.closings.append((on, position, "repaid"))


def _note_write_off(history: _History, on: date, position: int, event: ItemWrittenOff) -> None:
    history.closings.append((on, position, "written-off"))


def _note_reversal(history: _History, on: date, position: int, event: EventReversed) -> None:
    history.undone.add(event.reversed_position)


_OPENINGS = frozenset(kind for kind in NAME_OF if issubclass(kind, Opening))

#: What the register keeps of an item's event, by its kind, besides what was posted.
_NOTED: dict[type[Event], Callable[[_History, date, int, Any], None]] = {
    DebtCommissioned: _note_term,
    NeglectAdopted: _note_term,
    DebtRenewed: _note_term,
    ItemRetitled: _note_title,
    RepaymentPlanned: _note_plan,
    EstimateRevised: _note_estimate,
    RepaymentRecorded: _note_repayment,
    ItemWrittenOff: _note_write_off,
    EventReversed: _note_reversal,
}

#: Of these it keeps what was posted and nothing else.
_UNNOTED: frozenset[type[Event]] = frozenset(
    {NeglectObserved, BalanceChange, NoteAdded, EvidenceAdded, Description, InterestObserved}
)

exhaustive(ItemEvent, _NOTED, _UNNOTED, module=__name__)
