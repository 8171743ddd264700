"""Remarks: what is worth remembering about an item and changes nothing that it owes."""

from __future__ import annotations

from typing import Any

from ledger.events.item import ItemEvent


class NoteAdded(ItemEvent, frozen=True, kw_only=True):
    """Something worth remembering about the item. No postings."""

    text: str


class EvidenceAdded(ItemEvent, frozen=True, kw_only=True):
    """Something more that shows what the item is about. No postings.

    measured_at: position of the measurement, if one did; series: in which of its cases, slices or features, None for all.
    """

    text: str
    measured_at: int | None
    series: str | None


class InterestObserved(ItemEvent, frozen=True, kw_only=True):
    """What carrying the item really cost on a day: a memorandum, in no balance. No postings.

    amount_minor: > 0. effort_minutes, day_rate_minor: what it was priced from, None if it was given in money.
    """

    amount_minor: int
    because: str
    effort_minutes: int | None = None
    day_rate_minor: int | None = None


def evidence_of_version_1(data: dict[str, Any]) -> dict[str, Any]:
    """A measurement was one series."""
    return data | {"series": None}
