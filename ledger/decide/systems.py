"""Rules of systems: registering them, their owners, retiring them."""

from __future__ import annotations

from datetime import date

from ledger.commands import AddSystem, ChangeSystem, RetireSystem, WriteOff
from ledger.decide.common import Decided, limited, name, place_in_book, required
from ledger.decide.estimates import decide_write_off
from ledger.errors import Refused
from ledger.events import DependencyDeclared, SystemChanged, SystemRegistered, SystemRetired
from ledger.item import Item
from ledger.model import MAX_TITLE
from ledger.state import State, System


def decide_add_system(command: AddSystem, state: State) -> tuple[Decided, ...]:
    """A key is given once. What the system reads must be registered."""
    if command.system in state.systems:
        raise Refused(
            f"{command.system} is registered already: {state.systems[command.system].name}.",
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


def decide_change_system(command: ChangeSystem, state: State) -> tuple[Decided, ...]:
    """Team and cost centre change from a day on, each by itself."""
    known_system(command.system, state)
    if command.team is None and command.cost_centre is None:
        raise Refused(
            "Neither --team nor --cost-centre is given: nothing would change.",
            f"Give one: `debt system change {command.system} --team T`.",
        )
    team = name(command.team, "--team") if command.team is not None else None
    centre = name(command.cost_centre, "--cost-centre") if command.cost_centre is not None else None
    placed = place_in_book(command, state)
    event = SystemChanged(
        occurred_on=placed.occurred_on, evidence=command.evidence, system=command.system, team=team, cost_centre=centre
    )
    return (Decided(placed.effective_on, event),)


def decide_retire_system(command: RetireSystem, state: State) -> tuple[Decided, ...]:
    """A retired system takes no new items; `write_off` writes off what is open on it."""
    system = known_system(command.system, state)
    if system.retired_on is not None:
        raise Refused(
            f"{system.key} was retired on {system.retired_on} already.",
            f"`debt write-off ITEM --because …` writes off what is still open: `debt list --system {system.key}`.",
        )
    because = required(command.because, "--because")
    placed = place_in_book(command, state)
    written_off: tuple[Decided, ...] = ()
    if command.write_off:
        for item in _open_on(placed.effective_on, state):
            written_off += decide_write_off(
                WriteOff(on=command.on, late=command.late, evidence=command.evidence, item=item.id, because=because),
                state,
            )
    retired = SystemRetired(
        occurred_on=placed.occurred_on,
        evidence=command.evidence,
        system=system.key,
        because=limited(because, "--because"),
    )
    return (*written_off, Decided(placed.effective_on, retired))


def known_system(key: str, state: State) -> System:
    """The system, if it is registered."""
    if key not in state.systems:
        raise Refused(
            f"There is no system {key}.",
            f"`debt system list` shows them; `debt system add {key} NAME --team T` registers it.",
        )
    return state.systems[key]


def _open_on(day: date, state: State) -> list[Item]:
    """The loaded items on which something was left to do on a day; one opened later is not touched."""
    return [
        item
        for item in state.items.values()
        if not item.reversed and item.entries[0].effective_on <= day and not item.closed_on(day)
    ]
