"""`debt adopt --file`: a spreadsheet of adoptions, read and then recorded in one transaction.

A row is recognised by its content: a second run records nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sqlalchemy import bindparam, select

from ledger.decide.request import Request
from ledger.importers.decisions.adoptions import Decision, read_decisions
from ledger.importers.rows import BadRow, Progress, row_reason, settle
from ledger.store.ledger import Ledger
from ledger.store.transaction import Unit
from ledger.tables.facts import request as request_table
from ledger.vocabulary.errors import Refused, Unreadable
from ledger.vocabulary.text_encodings import RECOGNISED, Decoding

_KEYS = select(request_table.c.key).where(
    request_table.c.book == bindparam("book"), request_table.c.key.in_(bindparam("keys", expanding=True))
)
_KEYS_AT_ONCE = 500


@dataclass(slots=True)
class AdoptionReport:
    """What became of a file of decisions: read = adopted + already_there + bad."""

    read: int
    bad: list[BadRow]
    adopted: int = 0
    already_there: int = 0


def adopt_from_file(
    ledger: Ledger,
    path: Path,
    *,
    actor: str,
    asked_on: date,
    late: bool = False,
    strict: bool = False,
    progress: Progress | None = None,
    decoding: Decoding = RECOGNISED,
) -> AdoptionReport:
    """Record the adoptions in a file, in one transaction. asked_on: the day of those that name none.

    late: post those whose day is closed on the first day allowed. Raises Unreadable for a file that is no
    table of decisions, ImportRefused if it is strict and a row is bad.
    """
    found = read_decisions(path, late=late, decoding=decoding)

    def work(unit: Unit) -> AdoptionReport:
        report = AdoptionReport(len(found.decisions) + len(found.bad), list(found.bad))
        recorded = _recorded_keys(unit, [decision.key for decision in found.decisions])
        for number, decision in enumerate(found.decisions, start=1):
            if decision.key in recorded:
                report.already_there += 1
            else:
                _adopt(unit, decision, actor, asked_on, report)
                recorded.add(decision.key)
            if progress:
                progress(number, len(found.decisions))
        settle(report.bad, report.read, strict=strict)
        return report

    return ledger.append(work)


def _adopt(unit: Unit, decision: Decision, actor: str, asked_on: date, report: AdoptionReport) -> None:
    try:
        unit.record(Request(decision.command, actor, asked_on, decision.key))
    except (Refused, Unreadable) as error:
        report.bad.append(BadRow(decision.place, row_reason(error)))
    else:
        report.adopted += 1


def _recorded_keys(unit: Unit, keys: list[str]) -> set[str]:
    """The keys that were used before, by whomever: a second run by somebody else is no new decision."""
    recorded: set[str] = set()
    for start in range(0, len(keys), _KEYS_AT_ONCE):
        chunk = {"book": unit.book, "keys": keys[start : start + _KEYS_AT_ONCE]}
        recorded.update(unit.connection.execute(_KEYS, chunk).scalars())
    return recorded
