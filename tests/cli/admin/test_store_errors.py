"""A database that is locked, read-only, missing, of another schema or none at all: exit 3 and one sentence."""

from __future__ import annotations

import ctypes
import os
import re
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from ledger.tables.facts import SCHEMA_VERSION
from tests.helpers.lines import COMMISSION
from tests.helpers.refusals import one_line
from tests.helpers.teller import NOON, Clock, Reply, Teller

QUESTIONS = ("delta", "list", "log", "verify", "show FRAUD-1", "rollforward 2026Q1")
WRITING = ("note FRAUD-1 seen", "observe FRAUD F --category glue-code --cause untracked", "db rebuild")
HOLD_THE_LOCK = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("BEGIN IMMEDIATE")
print("locked", flush=True)
sys.stdin.read()
"""


def _one_sentence(reply: Reply, words: str) -> None:
    """Exit 3, one line on standard error, nothing on standard output, no trace of Python."""
    assert (reply.exit_code, reply.out) == (3, ""), reply.err
    assert reply.err.startswith("debt: ")
    assert reply.err.count("\n") == 1, reply.err
    assert words in one_line(reply.err), reply.err
    assert not re.search(r"Traceback|sqlalchemy|sqlite3\.|\(Background", reply.err), reply.err


# --- no ledger there -----------------------------------------------------------------------------------


def _missing(path: Path) -> None:
    path.unlink()


def _empty(path: Path) -> None:
    path.write_bytes(b"")


def _text(path: Path) -> None:
    path.write_text("not a database, whatever its name says\n" * 100)


def _another(path: Path) -> None:
    path.unlink()
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript("CREATE TABLE debts (what TEXT); INSERT INTO debts VALUES ('mine');")


def _folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def _damaged(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[100:] = b"\xff" * (len(content) - 100)
    path.write_bytes(content)


def _schema(version: str) -> Callable[[Path], None]:
    def change(path: Path) -> None:
        with closing(sqlite3.connect(path)) as connection, connection:
            connection.execute("UPDATE alembic_version SET version_num = ?", (version,))

    return change


NEWER, OLDER = f"{int(SCHEMA_VERSION) + 1:04d}", "0000"
STATES = {
    "missing": (_missing, "There is no ledger at"),
    "empty": (_empty, "The database holds no ledger yet. `debt init --book NAME --currency EUR` makes one."),
    "text": (_text, "is not a ledger: the file is not an SQLite database."),
    "another database": (_another, "The database holds no ledger yet."),
    "a folder": (_folder, "is a folder and no file"),
    "damaged": (_damaged, "is damaged"),
    "newer schema": (_schema(NEWER), f"The database has schema {NEWER}, newer than {SCHEMA_VERSION}"),
    "older schema": (
        _schema(OLDER),
        f"The database has schema {OLDER}, older than {SCHEMA_VERSION}. `debt db upgrade`",
    ),
}


@pytest.mark.parametrize("line", ["delta", "note FRAUD-1 seen", "verify", "report 2026Q1"])
@pytest.mark.parametrize(("spoil", "words"), STATES.values(), ids=STATES.keys())
def test_what_is_no_ledger_is_said_in_one_sentence(
    teller: Teller, spoil: Callable[[Path], None], words: str, line: str
) -> None:
    """Questions and entries alike say what is wrong with the file, and what to do."""
    spoil(teller.path)
    _one_sentence(teller.type(line), words)


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("text", "is not a ledger"),
        ("a folder", "is a folder and no file"),
        ("damaged", "is damaged"),
        ("newer schema", "newer"),
    ],
)
@pytest.mark.parametrize("line", ["init --book b --currency EUR", "db upgrade"])
def test_what_is_no_ledger_is_not_made_one(teller: Teller, state: str, words: str, line: str) -> None:
    """Opening a book in it, or upgrading it, is no way around."""
    STATES[state][0](teller.path)
    before = teller.path.read_bytes() if teller.path.is_file() else b""
    _one_sentence(teller.type(line), words)
    assert not teller.path.is_file() or teller.path.read_bytes() == before


def test_a_question_makes_no_file(teller: Teller) -> None:
    """A mistyped path stays a mistake."""
    teller.path.unlink()
    teller.type("delta")
    teller.type("note FRAUD-1 seen")
    assert not teller.path.exists()


def test_init_makes_the_file_but_no_folder(tmp_path: Path) -> None:
    """A folder that is not there is probably mistyped."""
    _one_sentence(Teller(tmp_path / "nowhere" / "ledger.db").type("init --book b --currency EUR"), "its folder exists")
    assert Teller(tmp_path / "here.db").do("init --book b --currency EUR").exit_code == 0


# --- books ---------------------------------------------------------------------------------------------


def test_several_books_need_a_choice(teller: Teller) -> None:
    """Without --book, they are named; with it, each is its own."""
    teller.do("init --book other --currency JPY")
    for line in ("delta", "note FRAUD-1 seen"):
        _one_sentence(teller.type(line), "several books: choose one with --book: main, other.")
    assert teller.ask("--book other delta")["currency"] == "JPY"
    assert teller.ask("--book main delta")["currency"] == "EUR"


def test_an_unknown_book_is_not_opened(teller: Teller) -> None:
    """It is said, with the command that would open it."""
    for line in ("--book mian delta", "--book mian note FRAUD-1 seen"):
        _one_sentence(
            teller.type(line), "There is no book 'mian' in this database. `debt init --book mian --currency EUR`"
        )
    assert teller.position == 2


def test_a_database_without_a_book_says_so(teller: Teller) -> None:
    """Upgraded but not yet opened."""
    teller.path.write_bytes(b"")
    teller.do("db upgrade")
    _one_sentence(teller.type("delta"), "The database holds no book yet. `debt init --book NAME --currency EUR`")


# --- locked --------------------------------------------------------------------------------------------


@contextmanager
def _locked(path: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process that is writing to the file, until its standard input is closed."""
    argv = [sys.executable, "-c", HOLD_THE_LOCK, str(path)]
    with subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "locked\n"
        try:
            yield other
        finally:
            other.communicate()


