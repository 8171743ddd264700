"""Figures in words: rounding never says less than it should, and never more."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest

from reports import figures


@pytest.mark.parametrize(
    ("minor", "exponent", "words"),
    [
        (466_523_49, 2, "EUR 466,523"),
        (0, 2, "EUR 0"),
        (40, 2, "EUR 0.40"),
        (-50_000_00, 2, "EUR −50,000"),
        (999_99, 2, "EUR 999.99"),
        (123, 0, "EUR 123"),
        (1_234, 3, "EUR 1.234"),
    ],
)
def test_money(minor: int, exponent: int, words: str) -> None:
    assert figures.money(minor, "EUR", exponent) == words


@pytest.mark.parametrize(
    ("minor", "words"),
    [
        (9_999_00, "EUR 9,999"),
        (12_345_00, "EUR 12k"),
        (466_523_00, "EUR 467k"),
        (1_234_567_00, "EUR 1.2m"),
        (999_999_00, "EUR 1,000k"),
        (123_456_789_000_00, "EUR 123bn"),
        (-12_345_00, "EUR -12k"),
    ],
)
def test_compact(minor: int, words: str) -> None:
    assert figures.compact(minor, "EUR", 2) == words


def test_a_share_of_nothing_has_no_value() -> None:
    assert figures.share(1, 0) is None
    assert figures.share(1, 4) == Fraction(1, 4)


def test_sixteen_digits_are_refused() -> None:
    assert figures.major(999_999_999_999_999, 2) == Decimal("9999999999999.99")
    with pytest.raises(figures.FigureTooLongError, match="No pack was written"):
        figures.major(1_000_000_000_000_000, 2)


def test_the_longest_message_that_fits() -> None:
    assert figures.fitting(["a" * 61, "b" * 60, "c"]) == "b" * 60
    assert figures.fitting(["a" * 70]) == "a" * 59 + "…"
