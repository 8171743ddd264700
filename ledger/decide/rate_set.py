"""The price of a person-day."""

from __future__ import annotations

from ledger.decide.command import Command, Needs
from ledger.decide.decided import Decided
from ledger.decide.placing import place_in_book
from ledger.decide.pricing import priced
from ledger.decide.state import State
from ledger.decide.team import known_team
from ledger.events import DayRateSet
from ledger.vocabulary.quantities import Quantity


class SetRate(Command, frozen=True, kw_only=True, tag="rate set"):
    """rate_minor: minor units per person-day. `on` is the first day it is in force."""

    rate_minor: int
    team: str | None = None

    def needs(self) -> Needs:
        return Needs(teams=True)


def decide_set_rate(command: SetRate, state: State) -> tuple[Decided, ...]:
    """A rate holds from its day on; recorded figures keep the rate they were priced with."""
    known_team(command.team, state)
    rate = priced(Quantity(minor=command.rate_minor), "The rate", state, None)
    placed = place_in_book(command, state)
    event = DayRateSet(
        occurred_on=placed.occurred_on, evidence=command.evidence, rate_minor=rate.minor, team=command.team
    )
    return (Decided(placed.effective_on, event),)
