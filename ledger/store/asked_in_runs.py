"""What the runs of an import by rows asked for, request by request, and what became of each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sqlalchemy import bindparam, select

from ledger.store.runs import RunSoFar, within
from ledger.store.transaction import Unit
from ledger.tables.facts import event, request
from ledger.tables.reversals import reversal

# Each row's request, the item that it is about, and what reversed it.
_ASKED = (
    select(request.c.request_json, event.c.stream, reversal.c.position)
    .join(event, (event.c.book == request.c.book) & (event.c.position == request.c.first_position))
    .outerjoin(
        reversal,
        (reversal.c.book == request.c.book) & (reversal.c.reversed_position == request.c.first_position),
    )
    .where(
        request.c.book == bindparam("book"),
        request.c.first_position.between(bindparam("first"), bindparam("last")),
    )
    .order_by(request.c.first_position)
)


@dataclass(frozen=True, slots=True)
class AskedInRun:
    """A request of an earlier run: its text, the item that it is about, and the position that reversed it, if one did."""

    request_json: str
    item: str
    reversed_at: int | None


def asked_in_runs(unit: Unit, runs: Iterable[RunSoFar]) -> Iterator[AskedInRun]:
    """Every request of these runs, in order; without what was undone with its run, which is forgotten."""
    for run in runs:
        for first, last in run.batches:
            rows = unit.connection.execute(_ASKED, {"book": unit.book, "first": first, "last": last})
            for said, item, reversed_at in rows:
                if reversed_at is None or not within(reversed_at, run.undone):
                    yield AskedInRun(said, item, reversed_at)
