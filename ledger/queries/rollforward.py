"""The roll-forward: opening + movements = closing, for any two dates, by any grouping."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import func, select

from ledger.model import NATURES, system_of
from ledger.projections.postings import posting
from ledger.queries.balances import technical_delta
from ledger.queries.grouping import Grouping, Key, sort_key
from ledger.queries.owners import day_before
from ledger.queries.reader import Reader
from ledger.views import MOVEMENTS


@dataclass(slots=True)
class RollforwardFigures:
    """One nature's columns, minor units; movements by the names of `views.MOVEMENTS`."""

    opening: int = 0
    closing: int = 0
    interest: int = 0
    spent: int = 0
    movements: dict[str, int] = field(default_factory=lambda: dict.fromkeys(MOVEMENTS, 0))

    def __add__(self, other: RollforwardFigures) -> RollforwardFigures:
        return RollforwardFigures(
            self.opening + other.opening,
            self.closing + other.closing,
            self.interest + other.interest,
            self.spent + other.spent,
            {name: self.movements[name] + other.movements[name] for name in MOVEMENTS},
        )

    @property
    def any(self) -> bool:
        """Whether there is a figure at all."""
        return bool(self.opening or self.closing or self.interest or self.spent or any(self.movements.values()))


@dataclass(frozen=True, slots=True)
class Rollforward:
    """Rows of (nature or 'total', group, figures): three per group, in order of the groups."""

    first_day: date
    last_day: date
    fields: tuple[str, ...]
    rows: list[tuple[str, Key, RollforwardFigures]]


class _Cells(dict[tuple[Key, str], RollforwardFigures]):
    """Figures by group and nature, made when first asked for."""

    def __missing__(self, place: tuple[Key, str]) -> RollforwardFigures:
        self[place] = RollforwardFigures()
        return self[place]


def rollforward(reader: Reader, first_day: date, last_day: date, by: Sequence[str] = ()) -> Rollforward:
    """The roll-forward from the first to the last day, both inclusive. by: some of `grouping.GROUPINGS`.

    Nature makes the rows anyway; naming it in `by` changes nothing.
    """
    grouping = Grouping.by(reader, [name for name in by if name != "nature"])
    cells = _Cells()
    before = day_before(first_day)
    for balance in technical_delta(reader, before):
        cells[
            grouping.key_on(balance.item, balance.nature, before), balance.nature
        ].opening += balance.outstanding_minor
        for key, interest in grouping.interest_pieces(balance, before):
            cells[key, balance.nature].interest -= interest
    for balance in technical_delta(reader, last_day):
        cells[
            grouping.key_on(balance.item, balance.nature, last_day), balance.nature
        ].closing += balance.outstanding_minor
        for key, interest in grouping.interest_pieces(balance, last_day):
            cells[key, balance.nature].interest += interest
        _transfer(grouping, cells, balance.item, balance.nature, first_day, last_day)
    for item, nature, movement, effective_on, amount, spent in movements(reader, first_day, last_day):
        figures = cells[grouping.key_on(item, nature, effective_on), nature]
        figures.movements[movement.replace("-", "_")] += int(amount)
        figures.spent += int(spent)
    return Rollforward(first_day, last_day, grouping.fields, _rows(cells, grouping.fields))


def _transfer(grouping: Grouping, cells: _Cells, item: str, nature: str, first_day: date, last_day: date) -> None:
    """Move an item's balance from owner to owner on each day in the period on which its system changed hands."""
    if not grouping.by_owner:
        return
    system = system_of(item)
    for tenure in grouping.owners.changes(system):
        if first_day <= tenure.since <= last_day:
            passing = grouping.at_change(item, nature, tenure.since).outstanding_minor
            giving = grouping.key_on(item, nature, day_before(tenure.since))
            cells[giving, nature].movements["transferred"] -= passing
            cells[grouping.key(item, nature, tenure.owner), nature].movements["transferred"] += passing


def movements(reader: Reader, first_day: date, last_day: date) -> Iterable[Any]:
    """Sums of the liability legs of the period, positive when what is owed grows, by day, and what was spent."""
    columns = (posting.c.item, posting.c.nature, posting.c.movement, posting.c.effective_on)
    query = (
        select(
            *columns,
            (-func.sum(posting.c.amount_minor)).label("amount"),
            func.sum(posting.c.spent_minor).label("spent"),
        )
        .where(
            posting.c.book == reader.name,
            posting.c.nature.is_not(None),
            posting.c.effective_on.between(first_day, last_day),
            posting.c.position <= reader.position,
        )
        .group_by(*columns)
    )
    return reader.connection.execute(query)


def _rows(cells: _Cells, fields: tuple[str, ...]) -> list[tuple[str, Key, RollforwardFigures]]:
    """Debt, neglect and total of every group that has a figure; of the whole book also if it has none."""
    rows: list[tuple[str, Key, RollforwardFigures]] = []
    for key in sorted({key for key, _ in cells} or ({()} if not fields else set()), key=sort_key):
        natures = [cells[key, nature] for nature in NATURES]
        if any(figures.any for figures in natures) or not fields:
            rows += [(nature, key, figures) for nature, figures in zip(NATURES, natures, strict=True)]
            rows.append(("total", key, natures[0] + natures[1]))
    return rows
