"""A book with watched systems: whose monitors are documented, and what is measured of them without any library."""

from __future__ import annotations

from datetime import date

from click.testing import CliRunner, Result

from ledger.cli import cli
from ledger.decide.monitor import DocumentMonitor
from ledger.decide.system_add import AddSystem
from ledger.queries.register.items import CLOSED, RegisterItem, register
from ledger.services.open_ledger import OpenedLedger, open_ledger
from ledger.vocabulary.kinds import Verdict
from ledger.vocabulary.measurements import Measurement

THRESHOLD = "0.9"
FIRST_DAY = date(2026, 1, 1)


def typed(url: str, line: list[str], actor: str = "ada") -> Result:
    """What `debt` answers to the words of a line."""
    return CliRunner().invoke(cli, ["--database", url, "--actor", actor, *line])


def opened(url: str, actor: str = "ada") -> OpenedLedger:
    """The book 'main', made if it is not there."""
    typed(url, ["init", "--book", "main", "--currency", "EUR", "--on", str(FIRST_DAY)])
    return open_ledger(url, actor=actor)


def add_system(books: OpenedLedger, key: str) -> None:
    """Register a system."""
    books.record(AddSystem(system=key, name=f"System {key}", team="red", on=FIRST_DAY))


def watch(books: OpenedLedger, system: str, monitor: str = "turns", carried_by: str | None = None) -> None:
    """Document a monitor of a system."""
    books.record(
        DocumentMonitor(
            system=system,
            monitor=monitor,
            what="robustness",
            threshold=THRESHOLD,
            alerts=True,
            remediation="manual",
            plan="train again",
            carried_by=carried_by,
            on=FIRST_DAY,
        )
    )


def measured(passed: int, of: int = 100) -> Measurement:
    """A pass rate, held against the threshold."""
    verdict: Verdict = "broken" if passed < float(THRESHOLD) * of else "kept"
    return Measurement(
        what="robustness",
        value=f"{passed / of:.6f}",
        threshold=THRESHOLD,
        verdict=verdict,
        rows=of,
        figures={"passed": str(passed), "of": str(of)},
        findings=(),
        files={},
        settings={},
    )


def open_items(books: OpenedLedger, system: str, day: date) -> list[RegisterItem]:
    """A system's items on which something was left to do on a day."""
    with books.reader() as reader:
        return [item for item in register(reader, day) if item.system == system and item.status not in CLOSED]
