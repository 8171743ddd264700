"""`debt import KIND`: what a tool found, read from its files, held against the books, then recorded in batches."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, bindparam, select

from ledger.decide.command import Needs
from ledger.decide.item import Item
from ledger.decide.opening import known_category
from ledger.decide.placing import refuse_beyond_calendar
from ledger.decide.pricing import carry_of, rate_on
from ledger.decide.state import State
from ledger.decide.system import known_system
from ledger.events import NAME_OF, ImportRun
from ledger.importers.findings.finding import ToolFindings
from ledger.importers.findings.gathering import gathered
from ledger.importers.findings.inputs import input_sha256
from ledger.importers.findings.kind import FindingsKind, ImportOption
from ledger.importers.findings.planning import ImportPlan, Remark
from ledger.importers.findings.reconciliation import OpenSum, Reconciliation
from ledger.importers.findings.recording import record_run
from ledger.importers.findings.resync import ImportTerms
from ledger.importers.findings.survey import ExportRead, Survey
from ledger.importers.kinds import KINDS
from ledger.importers.mapping import UNMAPPED, FieldMapping, read_mapping
from ledger.importers.rows import BadRow, Progress, WholeRefused, by_reason, settle
from ledger.services.requester import Requester
from ledger.store.ledger import Ledger
from ledger.store.memory import Memory
from ledger.tables.facts import head
from ledger.vocabulary.counted import counted
from ledger.vocabulary.errors import Refused
from ledger.vocabulary.quantities import Interest
from ledger.vocabulary.text_encodings import RECOGNISED, Decoding
from ledger.vocabulary.time_zones import time_zone

__all__ = [
    "KINDS",
    "BadRow",
    "FindingsKind",
    "ImportOption",
    "ImportPlan",
    "ImportReport",
    "OpenSum",
    "Reconciliation",
    "Remark",
    "by_reason",
    "import_findings",
]

_POSITION = select(head.c.position).where(head.c.book == bindparam("book"))


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What became of an import.

    run: under which it is recorded, None if nothing is. recorded: events by stored name; in a dry run those that would be.
    read = findings from which something was recorded + unchanged + refused. missing: how many findings
    more the tool says it has than were read. plan: what else is to tell.
    unfinished: runs of its source that were cut short and that it does not finish.
    """

    run: str | None
    kind: str
    read: int
    duplicates: int
    missing: int
    recorded: dict[str, int]
    refused: tuple[BadRow, ...]
    dry_run: bool
    exported_on: date
    plan: ImportPlan = field(repr=False)
    unfinished: tuple[str, ...] = ()

    @property
    def unchanged(self) -> int:
        """Findings from which nothing followed."""
        return self.plan.unchanged

    @property
    def reconciliation(self) -> Reconciliation:
        """The tool's open findings against the books', after the import."""
        found = self.plan.reconciliation
        assert found is not None  # noqa: S101 - every plan ends in one
        return found

    @property
    def waiting(self) -> list[Item]:
        """Accepted in the tool, and waiting here for a decision."""
        return self.plan.waiting


def _unheard(_: str) -> None:
    """Nobody listens."""


def import_findings(
    ledger: Ledger,
    kind: FindingsKind,
    paths: Iterable[Path],
    *,
    system: str,
    actor: str,
    asked_on: date,
    interest: Interest | None = None,
    category: str | None = None,
    assume_spent: bool = False,
    on: date | None = None,
    since: date | None = None,
    complete: bool = False,
    dry_run: bool = False,
    strict: bool = False,
    mapping: Path | None = None,
    decoding: Decoding = RECOGNISED,
    progress: Progress | None = None,
    caution: Callable[[str], None] = _unheard,
    **options: Any,
) -> ImportReport:
    """Record what files of a kind hold, in batches; cut short, the same import goes on. asked_on: today in the book's zone.

    interest: of every estimated finding. category: the kind's by default. assume_spent: what was fixed cost what it removed.
    on: the export's day, where the tool does not say. since: what was over before is left out. complete: what is not in
    the files is gone. dry_run: show it only. caution: hears what to know before anything is recorded. options: those of
    the kind. Raises Unreadable for a file that is none of the kind, Refused for what a rule or the kind forbids, for an older
    export, where no day rate is in force and, if it is strict, for what is in doubt; ImportRefused if it is strict and a row is
    bad. Then nothing is recorded.
    """
    paths, category = list(paths), kind.category if category is None else category
    known_category(category)
    mapped = _mapped(kind, mapping)
    options |= {"mapping": mapped, "decoding": decoding} if kind.fields else {}
    options |= {"on": on} if kind.asks_day else {}
    book = ledger.settings()
    found = gathered(kind.read(paths, time_zone(book.time_zone), **options))
    exported_on = found.exported_on or on or found.newest_day(asked_on) or asked_on
    _refuse_export(found, kind, exported_on, asked_on, complete=complete)
    cause = options.get("cause")
    terms = ImportTerms(kind, system, category, interest, assume_spent, exported_on, asked_on, book.currency, cause)
    export = ExportRead(found, terms, since, complete, input_sha256(paths), mapped.sha256)
    survey, position = _looked_at(ledger, export)
    _refuse_unpriced(survey.plan, kind)
    settle(survey.plan.bad, found.read, strict=strict)
    if strict and survey.doubts:
        raise Refused(survey.doubts[0], "Correct it, or leave --strict out.")
    for sentence in (*_cautions(found, survey.plan, terms), *survey.forewarnings, *survey.doubts):
        caution(sentence)
    if dry_run:
        return _report(export, survey, _foreseen(survey), dry_run=True)
    requester = Requester(actor, asked_on)
    last, recorded = record_run(ledger, requester.request, survey, position, export.survey, progress)
    return _report(export, last, recorded, dry_run=False)


