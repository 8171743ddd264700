"""Reading what is measured: CSV, Parquet or a data frame, batch by batch, only the columns that are asked for.

A CSV is read as text, whatever its values look like, so that `1`, `1.0` and `01` stay three spellings. Whoever needs
numbers asks for numbers. Every error names the file and the column.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet as pq
from numpy.typing import NDArray

from ledger.vocabulary.errors import NOTHING_RECORDED, Unreadable

if TYPE_CHECKING:
    from pandas import DataFrame

Form = Literal["csv", "parquet", "frame"]

#: What a CSV holds where a value is missing.
MISSING = ("", "NA", "N/A", "NaN", "nan", "null", "NULL")
#: Rows of a batch of Parquet, bytes of a batch of CSV: what is held in memory at once.
ROWS_AT_ONCE = 1 << 18
_BYTES_AT_ONCE = 1 << 23


def unreadable(what: str, instead: str = "") -> Unreadable:
    """An error about a file or its content: wrong usage, with nothing recorded."""
    return Unreadable(" ".join(part for part in (what, NOTHING_RECORDED, instead) if part))


@dataclass(frozen=True)
class Source:
    """Data that can be read several times. name: as an error calls it; types: of every column, text for a CSV.

    sha256: of the file's bytes, None for a data frame.
    """

    name: str
    form: Form
    types: dict[str, pa.DataType]
    _path: Path | None = None
    _frame: Any = None
    _delimiter: str = ","

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of its columns, in its order."""
        return tuple(self.types)

    def sha256(self) -> str | None:
        """The fingerprint of the file's bytes, None for a data frame."""
        if self._path is None:
            return None
        with self._path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()

    def need(self, column: str, option: str) -> None:
        """Check that a column is there and holds plain values. option: which names it, for the error.

        Raises Unreadable, with the column that was probably meant.
        """
        if column not in self.types:
            near = get_close_matches(column, self.columns, n=1) or [
                name for name in self.columns if name.strip().casefold() == column.strip().casefold()
            ]
            meant = f"Did you mean '{near[0]}'?" if near else f"It has {_listed(self.columns)}."
            raise unreadable(f"{self.name} has no column '{column}' ({option}).", meant)
        if pa.types.is_nested(self.types[column]):
            raise unreadable(f"Column '{column}' of {self.name} holds {self.types[column]}, not one value per row.")

    def batches(self, columns: Sequence[str]) -> Iterator[pa.RecordBatch]:
        """The named columns, batch by batch, each column once and in that order; a CSV's are text.

        Raises Unreadable where the file cannot be read to its end.
        """
        wanted = list(dict.fromkeys(columns))
        try:
            if self.form == "csv":
                yield from self._csv(wanted)
            elif self.form == "parquet":
                texts = [name for name in wanted if _is_text(self.types[name])]
                file = pq.ParquetFile(self._path, read_dictionary=texts)
                for batch in file.iter_batches(batch_size=ROWS_AT_ONCE, columns=wanted):
                    yield batch.select(wanted)
            else:
                for name in wanted:
                    as_arrow(self._frame[[name]], self.name, name)
                table = pa.Table.from_pandas(self._frame[wanted], preserve_index=False)
                yield from table.to_batches(max_chunksize=ROWS_AT_ONCE)
        except (pa.ArrowInvalid, pa.ArrowTypeError, OSError, UnicodeDecodeError) as error:
            what = _with_column(first_line(error), wanted)
            raise unreadable(f"{self.name} cannot be read: {what}", remedy(str(error))) from error

    def numbers(self, columns: Sequence[str]) -> dict[str, NDArray[np.float64]]:
        """The named columns as numbers, in whole: 8 bytes a row and column. A missing value is NaN.

        Truth values count as 0 and 1. Raises Unreadable, naming file, column and value, for what is no number.
        """
        found: dict[str, list[NDArray[np.float64]]] = {name: [] for name in columns}
        for batch in self.batches(columns):
            for name in found:
                found[name].append(as_numbers(batch.column(name), self.name, name))
        return {name: np.concatenate(parts) if parts else np.empty(0) for name, parts in found.items()}

    def is_numeric(self, column: str) -> bool:
        """Whether every value of a column is a number: by its type, of a CSV by reading it; all missing is not."""
        if self.form != "csv":
            return is_number(self.types[column])
        there = 0
        for batch in self.batches([column]):
            there += len(batch) - batch.column(0).null_count
            try:
                pc.cast(batch.column(0), pa.float64())
            except pa.ArrowInvalid:
                return False
        return there > 0

    def _csv(self, columns: Sequence[str]) -> Iterator[pa.RecordBatch]:
        yield from pyarrow.csv.open_csv(
            self._path,
            read_options=pyarrow.csv.ReadOptions(block_size=_BYTES_AT_ONCE),
            parse_options=pyarrow.csv.ParseOptions(delimiter=self._delimiter, newlines_in_values=True),
            convert_options=pyarrow.csv.ConvertOptions(
                include_columns=list(columns),
                column_types=dict.fromkeys(columns, pa.string()),
                strings_can_be_null=True,
                null_values=list(MISSING),
            ),
        )


