"""What the cells of a workbook that came back hold, whichever program saved it and however broken it is."""

from __future__ import annotations

import os

# With lxml installed openpyxl would resolve entities out of the file, and write other bytes than without;
# it decides once, when first imported.
os.environ["OPENPYXL_LXML"] = "False"

import hashlib
import warnings
import zipfile
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from functools import cached_property
from io import BufferedReader
from pathlib import Path
from typing import Any, NamedTuple

from openpyxl.packaging.relationship import get_dependents, get_rels_path
from openpyxl.utils import range_boundaries
from openpyxl.worksheet.table import Table as TablePart
from openpyxl.xml.functions import fromstring

from ledger.vocabulary.errors import Unreadable
from ledger.vocabulary.outside_files import refuse_no_file
from reports.pack.files import MOST_UNPACKED_BYTES
from reports.returned.guarded_archive import GuardedArchive, GuardedReader, OversizedPartError

MOST_PARTS = 10_000
#: Of one sheet, empty ones between two filled ones included.
MOST_CELLS = 50_000_000

_OLD_CONTAINER = bytes.fromhex("d0cf11e0a1b11ae1")
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_SAVE_AS = "Save it as .xlsx without a password and try again."


class UnreadableWorkbookError(Unreadable):
    """A file that is no workbook or that is damaged; the message says what is wrong with it."""


class Found(NamedTuple):
    """A cell that holds something.

    value: of a formula, what the program that saved the file computed, None if it stored nothing.
    type: n number, s text, d date or time, b truth value, e error, str a formula that gives an empty text.
    formula: with its equals sign; empty: none. number_format: empty where it was not asked for.
    """

    value: Any
    type: str
    formula: str = ""
    number_format: str = ""


#: By column, from 1; empty cells are left out.
FoundRow = Mapping[int, Found]


class TablePlace(NamedTuple):
    """Where an Excel table stands: its columns, its heading, the last row that is its own and no total."""

    sheet: str
    left: int
    right: int
    top: int
    last_row: int


class Bounds(NamedTuple):
    """The last row and the last column of what is read; None: as far as the sheet goes."""

    max_row: int | None = None
    max_col: int | None = None


EVERYTHING = Bounds()


class ReturnedWorkbook:
    """An open workbook, read row by row."""

    def __init__(self, name: str, file: BufferedReader, formulas: Any, values: Any) -> None:
        self._name = name
        self._file = file
        self._formulas = formulas
        self._values = values

    @cached_property
    def sha256(self) -> str:
        """64 hexadecimal digits over the bytes of the file."""
        self._file.seek(0)
        return hashlib.file_digest(self._file, "sha256").hexdigest()

    @property
    def sheets(self) -> tuple[str, ...]:
        """Titles of its worksheets, in order."""
        return tuple(sheet.title for sheet in self._formulas.worksheets)

    def table(self, name: str) -> TablePlace | None:
        """The place of an Excel table, whatever sheet it stands on; None if there is none of that name."""
        with _refusing(self._name), GuardedArchive(self._file) as archive:
            parts = set(archive.namelist())
            for sheet in self._formulas.worksheets:
                # Sheets that are read row by row do not tell their tables.
                relations = get_rels_path(sheet._worksheet_path)
                for relation in get_dependents(archive, relations) if relations in parts else ():
                    if relation.Type.endswith("/table"):
                        part = TablePart.from_tree(fromstring(archive.read(relation.target)))
                        if part.displayName.casefold() == name.casefold():
                            left, top, right, bottom = range_boundaries(part.ref)
                            return TablePlace(sheet.title, left, right, top, bottom - (part.totalsRowCount or 0))
        return None

    def rows(self, sheet: str, *, formats: bool = False, within: Bounds = EVERYTHING) -> Iterator[tuple[int, FoundRow]]:
        """Number and cells of every row that holds something, in order. formats: with their number formats.

        within: what lies beyond it is not read, however far away somebody's stray cell stands.

        Raises UnreadableWorkbookError for damaged sheets.
        """
        with _refusing(self._name):
            both = (self._formulas[sheet], self._values[sheet])
            for each in both:
                each.reset_dimensions()  # what the file says of its own size may be wrong
            cells = 0
            for number, (formulas, values) in enumerate(
                zip(*(each.iter_rows(**within._asdict()) for each in both), strict=True), 1
            ):
                cells += len(formulas)
                if cells > MOST_CELLS:
                    raise UnreadableWorkbookError(
                        f"Sheet {sheet} of {self._name} spans more than {MOST_CELLS:,} cells."
                    )
                row = {
                    column: _found(formula, value, formats=formats)
                    for column, (formula, value) in enumerate(zip(formulas, values, strict=True), 1)
                    if formula.value not in (None, "")
                }
                if row:
                    yield number, row


