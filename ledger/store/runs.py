"""Runs of imports: what each recorded, how far it came, and what was undone of it; from its event and its batches' requests.

A reading of decision records is a run in one transaction: a request for each record and commission, and last the batch that
says what the run is.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

import msgspec
from sqlalchemy import Connection, bindparam, or_, select

from ledger.events import NAME_OF, STORED_AS, ImportRun
from ledger.events.codec import decode
from ledger.tables.facts import event, request
from ledger.vocabulary.kinds import BOOK_STREAM

_RUNS = (
    select(event.c.body)
    .where(
        event.c.book == bindparam("book"),
        event.c.stream == BOOK_STREAM,
        event.c.stored_as == NAME_OF[ImportRun],
        event.c.position <= bindparam("position"),
    )
    .order_by(event.c.position)
)
#: The kinds of runs whose rows are commands of any sort: as people type them, and as commits say them.
CSV_ROWS, GIT_TRAILERS = "csv", "git"
_BY_ROW = frozenset((CSV_ROWS, GIT_TRAILERS))
#: Commands that only runs consist of; a commission is of one if it names a source, which nobody types.
_OF_RUNS = ("import-batch", "decision-log", "decision-retract")
_BATCHES = (
    select(request.c.key, request.c.first_position, request.c.last_position)
    .where(
        request.c.book == bindparam("book"),
        request.c.key > bindparam("first"),
        request.c.key < bindparam("beyond"),
        request.c.first_position <= bindparam("position"),
        # Canonical text: anybody may use such a key, and nobody else such a command.
        or_(
            *(request.c.request_json.like(f'%"command":"{name}"%') for name in _OF_RUNS),
            request.c.request_json.like('%"command":"commission"%"source":"%'),
        ),
    )
    .order_by(request.c.first_position)
)
_TAKEN = select(request.c.key).where(request.c.book == bindparam("book"), request.c.key == bindparam("key"))
_SAID = select(request.c.request_json).where(request.c.book == bindparam("book"), request.c.key == bindparam("key"))


_BEFORE_RUNS = (
    select(request.c.key, request.c.first_position, request.c.last_position)
    .where(
        request.c.book == bindparam("book"),
        request.c.key > bindparam("first"),
        request.c.key < bindparam("beyond"),
    )
    .order_by(request.c.first_position)
)
#: What importers did when there were no runs, behind the source and the tool's key; once more on a later day.
_DID_BEFORE_RUNS = re.compile(r":(?:observed|closed(?::\d{4}-\d{2}-\d{2})?)$", re.ASCII)


class _SaidOfBatch(msgspec.Struct, gc=False):
    last: bool = False


class _Batch(msgspec.Struct, gc=False):
    """Of a batch's request, whether another was to come after it."""

    request: _SaidOfBatch


_BATCH = msgspec.json.Decoder(_Batch)

#: First and last position, both inclusive.
Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class RunSoFar:
    """A run as the books hold it. batches, undone: positions of its batches, and of those that undid it, in order.

    finished: its last batch is there. fully_undone: the last batch of an undo is there.
    """

    event: ImportRun
    position: int
    recorded_at: str
    batches: tuple[Span, ...]
    undone: tuple[Span, ...]
    finished: bool
    fully_undone: bool

    @property
    def name(self) -> str:
        return self.event.run

    @property
    def events(self) -> int:
        """How many events its batches recorded, its own among them."""
        return sum(last - first + 1 for first, last in self.batches)


def batch_key(run: str, number: int, *, undo: bool = False) -> str:
    """The key of a run's batch, or of a batch that undoes it. number: from 1."""
    return f"{run}/undo/{number}" if undo else f"{run}/{number}"


def undo_of(run: str) -> str:
    """Under which name the batches that undo a run are kept."""
    return f"{run}/undo"


def runs_so_far(connection: Connection, book: str, position: int = 2**62) -> list[RunSoFar]:
    """Every run of a book, by position. position: the last event known, inclusive."""
    rows = connection.execute(_RUNS, {"book": book, "position": position}).scalars().all()
    runs = [_run(connection, book, body, position) for body in rows]
    # What ends a run that recorded nothing, or nothing that can be taken back, is an event like a run's.
    ended = {undo_of(run.name) for run in runs}
    return [run for run in runs if run.name not in ended]


def new_run(connection: Connection, book: str, source: str) -> str:
    """A name for a run: that of its source, and the first number that nothing has yet."""
    number = 1
    while connection.execute(_TAKEN, {"book": book, "key": batch_key(f"{source}-{number}", 1)}).first() is not None:
        number += 1
    return f"{source}-{number}"


def _run(connection: Connection, book: str, body: str, position: int) -> RunSoFar:
    recorded = decode(body)
    event = recorded.event
    assert isinstance(event, ImportRun)  # noqa: S101 - what was selected by its stored name
    # '0' comes next after '/': every key that begins with the run's name and a slash.
    span = {"book": book, "first": f"{event.run}/", "beyond": f"{event.run}0", "position": position}
    rows = [tuple(row) for row in connection.execute(_BATCHES, span)]
    batches = [row for row in rows if not row[0].startswith(f"{event.run}/undo/")]
    if event.kind in _BY_ROW:
        # Recorded at once, whatever its rows do: what it is was said last, and how many entries that was.
        entries = sum(number for name, number in event.counts.items() if name in STORED_AS)
        batches = [(batch_key(event.run, 1), recorded.position - entries, recorded.position)]
    undone = [row for row in rows if row[0].startswith(f"{event.run}/undo/")]
    return RunSoFar(
        event=event,
        position=recorded.position,
        recorded_at=recorded.recorded_at,
        batches=tuple(_spans(batches)),
        undone=tuple(_spans(undone)),
        finished=_ends(connection, book, batches),
        fully_undone=_ends(connection, book, undone),
    )


def _spans(rows: Sequence[tuple[str, int, int]]) -> Iterator[Span]:
    return ((first, last) for _, first, last in rows)


def _ends(connection: Connection, book: str, rows: Sequence[tuple[str, int, int]]) -> bool:
    """Whether the latest of these batches says that none comes after it."""
    if not rows:
        return False
    said = connection.execute(_SAID, {"book": book, "key": rows[-1][0]}).scalar_one()
    return _BATCH.decode(said).request.last


def imported_before_runs(connection: Connection, book: str, source: str, keys: Collection[str]) -> list[Span]:
    """Positions that an importer recorded when there were no runs, in order: its requests had the keys SOURCE:KEY:WHAT.

    keys: the tool's, of what was found.
    """
    # ';' comes next after ':': every key that begins with the source and a colon.
    span = {"book": book, "first": f"{source}:", "beyond": f"{source};"}
    return [
        (first, last)
        for key, first, last in connection.execute(_BEFORE_RUNS, span)
        if (did := _DID_BEFORE_RUNS.search(key)) and key[len(source) + 1 : did.start()] in keys
    ]


def within(position: int, spans: Sequence[Span]) -> bool:
    """Whether a position is in one of some spans, which are in order."""
    place = bisect_left(spans, position, key=lambda span: span[1])
    return place < len(spans) and spans[place][0] <= position
