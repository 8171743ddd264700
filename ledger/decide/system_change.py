"""Changing the owners of a system, or what it is called."""

from __future__ import annotations

from datetime import date

import msgspec

from ledger.decide.command import Command, Needs
from ledger.decide.convention import by_convention
from ledger.decide.decided import Decided
from ledger.decide.placing import place_in_book
from ledger.decide.state import State, System
from ledger.decide.system import known_system
from ledger.decide.team import refuse_misspelt
from ledger.decide.words import name, required
from ledger.events import SystemChanged, SystemEvent, SystemRenamed
from ledger.vocabulary.errors import Refused
from ledger.vocabulary.text import MAX_TITLE


class ChangeSystem(Command, frozen=True, kw_only=True, tag="system change"):
    """new_team: `team` is a new one, however much it looks like one that is known."""

    system: str
    team: str | None = None
    cost_centre: str | None = None
    name: str | None = None
    new_team: bool = False

    def needs(self) -> Needs:
        return Needs(systems=(self.system,), teams=True)


def decide_change_system(command: ChangeSystem, state: State) -> tuple[Decided, ...]:
    """Team, cost centre and name change from a day on, each by itself."""
    system = known_system(command.system, state)
    if command.team is None and command.cost_centre is None and command.name is None:
        by_convention(
            Refused(
                "Neither --team, --cost-centre nor --name is given: nothing would change.",
                f"Give one: `debt system change {command.system} --team T`.",
            )
        )
    team = name(command.team, "--team") if command.team is not None else None
    centre = name(command.cost_centre, "--cost-centre") if command.cost_centre is not None else None
    if team is not None and not command.new_team:
        refuse_misspelt(team, f"debt system change {command.system}", state)
    placed = place_in_book(command, state)
    events: list[SystemEvent] = []
    if command.name is not None:
        events.append(_renamed(command, system, placed.effective_on))
    if team is not None or centre is not None or not events:
        events.append(SystemChanged(system=command.system, team=team, cost_centre=centre))
    return tuple(
        Decided(
            placed.effective_on,
            msgspec.structs.replace(event, occurred_on=placed.occurred_on, evidence=command.evidence),
        )
        for event in events
    )


def _renamed(command: ChangeSystem, system: System, day: date) -> SystemRenamed:
    title = required(command.name, "--name", MAX_TITLE)
    previous = system.name_on(day)
    if title == previous:
        by_convention(
            Refused(
                f"{system.key} is called '{previous}' already on {day}.", f"`debt system show {system.key}` shows it."
            )
        )
    return SystemRenamed(system=system.key, name=title, previous=previous)
