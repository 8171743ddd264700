"""What blocks ask for: a commission each, once, when the record is accepted; and the draft of one where there is no block."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Iterator
from datetime import date

from ledger.importers.decision_log.block_matching import BlockMatch, matched_blocks
from ledger.importers.decision_log.debt_block import DebtBlock, blocks, commission_of
from ledger.importers.decision_log.folder import PlaceSaid, RecordRead
from ledger.importers.decision_log.log_plan import KnownLog, LogPlan, LogStep, LogTerms, OpenedItem
from ledger.importers.rows import BadRow, row_reason
from ledger.vocabulary.decision_statuses import ACCEPTED
from ledger.vocabulary.errors import Unreadable
from ledger.vocabulary.text import MAX_NAME


def blocks_by_record(
    records: Iterable[RecordRead], known: KnownLog, terms: LogTerms, plan: LogPlan
) -> dict[str, list[BlockMatch]]:
    """The blocks of records and what each stands for, by the record's id. Those that nobody can read are bad, and left out."""
    asked, unread = dict[str, list[DebtBlock]](), set[str]()
    for record in records:
        try:
            asked[record.id] = list(blocks(record, terms.log))
        except Unreadable as error:
            asked[record.id] = []
            unread.add(record.id)
            plan.bad.append(BadRow(record.path, row_reason(error), record.id))
    matches = matched_blocks(asked, known.items, terms.log)
    return {id_: found for id_, found in matches.items() if id_ not in unread}


def plan_blocks(
    record: RecordRead, on: date, found: Iterable[BlockMatch], terms: LogTerms, plan: LogPlan, *, changed: bool
) -> None:
    """Add what a record's blocks ask for. on: since when the decision stands. changed: the record is news."""
    for match in found:
        if match.item is None:
            _open(match.block, record, on, terms, plan)
        elif match.moved:
            what = (
                f"its block `debt` says word for word what opened {match.item.item}, and the record that said it is not in the "
                "folder, or says it no more: that debt is not taken on again. If it is another one: `debt commission …`"
            )
            plan.remarks.append(PlaceSaid(record.path, what))
        else:
            said = _apart(match.item, match.block, plan, changed=changed)
            plan.remarks += (PlaceSaid(record.path, what) for what in said)


def plan_draft(record: RecordRead, known: KnownLog, terms: LogTerms, plan: LogPlan) -> None:
    """Draft what an accepted record without a block may stand for, where no item does."""
    if record.status == ACCEPTED and not record.items and record.id not in known.linked:
        plan.drafts.append(_draft(record, terms))


def _open(block: DebtBlock, record: RecordRead, on: date, terms: LogTerms, plan: LogPlan) -> None:
    """Debt is taken on by a decision, and by none that is not accepted."""
    if record.status != ACCEPTED:
        status = record.status or "without a status that is known"
        plan.remarks.append(PlaceSaid(record.path, f"its block `debt` opens nothing: the record is {status}"))
        return
    try:
        command = commission_of(block, record, on, log=terms.log, system=terms.system, currency=terms.currency)
    except Unreadable as error:
        plan.refuse(record.path, record.id, row_reason(error), of_block=True)
    else:
        plan.steps.append(LogStep(record.path, record.id, command, of_block=True))


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
                "that. If it is another debt: `debt commission …`"
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
