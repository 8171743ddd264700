"""Which interval is held: per row of the table, data on which the wrong interval comes to the other verdict."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from math import exp, log, sqrt

import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm, ttest_1samp, ttest_ind
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

from ledger import prediction_bias
from ledger.measures.bias.prediction_bias import INTERVALS
from ledger.measures.kit.pass_rates import judged_rate
from ledger.measures.kit.verdicts import EffectInterval, at_least, up_to, within_ratio
from ledger.vocabulary.measurements import Measurement
from tests.measures.test_which_test import PAGE

Ends = tuple[float, float]


@dataclass(frozen=True)
class HeldCase:
    """A row of the table. label: of the class that is looked at. wrong: the ends that another interval has."""

    data: pd.DataFrame
    verdict: str
    wrong: Callable[[float], Ends]
    label: str = "mean"
    reference: pd.DataFrame | None = None
    threshold: str = "0.02"
    ratio: str | None = None
    kind: str | None = None


def _pairs(both: int, predicted: int, observed: int, neither: int) -> pd.DataFrame:
    """Rows of a class `c` and of `n`, by how often it is told on both sides, on one, or on none."""
    table = {("c", "c"): both, ("c", "n"): predicted, ("n", "c"): observed, ("n", "n"): neither}
    return pd.DataFrame([pair for pair, count in table.items() for _ in range(count)], columns=["p", "y"])


def _apart(predicted: int, rows: int, observed: int, others: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The same of different rows: live, and reference."""
    live = pd.DataFrame({"p": ["c"] * predicted + ["n"] * (rows - predicted)})
    return live, pd.DataFrame({"y": ["c"] * observed + ["n"] * (others - observed)})


def _log_ratio(ratio: float, error: float) -> Callable[[float], Ends]:
    return lambda alpha: tuple(ratio * exp(sign * norm.isf(alpha / 2) * error) for sign in (-1, 1))  # type: ignore[return-value]


def _newcombe_same() -> HeldCase:
    """Newcombe's of different rows: 50 of 1,000 rows differ, and it takes the other 950 for chance."""

    def wrong(alpha: float) -> Ends:
        return confint_proportions_2indep(500, 1_000, 500, 1_000, method="newcomb", compare="diff", alpha=alpha)

    return HeldCase(_pairs(475, 25, 25, 475), "kept", wrong, "c")


def _newcombe_different() -> HeldCase:
    """Wald's: of a class that nobody saw in sixty rows the spread is 0, and so is its interval."""
    live, reference = _apart(0, 60, 0, 60)
    live, reference = (pd.concat([side, side.replace("n", "m")]) for side in (live, reference))
    live.iloc[0] = "c"
    return HeldCase(live, "undecided", lambda alpha: (1 / 120, 1 / 120), "c", reference)


def _log_same() -> HeldCase:
    """The log ratio of different rows: it does not see that 960 of 1,000 events are the same."""
    wrong = _log_ratio(1.0, sqrt(2 / 1_000 - 2 / 4_000))
    return HeldCase(_pairs(960, 40, 40, 2_960), "kept", wrong, "c", ratio="1.04")


def _recall_over_precision() -> HeldCase:
    """The log ratio of the same rows: where none differs it has no spread at all."""
    return HeldCase(_pairs(100, 0, 0, 3_900), "undecided", _log_ratio(1.0, 0.0), "c", ratio="1.02")


def _log_different() -> HeldCase:
    """The binomial of all events: of nine in ten rows the spread is far from Poisson's."""
    live, reference = _apart(9_000, 10_000, 9_000, 10_000)

    def wrong(alpha: float) -> Ends:
        low, high = proportion_confint(9_000, 18_000, alpha, method="beta")
        return low / (1 - low), high / (1 - high)

    return HeldCase(live, "kept", wrong, "c", reference, threshold="0.05", ratio="1.03")


def _binomial_of_all() -> HeldCase:
    """The log ratio: of three events the logarithm is not normal."""
    return HeldCase(_pairs(2, 10, 1, 987), "undecided", _log_ratio(4.0, sqrt(11 / 36)), "c", ratio="1.04")


