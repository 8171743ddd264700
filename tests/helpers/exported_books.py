"""Random books, told by seed through the real command line, and their exports."""

from __future__ import annotations

import random
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Any
from uuid import uuid4

from sqlalchemy import text

from ledger.demo.synthetic import build_synthetic
from ledger.exporters import Wanted, exporter
from ledger.queries.reader import Reader, reader_of
from ledger.store.engine import open_engine, reading
from ledger.store.ledger import Ledger
from ledger.store.upgrade import upgrade
from tests.helpers.witnesses import Balances
from tests.model.agreement import Ledger as Typist
from tests.model.agreement import in_process
from tests.model.argv import to_argv
from tests.model.histories import FIRST_DAY, FISCAL_YEAR_STARTS, LAST_DAY, MOST, TODAY, History, Step, tell
from tests.model.storyteller import KINDS

_LEGS = text(
    "SELECT account, item, nature, amount_minor, effective_on FROM posting ORDER BY effective_on, position, leg"
)

#: Days between two steps, and the way of choosing a day that is today: nothing may precede an adoption of today.
_LONGEST_PAUSE = 25
_TODAY_ITSELF = 11


def exported(reader: Reader, kind: str, **wanted: Any) -> str:
    """An export as one text."""
    return "".join(exporter(kind)(reader, Wanted(**wanted)))


@dataclass
class Book:
    """A book in a file of its own. questions: what was asked of the command line."""

    url: str
    name: str
    folder: Path
    typist: Typist = field(init=False)

    def __post_init__(self) -> None:
        self.typist = Typist(self.url, self.name, in_process(), History(1, ()))

    @cached_property
    def ledger(self) -> Ledger:
        """The book for its readers."""
        return Ledger(open_engine(self.url), self.name, lambda: datetime.now(UTC), lambda: uuid4().hex)

    def close(self) -> None:
        """Let the file go."""
        self.ledger.engine.dispose()

    def export(self, kind: str, known_at: str | None = None, **wanted: Any) -> Path:
        """An export in a file."""
        path = self.folder / f"{uuid4().hex}.{kind}"
        with reader_of(self.ledger, known_at) as reader:
            path.write_bytes(exported(reader, kind, **wanted).encode())
        return path

    def ask(self, *words: str) -> Any:
        """What the command line answers, as JSON."""
        return self.typist.ask(*words)

    @cached_property
    def legs(self) -> list[Any]:
        """Every stored posting, in order of day, as the database keeps it."""
        with reading(self.ledger.engine) as connection:
            return list(connection.execute(_LEGS))

    def ten_days(self) -> list[date]:
        """Ten days on which something was posted, from the first to the last."""
        days = sorted({date.fromisoformat(leg.effective_on) for leg in self.legs})
        assert len(days) >= 10
        return [days[number * (len(days) - 1) // 9] for number in range(10)]

    def trial_balance(self, through: date) -> Balances:
        """Of the stored postings, in major units; what is owed stands under its item."""
        minor: dict[str, int] = defaultdict(int)
        for leg in self.legs:
            if leg.effective_on <= through.isoformat():
                minor[f"{leg.account}:{leg.item}" if leg.nature else leg.account] += leg.amount_minor
        return {account: Decimal(amount).scaleb(-2) for account, amount in minor.items() if amount}


def told_book(folder: Path, seed: int, steps: int = 100) -> Book:
    """A history of people and their mistakes, typed command by command; what is refused is not recorded."""
    book = Book(_database(folder), "told", folder)
    history = _history(seed, steps)
    start = str(history.fiscal_year_start)
    book.typist.say("init", "--book", "told", "--currency", "EUR", "--fiscal-year-start", start, "--time-zone", "UTC")
    for number, command in enumerate(history.commands):
        answer = book.typist.say(*to_argv(command), "--key", f"{number}")
        assert answer.exit_code in (0, 1), answer
    return book


def _history(seed: int, steps: int) -> History:
    """As `seeded_history`, spread over many days: few quarters are closed, and nothing is of today."""
    dice, told = random.Random(seed), []
    while len(told) < steps:
        raw = {name: dice.randint(0, most) for name, most in MOST.items()}
        raw["shift"] %= _LONGEST_PAUSE
        if raw["when"] != _TODAY_ITSELF and (KINDS[raw["kind"]] != "close" or dice.randrange(4) == 0):
            told.append(Step(**raw))
    return tell(told, dice.choice(FISCAL_YEAR_STARTS), True, (FIRST_DAY, LAST_DAY), TODAY)


def synthetic_book(folder: Path, events: int = 2000) -> Book:
    """Five years of a few systems, changes of owner among them."""
    book = Book(_database(folder), "synthetic-1", folder)
    build_synthetic(book.url, events=events, seed=3)
    return book


def _database(folder: Path) -> str:
    url = f"sqlite:///{folder / 'ledger.db'}"
    upgrade(url)
    return url
