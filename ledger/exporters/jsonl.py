"""The whole book, one CloudEvents 1.0 JSON object a line: all that is needed to make it again, byte for byte.

Read it as bytes and split at line feeds; every line is ASCII. Three types of lines, in this order:

- `debt-ledger/request/1`, the row of table `request`, before the first event that it caused. `data` holds its
  columns but the book; `request_json` is a string and not an object, so that no program on the way can respell it.
- an event, its stored name as type. `data_base64` is the stored body, byte for byte: the hash covers these bytes, and
  base64 is what CloudEvents offers for a payload that nobody may respell. `hash` is the stored one. All the columns of
  table `event` but one are copies of the body, and come back from it; `position`, `subject` and `time` are for readers.
- `debt-ledger/end/1`, once, the last line: how many events and requests there are, and the head's hash. A file
  without it was cut. Table `head` has the position, hash and time of the last event.

`session_user` is left out: it says who wrote to this database, and who restores the book writes to another. Read
models are left out because `debt db rebuild` makes them from events.

The chain is checked on the way: what does not follow from the first event on is not exported as if it did.
"""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from sqlalchemy import select

from ledger.exporters import Wanted
from ledger.proof.chain import GENESIS, link
from ledger.queries.reader import Reader
from ledger.tables.facts import event, request
from ledger.vocabulary.errors import StoreError, Unreadable

REQUEST_TYPE = "debt-ledger/request/1"
END_TYPE = "debt-ledger/end/1"

_REQUEST_COLUMNS = ("key", "request_json", "first_position", "last_position", "fingerprint")


def lines(reader: Reader, wanted: Wanted) -> Iterator[str]:
    """Every request and event up to the reader's position, in order, and the end.

    Raises Unreadable for an as-of date, and StoreError where the chain is broken.
    """
    if wanted.as_of is not None:
        raise Unreadable(
            "--as-of would leave events out, and the chain of hashes has no gaps: --known-at exports the book as it was then."
        )
    source = f"debt-ledger/{quote(reader.name, safe='')}"
    position, previous, recorded_at, caused = 0, GENESIS, None, 0
    requests = _requests(reader)
    waiting = next(requests, None)
    for row in _events(reader):
        while waiting is not None and waiting["first_position"] <= row.position:
            yield _request_line(source, waiting)
            caused, waiting = caused + 1, next(requests, None)
        body = str(row.body).encode()
        if row.position != position + 1 or link(previous, body) != row.hash:
            raise _broken(position + 1)
        position, previous, recorded_at = row.position, row.hash, row.recorded_at
        yield _event_line(source, row, body)
        wanted.told(position, reader.position)
    if position != reader.position or waiting is not None:
        raise _broken(position + 1)
    yield _end_line(source, reader, previous, recorded_at, caused)


def _events(reader: Reader) -> Iterator[Any]:
    names = ("position", "event_id", "stream", "stored_as", "recorded_at", "body", "hash")
    query = (
        select(*(event.c[name] for name in names))
        .where(event.c.book == reader.name, event.c.position <= reader.position)
        .order_by(event.c.position)
    )
    return iter(reader.stream(query))


def _requests(reader: Reader) -> Iterator[Any]:
    query = (
        select(*(request.c[name] for name in _REQUEST_COLUMNS))
        .where(request.c.book == reader.name, request.c.first_position <= reader.position)
        .order_by(request.c.first_position, request.c.key)
    )
    return iter(reader.stream(query).mappings())


def _event_line(source: str, row: Any, body: bytes) -> str:
    return _line(
        source=source,
        id=row.event_id,
        type=row.stored_as,
        subject=row.stream,
        time=row.recorded_at,
        position=row.position,
        hash=row.hash,
        datacontenttype="application/json",
        data_base64=b64encode(body).decode(),
    )


def _request_line(source: str, row: Any) -> str:
    # Two requests never begin at one position; a key may hold what an id may not.
    return _line(
        source=f"{source}/requests",
        id=str(row["first_position"]),
        type=REQUEST_TYPE,
        datacontenttype="application/json",
        data={name: row[name] for name in _REQUEST_COLUMNS},
    )


def _end_line(source: str, reader: Reader, head: str, recorded_at: str | None, requests: int) -> str:
    time = {"time": recorded_at} if recorded_at else {}
    return _line(
        source=f"{source}/ends",
        id=str(reader.position),
        type=END_TYPE,
        **time,
        datacontenttype="application/json",
        data={"book": reader.name, "events": reader.position, "requests": requests, "head": head},
    )


def _line(**attributes: Any) -> str:
    return json.dumps({"specversion": "1.0", **attributes}, separators=(",", ":")) + "\n"


def _broken(position: int) -> StoreError:
    return StoreError(
        f"The chain is broken at position {position}: it cannot be exported as a whole. "
        "`debt verify` tells what was touched."
    )
