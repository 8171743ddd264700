"""The price of a person-day."""

from __future__ import annotations

from datetime import date

from ledger.decide.command import Command, Needs
from ledger.decide.convention import by_convention
from ledger.decide.day_rates import DayRate
from ledger.decide.decided import Decided
from ledger.decide.placing import place_in_book
from ledger.decide.pricing import priced
from ledger.decide.state import Book, State
from ledger.decide.team import known_team
from ledger.decide.unsure import Unsure
from ledger.events import DayRateSet
from ledger.vocabulary.quantities import Quantity

#: From one price to the next; beyond it a digit was probably lost, or typed twice (decision 0068).
_MOST_TIMES = 3


class SetRate(Command, frozen=True, kw_only=True, tag="rate set"):
    """rate_minor: minor units per person-day. `on` is the first day it is in force. yes: however far it is from the last."""

    rate_minor: int
    team: str | None = None
    yes: bool = False

    def needs(self) -> Needs:
        return Needs(teams=True)


def decide_set_rate(command: SetRate, state: State) -> tuple[Decided, ...]:
    """A rate holds from its day on; recorded figures keep the rate they were priced with."""
    known_team(command.team, state)
    rate = priced(Quantity(minor=command.rate_minor), "The rate", state, None)
    placed = place_in_book(command, state)
    if not command.yes:
        _refuse_a_leap(rate.minor, placed.effective_on, command, state.opened_book())
    event = DayRateSet(
        occurred_on=placed.occurred_on, evidence=command.evidence, rate_minor=rate.minor, team=command.team
    )
    return (Decided(placed.effective_on, event),)


def _refuse_a_leap(rate_minor: int, day: date, command: SetRate, book: Book) -> None:
    last = _last_before(day, command.team, book)
    if last is None or max(rate_minor, last.rate_minor) <= _MOST_TIMES * min(rate_minor, last.rate_minor):
        return
    new, old = book.currency.text(rate_minor), book.currency.text(last.rate_minor)
    team = f" --team {command.team}" if command.team else ""
    by_convention(
        Unsure(
            f"{new} a day is {'more than three times' if rate_minor > last.rate_minor else 'less than a third of'} the rate beside "
            f"it, {old} from {last.effective_on}.",
            f"If it is meant, add --yes: `debt rate set {book.currency.plain(rate_minor)} --from {day}{team} --yes`.",
            question=f"{new} a day, where it was {old}: is that meant?",
            yes={"yes": True},
        )
    )


def _last_before(day: date, team: str | None, book: Book) -> DayRate | None:
    """The rate that the new one follows; where none is in force by its day, the first one after it."""
    later = (rate for rate in book.rates if rate.team == team)
    return book.rate_on(day, team) or min(later, key=lambda rate: (rate.effective_on, rate.position), default=None)
