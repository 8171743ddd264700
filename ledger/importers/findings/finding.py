"""Findings: what a tool found, in words that no tool has to itself. A reader makes them, the recorder records them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from ledger.importers.findings.rule_names import is_named
from ledger.importers.rows import BadRow

#: What has become of a finding. A reader says which of its tool's states is which; what each records is in `resync`.
#: open: somebody has it to do. accepted: somebody said that it stays, and nobody decided it as debt. fixed: work was done.
#: gone: it is not there any more, without work. rejected: it never was anything.
FindingState = Literal["open", "accepted", "fixed", "gone", "rejected"]
#: Of these something is owed.
STANDING: tuple[FindingState, ...] = ("open", "accepted")


@dataclass(frozen=True, slots=True)
class ToolFinding:
    """One thing that a tool found.

    key: the tool's name for it, which stays. place: file, and line or JSON path. title: one line, at most MAX_TITLE
    characters. cause: why it was left undone, of CAUSES. state_on: since when it is in its state, >= found_on; None where
    the tool does not say. minutes: of effort, > 0, None if unestimated. located: where it was found, as the tool names
    it. details: what a lead looks for, as text. content_hash: sha256 of the whole record, 64 hexadecimal digits.
    said: the state in the tool's words. updated_on: the day of its last change there, None where the tool does not say.
    scope: the part of the tool's world it is in, a project, empty where the tool names none. changed_at: the moment of its
    last change there, which tells the newer of two rows with one key; None where the tool does not say.
    """

    key: str
    place: str
    title: str
    cause: str
    found_on: date
    state: FindingState
    state_on: date | None
    minutes: int | None
    located: str
    details: dict[str, str]
    content_hash: str
    said: str = ""
    updated_on: date | None = None
    scope: str = ""
    changed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class StatedTotal:
    """How many findings the tool says it has, whatever part of them a file holds."""

    findings: int


@dataclass(frozen=True, slots=True)
class StatedDay:
    """The day of which the tool says that its export is."""

    day: date


@dataclass(frozen=True, slots=True)
class StatedScope:
    """A part of the tool's world of which the tool says that its export speaks, also where it found nothing there.

    rules: what it looked for there, in the words of a finding's detail `rule`; a * at the end stands for all that begin so.
    """

    scope: str
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StatedPart:
    """The tool says that its export is not all there is. why: a clause."""

    why: str


@dataclass(frozen=True, slots=True)
class PassedOver:
    """A record from which nothing follows, whatever is in the books. why: a few words, the same for each of a kind.

    key: of the finding that it speaks of, which therefore is not missing; empty where it speaks of none.
    """

    why: str
    key: str = ""


@dataclass(frozen=True, slots=True)
class Caution:
    """What whoever imports should know of all the findings before anything is recorded. what: a sentence or several."""

    what: str


#: What a reader yields, record by record.
RecordRead = ToolFinding | BadRow | PassedOver | StatedTotal | StatedDay | StatedScope | StatedPart | Caution


@dataclass(frozen=True, slots=True)
class ToolFindings:
    """What some files hold. read: records, those that are bad, duplicate or passed over among them.

    missing: how many findings more the tool says it has than distinct records were read; 0 if it says nothing.
    exported_on: the day of which the tool says that the export is, the latest of several; None where it does not say.
    searched: the rules that were looked for, by scope, of those of which the tool says it. parts, cautions: what the tool
    and the reader say of the whole, each once.
    """

    findings: tuple[ToolFinding, ...]
    bad: tuple[BadRow, ...]
    read: int
    duplicates: int
    missing: int
    exported_on: date | None = None
    passed_over: tuple[PassedOver, ...] = ()
    searched: Mapping[str, frozenset[str]] = field(default_factory=dict)
    parts: tuple[str, ...] = ()
    cautions: tuple[str, ...] = ()

    @property
    def scopes(self) -> tuple[str, ...]:
        """The parts of the tool's world of which the export speaks, each once."""
        return tuple(sorted({*self.searched, *(finding.scope for finding in self.findings)} - {""}))

    @property
    def says_nothing(self) -> bool:
        """Whether it holds no finding, and does not say of what it holds none."""
        return not self.findings and not self.searched

    def was_searched(self, scope: str, rule: str) -> bool:
        """Whether a scope was searched for what breaks a rule; where the tool does not say, it was."""
        return scope not in self.searched or is_named(rule, self.searched[scope])

    def newest_day(self, today: date) -> date | None:
        """The newest day that a finding names, but for those that are still to come."""
        days = (day for each in self.findings for day in (each.found_on, each.state_on, each.updated_on))
        return max((day for day in days if day is not None and day <= today), default=None)
