"""A survey: what an import found, held against the books as they are now, and as which run it is recorded."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from ledger.decide.import_batch import ImportBatch, RunOpening, Step
from ledger.decide.item import Item
from ledger.importers.findings.assumptions import as_typed, assumptions
from ledger.importers.findings.finding import ToolFindings
from ledger.importers.findings.forewarnings import later_days, new_scopes, other_terms, unmatched_rules
from ledger.importers.findings.known import known_findings
from ledger.importers.findings.planning import ImportPlan, planned
from ledger.importers.findings.resync import ImportTerms
from ledger.importers.rows import Progress
from ledger.store.memory import Memory
from ledger.store.runs import RunSoFar, new_run, runs_so_far
from ledger.vocabulary.errors import Refused

#: Steps recorded in one transaction: what a kill may cost, and what others may have to wait for.
STEPS_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Survey:
    """What is to be recorded, and under which name. number: of its next batch. opening: None of a run that is resumed.

    unfinished: runs of the same source that were cut short, and that this does not finish. forewarnings: what to know of the
    options and scopes before anything is recorded; doubts: what a strict import refuses.
    """

    plan: ImportPlan
    run: str
    system: str
    number: int
    opening: RunOpening | None
    steps: tuple[Step, ...]
    unfinished: tuple[str, ...] = ()
    forewarnings: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()

    @property
    def is_done(self) -> bool:
        """Whether nothing is left to record."""
        return self.opening is None and not self.steps

    def batch(self) -> ImportBatch:
        """What is recorded next."""
        now, later = self.steps[:STEPS_AT_ONCE], self.steps[STEPS_AT_ONCE:]
        return ImportBatch(
            run=self.run, system=self.system, number=self.number, last=not later, opening=self.opening, steps=now
        )

    def after_batch(self) -> Survey:
        """What is left once that is recorded."""
        return replace(self, number=self.number + 1, opening=None, steps=self.steps[STEPS_AT_ONCE:])


@dataclass(frozen=True, slots=True)
class ExportRead:
    """An export, read and not yet held against the books. input_sha256, mapping_sha256: as `ImportRun` has them."""

    found: ToolFindings
    terms: ImportTerms
    since: date | None
    complete: bool
    input_sha256: str
    mapping_sha256: str | None

    def survey(self, memory: Memory, progress: Progress | None = None) -> Survey:
        """What follows from it in a book as it is now.

        Raises Refused for an export that is older than the last one of its source, also where a run of it was cut short,
        and for one that cannot go on otherwise.
        """
        runs = runs_so_far(memory.connection, memory.name)
        unfinished = self._unfinished(runs)
        newer = unfinished is None and self._is_newer(runs)
        known, state = known_findings(memory, self.terms.kind, self.terms.system, runs, self.terms.today)
        plan = planned(
            self.found, known, state, self.terms, since=self.since, complete=self.complete, progress=progress
        )
        steps = tuple(plan.steps)
        resumed = unfinished if steps else None
        left = tuple(run.name for run in self._standing(runs) if not run.finished and run is not resumed)
        doubts = (*later_days(self.found, self.terms), *unmatched_rules(self.found, known.items.values()))
        told = tuple(self._forewarnings(known.items, runs)), doubts
        if unfinished is not None:
            number = len(unfinished.batches) + 1
            return Survey(plan, unfinished.name, self.terms.system, number, None, steps, left, *told)
        # What holds nothing says nothing, not even of which project.
        opening = self._opening(plan) if steps or (newer and not self.found.says_nothing) else None
        name = new_run(memory.connection, memory.name, self.terms.kind.source)
        return Survey(plan, name, self.terms.system, 1, opening, steps, left, *told)

    def _forewarnings(self, known: Mapping[str, Item], runs: Sequence[RunSoFar]) -> Iterator[str]:
        standing = [run for run in runs if not run.fully_undone]
        yield from new_scopes(self.terms.kind, self.terms.system, self.found.scopes, standing)
        last = max(self._standing(runs), key=lambda run: run.position, default=None)
        yield from other_terms(self.found, known, self.terms, self._assumptions(), last)

    def _unfinished(self, runs: Sequence[RunSoFar]) -> RunSoFar | None:
        """The run in which the recording of this export was cut short."""
        for run in self._standing(runs):
            if run.event.input_sha256 != self.input_sha256:
                continue
            if run.undone:
                raise Refused(
                    f"The undoing of the run {run.name} is not finished.", f"`debt import --undo {run.name} --yes`."
                )
            if run.finished:
                continue
            self._refuse_overtaken(run, runs)
            assumed = as_typed(run.event.assumptions, self.terms.currency)
            if (assumed, run.event.mapping_sha256) != (self._assumptions(), self.mapping_sha256):
                raise Refused(
                    f"The run {run.name} of this export is unfinished, and began with other options.",
                    f"Repeat them, or undo it: `debt import --undo {run.name} --yes`.",
                )
            return run
        return None

    def _refuse_overtaken(self, unfinished: RunSoFar, runs: Iterable[RunSoFar]) -> None:
        """Going on with a run would put back what another export of its source said since. Raises Refused."""
        since = [run for run in self._standing(runs) if run.position > unfinished.position]
        if since:
            last = since[-1]
            raise Refused(
                f"The run {unfinished.name} of this export, of {unfinished.event.exported_on}, was cut short, and {last.name} "
                f"recorded one of {last.event.exported_on} since: what an older one says is over, and it cannot go on.",
                f"`debt import --undo {unfinished.name} --yes` ends it and takes back what it recorded, as far as nothing "
                "rests on that.",
            )

    def _newer_by(self, last: str) -> str:
        """What helps whoever knows better: a day that the tool itself states is not overridden by one that is typed."""
        if self.found.exported_on is not None:
            return f"Import a newer one; `debt import --undo {last}` shows what the newer one recorded."
        return "If it is newer than its dates tell, say of which day it is: `--on DATE`."

    def _standing(self, runs: Iterable[RunSoFar]) -> list[RunSoFar]:
        """The runs of its source that were not undone."""
        return [run for run in runs if not run.fully_undone and self._is_of_source(run)]

    def _is_newer(self, runs: Iterable[RunSoFar]) -> bool:
        """Whether the export is newer than the last one of its source. Raises Refused if it is older."""
        before = self._standing(runs)
        if not before:
            return True
        last = max(before, key=lambda run: (run.event.exported_on or date.min, run.position))
        last_day, day = last.event.exported_on or date.min, self.terms.exported_on
        seen_before = any(run.event.input_sha256 == self.input_sha256 for run in before if run is not last)
        same = last.event.input_sha256 == self.input_sha256
        if day < last_day:
            raise Refused(
                f"The export is of {day}, and {last.name} was of {last_day}: what an older one says is over.",
                self._newer_by(last.name),
            )
        if day == last_day and seen_before and not same:
            raise Refused(
                f"This export was imported before, and another of the same day, {day}, after it as {last.name}: what it says "
                "is over.",
                "Import a newer one.",
            )
        return day > last_day

    def _is_of_source(self, run: RunSoFar) -> bool:
        """Whether it was an export of the same tool that speaks of the same things."""
        event, scopes = run.event, self.found.scopes
        if (event.kind, event.system) != (self.terms.kind.source, self.terms.system) or event.exported_on is None:
            return False
        # A run alone, of an export of which no row could be read: it spoke of nothing.
        if run.events <= 1 and not event.scopes and event.counts.get("read") == event.counts.get("refused"):
            return False
        return not scopes or not event.scopes or bool(set(scopes) & set(event.scopes))

    def _opening(self, plan: ImportPlan) -> RunOpening:
        counts = {"read": self.found.read, "unchanged": plan.unchanged, "refused": len(plan.bad)}
        return RunOpening(
            kind=self.terms.kind.source,
            source=", ".join(self.found.scopes) or self.terms.kind.source,
            scopes=self.found.scopes,
            input_sha256=self.input_sha256,
            mapping_sha256=self.mapping_sha256,
            exported_on=self.terms.exported_on,
            counts=counts | plan.sums.by_name,
            assumptions=self._assumptions(),
        )

    def _assumptions(self) -> dict[str, str]:
        return assumptions(self.terms, since=self.since, complete=self.complete)
