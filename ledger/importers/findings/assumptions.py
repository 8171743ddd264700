"""What an import takes for granted, in the words in which its run keeps it; and what earlier releases called the same."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from ledger.importers.findings.resync import ImportTerms
from ledger.vocabulary.money import Currency

_PERIODS = {"12": "month", "4": "quarter", "1": "year"}
_TIMES = re.compile(r"(.+) × (12|4|1) a year")
_MINOR_UNITS = re.compile(r"(\d+) minor units")
_PERCENT_A_YEAR = re.compile(r"(\d+(?:\.\d+)?%) a year")


def assumptions(terms: ImportTerms, *, since: date | None, complete: bool) -> dict[str, str]:
    """What a run says that it assumed: options as somebody would type them."""
    said = {
        "category": terms.category,
        "interest": "none" if terms.interest is None else terms.interest.typed(terms.currency),
        "spent": "as much as was removed" if terms.assume_spent else "unmeasured",
        "complete": "yes" if complete else "no",
    }
    said |= {"cause": terms.cause} if terms.cause else {}
    return said | ({"since": since.isoformat()} if since else {})


def as_typed(said: Mapping[str, str], currency: Currency) -> dict[str, str]:
    """What a run assumed, with its interest as it is typed: earlier releases kept it as '5000 minor units × 12 a year'."""
    typed = dict(said)
    if "interest" in typed:
        typed["interest"] = _interest_as_typed(typed["interest"], currency)
    return typed


def _interest_as_typed(said: str, currency: Currency) -> str:
    if percent := _PERCENT_A_YEAR.fullmatch(said):
        return percent[1]
    if not (times := _TIMES.fullmatch(said)):
        return said
    money = _MINOR_UNITS.fullmatch(times[1])
    return f"{currency.plain(int(money[1])) if money else times[1]}/{_PERIODS[times[2]]}"
