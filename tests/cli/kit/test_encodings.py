"""Output to files and pipes is UTF-8 wherever it runs, unless the user says otherwise; no encoding is a traceback."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from ledger.cli import cli
from ledger.cli.kit.edge import Edge
from tests.helpers.teller import Clock, Teller, new_id

TITLE = "東京の不正検知 – Grüße, \U0001f600"
OBSERVE = f"observe FRAUD '{TITLE}' --category glue-code --cause untracked --principal 5"

#: What a locale may give a program as the encoding of its output.
LOCALES = ("cp1252", "ascii", "shift_jis", "latin-1", "utf-8")


def redirected(teller: Teller, line: str, path: Path, encoding: str, patch: pytest.MonkeyPatch) -> bytes:
    """What stands in a file into which a command's output and messages went, opened as a locale would."""
    with path.open("w", encoding=encoding) as file, patch.context() as within:
        within.setattr(sys, "stdout", file)
        within.setattr(sys, "stderr", file)
        with suppress(SystemExit):
            cli.main(
                ["--database", f"sqlite:///{teller.path}", "--actor", "ada", *line.split()],
                prog_name="debt",
                obj=Edge(Clock(), new_id),
            )
    return path.read_bytes()


@pytest.mark.parametrize("encoding", LOCALES)
@pytest.mark.parametrize(
    "line",
    [
        "list",
        "show FRAUD-1",
        "list --format json",
        "list --format csv",
        f"repay {TITLE[:3]} 5",
    ],
)
def test_a_file_gets_utf_8_whatever_the_locale(
    teller: Teller, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, encoding: str, line: str
) -> None:
    """The whole of it, the same in every locale: titles, tables' rules, messages that repeat what was typed."""
    teller.do(OBSERVE)
    monkeypatch.delenv("PYTHONIOENCODING", raising=False)
    said = redirected(teller, line, tmp_path / encoding, encoding, monkeypatch)
    assert said == redirected(teller, line, tmp_path / "again", "utf-8", monkeypatch)
    assert TITLE[:3] in said.decode("utf-8")


@pytest.mark.parametrize("encoding", LOCALES)
@pytest.mark.parametrize("form", ["table", "json", "csv"])
def test_the_user_may_say_otherwise(
    teller: Teller, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, encoding: str, form: str
) -> None:
    """In the encoding that was asked for, whole; what it lacks stands as a number, which JSON reads back."""
    teller.do(OBSERVE)
    monkeypatch.setenv("PYTHONIOENCODING", encoding)
    text = redirected(teller, f"list --format {form}", tmp_path / "out", encoding, monkeypatch).decode(encoding)
    assert "FRAUD-1" in text
    if form == "json":
        assert json.loads(text)[0]["title"] == TITLE
    if form == "csv":
        (row,) = csv.DictReader(io.StringIO(text))
        assert row["title"] == TITLE.encode(encoding, "backslashreplace").decode(encoding)


def test_a_program_of_its_own_in_a_poor_locale(teller: Teller) -> None:
    """As a service manager starts it: no locale, no UTF-8 mode, its output a pipe."""
    teller.do(OBSERVE)
    surroundings = {"PATH": os.environ["PATH"], "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    ended = subprocess.run(
        [sys.executable, "-m", "debt_ledger", "--database", f"sqlite:///{teller.path}", "list"],
        env=surroundings | {"PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        check=False,
    )
    assert (ended.returncode, ended.stderr) == (0, b"")
    assert TITLE in ended.stdout.decode("utf-8")
