"""Runs: what was imported when, from where, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass

from ledger.queries.reader import Reader
from ledger.store.runs import runs_so_far


@dataclass(frozen=True, slots=True)
class SourceView:
    """A run of an import. events: that it recorded. finished: its last batch is there. undone: it was undone, all of it."""

    run: str
    kind: str
    source: str
    system: str
    recorded_at: str
    events: int
    finished: bool
    undone: bool


def sources(reader: Reader) -> list[SourceView]:
    """Every run, in order of position, as known at the reader's position."""
    return [
        SourceView(
            run=run.name,
            kind=run.event.kind,
            source=run.event.source,
            system=run.event.system,
            recorded_at=run.recorded_at,
            events=run.events,
            finished=run.finished,
            undone=run.fully_undone,
        )
        for run in runs_so_far(reader.connection, reader.name, reader.position)
    ]
