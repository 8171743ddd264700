"""Neglect: what was left undone, unknowingly or carelessly, and found afterwards (design §2)."""

from __future__ import annotations

from ledger.decide.decided import Decided
from ledger.decide.opening import OpeningCommand, common_fields, opened
from ledger.decide.pricing import Priced, priced, rate_on
from ledger.decide.state import State
from ledger.decide.words import closest
from ledger.events import NeglectObserved
from ledger.vocabulary.errors import Refused
from ledger.vocabulary.kinds import CAUSES


class Observe(OpeningCommand, frozen=True, kw_only=True, tag="observe"):
    cause: str | None = None


def decide_observe(command: Observe, state: State) -> tuple[Decided, ...]:
    """Neglect is an act of omission, found afterwards; it names its cause and may be unestimated."""
    cause = _known_cause(command)
    category, placed = opened(command, state)
    principal = Priced(0)
    if command.principal is not None:
        rate = rate_on(command.system, placed.effective_on, state)
        principal = priced(command.principal, "--principal", state, rate)
    elif command.interest is not None and command.interest.size:
        raise Refused(
            "--interest without --principal: an unestimated item bears no interest.", "Give --principal as well."
        )
    event = NeglectObserved(
        **common_fields(command, state, category, placed, principal),
        principal_minor=principal.minor if command.principal is not None else None,
        cause=cause,
    )
    return (Decided(placed.effective_on, event),)


def _known_cause(command: Observe) -> str:
    causes = ", ".join(CAUSES)
    if not command.cause:
        raise Refused("--cause is missing: an observation names why it was left undone.", f"Causes: {causes}.")
    if command.cause not in CAUSES:
        raise Refused(
            f"There is no cause '{command.cause}'. {closest(command.cause, list(CAUSES))}".strip(), f"Causes: {causes}."
        )
    return command.cause
