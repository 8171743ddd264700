"""`debt import KIND`: what a tool found, read from its files, then recorded in one transaction."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

from ledger.decide.command import Needs
from ledger.decide.opening import known_category
from ledger.decide.system import known_system
from ledger.importers.findings.finding import gathered
from ledger.importers.findings.kind import FindingsKind, ImportOption
from ledger.importers.findings.recording import FindingsRecorder, ImportReport
from ledger.importers.kinds import KINDS
from ledger.importers.rows import Progress, by_reason, settle
from ledger.store.ledger import Ledger
from ledger.store.transaction import Unit
from ledger.vocabulary.quantities import Interest
from ledger.vocabulary.time_zones import time_zone

__all__ = ["KINDS", "FindingsKind", "ImportOption", "ImportReport", "by_reason", "import_findings"]


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
    strict: bool = False,
    progress: Progress | None = None,
    **options: Any,
) -> ImportReport:
    """Record what files of a kind hold, in one transaction. asked_on: today in the book's time zone.

    interest: of every estimated finding. category: the kind's by default. options: those that the kind has of its
    own. Raises Unreadable for a file that is none of the kind, Refused for a system or category that does not exist
    and for what the kind refuses, ImportRefused if it is strict and a row is bad.
    """
    category = kind.category if category is None else category
    known_category(category)
    found = gathered(kind.read(paths, time_zone(ledger.settings().time_zone), **options))

    def work(unit: Unit) -> ImportReport:
        report = ImportReport(found.read, found.duplicates, found.missing, list(found.bad))
        known_system(system, unit.memory.state_for(Needs(systems=(system,)), asked_on))
        FindingsRecorder(unit, report, kind, system, actor, asked_on, interest, category).record_all(found, progress)
        settle(report.bad, report.read, strict=strict)
        return report

    return ledger.append(work)
