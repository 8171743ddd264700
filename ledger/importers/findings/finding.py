"""Findings: what a tool found, in words that no tool has to itself. A reader makes them, the recorder records them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

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
    scope: the part of the tool's world it is in, a project, empty where the tool names none.
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


@dataclass(frozen=True, slots=True)
class StatedTotal:
    """How many findings the tool says it has, whatever part of them a file holds."""

    findings: int


@dataclass(frozen=True, slots=True)
class StatedDay:
    """The day of which the tool says that its export is."""

    day: date


#: What a reader yields, record by record.
RecordRead = ToolFinding | BadRow | StatedTotal | StatedDay


@dataclass(frozen=True, slots=True)
class ToolFindings:
    """What some files hold. read: records, the bad and the duplicate ones among them.

    missing: how many findings more the tool says it has than distinct records were read; 0 if it says nothing.
    exported_on: the day of which the tool says that the export is, the latest of several; None where it does not say.
    """

    findings: tuple[ToolFinding, ...]
    bad: tuple[BadRow, ...]
    read: int
    duplicates: int
    missing: int
    exported_on: date | None = None

    @property
    def scopes(self) -> tuple[str, ...]:
        """The parts of the tool's world that the findings are in, each once."""
        return tuple(sorted({finding.scope for finding in self.findings} - {""}))

    def newest_day(self, today: date) -> date | None:
        """The newest day that a finding names, but for those that are still to come."""
        days = (day for each in self.findings for day in (each.found_on, each.state_on, each.updated_on))
        return max((day for day in days if day is not None and day <= today), default=None)


def gathered(records: Iterable[RecordRead]) -> ToolFindings:
    """All that a reader yields; of two records with one key, the first counts."""
    findings: dict[str, ToolFinding] = {}
    bad: list[BadRow] = []
    days: list[date] = []
    count = stated = 0
    for record in records:
        match record:
            case StatedTotal():
                stated = max(stated, record.findings)
            case StatedDay():
                days.append(record.day)
            case BadRow():
                bad.append(record)
                count += 1
            case ToolFinding():
                findings.setdefault(record.key, record)
                count += 1
    duplicates = count - len(bad) - len(findings)
    missing = max(0, stated - (count - duplicates))
    return ToolFindings(tuple(findings.values()), tuple(bad), count, duplicates, missing, max(days, default=None))
