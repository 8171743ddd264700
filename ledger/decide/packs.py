"""Rules of issuing a pack: once, and only of a quarter that has ended."""

from __future__ import annotations

from ledger.commands import IssuePack
from ledger.decide.common import Decided
from ledger.errors import Refused
from ledger.events import PackIssued
from ledger.quarters import Quarter
from ledger.state import State


class AlreadyIssued(Refused):
    """The very same pack has been issued before. position: of that issue."""

    def __init__(self, quarter: Quarter, position: int) -> None:
        self.position = position
        super().__init__(
            f"This pack of {quarter} was issued before, at position {position}, with the same bytes.",
            "`debt reproduce PACK` builds it again and compares.",
        )


def decide_issue_pack(command: IssuePack, state: State) -> tuple[Decided, ...]:
    """A pack is issued on the day it is written, whatever days it reports; it moves no figure."""
    quarter, book = Quarter.parse(command.quarter), state.opened_book()
    last_day = book.calendar.last_day(quarter)
    if command.as_of != last_day:
        raise Refused(
            f"A pack of {quarter} as of {command.as_of} is provisional: the quarter ends on {last_day}.",
            f"`debt report {quarter}` issues it after that day.",
        )
    if command.manifest_sha256 in book.issues:
        raise AlreadyIssued(quarter, book.issues[command.manifest_sha256])
    event = PackIssued(
        evidence=command.evidence,
        quarter=str(quarter),
        as_of=command.as_of,
        known_position=command.known_position,
        head_hash=command.head_hash,
        compared_with=command.compared_with,
        manifest_sha256=command.manifest_sha256,
        files=command.files,
    )
    return (Decided(state.today, event),)
