"""A verdict on a surrogate: wrong no more often than is stated, and told where there are rows enough."""

from __future__ import annotations

import pytest

from ledger.measures.explainability.surrogate import ALPHA
from tests.helpers.surrogate_rates import rates

ROWS = 5_000


@pytest.mark.reliability
def test_at_the_threshold_either_verdict_is_as_rare_as_stated() -> None:
    """Half of alpha at either end, and two points more."""
    assert max(rates(ROWS, 0.1, 200)) <= ALPHA / 2 + 0.02


@pytest.mark.reliability
@pytest.mark.parametrize(("left", "told"), [(0.05, (0.0, 1.0)), (0.2, (1.0, 0.0))])
def test_half_and_twice_the_threshold_are_told_apart(left: float, told: tuple[float, float]) -> None:
    assert rates(ROWS, left, 30) == told
