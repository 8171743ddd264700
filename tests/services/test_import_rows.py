"""A file of commands on both databases: looked at, recorded at once, taken back."""

from __future__ import annotations

from datetime import UTC, date, datetime
from itertools import count
from pathlib import Path

from ledger.decide.init import OpenBook
from ledger.decide.request import Request
from ledger.decide.system_add import AddSystem
from ledger.queries.reader import reader_in
from ledger.queries.register.runs import sources
from ledger.services.import_rows import import_rows
from ledger.services.import_undo import undo_run
from ledger.services.requester import Requester
from ledger.store.engine import open_engine
from ledger.store.ledger import Ledger

TODAY = date(2026, 11, 20)
ROWS = """do,system,title,category,cause,principal,item,amount,as
observe,FRAUD,Feed,untracked-input,untracked,900,,,feed
repay,,,,,,feed,300,
repay,,,,,,feed,700,
"""


def test_a_file_is_looked_at_recorded_and_taken_back(database_url: str, tmp_path: Path) -> None:
    engine, number = open_engine(database_url), count(1)
    book = Ledger(engine, "main", lambda: datetime(2026, 11, 20, 9, tzinfo=UTC), lambda: f"{next(number):032x}")
    opening = OpenBook(currency="EUR", currency_exponent=2, fiscal_year_start=1, time_zone="UTC")
    book.handle(Request(opening, "lead", TODAY), opening=True)
    book.handle(Request(AddSystem(system="FRAUD", name="Fraud", team="red"), "lead", TODAY))
    path, requester = tmp_path / "rows.csv", Requester("lead", TODAY)
    path.write_text(ROWS)
    looked = import_rows(book, path, requester, dry_run=True)
    assert [receipt.recorded.position for receipt in looked.receipts] == [3, 4, 5]
    assert (book.recorded, _runs(book)) == (2, [])
    done = import_rows(book, path, requester)
    assert done.recorded == looked.recorded == {"neglect-observed/1": 1, "repayment-recorded/2": 1, "import-run/1": 1}
    assert [row.place.rpartition(" ")[2] for row in done.refused] == ["4"]
    assert (book.recorded, _runs(book)) == (5, [("csv-1", 3, False)])
    assert import_rows(book, path, requester).unchanged == 2
    assert undo_run(book, "csv-1", requester).reversed == 2
    assert _runs(book) == [("csv-1", 3, True)]
    engine.dispose()


def _runs(book: Ledger) -> list[tuple[str, int, bool]]:
    with book.reading() as connection:
        return [(run.run, run.events, run.undone) for run in sources(reader_in(connection, book.book))]
