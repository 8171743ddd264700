"""A workbook that came back: its cells as a spreadsheet program saved them, a table by its name, where it is from.

Only the sheets that are asked about are read: a pack's Postings may hold a hundred thousand rows. Nothing
in the file is evaluated; of a formula the value counts that the program saved beside it.
"""

from __future__ import annotations

import io
import os

# With lxml installed openpyxl would resolve entities out of the file; it decides once, when first imported.
os.environ["OPENPYXL_LXML"] = "False"

import warnings
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from openpyxl import load_workbook
from openpyxl.packaging.relationship import get_dependents, get_rels_path
from openpyxl.utils import get_column_letter, quote_sheetname, range_boundaries
from openpyxl.worksheet.table import Table as TablePart
from openpyxl.xml.functions import fromstring

from ledger.events.codec import sha256_hex
from ledger.vocabulary.budget_form import ABOUT, ABOUT_BOOK, ABOUT_HASH, ABOUT_POSITION
from ledger.vocabulary.errors import Unreadable

#: What a file may unpack to; a pack of 100,000 postings unpacks to a tenth of it.
MOST_BYTES = 2 * 1024**3


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell. place: with its sheet, 'Budget!D7'; coordinate: without, 'D7'.

    value: as the file holds it, of a formula the saved value; None if there is none. formula: whether it is one.
    kind: 'n' number, 's' text, 'b' truth value, 'd' date, 'e' error, 'str' a formula that gives an empty text.
    """

    place: str
    coordinate: str
    value: Any
    kind: str
    formula: bool
    number_format: str

    @property
    def empty(self) -> bool:
        """Whether nothing is in it; blanks that nobody sees are nothing."""
        return not self.formula and (self.value is None or (isinstance(self.value, str) and not self.value.strip()))


#: One row of a table: the cell under each header that was asked for.
Cells = Mapping[str, Cell]


@dataclass(frozen=True, slots=True)
class Origin:
    """What the sheet About says: the workbook's book, the last event it knew, and that event's hash; None if nothing."""

    book: str | None
    position: int | None
    head_hash: str | None


@dataclass(frozen=True, slots=True)
class Returned:
    """What was found. rows: of the table; below: the rows under it, which are none of its own.

    origin: None if the file has no sheet About. sha256: of the file, 64 hexadecimal digits.
    """

    rows: tuple[Cells, ...]
    below: tuple[Cells, ...]
    origin: Origin | None
    sha256: str


def read_returned(path: Path, table: str, columns: Sequence[str]) -> Returned:
    """Read a table's columns by header, in whatever order they stand, on whatever sheet.

    Raises Unreadable, naming the file: it cannot be opened, holds no such table, or lacks a column.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise Unreadable(f"{path} cannot be read: {error.strerror or error}.") from error
    try:
        with warnings.catch_warnings():
            # Of what openpyxl warns about (styles, validations, dates out of bounds), nothing is asked for here.
            warnings.simplefilter("ignore")
            return _read(path, data, table, columns)
    except Unreadable:
        raise
    # A damaged file fails in as many ways as there are parts in it: every one of them means the same.
    except Exception as error:
        raise Unreadable(
            f"{path} is not a workbook that can be read ({type(error).__name__}). Save it as .xlsx, without a password."
        ) from error


def _read(path: Path, data: bytes, table: str, columns: Sequence[str]) -> Returned:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        if sum(part.file_size for part in archive.infolist()) > MOST_BYTES:
            raise Unreadable(f"{path} unpacks to more than {MOST_BYTES:,} bytes: it is no workbook of `debt report`.")
    values = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
    formulas = load_workbook(io.BytesIO(data), read_only=True)
    found = _table_part(values, data, table)
    if found is None:
        raise Unreadable(
            f"{path} holds no table {table}: is this the workbook of `debt report`? Its sheet Budget is the form."
        )
    sheet, part = found
    left, top, right, bottom = range_boundaries(part.ref)
    header, *rows = _rows(values[sheet], formulas[sheet], left, top, right)
    places = _places(path, table, header, columns)
    own_rows = bottom - top - (part.totalsRowCount or 0)
    named = [{name: row[index] for name, index in places.items()} for row in rows]
    return Returned(tuple(named[:own_rows]), tuple(named[own_rows:]), _origin(values), sha256_hex(data))


def _table_part(workbook: Any, data: bytes, name: str) -> tuple[str, TablePart] | None:
    """The sheet on which a table stands, and what the file says of it; sheets read row by row do not tell."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = set(archive.namelist())
        for sheet in workbook.worksheets:
            relations = get_rels_path(sheet._worksheet_path)
            for relation in get_dependents(archive, relations) if relations in parts else ():
                if relation.Type.endswith("/table"):
                    part = TablePart.from_tree(fromstring(archive.read(relation.target)))
                    if part.displayName.casefold() == name.casefold():
                        return sheet.title, part
    return None


def _rows(values: Any, formulas: Any, left: int, top: int, right: int) -> Iterator[list[Cell]]:
    """The cells between two columns, row by row from `top` to the last row of the sheet."""
    for sheet in (values, formulas):
        # What the file says of its own size need not be true.
        sheet.reset_dimensions()
    span = {"min_row": top, "min_col": left, "max_col": right}
    sheet_name = values.title if values.title.isidentifier() else quote_sheetname(values.title)
    pairs = zip(values.iter_rows(**span), formulas.iter_rows(**span), strict=True)
    for number, (row, formula_row) in enumerate(pairs, start=top):
        cells = []
        for column, (cell, formula) in enumerate(zip(row, formula_row, strict=True), start=left):
            coordinate = f"{get_column_letter(column)}{number}"
            is_formula = formula.data_type == "f"
            # An empty cell that the file leaves out has neither format nor coordinate.
            number_format = getattr(cell, "number_format", "")
            cells.append(
                Cell(f"{sheet_name}!{coordinate}", coordinate, cell.value, cell.data_type, is_formula, number_format)
            )
        yield cells


def _places(path: Path, table: str, header: Sequence[Cell], columns: Sequence[str]) -> dict[str, int]:
    """Where each column stands, by its header. Raises Unreadable for one that is missing or there twice."""
    said = [" ".join(str(cell.value or "").split()) for cell in header]
    folded = [name.casefold() for name in said]
    missing = [name for name in columns if name.casefold() not in folded]
    if missing:
        raise Unreadable(
            f"{path}: the table {table} lacks the column{'s' * (len(missing) > 1)} {', '.join(missing)}; its header in "
            f"{header[0].place} says {', '.join(said)}. `debt report QUARTER` writes the form anew."
        )
    for name in columns:
        if folded.count(name.casefold()) > 1:
            raise Unreadable(f"{path}: the table {table} has the column {name} twice: rename the one that was added.")
    return {name: folded.index(name.casefold()) for name in columns}


def _origin(workbook: Any) -> Origin | None:
    """Where the workbook says it is from; None if it has no sheet About."""
    if ABOUT not in workbook.sheetnames:
        return None
    sheet = workbook[ABOUT]
    sheet.reset_dimensions()
    facts: dict[str, Any] = {}
    for label, value in sheet.iter_rows(max_col=2, values_only=True):
        if isinstance(label, str) and value is not None:
            facts.setdefault(label.strip(), value)
    book, position, head_hash = (facts.get(label) for label in (ABOUT_BOOK, ABOUT_POSITION, ABOUT_HASH))
    return Origin(
        book=None if book is None else str(book).strip(),
        # Some programs save a whole number with a decimal point.
        position=int(position) if isinstance(position, int | float) else None,
        head_hash=None if head_hash is None else str(head_hash).strip(),
    )
