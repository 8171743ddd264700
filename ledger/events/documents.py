"""Events of a system's documents: how it is watched, measured, explained, tried, and what its data is.

No body holds a float: a measured figure is a decimal text with as many digits as are meant.
"""

from __future__ import annotations

from ledger.events.systems import SystemEvent
from ledger.vocabulary.kinds import Expectation, Remediation, Scope, ScoreAnswer, Verdict


class MonitorDocumented(SystemEvent, frozen=True, kw_only=True):
    """How something about the system is watched, and what happens when it breaks; a later one of that name replaces it.

    what: a kind of `ledger.vocabulary.measurements.KINDS`. threshold: decimal text, in the kind's own unit. alerts: whether
    anybody is told. plan: what is done then. carried_by: the debt that knowingly carries the risk, if one does.
    settings: what `debt measure` needs to measure it again, by option.
    """

    monitor: str
    what: str
    threshold: str
    alerts: bool
    remediation: Remediation
    plan: str
    carried_by: str | None
    settings: dict[str, tuple[str, ...]]


class ExpectationMeasured(SystemEvent, frozen=True, kw_only=True):
    """Something about the system was measured.

    what: a kind of `ledger.vocabulary.measurements.KINDS`. monitor: under whose definition, None for a measurement by hand.
    headline: the name of the figure that is held against the threshold; value, threshold: decimal texts. rows: how
    many were read. figures: further decimal texts by name. findings: a record per class, slice or feature, all texts.
    files: sha256 of what was read, by its role: data, reference, live, model. settings: how it was measured, by option.
    """

    what: str
    monitor: str | None
    expectation: Expectation
    headline: str
    value: str
    threshold: str | None
    verdict: Verdict
    rows: int
    figures: dict[str, str]
    findings: tuple[dict[str, str], ...]
    files: dict[str, str]
    settings: dict[str, tuple[str, ...]]


class DatasheetAnswered(SystemEvent, frozen=True, kw_only=True):
    """A person answered questions about a data set; a later answer to the same question replaces it.

    answers: by the question's number. source, source_sha256: of the document they were read from, None if typed.
    """

    dataset: str
    answers: dict[str, str]
    source: str | None
    source_sha256: str | None


class ExplanationDocumented(SystemEvent, frozen=True, kw_only=True):
    """An explanation of the system exists. artifact: where it is; audience: for whom; quality: how good it is."""

    scope: Scope
    method: str
    artifact: str
    audience: str
    quality: str


class RobustnessDocumented(SystemEvent, frozen=True, kw_only=True):
    """A confounding or adversarial case was tried. passed, of: how many inputs came out right, of how many; data: which."""

    case: str
    perturbation: str
    passed: int
    of: int
    data: str


class ScoreAnswered(SystemEvent, frozen=True, kw_only=True):
    """One of the ML Test Score's tests, whether it is run. test: a key of `ledger.vocabulary.ml_test_score.TESTS`."""

    test: str
    answer: ScoreAnswer
