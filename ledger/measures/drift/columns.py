"""Columns as drift compares them: numbers, dates, truth values or categories, read in batches as one kind.

The reference says of which kind a column is. A value that does not fit it, in either of them, is an error with its row:
a column that is no longer read as it was would else pass for one that drifted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from ledger.measures.drift.coding import meaning
from ledger.measures.drift.values import Kind, as_days, as_numbers, as_texts, counted, day_of, number_of
from ledger.measures.kit.reading import Source, is_number, unreadable
from ledger.measures.kit.recognising import STRAY

#: More categories than this are names of rows rather than of kinds of rows; no more are counted.
MOST_CATEGORIES = 10_000
#: Columns read in one pass: a CSV has to be read through for each pass, Parquet only where its columns lie.
_COLUMNS_AT_ONCE = {"csv": 8, "parquet": 1, "frame": 1}
#: Values from which the kind of a CSV's column is guessed; the rest may prove it wrong.
_LOOKED_AT = 10_000
_BOOLEANS = frozenset({"true", "false"})
#: By what they mean, however they are written.
_TRUTHS = {"1": "true", "0": "false"}
_IN_WORDS = {"number": "number", "date": "date", "boolean": "truth value", "text": "text"}


@dataclass
class FeatureColumn:
    """One column of one file, missing values left out.

    numbers: of a number or a date (days since 1970), one per row. counts: of truth values and categories, by text.
    misfits: how many rows hold a value that is not of the kind; first_misfit: the first of them in its batch.
    spellings: of categories, by what they mean. others: rows of more categories than are told apart.
    """

    name: str
    kind: Kind
    stored_as: pa.DataType
    rows: int = 0
    misfits: int = 0
    first_misfit: str = ""
    others: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    spellings: dict[str, str] = field(default_factory=dict)
    _parts: list[NDArray[np.float64]] = field(default_factory=list)
    _there: int = 0

    @property
    def numbers(self) -> NDArray[np.float64]:
        """All numbers, in the order of the rows."""
        if len(self._parts) != 1:
            self._parts = [np.concatenate(self._parts) if self._parts else np.empty(0)]
        return self._parts[0]

    @property
    def there(self) -> int:
        """How many rows hold a value of the kind."""
        return self._there

    @property
    def missing(self) -> int:
        """How many rows hold none."""
        return self.rows - self._there

    @property
    def stored_kind(self) -> Kind | None:
        """The kind that the file's own type says; None where it holds nothing, of which nothing can be said."""
        return None if pa.types.is_null(self.stored_as) else kind_of(self.stored_as)

    def add(self, array: pa.Array) -> None:
        """A further batch."""
        plain = array.dictionary_decode() if pa.types.is_dictionary(array.type) else array
        self.rows += len(plain)
        values = plain.drop_null()
        if pa.types.is_floating(values.type):
            values = values.filter(pc.invert(pc.is_nan(values)))
        if self.kind == "number":
            self._add_numbers(as_numbers(values), values, number_of)
        elif self.kind == "date":
            self._add_numbers(as_days(values), values, day_of)
        else:
            self._add_counts(as_texts(values, self.kind))

    def merge(self, other: FeatureColumn) -> None:
        """The rows of another part of the same column."""
        self.rows += other.rows
        self._add_misfit(other.first_misfit, other.misfits)
        self._there += other.there
        self._parts += other._parts
        self.others += other.others
        for text, count in other.counts.items():
            self._count(meaning(text), text, count)

    def _add_numbers(
        self, found: NDArray[np.float64] | None, values: pa.Array, read: Callable[[Any], float | None]
    ) -> None:
        if found is None or not np.isfinite(found).all():
            found = self._one_by_one(values, read)
        self._parts.append(found)
        self._there += len(found)

    def _one_by_one(self, values: pa.Array, read: Callable[[Any], float | None]) -> NDArray[np.float64]:
        """The values that fit; the others are counted. Each spelling is looked at once."""
        found: list[float] = []
        times: list[int] = []
        for value, count in counted(values):
            number = read(value)
            if number is None:
                self._add_misfit(str(value), count)
            else:
                found.append(number)
                times.append(count)
        return np.repeat(np.asarray(found, dtype=float), times)

    def _add_misfit(self, value: str, count: int) -> None:
        self.misfits += count
        self.first_misfit = self.first_misfit or value

    def _add_counts(self, texts: pa.Array) -> None:
        self._there += len(texts)
        for spelled, count in counted(texts):
            means = meaning(spelled)
            if self.kind == "boolean" and means not in _TRUTHS:
                self._add_misfit(spelled, count)
            else:
                self._count(means, spelled, count)

    def _count(self, means: str, spelled: str, count: int) -> None:
        text = _TRUTHS[means] if self.kind == "boolean" else self.spellings.setdefault(means, spelled)
        if text in self.counts or len(self.counts) < MOST_CATEGORIES:
            self.counts[text] += count
        else:
            self.others += count


