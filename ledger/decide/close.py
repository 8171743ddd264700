"""Closing a quarter, for good."""

from __future__ import annotations

from ledger.decide.command import Command, Needs
from ledger.decide.decided import Decided
from ledger.decide.state import State
from ledger.events import PeriodClosed
from ledger.vocabulary.errors import Refused, StoreError
from ledger.vocabulary.policies import SECOND_ACTOR_CLOSE
from ledger.vocabulary.quarters import Quarter


class Unexamined(StoreError):
    """Every rule lets the quarter be closed; only what the books hold has not been examined yet."""

    def __init__(self, quarter: Quarter) -> None:
        self.quarter = quarter
        super().__init__(
            f"{quarter} was not closed: the books were not examined before. `debt close {quarter}` examines and closes."
        )


class Close(Command, frozen=True, kw_only=True, tag="close"):
    quarter: str

    def needs(self) -> Needs:
        return Needs(first_unclosed_day=True, last_entry_in=self.quarter)


def decide_close(command: Close, state: State) -> tuple[Decided, ...]:
    """A quarter closes once it has ended, all before it with item events are closed, and the books hold; for good.

    Raises StoreError for books in which something stands against it, Unexamined where nobody looked.
    """
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
            f"`debt rollforward {quarter}` shows what it was closed with.",
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
    # Last, because it reads the whole book: every other refusal comes without that cost.
    if state.objections is None:
        raise Unexamined(quarter)
    if state.objections:
        raise StoreError(f"{quarter} was not closed: {state.objections[0]}")
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
