"""Rules of the book: opening it, the price of a day, closing a period."""

from __future__ import annotations

from ledger.commands import Close, OpenBook, SetRate
from ledger.decide.common import Decided, closest, place_in_book, priced
from ledger.errors import Refused
from ledger.events import BookOpened, DayRateSet, PeriodClosed
from ledger.policies import SECOND_ACTOR_CLOSE
from ledger.quantities import Quantity
from ledger.quarters import Quarter
from ledger.state import State


def decide_open_book(command: OpenBook, state: State) -> tuple[Decided, ...]:
    """A book is opened once; currency, calendar and zone are fixed for good."""
    if state.book is not None:
        raise Refused(
            f"The book '{state.book.name}' is open already, in {state.book.currency.code}.", "`debt delta` shows it."
        )
    opened = BookOpened(
        evidence=command.evidence,
        currency=command.currency,
        currency_exponent=command.currency_exponent,
        fiscal_year_start=command.fiscal_year_start,
        time_zone=command.time_zone,
    )
    return (Decided(command.on or state.today, opened),)


def decide_set_rate(command: SetRate, state: State) -> tuple[Decided, ...]:
    """A rate holds from its day on; recorded figures keep the rate they were priced with."""
    known_team(command.team, state)
    rate = priced(Quantity(minor=command.rate_minor), "The rate", state, None)
    placed = place_in_book(command, state)
    event = DayRateSet(
        occurred_on=placed.occurred_on, evidence=command.evidence, rate_minor=rate.minor, team=command.team
    )
    return (Decided(placed.effective_on, event),)


def known_team(team: str | None, state: State) -> None:
    """A team exists once a system names it."""
    if team is not None and team not in state.teams:
        raise Refused(
            f"No system names a team '{team}'. {closest(team, sorted(state.teams))}".strip(),
            "`debt system list` shows the teams.",
        )


def decide_close(command: Close, state: State) -> tuple[Decided, ...]:
    """A quarter closes once it has ended and all before it with item events are closed; for good."""
    book = state.opened_book()
    quarter = Quarter.parse(command.quarter)
    first_day, last_day = book.calendar.span(quarter)
    if last_day >= state.today:
        raise Refused(
            f"{quarter} has not ended: its last day is {last_day}, today is {state.today}.",
            f"`debt rollforward {quarter}` shows how it stands; close it after that day.",
        )
    if book.closed_through and last_day <= book.closed_through:
        raise Refused(
            f"{quarter} is closed already: the books are closed to {book.closed_through}, for good.",
            f"`debt report {quarter}` writes its pack.",
        )
    unclosed = state.first_unclosed_day
    if unclosed and unclosed < first_day:
        earlier = book.calendar.quarter_of(unclosed)
        raise Refused(
            f"{quarter} cannot be closed before {earlier}, which has entries on items.",
            f"Close it first: `debt close {earlier}`.",
        )
    placed_on = command.on or state.today
    if not last_day < placed_on <= state.today:
        raise Refused(
            f"{quarter} ends on {last_day}: it can be closed on a later day, up to today, not on {placed_on}.",
            f"`debt close {quarter}` closes it today.",
        )
    if book.policies.get(SECOND_ACTOR_CLOSE) == "on":
        _refuse_same_actor(quarter, state)
    event = PeriodClosed(evidence=command.evidence, quarter=str(quarter), last_day=last_day)
    return (Decided(placed_on, event),)


def _refuse_same_actor(quarter: Quarter, state: State) -> None:
    """Whoever recorded what is to be sealed last does not seal it too (policy second-actor-close)."""
    last = state.last_entry
    if last is not None and last.actor == state.actor:
        raise Refused(
            f"{quarter} cannot be closed by {state.actor}, who recorded its last event (position {last.position}): "
            "the policy second-actor-close is on.",
            f"Somebody else closes it, with `debt close {quarter}`.",
        )
