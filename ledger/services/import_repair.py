"""`debt import --repair`: books that were filled when every issue with a close date counted as paid work, put right by events.

A repayment whose spending an import assumed becomes unmeasured work or, where the tool never said that it was fixed, a
write-off; what is owed on items that the tool had said were nothing is written off. What the books keep of a finding is its
state when it was first imported: whatever became of it since, the next import of a fresh export tells.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import partial

from ledger.decide.import_batch import Rehearsal, RunOpening, Step, TakeBack
from ledger.decide.item import Entry, Item
from ledger.decide.repay import Repay
from ledger.decide.write_off import WriteOff
from ledger.events import NAME_OF, ImportRun, RepaymentRecorded
from ledger.events.codec import canonical, sha256_hex
from ledger.importers.findings.kind import FindingsKind
from ledger.importers.findings.known import KnownFindings, known_findings
from ledger.importers.findings.planning import ImportPlan
from ledger.importers.findings.recording import record_run
from ledger.importers.findings.survey import Survey
from ledger.importers.kinds import KINDS
from ledger.importers.rows import BadRow
from ledger.services.import_ import position_of
from ledger.services.requester import Requester
from ledger.store.ledger import Ledger
from ledger.store.memory import Memory
from ledger.store.runs import new_run, runs_so_far, within
from ledger.vocabulary.errors import Refused
from ledger.vocabulary.keys import system_of


@dataclass(frozen=True, slots=True)
class RepairReport:
    """What was put right, or, in a dry run, would be. mended: a sentence per item. left: what could not be, and why.

    spent_minor: spending that nobody spent, minor units. recorded: events by stored name.
    """

    mended: tuple[str, ...]
    left: tuple[BadRow, ...]
    spent_minor: int
    recorded: dict[str, int]
    runs: tuple[str, ...]
    dry_run: bool


@dataclass(slots=True)
class _Mending:
    """What is found wrong in one system, and the steps that put it right."""

    mended: list[str]
    spent_minor: int
    plan: ImportPlan


def repair_imports(ledger: Ledger, requester: Requester, *, dry_run: bool) -> RepairReport:
    """Find what earlier importers assumed, in every system and of every kind, and put it right on the first open day."""
    mended, left, runs = list[str](), list[BadRow](), list[str]()
    spent = 0
    recorded = dict[str, int]()
    for kind, system in _imported(ledger, requester.today):
        with ledger.reading() as connection:
            memory = Memory(connection, ledger.book)
            found, survey = _look(memory, kind, system, requester.today)
            position = position_of(connection, ledger.book)
        mended += found.mended
        left += found.plan.bad
        spent += found.spent_minor
        counted = found.plan.sums.by_name
        if not dry_run and survey.opening is not None:
            _, counted = record_run(
                ledger,
                requester.request,
                survey,
                position,
                partial(_survey, kind, system, requester.today),
                None,
            )
            runs.append(survey.run)
        elif survey.opening is not None:
            recorded[NAME_OF[ImportRun]] = recorded.get(NAME_OF[ImportRun], 0) + 1
        for name, number in counted.items():
            recorded[name] = recorded.get(name, 0) + number
    return RepairReport(tuple(mended), tuple(left), spent, recorded, tuple(runs), dry_run)


def _imported(ledger: Ledger, today: date) -> list[tuple[FindingsKind, str]]:
    """Every kind whose states are kept, with each system that holds findings of it."""
    with ledger.reading() as connection:
        found = []
        for kind in KINDS.values():
            if kind.state_kept is None:
                continue
            known, _ = known_findings(Memory(connection, ledger.book), kind, "", (), today)
            found += [(kind, system) for system in sorted({system_of(item.id) for item in known.items.values()})]
        return found


def _survey(kind: FindingsKind, system: str, today: date, memory: Memory) -> Survey:
    return _look(memory, kind, system, today)[1]


def _look(memory: Memory, kind: FindingsKind, system: str, today: date) -> tuple[_Mending, Survey]:
    runs = runs_so_far(memory.connection, memory.name)
    known, state = known_findings(memory, kind, system, runs, today)
    mending = _Mending([], 0, ImportPlan())
    rehearsal = Rehearsal(state)
    for item in known.items.values():
        # What a run has seen since is as its export said.
        if system_of(item.id) == system and not any(within(entry.position, known.recorded) for entry in item.entries):
            _mend(item, kind, known, rehearsal, mending, today)
    steps = tuple(mending.plan.steps)
    source = f"{kind.source} repair"
    opening = RunOpening(
        kind=kind.source,
        source=source,
        scopes=(),
        input_sha256=sha256_hex(canonical(steps)),
        mapping_sha256=None,
        exported_on=None,
        counts=dict(mending.plan.sums.by_name),
        assumptions={"spent": "unmeasured"},
    )
    run = new_run(memory.connection, memory.name, f"{kind.source}-repair")
    return mending, Survey(mending.plan, run, system, 1, opening if steps else None, steps)


def _mend(
    item: Item, kind: FindingsKind, known: KnownFindings, rehearsal: Rehearsal, mending: _Mending, today: date
) -> None:
    """Take the steps that put an item right, all of them or none."""
    if item.reversed:
        return
    try:
        steps, sentence = _wrong(item, kind, known, today)
        decided = rehearsal.take_all(steps)
    except Refused as refusal:
        mending.plan.bad.append(BadRow(item.id, refusal.why, item.opening.external_key or ""))
        return
    if steps:
        mending.mended.append(f"{item.id}: {sentence}")
        mending.spent_minor += sum(_spent(entry) for entry in _assumed(item, known))
        mending.plan.steps += steps
        for each in decided:
            mending.plan.sums.count(each.event)


def _wrong(item: Item, kind: FindingsKind, known: KnownFindings, today: date) -> tuple[list[Step], str]:
    """What is wrong with an item: the steps that put it right, and a sentence. Raises Refused for what a person decided."""
    assert kind.state_kept is not None  # noqa: S101 - asked only of kinds that keep states
    state = kind.state_kept(item.opening.details)
    nothing = state in ("gone", "rejected")
    why = f"{kind.tool} had said that it is {'no finding' if state == 'rejected' else 'gone without work'}"
    steps: list[Step] = []
    for entry in _assumed(item, known):
        on, evidence = entry.occurred_on, entry.event.evidence
        steps.append(TakeBack(item=item.id, position=entry.position, because="spending that nobody spent"))
        if nothing:
            steps.append(WriteOff(item=item.id, on=on, late=True, evidence=evidence, because=why))
        else:
            steps.append(Repay(item=item.id, on=on, late=True, evidence=evidence, unmeasured=True))
    if steps:
        became = "written off" if nothing else "unmeasured work"
        return steps, f"its repayment, of which the cost was assumed, becomes {became}"
    if not nothing or item.closed_on(today):
        return [], ""
    if item.nature_on(today) == "debt":
        raise Refused(f"{why}, and somebody adopted it: whoever decided to owe it may write it off.")
    return [WriteOff(item=item.id, on=item.opened_on, late=True, because=why)], f"{why}: written off"


def _spent(entry: Entry) -> int:
    event = entry.event
    return (event.spent_minor or 0) if isinstance(event, RepaymentRecorded) else 0


def _assumed(item: Item, known: KnownFindings) -> Iterator[Entry]:
    """The standing repayments that an import recorded with spending that it assumed."""
    for entry in item.entries:
        event = entry.event
        if isinstance(event, RepaymentRecorded) and event.spent_assumed and entry.standing and known.is_ours(entry):
            yield entry
