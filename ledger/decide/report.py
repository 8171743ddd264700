"""Issuing a pack: once, and only of a quarter that has ended."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from ledger.decide.command import Command
from ledger.decide.decided import Decided
from ledger.decide.state import State
from ledger.events import PackFile, PackIssued
from ledger.vocabulary.errors import Refused
from ledger.vocabulary.quarters import Quarter


class IssuePack(Command, frozen=True, kw_only=True, tag="report"):
    """A pack that has been written; the fields are those of `PackIssued`."""

    quarter: str
    as_of: date
    known_position: int
    head_hash: str
    compared_with: tuple[int, ...]
    manifest_sha256: str
    files: tuple[PackFile, ...]

    recorded_by: ClassVar[str] = "ledger.services.report.issue"

    def claims(self) -> tuple[str, ...]:
        return ("head_hash", "manifest_sha256", "files")


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
