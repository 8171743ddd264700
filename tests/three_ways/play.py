"""Plays a random ledger through the command line, beside the model, and hands over the packs that it makes."""

from __future__ import annotations

import shlex
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.model.agreement import DisagreementError, Ledger, in_process
from tests.model.argv import to_argv
from tests.model.books import Books
from tests.model.commands import Command, Report
from tests.model.histories import TODAY, History
from tests.model.packs import PackFigures, pack_figures
from tests.three_ways.ledgers import RandomLedger


@dataclass(frozen=True)
class Played:
    """A workbook of the product, and the model's figures of the same pack.

    recorded_at: when each event was recorded, as the receipts said, by position. script: the commands so far.
    """

    workbook: Path
    figures: PackFigures
    recorded_at: Mapping[int, str]
    script: str


@dataclass
class _Player:
    """The product's ledger and the model's books, side by side."""

    ledger: Ledger
    books: Books
    folder: Path
    recorded_at: dict[int, str] = field(default_factory=dict)

    def open(self) -> None:
        """Open the book."""
        start = str(self.books.settings.fiscal_year_start)
        self.ledger.say("init", "--currency", self.books.currency, "--fiscal-year-start", start, "--time-zone", "UTC")

    def look_up(self) -> dict[int, str]:
        """When the events so far were recorded."""
        self.recorded_at = {event["position"]: event["recorded_at"] for event in self.ledger.ask("log")}
        return self.recorded_at

    def type(self, number: int, command: Command) -> Any:
        """The JSON answer to a command that both accept; None if both refuse it."""
        words = to_argv(command)
        if isinstance(command, Report):
            words += ["--known-at", self.recorded_at[command.known]] if command.known is not None else []
            words += ["--into", str(self.folder / str(number))]
        else:
            words += ["--key", f"entry-{number}"]
        outcome = self.books.apply(command, TODAY)
        answer = self.ledger.say(*words, "--format", "json")
        if answer.exit_code != (0 if outcome.accepted else 1):
            raise DisagreementError(self.ledger, shlex.join(words), vars(outcome), vars(answer))
        if not outcome.accepted:
            return None
        said = answer.json()
        if outcome.positions and isinstance(command, Report) and outcome.positions != (said["issued_at"],):
            raise DisagreementError(self.ledger, shlex.join(words), vars(outcome), said)
        return said


def play(random_ledger: RandomLedger, database: str, folder: Path) -> Iterator[Played]:
    """Every command to both; a pack at each report. Raises DisagreementError where only one of the two accepts."""
    start = random_ledger.fiscal_year_start
    ledger = Ledger(database, "main", in_process(), History(start, random_ledger.commands))
    player = _Player(ledger, Books(random_ledger.currency, start), folder)
    player.open()
    for number, command in enumerate(random_ledger.commands):
        figures = pack_figures(player.books, command) if isinstance(command, Report) else None
        recorded_at = player.look_up() if figures else {}
        said = player.type(number, command)
        if figures and said:
            yield Played(Path(said["workbook"]), figures, recorded_at, ledger.script())


def played_by_the_model(random_ledger: RandomLedger) -> Iterator[Played]:
    """The same without the product: there are no workbooks, and every time is one."""
    books = Books(random_ledger.currency, random_ledger.fiscal_year_start)
    at_once: Mapping[int, str] = defaultdict(lambda: "2026-10-15T12:00:00+00:00")
    for command in random_ledger.commands:
        figures = pack_figures(books, command) if isinstance(command, Report) else None
        if books.apply(command, TODAY).accepted and figures:
            yield Played(Path(), figures, at_once, "")
