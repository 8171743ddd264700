"""The zone in which a book's days begin and end, from a position on."""

from __future__ import annotations

from ledger.decide.command import Command
from ledger.decide.convention import by_convention
from ledger.decide.decided import Decided
from ledger.decide.placing import place_in_book
from ledger.decide.state import State
from ledger.decide.words import required
from ledger.events import TimeZoneSet
from ledger.vocabulary.errors import Refused, Unreadable
from ledger.vocabulary.time_zones import known_time_zone


class SetTimeZone(Command, frozen=True, kw_only=True, tag="time-zone set"):
    """time_zone: a name of the time-zone database."""

    time_zone: str


def decide_set_time_zone(command: SetTimeZone, state: State) -> tuple[Decided, ...]:
    """What was recorded keeps its day; only days that are typed or asked for from here on are of the new zone."""
    book, zone = state.opened_book(), lasting_time_zone(command.time_zone)
    if zone == book.time_zone:
        by_convention(Refused(f"The time zone of the book is {zone} already.", "`debt log book` shows since when."))
    event = TimeZoneSet(evidence=command.evidence, time_zone=zone, previous=book.time_zone)
    return (Decided(place_in_book(command, state).effective_on, event),)


def lasting_time_zone(name: str) -> str:
    """A name that means the same on every machine. Raises Refused for another."""
    try:
        return known_time_zone(required(name, "--time-zone"))
    except Unreadable as error:
        by_convention(Refused(str(error), "Names are those of the time-zone database, spelled as it spells them."))
        return name
