"""Planning: what an import will record, every step of it decided before the first is recorded."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from ledger.decide.import_batch import Rehearsal, Step
from ledger.decide.item import Item
from ledger.decide.pricing import NoDayRate
from ledger.decide.state import State
from ledger.events import EstimateRevised, Event, ItemEvent, ItemWrittenOff, NeglectObserved, RepaymentRecorded
from ledger.events.codec import stored_name
from ledger.importers.findings.finding import STANDING, ToolFinding, ToolFindings
from ledger.importers.findings.known import KnownFindings
from ledger.importers.findings.reconciliation import Reconciliation, reconciled
from ledger.importers.findings.resync import ImportTerms, first_seen, seen_again, settled_on, vanished
from ledger.importers.rows import BadRow, Progress, row_reason
from ledger.vocabulary.errors import Refused
from ledger.vocabulary.keys import system_of


@dataclass(frozen=True, slots=True)
class Remark:
    """In what the tool and the books differ, for a person to decide."""

    item: str
    key: str
    place: str
    what: str


@dataclass(slots=True)
class RecordedSums:
    """What events come to. by_name: how many, by stored name. late: those on a later day than it happened.

    observed_minor, repaid_minor, written_off_minor: principal, minor units; revised_minor: its change, negative where it fell.
    """

    by_name: Counter[str] = field(default_factory=Counter)
    late: int = 0
    unestimated: int = 0
    observed_minor: int = 0
    repaid_minor: int = 0
    revised_minor: int = 0
    written_off_minor: int = 0

    def count(self, event: Event) -> None:
        """Add an event."""
        self.by_name[stored_name(event)] += 1
        self.late += isinstance(event, ItemEvent) and event.occurred_on is not None
        if isinstance(event, NeglectObserved):
            self.observed_minor += event.principal_minor or 0
            self.unestimated += event.principal_minor is None
        elif isinstance(event, RepaymentRecorded):
            self.repaid_minor += event.removed_minor
        elif isinstance(event, EstimateRevised):
            self.revised_minor += event.principal_change_minor
        elif isinstance(event, ItemWrittenOff):
            self.written_off_minor += event.removed_minor


@dataclass(slots=True)
class ImportPlan:
    """What an import will record, and what it will not.

    sums: of what is recorded. unchanged: findings from which nothing follows; rejected, left_out: of these, false
    positives never seen before, and what was over before `since`; passed_over: of these, how many by reason. waiting:
    items that were accepted in the tool and that nobody adopted. retitled, redated: open items of which the tool has another title
    or another day on which it was found now: here they stay. unpriced: days of efforts on which no price of a day is
    in force.
    """

    steps: list[Step] = field(default_factory=list)
    sums: RecordedSums = field(default_factory=RecordedSums)
    bad: list[BadRow] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    waiting: list[Item] = field(default_factory=list)
    retitled: list[str] = field(default_factory=list)
    redated: list[str] = field(default_factory=list)
    unpriced: list[date] = field(default_factory=list)
    vanished: list[str] = field(default_factory=list)
    unchanged: int = 0
    rejected: int = 0
    left_out: int = 0
    passed_over: Counter[str] = field(default_factory=Counter)
    reconciliation: Reconciliation | None = None


@dataclass(frozen=True, slots=True)
class ImportPlanner:
    """Goes through the findings one after the other. since: what was over before it and is not known is left out.

    complete: what is not among the findings is gone.
    """

    terms: ImportTerms
    known: KnownFindings
    since: date | None
    complete: bool
    plan: ImportPlan
    rehearsal: Rehearsal

    def go_through(self, found: ToolFindings, progress: Progress | None) -> ImportPlan:
        """Decide all that follows from the findings; what is refused becomes a bad row."""
        self.plan.bad.extend(found.bad)
        self.plan.passed_over.update(record.why for record in found.passed_over)
        self.plan.unchanged += found.duplicates + len(found.passed_over)
        items: dict[str, str] = {}
        for number, finding in enumerate(found.findings, start=1):
            before = len(self.plan.steps), len(self.plan.bad)
            item = self._take(finding)
            if item is not None:
                items[finding.key] = item
            self.plan.unchanged += (len(self.plan.steps), len(self.plan.bad)) == before
            if progress:
                progress(number, len(found.findings))
        for key, known in self._in_scope(found):
            items.setdefault(key, known.id)
        if self.complete:
            self._give_up(found, items)
        now = {key: self.rehearsal.items[item] for key, item in items.items()}
        self.plan.reconciliation = reconciled(found.findings, now, self.terms.today)
        return self.plan

    def _take(self, finding: ToolFinding) -> str | None:
        """Take what follows from one finding. Returns the item that stands for it, if one does now."""
        known = self.known.items.get(finding.key)
        if known is None:
            return self._first(finding)
        if system_of(known.id) != self.terms.system:
            why = f"The {self.terms.kind.finding} was imported before, as {known.id}: it cannot be in two systems."
            self._refuse(finding, Refused(why))
            return None
        self._compare(finding, known)
        following = seen_again(finding, known, self.known, self.terms)
        if following.remark:
            self.plan.remarks.append(Remark(known.id, finding.key, finding.place, following.remark))
        self._steps(finding, following.steps)
        self._wait(finding, known.id)
        return known.id

    def _compare(self, finding: ToolFinding, known: Item) -> None:
        """Note what the tool says otherwise of an open item that is fixed here."""
        if finding.state not in STANDING or known.reversed or known.closed_on(self.terms.today):
            return
        if finding.title != known.opening.title:
            self.plan.retitled.append(known.id)
        # A tool that may name no day has that of its export, which is another each time.
        if finding.found_on != known.opened_on and not self.terms.kind.asks_day:
            self.plan.redated.append(known.id)

    def _first(self, finding: ToolFinding) -> str | None:
        over = finding.state not in STANDING
        if finding.state == "rejected":
            self.plan.rejected += 1
            return None
        if over and self.since is not None and settled_on(finding, self.terms) < self.since:
            self.plan.left_out += 1
            return None
        item = f"{self.terms.system}-{self.rehearsal.state.next_number}"
        if not self._steps(finding, first_seen(finding, item, self.terms)):
            return None
        self._wait(finding, item)
        return item

    def _wait(self, finding: ToolFinding, item: str) -> None:
        now = self.rehearsal.items[item]
        today = self.terms.today
        if (
            finding.state == "accepted"
            and now.nature_on(today) == "neglect"
            and not (now.reversed or now.closed_on(today))
        ):
            self.plan.waiting.append(now)

    def _give_up(self, found: ToolFindings, items: dict[str, str]) -> None:
        """Write off what is open here and not in the export at all."""
        there = {each.key for each in found.findings} | {row.key for row in found.bad}
        there |= {record.key for record in found.passed_over}
        for key, item in items.items():
            now = self.rehearsal.items[item]
            if key in there or now.reversed or now.closed_on(self.terms.today):
                continue
            scope, rule = (now.opening.details.get(name, "") for name in ("scope", "rule"))
            if not found.was_searched(scope, rule):
                what = (
                    f"not in the export, and neither was its rule {rule} run: it stays open{self.terms.kind.rules_told}"
                )
                self.plan.remarks.append(Remark(item, key, self.terms.kind.source, what))
                continue
            try:
                self._take_all((vanished(now, self.terms),))
                self.plan.vanished.append(item)
            except Refused as refusal:
                self.plan.bad.append(BadRow(item, row_reason(refusal), key))

    def _in_scope(self, found: ToolFindings) -> Iterator[tuple[str, Item]]:
        """The known items of this system that the export speaks of: of its scopes, of all where it names none."""
        source, scopes = self.terms.kind.source, found.scopes
        for key, item in self.known.items.items():
            if system_of(item.id) != self.terms.system:
                continue
            details, evidence = item.opening.details, item.opening.evidence
            # What was imported before scopes were kept says in its evidence where it was found.
            where = [details[name] for name in ("file", "line") if name in details]
            told = details.get("scope") or next(
                (each for each in scopes if evidence == f"{source} {':'.join((each, *where))}"), None
            )
            if told in scopes or not scopes:
                yield key, item

    def _steps(self, finding: ToolFinding, steps: tuple[Step, ...]) -> bool:
        """Take all that follows from a finding, or refuse all of it. Returns whether anything was taken."""
        try:
            self._take_all(steps)
        except Refused as refusal:
            self._refuse(finding, refusal)
            return False
        return bool(steps)

    def _take_all(self, steps: tuple[Step, ...]) -> None:
        for decided in self.rehearsal.take_all(steps):
            self.plan.sums.count(decided.event)
        self.plan.steps += steps

    def _refuse(self, finding: ToolFinding, refusal: Refused) -> None:
        if isinstance(refusal, NoDayRate):
            self.plan.unpriced.append(finding.found_on)
        self.plan.bad.append(BadRow(finding.place, row_reason(refusal), finding.key))


def planned(
    found: ToolFindings,
    known: KnownFindings,
    state: State,
    terms: ImportTerms,
    *,
    since: date | None = None,
    complete: bool = False,
    progress: Progress | None = None,
) -> ImportPlan:
    """All that an import will record. state: that in which `known` was found."""
    planner = ImportPlanner(terms, known, since, complete, ImportPlan(), Rehearsal(state))
    return planner.go_through(found, progress)