def _looked_at(ledger: Ledger, export: ExportRead) -> tuple[Survey, int]:
    """What follows from an export, and the position of the book of which that holds. Raises Refused."""
    terms = export.terms
    with ledger.reading() as connection:
        memory = Memory(connection, ledger.book)
        state = memory.state_for(Needs(systems=(terms.system,)), terms.today)
        known_system(terms.system, state)
        _refuse_terms(terms, state)
        return export.survey(memory), position_of(connection, ledger.book)


def _refuse_terms(terms: ImportTerms, state: State) -> None:
    """Raise Refused for an interest or a day that no entry may have, whether or not a finding will ask for it."""
    refuse_beyond_calendar(terms.exported_on)
    # What has no price on the export's day may have one on another: then the finding it is of tells.
    carry_of(terms.interest, 0, rate_on(terms.system, terms.exported_on, state) or 0, state)


def position_of(connection: Connection, book: str) -> int:
    """The position of a book's last event."""
    position: int = connection.execute(_POSITION, {"book": book}).scalar_one()
    return position


def _mapped(kind: FindingsKind, mapping: Path | None) -> FieldMapping:
    if mapping is None:
        return UNMAPPED
    if not kind.fields:
        raise Refused(f"{kind.tool} {kind.finding}s take no mapping: their fields are fixed.", "Leave --map out.")
    return read_mapping(mapping, kind.fields)


def _refuse_export(found: ToolFindings, kind: FindingsKind, exported_on: date, today: date, *, complete: bool) -> None:
    """Raise WholeRefused for an export of a day to come, and for one that is said to be complete and cannot be."""
    if exported_on > today:
        raise WholeRefused(
            f"The export is of {exported_on}, and today is {today}: what has not happened cannot be recorded.",
            "If its day is wrong, say the right one: `--on DATE`; or check this machine's clock.",
            found.bad,
        )
    if complete:
        _refuse_incomplete(found, kind)


def _refuse_incomplete(found: ToolFindings, kind: FindingsKind) -> None:
    """An export that is not whole cannot say what is gone, and neither can one that holds nothing."""
    if found.says_nothing:
        raise WholeRefused(
            f"The export holds no {kind.finding} that can be read, and so does not say of which it is complete.",
            "Leave --complete out, or write off what is gone: `debt write-off ITEM --because WHY`.",
            found.bad,
        )
    if found.missing:
        raise WholeRefused(
            f"{kind.tool} has {counted(found.missing, kind.finding)} more than the files hold: they are not complete.",
            "Export the other pages too, or leave --complete out.",
            found.bad,
        )
    if found.parts:
        raise WholeRefused(
            f"The files are not the whole truth: {found.parts[0]}.",
            f"Import a run of {kind.tool} that is whole, or leave --complete out.",
            found.bad,
        )
    nameless = [row for row in found.bad if not row.key]
    if nameless:
        raise WholeRefused(
            f"{counted(len(nameless), 'row')} cannot be read, the first at {nameless[0].place}: nobody can tell that "
            "this is not what is missed.",
            "Correct them, or leave --complete out.",
            found.bad,
        )


def _cautions(found: ToolFindings, plan: ImportPlan, terms: ImportTerms) -> list[str]:
    """What whoever imports should know before anything is recorded."""
    kind = terms.kind
    told = [*found.cautions, *(f"The export is not all there is: {why}." for why in found.parts)]
    if terms.interest is None and plan.sums.observed_minor:
        told.append("What is new bears no interest: `--interest 10%` says what carrying it costs.")
    efforts = any(finding.minutes for finding in found.findings)
    if kind.fields and plan.sums.unestimated and not efforts:
        told.append(
            f"No {kind.finding} has an effort: {counted(plan.sums.unestimated, 'item opens', 'items open')} unestimated, and "
            "count with no amount. A mapping gives one, by severity: --map FILE.toml (docs/importing.md, Mappings)."
        )
    return told


def _refuse_unpriced(plan: ImportPlan, kind: FindingsKind) -> None:
    """Without a price an effort is no amount: that is said before anything is recorded."""
    if plan.unpriced:
        first = min(plan.unpriced)
        raise Refused(
            f"{counted(len(plan.unpriced), f'{kind.finding} has', f'{kind.finding}s have')} an effort, and no day rate is in force "
            f"on their days, from {first} on.",
            f"`debt rate set AMOUNT --from {first}` sets one.",
        )


def _foreseen(survey: Survey) -> Counter[str]:
    opened = Counter({NAME_OF[ImportRun]: 1}) if survey.opening is not None else Counter[str]()
    return opened + survey.plan.sums.by_name


def _report(export: ExportRead, survey: Survey, recorded: Counter[str], *, dry_run: bool) -> ImportReport:
    found = export.found
    return ImportReport(
        run=survey.run if recorded and not dry_run else None,
        kind=export.terms.kind.source,
        read=found.read,
        duplicates=found.duplicates,
        missing=found.missing,
        recorded=dict(recorded),
        refused=tuple(survey.plan.bad),
        dry_run=dry_run,
        exported_on=export.terms.exported_on,
        plan=survey.plan,
        unfinished=survey.unfinished,
    )
