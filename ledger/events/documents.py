"""Events of a system's documents: how it is watched, measured, explained, tried, and what its data is.

No body holds a float: a measured figure is a decimal text with as many digits as are meant.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec

from ledger.events.base import Event
from ledger.events.systems import SystemEvent
from ledger.vocabulary.kinds import Expectation, Remediation, Scope, ScoreAnswer, Verdict
from ledger.vocabulary.measurements import SeriesVerdict, ratio_of


class MonitorDocumented(SystemEvent, frozen=True, kw_only=True):
    """How something about the system is watched, and what happens when it breaks; a later one of that name replaces it.

    what: a kind of `ledger.vocabulary.measurements.KINDS`. threshold: decimal text, in the kind's own unit. alerts: whether
    anybody is told. plan: what is done then. carried_by: the debt that knowingly carries the risk, if one does.
    settings: what `debt measure` needs to measure it again, by option.

    Of what one breach of it, in one series, costs: principal_minor, > 0, None while nobody agreed on it; carry_minor_per_year,
    >= 0; effort_minutes, day_rate_minor: what the principal was priced from, None if it was given in money; agreed_by: who.
    ratio: a second threshold, relative, as a decimal text. roles: columns by their role. reference_sha256: of the file that
    it compares with, as it was then.
    """

    monitor: str
    what: str
    threshold: str
    alerts: bool
    remediation: Remediation
    plan: str
    carried_by: str | None
    settings: dict[str, tuple[str, ...]]
    principal_minor: int | None
    carry_minor_per_year: int
    effort_minutes: int | None
    day_rate_minor: int | None
    agreed_by: str | None
    ratio: str | None
    roles: dict[str, tuple[str, ...]]
    reference_sha256: str | None

    @property
    def said(self) -> dict[str, tuple[str, ...]]:
        """All that it says of how it is measured, by option: its settings and its roles."""
        return self.settings | self.roles


class ReferenceReplaced(SystemEvent, frozen=True, kw_only=True):
    """A monitor compares with another file from then on.

    reference: where it is. previous_sha256: of the file before, None where that was not known.
    """

    monitor: str
    reference: str
    sha256: str
    previous_sha256: str | None
    because: str

    def applied(self, monitor: MonitorDocumented) -> MonitorDocumented:
        """The monitor as it is from then on."""
        settings = monitor.settings | {"reference": (self.reference,)}
        return msgspec.structs.replace(monitor, settings=settings, reference_sha256=self.sha256)


def standing_monitors(said: Iterable[Event]) -> dict[str, MonitorDocumented]:
    """The monitors by name, of what was said of a system in order; of each, what was said last stands."""
    found: dict[str, MonitorDocumented] = {}
    for event in said:
        if isinstance(event, MonitorDocumented):
            found[event.monitor] = event
        elif isinstance(event, ReferenceReplaced) and event.monitor in found:
            # Dated before the monitor itself it says nothing: the monitor names its own file.
            found[event.monitor] = event.applied(found[event.monitor])
    return found


class ExpectationMeasured(SystemEvent, frozen=True, kw_only=True):
    """Something about the system was measured.

    what: a kind of `ledger.vocabulary.measurements.KINDS`. monitor: under whose definition, None for a measurement by hand.
    headline: the name of the figure that is held against the threshold; value, threshold: decimal texts. rows: how
    many were read. figures: further decimal texts by name. findings: a record per class, slice or feature, all texts.
    files: sha256 of what was read, by its role: data, reference, live, model. settings: how it was measured, by option.
    series: the cases, slices or features that stand for themselves; none where the measurement is one.
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
    series: tuple[SeriesVerdict, ...]

    @property
    def ratio(self) -> str | None:
        """The second threshold, relative, where it was held against one."""
        return ratio_of(self.settings)

    @property
    def case(self) -> str | None:
        """Of robustness the case that was tried: it says nothing of the others of its monitor."""
        return next(iter(self.settings.get("case", ())), None) if self.what == "robustness" else None


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


def monitor_of_version_1(data: dict[str, Any]) -> dict[str, Any]:
    """Nobody had agreed on what a breach costs, and no file was known by its content."""
    costs = {"principal_minor": None, "carry_minor_per_year": 0, "effort_minutes": None, "day_rate_minor": None}
    return data | costs | {"agreed_by": None, "ratio": None, "roles": {}, "reference_sha256": None}


def measurement_of_version_1(data: dict[str, Any]) -> dict[str, Any]:
    """A measurement was one series."""
    return data | {"series": []}