@contextmanager
def opened(path: Path) -> Iterator[ReturnedWorkbook]:
    """The workbook, open for reading. Raises UnreadableWorkbookError, naming what the file is instead."""
    name = path.name
    with ExitStack() as stack:
        # openpyxl warns of what it leaves out: styles, extensions, dates beyond its limits. Nothing here needs them.
        stack.enter_context(warnings.catch_warnings())
        warnings.simplefilter("ignore")
        with _refusing(name):
            _refuse_what_is_no_workbook(path)
            # Twice, because a formula and its value come only from separate readings. An open file instead of
            # its path: by path openpyxl refuses files whose names end otherwise.
            file, other = (stack.enter_context(path.open("rb")) for _ in range(2))
            formulas, values = (GuardedReader(each, data_only=each is other) for each in (file, other))
            formulas.read()
            values.read()
        yield ReturnedWorkbook(name, file, formulas.wb, values.wb)


def _found(formula: Any, value: Any, *, formats: bool) -> Found:
    number_format = formula.number_format if formats else ""
    if formula.data_type != "f":
        return Found(formula.value, formula.data_type, number_format=number_format)
    text = formula.value
    if not isinstance(text, str):  # an array formula or a what-if table
        text = "{" + str(getattr(text, "text", None) or "=TABLE()") + "}"
    return Found(value.value, value.data_type, text, number_format)


def _refuse_what_is_no_workbook(path: Path) -> None:
    name = path.name
    refuse_no_file(path)
    with path.open("rb") as file:
        start = file.read(8)
        if not start:
            raise UnreadableWorkbookError(f"{name} is empty.")
        if start == _OLD_CONTAINER:
            what = "protected by a password" if _ENCRYPTED in file.read(MOST_UNPACKED_BYTES) else "an old .xls workbook"
            raise UnreadableWorkbookError(f"{name} is {what}. {_SAVE_AS}")
        if not zipfile.is_zipfile(file):
            raise UnreadableWorkbookError(f"{name} is no workbook: it is not a file of type .xlsx. {_SAVE_AS}")
        with zipfile.ZipFile(file) as parts:
            _refuse_parts(name, parts.infolist())


def _refuse_parts(name: str, parts: list[zipfile.ZipInfo]) -> None:
    names = Counter(part.filename for part in parts)
    if "xl/workbook.bin" in names:
        raise UnreadableWorkbookError(f"{name} is a binary workbook (.xlsb). {_SAVE_AS}")
    if "[Content_Types].xml" not in names:
        raise UnreadableWorkbookError(f"{name} is no workbook of type .xlsx. {_SAVE_AS}")
    if any(part.flag_bits & 1 for part in parts):
        raise UnreadableWorkbookError(f"{name} is protected by a password. {_SAVE_AS}")
    twice = next((part for part, count in names.items() if count > 1), None)
    if twice is not None:
        # Programs differ in which of the two they show.
        raise UnreadableWorkbookError(f"{name} is damaged: it holds the part {twice} more than once.")
    if len(names) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED_BYTES:
        raise UnreadableWorkbookError(
            f"{name} is too large to be a pack: it unpacks to more than {MOST_PARTS:,} parts"
            f" or {MOST_UNPACKED_BYTES / 1024**3:.0f} GiB."
        )


@contextmanager
def _refusing(name: str) -> Iterator[None]:
    try:
        yield
    except OversizedPartError as error:
        raise UnreadableWorkbookError(f"{name} is too large to be read. {error}") from error
    except Unreadable:
        raise
    except OSError as error:
        raise UnreadableWorkbookError(f"{name} cannot be read: {error.strerror or error}.") from error
    except Exception as error:  # what broken files make openpyxl and zipfile raise has no common base
        reason = (str(error.__cause__ or error).splitlines() or [type(error).__name__])[0]
        raise UnreadableWorkbookError(f"{name} is damaged and cannot be read ({reason}).") from error
