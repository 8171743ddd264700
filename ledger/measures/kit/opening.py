"""Opening what is measured: whether a file is what its name says, and which columns it has."""

from __future__ import annotations

import codecs
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq

from ledger.measures.kit.dialects import NOTHING_DECLARED, TableDeclaration, refuse_ragged, text_form
from ledger.measures.kit.reading import Source, as_arrow, csv_options, first_line, unreadable
from ledger.vocabulary.outside_files import refuse_no_file

if TYPE_CHECKING:
    from pandas import DataFrame

_PARQUET = b"PAR1"
#: Files that are taken for text and are none, by their first bytes.
_OTHERS = {
    b"PK\x03\x04": "a zip file, perhaps a workbook: save the sheet as CSV",
    b"\x1f\x8b": "compressed with gzip: unpack it first",
    b"\xd0\xcf\x11\xe0": "an old workbook: save the sheet as CSV",
}


def opened(
    data: str | Path | DataFrame, what: str = "The data frame", declared: TableDeclaration = NOTHING_DECLARED
) -> Source:
    """Look at a file or a data frame, and read its columns' names. what: how an error calls a data frame.

    Raises Unreadable where it is absent, empty, not what its name says, or has no columns or one of them twice.
    """
    if not isinstance(data, str | Path):
        return _opened_frame(data, what, declared)
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
    return _opened_parquet(path, declared) if is_parquet else _opened_csv(path, head, declared)


def _opened_parquet(path: Path, declared: TableDeclaration) -> Source:
    try:
        file = pq.ParquetFile(path)
    except (pa.ArrowException, OSError) as error:
        raise unreadable(f"{path} is a damaged Parquet file: {first_line(error)}") from error
    schema = file.schema_arrow
    _check_columns(str(path), schema.names)
    if file.metadata.num_rows == 0:
        raise unreadable(f"{path} has columns and no rows.")
    types = dict(zip(schema.names, schema.types, strict=True))
    return Source(str(path), "parquet", types, declared, _path=path)


def _opened_csv(path: Path, head: bytes, declared: TableDeclaration) -> Source:
    if told := _told(head):
        raise unreadable(f"{path} is not CSV: it is {told}.")
    form = text_form(path, declared)
    _check_columns(str(path), form.columns)
    try:
        names = pyarrow.csv.open_csv(path, **csv_options(form)).schema.names
    except (pa.ArrowException, OSError) as error:
        refuse_ragged(path, form.encoding, form.parted)
        raise unreadable(f"{path} cannot be read as CSV: {first_line(error)}") from error
    types = dict.fromkeys(names, pa.string())
    source = Source(str(path), "csv", types, declared, remarks=form.remarks, _path=path, _form=form)
    if all(len(batch) == 0 for batch in source.batches(names[:1])):
        raise unreadable(f"{path} has a line of column names and no rows.")
    return source


def _opened_frame(frame: DataFrame, what: str, declared: TableDeclaration) -> Source:
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
    return Source(what, "frame", types, declared, _frame=named)


def _check_columns(name: str, columns: Sequence[str]) -> None:
    seen = set[str]()
    for column in columns:
        if column in seen:
            raise unreadable(f"{name} has two columns called '{column}'.")
        seen.add(column)
    if not columns:
        raise unreadable(f"{name} has no columns.")


def _told(head: bytes) -> str:
    return next((what for start, what in _OTHERS.items() if head.startswith(start)), "")