@pytest.fixture
def impatient(teller: Teller, tmp_path: Path) -> Teller:
    """A teller that waits a tenth of a second for a busy database."""
    (tmp_path / "config.toml").write_text("busy_seconds = 0.1\n")
    teller.do(COMMISSION)
    return teller


@pytest.mark.parametrize("line", [*WRITING, "init --book b --currency EUR", "db upgrade"])
def test_a_locked_database_is_waited_for_and_then_said(impatient: Teller, line: str) -> None:
    """Not for ever, and nothing is recorded."""
    before = impatient.counts
    with _locked(impatient.path):
        started = time.monotonic()
        reply = impatient.type(line)
        waited = time.monotonic() - started
    _one_sentence(reply, "is busy: another program is writing to it. Try again in a moment.")
    assert 0.1 <= waited < 20
    assert impatient.counts == before


@pytest.mark.parametrize("line", QUESTIONS)
def test_a_locked_database_answers_questions(impatient: Teller, line: str) -> None:
    """Who writes does not keep others from reading."""
    with _locked(impatient.path):
        impatient.do(line)


@pytest.mark.reliability
def test_a_lock_that_goes_away_is_not_noticed(teller: Teller) -> None:
    """The other program ends, and the entry is recorded."""
    teller.do(COMMISSION)
    with _locked(teller.path) as other:
        argv = [sys.executable, "-m", "ledger", "--database", f"sqlite:///{teller.path}", "note", "FRAUD-1", "seen"]
        day = ["--on", "2026-02-02"] if Clock().now < NOON else []
        with subprocess.Popen([*argv, *day], stdout=subprocess.DEVNULL) as waiting:
            time.sleep(0.5)
            assert waiting.poll() is None or teller.position == 3
            other.communicate()
            assert waiting.wait(60) == 0
    assert teller.position == 4


# --- read-only -----------------------------------------------------------------------------------------


def _obey_permissions() -> None:
    """Runs in a child process: root gives up the power to write where nobody may."""
    if os.geteuid() == 0:
        drop_from_bounding_set = 24
        for capability in (1, 2):  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH
            assert ctypes.CDLL(None).prctl(drop_from_bounding_set, capability, 0, 0, 0) == 0


def _obediently(teller: Teller, *words: str) -> Reply:
    argv = [sys.executable, "-m", "ledger", "--database", f"sqlite:///{teller.path}", *words]
    done = subprocess.run(argv, capture_output=True, text=True, preexec_fn=_obey_permissions, timeout=120)
    return Reply(" ".join(words), done.returncode, done.stdout, done.stderr)


@pytest.mark.reliability
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="permissions are given up as Linux does it")
@pytest.mark.parametrize(
    ("file_mode", "folder_mode"),
    [(0o444, 0o755), (0o444, 0o555), (0o644, 0o555)],
    ids=["file", "file-and-folder", "folder"],
)
@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("note", "FRAUD-1", "seen", "--on", "2025-02-02"), 3),
        (("init", "--book", "b", "--currency", "EUR"), 3),
        (("verify",), 0),
        (("verify", "--decide"), 0),
    ],
)
def test_a_read_only_ledger_takes_no_entry_and_is_verified(
    teller: Teller, tmp_path: Path, file_mode: int, folder_mode: int, words: tuple[str, ...], code: int
) -> None:
    """One sentence says that it cannot be written; whoever only asks, as an auditor with a copy, is answered."""
    teller.do(COMMISSION.replace("2026-02-01", "2025-02-01"))
    folder = tmp_path / "archive"
    folder.mkdir()
    with closing(sqlite3.connect(teller.path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    teller = Teller(teller.path.rename(folder / "ledger.db"))
    teller.path.chmod(file_mode)
    folder.chmod(folder_mode)
    try:
        reply = _obediently(teller, *words)
    finally:
        folder.chmod(0o755)
    if code:
        _one_sentence(reply, "cannot be written")
    assert reply.exit_code == code, reply
    assert teller.position == 3


# --- PostgreSQL, and other URLs ------------------------------------------------------------------------


@pytest.mark.parametrize("line", ["delta", "note FRAUD-1 seen", "init --book b --currency EUR", "db upgrade"])
@pytest.mark.parametrize(
    ("url", "words"),
    [
        pytest.param("postgresql://nobody:secret@127.0.0.1:1/ledger", "cannot be reached", id="nobody-listens"),
        pytest.param("postgresql://nobody:secret@no-such-host.invalid/ledger", "cannot be reached", id="no-such-host"),
        pytest.param("ledger.db", "'ledger.db' is not a database URL: write sqlite:///ledger.db", id="a-path"),
        pytest.param("http://example.org/ledger", "is no database the ledger knows", id="no-database"),
        pytest.param("sqlite://", "A ledger is kept in a file: write sqlite:///ledger.db.", id="no-file"),
    ],
)
def test_what_cannot_be_reached_is_said(teller: Teller, line: str, url: str, words: str) -> None:
    """In one sentence, and no password in it."""
    if url.startswith("postgresql"):
        pytest.importorskip("psycopg")
    reply = teller.type(f"--database {url} {line}", bare=True)
    _one_sentence(reply, words)
    assert "secret" not in reply.err
