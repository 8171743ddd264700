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
