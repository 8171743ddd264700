"""Documenting confounding cases that were tried."""

from __future__ import annotations

from ledger.decide.command import SystemCommand
from ledger.decide.decided import Decided
from ledger.decide.placing import place_in_book
from ledger.decide.state import State
from ledger.decide.system import known_system
from ledger.decide.words import name, required
from ledger.events import (
    RobustnessDocumented,
)
from ledger.vocabulary.errors import Refused


class DocumentRobustness(SystemCommand, frozen=True, kw_only=True, tag="robustness"):
    case: str
    perturbation: str
    passed: int
    of: int
    data: str


def decide_document_robustness(command: DocumentRobustness, state: State) -> tuple[Decided, ...]:
    """At least one input was tried, and no more came out right than were tried."""
    system = known_system(command.system, state)
    if command.of < 1 or not 0 <= command.passed <= command.of:
        raise Refused(
            f"{command.passed} of {command.of} cannot have come out right.",
            "--of is how many inputs were tried, --passed how many of them came out right.",
        )
    placed = place_in_book(command, state)
    event = RobustnessDocumented(
        occurred_on=placed.occurred_on,
        evidence=command.evidence,
        system=system.key,
        case=name(command.case, "The case"),
        perturbation=required(command.perturbation, "--perturbation"),
        passed=command.passed,
        of=command.of,
        data=required(command.data, "--data"),
    )
    return (Decided(placed.effective_on, event),)
