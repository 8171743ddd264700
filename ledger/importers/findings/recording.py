"""Recording a run: in batches, each a transaction of its own, so that one that is killed goes on where it was."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

from ledger.decide.claims import HASHED_HERE
from ledger.decide.command import ItemCommand
from ledger.decide.receipt import Receipt
from ledger.decide.request import Request
from ledger.importers.findings.planning import RecordedSums
from ledger.importers.findings.survey import Survey
from ledger.importers.rows import Progress
from ledger.store.ledger import Ledger
from ledger.store.memory import Memory
from ledger.store.runs import batch_key
from ledger.store.transaction import Unit
from ledger.vocabulary.errors import LedgerError, Refused


class RunCutShort(LedgerError):
    """What others recorded between two batches forbids the rest of a run. What the batches before hold is recorded."""

    exit_code = 1

    def __init__(self, run: str, events: int, refusal: Refused) -> None:
        """events: that this process recorded in the run, > 0."""
        super().__init__(
            f"{events} entries are recorded in {run}, the rest is not. {refusal.why} {refusal.instead}".rstrip()
        )


@dataclass(frozen=True, slots=True)
class BatchRecorded:
    """One batch recorded, or none. survey: what it was a part of. position: of the book after it."""

    survey: Survey
    receipts: tuple[Receipt, ...]
    position: int


def record_run(
    ledger: Ledger,
    request: Callable[..., Request],
    first: Survey,
    position: int,
    look_again: Callable[[Memory], Survey],
    progress: Progress | None,
) -> tuple[Survey, Counter[str]]:
    """Record a survey, batch by batch. Returns the last look at it, with what this process recorded, the run that
    is in, and those events by stored name.

    position: of the book when it was made; where others recorded since, `look_again` makes it anew under the lock.
    Raises Refused for what that finds before the first batch, RunCutShort for what it finds later.
    """
    survey, told, done, total = first, RecordedSums(), 0, len(first.steps)
    run, items, already, gone = first.run, set[str](), set[str](), set(first.plan.vanished)
    while not survey.is_done:
        try:
            made = ledger.append(partial(_record, request, survey, position, look_again))
        except Refused as refusal:
            if not told.by_name:
                raise
            raise RunCutShort(run, told.by_name.total(), refusal) from refusal
        if made.survey.plan is not survey.plan:
            already = set(items)
            gone |= set(made.survey.plan.vanished)
        survey, position = made.survey, made.position
        if not made.receipts:
            break
        for receipt in made.receipts:
            told.count(receipt.recorded.event)
        items |= {receipt.item for receipt in made.receipts if receipt.item}
        run, survey = survey.run, survey.after_batch()
        done += len(made.receipts)
        if progress:
            progress(min(done, total), total)
    # What this process had recorded before its last look is unchanged by then.
    again = {step.item for step in survey.plan.steps if isinstance(step, ItemCommand)}
    plan = replace(survey.plan, sums=told, unchanged=survey.plan.unchanged - len(already - again - gone))
    return replace(survey, run=run, plan=plan), told.by_name


def _record(
    request: Callable[..., Request], survey: Survey, position: int, look_again: Callable[[Memory], Survey], unit: Unit
) -> BatchRecorded:
    if unit.position != position:
        survey = look_again(unit.memory)
    if survey.is_done:
        return BatchRecorded(survey, (), unit.position)
    batch = survey.batch()
    asked = request(batch, key=batch_key(survey.run, survey.number))
    return BatchRecorded(survey, unit.record(asked, HASHED_HERE), unit.position)
