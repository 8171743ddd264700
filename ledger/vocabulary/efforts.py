"""Efforts: work as somebody types it, kept as whole minutes."""

from __future__ import annotations

import re

from ledger.vocabulary.errors import Unreadable

#: A person-day, in minutes: efforts are kept as whole minutes.
MINUTES_PER_DAY = 8 * 60


#: Of a text; what is longer is a slip, and may take a computer long to read as a number.
_LONGEST_EFFORT = 200

_EFFORT = re.compile(r"(-?)(\d+)(?:\.(\d{1,6}))?(d|h|min)", re.ASCII)


def effort_minutes(text: str) -> int | None:
    """Read an effort ('15d', '6h', '0.5d', '45min'; a day is 8 hours) as minutes; None if it is not one.

    Raises Unreadable for an effort that is not a whole number of minutes.
    """
    if len(text) > _LONGEST_EFFORT:
        return None
    match = _EFFORT.fullmatch(text.strip())
    if match is None:
        return None
    decimals = match[3] or ""
    unit = {"d": MINUTES_PER_DAY, "h": 60, "min": 1}[match[4]]
    minutes, rest = divmod(int(match[2] + decimals) * unit, int(10 ** len(decimals)))
    if rest:
        raise Unreadable(f"'{text}' is not a whole number of minutes.")
    return -minutes if match[1] else minutes


def effort_in_parts(minutes: int) -> str:
    """An effort as one reads a sum of many, a day being 8 hours: '30d 3h 3min'."""
    days, rest = divmod(minutes, MINUTES_PER_DAY)
    parts = ((days, "d"), (rest // 60, "h"), (rest % 60, "min"))
    return " ".join(f"{number}{unit}" for number, unit in parts if number) or "0min"


def effort_text(minutes: int) -> str:
    """An effort as one would type it: '15d', '6h', '45min'."""
    for unit, size in (("d", MINUTES_PER_DAY), ("h", 60)):
        if minutes % size == 0 and minutes:
            return f"{minutes // size}{unit}"
    return f"{minutes}min"
