"""Figures over all entries: the gaps between the two dates, and the first digits. Integers and Decimal only."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Context, Decimal

#: Below this the first digits of even a perfect set scatter too far to say anything.
FEWEST_AMOUNTS = 300

#: Nigrini (2012), 'Benford's Law', table 7.1: the mean absolute deviation of first digits, up to and including.
CONFORMITY = (
    (Decimal("0.006"), "close"),
    (Decimal("0.012"), "acceptable"),
    (Decimal("0.015"), "marginally acceptable"),
)
NONCONFORMITY = "nonconformity"

_EXACT = Context(prec=40, rounding=ROUND_HALF_EVEN)
_SHARE = Decimal("0.00001")
_COUNT = Decimal("0.1")

#: Upper ends of the bands in which gaps are counted, and their names; the last one has no end.
_BANDS = (
    (-1, "ahead"),
    (0, "same day"),
    (1, "1 day"),
    (7, "2 to 7 days"),
    (30, "8 to 30 days"),
    (90, "31 to 90 days"),
    (None, "91 days and more"),
)


@dataclass(frozen=True, slots=True)
class Gaps:
    """Days from the effective day to the day of recording; negative: entered ahead. bands: name and entries."""

    entries: int
    shortest: int
    median: int
    ninetieth: int
    longest: int
    bands: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Digit:
    """One first digit, 1 to 9. expected: a count, one decimal; the shares have five decimals."""

    digit: int
    observed: int
    expected: Decimal
    observed_share: Decimal
    expected_share: Decimal


@dataclass(frozen=True, slots=True)
class Benford:
    """The first digits of the amounts. Without FEWEST_AMOUNTS of them there are no digits, deviation or conformity.

    deviation: the mean absolute difference of the shares, five decimals; conformity: its band.
    """

    amounts: int
    digits: tuple[Digit, ...] = ()
    deviation: Decimal | None = None
    conformity: str | None = None


def gaps(days: Mapping[int, int]) -> Gaps | None:
    """The distribution of gaps. days: how many entries have each gap. None without an entry."""
    entries = sum(days.values())
    if not entries:
        return None
    return Gaps(
        entries=entries,
        shortest=min(days),
        median=nearest_rank(days, 50),
        ninetieth=nearest_rank(days, 90),
        longest=max(days),
        bands=_bands(days),
    )


def nearest_rank(counts: Mapping[int, int], percent: int) -> int:
    """The smallest value that at least `percent` per cent of the values do not exceed: always one that occurs.

    counts: how often each value occurs; at least one does. percent: 1 to 100.
    """
    rank = -(-percent * sum(counts.values()) // 100)
    seen = 0
    for value in sorted(counts):
        seen += counts[value]
        if seen >= rank:
            return value
    raise ValueError(f"There is no rank {rank} among {seen} values.")


def first_digit(amount: int) -> int:
    """The first significant digit of an amount > 0; the same in minor and in major units."""
    return int(str(amount)[0])


def benford(digits: Mapping[int, int]) -> Benford:
    """How far first digits are from log10(1 + 1/d). digits: how many amounts begin with each."""
    amounts = sum(digits.values())
    if amounts < FEWEST_AMOUNTS:
        return Benford(amounts)
    total = Decimal(amounts)
    rows, apart = [], Decimal(0)
    for digit in range(1, 10):
        expected = expected_share(digit)
        share = _EXACT.divide(Decimal(digits.get(digit, 0)), total)
        apart = _EXACT.add(apart, abs(share - expected))
        rows.append(
            Digit(
                digit=digit,
                observed=digits.get(digit, 0),
                expected=_EXACT.multiply(expected, total).quantize(_COUNT, context=_EXACT),
                observed_share=share.quantize(_SHARE, context=_EXACT),
                expected_share=expected.quantize(_SHARE, context=_EXACT),
            )
        )
    deviation = _EXACT.divide(apart, Decimal(9))
    conformity = next((name for most, name in CONFORMITY if deviation <= most), NONCONFORMITY)
    return Benford(amounts, tuple(rows), deviation.quantize(_SHARE, context=_EXACT), conformity)


def expected_share(digit: int) -> Decimal:
    """log10(1 + 1/d) to 40 digits."""
    return _EXACT.log10(_EXACT.divide(Decimal(digit + 1), Decimal(digit)))


def _bands(days: Mapping[int, int]) -> tuple[tuple[str, int], ...]:
    counted: Counter[str] = Counter()
    for gap, entries in days.items():
        counted[next(name for most, name in _BANDS if most is None or gap <= most)] += entries
    return tuple((name, counted[name]) for _, name in _BANDS)
