"""Output that cannot be written: no command ends in a traceback, and what is recorded is said to be."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from ledger.cli import cli
from tests.helpers.command_tree import leaves
from tests.helpers.teller import INIT, Teller

FULL = Path("/dev/full")
pytestmark = pytest.mark.skipif(not FULL.exists(), reason="needs /dev/full")

OBSERVE = "observe FRAUD Untracked --category glue-code --cause untracked --principal 5"
COMMANDS = [(), *(path for path, _ in leaves())]


@contextmanager
def full(monkeypatch: pytest.MonkeyPatch, *names: str) -> Iterator[None]:
    """Standard output, or error, on a disk without room."""
    with monkeypatch.context() as patch:
        for name in names:
            patch.setattr(sys, name, FULL.open("w", encoding="utf-8"))
        yield


def ended(words: list[str]) -> object:
    with pytest.raises(SystemExit) as exit_:
        cli.main(words, prog_name="debt")
    return exit_.value.code


@pytest.mark.parametrize("streams", [("stdout",), ("stdout", "stderr")])
def test_no_command_shows_a_traceback_for_help_that_has_no_room(
    monkeypatch: pytest.MonkeyPatch, streams: tuple[str, ...]
) -> None:
    for path in COMMANDS:
        with full(monkeypatch, *streams):
            assert ended([*path, "--help"]) == 3, path
    with full(monkeypatch, *streams):
        assert ended(["--version"]) == 3


def test_wrong_usage_and_a_refusal_keep_their_codes_where_nothing_can_be_said(
    teller: Teller, monkeypatch: pytest.MonkeyPatch
) -> None:
    for words, code in (
        (["no-such-command"], 2),
        (["--database", f"sqlite:///{teller.path}", "repay", "FRAUD-99", "5"], 1),
    ):
        with full(monkeypatch, "stdout", "stderr"):
            assert ended(words) == code, words


@pytest.mark.parametrize(
    "line",
    [
        INIT.replace("main", "second"),
        OBSERVE,
        pytest.param("policy set second-actor-close on", marks=pytest.mark.reliability),
        pytest.param("rate set 800 --from 2026-01-01", marks=pytest.mark.reliability),
    ],
)
@pytest.mark.parametrize("gone", ["full", "closed"])
@pytest.mark.parametrize("buffered", [True, False], ids=["buffered", "unbuffered"])
def test_what_is_recorded_is_said_to_be(teller: Teller, line: str, gone: str, buffered: bool) -> None:
    """On a full disk, and in a pipe that nobody reads."""
    before = teller.position
    words = [
        sys.executable,
        "-m",
        "debt_ledger",
        "--database",
        f"sqlite:///{teller.path}",
        "--book",
        "main",
        "--actor",
        "a",
    ]
    reading, writing = os.pipe()
    os.close(reading)
    with FULL.open("w") if gone == "full" else os.fdopen(writing, "w") as out:
        ran = subprocess.run(
            [*words, *line.replace("'", "").split()],
            stdout=out,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
            # Empty is as if it were not set.
            env=os.environ | {"PYTHONUNBUFFERED": "" if buffered else "1"},
        )
    assert teller.position > before
    assert ran.returncode == 3, ran.stderr
    assert ran.stderr.startswith("debt: It is recorded, up to position "), ran.stderr
    assert ran.stderr.count("\n") == 1, ran.stderr
