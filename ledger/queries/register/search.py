"""Search: items by the words of what was said of them, in titles, reasons, notes, evidence, tags and links."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any
from unicodedata import normalize

import msgspec
from sqlalchemy import bindparam, select

from ledger.queries.reader import Reader
from ledger.tables.facts import event
from ledger.tables.items import item
from ledger.tables.reversals import reversal

#: The fields in which people say something, by the name that a reader is told.
SEARCHED = {
    "title": "title",
    "because": "because",
    "text": "note",
    "evidence": "evidence",
    "benefit": "benefit",
    "decided_by": "decided by",
    "adr": "decision record",
    "external_key": "key there",
    "url": "link",
    "assignee": "assigned to",
    "added": "tag",
}
#: Of a long text, the characters that are shown before and after what was found.
_AROUND = 32

_UNDONE = select(reversal.c.reversed_position).where(
    reversal.c.book == bindparam("book"),
    reversal.c.effective_on <= bindparam("as_of"),
    reversal.c.position <= bindparam("position"),
)
# Of an item that was reversed as a whole the opening still says what it was: it is listed on demand.
_SAID = (
    select(event.c.stream, event.c.body)
    .join(item, (item.c.book == event.c.book) & (item.c.item == event.c.stream))
    .where(
        event.c.book == bindparam("book"),
        event.c.effective_on <= bindparam("as_of"),
        event.c.position <= bindparam("position"),
        event.c.position.not_in(_UNDONE) | (event.c.position == item.c.position),
    )
    .order_by(event.c.position)
)


class _Body(msgspec.Struct):
    data: dict[str, Any]


def search(reader: Reader, words: Sequence[str], as_of: date) -> dict[str, str]:
    """The items of which all the words were said by a day, each with where the first was said last, in the order of opening.

    A word is found within another one, whatever its capitals; one with blanks in it is a phrase. What was reversed is not
    said any more. Titles of earlier days are found too.
    """
    wanted = [_plain(word) for word in words]
    said: dict[str, list[tuple[str, str]]] = {}
    parameters = {"book": reader.name, "as_of": as_of, "position": reader.position}
    for stream, body in reader.stream(_SAID, parameters):
        said.setdefault(stream, []).extend(_texts(msgspec.json.decode(body, type=_Body).data))
    found: dict[str, str] = {}
    for stream, texts in said.items():
        plain = [(name, _plain(text), text) for name, text in texts]
        if all(any(word in text for _, text, _ in plain) for word in wanted):
            name, _, text = next(each for each in reversed(plain) if wanted[0] in each[1])
            found[stream] = f"{name}: {_excerpt(text, wanted[0])}"
    return found


def _texts(data: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for field, name in SEARCHED.items():
        value = data.get(field)
        for text in value if isinstance(value, list) else [value]:
            if isinstance(text, str) and text:
                yield name, text


def _plain(text: str) -> str:
    """As it is compared: composed letters, no capitals, one blank between words."""
    return " ".join(normalize("NFC", text).casefold().split())


def _excerpt(text: str, word: str) -> str:
    """What stands around a word, in one line."""
    line = " ".join(normalize("NFC", text).split())
    at = max(0, line.casefold().find(word))
    start, end = max(0, at - _AROUND), at + len(word) + _AROUND
    return f"{'…' if start else ''}{line[start:end]}{'…' if end < len(line) else ''}"
