"""How often a verdict on drift is wrong, and how often it is told: seeded runs of one effect, by kind and size.

    python -m tests.helpers.drift_rates

prints the table of docs/method-drift.md; half a minute of processor time.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from functools import partial

import numpy as np
from numpy.typing import NDArray
from scipy.stats import norm

from ledger.measures.drift.comparisons import Comparison, compared_counts, compared_numbers, compared_unseen

THRESHOLD = 0.1
#: The stated error at either end: half of an alpha of 0.05.
EACH = 0.025
RUNS = 500


def drawn(
    rng: np.random.Generator, before: NDArray[np.float64], now: NDArray[np.float64], rows: int
) -> NDArray[np.int64]:
    """Counts of two sides of equally many rows."""
    return np.stack([rng.multinomial(rows, before), rng.multinomial(rows, now)])


def categories(number: int, rows: int, spread: bool, moved: float, rng: np.random.Generator) -> Comparison:
    """Equal categories; what moved, moved into one of them, or from every other one into its neighbour."""
    before = np.full(number, 1 / number)
    odd = np.arange(number) % 2
    gained = np.where(odd, 2, -2) / number if spread else np.where(np.arange(number), -1 / (number - 1), 1)
    return compared_counts(drawn(rng, before, before + moved * gained, rows))


def numbers(rows: int, moved: float, rng: np.random.Generator) -> Comparison:
    """A normal distribution that is shifted until its largest distance is `moved`."""
    return compared_numbers(rng.normal(size=rows), rng.normal(2 * norm.ppf((1 + moved) / 2), 1, rows))


def unseen(rows: int, moved: float, rng: np.random.Generator) -> Comparison:
    """Sixty categories, some of them rare, and three hundred new ones."""
    tail = 1 / np.arange(1, 61)
    before = np.concatenate([tail / tail.sum(), np.zeros(300)])
    now = before * (1 - moved) + np.where(before, 0, moved / 300)
    table = drawn(rng, before, now, rows)
    return compared_unseen(table[1], table[0])


Drawn = Callable[[float, np.random.Generator], Comparison]
#: What is drawn, and how many of 100 runs at least are told apart at no effect (kept) and at twice the threshold (broken).
SEEN: dict[str, tuple[Drawn, int, int]] = {
    "2 categories, 2,000 rows": (partial(categories, 2, 2_000, False), 99, 99),
    "10 categories, 2,000 rows": (partial(categories, 10, 2_000, True), 99, 99),
    "10 categories, one grew, 2,000 rows": (partial(categories, 10, 2_000, False), 99, 99),
    "50 categories, 2,000 rows": (partial(categories, 50, 2_000, True), 50, 90),
    "200 categories, 2,000 rows": (partial(categories, 200, 2_000, True), 0, 0),
    "200 categories, 5,000 rows": (partial(categories, 200, 5_000, True), 80, 85),
    "200 categories, one grew, 5,000 rows": (partial(categories, 200, 5_000, False), 80, 95),
    "numbers, 500 rows": (partial(numbers, 500), 10, 40),
    "numbers, 2,000 rows": (partial(numbers, 2_000), 99, 99),
    "new categories, 2,000 rows": (partial(unseen, 2_000), 99, 99),
}


def rates(draw: Drawn, moved: float, runs: int) -> tuple[float, float]:
    """The share of seeded runs that are called broken, and kept."""
    broken = kept = 0
    for seed in range(runs):
        low, high = draw(moved, np.random.default_rng([seed, 12])).moved.ends(EACH, EACH)
        broken += low > THRESHOLD
        kept += high <= THRESHOLD
    return broken / runs, kept / runs


def table() -> Iterator[str]:
    """A row per kind and size: broken and kept of RUNS runs without drift, at the threshold, and at twice the threshold."""
    yield "| what | rows | no drift: broken, kept | at the threshold: broken, kept | at twice: broken, kept |"
    yield "|---|---|---|---|---|"
    for about, (draw, _, _) in SEEN.items():
        what, _, rows = about.removesuffix(" rows").rpartition(", ")
        told = (rates(draw, moved * THRESHOLD, RUNS) for moved in (0, 1, 2))
        yield f"| {what} | {rows} | {' | '.join(f'{broken:.1%}, {kept:.1%}' for broken, kept in told)} |"


def main() -> None:
    """Print the table, each line as soon as it is known."""
    for line in table():
        sys.stdout.write(f"{line}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
