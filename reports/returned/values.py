"""When a cell that came back holds the same as it did: numbers, dates and texts, however a program respelled them."""

from __future__ import annotations

import math
import re
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from openpyxl.utils.datetime import to_excel

from ledger.views.quarter import QuarterView
from reports.returned.cells import Found
from reports.sheet import Kind, Scalar, unnumbered
from reports.text import cell_text
from reports.xlsx.formats import AMOUNTS, NUMBERS, stored

EMPTY = "empty"

#: Adding doubles is off by less than this part of the amounts that are added.
_NOISE = 1e-12
#: Decimal places of a day that all programs keep; the seventh is nine thousandths of a second.
_DAY_PLACES = 7
#: How programs write characters that XML cannot hold, or that a text only seems to escape.
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
#: Tabs get lost on the way through an OpenDocument file.
_DROPPED = re.compile("[\x00-\x09\x0b-\x1f]")
_SHOWN = 120


def canonical(value: Any, type_: str, kind: Kind) -> str:
    """The content of a cell in one spelling: a letter for its type, then the content; empty for an empty cell.

    Numbers to 15 significant digits, which is what a double and every program keep; dates as day numbers.
    """
    if value is None or value == "":
        return ""
    if type_ == "e":
        return f"e{value}"
    if isinstance(value, bool):
        return f"b{value}"
    if isinstance(value, str):
        return f"s{_plain(value)}"
    if (kind is Kind.DATE or kind not in NUMBERS) and isinstance(value, date) and unnumbered(value):
        # Another release had the day behind a number; a time of recording is never so early.
        return f"s{value.isoformat()[:10]}"
    if isinstance(value, date | time | timedelta):
        return f"n{_digits(round(to_excel(value), _DAY_PLACES))}"
    if kind in {Kind.DATE, Kind.STAMP} and isinstance(value, float):
        return f"n{_digits(round(value, _DAY_PLACES))}"  # somebody gave the cell another number format
    return f"n{_digits(value)}"


def canonical_found(found: Found | None, kind: Kind) -> str:
    """The content of a cell of the file; of a formula its stored value."""
    return "" if found is None else canonical(found.value, found.type, kind)


def canonical_expected(content: Scalar, kind: Kind, exponent: int) -> str:
    """The content that the writer gives a cell."""
    value = stored(content, kind, exponent)
    return canonical(cell_text(value) if isinstance(value, str) else value, "", kind)


def noise_of(view: QuarterView) -> float:
    """What adding doubles may cost an amount, in major units; never so much that a minor unit could change."""
    added = sum(abs(row.amount) for row in view.postings) + sum(abs(row.amount) for row in view.history)
    added += sum(abs(row.outstanding) + row.interest_before + row.interest_per_year for row in view.items)
    unit = 10.0**-view.provenance.exponent
    return float(min(unit / 2, _NOISE * max(1.0, added * unit)))


def computed_alike(expected: Scalar, found: Found, kind: Kind, exponent: int, noise: float) -> bool:
    """Whether a formula's stored value is what Python computed.

    noise: what adding doubles may cost an amount, in major units.
    """
    value = stored(expected, kind, exponent)
    if isinstance(value, str):
        if found.type == "e":
            return bool(found.value == value)
        return canonical_found(found, kind) == canonical(value, "s", kind)
    number = to_excel(found.value) if isinstance(found.value, date | time | timedelta) else found.value
    if isinstance(number, bool) or not isinstance(number, int | float) or value is None:
        return False
    wanted = to_excel(value) if isinstance(value, date) else float(value)
    if kind in AMOUNTS:
        return bool(abs(number - wanted) <= noise)
    if kind is Kind.COUNT:
        return bool(abs(number - wanted) < 0.5)
    return math.isclose(number, wanted, rel_tol=1e-9, abs_tol=1e-9)


def told_expected(content: Scalar, kind: Kind, exponent: int) -> str:
    """A value of the pack for the reader of a difference, to its last digit."""
    value = stored(content, kind, exponent)
    return _told(cell_text(value) if isinstance(value, str) else value, kind, exponent)


def told_found(found: Found | None, kind: Kind, exponent: int, expected: str = EMPTY) -> str:
    """A value of the file likewise. expected: what it is told beside; where the type differs, it is said."""
    if found is None:
        return EMPTY
    if found.type == "e":
        return f"the error {found.value}"
    told = _told(found.value, kind, exponent)
    if isinstance(found.value, str) and expected != EMPTY and (kind in NUMBERS or told == expected):
        return f'the text "{told}"'
    if told == expected != EMPTY:
        what = {"b": "truth value", "d": "date"}.get(found.type, "number")
        return f"the {what} {found.value}"
    return told


def excerpts(expected: str, found: str) -> tuple[str, str]:
    """Both texts on one line each; of long ones the part where they begin to differ."""
    start = 0
    if max(len(expected), len(found)) > _SHOWN:
        alike = next((i for i, (a, b) in enumerate(zip(expected, found, strict=False)) if a != b), None)
        first = min(len(expected), len(found)) if alike is None else alike
        start = max(0, first - _SHOWN // 3)
    return _line(expected, start), _line(found, start)


def _line(text: str, start: int) -> str:
    part = text[start : start + _SHOWN]
    part = ("…" if start else "") + part + ("…" if len(text) > start + _SHOWN else "")
    return "".join(letter if letter.isprintable() else "⏎" if letter == "\n" else "�" for letter in part)


def _plain(text: str) -> str:
    """Text without what programs change when they save it: escapes, kinds of line breaks, control characters."""
    while "_x" in text:
        once = _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text)
        if once == text:
            break
        text = once
    if text.isprintable():
        return text
    return _DROPPED.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def _digits(number: int | float | Decimal) -> str:
    try:
        digits = f"{float(number):.15g}"
    except OverflowError:
        return str(number)[:400]
    return "0" if digits == "-0" else digits


def _told(value: Any, kind: Kind, exponent: int) -> str:
    if value is None or value == "":
        return EMPTY
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, datetime):
        return value.date().isoformat() if kind is Kind.DATE and value.time() == time() else value.isoformat(" ")
    if isinstance(value, int | float | Decimal):
        return _told_number(value, kind, exponent)
    return str(value)


def _told_number(value: int | float | Decimal, kind: Kind, exponent: int) -> str:
    digits = _digits(value)
    number = Decimal(digits)
    if not number.is_finite() or abs(number.adjusted()) > 20:
        return digits
    places = exponent if kind in AMOUNTS else 0
    return f"{number:,.{places}f}" if number == round(number, places) else f"{number:,f}"
