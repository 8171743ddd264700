"""Opening a book."""

from __future__ import annotations

from ledger.decide.command import Command
from ledger.decide.decided import Decided
from ledger.decide.state import State
from ledger.decide.time_zone_set import lasting_time_zone
from ledger.events import BookOpened
from ledger.vocabulary.errors import Refused


class OpenBook(Command, frozen=True, kw_only=True, tag="init"):
    currency: str
    currency_exponent: int
    fiscal_year_start: int
    time_zone: str


def decide_open_book(command: OpenBook, state: State) -> tuple[Decided, ...]:
    """A book is opened once; currency and calendar are fixed for good."""
    if state.book is not None:
        raise Refused(
            f"The book '{state.book.name}' is open already, in {state.book.currency.code}.", "`debt delta` shows it."
        )
    opened = BookOpened(
        evidence=command.evidence,
        currency=command.currency,
        currency_exponent=command.currency_exponent,
        fiscal_year_start=command.fiscal_year_start,
        time_zone=lasting_time_zone(command.time_zone),
    )
    return (Decided(command.on or state.today, opened),)
