"""Declaring that a system reads another's output."""

from __future__ import annotations

from ledger.decide.command import Command, Needs
from ledger.decide.convention import by_convention
from ledger.decide.decided import Decided
from ledger.decide.placing import place_in_book
from ledger.decide.state import State
from ledger.decide.system import known_system
from ledger.decide.words import limited
from ledger.events import (
    DependencyDeclared,
)
from ledger.vocabulary.errors import Refused


class DeclareDependency(Command, frozen=True, kw_only=True, tag="system depends"):
    """The system reads another system's output. what: which output, how often."""

    system: str
    reads_from: str
    what: str | None = None

    def needs(self) -> Needs:
        return Needs(systems=(self.system, self.reads_from))


def decide_declare_dependency(command: DeclareDependency, state: State) -> tuple[Decided, ...]:
    """A dependency is declared once; a system does not read its own output by declaration, but may by feedback."""
    system, source = known_system(command.system, state), known_system(command.reads_from, state)
    if source.key in system.reads_from and command.what is None:
        by_convention(
            Refused(
                f"{system.key} is declared to read from {source.key} already.",
                "`debt system graph` shows who reads what.",
            )
        )
    placed = place_in_book(command, state)
    event = DependencyDeclared(
        occurred_on=placed.occurred_on,
        evidence=command.evidence,
        system=system.key,
        reads_from=source.key,
        what=limited(command.what, "--what") if command.what is not None else None,
    )
    return (Decided(placed.effective_on, event),)
