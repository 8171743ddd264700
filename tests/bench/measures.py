"""Measuring a million rows: prediction bias and drift, against bare pandas and scipy."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

from ledger import drift, prediction_bias
from tests.bench.floors import shares
from tests.bench.floors.moved import moved
from tests.bench.results import Result, duration, timed

ROWS = 1_000_000
_CLASSES = np.array(["none", "low", "middle", "high"])


def prediction_biases(cache: Path, turns: int) -> list[Result]:
    """Three kinds of columns, with one slice column of four values; what both find is compared."""
    path = _scored(cache)
    asked: dict[str, tuple[str, str, Callable[..., list[float]]]] = {
        "labels": ("label", "outcome", shares.labels),
        "probabilities": ("probability", "came_true", shares.probabilities),
        "numbers": ("estimate", "amount", shares.numbers),
    }
    return [_against(path, kind, *columns, turns) for kind, columns in asked.items()]


def _against(
    path: Path, kind: str, predicted: str, observed: str, floor: Callable[..., list[float]], turns: int
) -> Result:
    ours: list[float] = []
    bare: list[float] = []
    for turn in range(turns + 1):
        seconds, found = timed(prediction_bias, path, predicted=predicted, observed=observed, slices=["region"])
        seconds_bare, p_values = timed(floor, path, predicted, observed, ["region"])
        of_groups = {finding["slice"]: float(finding["p"]) for finding in found.findings}
        assert np.allclose(sorted(of_groups.values()), sorted(p_values), atol=1e-6)
        if turn:  # the first one imports, and reads the file into memory
            ours.append(seconds)
            bare.append(seconds_bare)
    return duration(f"prediction bias, {kind}, {ROWS:,} rows / pandas", ours, bare, at_most=1.3)


def drifts(cache: Path, turns: int) -> list[Result]:
    """Drift of every column between two files of a million rows; what both find is compared."""
    reference, live = _scored(cache), _scored(cache, seed=1)
    ours: list[float] = []
    bare: list[float] = []
    for turn in range(turns + 1):
        seconds, found = timed(drift, reference, live)
        seconds_bare, p_values = timed(moved, reference, live)
        of_features = {finding["feature"]: float(finding["p"]) for finding in found.findings}
        assert of_features.keys() == p_values.keys()
        assert all(abs(of_features[name] - p_values[name]) < 1e-6 for name in p_values)
        if turn:
            ours.append(seconds)
            bare.append(seconds_bare)
    return [duration(f"drift, {len(p_values)} columns of {ROWS:,} rows / pandas", ours, bare, at_most=1.3)]


def _scored(cache: Path, seed: int = 0) -> Path:
    """A Parquet of a million rows and more columns than are asked for, made once."""
    path = cache / f"scored-{ROWS}-{seed}.parquet"
    if not path.exists():
        cache.mkdir(parents=True, exist_ok=True)
        rng = np.random.default_rng(seed)
        outcome = rng.choice(4, ROWS, p=[0.4, 0.3, 0.2, 0.1])
        label = np.where(rng.random(ROWS) < 0.8, outcome, rng.choice(4, ROWS, p=[0.4, 0.3, 0.2, 0.1]))
        probability, amount = rng.beta(2, 4, ROWS), rng.normal(100, 20, ROWS)
        columns = {
            "label": _CLASSES[label],
            "outcome": _CLASSES[outcome],
            "region": np.array(["north", "south", "east", "west"])[rng.integers(0, 4, ROWS)],
            "probability": probability,
            "came_true": (rng.random(ROWS) < probability).astype(int),
            "amount": amount,
            "estimate": amount + rng.normal(0, 10, ROWS),
            **{f"feature_{number}": rng.random(ROWS, dtype=np.float32) for number in range(4)},
        }
        pd.DataFrame(columns).to_parquet(path)
    return path
