"""How often a verdict is false, and how often it is told: 500 seeded samples of each kind and size of the effect."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.helpers.verdict_rates import KINDS, RUNS, draw, pass_rate_verdicts, verdicts

#: What is stated: a/2 in either direction; of all samples without an effect a. Two points for 500 samples.
ERROR, ALARMS, POINTS = 0.025, 0.05, 0.02
SIZES = [(name, size) for name in KINDS for size in (0, 1)]


@pytest.mark.reliability
@pytest.mark.parametrize(("name", "size"), SIZES)
def test_at_the_threshold_either_verdict_is_as_rare_as_is_stated(name: str, size: int) -> None:
    """There the point estimate would call one half of the samples broken, and the other kept."""
    kind = KINDS[name]
    told = verdicts(kind, 1, kind.sizes[size])
    assert told["broken"] / RUNS <= ERROR + POINTS
    assert told["kept"] / RUNS <= ERROR + POINTS


@pytest.mark.reliability
@pytest.mark.parametrize(("name", "size"), SIZES)
def test_without_an_effect_an_alarm_is_rare_and_many_rows_are_kept(name: str, size: int) -> None:
    kind = KINDS[name]
    told = verdicts(kind, 0, kind.sizes[size])
    assert told["broken"] / RUNS <= ALARMS
    assert size == 0 or told["kept"] / RUNS >= 0.75


@pytest.mark.reliability
@pytest.mark.parametrize(("name", "size"), SIZES)
def test_twice_the_threshold_is_never_kept_and_mostly_found_in_many_rows(name: str, size: int) -> None:
    kind = KINDS[name]
    told = verdicts(kind, 2, kind.sizes[size])
    assert told["kept"] / RUNS <= ERROR
    assert size == 0 or told["broken"] / RUNS >= 0.75


@pytest.mark.parametrize("inputs", [10, 40, 100, 1_000])
def test_a_case_is_judged_falsely_as_rarely_as_is_stated(inputs: int) -> None:
    """At the threshold, at every input right, at half the threshold."""
    at = pass_rate_verdicts(0.9, "0.9", inputs)
    assert max(at["kept"], at["broken"]) / RUNS <= ERROR + POINTS
    assert pass_rate_verdicts(1.0, "0.9", inputs)["broken"] == 0
    assert pass_rate_verdicts(0.45, "0.9", inputs)["kept"] == 0
    assert inputs < 100 or pass_rate_verdicts(0.45, "0.9", inputs)["broken"] == RUNS


@pytest.mark.reliability
def test_the_figure_is_drawn_alike_each_time(tmp_path: Path) -> None:
    """Of two samples each, so that it is soon done; the page has that of 200."""
    one, other = tmp_path / "one.svg", tmp_path / "other.svg"
    assert draw(one, 2) == draw(other, 2)
    assert one.read_bytes() == other.read_bytes()
