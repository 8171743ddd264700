"""What the story says of its measurements is what the measures themselves say of such numbers."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest

from ledger.decide.measure import RecordMeasurement
from ledger.decide.robustness import DocumentRobustness
from ledger.demo.documented import DOCUMENTED
from ledger.measures.kit.pass_rates import judged_rate
from ledger.measures.kit.verdicts import EffectInterval, alpha_of_each, digits_of, up_to

np = pytest.importorskip("numpy", reason="the extra `ml` is not installed")
pytest.importorskip("statsmodels", reason="the extra `ml` is not installed")

ALPHA = 0.05
#: The story does not say how many groups or features were judged together: as many as these, say.
TOGETHER = 20

Ends = tuple[float, float]


def measurements(what: str) -> list[RecordMeasurement]:
    return [said for _, said in DOCUMENTED if isinstance(said, RecordMeasurement) and said.what == what]


def ends_of_a_bias(gap: float, rows: int) -> Ends:
    """Of two classes as common as each other, in different rows: no pair of classes has a wider interval."""
    from ledger.measures.bias.label_intervals import independent_interval

    observed = rows // 2
    predicted = observed + round(gap * rows)
    sides = (np.array([count, rows - count]) for count in (predicted, observed))
    return independent_interval(*sides, index=0, alpha=alpha_of_each(ALPHA, TOGETHER))


def ends_of_a_drift(distance: float, rows: int) -> Ends:
    """Of numbers, held against as many rows."""
    from ledger.measures.drift.effects import LargestDistance

    return LargestDistance(distance, rows, rows).ends(alpha_of_each(ALPHA, TOGETHER) / 2, ALPHA / 2)


@pytest.mark.parametrize(("what", "ends"), [("prediction-bias", ends_of_a_bias), ("drift", ends_of_a_drift)])
def test_the_whole_interval_of_such_a_figure_has_the_verdict_that_is_told(
    what: str, ends: Callable[[float, int], Ends]
) -> None:
    found = measurements(what)
    for each in found:
        threshold = Decimal(each.threshold or "")
        interval = EffectInterval.outward(*ends(float(each.value), each.rows), digits_of(threshold, 4))
        assert up_to(threshold).verdict(interval) == each.verdict, each
    assert {each.verdict for each in found} == {"kept", "broken"}


def test_what_is_told_of_a_case_is_what_its_counts_say() -> None:
    """And of every case that is judged the trial itself is documented, on the same day."""
    trials = {
        (day, said.case, said.passed, said.of) for day, said in DOCUMENTED if isinstance(said, DocumentRobustness)
    }
    for day, said in DOCUMENTED:
        if isinstance(said, RecordMeasurement) and said.what == "robustness":
            passed, of = int(said.figures["passed"]), int(said.figures["of"])
            assert (day, said.series[0].series, passed, of) in trials
            assert said.verdict == judged_rate(passed, of, Decimal(said.threshold or "")).verdict
    assert {each.verdict for each in measurements("robustness")} == {"kept", "broken", "undecided"}


def test_what_nobody_can_tell_is_tried_on_as_many_inputs_as_would_and_then_told() -> None:
    found = measurements("robustness")
    doubtful = [each for each in found if each.verdict == "undecided"]
    assert doubtful
    for each in doubtful:
        later = found[found.index(each) + 1 :]
        again = next(other for other in later if other.series[0].series == each.series[0].series)
        assert again.rows >= int(each.figures["rows-to-tell"])
        assert again.verdict != "undecided"
