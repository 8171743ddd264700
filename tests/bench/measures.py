"""Measuring a million rows: prediction bias and drift, against bare pandas and scipy."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

from ledger import drift, prediction_bias
from tests.bench.floors import shares
from tests.bench.floors.moved import moved
from tests.bench.results import Result, duration, timed

ROWS = 1_000_000
ROWS_OF_SIX = 5_000_000
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


def large_drifts(cache: Path) -> list[Result]:
    """Drift of six columns between two files of five million rows, once, each in a process of its own."""
    files = [_six_columns(cache, seed) for seed in (0, 1)]
    seconds, held = _alone("ledger.measures.drift.drift", "drift", files)
    seconds_bare, held_bare = _alone("tests.bench.floors.moved", "moved", files)
    what = f"drift, 6 columns of {ROWS_OF_SIX:,} rows"
    memory = (f"{held / 1e6:,.0f} MB", f"{held_bare / 1e6:,.0f} MB")
    return [
        duration(f"{what} / pandas and scipy", [seconds], [seconds_bare], at_most=2.0),
        Result(f"{what}: most memory, in GB", *memory, ratio=held / 1e9, at_most=1.0),
    ]


_ALONE = """
import resource, sys, time
from {module} import {function}
start = time.perf_counter()
{function}(*sys.argv[1:])
print(time.perf_counter() - start, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024)
"""


def _alone(module: str, function: str, files: list[Path]) -> tuple[float, float]:
    """The seconds that a function takes of two files, without its imports, and the most bytes that its process held."""
    script = _ALONE.format(module=module, function=function)
    told = subprocess.run([sys.executable, "-c", script, *map(str, files)], check=True, capture_output=True, text=True)
    seconds, held = map(float, told.stdout.split())
    return seconds, held


def _six_columns(cache: Path, seed: int) -> Path:
    """Three quantities, two columns of categories and a count; made once."""
    path = cache / f"six-{ROWS_OF_SIX}-{seed}.parquet"
    if not path.exists():
        cache.mkdir(parents=True, exist_ok=True)
        rng = np.random.default_rng(seed)
        columns = {
            "amount": rng.lognormal(3, 1, ROWS_OF_SIX),
            "age": rng.normal(40, 12, ROWS_OF_SIX),
            "score": rng.random(ROWS_OF_SIX, dtype=np.float32),
            "merchant": np.array([f"m{number}" for number in range(500)])[rng.integers(0, 500, ROWS_OF_SIX)],
            "region": _CLASSES[rng.integers(0, 4, ROWS_OF_SIX)],
            "items": rng.poisson(3, ROWS_OF_SIX).astype(float),
        }
        pd.DataFrame(columns).to_parquet(path)
    return path


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
