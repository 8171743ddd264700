"""What blocks ask for: a commission each, once, when the record is accepted; and the draft of one where there is no block."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from datetime import date

from ledger.decide.commission import Commission
from ledger.importers.decision_log.block_matching import BlockMatch, matched_blocks
from ledger.importers.decision_log.debt_block import DebtBlock, block_number, blocks, commission_of
from ledger.importers.decision_log.folder import PlaceSaid, RecordRead
from ledger.importers.decision_log.log_plan import KnownLog, LogPlan, LogStep, LogTerms, OpenedItem
from ledger.importers.rows import BadRow, row_reason
from ledger.vocabulary.decision_statuses import ACCEPTED
from ledger.vocabulary.errors import Unreadable
from ledger.vocabulary.text import MAX_NAME

#: What a person types then; words in capitals he fills in.
_TAKE_ON = (
    "`debt commission SYSTEM TITLE --category CATEGORY --principal AMOUNT --decided-by WHO --because WHY --benefit WHAT "
    "--repay-by QUARTER --adr {record}`"
)
_REVISE = "`debt revise {item} --principal AMOUNT --because WHY`"
_RENEW = "`debt renew {item} --repay-by QUARTER --decided-by WHO --because WHY`"
_ADOPT = "`debt adopt {item} --decided-by WHO --because WHY --benefit WHAT --repay-by QUARTER`"


def blocks_by_record(
    records: Iterable[RecordRead],
    known: KnownLog,
    terms: LogTerms,
    plan: LogPlan,
    superseded: Mapping[str, Set[str]],
) -> Mapping[str, Sequence[BlockMatch]]:
    """The blocks of records and what each stands for, by the record's id. Those that nobody can read are bad, and left out.

    superseded: by the id of a record those that it supersedes. Adds the items of which no record says the block any more.
    """
    asked, unread = dict[str, list[DebtBlock]](), {row.key for row in plan.bad}
    for record in records:
        try:
            asked[record.id] = list(blocks(record, terms.log))
        except Unreadable as error:
            unread.add(record.id)
            plan.bad.append(BadRow(record.path, row_reason(error), record.id))
    by_number = [item for _, item in sorted(known.items.items(), key=lambda each: block_number(each[0]))]
    there = [
        item
        for item in by_number
        if item.home.partition("/")[2] not in unread or not item.home.startswith(f"{terms.log}/")
    ]
    matched = matched_blocks(asked, there, known, terms.log, superseded)
    # What another log opened that one tells: a record of it may well have the block.
    dropped = [item for item in matched.lost if item.outstanding and item.is_of(terms.log)]
    plan.dropped += [item.item for item in dropped]
    plan.remarks += _twice(dropped, [item for item in by_number if item.outstanding and not item.reversed])
    return matched.by_record


def _twice(dropped: Iterable[OpenedItem], standing: Sequence[OpenedItem]) -> Iterator[PlaceSaid]:
    """Debts that blocks with the same words opened, and that the folder says once less: as a rename was read once."""
    for item in dropped:
        same = [each for each in standing if each.content_hash == item.content_hash and each.item != item.item]
        if same:
            last = max((item, *same), key=lambda each: each.position)
            others = ", ".join(each.item for each in (item, *same) if each.item != last.item)
            yield PlaceSaid(
                item.home.partition("/")[2],
                f"{last.item} was opened by a block that says word for word what opened {others}, and no record says that of "
                f"{item.item} any more: if it was taken on twice, `debt reverse {last.position} --because WHY`",
            )


def plan_blocks(
    record: RecordRead,
    on: date,
    found: Iterable[BlockMatch],
    terms: LogTerms,
    plan: LogPlan,
    superseded: Mapping[str, Set[str]],
    *,
    changed: bool,
) -> None:
    """Add what a record's blocks ask for. on: since when the decision stands. changed: the record is news."""
    here = f"{terms.log}/{record.id}"
    for match in found:
        if match.item is None:
            _open(match.block, record, on, terms, plan, superseded)
            continue
        if match.taken_over:
            continue
        if match.item.home != here and not match.item.typed:
            plan.moved[match.item.item] = here
        said = _stands_for(match, match.item, here, terms, plan, changed=changed)
        plan.remarks += (PlaceSaid(record.path, what) for what in said)


