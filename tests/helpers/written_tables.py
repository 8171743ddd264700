"""One table, written in every way that readers claim to read; and what can be wrong with a file of each kind."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

#: How a thousand and a half is written: the sign before decimals, and the one between thousands.
SIGNS = {
    "1234.5": (".", ""),
    "1234,5": (",", ""),
    "1,234.5": (".", ","),
    "1.234,5": (",", "."),
    "1 234,5": (",", " "),
    "1 234.5, fixed": (".", "\u00a0"),
    "1 234,5, narrow": (",", "\u202f"),
    "1'234.5": (".", "'"),
    "1’234,5": (",", "’"),
}
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252")


@dataclass(frozen=True)
class TableDialect:
    """How a table is written. before, after: lines around it; quoted: every field in quotes."""

    encoding: str = "utf-8"
    separator: str = ","
    signs: str = "1234.5"
    line_end: str = "\n"
    quoted: bool = False
    before: str = ""
    after: str = ""

    def fits(self) -> bool:
        """Whether it can be written at all: Windows-1252 has no narrow space."""
        return self.encoding != "cp1252" or "narrow" not in self.signs


def spelled(number: Decimal, signs: str) -> str:
    """A number with those signs."""
    decimal, thousands = SIGNS[signs]
    text = f"{number:,f}"
    return text.replace(",", "\0").replace(".", decimal).replace("\0", thousands)


def write_table(path: Path, columns: Mapping[str, Sequence[Decimal | str | None]], dialect: TableDialect) -> None:
    """Write columns of numbers, texts and what is missing."""
    text = io.StringIO()
    quoting = csv.QUOTE_ALL if dialect.quoted else csv.QUOTE_MINIMAL
    writer = csv.writer(text, delimiter=dialect.separator, lineterminator=dialect.line_end, quoting=quoting)
    writer.writerow(columns)
    for row in zip(*columns.values(), strict=True):
        writer.writerow([spelled(each, dialect.signs) if isinstance(each, Decimal) else each or "" for each in row])
    before = f"sep={dialect.separator}{dialect.line_end}" if dialect.before == "sep" else dialect.before
    path.write_bytes((before + text.getvalue() + dialect.after).encode(dialect.encoding))


# --- what can be wrong --------------------------------------------------------------------------------

_HEADER = "p,y,amount\n"
_ROWS = "yes,no,1.5\nno,yes,2.5\n" * 100
GOOD = (_HEADER + _ROWS).encode()


def _with_row(row: bytes) -> bytes:
    """A bad row after the two hundredth good one."""
    return GOOD + row + b"yes,no,3.5\n"


#: What is wrong -> the bytes of a CSV, and what must be said of it besides its name.
BAD_CSV: dict[str, tuple[bytes, tuple[str, ...]]] = {
    "nothing": (b"", ("is empty",)),
    "blank lines": (b"\n \n\n", ("is empty",)),
    "column names only": (_HEADER.encode(), ("no rows",)),
    "a column twice": (b"p,y,p\n1,0,1\n", ("two columns called 'p'",)),
    "a row too short": (_with_row(b"yes,no\n"), ("row 201 (line 202)", "has 2 fields, the column names 3")),
    "a row too long": (_with_row(b"yes,no,1,2\n"), ("row 201 (line 202)", "has 4 fields")),
    "cut in a row": (GOOD + b"yes,n", ("row 201 (line 202)", "has 2 fields")),
    "cut in quotes": (GOOD + b'yes,no,"3', ("row 201", "unexpected end of data")),
    "an open quote": (_with_row(b'yes,no,"3\n'), ("row 201", "unexpected end of data")),
    "two open quotes": (_with_row(b'yes,no,"3\n') + b'"yes,no,1\n', ("row 201", "expected after")),
    "a byte 0": (_with_row(b"yes,n\0o,3\n"), ("holds a byte 0, at line 202, column 6",)),
    "zeros": (bytes(4096), ("holds a byte 0, at line 1, column 1",)),
    "another encoding in one row": (_with_row("jä,no,3\n".encode() + b"j\xe4,no,3\n"), ("two encodings", "line 203")),
    "bytes of no encoding": (_with_row(b"j\x81,no,3\n"), ("not Windows-1252 text, at line 202, column 2",)),
    "half a letter of UTF-16": (GOOD.decode().encode("utf-16")[:-1], ("not UTF-16 text, at line 201",)),
    "a word among numbers": (_with_row(b"yes,no,many\n"), ("Column 'amount'", "row 201", "'many'", "no number")),
    "a number in other signs": (_with_row(b'yes,no,"1,5"\n'), ("Column 'amount'", "row 201", "'1,5'", "no number")),
    "another separator": (GOOD.replace(b",", b"|"), ("olumn",)),
    "a workbook": (b"PK\x03\x04" + bytes(range(256)), ("a zip file, perhaps a workbook",)),
    "a field of megabytes": (_with_row(b'yes,no,"' + b"3" * (9 << 20) + b'"\n'), ("row 201 (line 202)", "over 8 MiB")),
    "Parquet by another name": (b"PAR1" + bytes(99), ("not what its name says",)),
}


def _parquet(folder: Path, columns: dict[str, pa.Array]) -> bytes:
    path = folder / "made"
    pq.write_table(pa.table(columns), path)
    return path.read_bytes()


def _typed(amounts: list[object]) -> dict[str, pa.Array]:
    size = len(amounts)
    return {
        "p": pa.array(["yes", "no"] * (size // 2)),
        "y": pa.array(["no", "yes"] * (size // 2)),
        "amount": pa.array(amounts),
    }


#: The same of Parquet.
BAD_PARQUET: dict[str, tuple[Callable[[Path], bytes], tuple[str, ...]]] = {
    "nothing": (lambda folder: b"", ("is empty",)),
    "no rows": (lambda folder: _parquet(folder, {"p": pa.array([], pa.string())}), ("columns and no rows",)),
    "no columns": (lambda folder: _parquet(folder, {}), ("no columns",)),
    "cut": (lambda folder: _parquet(folder, _typed([1.5, 2.5] * 99))[:-20], ("damaged Parquet",)),
    "its head only": (lambda folder: b"PAR1", ("damaged Parquet",)),
    "text": (lambda folder: GOOD, ("not what its name says: it holds text",)),
    "a word among numbers": (
        lambda folder: _parquet(folder, _typed([*["1.5"] * 200, "many", "1"])),
        ("Column 'amount'", "row 201", "'many'", "no number"),
    ),
    "lists": (lambda folder: _parquet(folder, _typed([[1.5], [2.5]] * 40)), ("Column 'amount'", "list<")),
    "days": (
        lambda folder: _parquet(folder, _typed([1, 2] * 40) | {"amount": pa.array([1, 2] * 40, pa.date32())}),
        ("Column 'amount'",),
    ),
    "an infinite value": (
        lambda folder: _parquet(folder, _typed([1.5] * 50 + [float("inf"), 1.5])),
        ("Column 'amount'", "row 51", "inf"),
    ),
}