def as_numbers(array: pa.Array, source: str, column: str) -> NDArray[np.float64]:
    """A batch's column as numbers, missing ones NaN. Raises Unreadable naming the first value that is none."""
    plain = array.dictionary_decode() if pa.types.is_dictionary(array.type) else array
    if pa.types.is_boolean(plain.type):
        plain = plain.cast(pa.uint8())
    if pa.types.is_temporal(plain.type) or pa.types.is_nested(plain.type):
        raise unreadable(f"Column '{column}' of {source} holds {plain.type}, not numbers.")
    try:
        # A whole number beyond 2**53 loses digits that no statistic here needs.
        numbers = pc.cast(plain, pa.float64(), safe=False)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        raise unreadable(f"Column '{column}' of {source} holds {_no_number(plain)}, which is no number.") from None
    found: NDArray[np.float64] = numbers.to_numpy(zero_copy_only=False)
    if np.isinf(found).any():
        raise unreadable(f"Column '{column}' of {source} holds an infinite value.")
    return found


def is_number(kind: pa.DataType) -> bool:
    """Whether a column of that type holds numbers; truth values are none."""
    return bool(pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind))


def as_arrow(one_column: DataFrame, source: str, column: str) -> pa.Table:
    """A data frame's column as Arrow has it. Raises Unreadable where it holds values of several types."""
    try:
        return pa.Table.from_pandas(one_column, preserve_index=False)
    except (pa.ArrowInvalid, pa.ArrowTypeError) as error:
        raise unreadable(
            f"Column '{column}' of {source} holds values of several types: {first_line(error)}",
            "Give it one type.",
        ) from error


def _is_text(kind: pa.DataType) -> bool:
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))


def _no_number(array: pa.Array) -> str:
    for value in array:
        try:
            float(value.as_py()) if value.as_py() is not None else None
        except (TypeError, ValueError):
            return f"'{str(value.as_py())[:40]}'"
    return f"{array.type}"


def first_line(error: Exception) -> str:
    """What a library says first, as a sentence."""
    line = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
    return line if line.endswith(".") else f"{line}."


def _with_column(message: str, columns: Sequence[str]) -> str:
    """The message with a column's name in place of its number among those that were asked for."""
    number = re.search(r"CSV column #(\d+)", message)
    if number is None or int(number[1]) >= len(columns):
        return message
    return message.replace(number[0], f"column '{columns[int(number[1])]}'")


def remedy(message: str) -> str:
    """What mends an error of a library, or nothing."""
    if "UTF8" in message or "utf-8" in message.lower():
        return "Save it as UTF-8."
    return ""


def _listed(columns: Sequence[str], most: int = 20) -> str:
    shown = ", ".join(f"'{column}'" for column in columns[:most])
    return shown if len(columns) <= most else f"{shown} and {len(columns) - most} more"
