"""The CloudEvents lines that `debt export jsonl` writes, read back: what each line says, checked by itself.

`ledger.exporters.jsonl` describes the format. A program on the way may have respelled a line's JSON; the stored
body is in base64, which nobody respells, and every other attribute has to agree with it.
"""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal
from urllib.parse import quote

import msgspec

from ledger.events.codec import decode
from ledger.store.restore import BadLine, EndRow, EventRow, RequestRow
from ledger.vocabulary.errors import StoreError
from ledger.vocabulary.outside_files import refuse_no_file

REQUEST_TYPE = "debt-ledger/request/1"
END_TYPE = "debt-ledger/end/1"

#: No line of an export is nearly as long; a file without line feeds must not fill the memory.
_LONGEST_LINE = 16 * 2**20

_SUFFIXES = {EventRow: "", RequestRow: "/requests", EndRow: "/ends"}


class _ExportLine(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    specversion: Literal["1.0"]
    source: str
    id: str
    type: str
    datacontenttype: Literal["application/json"]


class _EventLine(_ExportLine, frozen=True, kw_only=True):
    subject: str
    time: str
    position: int
    hash: str
    data_base64: str


class _Request(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    key: str
    request_json: str
    first_position: int
    last_position: int
    fingerprint: str


class _RequestLine(_ExportLine, frozen=True, kw_only=True):
    data: _Request


class _End(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    book: str
    events: int
    requests: int
    head: str


class _EndLine(_ExportLine, frozen=True, kw_only=True):
    data: _End
    time: str | None = None


class _TypeOnly(msgspec.Struct, frozen=True):
    type: str


_TYPES = msgspec.json.Decoder(_TypeOnly)
_EVENTS = msgspec.json.Decoder(_EventLine)
_REQUESTS = msgspec.json.Decoder(_RequestLine)
_ENDS = msgspec.json.Decoder(_EndLine)


def rows(path: Path) -> Iterator[RequestRow | EventRow | EndRow]:
    """What each line says, in order; one line is held at a time. Raises BadLine for one that is none of an export."""
    refuse_no_file(path)
    base, time = None, None
    with path.open("rb") as file:
        number = 0
        while text := file.readline(_LONGEST_LINE + 1):
            number += 1
            if len(text) > _LONGEST_LINE:
                raise BadLine(number, f"it is longer than {_LONGEST_LINE} bytes, which no line of an export is")
            if not text.endswith(b"\n"):
                raise BadLine(number, "the line does not end: the file was cut")
            row, line = _row(number, text)
            # Every source is the book's; the first line tells it, and the events confirm it.
            suffix = _SUFFIXES[type(row)]
            base = base or line.source.removesuffix(suffix)
            if isinstance(row, EventRow):
                time = row.recorded.recorded_at
                _expect(number, "source", f"debt-ledger/{quote(row.recorded.book, safe='')}", line.source)
            _expect(number, "source", base + suffix, line.source)
            if isinstance(line, _EndLine):
                _expect(number, "time", time, line.time)
            yield row


def _row(number: int, text: bytes) -> tuple[RequestRow | EventRow | EndRow, _ExportLine]:
    try:
        kind = _TYPES.decode(text).type
        if kind == REQUEST_TYPE:
            return _request_row(number, _REQUESTS.decode(text))
        if kind == END_TYPE:
            return _end_row(number, _ENDS.decode(text))
        return _event_row(number, _EVENTS.decode(text))
    except (msgspec.MsgspecError, RecursionError, UnicodeError) as error:
        raise BadLine(number, f"it is no line of `debt export jsonl` ({error})") from error


def _event_row(number: int, line: _EventLine) -> tuple[EventRow, _ExportLine]:
    try:
        body = b64decode(line.data_base64, validate=True)
        recorded = decode(body)
        body.decode()
    except ValueError as error:
        raise BadLine(number, f"its data_base64 is no text in base64 ({error})") from error
    except StoreError as error:
        raise BadLine(number, str(error).rstrip(".")) from error
    for name, expected, found in (
        ("id", recorded.event_id, line.id),
        ("type", recorded.stored_as, line.type),
        ("subject", recorded.stream, line.subject),
        ("time", recorded.recorded_at, line.time),
        ("position", recorded.position, line.position),
    ):
        _expect(number, name, expected, found)
    return EventRow(number, body, recorded, line.hash), line


def _request_row(number: int, line: _RequestLine) -> tuple[RequestRow, _ExportLine]:
    _expect(number, "id", str(line.data.first_position), line.id)
    return RequestRow(number, *msgspec.structs.astuple(line.data)), line


def _end_row(number: int, line: _EndLine) -> tuple[EndRow, _ExportLine]:
    _expect(number, "id", str(line.data.events), line.id)
    return EndRow(number, *msgspec.structs.astuple(line.data)), line


def _expect(number: int, name: str, expected: Any, found: Any) -> None:
    if found != expected:
        raise BadLine(number, f"its {name} is '{found}', and by the rest of the book it should be '{expected}'")
