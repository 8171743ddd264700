"""Gathering: all that a reader yields, counted, and of each key one finding."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from ledger.importers.findings.doubles import OvertakenRows, counting, overtaken_told
from ledger.importers.findings.finding import (
    Caution,
    PassedOver,
    RecordRead,
    StatedDay,
    StatedPart,
    StatedScope,
    StatedTotal,
    ToolFinding,
    ToolFindings,
)
from ledger.importers.rows import BadRow


@dataclass(slots=True)
class _Gathering:
    """What was yielded so far."""

    # By key, in the order in which the keys were first read.
    rows: dict[str, list[ToolFinding]] = field(default_factory=lambda: defaultdict(list))
    bad: list[BadRow] = field(default_factory=list)
    passed_over: list[PassedOver] = field(default_factory=list)
    searched: dict[str, frozenset[str]] = field(default_factory=dict)
    days: list[date] = field(default_factory=list)
    # Of each sentence the first counts, in their order.
    parts: dict[str, None] = field(default_factory=dict)
    cautions: dict[str, None] = field(default_factory=dict)
    count: int = 0
    stated: int = 0

    def take(self, record: RecordRead) -> None:
        """Add what a reader yielded."""
        match record:
            case StatedTotal():
                self.stated = max(self.stated, record.findings)
            case StatedDay():
                self.days.append(record.day)
            case StatedScope():
                self.searched[record.scope] = self.searched.get(record.scope, frozenset()).union(record.rules)
            case StatedPart():
                self.parts.setdefault(record.why)
            case Caution():
                self.cautions.setdefault(record.what)
            case BadRow():
                self.bad.append(record)
                self.count += 1
            case PassedOver():
                self.passed_over.append(record)
                self.count += 1
            case ToolFinding():
                self.rows[record.key].append(record)
                self.count += 1

    def settle(self) -> tuple[ToolFinding, ...]:
        """The rows that count, one of each key; a key whose rows contradict each other becomes a bad row."""
        findings, overtaken = list[ToolFinding](), list[OvertakenRows]()
        for rows in self.rows.values():
            match counts := counting(rows):
                case ToolFinding():
                    findings.append(counts)
                case OvertakenRows():
                    findings.append(counts.holds)
                    overtaken.append(counts)
                case BadRow():
                    self.bad.append(counts)
        self.cautions |= dict.fromkeys(overtaken_told(overtaken))
        return tuple(findings)

    def distinct(self) -> int:
        """How many findings were read, each once, those among them that are bad or passed over."""
        others = [row.key for row in self.bad] + [record.key for record in self.passed_over]
        return len({*self.rows, *others} - {""}) + others.count("")


def gathered(records: Iterable[RecordRead]) -> ToolFindings:
    """All that a reader yields; of the records with one key that counts of which `doubles` says so."""
    all_of = _Gathering()
    for record in records:
        all_of.take(record)
    findings = all_of.settle()
    return ToolFindings(
        findings=findings,
        bad=tuple(all_of.bad),
        read=all_of.count,
        duplicates=all_of.count - len(all_of.bad) - len(all_of.passed_over) - len(findings),
        missing=max(0, all_of.stated - all_of.distinct()),
        exported_on=max(all_of.days, default=None),
        passed_over=tuple(all_of.passed_over),
        searched=all_of.searched,
        parts=tuple(all_of.parts),
        cautions=tuple(all_of.cautions),
    )
