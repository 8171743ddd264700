"""Replay: figures folded from event bodies alone, without any read model.

The reports set these beside what the stored postings say, so that an altered posting shows.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol

from ledger.accounts.postings import post
from ledger.events import Event, RepaymentRecorded
from ledger.views.rollforward import MOVEMENTS, RollforwardView
from ledger.vocabulary.keys import system_of
from ledger.vocabulary.kinds import column_of


class Effective(Protocol):
    """An event with its stream and its day in the books, however much else is known of it."""

    @property
    def stream(self) -> str: ...

    @property
    def effective_on(self) -> date: ...

    @property
    def event(self) -> Event: ...


class _Columns(dict[tuple[str, str], dict[str, int]]):
    """The roll-forward's columns by nature and system, made when first asked for."""

    def __missing__(self, place: tuple[str, str]) -> dict[str, int]:
        self[place] = dict.fromkeys(("opening", *MOVEMENTS), 0)
        return self[place]


@dataclass(slots=True)
class Replayed:
    """A roll-forward by nature and system, and how many liability legs and repayments fell in the period."""

    rollforward: tuple[RollforwardView, ...] = ()
    legs: int = 0
    repayments: int = 0
    spent_assumed: int = 0
    unmeasured: int = 0
    _columns: _Columns = field(default_factory=_Columns)

    def take(self, event: Event, stream: str, effective_on: date, first_day: date) -> None:
        """Count an event that is effective by the last day of the period."""
        before = effective_on < first_day
        if isinstance(event, RepaymentRecorded) and not before:
            self.repayments += 1
            self.spent_assumed += event.spent_assumed
            self.unmeasured += event.spent_minor is None
        for leg in post(event, effective_on):
            if leg.nature is None:
                continue
            columns = self._columns[leg.nature, system_of(stream)]
            columns["opening" if before else column_of(leg.movement)] -= leg.amount_minor
            self.legs += not before


def replay(history: Iterable[Effective], first_day: date, last_day: date) -> Replayed:
    """Fold a history, in any order, into the roll-forward of a period, both days inclusive. Minor units."""
    replayed = Replayed()
    for happened in history:
        if happened.effective_on <= last_day:
            replayed.take(happened.event, happened.stream, happened.effective_on, first_day)
    replayed.rollforward = tuple(
        RollforwardView(nature=nature, system=system, **columns, closing=sum(columns.values()))
        for (nature, system), columns in sorted(replayed._columns.items())
        if any(columns.values())
    )
    return replayed
