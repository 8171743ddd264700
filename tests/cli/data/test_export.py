"""`debt export`: a file for another program, whole or not at all; nothing that is there is lost by it."""

from __future__ import annotations

import json
import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner

from ledger.cli import cli
from ledger.cli.kit.edge import Edge
from ledger.exporters import EXPORTERS
from tests.cli.finance.test_report import told
from tests.helpers.teller import Clock, Reply, Teller
from tests.test_lazy_imports import HEAVY, imported_by

BEGINNINGS = {
    "hledger": "; Postings of the book 'main'",
    "beancount": "; The chain's hash",
    "jsonl": '{"specversion"',
    "csv": "\ufeffposition,",
}


@pytest.fixture(autouse=True)
def in_its_own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Exports go there."""
    folder = tmp_path / "exports"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


def rows(teller: Teller, line: str) -> list[dict[str, str]]:
    """The CSV on standard output, which begins with a byte-order mark as the file does."""
    reply = teller.do(line)
    return Reply(line, 0, reply.out.removeprefix("\ufeff"), "").csv


def listed(folder: Path = Path()) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_every_kind_is_tested_here() -> None:
    """And begins as its own."""
    assert BEGINNINGS.keys() == EXPORTERS.keys()


@pytest.mark.parametrize("kind", EXPORTERS)
def test_a_file_and_standard_output_get_the_same_bytes(teller: Teller, kind: str) -> None:
    """A file of that name and no other; the sentence says what it holds."""
    told(teller)
    reply = teller.do(f"export {kind} out.txt")
    assert reply.out == f"out.txt: the book 'main' for {kind}, as known at position {teller.position}.\n"
    assert listed() == ["out.txt"]
    words = ["--database", f"sqlite:///{teller.path}", "export", kind, "-"]
    piped = CliRunner().invoke(cli, words, obj=Edge(Clock(), str))
    assert (piped.exit_code, piped.stderr) == (0, "")
    assert piped.stdout_bytes == Path("out.txt").read_bytes()
    assert piped.stdout_bytes.decode().startswith(BEGINNINGS[kind])


def test_a_file_that_is_there_stays_unless_it_may_be_replaced(teller: Teller) -> None:
    """A refusal, exit 1, and the option that replaces it."""
    Path("out.csv").write_text("mine")
    reply = teller.type("export csv out.csv")
    assert (reply.exit_code, reply.out) == (1, "")
    assert "is there already" in reply.err
    assert "--force" in reply.err
    assert Path("out.csv").read_text() == "mine"
    teller.do("export csv out.csv --force")
    assert Path("out.csv").read_text(encoding="utf-8-sig").startswith("position,")
    assert listed() == ["out.csv"]


@pytest.mark.parametrize("ending", ["", "-wal"])
def test_the_ledger_itself_is_never_replaced(teller: Teller, ending: str) -> None:
    """Not by --force, not through a link; the log beside it is part of it."""
    with closing(sqlite3.connect(teller.path)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("BEGIN IMMEDIATE")  # while somebody holds it, the log is there
        target = Path(f"{teller.path}{ending}")
        assert target.exists()
        before = target.read_bytes()
        Path("link").symlink_to(target)
        for path in (target, Path("link"), Path("..") / "ledger.db"):
            reply = teller.type(f"export jsonl {path} --force")
            assert reply.exit_code == 1
            assert "is the ledger itself" in reply.err
        assert target.read_bytes() == before


def test_a_link_is_followed(teller: Teller) -> None:
    """The file that it names is written, and it stays a link."""
    Path("real").mkdir()
    Path("link").symlink_to("real/out.csv")
    teller.do("export csv link")
    assert Path("link").is_symlink()
    assert listed(Path("real")) == ["out.csv"]


@pytest.mark.parametrize(
    ("line", "code", "words"),
    [
        ("export csv nowhere/out.csv", 2, "There is no folder"),
        ("export csv .", 2, "is a directory"),
        ("export csv pipe --force", 2, "is not a file"),
        ("export excel out.xlsx", 2, "'excel' is not one of 'hledger', 'beancount', 'jsonl', 'csv'"),
        ("export csv", 2, "Missing argument 'PATH'"),
        ("export jsonl out --as-of 2026-03-31", 2, "--as-of would leave events out"),
        ("export csv out --as-of 2026-03-32", 2, "is not a date"),
        ("export csv out --known-at yesterday", 2, "is not a time"),
        ("--book other export csv out", 3, "There is no book 'other'"),
    ],
)
def test_what_cannot_be_exported_leaves_no_file(teller: Teller, line: str, code: int, words: str) -> None:
    """Wrong usage is 2, the store 3; no file is made, not even in part."""
    os.mkfifo("pipe")
    reply = teller.type(line)
    assert (reply.exit_code, reply.out) == (code, ""), reply.err
    assert words in " ".join(reply.err.split())
    assert listed() == ["pipe"]


def test_an_export_that_fails_on_the_way_leaves_what_was_there(teller: Teller) -> None:
    """Half a file is never seen: the old one stays until the new one is whole."""
    told(teller)
    Path("out.jsonl").write_text("the last good one")
    with closing(sqlite3.connect(teller.path)) as connection:
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        connection.execute("UPDATE event SET body = replace(body, 'ada', 'eve') WHERE position = 5")
        connection.commit()
    reply = teller.type("export jsonl out.jsonl --force")
    assert reply.exit_code == 3
    assert "The chain is broken at position 5" in reply.err
    assert Path("out.jsonl").read_text() == "the last good one"
    assert listed() == ["out.jsonl"]


def test_as_of_and_known_at_narrow_what_is_exported(teller: Teller) -> None:
    """By the effective date, and by what had been recorded then."""
    told(teller)
    whole = rows(teller, "export csv -")
    days = sorted({row["effective_on"] for row in whole})
    early = rows(teller, f"export csv - --as-of {days[0]}")
    assert {row["effective_on"] for row in early} == {days[0]}
    moments = sorted({row["recorded_at_utc"] for row in whole})
    known = rows(teller, f"export csv - --known-at {moments[0]}")
    assert {row["recorded_at_utc"] for row in known} == {moments[0]}
    assert 0 < len(known) < len(whole)
    told_then = json.loads(teller.do(f"export jsonl - --known-at {moments[0]}").out.splitlines()[-1])
    assert told_then["data"]["events"] == int(known[-1]["position"])


ACCOUNTS = '[accounts]\n"assets" = "17"\n"equity" = "29"\n"expenses" = "69"\n"liabilities" = "21"\n"liabilities @ CC-1" = "99"\n'


def test_the_csv_has_the_finance_departments_codes(teller: Teller) -> None:
    """Those of config.toml, as in a pack; the journals have none."""
    Path("config.toml").write_text(ACCOUNTS)
    told(teller)
    codes = {(row["account"].partition(":")[0], row["gl_account"]) for row in rows(teller, "export csv -")}
    assert {("equity", "29"), ("liabilities", "99")} <= codes
    Path("config.toml").write_text("")
    assert {row["gl_account"] for row in rows(teller, "export csv -")} == {""}


@pytest.mark.parametrize(
    ("accounts", "words"),
    [
        ('"liability" = "2"', "[accounts] names 'liability', and the ledger has no such account"),
        ('"assets" = "1"\n"liabilities" = "2"', "[accounts] has no code for equity:"),
    ],
)
def test_accounts_that_do_not_fit_are_named_and_nothing_is_written(teller: Teller, accounts: str, words: str) -> None:
    """A misspelt account, and one without a code; the journals do not ask for codes."""
    told(teller)
    Path("config.toml").write_text(f"[accounts]\n{accounts}\n")
    reply = teller.type("export csv out.csv")
    assert (reply.exit_code, reply.out) == (2, "")
    assert words in reply.err
    assert "Nothing was exported." in reply.err
    assert listed() == ["config.toml"]
    teller.do("export hledger out.journal")


@pytest.mark.reliability
@pytest.mark.parametrize("kind", EXPORTERS)
def test_an_export_imports_nothing_heavy(teller: Teller, tmp_path: Path, kind: str) -> None:
    """It may run every night, beside everything else."""
    assert not imported_by(f"sqlite:///{teller.path}", "export", kind, str(tmp_path / "out")) & set(HEAVY)
