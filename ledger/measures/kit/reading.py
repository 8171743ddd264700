"""Reading what is measured: CSV, Parquet or a data frame, batch by batch, only the columns that are asked for.

A CSV is read as text, whatever its values look like, so that `1` and `01` stay two spellings. Whoever needs numbers
asks for numbers. Only what is empty is missing, and what was declared to be. Every error names file, column and row.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet as pq
from numpy.typing import NDArray

from ledger.measures.kit.dialects import LONGEST_FIELD, TableDeclaration, TextForm, refuse_ragged
from ledger.measures.kit.missing import as_missing
from ledger.measures.kit.number_signs import PLAIN, NumberSigns
from ledger.vocabulary.errors import NOTHING_RECORDED, Unreadable
from ledger.vocabulary.text_encodings import UTF_8

if TYPE_CHECKING:
    from pandas import DataFrame

Form = Literal["csv", "parquet", "frame"]

#: Rows of a batch of Parquet: with LONGEST_FIELD, bytes of a batch of CSV, what is held in memory at once.
ROWS_AT_ONCE = 1 << 18


def unreadable(what: str, instead: str = "") -> Unreadable:
    """An error about a file or its content: wrong usage, with nothing recorded."""
    return Unreadable(" ".join(part for part in (what, NOTHING_RECORDED, instead) if part))


@dataclass(frozen=True)
class Source:
    """Data that can be read several times. name: as an error calls it; types: of every column, text for a CSV.

    declared: how it is read. signs: of columns of text that hold numbers written otherwise. remarks: what was
    recognised, in sentences.
    """

    name: str
    form: Form
    types: dict[str, pa.DataType]
    declared: TableDeclaration = field(default_factory=TableDeclaration)
    signs: dict[str, NumberSigns] = field(default_factory=dict)
    remarks: tuple[str, ...] = ()
    _path: Path | None = None
    _frame: Any = None
    _form: TextForm | None = None

    @property
    def label(self) -> str:
        """What a remark calls it: a file without its folder."""
        return self._path.name if self._path is not None else self.name

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

        What is empty or declared missing is null; numbers of `signs` are written plainly. Raises Unreadable where the
        file cannot be read to its end.
        """
        wanted = list(dict.fromkeys(columns))
        for batch in self._unread(wanted):
            yield pa.RecordBatch.from_arrays(
                [self._read(name, array) for name, array in zip(wanted, batch.columns, strict=True)], names=wanted
            )

    def _read(self, column: str, array: pa.Array) -> pa.Array:
        found = as_missing(array, self.declared.null_values)
        if column not in self.signs:
            return found
        return self.signs[column].plain(found.dictionary_decode() if pa.types.is_dictionary(found.type) else found)

    def _unread(self, wanted: list[str]) -> Iterator[pa.RecordBatch]:
        """The columns as the file has them."""
        try:
            if self._form is not None:
                yield from self._csv(wanted, self._form)
            elif self.form == "parquet":
                texts = [name for name in wanted if is_text(self.types[name])]
                file = pq.ParquetFile(self._path, read_dictionary=texts)
                for batch in file.iter_batches(batch_size=ROWS_AT_ONCE, columns=wanted):
                    yield batch.select(wanted)
            else:
                for name in wanted:
                    as_arrow(self._frame[[name]], self.name, name)
                table = pa.Table.from_pandas(self._frame[wanted], preserve_index=False)
                yield from table.to_batches(max_chunksize=ROWS_AT_ONCE)
        except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
            if self._path is not None and self._form is not None:
                refuse_ragged(self._path, self._form.encoding, self._form.parted)
            listed = ", ".join(f"'{name}'" for name in wanted)
            raise unreadable(f"{self.name} cannot be read (column {listed}): {first_line(error)}") from error

    def row_of(self, column: str, value: str) -> int:
        """The first row, from 1, in which a column holds a value, as text; 0 for a value that it does not hold."""
        row = 0
        for batch in self.batches([column]):
            for each in batch.column(0):
                row += 1
                if str(each.as_py()) == value:
                    return row
        return 0

    def misfit(self, column: str, value: str, kind: str) -> Unreadable:
        """The error for a value that is none of what its column holds. kind: of a value, with its article."""
        typed = {"--decimal": self.declared.decimal, "--thousands": self.declared.thousands}
        signs = " ".join(f"{option} '{sign}'" for option, sign in typed.items() if sign is not None)
        if signs and kind == "number":
            return unreadable(
                f"Column '{column}' of {self.name}, row {self.row_of(column, value)}, holds '{value[:40]}', which is no number "
                f"with {signs}: what was typed does not fit the file.",
                "Without it the signs are recognised.",
            )
        return unreadable(
            f"Column '{column}' of {self.name}, row {self.row_of(column, value)}, holds '{value[:40]}', which is no {kind}.",
            f"--null-values '{value[:40]}' says that it is missing."
            + (" --decimal and --thousands say how numbers are written." if kind == "number" else ""),
        )

    def numbers(self, columns: Sequence[str]) -> dict[str, NDArray[np.float64]]:
        """The named columns as numbers, in whole: 8 bytes a row and column. A missing value is NaN.

        Truth values count as 0 and 1. Raises Unreadable, naming file, column and value, for what is no number.
        """
        found: dict[str, list[NDArray[np.float64]]] = {name: [] for name in columns}
        for batch in self.batches(columns):
            for name in found:
                found[name].append(as_numbers(batch.column(name), self, name))
        return {name: np.concatenate(parts) if parts else np.empty(0) for name, parts in found.items()}

    def is_numeric(self, column: str) -> bool:
        """Whether every value of a column is a number: by its type, of texts by reading them; all missing is not."""
        if not is_text(self.types[column]):
            return is_number(self.types[column])
        there = 0
        for batch in self.batches([column]):
            values = plain_texts(batch.column(0)).drop_null()
            there += len(values)
            if not pc.all(PLAIN.fit(values), min_count=0).as_py():
                return False
        return there > 0

    def _csv(self, columns: Sequence[str], form: TextForm) -> Iterator[pa.RecordBatch]:
        options = csv_options(form)
        options["convert_options"] = pyarrow.csv.ConvertOptions(
            include_columns=list(columns),
            column_types=dict.fromkeys(columns, pa.string()),
            strings_can_be_null=True,
            null_values=[""],
        )
        yield from pyarrow.csv.open_csv(self._path, **options)


