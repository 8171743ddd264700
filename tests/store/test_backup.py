"""A backup is a whole, verified file or none; restored, it is the same ledger in a place that was empty."""

from __future__ import annotations

import shutil
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from ledger.decide.note import AddNote
from ledger.decide.request import Request
from ledger.store import backup
from ledger.store.backup import back_up, finish, is_sqlite_file, new_file, place_for, restore_backup
from ledger.store.engine import file_engine, open_engine, reading, writing
from ledger.store.ledger import Ledger
from ledger.store.upgrade import upgrade
from ledger.store.verify import verify
from ledger.vocabulary.errors import LedgerError, Refused, StoreError, Unreadable
from ledger.vocabulary.unplaced_files import PART
from tests.helpers.small_ledger import BOOK, TODAY, build


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small ledger, with two books, built once."""
    engine = file_engine(tmp_path_factory.mktemp("original") / "ledger.db", create=True)
    upgrade(engine)
    build(engine)
    build(engine, book="other")
    finish(engine)
    engine.dispose()
    return Path(engine.url.database or "")


@pytest.fixture
def engine(original: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """A copy of it in a folder of its own."""
    engine = file_engine(Path(shutil.copy(original, tmp_path_factory.mktemp("ledger"))))
    yield engine
    engine.dispose()


def dump(path: Path) -> list[str]:
    """Everything in a file, as SQL."""
    with closing(sqlite3.connect(path)) as connection:
        return list(connection.iterdump())


def names(folder: Path) -> set[str]:
    """What a folder holds."""
    return {path.name for path in folder.iterdir()}


def database(engine: Engine) -> Path:
    """The file of an engine."""
    return Path(engine.url.database or "")


def test_a_backup_is_the_ledger_and_stands_alone(engine: Engine, tmp_path: Path) -> None:
    """Also what is still in the write-ahead log; and nothing is beside it."""
    folder = tmp_path / "kept"
    folder.mkdir()
    database(engine).chmod(0o640)
    told: list[tuple[int, int | None]] = []
    books = back_up(engine, folder / "it's 100% b.db", lambda done, total: told.append((done, total)))
    assert names(folder) == {"it's 100% b.db"}
    assert dump(folder / "it's 100% b.db") == dump(database(engine))
    assert (folder / "it's 100% b.db").stat().st_mode & 0o777 == 0o640
    assert [(book.book, book.events) for book in books] == [(BOOK, 22), ("other", 22)]
    with reading(engine) as connection:
        assert [book.head for book in books] == [verify(connection, book.book).head for book in books]
    assert told[-1][0] == told[-1][1]


def test_a_backup_restored_is_the_same_ledger(engine: Engine, tmp_path: Path) -> None:
    """In a file that was missing, or had no bytes; the backup itself is left as it was."""
    back_up(engine, tmp_path / "b.db")
    kept = (tmp_path / "b.db").read_bytes()
    (tmp_path / "empty.db").touch()
    for name in ("missing.db", "empty.db"):
        place = file_engine(tmp_path / name, create=True)
        books = restore_backup(tmp_path / "b.db", place)
        assert [book.book for book in books] == [BOOK, "other"]
        assert dump(tmp_path / name) == dump(database(engine))
        place.dispose()
    assert (tmp_path / "b.db").read_bytes() == kept
    assert names(tmp_path) >= {"b.db", "missing.db", "empty.db"}
    assert not [name for name in names(tmp_path) if name.startswith((".", "b.db-", "missing.db-", "empty.db-"))]


def test_a_backup_of_an_older_schema_is_brought_up(tmp_path: Path) -> None:
    """As `debt db upgrade` would, so that it can be verified and used."""
    from alembic import command

    from ledger.store.upgrade import migrations_config, use_wal

    old = file_engine(tmp_path / "old.db", create=True)
    use_wal(old)
    with writing(old) as connection:
        command.upgrade(migrations_config(connection), "0001")
    old.dispose()
    place = file_engine(tmp_path / "new.db", create=True)
    assert restore_backup(tmp_path / "old.db", place) == []
    with reading(place) as connection:
        assert connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one() != "0001"
    place.dispose()


def test_a_backup_is_one_moment_while_others_write(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A writer that never stops neither waits nor makes the copy begin again."""
    monkeypatch.setattr(backup, "_PAGES_AT_A_TIME", 3)
    ids, stop, recorded = count(1), threading.Event(), threading.Semaphore(0)
    ledger = Ledger(
        open_engine(str(engine.url)), BOOK, lambda: datetime(2026, 9, 1, tzinfo=UTC), lambda: f"n{next(ids)}"
    )

    def write() -> None:
        while not stop.is_set():
            ledger.handle(Request(AddNote(item="FRAUD-1", text="meanwhile"), "ann", TODAY, again=True))
            recorded.release()

    writer = threading.Thread(target=write)
    writer.start()
    recorded.acquire()
    during: list[int] = []
    try:
        # Each word about the progress waits for one more entry.
        books = back_up(engine, tmp_path / "b.db", lambda done, total: during.append(recorded.acquire(timeout=20)))
    finally:
        stop.set()
        writer.join()
    ledger.engine.dispose()
    with reading(engine) as connection:
        now = verify(connection, BOOK)
    assert now.ok
    assert len(during) > 10
    assert 22 < books[0].events <= now.events - len(during) + 2


