"""`debt measure drift`, `explainability`, `comprehensibility`: from files to a recorded measurement, and no further."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import skops.io
from sklearn.datasets import load_diabetes
from sklearn.ensemble import RandomForestRegressor
from sklearn.linear_model import LinearRegression

from tests.helpers.refusals import one_line
from tests.helpers.teller import Teller

DIABETES, PROGRESS = load_diabetes(return_X_y=True, as_frame=True)


@pytest.fixture(autouse=True)
def _files(tmp_path: Path) -> None:
    """Data, models and code, where the teller stands."""
    numbers = np.random.default_rng(1).normal(size=500)
    pd.DataFrame({"x": numbers, "amount": numbers}).to_parquet("before.parquet")
    pd.DataFrame({"x": numbers, "amount": numbers + 1}).to_csv("now.csv", index=False)
    DIABETES.assign(y=PROGRESS).to_csv("data.csv", index=False)
    skops.io.dump(LinearRegression().fit(DIABETES, PROGRESS), "model.skops")
    skops.io.dump(RandomForestRegressor(3, random_state=0).fit(DIABETES, PROGRESS), "forest.skops")
    Path("code").mkdir()
    Path("code/a.py").write_text("def f(x):\n" + "    if x:\n        pass\n" * 11, encoding="utf-8")
    Path("named.parquet").write_text("x\n1\n", encoding="utf-8")


LINES = {
    "drift": "measure drift FRAUD --reference before.parquet --live now.csv",
    "explainability": "measure explainability FRAUD --model model.skops --data data.csv --target y --threshold 0.1",
    "comprehensibility": "measure comprehensibility FRAUD --repo code --threshold 0.5",
}


@pytest.mark.parametrize(
    ("kind", "value", "verdict", "files"),
    [
        ("drift", "0.4000", "broken", {"reference", "live"}),
        ("explainability", "0.0000", "kept", {"model", "data"}),
        ("comprehensibility", "1.0000", "broken", {"code"}),
    ],
)
def test_a_measurement_is_printed_and_recorded_as_it_was_made(
    teller: Teller, kind: str, value: str, verdict: str, files: set[str]
) -> None:
    """One event, with the findings and the fingerprints."""
    if kind == "drift":
        value = _statistic()
    printed = teller.ask(LINES[kind])
    assert (printed["value"], printed["verdict"]) == (value, verdict)
    assert set(printed["files"]) - {"git-revision"} == files
    recorded = teller.ask("log")[-1]
    assert recorded["stored_as"] == "expectation-measured/2"
    for name in ("value", "verdict", "findings", "figures", "files", "settings"):
        assert recorded["data"][name] == printed[name]


def _statistic() -> str:
    """The largest gap between the two cumulative distributions, counted."""
    before, now = (np.sort(frame["amount"]) for frame in (pd.read_parquet("before.parquet"), pd.read_csv("now.csv")))
    every = np.concatenate([before, now])
    gaps = np.searchsorted(before, every, "right") / 500 - np.searchsorted(now, every, "right") / 500
    return f"{np.abs(gaps).max():.4f}"


def test_a_breach_exits_with_4_where_it_is_asked_for_and_the_feature_is_named(teller: Teller) -> None:
    """Without it, 0: a measurement was made."""
    assert teller.type(LINES["drift"]).exit_code == 0
    reply = teller.type(f"{LINES['drift']} --fail-on breach --again")
    assert reply.exit_code == 4
    assert "1 of 2 features drifted; 'amount' moved most." in reply.out
    assert teller.type(f"{LINES['drift']} --feature x --fail-on breach").exit_code == 0


@pytest.mark.parametrize("form", ["table", "csv", "json"])
@pytest.mark.parametrize("kind", LINES)
def test_a_dry_run_prints_in_every_form_and_records_nothing(teller: Teller, kind: str, form: str) -> None:
    """Not even what a breach would."""
    before = teller.counts
    assert teller.do(f"{LINES[kind]} --dry-run --format {form}").out
    assert teller.counts == before


def test_a_monitor_measures_again_what_it_documents(teller: Teller) -> None:
    """With the settings that were typed once; a forest's type is trusted by its name."""
    how = "--alerts yes --remediation manual --plan 'Look at it.'"
    teller.do(
        f"monitor FRAUD input --what drift --threshold 0.1 {how} --reference before.parquet --feature amount",
        f"monitor FRAUD reasons --what explainability --threshold 0.6 {how} --model forest.skops "
        "--trust-type sklearn.tree._tree.Tree",
        f"monitor FRAUD code --what comprehensibility --threshold 0.5 {how}",
    )
    for name, file, code in (("input", "now.csv", 4), ("reasons", "data.csv", 0), ("code", "code", 4)):
        reply = teller.type(f"measure --monitor {name} {file} --fail-on breach")
        assert reply.exit_code == code, reply.err
        assert teller.ask("log")[-1]["data"]["monitor"] == name


BAD: dict[str, tuple[str, int, str]] = {
    "no files": ("measure drift FRAUD", 2, "Missing: --reference, --live."),
    "no model": ("measure explainability FRAUD", 2, "Missing: --model, --data."),
    "no repo": ("measure comprehensibility FRAUD", 2, "Missing: --repo."),
    "an absent file": ("measure drift FRAUD --reference before.parquet --live no.csv", 2, "no.csv cannot be read"),
    "another format": ("measure drift FRAUD --reference named.parquet --live now.csv", 2, "not what its name says"),
    "an absent column": (f"{LINES['drift']} --feature y", 2, "before.parquet has no column 'y' (--feature)"),
    "an untrusted type": (
        "measure explainability FRAUD --model forest.skops --data data.csv",
        1,
        "--trust-type NAME trusts one of them",
    ),
    "an absent target": (f"{LINES['explainability']} --target z", 2, "data.csv has no column 'z' (--target)"),
    "row 0": (f"{LINES['explainability']} --row 0", 2, "--row"),
    "an absent folder": ("measure comprehensibility FRAUD --repo no", 2, "There is no folder no."),
    "no Python": ("measure comprehensibility FRAUD --repo .venv", 2, "no folder"),
    "a threshold of 3": ("measure comprehensibility FRAUD --repo code --threshold 3", 2, "--threshold is '3'"),
    "no such system": ("measure comprehensibility NOSUCH --repo code", 1, "NOSUCH"),
}


@pytest.mark.parametrize("about", BAD)
def test_what_cannot_be_measured_records_nothing(teller: Teller, about: str) -> None:
    """File and column are named; 2 for wrong usage, 1 for a rule."""
    line, code, says = BAD[about]
    before = teller.counts
    reply = teller.type(line)
    assert (reply.exit_code, teller.counts, reply.out) == (code, before, ""), reply.err
    assert says in one_line(reply.err)


def test_a_trusted_model_is_measured_with_a_warning_on_standard_error(teller: Teller) -> None:
    """Standard output stays what was asked for."""
    reply = teller.do("measure explainability FRAUD --model forest.skops --data data.csv --trust --format json")
    assert "forest.skops is loaded with types that are not known to be harmless: sklearn.tree._tree.Tree." in reply.err
    found: Any = json.loads(reply.out)
    assert found["figures"]["features"] == "10"
