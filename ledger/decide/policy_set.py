"""Policies: how a book is kept is itself recorded, and never read from a configuration."""

from __future__ import annotations

from ledger.decide.command import Command
from ledger.decide.convention import by_convention
from ledger.decide.decided import Decided
from ledger.decide.state import State
from ledger.decide.words import closest
from ledger.events import PolicySet
from ledger.vocabulary.errors import Refused
from ledger.vocabulary.policies import POLICIES


class SetPolicy(Command, frozen=True, kw_only=True, tag="policy set"):
    """value: 'on' or 'off'."""

    policy: str
    value: str


def decide_set_policy(command: SetPolicy, state: State) -> tuple[Decided, ...]:
    """A policy holds from the event that sets it on; setting it to what it is would say nothing."""
    book, name = state.opened_book(), command.policy
    if name not in POLICIES:
        by_convention(
            Refused(
                f"There is no policy '{name}'. {closest(name, list(POLICIES))}".strip(),
                "`debt policy list` shows them.",
            )
        )
    if book.policies.get(name, "off") == command.value:
        by_convention(Refused(f"The policy {name} is {command.value} already.", "`debt policy list` shows them."))
    event = PolicySet(evidence=command.evidence, policy=name, value=command.value)
    return (Decided(state.today, event),)
