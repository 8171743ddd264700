"""`debt db`: backup, restore and roles, as they are typed; what each says, and what it leaves behind."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.helpers.lines import COMMISSION
from tests.helpers.refusals import one_line
from tests.helpers.teller import Reply, Teller

REPAY = "repay FRAUD-1 250 --on 2026-03-01"


@pytest.fixture
def owing(teller: Teller) -> Teller:
    """A ledger that owes 750.00, at position 4."""
    teller.do(COMMISSION, REPAY)
    return teller


def figures(teller: Teller) -> list[object]:
    """What it answers."""
    return [teller.ask(line) for line in ("delta --as-of 2026-06-30 --by system", "list", "log", "verify")]


def test_a_backup_says_what_was_verified_in_every_format(owing: Teller, tmp_path: Path) -> None:
    """Books, events and heads, to be kept; the message goes to standard error."""
    head = owing.ask("verify")["head"]
    record = {"book": "main", "events": 4, "head": head}
    assert owing.do(f"db backup {tmp_path}/a.db --format json").json == [record]
    assert owing.do(f"db backup {tmp_path}/b.db --format csv").csv == [record | {"events": "4"}]
    reply = owing.do(f"db backup {tmp_path}/c.db")
    assert head in reply.out
    assert "copied and verified" in reply.err
    Teller(tmp_path / "c.db").do(f"verify --expect 4:{head}")


def test_a_backup_comes_back(owing: Teller, tmp_path: Path) -> None:
    """With the same figures, and recording goes on."""
    owing.do(f"db backup {tmp_path}/b.db")
    again = Teller(tmp_path / "again.db")
    assert again.do(f"db restore {tmp_path}/b.db --format json").json[0]["events"] == 4
    assert figures(again) == figures(owing)
    again.do("note FRAUD-1 'it goes on'")


def test_an_export_comes_back(owing: Teller, tmp_path: Path) -> None:
    """Into a database that is made on the way; exported again it is the same file."""
    owing.do(f"export jsonl {tmp_path}/book.jsonl")
    again = Teller(tmp_path / "again.db")
    assert again.do(f"db restore {tmp_path}/book.jsonl --format json").json == [
        {"book": "main", "events": 4, "head": owing.ask("verify")["head"]}
    ]
    assert figures(again) == figures(owing)
    again.do(f"export jsonl {tmp_path}/again.jsonl")
    assert (tmp_path / "again.jsonl").read_bytes() == (tmp_path / "book.jsonl").read_bytes()


@pytest.mark.reliability
def test_an_export_comes_back_on_postgresql(owing: Teller, postgres_url: str, tmp_path: Path) -> None:
    """And from there: the books know nothing of the database they are in."""
    owing.do(f"export jsonl {tmp_path}/book.jsonl")
    for line in (f"db restore {tmp_path}/book.jsonl", "verify", f"export jsonl {tmp_path}/again.jsonl"):
        assert owing.type(f"--database '{postgres_url}' {line}", bare=True).exit_code == 0
    assert (tmp_path / "again.jsonl").read_bytes() == (tmp_path / "book.jsonl").read_bytes()


def refused(reply: Reply, words: str, code: int = 1) -> None:
    """One message on standard error, nothing on standard output."""
    assert (reply.exit_code, reply.out) == (code, ""), reply.err
    assert words in one_line(reply.err), reply.err


def test_what_is_there_is_never_written_over(owing: Teller, tmp_path: Path) -> None:
    """Neither by a backup nor by what is restored."""
    owing.do(f"db backup {tmp_path}/b.db", f"export jsonl {tmp_path}/book.jsonl")
    before = figures(owing)
    refused(owing.type(f"db backup {tmp_path}/b.db"), "is there already: a backup never replaces a file.")
    refused(owing.type(f"db backup {owing.path}"), "is there already")
    refused(
        owing.type(f"db restore {tmp_path}/b.db"),
        "restored into an empty place only. Nothing was recorded. Name another",
    )
    refused(owing.type(f"db restore {tmp_path}/book.jsonl"), "holds a book 'main' already")
    assert figures(owing) == before


def test_a_book_keeps_its_name(owing: Teller, tmp_path: Path) -> None:
    """--book may confirm it, and can say nothing else."""
    owing.do(f"export jsonl {tmp_path}/book.jsonl")
    again = Teller(tmp_path / "again.db")
    refused(again.type(f"--book other db restore {tmp_path}/book.jsonl"), "no book can be given another")
    assert not again.path.exists()
    again.do(f"--book main db restore {tmp_path}/book.jsonl")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "Line 1: the file ends before the end of the book"),
        (b"{}\n", "Line 1: it is no line of `debt export jsonl`"),
        (b"\xff\xfe\n", "Line 1: it is no line of `debt export jsonl`"),
        (b"SQLite format 3\0" + bytes(84), "The copy"),
    ],
)
def test_a_file_of_another_kind_makes_no_ledger(tmp_path: Path, content: bytes, words: str) -> None:
    """It is said; nothing is left, not even a file that was begun."""
    (tmp_path / "file").write_bytes(content)
    again = Teller(tmp_path / "again.db")
    refused(again.type(f"db restore {tmp_path}/file"), words, 3 if content.startswith(b"SQLite") else 1)
    assert {path.name for path in tmp_path.iterdir()} == {"file"}


def test_a_file_that_is_missing_is_wrong_usage(tmp_path: Path) -> None:
    """As everywhere."""
    reply = Teller(tmp_path / "again.db").type(f"db restore {tmp_path}/nowhere.jsonl")
    assert reply.exit_code == 2
    assert "does not exist" in reply.err


def test_postgresql_is_backed_up_by_its_own_tool(teller: Teller, tmp_path: Path) -> None:
    """No backup was made, so that it is no success; the command is there to be copied."""
    pytest.importorskip("psycopg")
    reply = teller.type(f"--database postgresql://ann:secret@db/ledger db backup {tmp_path}/b.dump", bare=True)
    refused(reply, f"Run pg_dump --format=custom --file={tmp_path}/b.dump --dbname=postgresql://ann@db/ledger")
    assert "secret" not in reply.err


# --- roles ----------------------------------------------------------------------------------------------


def test_sqlite_has_no_roles(teller: Teller) -> None:
    """And is not said to be safer than it is."""
    for line in ("db roles --book main --writer ann", "db roles --book main --writer ann --apply"):
        refused(teller.type(line), "SQLite has no roles: who can write the file can replace it as a whole.")


def test_roles_are_of_a_book(teller: Teller) -> None:
    """One that is named here or before."""
    reply = teller.type("db roles --writer ann")
    assert (reply.exit_code, reply.out) == (2, "")
    assert "Missing option '--book'" in reply.err


def test_roles_are_not_given_in_a_database_without_a_ledger(empty_postgres_url: str, teller: Teller) -> None:
    """Printed or run."""
    for line in ("db roles --book main --writer postgres", "db roles --book main --writer postgres --apply"):
        refused(teller.type(f"--database '{empty_postgres_url}' {line}", bare=True), "holds no ledger yet", 3)
