"""Holds the product against the model: the same commands to both, then the same questions.

Everything goes through the command line, in this process or in a new one. Where the contract leaves the
order of rows open they are sorted before comparing, and all-zero rows are left out on both sides.
"""

import difflib
import json
import os
import shlex
import subprocess
import sys
import traceback
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

from .argv import to_argv
from .books import Books, Outcome
from .histories import TODAY, History
from .quantities import quarter_days, quarter_of
from .register import ItemFact, stored_as
from .storyteller import quarters_between

EXAMPLES = int(os.environ.get("AGREEMENT_EXAMPLES", "6"))
"""Histories per test and database; more for a soak."""

SPLITS: tuple[tuple[str, ...], ...] = (
    (),
    ("nature", "system"),
    ("team",),
    ("cost-centre",),
    ("dimension", "category"),
)
FLOW_SPLITS: tuple[tuple[str, ...], ...] = ((), ("system",), ("team",))
NOON = datetime.combine(TODAY, datetime.min.time(), UTC) + timedelta(hours=12)
CRASHED = -1
"""Exit code of a run that ended in an exception: Python's own 1 would pass for a refusal."""
ZERO_NAMES = ("nature", "system", "team", "cost_centre", "dimension", "category")


@dataclass(frozen=True)
class Answer:
    """What a run of the command line left behind."""

    exit_code: int
    output: str
    errors: str

    def json(self) -> Any:
        """The output as JSON, or the text itself if it is none."""
        try:
            return json.loads(self.output)
        except ValueError:
            return self.output


Run = Callable[[Sequence[str]], Answer]


