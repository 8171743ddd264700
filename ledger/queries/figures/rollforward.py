"""The roll-forward: opening + movements = closing, for any two dates, by any grouping."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise

from ledger.accounts.interest import day_number
from ledger.queries.figures.grouping import Grouping, Key, sort_key
from ledger.queries.figures.owners import Tenure
from ledger.queries.figures.periods import ItemPassage, Period, handed_over, periods
from ledger.queries.reader import Reader
from ledger.views.rollforward import MOVEMENTS
from ledger.vocabulary.keys import system_of
from ledger.vocabulary.kinds import NATURES, column_of


@dataclass(slots=True)
class RollforwardFigures:
    """One nature's columns, minor units; movements by the names of `views.rollforward.MOVEMENTS`.

    interest: incurred in the period; interest_per_year: at its end. spent_earlier: what of `spent` is for work of days
    before the period: late entries of it and reversals of it.
    """

    opening: int = 0
    closing: int = 0
    interest: int = 0
    spent: int = 0
    movements: dict[str, int] = field(default_factory=lambda: dict.fromkeys(MOVEMENTS, 0))
    interest_per_year: int = 0
    estimate_variance: int = 0
    spent_earlier: int = 0

    def __add__(self, other: RollforwardFigures) -> RollforwardFigures:
        return RollforwardFigures(
            self.opening + other.opening,
            self.closing + other.closing,
            self.interest + other.interest,
            self.spent + other.spent,
            {name: self.movements[name] + other.movements[name] for name in MOVEMENTS},
            self.interest_per_year + other.interest_per_year,
            self.estimate_variance + other.estimate_variance,
            self.spent_earlier + other.spent_earlier,
        )

    def take(self, passage: ItemPassage, first_day: int) -> None:
        """Add what happened on an item while its owner had it. first_day: of the period, since 1970-01-01."""
        self.interest += passage.closing.interest_minor - passage.opening.interest_minor
        for leg in passage.legs:
            self.movements[column_of(leg.movement)] += leg.amount
            self.spent += leg.spent
            self.estimate_variance += leg.variance
            # The day on which the work was done: of a late entry its own, of a reversal that of what it reverses.
            if leg.accrues_day < first_day:
                self.spent_earlier += leg.spent

    @property
    def any(self) -> bool:
        """Whether there is a figure at all."""
        return bool(self.opening or self.closing or self.interest or self.spent or any(self.movements.values()))


class Cells(dict[tuple[Key, str], RollforwardFigures]):
    """Figures by group and nature, made when first asked for."""

    def __missing__(self, place: tuple[Key, str]) -> RollforwardFigures:
        self[place] = RollforwardFigures()
        return self[place]


@dataclass(frozen=True, slots=True)
class Rollforward:
    """The figures of a period, both days inclusive, by group and nature; fields: what makes the groups."""

    first_day: date
    last_day: date
    fields: tuple[str, ...]
    cells: Cells

    @property
    def rows(self) -> list[tuple[str, Key, RollforwardFigures]]:
        """Debt, neglect and total of every group that has a figure, in order; of the whole book also if it has none."""
        rows: list[tuple[str, Key, RollforwardFigures]] = []
        for key in sorted({key for key, _ in self.cells} or ({()} if not self.fields else set()), key=sort_key):
            natures = [self.cells[key, nature] for nature in NATURES]
            if any(figures.any for figures in natures) or not self.fields:
                rows += [(nature, key, figures) for nature, figures in zip(NATURES, natures, strict=True)]
                rows.append(("total", key, natures[0] + natures[1]))
        return rows

    def by(self, *fields: str) -> Rollforward:
        """The same figures by fewer of the fields: groups that differ in the others alone are added up."""
        places = [self.fields.index(name) for name in fields]
        cells = Cells()
        for (key, nature), figures in self.cells.items():
            place = (tuple([key[place] for place in places]), nature)
            cells[place] = cells[place] + figures
        return Rollforward(self.first_day, self.last_day, fields, cells)


def rollforward(reader: Reader, first_day: date, last_day: date, by: Sequence[str] = ()) -> Rollforward:
    """The roll-forward from the first to the last day, both inclusive. by: some of `grouping.GROUPINGS`.

    Nature makes the rows anyway; naming it in `by` changes nothing.
    """
    grouping = Grouping.by(reader, [name for name in by if name != "nature"])
    (period,) = periods(reader, [(first_day, last_day)])
    return roll_forward(grouping, period)


def roll_forward(grouping: Grouping, period: Period) -> Rollforward:
    """The roll-forward of a period. A figure belongs to the group that the item was in on the figure's day."""
    cells, first_day = Cells(), day_number(period.first_day)
    holders: dict[str, list[Tenure]] = {}
    for passage in period.passages:
        item, nature = passage.opening.item, passage.opening.nature
        system = system_of(item)
        if system not in holders:
            holders[system] = grouping.holders(system, period.first_day, period.last_day)
        parts = [
            (cells[grouping.key(item, nature, tenure.owner), nature], part)
            for tenure, part in handed_over(passage, period.first_day, holders[system])
        ]
        parts[0][0].opening += passage.opening.outstanding_minor
        for figures, part in parts:
            figures.take(part, first_day)
        for (giving, part), (taking, _) in pairwise(parts):
            giving.movements["transferred"] -= part.closing.outstanding_minor
            taking.movements["transferred"] += part.closing.outstanding_minor
        parts[-1][0].closing += passage.closing.outstanding_minor
        parts[-1][0].interest_per_year += passage.closing.carry_minor_per_year
    return Rollforward(period.first_day, period.last_day, grouping.fields, cells)
