"""Teams: one exists once a system names it."""

from __future__ import annotations

from ledger.decide.state import State
from ledger.decide.words import closest
from ledger.vocabulary.errors import Refused


def known_team(team: str | None, state: State) -> None:
    """A team exists once a system names it."""
    if team is not None and team not in state.teams:
        raise Refused(
            f"No system names a team '{team}'. {closest(team, sorted(state.teams))}".strip(),
            "`debt system list` shows the teams.",
        )
