"""Systems, as rules ask for them."""

from __future__ import annotations

from ledger.decide.state import State, System
from ledger.vocabulary.errors import Refused


def known_system(key: str, state: State) -> System:
    """The system, if it is registered."""
    if key not in state.systems:
        raise Refused(
            f"There is no system {key}.",
            f"`debt system list` shows them; `debt system add {key} NAME --team T` registers it.",
        )
    return state.systems[key]
