"""How often a verdict on a surrogate is wrong, and how often it is told: seeded models of which it is known what they leave.

    python -m tests.helpers.surrogate_rates

prints the table of docs/method-explainability.md; two minutes of processor time.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from decimal import Decimal
from math import sqrt

import numpy as np
import pandas as pd

from ledger.measures.explainability.surrogate import ALPHA, surrogate_fidelity
from ledger.measures.kit.verdicts import EffectInterval, up_to
from ledger.vocabulary.kinds import Verdict

THRESHOLD = Decimal("0.1")
RUNS = 300
#: Rows that are measured: half of them make the surrogates, and half judge them.
ROWS = (200, 1_000, 5_000)
#: What is left unexplained in truth.
LEFT = (0.05, 0.1, 0.2)


def verdict(rows: int, left: float, seed: int) -> Verdict:
    """Of a model that says a, and so much of its variance by b and c together, which no sum of features says.

    Everything is normal and independent: no line says more than the share 1 - left.
    """
    made = np.random.default_rng([seed, rows, 12])
    features = pd.DataFrame(made.normal(size=(rows, 4)), columns=list("abcd"))
    said = sqrt(1 - left) * features["a"] + sqrt(left) * features["b"] * features["c"]
    found = surrogate_fidelity(features, said.to_numpy()[:, None], is_classifier=False, seed=seed)
    assert found is not None
    return up_to(THRESHOLD).verdict(EffectInterval.outward(found.low, found.high, 4))


def rates(rows: int, left: float, runs: int) -> tuple[float, float]:
    """The share of seeded runs that are called broken, and kept."""
    told = [verdict(rows, left, seed) for seed in range(runs)]
    return told.count("broken") / runs, told.count("kept") / runs


def table() -> Iterator[str]:
    """A line per number of rows: broken and kept, by what is left in truth."""
    yield f"| rows | {' | '.join(f'{left:g}: broken, kept' for left in LEFT)} |\n|---|{'---|' * len(LEFT)}"
    for rows in ROWS:
        told = (rates(rows, left, RUNS) for left in LEFT)
        yield f"| {rows:,} | {' | '.join(f'{broken:.1%}, {kept:.1%}' for broken, kept in told)} |"


def main() -> None:
    """Print the table, each line as soon as it is known."""
    sys.stdout.write(f"Threshold {THRESHOLD}, level {1 - ALPHA:g}, {RUNS} runs each\n")
    for line in table():
        sys.stdout.write(f"{line}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
