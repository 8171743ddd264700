"""Transactions that get in each other's way: whatever records is tried again, and counts once."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from sealed_books import CLOSE, opened_book
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url
from watched import measured, watch

import ledger
from ledger.decide.note import AddNote
from ledger.decide.observe import Observe
from ledger.decide.rate_set import SetRate
from ledger.decide.robustness import DocumentRobustness
from ledger.services.adopt_file import adopt_from_file
from ledger.services.breach import Judged
from ledger.services.budget_import import record as record_budgets
from ledger.services.checkpoint import CheckpointWanted, covered, sign_and_record
from ledger.services.close import QuarterClosing
from ledger.services.conclude import conclude
from ledger.services.import_ import KINDS, import_findings
from ledger.services.open_ledger import OpenedLedger, open_ledger
from ledger.services.robustness import try_case
from ledger.services.seen import Seen, record_sighting
from ledger.vocabulary.quantities import Quantity
from tests.helpers.budget_forms import row, write_form
from tests.store.test_proofs import BLOB

#: A server that looks for deadlocks at once, and whose transactions are of the strictest kind unless they say otherwise.
_SERVER = "-c deadlock_timeout=50ms -c default_transaction_isolation=serializable"
#: For whoever crosses to come back, should what crosses it have failed.
_PATIENCE_SECONDS = 10
_MONEY = Quantity(minor=100_00)
NOTE = AddNote(item="FRAUD-1", text="through a deadlock")


def test_nothing_records_but_through_what_tries_again() -> None:
    """One place knows of conflicts: no service opens a writing transaction on a book by itself."""
    folder = Path(ledger.__file__).parent
    found = {
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*.py")
        if re.search(r"\bappending\(", path.read_text("utf-8"))
    }
    assert found == {"store/ledger.py", "store/transaction.py"}


# --- what records, each by its service ------------------------------------------------------------------


def a_command(books: OpenedLedger, folder: Path) -> None:
    books.record(NOTE)


def a_batch(books: OpenedLedger, folder: Path) -> None:
    books.ledger.handle_all([books.request(NOTE), books.request(AddNote(item="FRAUD-1", text="another"))])


def a_closing(books: OpenedLedger, folder: Path) -> None:
    QuarterClosing(books.ledger, books.request(CLOSE)).record()


def a_measurement(books: OpenedLedger, folder: Path) -> None:
    conclude(
        books.ledger, Judged(measurement=measured(10), system="FRAUD", monitor="turns"), books.requester, record=True
    )


def a_case(books: OpenedLedger, folder: Path) -> None:
    command = DocumentRobustness(system="FRAUD", case="nights", perturbation="dark", passed=1, of=10, data="d")
    try_case(books.ledger, command, books.requester, monitor="turns", record=True)


def a_sighting(books: OpenedLedger, folder: Path) -> None:
    record_sighting(books.ledger, Seen(source="FRAUD", reader="a clerk"), books.requester)


def a_file_of_decisions(books: OpenedLedger, folder: Path) -> None:
    (folder / "d.csv").write_text("item,decided_by,because,benefit,repay_by\nFRAUD-2,ada,the fair,weeks,2027Q4\n")
    report = adopt_from_file(books.ledger, folder / "d.csv", actor="ada", asked_on=books.today)
    assert (report.adopted, report.read) == (1, 1)


def an_import(books: OpenedLedger, folder: Path) -> None:
    (folder / "i.json").write_text(
        '{"issues":[{"key":"k1","rule":"r","component":"c","project":"p","status":"OPEN","message":"m","effort":"1d",'
        '"creationDate":"2025-02-01T09:00:00+0000","type":"CODE_SMELL"}]}'
    )
    report = import_findings(
        books.ledger, KINDS["sonarqube"], [folder / "i.json"], system="FRAUD", actor="ada", asked_on=books.today
    )
    assert (report.read, report.refused) == (1, ())


def a_form(books: OpenedLedger, folder: Path) -> None:
    form = write_form(folder / "f.xlsx", [row("2027Q1", "red", 500)])
    record_budgets(books.ledger, form, actor="ada", asked_on=books.today)


def a_checkpoint(books: OpenedLedger, folder: Path) -> None:
    out = folder / "note.txt"
    sign_and_record(books, covered(books, CheckpointWanted(out=out)), lambda said: BLOB)
    assert out.exists()


#: What is recorded -> how many events that is.
RECORDING: dict[Callable[[OpenedLedger, Path], None], int] = {
    a_command: 1,
    a_batch: 2,
    a_closing: 1,
    a_measurement: 2,
    a_case: 3,
    a_sighting: 1,
    a_file_of_decisions: 1,
    an_import: 2,
    a_form: 1,
    a_checkpoint: 1,
}


@contextmanager
def crossed(url: str) -> Iterator[Callable[[], str]]:
    """Somebody holds what an entry needs, and asks for the head as soon as the entry has it; gives identifiers.

    The server ends the one whose patience ends first, and that is the entry's.
    """
    other, waits = create_engine(url), threading.Event()
    with other.connect() as connection:
        connection.exec_driver_sql("SET deadlock_timeout = '60s'")
        connection.exec_driver_sql("LOCK TABLE request IN EXCLUSIVE MODE")

        def cross() -> None:
            waits.wait()
            connection.exec_driver_sql("SELECT 1 FROM head FOR UPDATE")
            connection.rollback()

        def new_id() -> str:
            waits.set()  # the head is the entry's by now
            return uuid4().hex

        crossing = threading.Thread(target=cross, daemon=True)
        crossing.start()
        try:
            yield new_id
        finally:
            waits.set()
            crossing.join(_PATIENCE_SECONDS)
    other.dispose()


def _counted(books: OpenedLedger) -> tuple[Any, ...]:
    with books.ledger.reading() as connection:
        tables = ["head", "event", "request"]
        asked = ", ".join(f"(SELECT count(*) FROM {name})" for name in tables)
        return tuple(connection.execute(text(f"SELECT (SELECT position FROM head), {asked}")).one())


@pytest.mark.reliability
@pytest.mark.parametrize("recording", RECORDING, ids=lambda each: each.__name__)
def test_a_deadlock_is_noticed_by_nobody(
    postgres_url: str, tmp_path: Path, recording: Callable[[OpenedLedger, Path], None]
) -> None:
    patient = make_url(postgres_url).update_query_dict({"options": _SERVER})
    with opened_book(postgres_url) as prepared:
        watch(prepared, "FRAUD")
        prepared.record(SetRate(rate_minor=800_00, on=date(2025, 1, 1), late=True))
        prepared.record(
            Observe(system="FRAUD", title="Seen", category="glue-code", cause="expedience", principal=_MONEY)
        )
        before = _counted(prepared)
        books = open_ledger(patient.render_as_string(hide_password=False), actor="ada")
        with crossed(postgres_url) as new_id:
            recording(replace(books, ledger=replace(books.ledger, new_id=new_id)), tmp_path)
        books.ledger.engine.dispose()
        after = _counted(prepared)
        assert after[0] - before[0] == after[2] - before[2] == RECORDING[recording]
