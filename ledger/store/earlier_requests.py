"""Earlier requests: which of those asked for now were recorded before, by their key or by what they say."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec
from sqlalchemy import Connection, bindparam, select

from ledger.decide.request import Request
from ledger.tables.facts import request

#: A row of `request`, by the names of its columns.
StoredRequest = Mapping[Any, Any]

_BY_COLUMN = {
    name: select(request)
    .where(request.c.book == bindparam("book"), request.c[name].in_(bindparam("values", expanding=True)))
    .order_by(request.c.first_position)
    for name in ("key", "fingerprint")
}
#: Looked up by one statement.
_CHUNK = 500


def sought(asked: Request) -> tuple[str, str] | None:
    """What tells whether a request was recorded before, a column and its value; None where that does not matter."""
    if asked.key is not None:
        return "key", asked.key
    return None if asked.again else ("fingerprint", asked.fingerprint)


class EarlierRequests(msgspec.Struct):
    """What one transaction knows of a book's requests: looked up once, then kept up with what it records itself."""

    connection: Connection
    book: str
    #: By column and value; None for one that is known not to be there.
    _known: dict[tuple[str, str], StoredRequest | None] = msgspec.field(default_factory=dict)

    def like(self, asked: Request) -> StoredRequest | None:
        """The request recorded with this one's key; without a key, the first that says the same."""
        wanted = sought(asked)
        if wanted is None:
            return None
        self.look_up([wanted])
        return self._known[wanted]

    def look_up(self, wanted: Iterable[tuple[str, str]]) -> None:
        """Find out about many at once, so that a long batch does not ask for each."""
        missing = dict.fromkeys(one for one in wanted if one not in self._known)
        for name, statement in _BY_COLUMN.items():
            values = [value for column, value in missing if column == name]
            for start in range(0, len(values), _CHUNK):
                chunk = {"book": self.book, "values": values[start : start + _CHUNK]}
                self.keep(self.connection.execute(statement, chunk).mappings())
        self.know(missing)

    def keep(self, rows: Iterable[StoredRequest]) -> None:
        """Keep up with requests that are recorded, in order of position: the first of those that say the same counts."""
        for row in rows:
            for name in _BY_COLUMN:
                if self._known.get((name, row[name])) is None:
                    self._known[name, row[name]] = row

    def know(self, wanted: Iterable[tuple[str, str]]) -> None:
        """Take what was looked up and not kept as not recorded."""
        for one in wanted:
            self._known.setdefault(one, None)
