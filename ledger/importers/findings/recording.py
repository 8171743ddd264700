"""Recording findings: every finding of a tool is observed as neglect, and repaid if the tool says that it is fixed.

Nobody decided these shortcuts, so that they are neglect until somebody adopts them. The day a finding was found is
that of the observation, the day it was fixed that of the repayment (what it cost is not known, and assumed); what
falls into a closed period is posted late, keeping its day. Effort is kept as effort and priced by the day rate.

A finding is recorded once, under the keys `<source>:<finding>:observed` and `<source>:<finding>:closed`. On a later
import only two differences matter, and both are reported, not recorded, because what to do about them is a
decision: another effort than the latest estimate in effort here (`debt revise`), and a finding that is open again
though it was repaid here. A new message does not: a title is fixed when an item is opened, and the line would be in
every later report. Nothing here knows a tool: what one says and is called is in its kind.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import assert_never

from sqlalchemy import bindparam, select

from ledger.decide.command import Needs
from ledger.decide.item import Item
from ledger.decide.observe import Observe
from ledger.decide.repay import Repay
from ledger.decide.request import Request
from ledger.events import EstimateRevised, NeglectObserved, RepaymentRecorded
from ledger.importers.findings.finding import ToolFinding, ToolFindings
from ledger.importers.findings.kind import FindingsKind
from ledger.importers.rows import BadRow, Progress
from ledger.store.transaction import Unit
from ledger.tables.items import item as item_table
from ledger.vocabulary.efforts import effort_text
from ledger.vocabulary.errors import Refused
from ledger.vocabulary.keys import system_of
from ledger.vocabulary.quantities import Interest, Quantity

_KNOWN = select(item_table.c.external_key, item_table.c.item, item_table.c.content_hash).where(
    item_table.c.book == bindparam("book"), item_table.c.source == bindparam("source")
)


@dataclass(frozen=True, slots=True)
class KnownFinding:
    """A finding that is in the register already. content_hash: of its record as first imported."""

    item: str
    content_hash: str


@dataclass(frozen=True, slots=True)
class ChangedFinding:
    """A finding that differs from what is recorded in a way that somebody should decide about."""

    item: str
    key: str
    place: str
    what: str


@dataclass(slots=True)
class ImportReport:
    """What became of an import.

    read = observed + already_there + duplicates + bad, but a finding that was observed and whose repayment
    was refused counts as bad too. changed: of those already there. unestimated: of those observed. late:
    postings on a later day than it happened. missing: how many findings more the tool says it has than
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
    changed: list[ChangedFinding] = field(default_factory=list)
    observed_minor: int = 0
    repaid_minor: int = 0


def known_findings(unit: Unit, source: str) -> dict[str, KnownFinding]:
    """The findings of a source that are in the register, whoever imported them, by their key there."""
    rows = unit.connection.execute(_KNOWN, {"book": unit.book, "source": source})
    return {key: KnownFinding(item, content_hash) for key, item, content_hash in rows}