def _student_same() -> HeldCase:
    """The binomial of outcomes: it takes for chance what the model knows of each row."""
    p = np.repeat([0.02, 0.98], 1_000)
    y = np.repeat([1.0, 0.0, 1.0, 0.0], [20, 980, 980, 20])

    def wrong(alpha: float) -> Ends:
        low, high = proportion_confint(1_000, 2_000, alpha, method="beta")
        return 0.5 - high, 0.5 - low

    return HeldCase(pd.DataFrame({"p": p, "y": y}), "kept", wrong)


def _log_means_same() -> HeldCase:
    """The log ratio of means of different rows: amounts vary, their errors hardly."""
    amounts = np.linspace(1, 99, 1_000)
    error = sqrt(2 * amounts.var(ddof=1) / 1_000) / amounts.mean()
    data = pd.DataFrame({"p": amounts + np.tile([-1.0, 1.0], 500), "y": amounts})
    return HeldCase(data, "kept", _log_ratio(1.0, error), ratio="1.01")


def _binomial_of_outcomes() -> HeldCase:
    """Student's: of a hundred outcomes none came true, and so their spread is 0."""
    data = pd.DataFrame({"p": np.full(100, 0.01), "y": np.zeros(100)})
    return HeldCase(data, "undecided", lambda alpha: (0.01, 0.01))


def _welch() -> HeldCase:
    """Student's of the same rows: two files that are sorted alike, read as pairs."""
    live, reference = np.linspace(0, 10, 500) + 0.1, np.linspace(0, 10, 500)

    def wrong(alpha: float) -> Ends:
        errors = (live - reference) / reference.std(ddof=1) + np.tile([-1e-6, 1e-6], 250)
        return tuple(ttest_1samp(errors, 0).confidence_interval(1 - alpha))  # type: ignore[return-value]

    data = pd.DataFrame({"p": live})
    return HeldCase(data, "undecided", wrong, reference=pd.DataFrame({"y": reference}), threshold="0.1")


def _log_means_different() -> HeldCase:
    """The interval of the difference over the observed mean, as if that were known."""
    rng = np.random.default_rng(4)
    live, reference = rng.lognormal(3, 1, 4_000) * 1.15, rng.lognormal(3, 1, 60)

    def wrong(alpha: float) -> Ends:
        low, high = ttest_1samp(live, 0).confidence_interval(1 - alpha)
        return low / reference.mean(), high / reference.mean()

    data, ratio = pd.DataFrame({"p": live}), 1.1 * live.mean() / reference.mean()
    return HeldCase(
        data, "undecided", wrong, reference=pd.DataFrame({"y": reference}), threshold="9", ratio=f"{ratio:.3f}"
    )


def _each_at_half() -> HeldCase:
    """Welch's: of a reference in which nothing came true the spread is 0."""
    data, reference = pd.DataFrame({"p": np.tile([0.005, 0.015], 100)}), pd.DataFrame({"y": np.zeros(100)})

    def wrong(alpha: float) -> Ends:
        return tuple(ttest_ind(data.p, reference.y, equal_var=False).confidence_interval(1 - alpha))  # type: ignore[return-value]

    return HeldCase(data, "undecided", wrong, reference=reference)


CASES: dict[str, Callable[[], HeldCase]] = {
    "Newcombe, same rows": _newcombe_same,
    "Newcombe, different rows": _newcombe_different,
    "log ratio, same rows": _log_same,
    "recall over precision, exact": _recall_over_precision,
    "log ratio, different rows": _log_different,
    "binomial of all events, exact": _binomial_of_all,
    "Student and Hall, same rows": _student_same,
    "log ratio of means, same rows": _log_means_same,
    "binomial of outcomes, exact": _binomial_of_outcomes,
    "Welch and Hall, different rows": _welch,
    "log ratio of means, different rows": _log_means_different,
    "each mean at half": _each_at_half,
}


