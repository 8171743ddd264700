"""Documenting an explanation."""

from __future__ import annotations

from ledger.decide.command import SystemCommand
from ledger.decide.decided import Decided
from ledger.decide.placing import place_in_book
from ledger.decide.state import State
from ledger.decide.system import known_system
from ledger.decide.words import required
from ledger.events import (
    ExplanationDocumented,
)
from ledger.vocabulary.kinds import Scope


class DocumentExplanation(SystemCommand, frozen=True, kw_only=True, tag="explain"):
    scope: Scope
    method: str
    artifact: str
    audience: str
    quality: str


def decide_document_explanation(command: DocumentExplanation, state: State) -> tuple[Decided, ...]:
    """An explanation says of what kind it is, where it is, for whom, and how good."""
    system = known_system(command.system, state)
    placed = place_in_book(command, state)
    event = ExplanationDocumented(
        occurred_on=placed.occurred_on,
        evidence=command.evidence,
        system=system.key,
        scope=command.scope,
        method=required(command.method, "--method"),
        artifact=required(command.artifact, "--artifact"),
        audience=required(command.audience, "--audience"),
        quality=required(command.quality, "--quality"),
    )
    return (Decided(placed.effective_on, event),)
