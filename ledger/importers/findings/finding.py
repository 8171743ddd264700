"""Findings: what a tool found, in words that no tool has to itself. A reader makes them, the recorder records them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from ledger.importers.rows import BadRow

#: What has become of a finding. A reader says which of its tool's states is which; the recorder, what each records.
FindingState = Literal["open", "fixed"]


@dataclass(frozen=True, slots=True)
class ToolFinding:
    """One thing that a tool found.

    key: the tool's name for it, which stays. place: file, and line or JSON path. title: one line, at most MAX_TITLE
    characters. cause: why it was left undone, of CAUSES. state_on: since when it is in its state, >= found_on; of an
    open one found_on. minutes: of effort, > 0, None if unestimated. located: where it was found, as the tool names
    it. details: what a lead looks for, as text. content_hash: sha256 of the whole record, 64 hexadecimal digits.
    """

    key: str
    place: str
    title: str
    cause: str
    found_on: date
    state: FindingState
    state_on: date
    minutes: int | None
    located: str
    details: dict[str, str]
    content_hash: str


@dataclass(frozen=True, slots=True)
class StatedTotal:
    """How many findings the tool says it has, whatever part of them a file holds."""

    findings: int


#: What a reader yields, record by record.
RecordRead = ToolFinding | BadRow | StatedTotal


@dataclass(frozen=True, slots=True)
class ToolFindings:
    """What some files hold. read: records, the bad and the duplicate ones among them.

    missing: how many findings more the tool says it has than distinct records were read; 0 if it says nothing.
    """

    findings: tuple[ToolFinding, ...]
    bad: tuple[BadRow, ...]
    read: int
    duplicates: int
    missing: int


def gathered(records: Iterable[RecordRead]) -> ToolFindings:
    """All that a reader yields; of two records with one key, the first counts."""
    findings: dict[str, ToolFinding] = {}
    bad: list[BadRow] = []
    count = stated = 0
    for record in records:
        match record:
            case StatedTotal():
                stated = max(stated, record.findings)
            case BadRow():
                bad.append(record)
                count += 1
            case ToolFinding():
                findings.setdefault(record.key, record)
                count += 1
    duplicates = count - len(bad) - len(findings)
    return ToolFindings(tuple(findings.values()), tuple(bad), count, duplicates, max(0, stated - (count - duplicates)))
