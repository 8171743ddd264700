"""Dates as decision records write them: of which nobody can doubt which day is meant."""

from __future__ import annotations

import re
from datetime import date

from ledger.vocabulary.dates import FIRST_DAY, LAST_DAY

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = rf"(?P<month>(?:{'|'.join(_MONTHS)})[a-z]{{0,6}})\.?"
_ORDINAL = r"(?:st|nd|rd|th)?"

#: Year first, or the month as a word: 03/04/2020 is two different days to two readers.
_WRITTEN = tuple(
    re.compile(pattern, re.IGNORECASE | re.ASCII)
    for pattern in (
        r"(?<![\d.-])(?P<year>\d{4})(?P<sep>[-/.])(?P<month>\d{1,2})(?P=sep)(?P<day>\d{1,2})(?![\d-]|[/.]\d)",
        rf"\b{_MONTH}\s+(?P<day>\d{{1,2}}){_ORDINAL},?\s+(?P<year>\d{{4}})(?!\d)",
        rf"(?<!\d)(?P<day>\d{{1,2}}){_ORDINAL}\s+{_MONTH},?\s+(?P<year>\d{{4}})(?!\d)",
    )
)
_IN_NAME = re.compile(r"(?P<year>\d{4})(?P<sep>-?)(?P<month>\d{2})(?P=sep)(?P<day>\d{2})(?=[-_ ]|$)", re.ASCII)


def date_in(text: str) -> tuple[date | None, str]:
    """The first date in a text, and the text without it. None where there is none, or no calendar has it."""
    for pattern in _WRITTEN:
        found = pattern.search(text)
        if found and (day := _day(found)):
            return day, text[: found.start()] + text[found.end() :]
    return None, text


def date_of_name(stem: str) -> date | None:
    """The date that a file's name begins with: 20200927-use-hooks, 2020-09-27-use-hooks."""
    found = _IN_NAME.match(stem)
    return _day(found) if found else None


def _day(found: re.Match[str]) -> date | None:
    month = found["month"]
    number = int(month) if month.isdecimal() else _MONTHS.index(month[:3].lower()) + 1
    try:
        day = date(int(found["year"]), number, int(found["day"]))
    except ValueError:
        return None
    return day if FIRST_DAY <= day <= LAST_DAY else None
