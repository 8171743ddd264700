"""What follows from a folder of records, held against the log that the book has: what is new, changed, gone, asked for."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from datetime import date

from ledger.decide.command import Command
from ledger.decide.decision_log import LogDecision
from ledger.decide.state import StandingDecision
from ledger.events.codec import canonical, sha256_hex
from ledger.importers.decision_log.debt_block import DebtBlock, blocks, commission_of
from ledger.importers.decision_log.folder import FolderRead, PlaceSaid, RecordRead
from ledger.importers.rows import BadRow
from ledger.vocabulary.decision_statuses import ACCEPTED
from ledger.vocabulary.errors import Refused, Unreadable
from ledger.vocabulary.money import Currency

#: Stands before why a block was refused; its record is logged all the same.
OF_BLOCK = "Its block `debt`: "


@dataclass(frozen=True, slots=True)
class LogTerms:
    """How a folder is read into a log.

    system: whose debt its blocks are, where they name none. read_on: the day of this reading, from which on a change counts.
    """

    log: str
    system: str
    read_on: date
    today: date
    currency: Currency


@dataclass(frozen=True, slots=True)
class OpenedItem:
    """An item that a block opened. content_hash: of what the block said then. reversed: somebody took its opening back."""

    item: str
    content_hash: str
    reversed: bool


@dataclass(frozen=True, slots=True)
class KnownLog:
    """What the book has of a log. items: opened by blocks, by their key. linked: ids of records that some item names."""

    decisions: Mapping[tuple[str, str], StandingDecision]
    items: Mapping[str, OpenedItem]
    linked: frozenset[str]


@dataclass(frozen=True, slots=True)
class LogStep:
    """A command that follows from a record. place: its file; key: by which the request is known again.

    about: stands before what is said if it is refused.
    """

    place: str
    key: str
    command: Command
    about: str = ""


@dataclass(slots=True)
class LogPlan:
    """steps: in order. vanished: ids of records that the folder has no more. drafts: commands that a person could complete."""

    steps: list[LogStep] = field(default_factory=list)
    bad: list[BadRow] = field(default_factory=list)
    unchanged: int = 0
    remarks: list[PlaceSaid] = field(default_factory=list)
    vanished: list[str] = field(default_factory=list)
    drafts: list[str] = field(default_factory=list)


def planned(folder: FolderRead, known: KnownLog, terms: LogTerms, *, complete: bool) -> LogPlan:
    """What follows from a folder. complete: the folder is all there is, however much of the log it lacks.

    Raises Refused for a folder that lacks most of the log: it is another one.
    """
    plan = LogPlan(bad=list(folder.bad), remarks=list(folder.doubts))
    standing = {id_: said for (log, id_), said in known.decisions.items() if log == terms.log}
    there = {record.id for record in folder.records}
    unread = {row.key.rpartition(".")[0] for row in folder.bad}
    plan.vanished = [id_ for id_ in standing if id_ not in there and id_ not in unread]
    if 2 * len(plan.vanished) > len(standing) and not complete:
        raise Refused(
            f"Of the {len(standing)} records of the log {terms.log} the folder lacks {len(plan.vanished)}: it is another one, "
            "or most of them are gone.",
            "Give it a log of its own with --log NAME; if they are gone, say so with --complete.",
        )
    elsewhere = _opened_elsewhere(folder, known, terms)
    for record in folder.records:
        before = standing.get(record.id)
        changed = before is None or _differs(record, before)
        if changed:
            plan.steps.append(_logged(record, before, terms))
        else:
            plan.unchanged += 1
        _plan_blocks(record, _accepted_on(record, before, terms), known, elsewhere, terms, plan, drafted=changed)
    plan.remarks += _moved(plan, folder, standing)
    return plan


def _opened_elsewhere(folder: FolderRead, known: KnownLog, terms: LogTerms) -> dict[str, OpenedItem]:
    """Items that blocks opened of records that are not in the folder, by what the blocks said: renamed, or of another log."""
    here = {f"{terms.log}/{record.id}" for record in folder.records}
    return {
        item.content_hash: item
        for key, item in known.items.items()
        if not item.reversed and here.isdisjoint((key, key.rpartition("#")[0]))
    }


def _differs(record: RecordRead, before: StandingDecision) -> bool:
    said = before.event
    return any(getattr(record, name) != getattr(said, name) for name in _FIELDS)


#: What a record says; a block is a request of its own.
_FIELDS = tuple(each.name for each in fields(RecordRead) if each.name not in ("id", "block"))


def _logged(record: RecordRead, before: StandingDecision | None, terms: LogTerms) -> LogStep:
    """The command, and a key that no reading of other words before it shares: what a record says again is news again."""
    said = {name: getattr(record, name) for name in _FIELDS}
    command = LogDecision(on=_day(record, before, terms), late=True, log=terms.log, id=record.id, **said)
    after = before.position if before else None
    return LogStep(record.path, f"decision:{sha256_hex(canonical([command, after]))}", command)


def _day(record: RecordRead, before: StandingDecision | None, terms: LogTerms) -> date:
    """Since when it holds: the day that the record states, if that is news; else the day on which it was read."""
    stated = record.dated_on if record.dated_on is not None and record.dated_on <= terms.today else None
    if before is None:
        return stated or terms.read_on
    if stated is not None and stated != before.event.dated_on and stated >= before.effective_on:
        return stated
    return max(terms.read_on, before.effective_on)


def _accepted_on(record: RecordRead, before: StandingDecision | None, terms: LogTerms) -> date | None:
    """Since when the decision stands: of one that was not accepted before, since it was; else since the day it states."""
    if before is None or before.event.status == ACCEPTED:
        return record.dated_on
    return _day(record, before, terms)


def _plan_blocks(
    record: RecordRead,
    on: date | None,
    known: KnownLog,
    elsewhere: Mapping[str, OpenedItem],
    terms: LogTerms,
    plan: LogPlan,
    *,
    drafted: bool,
) -> None:
    try:
        found = list(blocks(record, terms.log))
    except Unreadable as error:
        plan.bad.append(BadRow(record.path, str(error), record.id))
        return
    for block in found:
        if (twin := elsewhere.get(block.content_hash)) is not None and block.key not in known.items:
            what = (
                f"its block `debt` says word for word what opened {twin.item}, and the record that said it is not in the folder: "
                "that debt is not taken on again. If it is another one: `debt commission …`"
            )
            plan.remarks.append(PlaceSaid(record.path, what))
            continue
        _plan_block(block, record, on, known, terms, plan)
    if drafted and not found and record.status == ACCEPTED and not record.items and record.id not in known.linked:
        plan.drafts.append(_draft(record, terms))


def _plan_block(
    block: DebtBlock, record: RecordRead, on: date | None, known: KnownLog, terms: LogTerms, plan: LogPlan
) -> None:
    """Debt is taken on by a decision, once: what a block says later is for a person to record."""
    opened = known.items.get(block.key)
    if opened is not None:
        if sentence := _apart(opened, block):
            plan.remarks.append(PlaceSaid(record.path, sentence))
    elif record.status != ACCEPTED:
        status = record.status or "without a status that is known"
        plan.remarks.append(PlaceSaid(record.path, f"its block `debt` opens nothing: the record is {status}"))
    else:
        try:
            command = commission_of(block, record, on, log=terms.log, system=terms.system, currency=terms.currency)
        except Unreadable as error:
            plan.bad.append(BadRow(record.path, f"{OF_BLOCK}{error}", record.id))
        else:
            key = f"commission:{sha256_hex(canonical([block.key, command]))}"
            plan.steps.append(LogStep(record.path, key, command, OF_BLOCK))


def _apart(opened: OpenedItem, block: DebtBlock) -> str | None:
    """In what a block and the item that it opened differ: a person decides what follows."""
    item = opened.item
    if opened.reversed:
        return f"its block `debt` opened {item}, which was reversed: `debt commission …` takes the debt on again"
    if opened.content_hash != block.content_hash:
        return f"its block `debt` no longer says what opened {item}: `debt revise {item} …` or `debt renew {item} …` records that"
    return None


def _draft(record: RecordRead, terms: LogTerms) -> str:
    """What would take on the debt that an accepted record may stand for; words in capitals a person fills in."""
    said = {
        "--category": "CATEGORY",
        "--principal": "AMOUNT",
        "--interest": "AMOUNT/month",
        "--decided-by": ", ".join(record.deciders) or "WHO",
        "--because": "WHY",
        "--benefit": "WHAT IT BUYS",
        "--repay-by": "QUARTER",
        "--adr": f"{terms.log}/{record.id}",
    } | ({"--on": str(record.dated_on)} if record.dated_on else {})
    words = [word for pair in said.items() for word in pair]
    return shlex.join(["debt", "commission", terms.system, record.title, *words])


def _moved(plan: LogPlan, folder: FolderRead, standing: Mapping[str, StandingDecision]) -> Iterator[PlaceSaid]:
    """A record that is gone and one that is new with the same bytes: its file has another name."""
    by_hash = {record.sha256: record for record in folder.records if record.id not in standing}
    for id_ in plan.vanished:
        if moved := by_hash.get(standing[id_].event.sha256):
            yield PlaceSaid(moved.path, f"it is what {id_} was, word for word: a record is known by its file's name")
