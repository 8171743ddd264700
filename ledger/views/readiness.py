"""Read models of a system's documents: plain records that the sheet Readiness and the pages of expectations consume.

Nothing here computes. `ledger.queries.register.expectations` fills these records, `reports` shows them (as `ledger.views.quarter`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from ledger.vocabulary.kinds import Expectation, Scope, Verdict
from ledger.vocabulary.verdict_words import limits_in_words

#: In the order in which every report shows them, each with what is expected.
EXPECTATIONS: dict[Expectation, str] = {
    "reliable": "similar input gives similar output",
    "refinable": "it can be refined for new input",
    "comprehensible": "its internals can be understood",
}


@dataclass(frozen=True, slots=True)
class TrialView:
    """A case of robustness as it was measured: passed, of so many inputs. level: how far it goes on a scale, decimal text.

    scale, level: None where there is no more or less of it.
    """

    case: str
    passed: int
    of: int
    scale: str | None = None
    level: str | None = None


@dataclass(frozen=True, slots=True)
class MeasurementView:
    """One measurement of a system. on: its day in the books; value, threshold: decimal texts, in the kind's own unit.

    what: a kind of `ledger.vocabulary.measurements.KINDS`. monitor: None for a measurement by hand. threshold: None if it was
    only looked at; ratio: the second, relative. trial: of robustness, the case; None for other kinds, and where none is named.
    """

    system: str
    on: date
    position: int
    what: str
    monitor: str | None
    expectation: Expectation
    value: str
    threshold: str | None
    verdict: Verdict
    trial: TrialView | None = None
    ratio: str | None = None

    @property
    def limits(self) -> str | None:
        """What the value was held against, in words."""
        return limits_in_words(self.threshold, self.ratio)


@dataclass(frozen=True, slots=True)
class StandingView:
    """How an expectation stands: the worst of the last verdicts of its series, and the day of that measurement.

    carried_by: the debt that carries a broken one knowingly; carried_until: the last day of its term. Both None without.
    limits: what that figure was held against, in words; None for nothing.
    """

    expectation: Expectation
    verdict: Verdict
    on: date
    carried_by: str | None = None
    carried_until: date | None = None
    limits: str | None = None

    @property
    def is_breach(self) -> bool:
        """Whether it is broken, and no debt carries that."""
        return self.verdict == "broken" and self.carried_by is None


@dataclass(frozen=True, slots=True)
class ReadinessView:
    """What is documented of one system on a day.

    alerted, automatic: of how many monitors somebody is told of a breach, and the remedy needs nobody. answers, asked:
    of the questions of all its data sheets, remarks left out. explained: the scopes that some explanation has. cases: of
    robustness; passed, tried: inputs of each case's last trial. readers: systems that declared to read its output.
    standing: of each expectation that was measured. score: of the ML Test Score, None if none of its tests is answered.
    """

    system: str
    name: str
    retired_on: date | None
    monitors: int
    alerted: int
    automatic: int
    answers: int
    asked: int
    explained: tuple[Scope, ...]
    cases: int
    passed: int
    tried: int
    readers: tuple[str, ...]
    standing: tuple[StandingView, ...]
    score: Fraction | None
    score_answers: int
