"""The fields of a tool's record, as findings want them. Whatever is none raises Unreadable, which makes a bad row."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from ledger.events.codec import canonical, sha256_hex
from ledger.vocabulary.errors import Unreadable
from ledger.vocabulary.text import MAX_TITLE, clean_text


def text_of(record: dict[str, Any], name: str) -> str:
    """A field as clean text, empty if it is missing. Raises Unreadable for a list or an object."""
    value = record.get(name)
    if value is None:
        return ""
    if isinstance(value, list | dict):
        raise Unreadable(f"The field {name} is {'a list' if isinstance(value, list) else 'an object'}, not a text.")
    return clean_text(str(value))


def object_of(record: dict[str, Any], name: str) -> dict[str, Any]:
    """A field that is an object, empty if it is missing. Raises Unreadable for anything else."""
    value = record.get(name)
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise Unreadable(f"The field {name} is no object.")
    return value


def objects_of(record: dict[str, Any], name: str) -> list[dict[str, Any]]:
    """A field that is a list of objects, empty if it is missing. Raises Unreadable for anything else."""
    value = record.get(name)
    if value is None:
        return []
    if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
        raise Unreadable(f"The field {name} is no list of objects.")
    return value


def moment_of(record: dict[str, Any], name: str, zone: ZoneInfo) -> datetime | None:
    """A moment in the book's zone; one without an offset, or a date alone, is taken to be there already."""
    text = text_of(record, name)
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
        return moment.astimezone(zone) if moment.tzinfo else moment.replace(tzinfo=zone)
    except (ValueError, OverflowError) as error:
        raise Unreadable(f"The {name} '{text}' is not a date: write it like 2026-03-31T09:15:00+0000.") from error


def title_from(message: str) -> str:
    """A message on one line, cut to the length of a title."""
    title = " ".join(message.split())
    return title if len(title) <= MAX_TITLE else title[: MAX_TITLE - 1] + "…"


def content_hash(record: dict[str, Any]) -> str:
    """What tells whether a record changed: sha256 of it all, whatever the order of its fields."""
    try:
        return sha256_hex(canonical(record))
    except (UnicodeError, OverflowError) as error:
        raise Unreadable(f"The record holds what cannot be stored: {error}.") from error
    except RecursionError as error:
        raise Unreadable("The record is nested too deep.") from error