@dataclass
class Clock:
    """Noon of the day the tests play on, one second later at every look."""

    now: datetime = NOON

    def __call__(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now


@dataclass
class Ledger:
    """One book of the product. `run` takes a full argument list and says what came of it."""

    database: str
    name: str
    run: Run
    history: History
    typed: list[list[str]] = field(default_factory=list)

    def say(self, *words: str) -> Answer:
        """Run one command on this book, keeping it for the report."""
        argv = ["--database", self.database, "--book", self.name, "--actor", "ada", *words]
        self.typed.append(argv)
        return self.run(argv)

    def ask(self, *words: str) -> Any:
        """The JSON answer to a question, or a text that says what went wrong."""
        answer = self.say(*words, "--format", "json")
        self.typed.pop()
        return answer.json() if answer.exit_code == 0 else f"exit {answer.exit_code}: {answer.errors}{answer.output}"

    def script(self) -> str:
        """The commands so far, ready to be pasted into a shell."""
        return "\n".join(shlex.join(["debt", *argv]) for argv in self.typed)


class DisagreementError(AssertionError):
    """The product and the model differ; the message shows how, and the commands that lead there."""

    def __init__(self, ledger: Ledger, what: str, expected: Any, found: Any) -> None:
        lines = difflib.unified_diff(_lines(expected), _lines(found), "model", "product", lineterm="", n=2)
        super().__init__("\n".join(["", what, *lines, "", "To reproduce:", ledger.script()]))


def in_process() -> Run:
    """Runs of the command line inside this process, with a clock that ticks and unique ids."""
    from click.testing import CliRunner

    from ledger.cli import cli
    from ledger.cli.kit.edge import Edge

    edge = Edge(clock=Clock(), new_id=lambda: uuid4().hex)

    def run(argv: Sequence[str]) -> Answer:
        result = CliRunner().invoke(cli, list(argv), obj=edge)
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            return Answer(CRASHED, result.stdout, "".join(traceback.format_exception(result.exception)))
        return Answer(result.exit_code, result.stdout, result.stderr)

    return run


def in_new_process(argv: Sequence[str]) -> Answer:
    """One run of the command line as people start it."""
    done = subprocess.run(
        [sys.executable, "-m", "ledger", *argv], capture_output=True, text=True, timeout=120, check=False
    )
    crashed = "Traceback (most recent call last)" in done.stderr
    return Answer(CRASHED if crashed else done.returncode, done.stdout, done.stderr)


def agree(
    history: History, database: str, run: Run, today: date = TODAY, *, briefly: bool = False, replayed: bool = False
) -> None:
    """Play a history to both, and raise at the first difference. `briefly`: fewer questions.

    `replayed`: the product's own replay has to agree with its read models as well, at the same moments.
    """
    ledger = Ledger(database, f"book-{uuid4().hex[:12]}", run, history)
    _open(ledger)
    books = Books(fiscal_year_start=history.fiscal_year_start)
    recorded_at = _play(ledger, books, today)
    questions = _brief_questions(history, books) if briefly else _questions(history, books, recorded_at)
    for words, known in questions:
        expected, found = as_told_on(today, known), ledger.ask(*words)
        if _comparable(found) != _comparable(expected):
            ledger.typed.append([*ledger.typed[0][:6], *words, "--format", "json"])
            raise DisagreementError(ledger, shlex.join(words), _comparable(expected), _comparable(found))
    if replayed:
        for as_of, position in zip(_days(books), _moments(recorded_at), strict=True):
            _hold_against_replay(ledger, books, as_of, position, recorded_at)


def as_told_on(today: date, expected: Any) -> Any:
    """An answer about a day to come says that it is projected."""
    last = expected.get("last_day", expected.get("as_of")) if isinstance(expected, dict) else None
    return expected | {"projected": True} if last and date.fromisoformat(last) > today else expected


def _hold_against_replay(
    ledger: Ledger, books: Books, as_of: date, position: int | None, recorded_at: dict[int, str]
) -> None:
    known = ["--known-at", recorded_at[position]] if position is not None else []
    words = ["replay", "--as-of", as_of.isoformat(), *known]
    found = ledger.ask(*words)
    if isinstance(found, str):
        raise DisagreementError(ledger, shlex.join(words), "agreement", found)
    delta = books.delta(as_of, position, ())
    expected = {name: delta[name] for name in found["delta"]}
    if found["delta"] != expected:
        raise DisagreementError(ledger, shlex.join(words), expected, found["delta"])


def _open(ledger: Ledger) -> None:
    start = str(ledger.history.fiscal_year_start)
    words = ["init", "--book", ledger.name, "--currency", "EUR", "--fiscal-year-start", start, "--time-zone", "UTC"]
    answer = ledger.say(*words)
    if answer.exit_code != 0:
        raise DisagreementError(ledger, "init", {"exit_code": 0}, vars(answer))


def _play(ledger: Ledger, books: Books, today: date) -> dict[int, str]:
    """Apply every command to both. Returns when each single-event command was recorded, by position."""
    recorded_at: dict[int, str] = {}
    for number, command in enumerate(ledger.history.commands):
        outcome = books.apply(command, today)
        argv = to_argv(command)
        answer = ledger.say(*argv, "--key", f"{ledger.name}-{number}", "--format", "json")
        expected_code = 0 if outcome.accepted else 1
        if answer.exit_code != expected_code:
            expected = {"exit_code": expected_code, "reason": outcome.reason}
            found = {"exit_code": answer.exit_code, "said": (answer.errors or answer.output).splitlines()}
            raise DisagreementError(ledger, shlex.join(argv), expected, found)
        if outcome.accepted:
            receipt = _receipt(ledger, answer, books, outcome, argv)
            if len(outcome.positions) == 1:
                recorded_at[outcome.positions[0]] = receipt["recorded_at"]
    return recorded_at


def _receipt(ledger: Ledger, answer: Answer, books: Books, outcome: Outcome, argv: list[str]) -> dict[str, Any]:
    """The receipt, the first one if there are several; what it says of its event must be so."""
    found = answer.json()
    receipts = found if isinstance(found, list) else [found]
    events = {fact.position: fact for fact in books.register.facts if fact.position in outcome.positions}
    for one in receipts:
        event = events.get(one.get("position", 0)) if isinstance(one, dict) else None
        if event is None:
            raise DisagreementError(ledger, f"receipt of {shlex.join(argv)}", {"positions": sorted(events)}, found)
        if isinstance(event, ItemFact):
            expected = {"item": event.item, "effective_on": event.on.isoformat(), "stored_as": stored_as(event.kind)}
            said = {name: one.get(name) for name in expected}
            if said != expected:
                raise DisagreementError(ledger, f"receipt of {shlex.join(argv)}", expected, said)
    first: dict[str, Any] = receipts[0]
    return first


Question = tuple[list[str], Any]


def _questions(history: History, books: Books, recorded_at: dict[int, str]) -> Iterator[Question]:
    """Delta, register and ageing on three days as known at three moments; the roll-forward of every quarter."""
    days = _days(books)
    moments = _moments(recorded_at)
    for as_of, position in zip(days, moments, strict=True):
        known = ["--known-at", recorded_at[position]] if position is not None else []
        yield from _on_a_day(books, as_of, position, known)
    for quarter in quarters_between(min(days), TODAY, history.fiscal_year_start):
        for number, by in enumerate(FLOW_SPLITS):
            position = moments[1] if number == 1 else None
            known = ["--known-at", recorded_at[position]] if position is not None else []
            yield _flow(books, quarter, by, position, known)


def _on_a_day(books: Books, as_of: date, position: int | None, known: list[str]) -> Iterator[Question]:
    when = ["--as-of", as_of.isoformat(), *known]
    for by in SPLITS:
        yield ["delta", *when, *(["--by", ",".join(by)] if by else [])], books.delta(as_of, position, by)
    yield ["list", "--status", "all", *when], books.list(as_of, position, "all")
    yield ["list", *when], books.list(as_of, position)
    yield ["list", "--status", "overdue", *when], books.list(as_of, position, "overdue")
    yield ["ageing", *when], books.ageing(as_of, position)


def _flow(books: Books, quarter: str, by: tuple[str, ...], position: int | None, known: list[str]) -> Question:
    first, last = quarter_days(quarter, books.settings.fiscal_year_start)
    words = ["rollforward", quarter, *(["--by", ",".join(by)] if by else []), *known]
    return words, books.rollforward(first, last, by, position, quarter)


def _brief_questions(history: History, books: Books) -> Iterator[Question]:
    """Two that between them see every posting, for when a question costs a process."""
    last = max((fact.on for fact in books.register.item_facts()), default=TODAY)
    yield ["list", "--status", "all", "--as-of", last.isoformat()], books.list(last, status="all")
    yield _flow(books, quarter_of(last, history.fiscal_year_start), ("team",), None, [])


def _days(books: Books) -> tuple[date, date, date]:
    """A day in the middle of what happened, the last day on which anything did, and the last day of all."""
    happened = sorted(fact.on for fact in books.register.item_facts()) or [TODAY]
    return happened[len(happened) // 2], happened[-1], TODAY


def _moments(recorded_at: dict[int, str]) -> tuple[int | None, int | None, int | None]:
    """Positions to look back to: two thirds of the way, halfway, and (None) the present."""
    positions: list[int | None] = [*sorted(recorded_at)] or [None]
    return positions[len(positions) * 2 // 3], positions[len(positions) // 2], None


def _comparable(answer: Any) -> Any:
    """Without what the model cannot know, without all-zero rows, and with rows in one order."""
    if isinstance(answer, list):
        return sorted((_comparable(row) for row in answer), key=lambda row: json.dumps(row, sort_keys=True))
    if not isinstance(answer, dict):
        return answer
    kept = {key: value for key, value in answer.items() if key != "known_at"}
    for name in ("groups", "rows"):
        if name in kept:
            kept[name] = _comparable(_without_zero_combinations(kept[name]))
    if isinstance(kept.get("total"), dict):
        kept["total"] = {key: value for key, value in kept["total"].items() if key != "system"}
    return kept


def _without_zero_combinations(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows whose combination has some figure; the whole book (no combination) always stays."""

    def combination(row: dict[str, Any]) -> tuple[Any, ...]:
        named = [name for name in ZERO_NAMES if name in row]
        if {"opening", "closing"} <= row.keys():
            named.remove("nature")
        return tuple(row[name] for name in named)

    busy = {combination(row) for row in rows if any(_figure(v) for k, v in row.items() if k not in ZERO_NAMES)}
    return [row for row in rows if combination(row) in busy or combination(row) == ()]


def _figure(value: Any) -> bool:
    return isinstance(value, str) and value.strip("-0.") != ""


def _lines(value: Any) -> list[str]:
    return json.dumps(value, indent=1, sort_keys=True, default=str, ensure_ascii=False).splitlines()
