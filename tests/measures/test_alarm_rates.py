"""How often a test alarms of an unbiased model, and finds a bias: docs/method-prediction-bias.md says what is held."""

from __future__ import annotations

import pytest
from scipy.stats import binom

from tests.helpers.alarm_rates import RUNS, SCENARIOS, is_detected, is_significant, runs

ALPHA = 0.05


@pytest.mark.reliability
def test_an_unbiased_model_seldom_alarms_and_a_large_bias_is_nearly_always_caught() -> None:
    """Thirty runs of the commonest kind; the rates themselves need more (below)."""
    scenario = SCENARIOS["labels, two classes"]
    alarms = sum(map(is_significant, runs(scenario, 0.0, 30)))
    assert alarms <= binom.ppf(0.9999, 30, ALPHA)
    detected = [is_detected(found) for found in runs(scenario, 0.10, 10)]
    assert sum(detected) >= 8


@pytest.mark.reliability
@pytest.mark.parametrize("kind", SCENARIOS)
def test_an_unbiased_model_alarms_no_more_often_than_was_allowed(kind: str) -> None:
    """500 seeded runs with five groups each: in one of twenty something is significant, or more seldom; and not never."""
    unbiased = list(runs(SCENARIOS[kind], 0.0, RUNS))
    significant = sum(map(is_significant, unbiased))
    assert binom.ppf(0.0001, RUNS, ALPHA / 2) <= significant <= binom.ppf(0.9999, RUNS, ALPHA)
    assert sum(found.verdict == "broken" for found in unbiased) <= significant


@pytest.mark.reliability
@pytest.mark.parametrize("kind", SCENARIOS)
def test_larger_biases_are_caught_more_often(kind: str) -> None:
    """Three sizes of the bias in one slice of four."""
    scenario = SCENARIOS[kind]
    small, middle, large = (sum(map(is_detected, runs(scenario, gap, 50))) for gap in scenario.gaps)
    assert small <= middle <= large
    assert large >= 35
