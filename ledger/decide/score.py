"""Answering a test of the ML Test Score."""

from __future__ import annotations

from ledger.decide.command import SystemCommand
from ledger.decide.convention import by_convention
from ledger.decide.decided import Decided
from ledger.decide.placing import place_in_book
from ledger.decide.state import State
from ledger.decide.system import known_system
from ledger.decide.words import closest
from ledger.events import (
    ScoreAnswered,
)
from ledger.vocabulary.errors import Refused
from ledger.vocabulary.kinds import ScoreAnswer
from ledger.vocabulary.ml_test_score import TESTS


class AnswerScore(SystemCommand, frozen=True, kw_only=True, tag="score"):
    test: str
    answer: ScoreAnswer


def decide_answer_score(command: AnswerScore, state: State) -> tuple[Decided, ...]:
    """A test that is run, by hand or by machine, has evidence."""
    system = known_system(command.system, state)
    if command.test not in TESTS:
        by_convention(
            Refused(
                f"The ML Test Score has no test '{command.test}'. {closest(command.test, list(TESTS))}".strip(),
                f"`debt score {system.key}` lists them.",
            )
        )
    if command.answer != "no" and not command.evidence:
        by_convention(
            Refused(
                f"That {command.test} is run ({command.answer}) needs evidence.",
                "Say where it can be seen: --evidence, a link to the test or to its last report.",
            )
        )
    placed = place_in_book(command, state)
    event = ScoreAnswered(
        occurred_on=placed.occurred_on,
        evidence=command.evidence,
        system=system.key,
        test=command.test,
        answer=command.answer,
    )
    return (Decided(placed.effective_on, event),)
