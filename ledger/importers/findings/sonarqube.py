"""SonarQube: every issue of an export is observed as neglect, and repaid if it was closed.

Nobody decided these shortcuts, so that they are neglect until somebody adopts them. An issue's creation
date is the day of the observation, its close date that of the repayment (what it cost is not known, and
assumed); what falls into a closed period is posted late, keeping its day. Effort is kept as effort and
priced by the day rate; `0min`, or none, is unestimated.

An issue is recorded once, under the keys `sonarqube:<issue>:observed` and `sonarqube:<issue>:closed`. On
a later import only two differences matter, and both are reported, not recorded, because what to do about
them is a decision: another effort than the latest estimate in effort here (`debt revise`), and an issue
that is open again though it was repaid here. A new message does not: a title is fixed when an item is
opened, and the line would be in every later report.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from sqlalchemy import bindparam, select

from ledger.decide.command import Needs
from ledger.decide.item import Item
from ledger.decide.observe import Observe
from ledger.decide.opening import known_category
from ledger.decide.repay import Repay
from ledger.decide.request import Request
from ledger.decide.system import known_system
from ledger.events import EstimateRevised, Opening, RepaymentRecorded
from ledger.importers import BadRow, ImportRefused, Progress, natural
from ledger.importers.findings.sonarqube_export import Export, Issue, read
from ledger.store.ledger import Ledger
from ledger.store.transaction import Unit
from ledger.tables.items import item as item_table
from ledger.vocabulary.efforts import effort_text
from ledger.vocabulary.errors import Refused
from ledger.vocabulary.keys import system_of
from ledger.vocabulary.kinds import CAUSES
from ledger.vocabulary.quantities import Interest, Quantity

SOURCE = "sonarqube"
DEFAULT_CATEGORY = "code-quality"

_KNOWN = select(item_table.c.external_key, item_table.c.item, item_table.c.content_hash).where(
    item_table.c.book == bindparam("book"), item_table.c.source == SOURCE
)


@dataclass(frozen=True, slots=True)
class Known:
    """An issue that is in the register already. content_hash: of its record as first imported."""

    item: str
    content_hash: str


@dataclass(frozen=True, slots=True)
class Changed:
    """An issue that differs from what is recorded in a way that somebody should decide about."""

    item: str
    key: str
    place: str
    what: str


@dataclass(slots=True)
class ImportReport:
    """What became of an import.

    read = observed + already_there + duplicates + bad, but an issue that was observed and whose repayment
    was refused counts as bad too. changed: of those already there. unestimated: of those observed. late:
    postings on a later day than it happened. missing: how many issues more SonarQube says it has than
    were read. observed_minor, repaid_minor: principal, minor units.
    """

    read: int
    duplicates: int
    missing: int
    bad: list[BadRow]
    observed: int = 0
    repaid: int = 0
    unestimated: int = 0
    late: int = 0
    already_there: int = 0
    changed: list[Changed] = field(default_factory=list)
    observed_minor: int = 0
    repaid_minor: int = 0


def import_sonarqube(
    ledger: Ledger,
    paths: Iterable[Path],
    *,
    system: str,
    actor: str,
    asked_on: date,
    interest: Interest | None = None,
    category: str = DEFAULT_CATEGORY,
    cause: str | None = None,
    strict: bool = False,
    progress: Progress | None = None,
) -> ImportReport:
    """Record what SonarQube's exports hold, in one transaction. asked_on: today in the book's time zone.

    interest: of every estimated issue. cause: of every issue, instead of what rule and type suggest.
    Raises Unreadable for a file that is no export, Refused for a system, category or cause that does not
    exist, ImportRefused if it is strict and a row is bad.
    """
    known_category(category)
    if cause is not None and cause not in CAUSES:
        raise Refused(f"There is no cause '{cause}'.", f"Causes: {', '.join(CAUSES)}.")
    export = read(paths, ledger.settings().time_zone, cause)
    report = ImportReport(export.read, export.duplicates, export.missing, list(export.bad))
    with ledger.appending() as unit:
        known_system(system, unit.memory.state_for(Needs(systems=(system,)), asked_on))
        recording = _Recording(unit, report, system, actor, asked_on, interest, category)
        recording.record_all(export, progress)
        report.bad.sort(key=lambda row: natural(row.place))
        if strict and report.bad:
            raise ImportRefused(tuple(report.bad), report.read)
    return report


def known_issues(unit: Unit) -> dict[str, Known]:
    """The issues in the register, whoever imported them, by their key in SonarQube."""
    rows = unit.connection.execute(_KNOWN, {"book": unit.book})
    return {key: Known(item, content_hash) for key, item, content_hash in rows}


@dataclass(frozen=True, slots=True)
class _Recording:
    """One import under way."""

    unit: Unit
    report: ImportReport
    system: str
    actor: str
    asked_on: date
    interest: Interest | None
    category: str

    def record_all(self, export: Export, progress: Progress | None) -> None:
        known = known_issues(self.unit)
        items = self._load(export.issues, known)
        new = [issue for issue in export.issues if issue.key not in known]
        self.unit.look_up_keys(key for issue in new for key in (_observed_key(issue), _closed_key(issue)))
        for number, issue in enumerate(export.issues, start=1):
            try:
                if issue.key in known:
                    self._again(issue, known[issue.key], items)
                else:
                    self._first_time(issue)
            except Refused as refusal:
                self.report.bad.append(BadRow(issue.place, str(refusal)))
            if progress:
                progress(number, len(export.issues))

    def _load(self, issues: Sequence[Issue], known: dict[str, Known]) -> dict[str, Item]:
        """The items whose issue was closed, or whose record changed: all others have nothing to say."""
        wanted = [
            known[issue.key].item
            for issue in issues
            if issue.key in known and (issue.closed_on or issue.content_hash != known[issue.key].content_hash)
        ]
        return dict(self.unit.memory.state_for(Needs(items=tuple(wanted)), self.asked_on).items)

    def _first_time(self, issue: Issue) -> None:
        observe = Observe(
            on=issue.created_on,
            late=True,
            evidence=issue.evidence,
            system=self.system,
            title=issue.title,
            category=self.category,
            principal=Quantity(minutes=issue.minutes) if issue.minutes else None,
            interest=self.interest if issue.minutes else None,
            source=SOURCE,
            external_key=issue.key,
            content_hash=issue.content_hash,
            details=issue.details,
            cause=issue.cause,
        )
        (receipt,) = self.unit.record(Request(observe, self.actor, self.asked_on, _observed_key(issue)))
        opening = receipt.recorded.event
        assert isinstance(opening, Opening)  # noqa: S101 - what an observation is recorded as
        report = self.report
        report.observed += 1
        report.observed_minor += opening.principal_minor or 0  # type: ignore[attr-defined]
        report.unestimated += issue.minutes is None
        report.late += opening.occurred_on is not None
        if issue.closed_on is not None:
            self._repay(opening.item, issue, issue.closed_on, _closed_key(issue))

    def _again(self, issue: Issue, known: Known, items: dict[str, Item]) -> None:
        """An issue imported before: repaid if it was closed meanwhile, reported if it changed."""
        if system_of(known.item) != self.system:
            raise Refused(f"The issue was imported before, as {known.item}: it cannot be in two systems.")
        self.report.already_there += 1
        item = items.get(known.item)
        if item is None or item.reversed:
            return
        closed_here = item.closed_on(self.asked_on)
        if issue.closed_on is None:
            what = f"open in SonarQube, closed as {item.id}" if closed_here else _other_effort(issue, item)
            if what:
                self.report.changed.append(Changed(item.id, issue.key, issue.place, what))
        elif not closed_here:
            self._close_again(issue, issue.closed_on, item)

    def _close_again(self, issue: Issue, closed_on: date, item: Item) -> None:
        """Repay an item on a close date that was not seen before: one that somebody reversed stays reversed."""
        repaid_on = [entry.occurred_on for entry in item.entries if _is_ours(entry.event)]
        if closed_on not in repaid_on:
            self._repay(item.id, issue, closed_on, _closed_key(issue) + (f":{closed_on}" if repaid_on else ""))

    def _repay(self, item: str, issue: Issue, closed_on: date, key: str) -> None:
        repay = Repay(item=item, on=closed_on, late=True, evidence=issue.evidence)
        (receipt,) = self.unit.record(Request(repay, self.actor, self.asked_on, key))
        repaid = receipt.recorded.event
        assert isinstance(repaid, RepaymentRecorded)  # noqa: S101 - what a repayment is recorded as
        self.report.repaid += 1
        self.report.repaid_minor += repaid.removed_minor
        self.report.late += repaid.occurred_on is not None


def _observed_key(issue: Issue) -> str:
    return f"{SOURCE}:{issue.key}:observed"


def _closed_key(issue: Issue) -> str:
    return f"{SOURCE}:{issue.key}:closed"


def _is_ours(event: object) -> bool:
    """Whether it is a repayment that an import recorded."""
    return isinstance(event, RepaymentRecorded) and (event.evidence or "").startswith(f"{SOURCE} ")


def _other_effort(issue: Issue, item: Item) -> str:
    """How the effort differs from the latest standing estimate; nothing if that was made in money."""
    estimates = [
        entry.event
        for entry in item.entries
        if entry.standing and isinstance(entry.event, EstimateRevised) and entry.event.outstanding_minor is not None
    ]
    estimate = estimates[-1] if estimates else item.opening
    if estimates and estimate.effort_minutes is None:
        return ""
    before = estimate.effort_minutes or 0
    after = issue.minutes or 0
    return "" if before == after else f"effort is {effort_text(after)} in SonarQube, {effort_text(before)} here"