def _stands_for(
    match: BlockMatch, opened: OpenedItem, here: str, terms: LogTerms, plan: LogPlan, *, changed: bool
) -> Iterator[str]:
    """What is to be told of a block and the item that it stands for: a person decides what follows.

    Other words are told when they are news, and counted at every reading.
    """
    item, take_on = opened.item, _TAKE_ON.format(record=shlex.quote(here))
    if opened.typed:
        yield from _typed(opened, match.repeats or "this record", take_on, changed=changed)
    elif opened.reversed:
        yield f"its block `debt` opened {item}, which was reversed: {take_on} takes the debt on again"
    elif opened.content_hash == match.block.content_hash:
        if match.repeats or opened.record != here:
            yield (
                f"its block `debt` says word for word what opened {item}, {_said_where(match, opened, terms)}: that debt is not "
                f"taken on again. If it is another one: {take_on}"
            )
    else:
        plan.apart.append(item)
        if changed:
            yield (
                f"its block `debt` no longer says what opened {item}: {_REVISE.format(item=item)} or {_RENEW.format(item=item)} "
                f"records that. If it is another debt: {take_on}"
            )


def _said_where(match: BlockMatch, opened: OpenedItem, terms: LogTerms) -> str:
    if match.repeats:
        return f"as {match.repeats} does, which it supersedes"
    if opened.is_of(terms.log):
        return "and the record that said it is not in the folder, or says it no more"
    return f"by the record {opened.record} of another log"


def _typed(opened: OpenedItem, whose: str, take_on: str, *, changed: bool) -> Iterator[str]:
    """Of an item by which a person answered a record. whose: which one."""
    if opened.nature == "neglect" and opened.outstanding:
        adopt = _ADOPT.format(item=opened.item)
        yield f"its block `debt` stands for {opened.item}, which is neglect until somebody decides: {adopt}"
    elif changed:
        yield (
            f"its block `debt` stands for {opened.item}, which somebody recorded for {whose}, and takes nothing on. If it is "
            f"another debt: {take_on}"
        )


def plan_draft(record: RecordRead, known: KnownLog, terms: LogTerms, plan: LogPlan) -> None:
    """Draft what an accepted record without a block may stand for, where no item does."""
    if record.status == ACCEPTED and not record.items and record.id not in known.linked:
        plan.drafts.append(_draft(record, terms))


def _open(
    block: DebtBlock,
    record: RecordRead,
    on: date,
    terms: LogTerms,
    plan: LogPlan,
    superseded: Mapping[str, Set[str]],
) -> None:
    """Debt is taken on by a decision, and by none that is not accepted."""
    if record.status != ACCEPTED:
        status = record.status or "without a status that is known"
        plan.remarks.append(PlaceSaid(record.path, f"its block `debt` opens nothing: the record is {status}"))
        return
    if (other := _asked_before(block, record, plan, superseded)) is not None:
        first = "which it supersedes" if other in superseded.get(record.id, ()) else "which supersedes it"
        plan.remarks.append(
            PlaceSaid(
                record.path,
                f"its block `debt` says word for word what {other} says, {first}: that debt is taken on once. If it is another "
                f"one: {_TAKE_ON.format(record=shlex.quote(f'{terms.log}/{record.id}'))}",
            )
        )
        return
    try:
        command = commission_of(block, record, on, log=terms.log, system=terms.system, currency=terms.currency)
    except Unreadable as error:
        plan.refuse(record.path, record.id, row_reason(error), of_block=True)
    else:
        plan.steps.append(LogStep(record.path, record.id, command, of_block=True))


def _asked_before(
    block: DebtBlock, record: RecordRead, plan: LogPlan, superseded: Mapping[str, Set[str]]
) -> str | None:
    """The id of a record that this one supersedes, or that supersedes it, whose block asks for the same debt already."""
    older = superseded.get(record.id, ())
    for step in plan.steps:
        asked = step.command
        if not isinstance(asked, Commission) or asked.content_hash != block.content_hash:
            continue
        if step.key in older or record.id in superseded.get(step.key, ()):
            return step.key
    return None


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
