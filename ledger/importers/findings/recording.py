"""Recording a run: in batches, each a transaction of its own, so that one that is killed goes on where it was."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from ledger.decide.claims import HASHED_HERE
from ledger.decide.receipt import Receipt
from ledger.decide.request import Request
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
    """Record a survey, batch by batch. Returns the last look at it, and the events recorded by stored name.

    position: of the book when it was made; where others recorded since, `look_again` makes it anew under the lock.
    Raises Refused for what that finds before the first batch, RunCutShort for what it finds later.
    """
    survey, recorded, done, total = first, Counter[str](), 0, len(first.steps)
    while not survey.is_done:
        try:
            made = ledger.append(partial(_record, request, survey, position, look_again))
        except Refused as refusal:
            if not recorded:
                raise
            raise RunCutShort(survey.run, recorded.total(), refusal) from refusal
        recorded.update(receipt.recorded.stored_as for receipt in made.receipts)
        if not made.receipts:
            return made.survey, recorded
        survey, position = made.survey.after_batch(), made.position
        done += len(made.receipts)
        if progress:
            progress(min(done, total), total)
    return survey, recorded


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
