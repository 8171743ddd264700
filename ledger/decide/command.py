"""Commands: what somebody asks the ledger to do, read but not yet decided.

A command holds what was typed: quantities are not priced, a missing date is None. Its canonical text is
the request that a retry is compared with. `needs` says which part of the books must be known to decide it.
"""

from __future__ import annotations

from datetime import date
from typing import ClassVar

import msgspec

from ledger.vocabulary.keys import system_of


class Needs(msgspec.Struct, frozen=True):
    """What the store has to load before a command can be decided; the book itself always is.

    number_in: the system whose next item number is wanted. items_of: the system whose items are all
    wanted. event_at: a position whose stream is wanted. teams: every team ever named. first_unclosed_day:
    the first effective date of an item event after the last closed day. last_entry_in: a quarter; who recorded
    the last event of the days that closing it would seal.
    """

    systems: tuple[str, ...] = ()
    items: tuple[str, ...] = ()
    number_in: str | None = None
    items_of: str | None = None
    event_at: int | None = None
    teams: bool = False
    first_unclosed_day: bool = False
    last_entry_in: str | None = None

    @property
    def reads_the_book(self) -> bool:
        """Whether more is asked of the store than streams it knows by name: what is pending must be there."""
        return self.event_at is not None or self.items_of is not None or self.first_unclosed_day


class Command(msgspec.Struct, frozen=True, kw_only=True, tag=True, tag_field="command", omit_defaults=True):
    """What every command may say.

    on: the day it happened, None for today. late: post it on the first day allowed if that day is closed
    or before a barrier. evidence: where the fact can be checked. What was not said is left out of the
    request's text, so that an option added later changes no request made before.
    """

    on: date | None = None
    late: bool = False
    evidence: str | None = None

    #: What reads the files that such a command is about, hashes them and records it.
    recorded_by: ClassVar[str] = ""

    def needs(self) -> Needs:
        return Needs()

    def claims(self) -> tuple[str, ...]:
        """The fields in which it says what a file, or the chain, hashes to: no rule can see that."""
        return ()


class ItemCommand(Command, frozen=True, kw_only=True):
    """A command about one item."""

    item: str

    def needs(self) -> Needs:
        return Needs(systems=(system_of(self.item),), items=(self.item,))


class SystemCommand(Command, frozen=True, kw_only=True):
    """A command about one system's documents."""

    system: str

    def needs(self) -> Needs:
        return Needs(systems=(self.system,))
