"""The technical delta: what the systems owe on a day, debt and neglect apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from ledger.queries.figures.balances import technical_delta
from ledger.queries.figures.grouping import Grouping, Key, sort_key
from ledger.queries.figures.periods import since_the_beginning
from ledger.queries.figures.rollforward import roll_forward
from ledger.queries.reader import Reader


@dataclass(slots=True)
class DeltaFigures:
    """Sums in minor units; delta is debt + neglect."""

    debt: int = 0
    neglect: int = 0
    interest_per_year: int = 0
    interest_incurred: int = 0

    @property
    def delta(self) -> int:
        """The distance to the ideal: debt + neglect."""
        return self.debt + self.neglect

    @property
    def any(self) -> bool:
        """Whether there is a figure at all."""
        return bool(self.debt or self.neglect or self.interest_per_year or self.interest_incurred)

    def add_outstanding(self, nature: str, outstanding: int, carry: int) -> None:
        """Add what an item owes."""
        if nature == "debt":
            self.debt += outstanding
        else:
            self.neglect += outstanding
        self.interest_per_year += carry


class _Groups(dict[Key, DeltaFigures]):
    """Figures by group, made when first asked for."""

    def __missing__(self, key: Key) -> DeltaFigures:
        self[key] = DeltaFigures()
        return self[key]


@dataclass(frozen=True, slots=True)
class Delta:
    """The delta on a day, in total and by group. groups: in order, those without any figure left out."""

    as_of: date
    total: DeltaFigures
    fields: tuple[str, ...]
    groups: list[tuple[Key, DeltaFigures]]


def delta(reader: Reader, as_of: date, by: Sequence[str] = ()) -> Delta:
    """The technical delta as of a day. by: some of `grouping.GROUPINGS`; none gives no groups."""
    grouping = Grouping.by(reader, by)
    total = DeltaFigures()
    groups = _Groups()
    for balance in technical_delta(reader, as_of):
        nature, owed, carry = balance.nature, balance.outstanding_minor, balance.carry_minor_per_year
        interest = balance.interest_minor
        total.add_outstanding(nature, owed, carry)
        total.interest_incurred += interest
        if by:
            figures = groups[grouping.key_on(balance.item, nature, as_of)]
            figures.add_outstanding(nature, owed, carry)
            if not grouping.by_owner:
                figures.interest_incurred += interest
    if grouping.by_owner:
        # Each owner bears what was incurred in its time: what the roll-forward since the beginning tells.
        for (key, _), figures_of in roll_forward(grouping, since_the_beginning(reader, as_of)).cells.items():
            groups[key].interest_incurred += figures_of.interest
    kept = [(key, groups[key]) for key in sorted(groups, key=sort_key) if groups[key].any]
    return Delta(as_of, total, grouping.fields, kept)