def kind_of(kind: pa.DataType) -> Kind | None:
    """The kind of a column by its type; None for what cannot be compared. Of text and null only the values tell."""
    plain = kind.value_type if pa.types.is_dictionary(kind) else kind
    if is_number(plain):
        return "number"
    if pa.types.is_boolean(plain):
        return "boolean"
    if pa.types.is_date(plain) or pa.types.is_timestamp(plain):
        return "date"
    if pa.types.is_string(plain) or pa.types.is_large_string(plain) or pa.types.is_null(plain):
        return "text"
    return None


def read_columns(
    source: Source, names: Iterable[str], like: dict[str, FeatureColumn] | None = None
) -> Iterator[dict[str, FeatureColumn]]:
    """The named columns, a few at a time. like: the reference's, whose kind they have; without, their own data says.

    Raises Unreadable where the file cannot be read.
    """
    every = list(names)
    step = _COLUMNS_AT_ONCE[source.form]
    for start in range(0, len(every), step):
        some = every[start : start + step]
        if like is None:
            yield _read_by_their_own(source, some)
        else:
            yield fitting(source, _read(source, {name: alike(like[name], source) for name in some}))


def alike(column: FeatureColumn, source: Source) -> FeatureColumn:
    """The column of that name in another file, empty still: of the same kind, and counting the same categories first."""
    return FeatureColumn(
        column.name,
        column.kind,
        source.types[column.name],
        counts=Counter(dict.fromkeys(column.counts, 0)),
        spellings=dict(column.spellings),
    )


def fitting(source: Source, columns: dict[str, FeatureColumn]) -> dict[str, FeatureColumn]:
    """The same columns. Raises Unreadable, with its row, for a value that is not of its column's kind."""
    for name, column in columns.items():
        if column.misfits:
            raise source.misfit(name, column.first_misfit, _IN_WORDS[column.kind])
    return columns


def _read(source: Source, columns: dict[str, FeatureColumn]) -> dict[str, FeatureColumn]:
    names = list(columns)
    for batch in source.batches(names):
        for name, column in columns.items():
            column.add(batch.column(name))
    return columns


def _read_by_their_own(source: Source, names: list[str]) -> dict[str, FeatureColumn]:
    kinds: dict[str, Kind] = {}
    for name in names:
        kind = kind_of(source.types[name])
        if kind is None:
            raise unreadable(f"Column '{name}' of {source.name} holds {source.types[name]}, which is not compared.")
        kinds[name] = kind
    if source.form == "csv":
        kinds |= _guessed(source, names)
    columns = _read(source, {name: FeatureColumn(name, kinds[name], source.types[name]) for name in names})
    words = [name for name, column in columns.items() if _is_text_after_all(column)]
    again = {name: FeatureColumn(name, "text", source.types[name]) for name in words}
    return fitting(source, columns | (_read(source, again) if again else {}))


def _is_text_after_all(column: FeatureColumn) -> bool:
    """Whether too many of a column of texts are not of the kind that its first ones were of."""
    return kind_of(column.stored_as) == "text" and column.misfits > STRAY * (column.there + column.misfits)


def _guessed(source: Source, names: list[str]) -> dict[str, Kind]:
    """What the first batch in which a column has values says of it."""
    kinds: dict[str, Kind] = {}
    for batch in source.batches(names):
        for name in names:
            values = batch.column(name).drop_null()
            if name not in kinds and len(values):
                kinds[name] = _kind_of_texts(values.slice(0, _LOOKED_AT))
        if len(kinds) == len(names):
            break
    return kinds


def _kind_of_texts(values: pa.Array) -> Kind:
    if {str(text).strip().lower() for text, _ in counted(values)} <= _BOOLEANS:
        return "boolean"
    allowed = STRAY * len(values)
    readers: tuple[tuple[Kind, Callable[[Any], float | None]], ...] = (("number", number_of), ("date", day_of))
    for kind, read in readers:
        if sum(count for value, count in counted(values) if read(value) is None) <= allowed:
            return kind
    return "text"