REFUSED: dict[str, tuple[Callable[[Path], object], type[LedgerError], str]] = {
    "a file is there": (lambda path: path.write_text("mine"), Refused, "is there already"),
    "an empty file is there": (lambda path: path.touch(), Refused, "is there already"),
    "a folder is there": (lambda path: path.mkdir(), Refused, "is there already"),
    "another's log is there": (
        lambda path: Path(f"{path}-wal").write_text("x"),
        Refused,
        "-wal is there: it belongs to",
    ),
    "another's journal is there": (lambda path: Path(f"{path}-journal").write_text("x"), Refused, "-journal is there"),
}


@pytest.mark.parametrize(("prepare", "kind", "words"), REFUSED.values(), ids=REFUSED.keys())
def test_a_backup_writes_over_nothing(
    prepare: Callable[[Path], object], kind: type[LedgerError], words: str, engine: Engine, tmp_path: Path
) -> None:
    """Nor does it put a file where the log of another would be taken for its own."""
    prepare(tmp_path / "b.db")
    before = names(tmp_path)
    with pytest.raises(kind, match=words):
        back_up(engine, tmp_path / "b.db")
    assert names(tmp_path) == before


def test_a_folder_that_is_missing_is_said(engine: Engine, tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="There is no folder"):
        back_up(engine, tmp_path / "nowhere" / "b.db")


def test_a_file_that_comes_to_be_there_meanwhile_is_left(tmp_path: Path) -> None:
    """Two backups to one name: the second one loses, and says so."""
    with ExitStack() as stack:
        part = stack.enter_context(new_file(tmp_path / "b.db", tmp_path))
        part.write_text("the second")
        (tmp_path / "b.db").write_text("the first")
        with pytest.raises(Refused, match="came to be there meanwhile"):
            stack.close()
    assert (tmp_path / "b.db").read_text() == "the first"
    assert names(tmp_path) == {"b.db"}


def test_nothing_is_left_of_a_file_that_was_not_finished(tmp_path: Path) -> None:
    def interrupted() -> None:
        with place_for(file_engine(tmp_path / "l.db", create=True), tmp_path) as place:
            with writing(place) as connection:
                connection.execute(text("CREATE TABLE half (made int)"))
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert names(tmp_path) == set()


def alter_a_title(connection: sqlite3.Connection) -> None:
    """Behind the ledger's back: a table that shows titles, not the events."""
    connection.execute("UPDATE item SET title = 'Gold' WHERE book = 'other'")


def lose_a_head(connection: sqlite3.Connection) -> None:
    """A book that no list of heads tells of."""
    connection.execute("DELETE FROM head WHERE book = 'other'")


