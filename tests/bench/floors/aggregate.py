"""The package `eventsourcing`: load one aggregate, let an event happen to it, save it; SQLite, as it comes."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import UUID

from eventsourcing.application import Application
from eventsourcing.domain import Aggregate, event


class Item(Aggregate):
    outstanding_minor = 0

    @event("EntryRecorded")
    def record(self, removed_minor: int, day: str, actor: str, details: dict[str, Any]) -> None:
        self.outstanding_minor -= removed_minor


def opened(path: Path) -> Application[UUID]:
    """An application that keeps its events in an SQLite file, which it puts into WAL itself."""
    return Application(env={"PERSISTENCE_MODULE": "eventsourcing.sqlite", "SQLITE_DBNAME": str(path)})


def append(items: Application[UUID], item_id: UUID, details: dict[str, Any]) -> None:
    item: Item = items.repository.get(item_id)
    item.record(1_000, "2026-03-01", "synthetic", details)
    items.save(item)


def filled(path: Path, aggregates: int, of_each: int, details: dict[str, Any]) -> tuple[Application[UUID], list[UUID]]:
    """An application with so many aggregates, each of so many events; their identifiers."""
    items, identifiers = opened(path), []
    for _ in range(aggregates):
        item = Item()
        for _ in range(of_each - 1):  # the first one creates it
            item.record(1_000, "2026-03-01", "synthetic", details)
        items.save(item)
        identifiers.append(item.id)
    return items, identifiers


def replay(items: Application[UUID], identifiers: list[UUID]) -> int:
    """Read and fold every event of every aggregate; how many there were."""
    return sum(items.repository.get(identifier).version for identifier in identifiers)
