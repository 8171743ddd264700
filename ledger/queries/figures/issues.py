"""Issues: which packs have been given out, and which of them a pack is compared with."""

from __future__ import annotations

import shlex
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import select

from ledger.events import ABOUT_THE_LEDGER, PackIssued
from ledger.events.codec import decode
from ledger.queries.reader import Reader
from ledger.tables.facts import event
from ledger.views.quarter import QUARTERS_SHOWN
from ledger.views.restatements import IssueView
from ledger.vocabulary.errors import StoreError
from ledger.vocabulary.kinds import BOOK_STREAM
from ledger.vocabulary.quarters import Quarter


@dataclass(frozen=True, slots=True)
class PackIssue:
    """One issue and what it recorded of itself."""

    position: int
    recorded_at: str
    issued: PackIssued

    @property
    def view(self) -> IssueView:
        """The issue as a report names it."""
        said = self.issued
        return IssueView(self.position, said.quarter, said.as_of, said.known_position, self.recorded_at)


def as_reported(reader: Reader) -> Reader:
    """The same book as a pack knows it: up to the last event that is not about packs or checkpoints."""
    query = (
        select(event.c.position, event.c.recorded_at)
        .where(
            event.c.book == reader.name,
            event.c.position <= reader.position,
            event.c.stored_as.not_in(ABOUT_THE_LEDGER),
        )
        .order_by(event.c.position.desc())
        .limit(1)
    )
    found = reader.connection.execute(query).one_or_none()
    if found is None:
        return reader
    return replace(reader, position=found.position, known_at=found.recorded_at)


def issues(reader: Reader) -> list[PackIssue]:
    """Every issue of the reader's book, in order of position, whatever position the reader knows.

    An issue is recorded after the events that it knew. A reader of just those would miss it, and a pack built
    again as it was known then would name other issues than it did.
    """
    query = (
        select(event.c.body)
        .where(
            event.c.book == reader.name,
            event.c.stream == BOOK_STREAM,
            event.c.stored_as == "pack-issued/1",
        )
        .order_by(event.c.stream_version)
    )
    recorded = [decode(body) for body in reader.connection.execute(query).scalars()]
    return [
        PackIssue(each.position, each.recorded_at, each.event)
        for each in recorded
        if isinstance(each.event, PackIssued)
    ]


def compared_with(known: Iterable[PackIssue], quarter: Quarter, as_of: date, position: int) -> tuple[PackIssue, ...]:
    """The issues that a pack names: the latest earlier one of its quarter, the latest of each quarter that it shows.

    position: of the last event that the pack knows. The latest is the one given out last, of those that knew no
    more than the pack. An issue of the pack's quarter as of another day shows other figures: it is left out, so
    that a provisional pack is compared with none. A pack that has been issued before is compared with what it
    was compared with then, whatever came since.
    """
    found = list(known)
    of_quarter = [issue for issue in found if (issue.issued.quarter, issue.issued.as_of) == (str(quarter), as_of)]
    same = [issue for issue in of_quarter if issue.issued.known_position == position]
    if same:
        return named(found, same[-1].issued.compared_with)
    earlier = [issue for issue in of_quarter if issue.issued.known_position < position]
    before = {issue.issued.quarter: issue for issue in found if issue.issued.known_position <= position}
    shown = (str(quarter.shift(-back)) for back in range(1, QUARTERS_SHOWN))
    return (*earlier[-1:], *(before[each] for each in shown if each in before))


def named(known: Iterable[PackIssue], positions: Iterable[int]) -> tuple[PackIssue, ...]:
    """The issues at these positions. Raises StoreError if there is none at one of them."""
    by_position = {issue.position: issue for issue in known}
    wanted = tuple(positions)
    missing = [position for position in wanted if position not in by_position]
    if missing:
        raise StoreError(
            f"The pack names an earlier issue at position {missing[0]}; this book holds none there. "
            "It was made from another ledger."
        )
    return tuple(by_position[position] for position in wanted)


def reproducing_command(reader: Reader, quarter: Quarter, as_of: date) -> str:
    """What makes the same pack again, whatever has been recorded since."""
    return f"debt --book {shlex.quote(reader.name)} report {quarter} --as-of {as_of} --known-at {reader.known_at}"
