"""Drift by period: what moved in the middle, and moved back, is seen, and heads what is told."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from ledger import drift
from ledger.vocabulary.errors import Unreadable

MONTHS = ("2026-01", "2026-02", "2026-03", "2026-04", "2026-05", "2026-06")
EACH = 700


def drawn(moved: dict[str, float], rng: np.random.Generator) -> pd.DataFrame:
    """Six months, shuffled; in some of them the amount moved, by so many deviations."""
    months = [
        pd.DataFrame(
            {
                "amount": rng.normal(moved.get(month, 0.0), 1, EACH),
                "town": rng.choice(list("abc"), EACH),
                "day": [f"{month}-{day:02}" for day in rng.integers(1, 29, EACH)],
            }
        )
        for month in MONTHS
    ]
    return pd.concat(months).sample(frac=1, random_state=1)


RNG = np.random.default_rng(4)
BEFORE = drawn({}, RNG)[["amount", "town"]]
#: One month of six: in all of them together it is diluted to a sixth.
MIDDLE = drawn({"2026-03": 0.9}, RNG)


@pytest.mark.parametrize("form", ["frame", "parquet", "csv"])
def test_what_moved_in_the_middle_shows_in_its_month(form: str, tmp_path: Path) -> None:
    files: list[Any] = [BEFORE, MIDDLE]
    if form != "frame":
        files = [tmp_path / f"before.{form}", tmp_path / f"now.{form}"]
        for path, frame in zip(files, (BEFORE, MIDDLE), strict=True):
            frame.to_parquet(path) if form == "parquet" else frame.to_csv(path, index=False)
    assert drift(*files, time="day").verdict == "kept"
    found = drift(*files, time="day", by="month")
    first = found.findings[0]
    assert (first["period"], first["feature"], first["verdict"]) == ("2026-03", "amount", "broken")
    assert (found.verdict, found.value, found.rows) == ("broken", first["effect"], len(MIDDLE))
    assert found.sentences[0] == "1 of 2 features drifted; 'amount' moved most in 2026-03."
    by_period = next(sentence for sentence in found.sentences if sentence.startswith("By period: "))
    told = [part.split(" ")[:2] for part in by_period.removeprefix("By period: ").split("; ")]
    assert [period for period, _ in told] == list(MONTHS)
    assert ["2026-03", "broken"] in told
    assert {verdict for period, verdict in told if period != "2026-03"} <= {"kept", "undecided"}
    assert {each.series: each.verdict for each in found.series}["amount"] == "broken"


def test_a_period_is_measured_as_its_rows_alone_would_be() -> None:
    """But for the bounds, which are shared among all that is judged."""
    found = drift(BEFORE, MIDDLE, time="day", by="month")
    for month in MONTHS:
        alone = drift(BEFORE, MIDDLE[MIDDLE["day"].str.startswith(month)][["amount", "town"]])
        for feature in ("amount", "town"):
            (one,) = [
                f for f in found.findings if (f.get("period"), f["feature"], f.get("of")) == (month, feature, "values")
            ]
            (other,) = [f for f in alone.findings if (f["feature"], f.get("of")) == (feature, "values")]
            assert {name: one[name] for name in ("effect", "p", "test", "rows-now", "high")} == {
                name: other[name] for name in ("effect", "p", "test", "rows-now", "high")
            }


def test_quarters_are_those_of_the_fiscal_year() -> None:
    """The year begins in February: January is of the quarter before."""
    found = drift(BEFORE, MIDDLE, time="day", by="quarter", first_month=2)
    assert {each["period"] for each in found.findings if "period" in each} == {"2026Q4", "2027Q1", "2027Q2"}


def test_rows_without_a_date_are_an_error_and_never_left_out() -> None:
    with pytest.raises(Unreadable, match=r"'day' of The live data \(--time\) has rows without a date"):
        drift(BEFORE, MIDDLE.assign(day=[None, *MIDDLE["day"][1:]]), time="day", by="month")


def test_a_month_of_few_rows_is_told_and_not_judged() -> None:
    few = pd.concat([MIDDLE, pd.DataFrame({"amount": [9.0] * 30, "town": "a", "day": "2026-07-01"})])
    found = drift(BEFORE, few, time="day", by="month")
    told = [each for each in found.findings if each.get("period") == "2026-07" and each.get("of") == "values"]
    assert {each["verdict"] for each in told} == {"undecided"}
    assert all("too few to judge" in each["note"] for each in told)
