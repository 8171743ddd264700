"""The pager: long answers on a terminal pass through it whole, and nothing else does."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

from ledger.cli.kit.edge import Edge
from tests.helpers.lines import COMMISSION
from tests.helpers.teller import Clock, Teller, new_id
from tests.helpers.terminals import on_a_terminal

_COLOURS = re.compile(r"\x1b\[[0-9;]*m")

#: A pager that keeps what it got and how it was called, and shows what a script makes of it.
PAGER = """#!{python}
import os, sys
text = sys.stdin.read({most})
open({kept!r}, "a").write(text)
open({kept!r} + ".less", "w").write(os.environ.get("LESS", ""))
sys.stdout.write("PAGED\\n" + text)
"""


@pytest.fixture
def told(teller: Teller) -> Teller:
    teller.do(COMMISSION, "system add CHURN Churn --team blue")
    return teller


def pager(folder: Path, *, most: int = -1) -> tuple[Path, Path]:
    """A pager and what it keeps. most: characters after which it ends."""
    program, kept = folder / "pager", folder / "kept"
    program.write_text(PAGER.format(python=sys.executable, most=most, kept=str(kept)), encoding="utf-8")
    program.chmod(0o755)
    return program, kept


def seen(told: Teller, *words: str, columns: int = 80) -> str:
    before = ["--database", f"sqlite:///{told.path}", "--actor", "ada"]
    return _COLOURS.sub("", on_a_terminal([*before, *words], Edge(Clock(), new_id), columns)).replace("\r", "")


@pytest.mark.parametrize("line", ["list", "show FRAUD-1", "log", "due", "search glue", "review", "sources", "decisions",
                                  "expectations FRAUD", "list --format json"])  # fmt: skip
def test_an_answer_passes_whole_with_its_messages(
    told: Teller, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, line: str
) -> None:
    monkeypatch.setenv("PAGER", "cat")
    plain = seen(told, *line.split())
    program, kept = pager(tmp_path)
    monkeypatch.setenv("PAGER", str(program))
    assert seen(told, *line.split()) == f"PAGED\n{plain}"
    assert _COLOURS.sub("", kept.read_text(encoding="utf-8")) == plain
    assert Path(f"{kept}.less").read_text(encoding="utf-8") == "FRX"


@pytest.mark.parametrize(
    ("name", "value"), [("PAGER", ""), ("PAGER", "cat"), ("PAGER", "no-such-program"), ("TERM", "dumb")]
)
def test_nobody_needs_one(told: Teller, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    program, kept = pager(tmp_path)
    monkeypatch.setenv("PAGER", str(program))
    monkeypatch.setenv(name, value)
    if name == "TERM":
        from ledger.cli.kit import pager as kit

        assert kit._started({"TERM": value, "PAGER": str(program)}, None) is None  # type: ignore[arg-type]
        return
    assert "FRAUD-1" in seen(told, "list")
    assert not kept.exists()


def test_a_file_or_a_pipe_gets_no_pager(told: Teller, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program, kept = pager(tmp_path)
    monkeypatch.setenv("PAGER", str(program))
    assert "FRAUD-1" in told.do("list").out
    assert not kept.exists()


def test_who_ends_it_before_the_end_has_read_enough(
    told: Teller, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(20):
        told.do(f"note FRAUD-1 'remark {number} {'x' * 8000}' -q")
    program, _ = pager(tmp_path, most=100)
    monkeypatch.setenv("PAGER", str(program))
    said = seen(told, "log", "FRAUD-1", "--format", "json")
    assert said.startswith("PAGED\n[")
    assert "rror" not in said
    assert "pipe" not in said


def test_what_is_refused_is_said_and_what_records_asks_no_pager(
    told: Teller, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program, kept = pager(tmp_path)
    monkeypatch.setenv("PAGER", str(program))
    assert "There is no system NONE." in seen(told, "list", "--system", "NONE")
    assert "position" in seen(told, "note", "FRAUD-1", "hello")
    assert "PAGED" not in seen(told, "note", "FRAUD-1", "hello again")
    assert "hello" not in (kept.read_text(encoding="utf-8") if kept.exists() else "")
