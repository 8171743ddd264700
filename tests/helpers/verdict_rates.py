"""How often a gap is called kept and broken, by its true size: seeded samples, by kind; the power that docs/ draws.

    python -m tests.helpers.verdict_rates docs/power-prediction-bias.svg

draws the page's figure and prints its table. A sample is one group of rows, made as counts or as columns and judged as a
measurement judges it.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ledger.measures.bias.labels import independent_outcome, paired_outcome
from ledger.measures.bias.numbers import CALIBRATION, PAIRED, mean_outcome
from ledger.measures.kit.grouping import WHOLE
from ledger.measures.kit.judging import GroupOutcome, Limits, judged, overall
from ledger.measures.kit.pass_rates import judged_rate

#: Samples of each effect: in the tests, and in the figure.
RUNS, DRAWN_RUNS = 500, 200
ALPHA = Decimal("0.05")
#: Probabilities of half a per cent on the mean, drawn once.
_RARE = np.random.default_rng(0).beta(1, 199, 50_000)
LABELS = ["a", "b"]
THREE = ["a", "b", "c"]
#: True effects that are drawn, in thresholds.
DRAWN = (0.0, 0.5, 0.75, 1.0, 1.25, 1.5, 2.0, 2.5, 3.0)
SEED = 20_26


@dataclass(frozen=True)
class TrueEffect:
    """A kind of sample. make: an outcome of so many rows with a true effect; threshold, ratio: what it is held against.

    at: the effect that is so many thresholds large; sizes: rows, few and many.
    """

    make: Callable[[np.random.Generator, int, float], GroupOutcome]
    at: Callable[[float], float]
    sizes: tuple[int, int]
    threshold: str = "0.02"
    ratio: str | None = None

    @property
    def limits(self) -> Limits:
        """As a measurement has them."""
        return Limits(Decimal(self.threshold), Decimal(self.ratio) if self.ratio else None, ALPHA)


def _two_classes(rng: np.random.Generator, rows: int, gap: float) -> GroupOutcome:
    """A third a; 5 % of rows told wrong either way, and with a gap so many more told a."""
    shares = [0.28, 0.05 + gap, 0.05, 0.62 - gap]
    return paired_outcome(WHOLE, _counts(rng, rows, shares).reshape(2, 2), LABELS, ratios=False)


def _three_apart(rng: np.random.Generator, rows: int, gap: float) -> GroupOutcome:
    """Three classes, in different rows; with a gap, so many b are told for a."""
    predicted, observed = (_counts(rng, rows, shares) for shares in ([0.5 + gap, 0.3 - gap, 0.2], [0.5, 0.3, 0.2]))
    return independent_outcome(WHOLE, predicted, observed, THREE, ratios=False)


def _probabilities(rng: np.random.Generator, rows: int, gap: float) -> GroupOutcome:
    """Probabilities of a third on the mean, all of them so much too high."""
    p = rng.beta(2, 4, rows) * 0.85
    return mean_outcome(WHOLE, p + gap, _came_true(rng, p), CALIBRATION, 1.0, ratios=False)


def _numbers(rng: np.random.Generator, rows: int, gap: float) -> GroupOutcome:
    """Skewed errors of half a standard deviation of what is observed, and the gap."""
    observed = rng.normal(0, 1, rows)
    predicted = observed + 0.5 * (rng.exponential(1, rows) - 1) + gap
    return mean_outcome(WHOLE, predicted, observed, PAIRED, 1.0, ratios=False)


def _rare_labels(rng: np.random.Generator, rows: int, ratio: float) -> GroupOutcome:
    """Half a per cent observed, of which three in five are told; told in all so many times as often."""
    observed, both = 0.005, 0.003
    told = ratio * observed
    shares = [both, told - both, observed - both, 1 - told - observed + both]
    return paired_outcome(WHOLE, _counts(rng, rows, shares).reshape(2, 2), LABELS, ratios=True)


def _rare_apart(rng: np.random.Generator, rows: int, ratio: float) -> GroupOutcome:
    """The same in different rows, of which the reference has twice as many."""
    told = 0.005 * ratio
    predicted, observed = _counts(rng, rows, [told, 1 - told]), _counts(rng, 2 * rows, [0.005, 0.995])
    return independent_outcome(WHOLE, predicted, observed, LABELS, ratios=True)


def _rare_probabilities(rng: np.random.Generator, rows: int, ratio: float) -> GroupOutcome:
    """Half a per cent comes true, and the probabilities are so many times as large."""
    p = _RARE[:rows]
    return mean_outcome(WHOLE, np.minimum(p * ratio, 1.0), _came_true(rng, p), CALIBRATION, 1.0, ratios=True)


def _gap(threshold: float) -> Callable[[float], float]:
    return lambda times: threshold * times


def _times(ratio: float) -> Callable[[float], float]:
    """Thresholds of a ratio are steps of its logarithm: twice 1.25 is 1.25 squared."""
    return lambda times: ratio**times


KINDS = {
    "labels": TrueEffect(_two_classes, _gap(0.02), (500, 4_000)),
    "labels, different rows": TrueEffect(_three_apart, _gap(0.02), (2_000, 24_000)),
    "probabilities": TrueEffect(_probabilities, _gap(0.02), (1_000, 8_000)),
    "numbers": TrueEffect(_numbers, _gap(0.1), (100, 800), "0.1"),
    "rare labels": TrueEffect(_rare_labels, _times(1.25), (4_000, 100_000), ratio="1.25"),
    "rare labels, different rows": TrueEffect(_rare_apart, _times(1.25), (4_000, 100_000), ratio="1.25"),
    "rare probabilities": TrueEffect(_rare_probabilities, _times(1.25), (4_000, 50_000), ratio="1.25"),
}


def verdicts(kind: TrueEffect, times: float, rows: int, runs: int = RUNS) -> Counter[str]:
    """How often each verdict, in so many samples whose true effect is so many thresholds."""
    rng = np.random.default_rng([SEED, rows, round(100 * times)])
    effect = kind.at(times)
    return Counter(overall(judged([kind.make(rng, rows, effect)], kind.limits)) for _ in range(runs))


def pass_rate_verdicts(rate: float, threshold: str, inputs: int, runs: int = RUNS) -> Counter[str]:
    """The same of a case of robustness whose inputs come out right at such a rate."""
    drawn = np.random.default_rng([SEED, inputs]).binomial(inputs, rate, runs)
    told = {int(hits): judged_rate(int(hits), inputs, Decimal(threshold)).verdict for hits in set(drawn.tolist())}
    return Counter(told[int(hits)] for hits in drawn)


def _counts(rng: np.random.Generator, rows: int, shares: list[float]) -> NDArray[np.int64]:
    return rng.multinomial(rows, shares)


def _came_true(rng: np.random.Generator, p: NDArray[np.float64]) -> NDArray[np.float64]:
    return (rng.random(len(p)) < p).astype(float)


def draw(path: Path, runs: int = DRAWN_RUNS) -> list[str]:
    """Draw a panel per kind, and give the lines of the table: at none, at the threshold, at twice it."""
    import matplotlib as mpl

    mpl.use("Agg")
    mpl.rcParams["svg.hashsalt"] = "verdicts"
    mpl.rcParams["svg.fonttype"] = "none"
    from matplotlib import pyplot as plt

    figure, panels = plt.subplots(2, 4, figsize=(13, 6), sharex=True, sharey=True, layout="constrained")
    lines = ["| kind | rows | none: kept, broken | at the threshold: kept, broken | twice: kept, broken |"]
    lines.append("|---|---:|---:|---:|---:|")
    for panel, (name, kind) in zip(panels.flat, KINDS.items(), strict=False):
        for rows, style in zip(kind.sizes, ("--", "-"), strict=True):
            rates = {times: verdicts(kind, times, rows, runs) for times in DRAWN}
            for verdict, colour in (("kept", "#2a6f4e"), ("broken", "#a4302a")):
                heights = [100 * rates[times][verdict] / runs for times in DRAWN]
                panel.plot(DRAWN, heights, style, color=colour, label=f"{verdict}, {rows:,} rows", linewidth=1.4)
            cells = [f"{rates[times]['kept'] / runs:.1%}, {rates[times]['broken'] / runs:.1%}" for times in (0, 1, 2)]
            lines.append(f"| {name} | {rows:,} | {' | '.join(cells)} |")
        panel.axvline(1, color="#888888", linewidth=0.8)
        panel.set_title(name, fontsize=10)
        panel.legend(fontsize=7, loc="center right", frameon=False)
    panels.flat[-1].axis("off")
    figure.supxlabel("true effect, in thresholds (of a ratio in steps of its logarithm)", fontsize=9)
    figure.supylabel("samples, %", fontsize=9)
    figure.savefig(path, metadata={"Date": None})
    return lines


if __name__ == "__main__":
    sys.stdout.write("\n".join(draw(Path(sys.argv[1]))) + "\n")
