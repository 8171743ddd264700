"""Deciding again: every stored request of a book on the state before it, from the first event to the last.

That nothing was touched since it was written is for `ledger.store.verify`; here what was written is held to the rules. One
pass in order of position, a chunk at a time; what is found is a list and never a crash.

What is given out says what it rests on, and that is held against the book as far as the book knows it: a pack names a
position, and earlier issues; a checkpoint how many events it covers. Whether the hashes that they say of those events hold is
`ledger.store.hash_claims`'s; the hashes of a pack's files are the files' own (`debt reproduce`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from sqlalchemy import Connection, bindparam, select

from ledger.decide.departure import Departure, departures
from ledger.events import CheckpointSigned, PackIssued, Recorded
from ledger.events.codec import decode
from ledger.store.comparison import CHUNK, StoredDifference, plain_rows, shown
from ledger.store.past import Past
from ledger.store.verification import MOST_LISTED, Verification
from ledger.tables.facts import event, request
from ledger.vocabulary.collector import collector_paused
from ledger.vocabulary.errors import StoreError

_EVENTS = (
    select(event.c.position, event.c.body)
    .where(event.c.book == bindparam("book"), event.c.position > bindparam("after"))
    .order_by(event.c.position)
    .limit(bindparam("limit"))
)
_TEXTS = select(request.c.key, request.c.request_json).where(
    request.c.book == bindparam("book"), request.c.key.in_(bindparam("keys", expanding=True))
)

_KEYS_AT_A_TIME = 500


@dataclass(slots=True)
class DecidedAgain:
    """What deciding again found beside problems. requests: how many were decided. broken: departures that break a law.

    differing: what only differs, at most MOST_LISTED; differing_count: all.
    """

    requests: int = 0
    broken: int = 0
    differing: list[StoredDifference] = field(default_factory=list)
    differing_count: int = 0


#: The events of one request, each with its body.
_Span = list[tuple[Recorded, str]]


def decide_again(
    connection: Connection, book: str, found: Verification, progress: Callable[[int], None] | None = None
) -> DecidedAgain:
    """Decide a whole book again, as the connection's transaction sees it, and add to what was found what breaks a law.

    progress: told how many events are done.
    """
    decided, past = DecidedAgain(), Past(connection, book)
    try:
        with collector_paused():
            for spans in _spans(connection, book):
                texts = _texts(connection, book, [span[0][0].key for span in spans])
                for span in spans:
                    decided.requests += 1
                    _sort(_departures(past, span, texts.get(span[0][0].key)), decided, found)
                if progress:
                    progress(past.position)
    except StoreError as error:
        unread = Departure(past.position + 1, "event", "body", "an event that can be read", str(error))
        _sort([unread], decided, found)
    return decided


def _sort(departures: Iterable[Departure], decided: DecidedAgain, found: Verification) -> None:
    """What breaks a law to the problems, what only differs to the rest."""
    for each in departures:
        place = StoredDifference(each.position, each.table, each.field, shown(each.expected), shown(each.found))
        if not each.lawful:
            decided.broken += 1
            found.add([place])
            continue
        decided.differing_count += 1
        if len(decided.differing) < MOST_LISTED:
            decided.differing.append(place)


def _spans(connection: Connection, book: str) -> Iterator[list[_Span]]:
    """The events of one request after the other, some thousand requests at a time."""
    after, spans = 0, list[_Span]()
    while chunk := plain_rows(connection, _EVENTS, {"book": book, "after": after, "limit": CHUNK}):
        for _, body in chunk:
            recorded = decode(body)
            if spans and spans[-1][0][0].key == recorded.key:
                spans[-1].append((recorded, body))
            else:
                spans.append([(recorded, body)])
        after = chunk[-1][0]
        yield spans[:-1]  # the last may go on in the next chunk
        del spans[:-1]
    if spans:
        yield spans


def _texts(connection: Connection, book: str, keys: list[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for start in range(0, len(keys), _KEYS_AT_A_TIME):
        chunk = {"book": book, "keys": keys[start : start + _KEYS_AT_A_TIME]}
        found.update((key, text) for key, text in plain_rows(connection, _TEXTS, chunk))
    return found


def _departures(past: Past, span: _Span, text: str | None) -> Iterator[Departure]:
    first = span[0][0].position
    if text is None:
        yield Departure(first, "request", "row", f"key={span[0][0].key}", None)
    else:
        yield from departures(text, span, past.state_for)
    for recorded, _ in span:
        yield from _resting_on(past, recorded)
        try:
            past.learn(recorded)
        except Exception as error:  # what cannot follow was reported already; here is why nothing can follow it
            yield Departure(recorded.position, "event", "row", "an event that can follow", str(error) or repr(error))


def _resting_on(past: Past, recorded: Recorded) -> Iterator[Departure]:
    """What an event says of the book before it that is no rule's business; a caller from Python may have said anything."""
    said, position = recorded.event, recorded.position
    if isinstance(said, CheckpointSigned) and said.size >= position:
        yield Departure(position, "event", "size", f"{position - 1} or less", said.size, lawful=True)
    if isinstance(said, PackIssued):
        if said.known_position >= position:
            yield Departure(
                position, "event", "known_position", f"{position - 1} or less", said.known_position, lawful=True
            )
        issues = past.book.issues.values() if past.book else ()
        for other in said.compared_with:
            if other not in issues:
                yield Departure(position, "event", "compared_with", "positions of earlier issues", other, lawful=True)
