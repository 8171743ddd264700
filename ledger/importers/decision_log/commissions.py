"""What blocks ask for: a commission each, once, when the record is accepted; and the draft of one where there is no block."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping
from datetime import date

from ledger.importers.decision_log.debt_block import DebtBlock, blocks, commission_of
from ledger.importers.decision_log.folder import FolderRead, PlaceSaid, RecordRead
from ledger.importers.decision_log.log_plan import OF_BLOCK, KnownLog, LogPlan, LogStep, LogTerms, OpenedItem
from ledger.importers.rows import BadRow, row_reason
from ledger.vocabulary.decision_statuses import ACCEPTED
from ledger.vocabulary.errors import Unreadable
from ledger.vocabulary.text import MAX_NAME


def opened_elsewhere(folder: FolderRead, known: KnownLog, terms: LogTerms) -> dict[str, OpenedItem]:
    """Items that blocks opened of records that are not in the folder, by what the blocks said: renamed, or of another log."""
    here = {f"{terms.log}/{record.id}" for record in folder.records}
    return {
        item.content_hash: item
        for key, item in known.items.items()
        if not item.reversed and here.isdisjoint((key, key.rpartition("#")[0]))
    }


def plan_blocks(
    record: RecordRead,
    on: date | None,
    known: KnownLog,
    elsewhere: Mapping[str, OpenedItem],
    terms: LogTerms,
    plan: LogPlan,
    *,
    changed: bool,
) -> None:
    """Add what a record's blocks ask for. on: since when the decision stands. changed: the record is news."""
    try:
        found = list(blocks(record, terms.log))
    except Unreadable as error:
        plan.bad.append(BadRow(record.path, row_reason(error), record.id))
        return
    for block in found:
        if (twin := elsewhere.get(block.content_hash)) is not None and block.key not in known.items:
            what = (
                f"its block `debt` says word for word what opened {twin.item}, and the record that said it is not in the folder: "
                "that debt is not taken on again. If it is another one: `debt commission …`"
            )
            plan.remarks.append(PlaceSaid(record.path, what))
        elif (opened := known.items.get(block.key)) is not None:
            plan.remarks += (PlaceSaid(record.path, what) for what in _apart(opened, block, plan, changed=changed))
        else:
            _open(block, record, on, terms, plan)
    if changed and not found and record.status == ACCEPTED and not record.items and record.id not in known.linked:
        plan.drafts.append(_draft(record, terms))


def _open(block: DebtBlock, record: RecordRead, on: date | None, terms: LogTerms, plan: LogPlan) -> None:
    """Debt is taken on by a decision, and by none that is not accepted."""
    if record.status != ACCEPTED:
        status = record.status or "without a status that is known"
        plan.remarks.append(PlaceSaid(record.path, f"its block `debt` opens nothing: the record is {status}"))
        return
    try:
        command = commission_of(block, record, on, log=terms.log, system=terms.system, currency=terms.currency)
    except Unreadable as error:
        plan.bad.append(BadRow(record.path, f"{OF_BLOCK}{row_reason(error)}", record.id))
    else:
        plan.steps.append(LogStep(record.path, command, OF_BLOCK))


def _apart(opened: OpenedItem, block: DebtBlock, plan: LogPlan, *, changed: bool) -> Iterator[str]:
    """In what a block and the item that it opened differ: a person decides what follows. Other words are told when they are new."""
    item = opened.item
    if opened.reversed:
        yield f"its block `debt` opened {item}, which was reversed: `debt commission …` takes the debt on again"
    elif opened.content_hash != block.content_hash:
        plan.apart.append(item)
        if changed:
            yield (
                f"its block `debt` no longer says what opened {item}: `debt revise {item} …` or `debt renew {item} …` records "
                "that"
            )


def _draft(record: RecordRead, terms: LogTerms) -> str:
    """What would take on the debt that an accepted record may stand for; words in capitals a person fills in.

    A title that begins with a dash is no option, and a day that is closed takes a commission only late.
    """
    said = {
        "--category": "CATEGORY",
        "--principal": "AMOUNT",
        "--interest": "AMOUNT/month",
        "--decided-by": _deciders(record),
        "--because": "WHY",
        "--benefit": "WHAT IT BUYS",
        "--repay-by": "QUARTER",
        "--adr": f"{terms.log}/{record.id}",
    }
    options = [word for pair in said.items() for word in pair]
    day = record.dated_on
    if day is not None and day <= terms.today:
        options += ["--on", str(day), *(["--late"] if day < terms.first_open_day else [])]
    if record.title.startswith("-"):
        return shlex.join(["debt", "commission", *options, "--", terms.system, record.title])
    return shlex.join(["debt", "commission", terms.system, record.title, *options])


def _deciders(record: RecordRead) -> str:
    """Who decided, as many as one name has room for."""
    names = ""
    for each in record.deciders:
        longer = f"{names}, {each}" if names else each
        if len(longer) > MAX_NAME:
            break
        names = longer
    return names or "WHO"