@dataclass(frozen=True, slots=True)
class FindingsRecorder:
    """One import under way, in one transaction. asked_on: today in the book's time zone.

    interest: of every estimated finding. report: told what became of each.
    """

    unit: Unit
    report: ImportReport
    kind: FindingsKind
    system: str
    actor: str
    asked_on: date
    interest: Interest | None
    category: str

    def record_all(self, found: ToolFindings, progress: Progress | None) -> None:
        """Record every finding that can be; the others become bad rows of the report."""
        known = known_findings(self.unit, self.kind.source)
        items = self._load(found.findings, known)
        new = [finding for finding in found.findings if finding.key not in known]
        self.unit.look_up_keys(key for each in new for key in (self._observed_key(each), self._closed_key(each)))
        for number, finding in enumerate(found.findings, start=1):
            try:
                if finding.key in known:
                    self._again(finding, known[finding.key], items)
                else:
                    self._first_time(finding)
            except Refused as refusal:
                self.report.bad.append(BadRow(finding.place, str(refusal)))
            if progress:
                progress(number, len(found.findings))

    def _load(self, findings: Sequence[ToolFinding], known: dict[str, KnownFinding]) -> dict[str, Item]:
        """The items whose finding is not open, or whose record changed: all others have nothing to say."""
        wanted = [
            known[each.key].item
            for each in findings
            if each.key in known and (each.state != "open" or each.content_hash != known[each.key].content_hash)
        ]
        return dict(self.unit.memory.state_for(Needs(items=tuple(wanted)), self.asked_on).items)

    def _first_time(self, finding: ToolFinding) -> None:
        observe = Observe(
            on=finding.found_on,
            late=True,
            evidence=self._evidence(finding),
            system=self.system,
            title=finding.title,
            category=self.category,
            principal=Quantity(minutes=finding.minutes) if finding.minutes else None,
            interest=self.interest if finding.minutes else None,
            source=self.kind.source,
            external_key=finding.key,
            content_hash=finding.content_hash,
            details=finding.details,
            cause=finding.cause,
        )
        (receipt,) = self.unit.record(Request(observe, self.actor, self.asked_on, self._observed_key(finding)))
        observed = receipt.recorded.event
        assert isinstance(observed, NeglectObserved)  # noqa: S101 - what an observation is recorded as
        report = self.report
        report.observed += 1
        report.observed_minor += observed.principal_minor or 0
        report.unestimated += finding.minutes is None
        report.late += observed.occurred_on is not None
        self._conclude(observed.item, finding, self._closed_key(finding))

    def _again(self, finding: ToolFinding, known: KnownFinding, items: dict[str, Item]) -> None:
        """A finding imported before: concluded if it is no longer open, reported if it changed."""
        if system_of(known.item) != self.system:
            raise Refused(f"The {self.kind.finding} was imported before, as {known.item}: it cannot be in two systems.")
        self.report.already_there += 1
        item = items.get(known.item)
        if item is None or item.reversed:
            return
        closed_here = item.closed_on(self.asked_on)
        if finding.state == "open":
            what = self._open_again(item) if closed_here else self._other_effort(finding, item)
            if what:
                self.report.changed.append(ChangedFinding(item.id, finding.key, finding.place, what))
        elif not closed_here:
            self._conclude_again(finding, item)

    def _conclude(self, item: str, finding: ToolFinding, key: str) -> None:
        """Record what has become of a finding since it was found. key: of the request."""
        match finding.state:
            case "open":
                pass
            case "fixed":
                self._repay(item, finding, key)
            case _:
                assert_never(finding.state)

    def _conclude_again(self, finding: ToolFinding, item: Item) -> None:
        """Conclude an item on a day that was not seen before: what somebody reversed stays reversed."""
        repaid_on = [entry.occurred_on for entry in item.entries if self._is_ours(entry.event)]
        if finding.state_on not in repaid_on:
            again = f":{finding.state_on}" if repaid_on else ""
            self._conclude(item.id, finding, self._closed_key(finding) + again)

    def _repay(self, item: str, finding: ToolFinding, key: str) -> None:
        repay = Repay(item=item, on=finding.state_on, late=True, evidence=self._evidence(finding))
        (receipt,) = self.unit.record(Request(repay, self.actor, self.asked_on, key))
        repaid = receipt.recorded.event
        assert isinstance(repaid, RepaymentRecorded)  # noqa: S101 - what a repayment is recorded as
        self.report.repaid += 1
        self.report.repaid_minor += repaid.removed_minor
        self.report.late += repaid.occurred_on is not None

    def _observed_key(self, finding: ToolFinding) -> str:
        return f"{self.kind.source}:{finding.key}:observed"

    def _closed_key(self, finding: ToolFinding) -> str:
        return f"{self.kind.source}:{finding.key}:closed"

    def _evidence(self, finding: ToolFinding) -> str:
        return f"{self.kind.source} {finding.located}"

    def _is_ours(self, event: object) -> bool:
        """Whether it is a repayment that an import of this source recorded."""
        return isinstance(event, RepaymentRecorded) and (event.evidence or "").startswith(f"{self.kind.source} ")

    def _open_again(self, item: Item) -> str:
        return f"open in {self.kind.tool}, closed as {item.id}"

    def _other_effort(self, finding: ToolFinding, item: Item) -> str:
        """How the effort differs from the latest standing estimate; nothing if that was made in money."""
        before, after = _estimated_minutes(item), finding.minutes or 0
        if before is None or before == after:
            return ""
        return f"effort is {effort_text(after)} in {self.kind.tool}, {effort_text(before)} here"


def _estimated_minutes(item: Item) -> int | None:
    """The effort of an item's latest standing estimate, 0 if it never had one; None if it was revised in money."""
    revisions = [
        entry.event
        for entry in item.entries
        if entry.standing and isinstance(entry.event, EstimateRevised) and entry.event.outstanding_minor is not None
    ]
    if revisions:
        return revisions[-1].effort_minutes
    return item.opening.effort_minutes or 0
