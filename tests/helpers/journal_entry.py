"""Entries for the journal-entry tests: a Monday morning, with what a test changes."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from ledger.journal_tests.entries import Counterpart, JournalEntry

OTHER = Counterpart(1, "repayment-recorded/1", "bea", "2026-01-01T00:00:00.000000Z")


def entry(
    position: int = 1, recorded: str = "2026-03-02T10:00:00", effective: str = "2026-03-02", **changed: Any
) -> JournalEntry:
    """An entry of a Monday morning, with what is changed."""
    local = datetime.fromisoformat(recorded)
    facts: dict[str, Any] = {
        "stored_as": "repayment-recorded/1",
        "stream": "FRAUD-1",
        "actor": "ada",
        "session_user": None,
        "occurred_on": None,
        "recorded_at": local.replace(tzinfo=UTC).isoformat(timespec="microseconds").replace("+00:00", "Z"),
        "amount_minor": None,
        "spent_minor": None,
    }
    return JournalEntry(
        position=position, effective_on=date.fromisoformat(effective), recorded_local=local, **facts | changed
    )
