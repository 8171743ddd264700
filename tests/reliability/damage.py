"""Damage: copies of an SQLite ledger with a byte flipped or a page zeroed, and what is answered of each.

A ledger may say that it cannot tell (exit 3). It may not answer wrongly: where a figure is wrong, `debt verify` has
to find it.
"""

from __future__ import annotations

import json
import random
import traceback
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from click.testing import CliRunner

from ledger.cli import cli
from ledger.cli.kit.edge import Edge
from ledger.demo.synthetic import build_synthetic
from ledger.store.backup import back_up
from ledger.store.engine import open_engine

EVENTS = 150
NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)

#: Each prints figures, and all of them together read every table.
QUESTIONS = (
    "delta --as-of 2026-06-30 --by nature,dimension,category,system,team,cost-centre",
    "rollforward 2025Q3 --by system,team",
    "list --as-of 2026-06-30 --status all",
)
VERIFY = "verify"

#: What became of a copy, from the best to what may never be. 'found': every figure is right, and `verify` says more;
#: 'refused': a question is not answered, and none wrongly; 'wrong, found': a figure is wrong, and `verify` says so.
OUTCOMES = ("harmless", "found", "refused", "wrong, found", "wrong and unnoticed", "a crash")

#: How a copy is damaged; returns what was done.
Damage = Callable[[random.Random, bytearray], str]


def flip_a_bit(dice: random.Random, content: bytearray) -> str:
    """One bit anywhere, as cosmic rays and worn-out cells do."""
    at, bit = dice.randrange(len(content)), dice.randrange(8)
    content[at] ^= 1 << bit
    return f"bit {bit} of byte {at}"


def change_a_byte(dice: random.Random, content: bytearray) -> str:
    """One byte anywhere becomes another."""
    at, by = dice.randrange(len(content)), dice.randrange(1, 256)
    content[at] ^= by
    return f"byte {at} by {by}"


def zero_a_page(dice: random.Random, content: bytearray) -> str:
    """A whole page that was never written, or was lost."""
    size = int.from_bytes(content[16:18], "big")
    page = dice.randrange(len(content) // size)
    content[page * size : (page + 1) * size] = bytes(size)
    return f"page {page + 1}"


def swap_pages(dice: random.Random, content: bytearray) -> str:
    """Two pages, each written where the other belongs."""
    size = int.from_bytes(content[16:18], "big")
    one, other = (number * size for number in dice.sample(range(len(content) // size), 2))
    content[one : one + size], content[other : other + size] = content[other : other + size], content[one : one + size]
    return f"pages {one // size + 1} and {other // size + 1}"


DAMAGES: tuple[Damage, ...] = (flip_a_bit, change_a_byte, zero_a_page, swap_pages)


@dataclass(frozen=True)
class Answer:
    """What a command left behind."""

    exit_code: int
    out: str
    err: str
    crash: str = ""


def ask(path: Path, line: str) -> Answer:
    """A question at a file; a crash is an answer too."""
    words = ["--database", f"sqlite:///{path}", *line.split(), "--format", "json"]
    result = CliRunner().invoke(cli, words, obj=Edge(lambda: NOW, str), prog_name="debt")
    error = result.exception
    if error is not None and not isinstance(error, SystemExit):
        return Answer(result.exit_code, result.stdout, result.stderr, "".join(traceback.format_exception(error)))
    return Answer(result.exit_code, result.stdout, result.stderr)


def ledger_file(folder: Path) -> Path:
    """A ledger as a backup leaves it: one file with nothing beside it."""
    url = f"sqlite:///{folder / 'original.db'}"
    build_synthetic(url, events=EVENTS, seed=4)
    engine = open_engine(url)
    back_up(engine, folder / "ledger.db")
    engine.dispose()
    return folder / "ledger.db"


@dataclass
class Bench:
    """One sound file, the right answers, and what became of its damaged copies."""

    path: Path
    outcomes: Counter[str] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)
    named: int = 0

    def __post_init__(self) -> None:
        self.content = self.path.read_bytes()
        self.right = {line: ask(self.path, line) for line in (*QUESTIONS, VERIFY)}
        assert [answer.exit_code for answer in self.right.values()] == [0] * len(self.right), self.right

    def damaged(self, dice: random.Random, damage: Damage) -> str:
        """Damage a copy, ask everything, and tell what became of it."""
        content = bytearray(self.content)
        what = damage(dice, content)
        outcome = "harmless" if content == self.content else self.judge(bytes(content), what)
        self.outcomes[outcome] += 1
        return outcome

    def judge(self, content: bytes, what: str) -> str:
        """What becomes of a file that has this content."""
        copy = self.path.with_name("copy.db")
        for suffix in ("", "-wal", "-shm", "-journal"):
            copy.with_name(copy.name + suffix).unlink(missing_ok=True)
        copy.write_bytes(content)
        answers = {line: ask(copy, line) for line in self.right}
        for line, answer in answers.items():
            if answer.crash or answer.exit_code not in (0, 3) or (answer.exit_code and not one_sentence(answer)):
                self.failures.append(f"{what}: debt {line}: {answer}")
                return "a crash"
        wrong = [
            line for line in QUESTIONS if answers[line].exit_code == 0 and answers[line].out != self.right[line].out
        ]
        verified = answers[VERIFY].exit_code == 0
        self.named += not verified and bool(json.loads(answers[VERIFY].out or "{}").get("problems"))
        if wrong and verified:
            self.failures.append(f"{what}: wrong and unnoticed: {wrong}")
            return "wrong and unnoticed"
        if wrong:
            return "wrong, found"
        if any(answers[line].exit_code for line in QUESTIONS):
            return "refused"
        return "harmless" if verified else "found"

    def histogram(self) -> str:
        """How many copies, by what became of them."""
        rows = (f"{outcome:20}{self.outcomes[outcome]:7}" for outcome in OUTCOMES)
        named = f"{'named by verify':20}{self.named:7}"
        return "\n".join((f"{'tried':20}{self.outcomes.total():7}", *rows, named))


def one_sentence(answer: Answer) -> bool:
    """Whether a failure is told as people are told: where it was asked for, and without a trace of Python."""
    return answer.err.startswith("debt: ") and "Traceback" not in answer.err


def campaign(bench: Bench, first: int, count: int) -> None:
    """Damage so many copies, each by dice of its own seed, so that one of them can be repeated alone."""
    for seed in range(first, first + count):
        bench.damaged(random.Random(seed), DAMAGES[seed % len(DAMAGES)])
