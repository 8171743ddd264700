"""Registering a system."""

from __future__ import annotations

from ledger.decide.command import Command, Needs
from ledger.decide.decided import Decided
from ledger.decide.placing import place_in_book
from ledger.decide.state import State
from ledger.decide.system import known_system
from ledger.decide.words import name, required
from ledger.events import DependencyDeclared, SystemRegistered
from ledger.vocabulary.errors import Refused
from ledger.vocabulary.text import MAX_TITLE


class AddSystem(Command, frozen=True, kw_only=True, tag="system add"):
    system: str
    name: str
    team: str
    cost_centre: str | None = None
    reads_from: tuple[str, ...] = ()

    def needs(self) -> Needs:
        return Needs(systems=(self.system, *self.reads_from))


def decide_add_system(command: AddSystem, state: State) -> tuple[Decided, ...]:
    """A key is given once. What the system reads must be registered."""
    if command.system in state.systems:
        raise Refused(
            f"{command.system} is registered already: {state.systems[command.system].name_on(state.today)}.",
            f"`debt system change {command.system}` changes its owner.",
        )
    title = required(command.name, "The name", MAX_TITLE)
    team = name(command.team, "--team")
    centre = name(command.cost_centre, "--cost-centre") if command.cost_centre is not None else None
    for key in command.reads_from:
        known_system(key, state)
    placed = place_in_book(command, state)
    registered = SystemRegistered(
        occurred_on=placed.occurred_on,
        evidence=command.evidence,
        system=command.system,
        name=title,
        team=team,
        cost_centre=centre,
    )
    declared = (
        DependencyDeclared(
            occurred_on=placed.occurred_on, evidence=command.evidence, system=command.system, reads_from=key, what=None
        )
        for key in dict.fromkeys(command.reads_from)
    )
    return tuple(Decided(placed.effective_on, event) for event in (registered, *declared))
