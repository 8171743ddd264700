"""Measurements: the kinds there are, what each says of which expectation, and where a broken one belongs.

The statistics themselves are in `measures`, which needs the extra `ml`; this page of words needs nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import msgspec

from ledger.vocabulary.kinds import Dimension, Expectation, Verdict


@dataclass(frozen=True, slots=True)
class MeasurementKind:
    """A kind of measurement.

    headline: the figure that is held against a threshold; unit: its unit in words. broken_above: whether a figure over
    the threshold breaks it (else one under it does). dimension, category, cause: of the neglect that a broken one is.
    """

    name: str
    expectation: Expectation
    headline: str
    unit: str
    broken_above: bool
    dimension: Dimension
    category: str
    cause: str
    title: str


#: Every kind by its name. One entry per kind.
KINDS = {
    kind.name: kind
    for kind in (
        MeasurementKind(
            name="prediction-bias",
            expectation="reliable",
            headline="largest-gap",
            unit="share of rows, predicted less observed, largest of all classes and slices that were judged",
            broken_above=True,
            dimension="output",
            category="prediction-bias",
            cause="untracked",
            title="Predictions are not distributed as what is observed",
        ),
        MeasurementKind(
            name="drift",
            expectation="refinable",
            headline="largest-drift",
            unit="effect size of the feature that moved most, 0 to 1",
            broken_above=True,
            dimension="input",
            category="data-testing",
            cause="untracked",
            title="Live input is no longer what the model was made from",
        ),
        MeasurementKind(
            name="robustness",
            expectation="reliable",
            headline="pass-rate",
            unit="share of inputs that came out right",
            broken_above=False,
            dimension="input",
            category="adversarial-coverage",
            cause="untracked",
            title="Confounding inputs come out wrong",
        ),
        MeasurementKind(
            name="explainability",
            expectation="comprehensible",
            headline="surrogate-unexplained",
            unit="share of the variance of the model's output that a small surrogate leaves unexplained",
            broken_above=True,
            dimension="system",
            category="explainability",
            cause="inadequate-documentation",
            title="Few of the model's reasons can be named",
        ),
        MeasurementKind(
            name="comprehensibility",
            expectation="comprehensible",
            headline="complex-share",
            unit="share of the code's blocks with a cyclomatic complexity above 10",
            broken_above=True,
            dimension="system",
            category="code-quality",
            cause="undeliberate-design",
            title="The code is harder to read than what it does requires",
        ),
    )
}


class SeriesVerdict(msgspec.Struct, frozen=True):
    """The verdict on one series of a measurement. series: a case, a slice or a feature, by its name."""

    series: str
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Measurement:
    """What a measure found, before anybody recorded it; every figure is a decimal text.

    value: the kind's headline figure. threshold: what it was held against, None if it was only looked at. verdict:
    'undecided' where there is too little to judge. rows: how many were read. figures, findings, files, settings: as
    the event `expectation-measured` keeps them; keys are ASCII. sentences: what a person reads first. series: of which
    each stands for itself in the register, each once; none where the measurement is one. breaches: of each series that
    is broken, and '' for a measurement that is one, what broke it, in sentences with its own figures; the headline figure
    says it where nothing does.
    """

    what: str
    value: str
    threshold: str | None
    verdict: Verdict
    rows: int
    figures: dict[str, str]
    findings: tuple[dict[str, str], ...]
    files: dict[str, str]
    settings: dict[str, tuple[str, ...]]
    sentences: tuple[str, ...] = ()
    series: tuple[SeriesVerdict, ...] = ()
    breaches: Mapping[str, str] = field(default_factory=dict)

    @property
    def ratio(self) -> str | None:
        """The second threshold, relative, where it was held against one."""
        return ratio_of(self.settings)

    @property
    def kind(self) -> MeasurementKind:
        """What it says of which expectation."""
        return KINDS[self.what]


def ratio_of(settings: Mapping[str, Sequence[str]]) -> str | None:
    """The relative threshold among the settings of a measurement, a decimal text above 1."""
    return next(iter(settings.get("ratio", ())), None)
