"""Exporters: the book as other programs read it. Text comes piece by piece, so that no book is too large.

The same book, position and as-of date give the same bytes, whatever the machine, the day and the database.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from ledger.queries.reader import Reader

#: Kind -> the module of `ledger.exporters` and the function in it, which takes a reader and what is wanted, and
#: yields text. One line per kind.
EXPORTERS = {
    "hledger": "hledger:journal",
    "beancount": "beancount:journal",
    "jsonl": "jsonl:lines",
    "csv": "csv:rows",
}

#: Told how many events are done, and of how many.
Progress = Callable[[int, int], None]


#: The finance department's code of one of our accounts and a cost centre.
CodeOf = Callable[[str, str | None], str]


def no_code(account: str, cost_centre: str | None) -> str:
    """Where the finance department has told no codes."""
    return ""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be exported, beside what the reader knows.

    as_of: the last effective day that counts; None for every day. code_of: for the CSV.
    """

    as_of: date | None = None
    code_of: CodeOf = no_code
    progress: Progress | None = None

    def counts(self, day: date) -> bool:
        """Whether what is effective on a day belongs to it."""
        return self.as_of is None or day <= self.as_of

    def told(self, done: int, total: int) -> None:
        """Pass on how far it is, now and then."""
        if self.progress is not None and done % 1000 == 0:
            self.progress(done, total)


Exporter = Callable[[Reader, Wanted], Iterator[str]]


def exporter(kind: str) -> Exporter:
    """What exports one of EXPORTERS; its module is imported now, and not before."""
    module, _, function = EXPORTERS[kind].partition(":")
    found: Exporter = getattr(importlib.import_module(f"ledger.exporters.{module}"), function)
    return found
