"""Systems, as rules ask for them."""

from __future__ import annotations

from datetime import date

from ledger.decide.state import State, System
from ledger.decide.words import closest
from ledger.events import MonitorDocumented
from ledger.vocabulary.errors import Refused


def known_system(key: str, state: State) -> System:
    """The system, if it is registered."""
    if key not in state.systems:
        raise Refused(
            f"There is no system {key}.",
            f"`debt system list` shows them; `debt system add {key} NAME --team T` registers it.",
            unknown=("systems", key),
        )
    return state.systems[key]


def known_monitor(system: System, name: str, day: date) -> MonitorDocumented:
    """A system's monitor as it is documented by a day."""
    found = system.monitors_on(day)
    if name not in found:
        raise Refused(
            f"{system.key} has no monitor '{name}' on {day}. {closest(name, sorted(found))}".strip(),
            f"`debt monitor {system.key} NAME --what … --threshold …` documents one.",
        )
    return found[name]
