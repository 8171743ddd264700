"""How often a test finds a gap where there is none, and where there is one: seeded runs, by kind and gap.

    python -m tests.helpers.alarm_rates

prints two tables, of which docs/method-prediction-bias.md speaks. A run has four slices of equally many rows; the bias, if any,
is in one of them.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain

import numpy as np
import pandas as pd

from ledger import prediction_bias
from ledger.vocabulary.measurements import Measurement

RUNS, BIASED_RUNS = 500, 200
SLICES, ROWS_OF_A_SLICE = 4, 500
BIASED = "slice=0"


@dataclass(frozen=True)
class Scenario:
    """Data of one kind. make: rows and a reference, or none, by generator and the gap of every row. gaps: three sizes."""

    make: Callable[[np.random.Generator, np.ndarray], tuple[pd.DataFrame, pd.DataFrame | None]]
    gaps: tuple[float, float, float] = (0.03, 0.05, 0.10)


def two_classes(rng: np.random.Generator, gap: np.ndarray) -> tuple[pd.DataFrame, None]:
    """A third yes; a tenth of all rows is told wrong, both ways alike, and then so many more are told yes."""
    y = rng.random(len(gap)) < 0.33
    wrong = rng.random(len(gap)) < np.where(y, 0.05 / 0.33, 0.05 / 0.67 + gap / 0.67)
    return pd.DataFrame({"p": np.where(y ^ wrong, "yes", "no"), "y": np.where(y, "yes", "no")}), None


def three_classes(rng: np.random.Generator, gap: np.ndarray) -> tuple[pd.DataFrame, None]:
    """Three classes as often as each other; mistakes go round in a circle; with a gap, so many a are told for b."""
    y = rng.integers(0, 3, len(gap))
    drawn = rng.random(len(gap))
    p = np.where(drawn < 0.15, (y + 1) % 3, y)
    p = np.where((y == 1) & (drawn > 1 - 3 * gap), 0, p)
    return pd.DataFrame({"p": p, "y": y}), None


def other_rows(rng: np.random.Generator, gap: np.ndarray) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Three classes, predicted in these rows and observed in as many others."""
    shares = np.array([0.5, 0.3, 0.2])
    y = rng.choice(3, len(gap), p=shares)
    p = rng.choice(3, len(gap), p=shares)
    p = np.where((p == 1) & (rng.random(len(gap)) < gap / 0.3), 0, p)
    return pd.DataFrame({"p": p}), pd.DataFrame({"y": y})


def probabilities(rng: np.random.Generator, gap: np.ndarray) -> tuple[pd.DataFrame, None]:
    """Probabilities of a third on the mean; with a gap, all of them so much too high."""
    p = rng.beta(2, 4, len(gap)) * 0.85
    return pd.DataFrame({"p": p + gap, "y": (rng.random(len(gap)) < p).astype(int)}), None


def numbers(rng: np.random.Generator, gap: np.ndarray) -> tuple[pd.DataFrame, None]:
    """Numbers with skewed errors of half a standard deviation; the gap is in standard deviations."""
    y = rng.normal(0, 1, len(gap))
    return pd.DataFrame({"p": y + 0.5 * (rng.exponential(1, len(gap)) - 1) + gap, "y": y}), None


SCENARIOS = {
    "labels, two classes": Scenario(two_classes),
    "labels, three classes": Scenario(three_classes),
    "labels, different rows": Scenario(other_rows),
    "probabilities": Scenario(probabilities),
    "numbers": Scenario(numbers, (0.11, 0.15, 0.30)),
}


def runs(
    scenario: Scenario, gap: float, how_many: int, rows_of_a_slice: int = ROWS_OF_A_SLICE
) -> Iterator[Measurement]:
    """Measurements of as many seeded samples. gap: in the first slice; 0 is an unbiased model."""
    slices = np.repeat(np.arange(SLICES), rows_of_a_slice)
    for seed in range(how_many):
        data, reference = scenario.make(np.random.default_rng(seed), np.where(slices == 0, gap, 0.0))
        for frame in (data, reference):
            if frame is not None:
                frame["slice"] = slices
        yield prediction_bias(data, predicted="p", observed="y", slices=["slice"], reference=reference)


def is_significant(found: Measurement) -> bool:
    """Whether any group's corrected p-value is below alpha, whatever the size of its gap."""
    return any(float(finding["p_corrected"]) < 0.05 for finding in found.findings)


def is_detected(found: Measurement) -> bool:
    """Whether the corrected p-value of the slice with the bias is below alpha."""
    return any(finding["slice"] == BIASED and float(finding["p_corrected"]) < 0.05 for finding in found.findings)


def alarms(how_many: int) -> Iterator[str]:
    """A table, line by line: of so many unbiased runs of each kind the share that is significant, and that is called broken."""
    yield "| kind | significant | broken |\n|---|---:|---:|"
    for name, scenario in SCENARIOS.items():
        unbiased = list(runs(scenario, 0.0, how_many))
        rates = [sum(map(is_significant, unbiased)), sum(found.verdict == "broken" for found in unbiased)]
        yield f"| {name} | {' | '.join(f'{rate / how_many:.1%}' for rate in rates)} |"


def detections(how_many: int) -> Iterator[str]:
    """A table, line by line: of so many runs of each kind, gap and size the share that finds the biased slice."""
    yield "| kind | rows of the slice | smallest gap | middle gap | largest gap |\n|---|---:|---:|---:|---:|"
    for name, scenario in SCENARIOS.items():
        for rows in (ROWS_OF_A_SLICE, 4 * ROWS_OF_A_SLICE):
            cells = []
            for gap in scenario.gaps:
                detected = sum(map(is_detected, runs(scenario, gap, how_many, rows)))
                cells.append(f"{gap:.2f}: {detected / how_many:.0%}")
            yield f"| {name} | {rows:,} | {' | '.join(cells)} |"


def main() -> None:
    """Print both tables, each line as soon as it is known: the whole takes seven minutes of processor time."""
    for line in chain(alarms(RUNS), [""], detections(BIASED_RUNS)):
        sys.stdout.write(f"{line}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
