"""Dates and times as they are typed, and the days on which an entry may stand."""

from __future__ import annotations

import re
from datetime import date, datetime

from ledger.vocabulary.errors import Unreadable

#: Of new entries: no shortcut in a machine-learning system is older, and no clock that is right is later.
FIRST_DAY, LAST_DAY = date(1970, 1, 1), date(2199, 12, 31)

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:[Zz]|[+-]\d{2}:\d{2})", re.ASCII)


def typed_date(text: str) -> date:
    """Read '2026-03-01'. Raises Unreadable for every other spelling, those of ISO 8601 among them."""
    try:
        if _DATE.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise Unreadable(f"'{text}' is not a date: write it like 2026-03-01.")


def typed_moment(text: str) -> date | datetime:
    """Read a day, or a time as RFC 3339 writes it, with its offset. Raises Unreadable for every other spelling."""
    try:
        if _DATE.fullmatch(text):
            return date.fromisoformat(text)
        if _MOMENT.fullmatch(text):
            return datetime.fromisoformat(text.upper())
    except ValueError:
        pass
    raise Unreadable(f"'{text}' is not a time: write it like 2026-07-03 or 2026-07-03T09:00:00Z.")
