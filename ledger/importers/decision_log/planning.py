"""What follows from a folder of records, held against the log that the book has: what is new, changed, gone, asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields
from datetime import date

from ledger.decide.decision_log import LogDecision
from ledger.decide.standing_decision import StandingDecision
from ledger.importers.decision_log.commissions import blocks_by_record, plan_blocks, plan_draft
from ledger.importers.decision_log.effective_days import accepted_on, stands_from
from ledger.importers.decision_log.folder import FolderRead, PlaceSaid, RecordRead
from ledger.importers.decision_log.log_plan import KnownLog, LogPlan, LogStep, LogTerms
from ledger.importers.decision_log.older_folder import refuse_older
from ledger.importers.decision_log.supersession import superseded_by_each
from ledger.importers.rows import WholeRefused
from ledger.vocabulary.counted import counted
from ledger.vocabulary.decision_statuses import ACCEPTED


def planned(folder: FolderRead, known: KnownLog, terms: LogTerms) -> LogPlan:
    """What follows from a folder.

    Raises WholeRefused for a folder that lacks most of the log: it is another one; and for one that is older than the last.
    """
    plan = LogPlan(bad=list(folder.bad), remarks=list(folder.doubts))
    standing = {id_: said for (log, id_), said in known.decisions.items() if log == terms.log}
    there = {record.id for record in folder.records}
    unread = {row.key for row in folder.bad}
    plan.vanished = [id_ for id_ in standing if id_ not in there and id_ not in unread]
    if 2 * len(plan.vanished) > len(standing) and not terms.complete:
        raise WholeRefused(
            f"Of {counted(len(standing), 'record')} of the log {terms.log} the folder lacks {len(plan.vanished)}: it is "
            "another one, or most of them are gone.",
            "Give it a log of its own with --log NAME; if they are gone, say so with --complete.",
            folder.bad,
        )
    refuse_older(folder, standing, known, terms)
    records = [record for record in folder.records if record.id in standing or not _is_before(record, terms.since)]
    plan.left_out = plan.unchanged = len(folder.records) - len(records)
    superseded = superseded_by_each(records)
    blocks = blocks_by_record(records, known, terms, plan, superseded)
    for record in records:
        before = standing.get(record.id)
        changed = before is None or _differs(record, before)
        if changed:
            plan.steps.append(_logged(record, before, terms))
            if before is not None and before.event.status == ACCEPTED != record.status:
                plan.withdrawn.append(record)
        else:
            plan.unchanged += 1
        if found := blocks.get(record.id):
            on = accepted_on(record, before, known.readings_of.get(record.id, ()), terms)
            plan_blocks(record, on, found, terms, plan, superseded, changed=changed)
        elif changed and found is not None:
            plan_draft(record, known, terms, plan)
    plan.remarks += _moved(plan, folder, standing)
    return plan


def _is_before(record: RecordRead, since: date | None) -> bool:
    return since is not None and record.dated_on is not None and record.dated_on < since


def _differs(record: RecordRead, before: StandingDecision) -> bool:
    said = before.event
    return any(getattr(record, name) != getattr(said, name) for name in _FIELDS)


#: What a record says; a block is a request of its own.
_FIELDS = tuple(each.name for each in fields(RecordRead) if each.name not in ("id", "block", "block_fault"))


def _logged(record: RecordRead, before: StandingDecision | None, terms: LogTerms) -> LogStep:
    said = {name: getattr(record, name) for name in _FIELDS}
    command = LogDecision(on=stands_from(record, before, terms), late=True, log=terms.log, id=record.id, **said)
    return LogStep(record.path, record.id, command)


def _moved(plan: LogPlan, folder: FolderRead, standing: Mapping[str, StandingDecision]) -> Iterator[PlaceSaid]:
    """A record that is gone and one that is new with the same bytes: its file has another name."""
    by_hash = {record.sha256: record for record in folder.records if record.id not in standing}
    for id_ in plan.vanished:
        if moved := by_hash.get(standing[id_].event.sha256):
            yield PlaceSaid(moved.path, f"it is what {id_} was, word for word: a record is known by its file's name")
