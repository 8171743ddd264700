"""Answering questions about a system's data."""

from __future__ import annotations

from typing import ClassVar

from ledger.decide.command import SystemCommand
from ledger.decide.convention import by_convention
from ledger.decide.decided import Decided
from ledger.decide.placing import place_in_book
from ledger.decide.state import State
from ledger.decide.system import known_system
from ledger.decide.words import name, required
from ledger.events import (
    DatasheetAnswered,
)
from ledger.vocabulary.datasheet_questions import QUESTIONS
from ledger.vocabulary.errors import Refused


class AnswerDatasheet(SystemCommand, frozen=True, kw_only=True, tag="datasheet"):
    dataset: str
    answers: dict[str, str]
    source: str | None = None
    source_sha256: str | None = None

    recorded_by: ClassVar[str] = "ledger.services.datasheet.record_answers"

    def claims(self) -> tuple[str, ...]:
        return () if self.source_sha256 is None else ("source_sha256",)


def decide_answer_datasheet(command: AnswerDatasheet, state: State) -> tuple[Decided, ...]:
    """Answers are a person's, to questions of the data sheet; an empty one is none."""
    system = known_system(command.system, state)
    if not command.answers:
        by_convention(Refused("There is no answer in it.", f"`debt datasheet {system.key} --edit` asks the questions."))
    for number, answer in command.answers.items():
        if number not in QUESTIONS:
            by_convention(
                Refused(
                    f"A data sheet has no question '{number}'.",
                    f"`debt datasheet {system.key} --export FILE.md` numbers them.",
                )
            )
        required(answer, f"The answer to question {number}")
    placed = place_in_book(command, state)
    event = DatasheetAnswered(
        occurred_on=placed.occurred_on,
        evidence=command.evidence,
        system=system.key,
        dataset=name(command.dataset, "--dataset"),
        answers=command.answers,
        source=command.source,
        source_sha256=command.source_sha256,
    )
    return (Decided(placed.effective_on, event),)
