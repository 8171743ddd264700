"""Worked examples: the story with the packs that finance asks for in it, or a synthetic ledger of any size."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from ledger.demo.story import NARRATOR, build_story
from ledger.demo.synthetic import build_synthetic
from ledger.services.open_ledger import Address, open_book
from ledger.services.progress import Tell
from ledger.services.report import Issued, PackWanted, issue
from ledger.store.database_url import file_url
from ledger.vocabulary.errors import Refused
from ledger.vocabulary.quarters import Quarter

_BOOK = "demo"


@dataclass(frozen=True, slots=True)
class Demonstration:
    """The story as it was told. url: of its ledger. issued: the packs, in order; the last one is the one to open."""

    url: str
    issued: tuple[Issued, ...]
    last_quarter: str


def demonstrate(folder: Path, accounts: Mapping[str, str]) -> Demonstration:
    """Tell the story in a folder, with its packs. accounts: codes for them. Raises Refused unless the folder is empty."""
    url = file_url(_ledger_in(folder))
    issued: list[Issued] = []

    def give_out(quarter: str, clock: Callable[[], datetime], new_id: Callable[[], str]) -> None:
        books = open_book(Address(url), actor=NARRATOR, book=_BOOK, clock=clock, new_id=new_id)
        wanted = PackWanted(Quarter.parse(quarter), accounts=accounts)
        issued.append(issue(books, wanted, folder / "packs"))

    story = build_story(url, _BOOK, give_out)
    return Demonstration(url, tuple(issued), story.last_quarter)


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
