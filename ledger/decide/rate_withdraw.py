"""Taking back a price of a person-day that was set in error."""

from __future__ import annotations

from ledger.decide.command import Command, Needs
from ledger.decide.decided import Decided
from ledger.decide.state import State
from ledger.decide.words import required
from ledger.events import DayRateSet, DayRateWithdrawn
from ledger.vocabulary.errors import Refused


class WithdrawRate(Command, frozen=True, kw_only=True, tag="rate withdraw"):
    """Takes neither `on` nor `late`: like a reversal it is of the day of what it takes back."""

    position: int
    because: str | None = None

    def needs(self) -> Needs:
        return Needs(event_at=self.position)


def decide_withdraw_rate(command: WithdrawRate, state: State) -> tuple[Decided, ...]:
    """Nothing more is priced by it. What was priced keeps its figures: they are facts, and a revision says otherwise."""
    named, position, book = state.named_event, command.position, state.opened_book()
    if named is None or not isinstance(named.event, DayRateSet):
        what = "There is no event" if named is None else f"{named.stored_as} is no rate:"
        raise Refused(f"{what} at position {position}.", "`debt rate list` shows the rates and their positions.")
    if all(rate.position != position for rate in book.rates):
        raise Refused(
            f"The rate of position {position} was withdrawn already.",
            f"`debt rate set {book.currency.plain(named.event.rate_minor)} --from {named.effective_on}` sets it again.",
        )
    event = DayRateWithdrawn(
        evidence=command.evidence,
        withdrawn_position=position,
        rate_minor=named.event.rate_minor,
        team=named.event.team,
        because=required(command.because, "--because"),
    )
    return (Decided(max(named.effective_on, book.first_open_day), event),)
