"""`debt import adr`: a folder of decision records, read, held against the log that the book has, then recorded at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sqlalchemy import bindparam, select

from ledger.decide.claims import HASHED_HERE
from ledger.decide.command import Needs
from ledger.decide.request import Request
from ledger.decide.system import known_system
from ledger.decide.words import name
from ledger.events import Event
from ledger.events.codec import stored_name
from ledger.importers.decision_log.debt_block import SOURCE
from ledger.importers.decision_log.folder import FolderRead, PlaceSaid, read_folder
from ledger.importers.decision_log.planning import OF_BLOCK, KnownLog, LogPlan, LogTerms, OpenedItem, planned
from ledger.importers.rows import BadRow, Progress, settle
from ledger.queries.reader import Reader, reader_in, reader_within
from ledger.queries.register.decisions import items_by_decision
from ledger.services.requester import Requester
from ledger.store.ledger import Ledger
from ledger.store.memory import Memory
from ledger.store.transaction import Unit, decided
from ledger.tables.items import item as item_table
from ledger.tables.reversals import reversal
from ledger.vocabulary.errors import Refused, Unreadable
from ledger.vocabulary.text_encodings import RECOGNISED, Decoding

# Of several items with one key the latest counts.
_OPENED = (
    select(item_table.c.external_key, item_table.c.item, item_table.c.content_hash, reversal.c.position)
    .outerjoin(
        reversal,
        (reversal.c.book == item_table.c.book) & (reversal.c.reversed_position == item_table.c.position),
    )
    .where(item_table.c.book == bindparam("book"), item_table.c.source == SOURCE)
    .order_by(item_table.c.position)
)


@dataclass(frozen=True, slots=True)
class DecisionLogReport:
    """What became of a folder of records. refused: those that could not be read, and blocks that the ledger refused.

    recorded: events by stored name; in a dry run those that would be. items: that its blocks opened. no_records: files that
    are none. vanished: ids of records that the log has and the folder has not. drafts: commands for a person to complete.
    """

    log: str
    read: int
    recorded: dict[str, int]
    unchanged: int
    refused: tuple[BadRow, ...]
    items: tuple[str, ...]
    no_records: tuple[PlaceSaid, ...]
    remarks: tuple[PlaceSaid, ...]
    vanished: tuple[str, ...]
    drafts: tuple[str, ...]
    dry_run: bool

    @property
    def blocks_refused(self) -> int:
        """Of what was refused, the blocks of records that are in the log."""
        return sum(row.why.startswith(OF_BLOCK) for row in self.refused)


#: Decides a request, and records what follows or does not.
Taking = Callable[[Request], tuple[Event, ...]]


def import_decisions(
    ledger: Ledger,
    folder: Path,
    requester: Requester,
    *,
    system: str,
    log: str | None = None,
    on: date | None = None,
    complete: bool = False,
    dry_run: bool = False,
    strict: bool = False,
    decoding: Decoding = RECOGNISED,
    progress: Progress | None = None,
) -> DecisionLogReport:
    """Record what the records of a folder say that the log does not have yet, all of it or nothing.

    system: whose debt the records' blocks are, where they name none. log: the system's key by default. on: the day of this
    reading, from which on a change counts whose record states no new day; today by default. complete: the folder is all there
    is. Raises Unreadable for what is no folder, Refused for an unknown system, a day to come and a folder that lacks most of
    the log; ImportRefused if it is strict and a record is bad. Then nothing is recorded.
    """
    found = read_folder(folder, decoding)
    book = ledger.settings()
    terms = LogTerms(name(log or system, "--log"), system, on or requester.today, requester.today, book.currency)
    if terms.read_on > terms.today:
        raise Refused(f"{terms.read_on} is in the future: today is {terms.today}.", "Leave --on out.")

    def take_all(memory: Memory, reader: Reader, take: Taking) -> DecisionLogReport:
        known_system(system, memory.state_for(Needs(systems=(system,)), terms.today))
        plan = planned(found, _known(memory, reader, terms.log), terms, complete=complete)
        events = _taken(plan, requester, take, progress)
        settle(plan.bad, len(found.records) + len(found.bad), strict=strict)
        return _report(found, terms.log, plan, events, dry_run=dry_run)

    if dry_run:
        with ledger.reading() as connection:
            memory = Memory(connection, ledger.book)
            return take_all(memory, reader_in(connection, ledger.book), lambda asked: _foreseen(memory, asked))
    return ledger.append(lambda unit: take_all(unit.memory, reader_within(unit), lambda asked: _recorded(unit, asked)))


def _known(memory: Memory, reader: Reader, log: str) -> KnownLog:
    opened = reader.connection.execute(_OPENED, {"book": reader.name})
    linked = frozenset(id_ for (of, id_) in items_by_decision(reader) if of == log)
    book = memory.state_for(Needs(), date.min).opened_book()
    items = {key: OpenedItem(item, hash_, undone is not None) for key, item, hash_, undone in opened}
    return KnownLog(book.decisions, items, linked)


def _taken(plan: LogPlan, requester: Requester, take: Taking, progress: Progress | None) -> list[Event]:
    events: list[Event] = []
    for number, step in enumerate(plan.steps, start=1):
        try:
            events += take(requester.request(step.command, key=step.key))
        except (Refused, Unreadable) as refusal:
            plan.bad.append(BadRow(step.place, f"{step.about}{refusal}", step.place))
        if progress:
            progress(number, len(plan.steps))
    return events


def _recorded(unit: Unit, asked: Request) -> tuple[Event, ...]:
    return tuple(receipt.recorded.event for receipt in unit.record(asked, HASHED_HERE))


def _foreseen(memory: Memory, asked: Request) -> tuple[Event, ...]:
    return tuple(each.event for each in decided(memory, asked, None, HASHED_HERE))


def _report(found: FolderRead, log: str, plan: LogPlan, events: list[Event], *, dry_run: bool) -> DecisionLogReport:
    opened = tuple(event.stream for event in events if stored_name(event).startswith("debt-commissioned/"))
    return DecisionLogReport(
        log=log,
        read=len(found.records) + len(found.bad),
        recorded=dict(Counter(stored_name(event) for event in events)),
        unchanged=plan.unchanged,
        refused=tuple(plan.bad),
        items=() if dry_run else opened,
        no_records=tuple(found.others),
        remarks=tuple(plan.remarks),
        vanished=tuple(plan.vanished),
        drafts=tuple(plan.drafts),
        dry_run=dry_run,
    )
