"""A workbook's parts, read no further than a workbook of anybody's reaches: a small file may unpack to what fills a machine.

openpyxl makes of every element an object, some hundred times as large, before it says what it thinks of it. So each part is
held to bounds while it is unpacked, by whoever asks for it: a part's name says nothing of how it will be read.
"""

from __future__ import annotations

import zipfile
from typing import IO, Any, Literal
from xml.parsers import expat

from openpyxl.reader.excel import ExcelReader
from openpyxl.xml.constants import SHEET_MAIN_NS

from ledger.vocabulary.errors import Unreadable

#: Of a part that is read as a whole: styles, names, relations. Excel itself keeps 65,490 cell formats at most.
MOST_WHOLE_BYTES = 32 * 2**20
#: Of a part beside its rows or strings, and of one of these: a row has 16,384 cells, each with a formula and a value.
MOST_ELEMENTS = 150_000
#: Rows of a sheet, as Excel has them; different texts of a workbook.
MOST_RECORDS = 2**20
#: Of the texts of a workbook, all of which are held.
MOST_STRING_BYTES = 256 * 2**20
MOST_DEPTH = 100
#: Of one text or one tag. Excel keeps 32,767 characters in a cell.
MOST_TEXT_BYTES = 4 * 2**20
MOST_SHEETS = 1_000

_CHUNK = 64 * 2**10
_ROW, _STRING = (f"{SHEET_MAIN_NS} {name}" for name in ("row", "si"))


class OversizedPartError(Unreadable):
    """A part of a workbook that is beyond a bound; the message names both."""


class GuardedArchive(zipfile.ZipFile):
    """An archive whose parts refuse to be read beyond the bounds. record: what its streamed parts are made of."""

    record = _ROW

    def read(self, name: str | zipfile.ZipInfo, pwd: bytes | None = None) -> bytes:
        """A part as a whole. Raises OversizedPartError."""
        info = self.getinfo(name) if isinstance(name, str) else name
        _refuse_bytes(info, MOST_WHOLE_BYTES)
        scan = _Scan(info.filename, record=None)
        with super().open(info, pwd=pwd) as part:
            data = part.read()
        for start in range(0, len(data), _CHUNK):
            scan.feed(data[start : start + _CHUNK])
        return data

    def open(
        self,
        name: str | zipfile.ZipInfo,
        mode: Literal["r", "w"] = "r",
        pwd: bytes | None = None,
        *,
        force_zip64: bool = False,
    ) -> IO[bytes]:
        """A part record by record; what is read of it raises OversizedPartError."""
        info = self.getinfo(name) if isinstance(name, str) else name
        if self.record == _STRING:
            _refuse_bytes(info, MOST_STRING_BYTES)
        part: Any = super().open(info, mode, pwd, force_zip64=force_zip64)
        # Of the part as zipfile made it only the reading is another one; it closes and counts as before.
        part.read = _reading(part.read, _Scan(info.filename, self.record))
        return part  # type: ignore[no-any-return]


class GuardedReader(ExcelReader):  # type: ignore[misc]
    """openpyxl's reader on such an archive; it passes over sheets that are a chart, of which nothing is asked."""

    def __init__(self, file: IO[bytes], *, data_only: bool) -> None:
        """file: open, of a workbook. Formulas, or with data_only the values stored with them."""
        super().__init__(file, read_only=True, data_only=data_only, keep_links=False)
        self.archive = GuardedArchive(file)

    def read_strings(self) -> None:
        """The texts that cells refer to. Raises OversizedPartError."""
        self.archive.record = _STRING
        super().read_strings()
        self.archive.record = _ROW

    def read_worksheets(self) -> None:
        """Open every sheet. Raises OversizedPartError."""
        if len(self.parser.sheets) > MOST_SHEETS:
            raise OversizedPartError(f"The workbook has more than {MOST_SHEETS:,} sheets: that is none of ours.")
        super().read_worksheets()

    def read_chartsheet(self, sheet: Any, rel: Any) -> None:
        """Nothing."""


class _Scan:
    """Counts what a part is made of, as it comes. record: what is forgotten once it was read; None: nothing is."""

    def __init__(self, name: str, record: str | None) -> None:
        self._name, self._record = name, record
        self._depth = self._beside = self._within = self._records = self._silent = self._events = 0
        self._record_depth: int | None = None
        self._parser: expat.XMLParserType | None = expat.ParserCreate(namespace_separator=" ")
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.StartDoctypeDeclHandler = self._doctype

    def feed(self, data: bytes) -> None:
        """Count on. Raises OversizedPartError. What is no XML is left to whoever reads it as such."""
        if self._parser is None:
            return
        before = self._events
        try:
            self._parser.Parse(data)
        except expat.ExpatError:
            self._parser = None
        self._silent = 0 if self._events > before else self._silent + len(data)
        if self._silent > MOST_TEXT_BYTES:
            raise self._beyond(f"a text or a tag of more than {MOST_TEXT_BYTES // 2**20} MiB")

    def _start(self, tag: str, _attributes: dict[str, str]) -> None:
        self._events += 1
        self._depth += 1
        if self._depth > MOST_DEPTH:
            raise self._beyond(f"elements more than {MOST_DEPTH} deep")
        if self._record_depth is not None:
            self._within += 1
        elif tag == self._record:
            self._record_depth, self._within = self._depth, 0
            self._records += 1
        else:
            self._beside += 1
        if max(self._beside, self._within) > MOST_ELEMENTS:
            raise self._beyond(f"more than {MOST_ELEMENTS:,} elements at one place")
        if self._records > MOST_RECORDS:
            raise self._beyond(f"more than {MOST_RECORDS:,} rows or texts")

    def _end(self, _tag: str) -> None:
        self._events += 1
        if self._depth == self._record_depth:
            self._record_depth = None
        self._depth -= 1

    def _doctype(self, *_declared: Any) -> None:
        raise self._beyond("a document type, which no workbook has")

    def _beyond(self, what: str) -> OversizedPartError:
        return OversizedPartError(f"Its part {self._name} has {what}: that is no workbook of ours.")


def _refuse_bytes(info: zipfile.ZipInfo, most: int) -> None:
    if info.file_size > most:
        why = f"Its part {info.filename} unpacks to more than {most // 2**20} MiB: that is no workbook of ours."
        raise OversizedPartError(why)


def _reading(read: Any, scan: _Scan) -> Any:
    def scanned(size: int = -1) -> bytes:
        data: bytes = read(size)
        scan.feed(data)
        return data

    return scanned
