"""Groups of rows: the whole, the values of each slice column, the periods of a time column."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import pairwise
from typing import Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from ledger.measures.drift.coding import MOST_NUMERIC_VALUES, Coder, TooManyValues, as_number
from ledger.measures.drift.distances import quantiles
from ledger.measures.kit.reading import Source, as_numbers, unreadable
from ledger.vocabulary.errors import Unreadable
from ledger.vocabulary.quarters import FiscalCalendar

Period = Literal["month", "quarter"]
MISSING_VALUE = "(missing)"
#: Bands that a slice column of many numbers is cut into, of equally many rows.
BANDS = 4
#: Values of a slice column at most: each is a slice of its own.
MOST_SLICES = 100


@dataclass(frozen=True, slots=True)
class Group:
    """Rows that are judged together. column: '' for the whole; value: its value there, or the period."""

    column: str = ""
    value: str = ""
    is_period: bool = False
    #: Of bands, from low to high; of other values nothing.
    rank: int = field(default=0, compare=False)

    def __str__(self) -> str:
        """As it is shown: 'all', 'age=old' or '2026-01'."""
        if not self.column:
            return "all"
        return self.value if self.is_period else f"{self.column}={self.value}"


WHOLE = Group()


@dataclass(frozen=True)
class Asked:
    """Which groups are asked for. first_month: of the fiscal year.

    cuts: of slice columns of many numbers, by column. words: slice columns that look like numbers where they begin.
    spellings: of slices, by column and what they mean, so that 1 of one file is the slice 1.0 of another.
    """

    slices: tuple[str, ...] = ()
    time: str | None = None
    by: Period | None = None
    first_month: int = 1
    cuts: dict[str, NDArray[np.float64]] = field(default_factory=dict)
    words: frozenset[str] = frozenset()
    spellings: dict[str, dict[str, str]] = field(default_factory=lambda: defaultdict(dict))

    def cut(self, source: Source, column: str) -> Asked:
        """The same with a slice column of many numbers cut into quarters of its rows; text is left as it is."""
        if not source.is_numeric(column):
            return replace(self, words=self.words | {column})
        numbers = source.numbers([column])[column]
        cuts = np.unique(quantiles(numbers[~np.isnan(numbers)], [band / BANDS for band in range(1, BANDS)]))
        return replace(self, cuts={**self.cuts, column: cuts})


class RowGrouping:
    """Says of the rows of each batch to which groups they belong."""

    def __init__(self, source: Source, asked: Asked, *, with_time: bool = True) -> None:
        """source: what is read. with_time: False where the data has no time that counts."""
        self.source = source
        self.asked = asked
        self.time = asked.time if with_time else None
        self._coders = {
            name: Coder(
                source.name,
                name,
                MOST_SLICES if name in asked.words else MOST_NUMERIC_VALUES,
                MOST_SLICES,
                asked.spellings[name],
            )
            for name in asked.slices
        }
        self._periods: list[str] = []
        self._days: dict[str, int] = {}

    @property
    def columns(self) -> list[str]:
        """The columns to read for it."""
        return [*self.asked.slices, *([self.time] if self.time else [])]

    def codes(self, batch: pa.RecordBatch) -> Iterator[tuple[str, NDArray[np.int64]]]:
        """Of each column, the code of every row's group, from 0."""
        for name in self.asked.slices:
            yield name, self._slice_codes(name, batch.column(name))
        if self.time:
            yield self.time, self._period_codes(batch.column(self.time))

    def groups(self, column: str) -> list[Group]:
        """The groups of a column, by their codes."""
        if column == self.time:
            return [Group(column, period, is_period=True) for period in self._periods]
        if column in self.asked.cuts:
            bands = enumerate(_bands(self.asked.cuts[column]))
            return [Group(column, MISSING_VALUE, rank=BANDS), *(Group(column, band, rank=rank) for rank, band in bands)]
        names = [value.text for value in self._coders[column].values]
        return [Group(column, name) for name in (MISSING_VALUE, *names)]

    def _slice_codes(self, name: str, array: pa.Array) -> NDArray[np.int64]:
        if name in self.asked.cuts:
            numbers = as_numbers(array, self.source, name)
            bands = np.searchsorted(self.asked.cuts[name], numbers, side="left") + 1
            banded: NDArray[np.int64] = np.where(np.isnan(numbers), 0, bands)
            return banded
        try:
            return self._coders[name].codes(array) + 1
        except TooManyValues as error:
            if error.numeric and name not in self.asked.words:
                raise
            raise unreadable(
                f"Column '{name}' of {self.source.name} has more than {MOST_SLICES} values (--slice): "
                "each would be a slice of few rows.",
                "Put them into a column of few groups first.",
            ) from error

    def _period_codes(self, array: pa.Array) -> NDArray[np.int64]:
        """The period of every row, from its day."""
        if array.null_count:
            raise unreadable(f"Column '{self.time}' of {self.source.name} (--time) has rows without a date.")
        is_day = pa.types.is_timestamp(array.type) or pa.types.is_date(array.type)
        if not (is_day or pa.types.is_dictionary(array.type) or _is_text(array.type)):
            raise unreadable(f"Column '{self.time}' of {self.source.name} (--time) holds {array.type}, not dates.")
        days = _days(array).dictionary_encode()
        known = np.array([self._period(str(day)) for day in days.dictionary.to_pylist()], dtype=np.int64)
        found: NDArray[np.int64] = known[days.indices.to_numpy(zero_copy_only=False)]
        return found

    def _period(self, day: str) -> int:
        if day not in self._days:
            try:
                when = date.fromisoformat(day) if len(day) == 10 else None
            except ValueError:
                when = None
            if when is None:
                raise unreadable(
                    f"Column '{self.time}' of {self.source.name} (--time) holds '{day}', which is no date.",
                    "Write dates like 2026-03-01.",
                )
            name = day[:7] if self.asked.by == "month" else self._quarter(when)
            if name not in self._periods:
                self._periods.append(name)
            self._days[day] = self._periods.index(name)
        return self._days[day]

    def _quarter(self, day: date) -> str:
        return str(FiscalCalendar(self.asked.first_month).quarter_of(day))


def place(group: Group) -> tuple[int, float, str]:
    """Where a group stands among those of its column: bands and numbers by size, other values and periods by name."""
    return group.rank, as_number(group.value) or 0.0, group.value


def check_time(time: str | None, by: str | None) -> None:
    """A series needs both its column and its period. Raises Unreadable where one is missing."""
    if (time is None) != (by is None):
        raise Unreadable("--time COL and --by month|quarter go together: which column, and which periods.")


def _bands(cuts: Sequence[float] | NDArray[np.float64]) -> list[str]:
    ends = [f"{cut:g}" for cut in cuts]
    if not ends:
        return ["any number"]
    between = [f"{low} to {high}" for low, high in pairwise(ends)]
    return [f"up to {ends[0]}", *(f"over {band}" for band in between), f"over {ends[-1]}"]


def _days(array: pa.Array) -> pa.Array:
    """Days of dates and times, in the zone that is written in them; of text its first ten characters."""
    plain = array.dictionary_decode() if pa.types.is_dictionary(array.type) else array
    if _is_text(plain.type):
        return pc.utf8_slice_codeunits(plain, 0, 10)
    # A time with a zone counts on the day of that zone, not on the day in UTC.
    return plain.cast(pa.date32(), safe=False)


def _is_text(kind: pa.DataType) -> bool:
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))
