"""Worked examples: the story with the packs that finance asks for in it, or a synthetic ledger of any size."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from ledger.decide.monitor import DocumentMonitor
from ledger.demo.story import NARRATOR, build_story
from ledger.demo.synthetic import build_synthetic
from ledger.services.extra import extra_needed
from ledger.services.open_ledger import Address, open_book
from ledger.services.progress import Tell
from ledger.services.report import Issued, PackWanted, issue
from ledger.services.robustness_suite import SuiteWanted, run_suite
from ledger.store.database_url import file_url
from ledger.vocabulary.errors import Refused, Unreadable
from ledger.vocabulary.quarters import Quarter

_BOOK = "demo"
#: Where the suite, the model and the data are that the story tries in earnest.
_TRIED = "digits"


@dataclass(frozen=True, slots=True)
class Demonstration:
    """The story as it was told. url: of its ledger. issued: the packs, in order; the last one is the one to open.

    tried: the folder of the suite that was run in it; None where a library is missing, and left_out says which.
    """

    url: str
    issued: tuple[Issued, ...]
    last_quarter: str
    tried: Path | None
    left_out: str | None


def demonstrate(folder: Path, accounts: Mapping[str, str]) -> Demonstration:
    """Tell the story in a folder, with its packs. accounts: codes for them. Raises Refused unless the folder is empty."""
    url = file_url(_ledger_in(folder))
    issued: list[Issued] = []

    def give_out(quarter: str, clock: Callable[[], datetime], new_id: Callable[[], str]) -> None:
        books = open_book(Address(url), asking=lambda: NARRATOR, book=_BOOK, clock=clock, new_id=new_id)
        wanted = PackWanted(Quarter.parse(quarter), accounts=accounts)
        issued.append(issue(books, wanted, folder / "packs"))
        books.ledger.engine.dispose()

    def try_out(monitor: DocumentMonitor, clock: Callable[[], datetime], new_id: Callable[[], str]) -> None:
        try:
            suite, model, data = _digits(folder / _TRIED)
        except Unreadable as missing:
            left_out.append(str(missing))
            return
        books = open_book(Address(url), asking=lambda: NARRATOR, book=_BOOK, clock=clock, new_id=new_id)
        books.record(monitor)
        wanted = SuiteWanted(system=monitor.system, suite=suite, model=model, data=data, monitor=monitor.monitor)
        run_suite(books.ledger, wanted, books.requester, trust=True)
        books.ledger.engine.dispose()

    left_out: list[str] = []
    story = build_story(url, _BOOK, give_out, try_out)
    missing = next(iter(left_out), None)
    return Demonstration(
        url, tuple(issued), story.last_quarter, tried=None if missing else folder / _TRIED, left_out=missing
    )


def _digits(folder: Path) -> tuple[Path, Path, Path]:
    with extra_needed():
        from ledger.measures.robustness.digits import write_digits

        return write_digits(folder)


def synthesize(folder: Path, *, events: int, books: int = 1, seed: int = 1, progress: Tell | None = None) -> Path:
    """Make a synthetic ledger of so many events in a folder; its file. Raises Refused unless the folder is empty."""
    database = _ledger_in(folder)
    build_synthetic(file_url(database), events=events, books=books, seed=seed, progress=progress)
    return database


def _ledger_in(folder: Path) -> Path:
    if folder.exists() and any(folder.iterdir()):
        raise Refused(f"The folder {folder} is not empty.", "Name another one: `debt demo --into FOLDER`.")
    folder.mkdir(parents=True, exist_ok=True)
    return folder / "ledger.db"