def read_as(*sources: Source) -> dict[str, tuple[str, ...]]:
    """As a measurement's settings: what was declared of how they are read, and what was recognised."""
    remarks = tuple(remark for source in sources for remark in source.remarks)
    return sources[0].declared.settings() | ({"recognised": remarks} if remarks else {})


def csv_options(form: TextForm) -> dict[str, Any]:
    """How Arrow reads a text file of that form."""
    encoding = "utf8" if form.encoding == UTF_8 else form.encoding
    return {
        "read_options": pyarrow.csv.ReadOptions(
            block_size=LONGEST_FIELD, encoding=encoding, skip_rows=form.parted.lines_before
        ),
        "parse_options": pyarrow.csv.ParseOptions(delimiter=form.parted.separator, newlines_in_values=True),
    }


def as_numbers(array: pa.Array, source: Source, column: str) -> NDArray[np.float64]:
    """A batch's column as numbers, missing ones NaN; truth values, also as text, are 1 and 0.

    Raises Unreadable, naming the first value that is no number, and its row.
    """
    plain = array.dictionary_decode() if pa.types.is_dictionary(array.type) else array
    if pa.types.is_boolean(plain.type):
        plain = plain.cast(pa.uint8())
    if pa.types.is_temporal(plain.type) or pa.types.is_nested(plain.type):
        raise unreadable(f"Column '{column}' of {source.name} holds {plain.type}, not numbers.")
    if is_text(plain.type) and not is_plain(plain.drop_null()):
        strange = plain.filter(pc.invert(PLAIN.fit(plain)))
        if len(strange):
            raise source.misfit(column, strange[0].as_py(), "number")
        plain = without_truths(plain)
    try:
        # A whole number beyond 2**53 loses digits that no statistic here needs.
        numbers = pc.cast(plain, pa.float64(), safe=False)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        raise unreadable(f"Column '{column}' of {source.name} holds {plain.type}, not numbers.") from None
    found: NDArray[np.float64] = numbers.to_numpy(zero_copy_only=False)
    if np.isinf(found).any():
        row = source.row_of(column, str(found[np.isinf(found)][0]))
        raise unreadable(f"Column '{column}' of {source.name}, row {row}, holds an infinite value.")
    return found


def is_plain(values: pa.Array) -> bool:
    """Whether texts are all numbers as Python writes them: the fast way, which most columns go."""
    try:
        numbers = pc.cast(values, pa.float64()).to_numpy(zero_copy_only=False)
    except pa.ArrowInvalid:
        return False
    return bool(np.isfinite(numbers).all())


def plain_texts(array: pa.Array) -> pa.Array:
    """A column of texts without a dictionary."""
    return array.dictionary_decode() if pa.types.is_dictionary(array.type) else array


def without_truths(texts: pa.Array) -> pa.Array:
    """Texts with truth values as 1 and 0, whatever their case."""
    low = pc.utf8_lower(pc.utf8_trim_whitespace(texts))
    return pc.if_else(pc.equal(low, "true"), "1", pc.if_else(pc.equal(low, "false"), "0", low))


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


def is_text(kind: pa.DataType) -> bool:
    """Whether a column of that type holds texts."""
    plain = kind.value_type if pa.types.is_dictionary(kind) else kind
    return bool(pa.types.is_string(plain) or pa.types.is_large_string(plain))


def first_line(error: Exception) -> str:
    """What a library says first, as a sentence."""
    line = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
    return line if line.endswith(".") else f"{line}."


def _listed(columns: Sequence[str], most: int = 20) -> str:
    shown = ", ".join(f"'{column}'" for column in columns[:most])
    return shown if len(columns) <= most else f"{shown} and {len(columns) - most} more"
