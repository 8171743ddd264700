"""Replay: figures folded from event bodies alone, without any read model.

The reports set these beside what the stored postings say, so that an altered posting shows.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from ledger.events import Recorded, RepaymentRecorded
from ledger.model import system_of
from ledger.postings import post
from ledger.views import MOVEMENTS, RollforwardView


@dataclass(slots=True)
class Replayed:
    """A roll-forward by nature and system, and how many liability legs and repayments fell in the period."""

    rollforward: tuple[RollforwardView, ...] = ()
    legs: int = 0
    repayments: int = 0
    spent_assumed: int = 0
    _columns: dict[tuple[str, str], dict[str, int]] = field(default_factory=dict)

    def take(self, recorded: Recorded, first_day: date) -> None:
        """Count an event that is effective by the last day of the period."""
        before = recorded.effective_on < first_day
        if isinstance(recorded.event, RepaymentRecorded) and not before:
            self.repayments += 1
            self.spent_assumed += recorded.event.spent_assumed
        for leg in post(recorded.event, recorded.effective_on):
            if leg.nature is None:
                continue
            columns = self._columns.setdefault(
                (leg.nature, system_of(recorded.stream)), dict.fromkeys(("opening", *MOVEMENTS), 0)
            )
            columns["opening" if before else leg.movement.replace("-", "_")] -= leg.amount_minor
            self.legs += not before


def replay(history: Iterable[Recorded], first_day: date, last_day: date) -> Replayed:
    """Fold a history, in any order, into the roll-forward of a period, both days inclusive. Minor units."""
    replayed = Replayed()
    for recorded in history:
        if recorded.effective_on <= last_day:
            replayed.take(recorded, first_day)
    replayed.rollforward = tuple(
        RollforwardView(nature=nature, system=system, **columns, closing=sum(columns.values()))
        for (nature, system), columns in sorted(replayed._columns.items())
        if any(columns.values())
    )
    return replayed
