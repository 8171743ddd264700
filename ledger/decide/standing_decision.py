"""A decision record in the log: what was read of it last, and before that."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from ledger.events import DecisionLogged


@dataclass(frozen=True, slots=True)
class StandingDecision:
    """What a decision record said when it was read last, and since when that stands. position: of that reading.

    before: what the reading before it said, None of the first; what was retracted is not among them.
    """

    position: int
    effective_on: date
    event: DecisionLogged
    before: StandingDecision | None = None

    def counts(self, position: int) -> bool:
        """Whether what was read at a position was not taken back."""
        return position == self.position or any(position == said.position for said in self.earlier)

    @property
    def earlier(self) -> Iterator[StandingDecision]:
        """What it said before, the latest first."""
        said = self.before
        while said is not None:
            yield said
            said = said.before
