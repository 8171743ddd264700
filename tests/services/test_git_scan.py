"""Scans on both databases: two at once record each trailer once, and the books agree with themselves."""

from __future__ import annotations

import subprocess
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import uuid4

import pytest
from msgspec.structs import replace as with_

from ledger.decide.commission import Commission
from ledger.decide.init import OpenBook
from ledger.decide.rate_set import SetRate
from ledger.decide.request import Request
from ledger.decide.system_add import AddSystem
from ledger.queries.reader import reader_of
from ledger.queries.register.items import register
from ledger.services.git_scan import GitScan, scan
from ledger.services.requester import Requester
from ledger.store.engine import open_engine
from ledger.store.ledger import Ledger
from ledger.vocabulary.quantities import Interest, Quantity
from tests.helpers.optional import needs

pytestmark = needs("git")

DAY = date(2026, 7, 15)
TRAILERS = ("Debt-Repays: FRAUD-1 3d", "Debt-Interest: FRAUD-1 2h", "Debt-Repays: FRAUD-1 1d", "Debt-Closes: FRAUD-2")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "scoring"
    folder.mkdir()
    _git(folder, "init", "--quiet", "--initial-branch=main")
    for number, trailer in enumerate(TRAILERS, 1):
        said = ("-c", "user.name=Ada", "-c", "user.email=ada@example.org")
        on = f"--date=2026-06-0{number}T10:00:00+0000"
        _git(folder, *said, "commit", "--quiet", "--allow-empty", on, "-m", f"Work\n\n{trailer}")
    return folder


def _git(folder: Path, *words: str) -> None:
    subprocess.run(["git", "-C", str(folder), *words], check=True, capture_output=True)


def test_two_scans_at_once_record_each_trailer_once(database_url: str, folder: Path) -> None:
    ledger = _opened(database_url)
    with ThreadPoolExecutor(2) as at_once:
        reports = list(
            at_once.map(lambda each: scan(each, GitScan(folder), Requester("ci", DAY)), (ledger, replace(ledger)))
        )
    first, second = sorted((report.rows for report in reports), key=lambda rows: rows.unchanged)
    assert (first.unchanged, second.unchanged, first.refused, second.refused) == (0, 4, (), ())
    assert (len(first.receipts), second.receipts, second.run) == (5, (), None)
    with reader_of(ledger) as reader:
        items = {item.item: (item.outstanding, item.interest_observed) for item in register(reader, DAY)}
    assert items == {"FRAUD-1": (880000, 20000), "FRAUD-2": (0, None)}
    ledger.engine.dispose()


def _opened(database_url: str) -> Ledger:
    engine = open_engine(database_url)
    ledger = Ledger(engine, "main", lambda: datetime(2026, 7, 15, 12, tzinfo=UTC), lambda: uuid4().hex)
    opening = OpenBook(currency="EUR", currency_exponent=2, fiscal_year_start=1, time_zone="UTC")
    ledger.handle(Request(opening, "ada", DAY), opening=True)
    debt = Commission(
        system="FRAUD", title="Glue", category="glue-code", principal=Quantity(minor=1200000), interest=Interest(minor=0),
        decided_by="Ada", because="the launch", benefit="a month", repay_by="2026Q4", on=date(2026, 2, 1),
    )  # fmt: skip
    for command in (
        AddSystem(system="FRAUD", name="Fraud", team="red", on=date(2026, 1, 1)),
        SetRate(rate_minor=80000, on=date(2026, 1, 1)),
        debt,
        with_(debt, title="Jungle"),
    ):
        ledger.handle(Request(command, "ada", DAY))
    return ledger
