"""What a breach says of itself in the books: what was broken, by the figures of that series and of no other."""

from __future__ import annotations

import re
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest

from ledger import drift, prediction_bias
from ledger.decide.robustness import DocumentRobustness
from ledger.services.judged import Judged
from ledger.services.robustness import judged_case
from ledger.vocabulary.measurements import Measurement


def flagged(rows: int, observed: int, predicted: int, **more: str) -> pd.DataFrame:
    """Rows of which so many are observed, and so many predicted, to be bad; the others are good."""
    columns = {name: ["bad"] * count + ["good"] * (rows - count) for name, count in (("y", observed), ("p", predicted))}
    return pd.DataFrame(columns).assign(**more)


def moved() -> Measurement:
    """Features a and b drifted, a further than b, and c stayed."""
    rng = np.random.default_rng(7)
    before = pd.DataFrame(rng.normal(size=(2_000, 3)), columns=["a", "b", "c"])
    return drift(before, before.add([2.0, 1.0, 0.0]))


def biased(**held: str) -> Measurement:
    """Two slices of other sizes are broken, and so is the whole."""
    north, south = flagged(8_000, 2_000, 2_450, seg="north"), flagged(4_000, 1_000, 1_900, seg="south")
    return prediction_bias(pd.concat([north, south]), predicted="p", observed="y", slices=["seg"], **held)  # type: ignore[arg-type]


@pytest.mark.parametrize("found", [biased(), biased(ratio="1.1"), moved()], ids=["bias", "both", "drift"])
def test_each_series_is_told_by_its_own_figure(found: Measurement) -> None:
    judged = Judged(measurement=found, system="FRAUD")
    broken = [name for name in judged.series("broken") if name is not None]
    assert len(broken) >= 2
    for name in broken:
        told = judged.found([name])
        own = [each for each in found.findings if name in (each.get("slice"), each.get("feature"))]
        largest = max(abs(Decimal(each.get("gap") or each["effect"])) for each in own if each["verdict"] == "broken")
        assert re.search(rf"{found.kind.headline} (\S+),", told + ",").group(1).rstrip(",;") == str(largest)  # type: ignore[union-attr]
        others = [other for other in broken if other != name and not name.startswith(other)]
        assert not any(re.search(rf"\b{re.escape(other)}\b", told) for other in others if other != "all")


def test_several_series_are_told_each_once() -> None:
    judged = Judged(measurement=moved(), system="FRAUD")
    told = judged.found(["a", "b"])
    assert told.count("largest-drift") == 2


def test_a_breach_of_the_ratio_alone_says_so_and_not_that_the_threshold_is_broken() -> None:
    found = prediction_bias(flagged(20_000, 1_000, 1_300), predicted="p", observed="y", ratio="1.1")
    (broken,) = [each for each in found.findings if each["verdict"] == "broken"]
    assert Decimal(broken["high"]) < Decimal(found.threshold or 0)
    told = Judged(measurement=found, system="FRAUD").found([None])
    assert "over the threshold" not in told
    assert f"ratio {broken['ratio']} (interval {broken['ratio_low']} to {broken['ratio_high']}), past 1.1" in told
    assert f"largest-gap {found.value}" in told


def test_a_breach_of_both_names_both() -> None:
    found = prediction_bias(flagged(20_000, 1_000, 3_000), predicted="p", observed="y", ratio="1.1")
    told = Judged(measurement=found, system="FRAUD").found([None])
    assert f"largest-gap {found.value}" in told
    assert "over the threshold 0.02" in told
    assert "past 1.1" in told


def test_a_case_is_named_once() -> None:
    case = DocumentRobustness(system="FRAUD", case="30", perturbation="rotated", passed=10, of=100, data="d1")
    told = judged_case(case, "0.9", None).found(["30"])
    assert told.count("Broken") == 1
    assert "pass-rate 0.100000, under the threshold 0.9" in told
