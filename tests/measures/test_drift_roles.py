"""Columns that are no features: told by a role, or recognised by what they hold; and what the space of columns comes to."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from ledger import drift
from ledger.vocabulary.measure_settings import DriftSettings
from ledger.vocabulary.measurements import Measurement

ROWS = 1_200
RNG = np.random.default_rng(11)


def instants(unit: int) -> Any:
    """A time a minute, in the century, since 1970."""
    return (1_760_000_000 + 60 * np.arange(ROWS)) * unit


#: What a column holds before, and now; and the role that it looks like, '' for a feature.
COLUMNS: dict[str, tuple[Any, Any, str]] = {
    "row": (np.arange(ROWS), np.arange(ROWS) + ROWS, "id"),
    "row_backwards": (np.arange(ROWS)[::-1], np.arange(ROWS)[::-1] + ROWS, "id"),
    "shuffled": (RNG.permutation(ROWS), RNG.permutation(ROWS) + ROWS, "id"),
    "rising": (np.cumsum(RNG.integers(1, 90, ROWS)), np.cumsum(RNG.integers(1, 90, ROWS)) + 10**6, "id"),
    "customer_id": (RNG.integers(0, 10**6, ROWS), RNG.integers(10**6, 10**7, ROWS), "id"),
    "customerId": (RNG.integers(0, 10**6, ROWS), RNG.integers(10**6, 10**7, ROWS), "id"),
    "token": ([f"a{n:x}" for n in range(ROWS)], [f"b{n:x}" for n in range(ROWS)], "id"),
    "user_key": (
        [f"k{n}" for n in RNG.integers(0, 3_000, ROWS)],
        [f"q{n}" for n in RNG.integers(0, 3_000, ROWS)],
        "id",
    ),
    "__index_level_0__": (RNG.integers(0, 9, ROWS), RNG.integers(5, 14, ROWS), "id"),
    "Unnamed: 0": (RNG.integers(0, 9, ROWS), RNG.integers(5, 14, ROWS), "id"),
    "seconds": (instants(1), instants(1) + 10**7, "time"),
    "milliseconds": (instants(1_000), instants(1_000) + 10**10, "time"),
    "nanoseconds": (instants(10**9), instants(10**9) + 10**16, "time"),
    "ts": (RNG.permutation(instants(1)), RNG.permutation(instants(1)) + 10**7, "time"),
    "days": (
        np.sort(RNG.integers(20_260_101, 20_260_128, ROWS)),
        np.sort(RNG.integers(20_270_101, 20_270_128, ROWS)),
        "time",
    ),
    "amount": (RNG.normal(50, 9, ROWS), RNG.normal(90, 9, ROWS), ""),
    "cents": (RNG.integers(0, 9_999, ROWS), RNG.integers(5_000, 14_999, ROWS), ""),
    "revenue": (RNG.integers(10**6, 10**9, ROWS), RNG.integers(10**9, 10**10, ROWS), ""),
    "store_id": (RNG.integers(0, 15, ROWS), RNG.integers(8, 23, ROWS), ""),
    "width": (RNG.normal(3, 1, ROWS).round(2), RNG.normal(6, 1, ROWS).round(2), ""),
    "date_of_offer": (RNG.choice(list("abc"), ROWS), RNG.choice(list("cde"), ROWS), ""),
    "flag": (RNG.random(ROWS) < 0.2, RNG.random(ROWS) < 0.7, ""),
}
BEFORE = pd.DataFrame({name: before for name, (before, _, _) in COLUMNS.items()})
NOW = pd.DataFrame({name: now for name, (_, now, _) in COLUMNS.items()})


def verdicts(found: Measurement) -> dict[str, set[str]]:
    """What was said of each column."""
    return {name: {each["verdict"] for each in found.findings if each["feature"] == name} for name in COLUMNS}


@pytest.mark.parametrize("form", ["frame", "csv"])
def test_every_column_that_moved_is_broken_unless_it_looks_like_no_feature(form: str, tmp_path: Path) -> None:
    """All of them moved; those with a role are said to be recognised, with the reason, and are no series."""
    files: list[Any] = [BEFORE, NOW]
    if form == "csv":
        files = [tmp_path / "before.csv", tmp_path / "now.csv"]
        for path, frame in zip(files, (BEFORE, NOW), strict=True):
            frame.to_csv(path, index=False)
    found = drift(*files)
    wrong = {
        name: verdicts(found)[name]
        for name, (_, _, role) in COLUMNS.items()
        if (verdicts(found)[name] == {"not-judged"}) != bool(role) or ("broken" in verdicts(found)[name]) == bool(role)
    }
    assert wrong == {}
    features = {name for name, (_, _, role) in COLUMNS.items() if not role}
    assert {each.series for each in found.series} == features
    assert found.sentences[0].startswith(f"{len(features)} of {len(features)} features drifted")
    (said,) = [
        sentence for sentence in found.sentences if sentence.startswith("Not judged: 'row' (id: numbers its rows")
    ]
    assert "`--feature COL` judges a column whatever it looks like." in said


#: Of values that each stand once nobody can say more than that: every one of live had to be new.
ONCE_EACH = ("token",)


@pytest.mark.parametrize("name", [name for name, (_, _, role) in COLUMNS.items() if role and name not in ONCE_EACH])
def test_whoever_names_a_column_has_it_judged(name: str) -> None:
    found = drift(BEFORE[[name, "flag"]], NOW[[name, "flag"]], features=[name])
    assert "broken" in verdicts(found)[name]
    assert [each.series for each in found.series] == [name]


@pytest.mark.parametrize("role", DriftSettings.roles)
def test_a_column_with_a_told_role_is_not_judged_wherever_it_stands(role: str) -> None:
    """In both files, or in one of them; it is said which role it has."""
    option: dict[str, Any] = {"id": {"ids": ["amount"]}, "prediction": {"predictions": ["amount"]}}.get(
        role, {role: ["amount"] if role == "exclude" else "amount"}
    )
    steady = BEFORE[["amount"]].assign(x=BEFORE["width"])
    moved = NOW[["amount"]].assign(x=BEFORE["width"])
    for before, now in ((steady, moved), (steady, moved[["x"]]), (steady[["x"]], moved)):
        found = drift(before, now, **option)
        (told,) = [each for each in found.findings if each["feature"] == "amount"]
        assert (told["verdict"], told["role"], told["note"]) == ("not-judged", role, f"named by --{role}")
        assert found.verdict == "kept"
        assert found.settings[role] == ("amount",)


def test_a_column_that_looks_like_an_identifier_may_be_gone() -> None:
    """And so may a date; a feature may not."""
    days = pd.date_range("2026-01-01", periods=ROWS)
    before = BEFORE[["width", "token", "row"]].assign(day=days)
    found = drift(before, BEFORE[["width"]])
    assert found.verdict == "kept"
    assert "Only in the reference: 'token', 'row', 'day'." in found.sentences
    assert drift(before, BEFORE[["row"]]).verdict == "broken"
