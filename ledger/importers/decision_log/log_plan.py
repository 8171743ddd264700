"""A plan of what is read into a log: on which terms, of what the book has already, and what follows, step by step."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from ledger.decide.command import Command
from ledger.decide.standing_decision import StandingDecision
from ledger.events import ImportRun
from ledger.importers.decision_log.folder import PlaceSaid, RecordRead
from ledger.importers.rows import BadRow
from ledger.vocabulary.kinds import Nature
from ledger.vocabulary.money import Currency

#: Stands before why a block was refused; its record is logged all the same.
OF_BLOCK = "Its block `debt`: "


@dataclass(frozen=True, slots=True)
class LogTerms:
    """How a folder is read into a log.

    system: whose debt its blocks are, where they name none. read_on: the day of this reading, from which on a change counts;
    day_said: somebody says that it is of that day. since: what is dated before and not in the log is left out. complete: the
    folder is all there is, however much of the log it lacks. first_open_day: of the book.
    """

    log: str
    system: str
    read_on: date
    today: date
    currency: Currency
    first_open_day: date
    day_said: bool = False
    since: date | None = None
    complete: bool = False


@dataclass(frozen=True, slots=True)
class OpenedItem:
    """An item that stands for a record: a block opened it, or a person for what a block asks for.

    record: log and id, as LOG/ID, of the record that opened it; home: of the one in which its block was seen last. content_hash: of
    what the block said when it opened the item, empty if a person did. position: of its opening. reversed: a person took that
    back. outstanding: minor units.
    """

    item: str
    title: str
    content_hash: str
    record: str
    home: str
    position: int
    nature: Nature
    outstanding: int
    reversed: bool

    @property
    def typed(self) -> bool:
        """Whether a person opened it."""
        return not self.content_hash

    def is_of(self, log: str) -> bool:
        """Whether a record of that log opened it."""
        return self.record.startswith(f"{log}/")


@dataclass(frozen=True, slots=True)
class KnownLog:
    """What the book has of a log.

    items: opened by blocks, by their key, but for those that an undo took back. typed: by which people answered a record, by its
    id. linked: ids of records that some item names. readings: runs that read it and were not undone, in order. readings_of: what
    every reading of a record found, by its id, in order, and also what was taken back.
    """

    decisions: Mapping[tuple[str, str], StandingDecision]
    items: Mapping[str, OpenedItem]
    typed: Mapping[str, Sequence[OpenedItem]]
    linked: frozenset[str]
    readings: tuple[ImportRun, ...] = ()
    readings_of: Mapping[str, Sequence[StandingDecision]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LogStep:
    """A command that follows from a record. place: its file; key: its id; of_block: its block asks for it."""

    place: str
    key: str
    command: Command
    of_block: bool = False


@dataclass(slots=True)
class LogPlan:
    """steps: in order. unchanged: records from which nothing follows; left_out: of these, those from before `since`.

    vanished: ids of records that the folder has no more. withdrawn: records that the log had accepted and that say so no more.
    drafts: commands that a person could complete. apart: items whose block says other things now than when it opened them.
    dropped: of which no record has the block any more; moved: the record, as LOG/ID, to which a block went, by its item.
    """

    steps: list[LogStep] = field(default_factory=list)
    bad: list[BadRow] = field(default_factory=list)
    unchanged: int = 0
    left_out: int = 0
    remarks: list[PlaceSaid] = field(default_factory=list)
    vanished: list[str] = field(default_factory=list)
    withdrawn: list[RecordRead] = field(default_factory=list)
    drafts: list[str] = field(default_factory=list)
    apart: list[str] = field(default_factory=list)
    dropped: list[str] = field(default_factory=list)
    moved: dict[str, str] = field(default_factory=dict)
    blocks_refused: int = 0

    def refuse(self, place: str, key: str, why: str, *, of_block: bool) -> None:
        """Add what is refused of a record: all of it, or its block alone."""
        self.blocks_refused += of_block
        self.bad.append(BadRow(place, f"{OF_BLOCK}{why}" if of_block else why, key))
