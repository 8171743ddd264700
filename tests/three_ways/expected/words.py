"""How a workbook spells what the model knows."""

from __future__ import annotations

from datetime import date, datetime
from fractions import Fraction

from tests.model.packs import PackFigures
from tests.model.register import Register
from tests.three_ways.comparison import Expectation

ALL_SYSTEMS = "All systems"
NOT_AVAILABLE = "n/a"


def money(figures: PackFigures, minor: int) -> Fraction:
    """An amount as a cell holds it: in major units."""
    return Fraction(minor, 10**figures.settings.exponent)


def money_or(figures: PackFigures, minor: int | None, otherwise: Expectation) -> Expectation:
    """The same, of an amount that there may not be."""
    return otherwise if minor is None else money(figures, minor)


def ratio(part: int | None, whole: int | None) -> Expectation:
    """A share; of nothing, or of what there is not, n/a."""
    return Fraction(part, whole) if part is not None and whole else NOT_AVAILABLE


def spelled(movement: str) -> str:
    """`written_off` is `written-off`."""
    return movement.replace("_", "-")


def stamp(recorded_at: str) -> datetime:
    """A time of recording as a cell holds it: UTC, without a zone, in whole seconds."""
    return datetime.fromisoformat(recorded_at).replace(tzinfo=None, microsecond=0)


def serial(day: date) -> int:
    """The number that a spreadsheet has behind a date."""
    return (day - date(1899, 12, 30)).days


def carry_day(view: Register, item: str, nature: str) -> int:
    """Interest per year × the day it accrues from, over an item's legs."""
    return sum(leg.carry * serial(leg.accrues_from) for _, leg in view.legs(item, nature))