def unguard(connection: sqlite3.Connection) -> None:
    """A ledger that does not keep its facts."""
    connection.execute("DROP TRIGGER event_no_update")


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (alter_a_title, "'other' is not what was recorded: item.title at position 6 should be 'Glue' and is 'Gold'"),
        (lose_a_head, "rows of the book other, which has no head"),
        (unguard, "The trigger event_no_update is missing"),
    ],
)
def test_a_copy_that_does_not_verify_is_not_kept(
    spoil: Callable[[sqlite3.Connection], None], words: str, engine: Engine, tmp_path: Path
) -> None:
    """It would be trusted on the day on which it is needed. Neither as a backup nor restored."""
    with closing(sqlite3.connect(database(engine))) as connection, connection:
        spoil(connection)
    with pytest.raises(StoreError, match=words):
        back_up(engine, tmp_path / "b.db")
    assert not (tmp_path / "b.db").exists()
    with closing(sqlite3.connect(database(engine))) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    shutil.copy(database(engine), tmp_path / "copy.db")
    place = file_engine(tmp_path / "again.db", create=True)
    with pytest.raises(StoreError, match=words):
        restore_backup(tmp_path / "copy.db", place)
    assert not (tmp_path / "again.db").exists()
    assert not [name for name in names(tmp_path) if PART in name]


def test_a_ledger_without_a_book_is_checked_too(tmp_path: Path) -> None:
    """There is nothing to verify in it, but its guards will be needed."""
    empty = file_engine(tmp_path / "empty.db", create=True)
    upgrade(empty)
    assert back_up(empty, tmp_path / "a.db") == []
    with writing(empty) as connection:
        connection.execute(text("DROP TRIGGER event_no_update"))
    with pytest.raises(StoreError, match="The trigger event_no_update is missing"):
        back_up(empty, tmp_path / "b.db")
    empty.dispose()


def test_a_damaged_backup_is_not_restored(engine: Engine, tmp_path: Path) -> None:
    """A single byte in a page that only an index uses."""
    back_up(engine, tmp_path / "b.db")
    content = (tmp_path / "b.db").read_bytes()
    with closing(sqlite3.connect(tmp_path / "b.db")) as connection:
        (page,) = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'item_key_ix'").fetchone()
    end = page * 4096
    (tmp_path / "damaged.db").write_bytes(content[: end - 9] + b"?" + content[end - 8 :])
    place = file_engine(tmp_path / "again.db", create=True)
    with pytest.raises(StoreError, match=r"The copy does not verify|is damaged"):
        restore_backup(tmp_path / "damaged.db", place)
    assert not (tmp_path / "again.db").exists()


def test_what_is_no_ledger_is_not_restored(tmp_path: Path) -> None:
    """Another program's SQLite file stays another program's."""
    with closing(sqlite3.connect(tmp_path / "other.db")) as connection, connection:
        connection.execute("CREATE TABLE debts (what TEXT)")
    place = file_engine(tmp_path / "again.db", create=True)
    with pytest.raises(Refused, match="holds no ledger"):
        restore_backup(tmp_path / "other.db", place)
    assert names(tmp_path) == {"other.db"}


def test_a_place_that_is_taken_is_left_alone(engine: Engine, tmp_path: Path) -> None:
    back_up(engine, tmp_path / "b.db")
    before = dump(database(engine))
    with pytest.raises(Refused, match="into an empty place only"):
        restore_backup(tmp_path / "b.db", engine)
    assert dump(database(engine)) == before


def test_postgresql_is_told_its_own_command_without_the_password(tmp_path: Path) -> None:
    """Of which there is none in the URL's options either."""
    url = "postgresql://ann:secret@db.example/it%27s?sslmode=require&password=secret"
    with pytest.raises(Refused) as caught:
        back_up(open_engine(url), tmp_path / "b.dump")
    said = str(caught.value)
    assert "secret" not in said
    assert f"pg_dump --format=custom --file={tmp_path}/b.dump" in said
    assert "postgresql://ann@db.example/" in said
    assert "sslmode=require" in said
    assert names(tmp_path) == set()


def test_an_sqlite_file_is_known_by_its_first_bytes(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"SQLite format 3\0and more")
    (tmp_path / "b").write_bytes(b"SQLite format 3")
    assert [is_sqlite_file(tmp_path / name) for name in "ab"] == [True, False]
