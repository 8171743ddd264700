"""Opening what is measured: whether a file is what its name says, and which columns it has."""

from __future__ import annotations

import codecs
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq

from ledger.measures.kit.reading import Source, as_arrow, first_line, remedy, unreadable
from ledger.vocabulary.outside_files import refuse_no_file

if TYPE_CHECKING:
    from pandas import DataFrame

_PARQUET = b"PAR1"
#: Files that are taken for text and are none, by their first bytes.
_OTHERS = {
    b"PK\x03\x04": "a zip file, perhaps a workbook: save the sheet as CSV",
    b"\x1f\x8b": "compressed with gzip: unpack it first",
    b"\xff\xfe": "UTF-16 text: save it as UTF-8",
    b"\xfe\xff": "UTF-16 text: save it as UTF-8",
    b"\xd0\xcf\x11\xe0": "an old workbook: save the sheet as CSV",
}


def opened(data: str | Path | DataFrame, what: str = "The data frame") -> Source:
    """Look at a file or a data frame, and read its columns' names. what: how an error calls a data frame.

    Raises Unreadable where it is absent, empty, not what its name says, or has no columns or one of them twice.
    """
    if not isinstance(data, str | Path):
        return _opened_frame(data, what)
    path = Path(data)
    refuse_no_file(path)
    try:
        with path.open("rb") as file:
            head = file.read(1 << 16)
    except OSError as error:
        raise unreadable(f"{path} cannot be read: {error.strerror or error}.") from error
    if not head.removeprefix(codecs.BOM_UTF8).strip():
        raise unreadable(f"{path} is empty.")
    named = "parquet" if path.suffix.lower() in (".parquet", ".pq") else "csv"
    is_parquet = head.startswith(_PARQUET)
    if is_parquet != (named == "parquet") and path.suffix.lower() in (".parquet", ".pq", ".csv", ".tsv", ".txt"):
        found = "Parquet" if is_parquet else _told(head) or "text"
        right = ".parquet" if is_parquet else ".csv"
        raise unreadable(
            f"{path} is not what its name says: it holds {found}.", f"Name it {path.with_suffix(right).name} if so."
        )
    return _opened_parquet(path) if is_parquet else _opened_csv(path, head)


def _opened_parquet(path: Path) -> Source:
    try:
        file = pq.ParquetFile(path)
    except (pa.ArrowInvalid, OSError) as error:
        raise unreadable(f"{path} is a damaged Parquet file: {first_line(error)}") from error
    schema = file.schema_arrow
    _check_columns(str(path), schema.names)
    if file.metadata.num_rows == 0:
        raise unreadable(f"{path} has columns and no rows.")
    return Source(str(path), "parquet", dict(zip(schema.names, schema.types, strict=True)), _path=path)


def _opened_csv(path: Path, head: bytes) -> Source:
    told = _told(head)
    if told or b"\0" in head:
        raise unreadable(f"{path} is not CSV: it is {told or 'no text'}.")
    first = head.lstrip(b"\xef\xbb\xbf").splitlines()[0]
    # Spreadsheets of half of Europe write semicolons.
    delimiter = next((sign for sign in ",;\t" if sign.encode() in first), ",")
    try:
        names = pyarrow.csv.open_csv(
            path, parse_options=pyarrow.csv.ParseOptions(delimiter=delimiter, newlines_in_values=True)
        ).schema.names
    except (pa.ArrowInvalid, UnicodeDecodeError, OSError) as error:
        raise unreadable(f"{path} cannot be read as CSV: {first_line(error)}", remedy(str(error))) from error
    _check_columns(str(path), names)
    source = Source(str(path), "csv", dict.fromkeys(names, pa.string()), _path=path, _delimiter=delimiter)
    if all(len(batch) == 0 for batch in source.batches(names[:1])):
        raise unreadable(f"{path} has a line of column names and no rows.")
    return source


def _opened_frame(frame: DataFrame, what: str) -> Source:
    names = [str(name) for name in frame.columns]
    _check_columns(what, names)
    if len(frame) == 0:
        raise unreadable(f"{what} has no rows.")
    named = frame.set_axis(names, axis="columns")
    # The type of a column of objects shows only when it is read, and a column nobody needs may hold anything.
    types = {
        name: pa.string()
        if named[name].dtype == object
        else as_arrow(named[[name]].head(1), what, name).schema.types[0]
        for name in names
    }
    return Source(what, "frame", types, _frame=named)


def _check_columns(name: str, columns: Sequence[str]) -> None:
    twice = [column for index, column in enumerate(columns) if column in columns[:index]]
    if twice:
        raise unreadable(f"{name} has two columns called '{twice[0]}'.")
    if not columns:
        raise unreadable(f"{name} has no columns.")


def _told(head: bytes) -> str:
    return next((what for start, what in _OTHERS.items() if head.startswith(start)), "")
