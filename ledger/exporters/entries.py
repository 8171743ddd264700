"""Entries: the events that move money, read from their stored bodies and posted anew.

Nothing comes from `posting` or another read model, which the ledger's own figures come from: what another program
adds up from an exported journal is a witness of its own. The columns of `event` bring the bodies into order, no more.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import select

from ledger.accounts.postings import post
from ledger.events import Leg, Opening, Recorded
from ledger.events.codec import decode
from ledger.exporters import Wanted
from ledger.proof.chain import GENESIS
from ledger.queries.reader import Reader
from ledger.tables.facts import event
from ledger.vocabulary.errors import StoreError
from ledger.vocabulary.keys import is_item

_ACCOUNT = re.compile(r"(?:assets|equity|expenses|liabilities)(?::[a-z]+(?:-[a-z]+)*)+")


@dataclass(frozen=True, slots=True)
class PostedEntry:
    """An event that has legs, and its link in the chain."""

    recorded: Recorded
    hash: str
    legs: tuple[Leg, ...]

    def facts(self) -> Iterator[tuple[str, str]]:
        """What a journal says of it beside its day and its amounts, by name; texts as they were typed."""
        recorded, event = self.recorded, self.recorded.event
        yield "event-id", recorded.event_id
        yield "hash", self.hash
        yield "recorded-at", recorded.recorded_at
        yield "actor", recorded.actor
        yield "movement", self.legs[0].movement
        if event.occurred_on is not None:
            yield "occurred-on", event.occurred_on.isoformat()
        if isinstance(event, Opening):
            yield "title", event.title

    def account(self, leg: Leg) -> str:
        """The account of a leg; what is owed stands under the item that owes it."""
        return f"{leg.account}:{self.recorded.stream}" if leg.nature else leg.account


def entries(reader: Reader, wanted: Wanted) -> Iterator[PostedEntry]:
    """Every event with legs, by effective date, then position; a journal's order. Raises StoreError for damage."""
    query = (
        select(event.c.body, event.c.hash)
        .where(event.c.book == reader.name, event.c.position <= reader.position)
        .order_by(event.c.effective_on, event.c.position)
    )
    for number, (body, hash_) in enumerate(reader.stream(query), 1):
        recorded = decode(body)
        legs = post(recorded.event, recorded.effective_on)
        if legs and wanted.counts(recorded.effective_on):
            yield _checked(PostedEntry(recorded, hash_, legs))
        wanted.told(number, reader.position)


def head_hash(reader: Reader) -> str:
    """The hash of the last event that is known."""
    query = select(event.c.hash).where(event.c.book == reader.name, event.c.position == reader.position)
    return reader.connection.execute(query).scalar() or GENESIS


def escaped(text: str, also: str = "") -> str:
    r"""The text in one line of printable characters: '\u000a' for a line break, '\\' for a backslash.

    also: characters that mean something where the text is to stand. Nothing is lost, so that two texts stay two.
    """
    special = "\\" + also
    if text.isprintable() and not any(character in text for character in special):
        return text
    return "".join(
        character if character.isprintable() and character not in special else _escape(character) for character in text
    )


def _escape(character: str) -> str:
    if character == "\\":
        return "\\\\"
    code = ord(character)
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"


def _checked(entry: PostedEntry) -> PostedEntry:
    """The entry, whose names go into a journal as they are: what was decided by rules has no others than these."""
    recorded = entry.recorded
    if not is_item(recorded.stream) or not all(_ACCOUNT.fullmatch(leg.account) for leg in entry.legs):
        raise StoreError(
            f"The event at position {recorded.position} posts to an account that the ledger does not have. "
            "`debt verify` tells what was touched."
        )
    return entry
