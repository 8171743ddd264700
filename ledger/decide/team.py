"""Teams: one exists once a system names it."""

from __future__ import annotations

import shlex

from ledger.decide.convention import by_convention
from ledger.decide.state import State
from ledger.decide.unsure import Unsure
from ledger.decide.words import closest
from ledger.vocabulary.errors import Refused
from ledger.vocabulary.spelling import SLIP_LETTERS, letters_apart


def known_team(team: str | None, state: State) -> None:
    """A team exists once a system names it."""
    if team is not None and team not in state.teams:
        raise Refused(
            f"No system names a team '{team}'. {closest(team, sorted(state.teams))}".strip(),
            "`debt system list` shows the teams.",
        )


def refuse_misspelt(team: str, command: str, state: State) -> None:
    """Refuse a team that no system names and that is a slip away from one that a system names.

    command: what is typed before `--team`, for the remedy. Names with no letter in common are no slip: `ml` is not `ai`.
    """
    if team in state.teams:
        return
    near = {known: letters_apart(team, known) for known in sorted(state.teams)}
    slips = {
        known: apart for known, apart in near.items() if apart <= SLIP_LETTERS and apart < max(len(team), len(known))
    }
    if not slips:
        return
    meant = min(slips, key=lambda known: slips[known])
    right, new = (
        f"`{shlex.join([*command.split(), '--team', each, *more])}`"
        for each, more in ((meant, ()), (team, ("--new-team",)))
    )
    by_convention(
        Unsure(
            f"No system names a team '{team}'. Did you mean {meant}?",
            f"{right} names that one; if it is new, add --new-team: {new}.",
            question=f"No system names a team '{team}' yet. Did you mean {meant}?",
            yes={"team": meant},
            no={"new_team": True},
            likely=True,
        )
    )
