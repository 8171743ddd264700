"""Who asks, and on which day: what turns commands into requests."""

from __future__ import annotations

from datetime import date

import msgspec

from ledger.decide.command import Command
from ledger.decide.request import Request
from ledger.decide.words import limited
from ledger.vocabulary.text import MAX_NAME


class Requester(msgspec.Struct, frozen=True):
    """actor: a claim, kept with every event. today: the date now in the book's time zone."""

    actor: str
    today: date

    def request(self, command: Command, *, key: str | None = None, again: bool = False) -> Request:
        """The command, asked for now. key, again: as a Request has them. Raises Refused for a name that is too long."""
        limited(self.actor, "--actor", MAX_NAME)
        limited(key or "", "--key", MAX_NAME)
        return Request(command, self.actor, self.today, key=key, again=again)
