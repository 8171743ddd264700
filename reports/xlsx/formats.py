"""How each kind of cell is written as a value, as a number format, and as the text a reader sees."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

from reports.figures import major
from reports.sheet import Kind, Scalar, unnumbered

AMOUNTS = frozenset({Kind.AMOUNT, Kind.AMOUNT_CHANGE, Kind.EXACT})
CHANGES = frozenset({Kind.AMOUNT_CHANGE, Kind.SHARE_CHANGE, Kind.POINTS})
TEXTS = frozenset({Kind.LABEL, Kind.TEXT, Kind.CODE, Kind.RESULT, Kind.GAP})
NUMBERS = frozenset(Kind) - TEXTS

#: What a cell of Kind.GAP says where nobody documented or measured anything; what begins so is broken.
MISSING, BROKEN = "missing", "broken"

_DASH = '"–"'


def number_format(kind: Kind, exponent: int) -> str:
    """Excel's format code; exponent: decimal places of the currency."""
    exact = "#,##0" + ("." + "0" * exponent if exponent else "")
    return {
        Kind.AMOUNT: f"#,##0;-#,##0;{_DASH}",
        Kind.AMOUNT_CHANGE: f"+#,##0;-#,##0;{_DASH}",
        Kind.EXACT: f"{exact};-{exact};{_DASH}",
        Kind.SHARE: f"0.0%;-0.0%;{_DASH}",
        Kind.SHARE_CHANGE: f"+0.0%;-0.0%;{_DASH}",
        Kind.GROWTH: f"+0.0%;-0.0%;{_DASH}",
        Kind.POINTS: f'+0.0" pp";-0.0" pp";{_DASH}',
        Kind.COUNT: "#,##0",
        Kind.NUMBER: "0.0####",
        Kind.DATE: "yyyy-mm-dd",
        Kind.STAMP: "yyyy-mm-dd hh:mm:ss",
    }.get(kind, "General")


def stored(value: Scalar, kind: Kind, exponent: int) -> str | int | float | Decimal | date | datetime | None:
    """The value as the file holds it: amounts in major units, shares as floats, days that programs count otherwise as text."""
    if isinstance(value, int) and kind in AMOUNTS:
        amount = major(value, exponent)
        return int(amount) if amount == amount.to_integral_value() else amount
    if isinstance(value, Fraction):
        return float(value)
    if isinstance(value, date) and unnumbered(value):
        return shown(value, kind, exponent)
    return value


def shown(value: Scalar, kind: Kind, exponent: int) -> str:
    """The text a reader sees in the cell; for measuring columns and for tests."""
    if value is None:
        return ""
    if isinstance(value, int | Fraction) and kind in NUMBERS:
        return _shown_number(value, kind, exponent)
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M:%S")
    return str(value)


def _shown_number(value: int | Fraction, kind: Kind, exponent: int) -> str:
    if value == 0 and kind not in {Kind.COUNT, Kind.NUMBER}:
        return "–"
    match kind:
        case Kind.AMOUNT:
            return f"{major(int(value), exponent):,.0f}"
        case Kind.AMOUNT_CHANGE:
            return f"{major(int(value), exponent):+,.0f}"
        case Kind.EXACT:
            return f"{major(int(value), exponent):,.{exponent}f}"
        case Kind.SHARE:
            return f"{float(value):.1%}"
        case Kind.SHARE_CHANGE | Kind.GROWTH:
            return f"{float(value):+.1%}"
        case Kind.POINTS:
            return f"{float(value):+.1f} pp"
        case Kind.NUMBER:
            return f"{float(value):.5f}"
        case _:
            return f"{value:,}"
