"""Runs: what was imported when, from where, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import bindparam, func, select

from ledger.events import NAME_OF, STORED_AS, DecisionLogged, DecisionRetracted, ItemEvent
from ledger.events.codec import decode
from ledger.queries.reader import Reader
from ledger.store.runs import RunSoFar, Span, runs_so_far
from ledger.tables.facts import event
from ledger.tables.reversals import reversal

_ITEM_EVENTS = sorted(name for name, kind in STORED_AS.items() if issubclass(kind, ItemEvent))
_IN_SPAN = (
    event.c.book == bindparam("book"),
    event.c.position.between(bindparam("first"), bindparam("last")),
)
_STANDING = (
    select(func.count())
    .select_from(event)
    .outerjoin(
        reversal,
        (reversal.c.book == event.c.book)
        & (reversal.c.reversed_position == event.c.position)
        & (reversal.c.position <= bindparam("position")),
    )
    .where(*_IN_SPAN, event.c.stored_as.in_(_ITEM_EVENTS), reversal.c.position.is_(None))
)
_READ = select(event.c.position).where(*_IN_SPAN, event.c.stored_as == NAME_OF[DecisionLogged])
_RETRACTED = select(event.c.body).where(
    event.c.book == bindparam("book"),
    event.c.stored_as == NAME_OF[DecisionRetracted],
    event.c.position <= bindparam("position"),
)


@dataclass(frozen=True, slots=True)
class SourceView:
    """A run of an import. events: that it recorded. finished: its last batch is there.

    undone: all of it is taken back. partly_undone: somebody undid it, and some of its entries or readings still stand.
    """

    run: str
    kind: str
    source: str
    system: str
    recorded_at: str
    events: int
    finished: bool
    undone: bool
    partly_undone: bool


def sources(reader: Reader) -> list[SourceView]:
    """Every run, in order of position, as known at the reader's position."""
    runs = runs_so_far(reader.connection, reader.name, reader.position)
    retracted = _retracted(reader) if any(run.undone for run in runs) else frozenset()
    return [_view(reader, run, retracted) for run in runs]


def _view(reader: Reader, run: RunSoFar, retracted: frozenset[int]) -> SourceView:
    undone = run.fully_undone and not any(_stands(reader, span, retracted) for span in run.batches)
    return SourceView(
        run=run.name,
        kind=run.event.kind,
        source=run.event.source,
        system=run.event.system,
        recorded_at=run.recorded_at,
        events=run.events,
        finished=run.finished,
        undone=undone,
        partly_undone=bool(run.undone) and not undone,
    )


def _stands(reader: Reader, span: Span, retracted: frozenset[int]) -> bool:
    """Whether anything still counts of what a batch recorded on items or read of decision records."""
    asked = {"book": reader.name, "first": span[0], "last": span[1], "position": reader.position}
    if reader.connection.execute(_STANDING, asked).scalar_one():
        return True
    del asked["position"]
    return any(position not in retracted for position in reader.connection.execute(_READ, asked).scalars())


def _retracted(reader: Reader) -> frozenset[int]:
    """Positions of the readings that were taken back."""
    found = reader.connection.execute(_RETRACTED, {"book": reader.name, "position": reader.position}).scalars()
    events = (decode(body).event for body in found)
    return frozenset(each.retracted_position for each in events if isinstance(each, DecisionRetracted))
