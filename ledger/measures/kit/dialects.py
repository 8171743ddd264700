"""How what is measured is read: what somebody declared, and what is recognised of a text file where nobody did."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from ledger.measures.kit.number_signs import CANDIDATES, DECIMALS, THOUSANDS, NumberSigns
from ledger.vocabulary.delimited_text import Delimited, delimited
from ledger.vocabulary.errors import NOTHING_RECORDED, Unreadable
from ledger.vocabulary.text_encodings import BYTES_AT_ONCE, UTF_8, checked_encoding, named

#: A field has at most so many bytes; what has more is a quote that was never closed.
LONGEST_FIELD = 1 << 23
#: Characters from which the separator is recognised.
_HEAD = 1 << 16


@dataclass(frozen=True, slots=True)
class TableDeclaration:
    """What was declared. null_values: texts that say that a value is missing, as the empty one always does.

    encoding: of text files. decimal, thousands: the signs of numbers that are text. None: recognised, and said.
    """

    encoding: str | None = None
    null_values: tuple[str, ...] = ()
    decimal: str | None = None
    thousands: str | None = None

    def __post_init__(self) -> None:
        """Raises Unreadable for a sign that is none, and for one sign with two meanings."""
        for name, sign, known in (("decimal", self.decimal, DECIMALS), ("thousands", self.thousands, THOUSANDS)):
            if sign is not None and sign not in known:
                raise Unreadable(f"--{name} is '{sign}': one of {', '.join(known)}. {NOTHING_RECORDED}")
        if self.decimal is not None and self.decimal == self.thousands:
            raise Unreadable(f"--decimal and --thousands are both '{self.decimal}'. {NOTHING_RECORDED}")

    @property
    def candidates(self) -> tuple[NumberSigns, ...]:
        """The signs that numbers may have, plain ones first."""
        return tuple(
            signs
            for signs in CANDIDATES
            if self.decimal in (None, signs.decimal) and self.thousands in (None, "", signs.thousands)
        )

    def settings(self) -> dict[str, tuple[str, ...]]:
        """What was declared, by the options' names."""
        said = {"encoding": self.encoding, "decimal": self.decimal, "thousands": self.thousands}
        declared = {name: (value,) for name, value in said.items() if value is not None}
        return declared | ({"null-values": self.null_values} if self.null_values else {})


NOTHING_DECLARED = TableDeclaration()


@dataclass(frozen=True, slots=True)
class TextForm:
    """How a text file is written. columns: the names in its first row. remarks: what was recognised, in sentences."""

    encoding: str
    parted: Delimited
    columns: tuple[str, ...]
    remarks: tuple[str, ...] = field(default=())


def text_form(path: Path, declared: TableDeclaration) -> TextForm:
    """Look through a text file: its encoding, what parts its fields, its columns, and whether every quote is closed.

    Raises Unreadable, naming the place, for what is no text, no table, or in two encodings.
    """
    encoding = checked_encoding(str(path), lambda: _pieces(path), declared.encoding)
    with path.open(encoding=encoding, newline="") as file:
        parted = delimited(file.read(_HEAD))
    rows = _rows(path, encoding, parted)
    try:
        columns = tuple(next(rows, (0, []))[1])
    except csv.Error as error:
        raise Unreadable(f"{path} cannot be read as CSV: {error}, in its column names. {NOTHING_RECORDED}") from error
    if _has_quotes(path, encoding):
        # Arrow takes what stands between two quotes for one field, however many rows that were.
        refuse_ragged(path, encoding, parted)
    told = parted.told(path.name)
    in_words = () if encoding == UTF_8 or declared.encoding else (f"{path.name} is read as {named(encoding)}.",)
    return TextForm(encoding, parted, columns, (*in_words, *((told,) if told else ())))


def refuse_ragged(path: Path, encoding: str, parted: Delimited) -> None:
    """Read a file strictly, row by row, and raise Unreadable for the first row that is amiss, if there is one."""
    expected, row = 0, 0
    # Unlike the default, a field may be as long as it is elsewhere.
    before = csv.field_size_limit(2 * LONGEST_FIELD)
    try:
        for row, (line, cells) in enumerate(_rows(path, encoding, parted)):
            expected = expected or len(cells)
            if len(cells) != expected:
                raise Unreadable(
                    f"{path}, row {row} (line {line}), has {_fields(len(cells))}, the column names {expected}. "
                    f"{NOTHING_RECORDED} Put a text with the separator in it in quotes."
                )
            if max(map(len, cells)) > LONGEST_FIELD:
                raise Unreadable(f"{path}, row {row} (line {line}), has a field of over 8 MiB. {NOTHING_RECORDED}")
    except csv.Error as error:
        raise Unreadable(
            f"{path}, row {row + 1}, cannot be read: {error}. {NOTHING_RECORDED} A quote that is opened must be closed, "
            "and one within a text be doubled."
        ) from error
    finally:
        csv.field_size_limit(before)


def _fields(count: int) -> str:
    return "1 field" if count == 1 else f"{count} fields"


def _rows(path: Path, encoding: str, parted: Delimited) -> Iterator[tuple[int, list[str]]]:
    """Every row that is not empty, the column names first, with the line on which it begins."""
    with path.open(encoding=encoding, newline="") as file:
        for _ in range(parted.lines_before):
            file.readline()
        reader = csv.reader(file, delimiter=parted.separator, strict=True)
        line = parted.lines_before + 1
        for cells in reader:
            if cells:
                yield line, cells
            line = parted.lines_before + reader.line_num + 1


def _has_quotes(path: Path, encoding: str) -> bool:
    with path.open(encoding=encoding, newline="") as file:
        return any('"' in piece for piece in iter(lambda: file.read(BYTES_AT_ONCE), ""))


def _pieces(path: Path) -> Iterable[bytes]:
    with path.open("rb") as file:
        while piece := file.read(BYTES_AT_ONCE):
            yield piece
