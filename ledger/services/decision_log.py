"""`debt import adr`: a folder of decision records, read, held against the log that the book has, then recorded at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from ledger.decide.claims import HASHED_HERE
from ledger.decide.command import Needs
from ledger.decide.import_batch import ImportBatch, RunOpening
from ledger.decide.placing import refuse_beyond_calendar
from ledger.decide.request import Request
from ledger.decide.system import known_system
from ledger.decide.words import name
from ledger.events import DebtCommissioned, DecisionLogged, Event
from ledger.events.codec import stored_name
from ledger.importers.decision_log.debt_block import SOURCE
from ledger.importers.decision_log.decision_mapping import decision_mapping
from ledger.importers.decision_log.folder import FolderRead, PlaceSaid, RecordRead, read_folder
from ledger.importers.decision_log.log_plan import KnownLog, LogPlan, LogTerms
from ledger.importers.decision_log.older_folder import folder_sha256
from ledger.importers.decision_log.planning import planned
from ledger.importers.mapping import UNMAPPED
from ledger.importers.rows import BadRow, Progress, row_reason, settle
from ledger.queries.reader import Reader, reader_in, reader_within
from ledger.queries.register.decisions import items_by_decision, readings_of
from ledger.queries.register.items import CLOSED, register
from ledger.services.known_log_items import KnownItems, block_of
from ledger.services.requester import Requester
from ledger.store.ledger import Ledger
from ledger.store.memory import Memory
from ledger.store.runs import batch_key, new_run, runs_so_far
from ledger.store.transaction import Unit, decided
from ledger.vocabulary.errors import Refused, Unreadable
from ledger.vocabulary.text_encodings import RECOGNISED, Decoding


@dataclass(frozen=True, slots=True)
class DecisionLogReport:
    """What became of a folder of records. refused: those that could not be read, and blocks that the ledger refused.

    run: under which it is recorded, None if nothing is. recorded: events by stored name; in a dry run those that would be.
    left_out: of those unchanged, records from before `since`. late: records that are dated in a closed quarter and stand from
    `late_from` on. items: that its blocks opened; apart: those whose block says other things now. no_records: files that are
    none. vanished: ids of records that the log has and the folder has not. drafts: commands for a person to complete. dropped:
    items with something outstanding of which no record has the block any more. blocks_refused: of what was refused, the blocks of
    records that are in the log.
    """

    run: str | None
    log: str
    read: int
    recorded: dict[str, int]
    unchanged: int
    left_out: int
    late: int
    late_from: date
    refused: tuple[BadRow, ...]
    items: tuple[str, ...]
    apart: tuple[str, ...]
    no_records: tuple[PlaceSaid, ...]
    remarks: tuple[PlaceSaid, ...]
    vanished: tuple[str, ...]
    drafts: tuple[str, ...]
    dropped: tuple[str, ...]
    blocks_refused: int
    dry_run: bool


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
    since: date | None = None,
    complete: bool = False,
    dry_run: bool = False,
    strict: bool = False,
    mapping: Path | None = None,
    decoding: Decoding = RECOGNISED,
    progress: Progress | None = None,
) -> DecisionLogReport:
    """Record what the records of a folder say that the log does not have yet, all of it or nothing, as one run.

    system: whose debt the records' blocks are, where they name none. log: the system's key by default. on: the day of this
    reading, from which on a change counts whose record states no new day; today by default. since: what is dated before and
    not in the log is left out. complete: the folder is all there is. mapping: what their words for a status mean, and who the
    deciders are. Raises Unreadable for what is no folder, Refused for an unknown system, a day to come, an older folder and
    one that lacks most of the log; ImportRefused if it is strict and a record is bad. Then nothing is recorded.
    """
    mapped = UNMAPPED if mapping is None else decision_mapping(mapping)
    found = read_folder(folder, decoding, mapped)
    asked = _Asked(system, name(log or system, "--log"), on, since, complete, mapped.sha256)
    if asked.read_on(requester) > requester.today:
        raise Refused(f"{on} is in the future: today is {requester.today}.", "Leave --on out.")
    refuse_beyond_calendar(asked.read_on(requester))

    def read_all(memory: Memory, reader: Reader, take: Taking) -> DecisionLogReport:
        known_system(system, memory.state_for(Needs(systems=(system,)), requester.today))
        terms = asked.terms(memory, requester)
        plan = planned(found, _known(memory, reader, terms), terms)
        plan.remarks += _owed_still(plan.withdrawn, reader, terms)
        run = new_run(memory.connection, ledger.book, SOURCE)
        events = _taken(plan, run, requester, take, progress)
        settle(plan.bad, len(found.records) + len(found.bad), strict=strict)
        if events:
            opening = _opening(found, plan, events, terms, asked)
            batch = ImportBatch(run=run, system=system, number=1, last=True, opening=opening)
            events += take(requester.request(batch, key=batch_key(run, 1)))
        return _report(found, terms, plan, events, run=None if dry_run or not events else run, dry_run=dry_run)

    if dry_run:
        with ledger.reading() as connection:
            memory = Memory(connection, ledger.book)
            return read_all(memory, reader_in(connection, ledger.book), lambda asked: _foreseen(memory, asked))
    return ledger.append(lambda unit: read_all(unit.memory, reader_within(unit), lambda asked: _recorded(unit, asked)))


@dataclass(frozen=True, slots=True)
class _Asked:
    """What whoever reads a folder says of it."""

    system: str
    log: str
    on: date | None
    since: date | None
    complete: bool
    mapping_sha256: str | None

    def read_on(self, requester: Requester) -> date:
        return self.on or requester.today

    def terms(self, memory: Memory, requester: Requester) -> LogTerms:
        """With what the book fixes, as it is in this transaction."""
        book = memory.state_for(Needs(), requester.today).opened_book()
        return LogTerms(
            log=self.log,
            system=self.system,
            read_on=self.read_on(requester),
            today=requester.today,
            currency=book.currency,
            first_open_day=book.first_open_day,
            day_said=self.on is not None,
            since=self.since,
            complete=self.complete,
        )


def _known(memory: Memory, reader: Reader, terms: LogTerms) -> KnownLog:
    runs = runs_so_far(reader.connection, reader.name)
    undone = sorted(span for run in runs for span in run.undone)
    logs = [run.event for run in runs if run.event.kind == SOURCE and not run.fully_undone]
    linked = frozenset(id_ for (of, id_) in items_by_decision(reader) if of == terms.log)
    book = memory.state_for(Needs(), date.min).opened_book()
    readings = [run for run in logs if run.source == terms.log]
    known = KnownItems.read(reader, terms, readings, book.decisions)
    return KnownLog(
        book.decisions,
        known.opened_by_blocks(undone),
        known.typed(),
        linked,
        tuple(readings),
        readings_of(reader, terms.log),
    )


def _owed_still(withdrawn: Sequence[RecordRead], reader: Reader, terms: LogTerms) -> Iterator[PlaceSaid]:
    """The open debts of records that are accepted no more: nothing of the log moves a figure, and a person decides."""
    if not withdrawn:
        return
    linked = items_by_decision(reader)
    standing = {item.item: item for item in register(reader, terms.today) if item.status not in CLOSED}
    for record in withdrawn:
        named = record.status or record.status_said or "without a status"
        for item in map(standing.get, linked.get((terms.log, record.id), ())):
            if item is not None and item.nature == "debt":
                yield PlaceSaid(
                    record.path,
                    f"it was accepted, and is {named} now; of {item.item} {reader.currency.text(item.outstanding)} are "
                    f"outstanding as before: `debt repay {item.item} --all` or "
                    f"`debt write-off {item.item} --because WHY` once they are not owed",
                )


def _taken(plan: LogPlan, run: str, requester: Requester, take: Taking, progress: Progress | None) -> list[Event]:
    """What the steps record. The first key of the run is that of what says what it is."""
    events: list[Event] = []
    for number, step in enumerate(plan.steps, start=1):
        try:
            events += take(requester.request(step.command, key=batch_key(run, number + 1)))
        except (Refused, Unreadable) as refusal:
            plan.refuse(step.place, step.key, row_reason(refusal), of_block=step.of_block)
        if progress:
            progress(number, len(plan.steps))
    return events


def _opening(found: FolderRead, plan: LogPlan, events: Iterable[Event], terms: LogTerms, asked: _Asked) -> RunOpening:
    counts = {"read": len(found.records) + len(found.bad), "unchanged": plan.unchanged, "refused": len(plan.bad)}
    assumptions = {"complete": "yes" if terms.complete else "no"}
    assumptions |= {block_of(item): record for item, record in plan.moved.items()}
    return RunOpening(
        kind=SOURCE,
        source=terms.log,
        scopes=(terms.log,),
        input_sha256=folder_sha256(found.records),
        mapping_sha256=asked.mapping_sha256,
        exported_on=terms.read_on,
        counts=counts | Counter(map(stored_name, events)),
        assumptions=assumptions | ({"since": terms.since.isoformat()} if terms.since else {}),
    )


def _recorded(unit: Unit, asked: Request) -> tuple[Event, ...]:
    return tuple(receipt.recorded.event for receipt in unit.record(asked, HASHED_HERE))


def _foreseen(memory: Memory, asked: Request) -> tuple[Event, ...]:
    return tuple(each.event for each in decided(memory, asked, None, HASHED_HERE))


def _report(
    found: FolderRead, terms: LogTerms, plan: LogPlan, events: list[Event], *, run: str | None, dry_run: bool
) -> DecisionLogReport:
    opened = tuple(event.stream for event in events if isinstance(event, DebtCommissioned))
    logged = [event.occurred_on for event in events if isinstance(event, DecisionLogged)]
    return DecisionLogReport(
        run=run,
        log=terms.log,
        read=len(found.records) + len(found.bad),
        recorded=dict(Counter(map(stored_name, events))),
        unchanged=plan.unchanged,
        left_out=plan.left_out,
        late=sum(day is not None and day < terms.first_open_day for day in logged),
        late_from=terms.first_open_day,
        refused=tuple(plan.bad),
        items=() if dry_run else opened,
        apart=tuple(plan.apart),
        no_records=tuple(found.others),
        remarks=tuple(plan.remarks),
        vanished=tuple(plan.vanished),
        drafts=tuple(plan.drafts),
        dropped=tuple(plan.dropped),
        blocks_refused=plan.blocks_refused,
        dry_run=dry_run,
    )