def _measured(case: HeldCase) -> Measurement:
    return prediction_bias(
        case.data,
        predicted="p",
        observed="y",
        reference=case.reference,
        threshold=case.threshold,
        ratio=case.ratio,
        kind=case.kind,  # type: ignore[arg-type]
    )


@pytest.mark.parametrize("interval", CASES)
def test_the_wrong_interval_would_come_to_the_other_verdict(interval: str) -> None:
    """At the same level; of a case with a ratio the difference is kept whatever its interval."""
    case = CASES[interval]()
    found = _measured(case)
    finding = next(f for f in found.findings if f["class"] == case.label)
    assert finding["interval" if case.ratio is None else "ratio_interval"] == interval
    assert finding["verdict"] == case.verdict
    allowed = up_to(Decimal(case.threshold)) if case.ratio is None else within_ratio(Decimal(case.ratio))
    alpha = float(found.figures["alpha"]) / int(found.figures["effects-judged"])
    wrong = EffectInterval.outward(*map(float, case.wrong(alpha)), digits=4)
    assert allowed.verdict(wrong) != case.verdict


def test_a_pass_rate_by_wald_is_kept_where_nobody_can_tell() -> None:
    """Ten of ten: Wald's interval of that is 1 to 1, the exact one begins at 0.69."""
    assert judged_rate(10, 10, Decimal("0.9")).verdict == "undecided"
    wald = proportion_confint(10, 10, 0.05, method="normal")
    assert at_least(Decimal("0.9")).verdict(EffectInterval.outward(*wald, digits=4)) == "kept"


def test_every_interval_of_the_table_has_its_case_and_stands_on_the_page() -> None:
    """A new row needs both."""
    assert [interval for *_, interval in INTERVALS] == list(CASES)
    page = PAGE.read_text(encoding="utf-8")
    assert [row for row in INTERVALS if f"| {' | '.join(row)} |" not in page] == []


def test_the_worked_examples_of_the_pages_are_what_is_computed() -> None:
    """docs/method-verdicts.md, and the rare class of docs/method-prediction-bias.md."""
    method, page = (PAGE.with_name(name).read_text(encoding="utf-8") for name in ("method-verdicts.md", PAGE.name))
    for table, options, shown, text in (
        ((440, 60, 30, 470), {}, "{low} to {high}", method),
        ((440, 60, 30, 470), {}, "| rows that would tell | 7,200 |", method),
        ((4_400, 600, 300, 4_700), {}, "{low} to {high}: {verdict}", method),
        ((4, 18, 1, 977), {}, "{low} to {high}", page),
        ((4, 18, 1, 977), {"ratio": "1.25"}, "{ratio_low} to {ratio_high} | {verdict}", page),
    ):
        found = prediction_bias(_pairs(*table), predicted="p", observed="y", **options)
        of_class = next(finding for finding in found.findings if finding["class"] == "c")
        assert shown.format(**of_class) in text
        assert of_class["rows_to_tell"] in ("", "7200", "35000")
    for passed, of in ((1, 2), (3, 100), (94, 100), (36, 36)):
        judged = judged_rate(passed, of, Decimal("0.9"))
        assert f"| {passed} of {of} | {judged.interval.low} to {judged.interval.high} |" in method


def test_ratios_are_alike_both_ways() -> None:
    """What is predicted k times as often has the interval of what is observed k times as often, turned round."""
    for table in ((100, 80, 30, 4_000), (3, 20, 1, 900), (200, 5, 3, 2_000)):
        one, other = (
            next(
                f for f in prediction_bias(data, predicted="p", observed="y", ratio="1.5").findings if f["class"] == "c"
            )
            for data in (_pairs(*table), _pairs(*table).rename(columns={"p": "y", "y": "p"}))
        )
        assert log(float(one["ratio"])) == pytest.approx(-log(float(other["ratio"])), abs=1e-3)
        assert log(float(one["ratio_low"])) == pytest.approx(-log(float(other["ratio_high"])), abs=1e-3)
