"""Changing the owners of a system."""

from __future__ import annotations

from ledger.decide.command import Command, Needs
from ledger.decide.convention import by_convention
from ledger.decide.decided import Decided
from ledger.decide.placing import place_in_book
from ledger.decide.state import State
from ledger.decide.system import known_system
from ledger.decide.words import name
from ledger.events import SystemChanged
from ledger.vocabulary.errors import Refused


class ChangeSystem(Command, frozen=True, kw_only=True, tag="system change"):
    system: str
    team: str | None = None
    cost_centre: str | None = None

    def needs(self) -> Needs:
        return Needs(systems=(self.system,))


def decide_change_system(command: ChangeSystem, state: State) -> tuple[Decided, ...]:
    """Team and cost centre change from a day on, each by itself."""
    known_system(command.system, state)
    if command.team is None and command.cost_centre is None:
        by_convention(
            Refused(
                "Neither --team nor --cost-centre is given: nothing would change.",
                f"Give one: `debt system change {command.system} --team T`.",
            )
        )
    team = name(command.team, "--team") if command.team is not None else None
    centre = name(command.cost_centre, "--cost-centre") if command.cost_centre is not None else None
    placed = place_in_book(command, state)
    event = SystemChanged(
        occurred_on=placed.occurred_on, evidence=command.evidence, system=command.system, team=team, cost_centre=centre
    )
    return (Decided(placed.effective_on, event),)
