"""The ML Test Score: 28 tests in four sections (Breck et al. 2017, 'The ML Test Score'), in our own words.

A test that somebody runs by hand and writes down counts a half, one that runs by itself counts one. A section's
points are added up; the score is that of the weakest section, because the others cannot make up for it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from ledger.vocabulary.kinds import ScoreAnswer

SECTIONS = ("data", "model", "infrastructure", "monitoring")


@dataclass(frozen=True, slots=True)
class Test:
    """One of the 28. number: within its section, as in the paper."""

    section: str
    number: int
    asks: str

    @property
    def key(self) -> str:
        """'data-3': what it is called on the command line and in events."""
        return f"{self.section}-{self.number}"


_ASKED = {
    "data": (
        "Is what each feature may look like written down, and held against the data?",
        "Does every feature earn its place in the model?",
        "Is no feature dearer, in time, upkeep or risk, than what it adds?",
        "Do features keep the rules that hold beyond this model, of law, contract or house?",
        "Does the whole pipeline guard personal data, not only its end?",
        "Can a new feature reach production quickly?",
        "Is all code that makes features tested?",
    ),
    "model": (
        "Is every model's specification reviewed and kept under version control?",
        "Do the measures used in training move with what matters once it is live?",
        "Have all hyperparameters been tuned?",
        "Is it known what an older model costs?",
        "Was a simpler model tried, and found worse?",
        "Is quality good enough on every slice of the data that matters?",
        "Has the model been tried for unfair treatment of people?",
    ),
    "infrastructure": (
        "Does training twice on the same data give the same model?",
        "Is the code that specifies the model unit tested?",
        "Is the whole pipeline tested end to end?",
        "Is a model's quality checked before it may serve?",
        "Can one example be followed through the model step by step?",
        "Does a new model first serve a small part of the traffic?",
        "Can a model be taken back quickly, and has that been tried?",
    ),
    "monitoring": (
        "Does anybody learn when something that the system depends on changes?",
        "Are the data's invariants watched on what comes in live?",
        "Are features the same in training and in serving?",
        "Is it noticed when a model gets too old?",
        "Are numerical failures noticed, in training and in serving?",
        "Is a loss of speed, throughput or memory noticed?",
        "Is a loss of quality on live data noticed?",
    ),
}

#: Every test by its key, in order.
TESTS: dict[str, Test] = {
    test.key: test
    for section in SECTIONS
    for test in (Test(section, number, asks) for number, asks in enumerate(_ASKED[section], start=1))
}

_POINTS: dict[ScoreAnswer, Fraction] = {"no": Fraction(0), "manual": Fraction(1, 2), "automated": Fraction(1)}


def points(answers: Mapping[str, ScoreAnswer]) -> dict[str, Fraction]:
    """The points of each section, 0 to 7. answers: by key of the test; a test without one counts as 'no'."""
    return {
        section: sum(
            (_POINTS[answers.get(key, "no")] for key, test in TESTS.items() if test.section == section), Fraction(0)
        )
        for section in SECTIONS
    }


def score(answers: Mapping[str, ScoreAnswer]) -> Fraction:
    """The ML Test Score: the points of the weakest section, 0 to 7."""
    return min(points(answers).values())
