"""The words of the domain: natures, dimensions, movements and their columns, causes; what documents may say."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, get_args

Nature = Literal["debt", "neglect"]


Dimension = Literal["input", "system", "output", "time"]


Movement = Literal["commissioned", "observed", "adopted", "revised", "repaid", "written-off", "corrected"]


NATURES: tuple[Nature, ...] = get_args(Nature)


DIMENSIONS: tuple[Dimension, ...] = get_args(Dimension)


#: In the order in which every report shows them.
MOVEMENTS: tuple[Movement, ...] = get_args(Movement)


def column_of(movement: str) -> str:
    """The column of figures and views that holds a movement: what events call `written-off` is in `written_off`."""
    return movement.replace("-", "_")


def movement_in(column: str) -> str:
    """What events, files and people call the movement of a column: the way back from `column_of`."""
    return column.replace("_", "-")


#: Why something was left undone (design §2, rule 3).
CAUSES: dict[str, str] = {
    "undeliberate-design": "a design nobody chose; it grew",
    "coding-error": "the code does not do what its author meant",
    "inadequate-documentation": "what one must know to change it is written nowhere",
    "not-knowing-better": "a better way existed and was not known to the author",
    "missing-tests": "nothing would notice if it broke",
    "missed-maintenance": "an upgrade or clean-up that was due and not done",
    "expedience": "laziness, incompetence, a shortcut nobody decided",
    "untracked": "an input or output that nobody watches",
}


#: The category that may only be taken on for a time (design §2, rule 4).
MISSING_TESTS = "missing-tests"


BOOK_STREAM = "book"


#: What is expected of a system over time: similar input gives similar output; it can be refined for new input; its
#: internals stay comprehensible (design §2, 'Four dimensions').
Expectation = Literal["reliable", "refinable", "comprehensible"]


Verdict = Literal["kept", "broken", "undecided"]


#: Of several verdicts on one expectation the first of these stands for them all.
WORST_FIRST: tuple[Verdict, ...] = ("broken", "undecided", "kept")


def worst(verdicts: Iterable[Verdict]) -> Verdict:
    """The one that stands for them all; there is one at least."""
    return min(verdicts, key=WORST_FIRST.index)


Remediation = Literal["automatic", "manual"]


Scope = Literal["local", "global"]


ScoreAnswer = Literal["no", "manual", "automated"]
