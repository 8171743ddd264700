"""Behind a real PgBouncer: transaction pooling gives each transaction another server process, and nothing is missed."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy.engine import make_url

from ledger.store.engine import open_engine, reading
from ledger.store.upgrade import upgrade
from ledger.store.verify import verify
from ledger.vocabulary.errors import StoreError
from tests.helpers.granted_books import LOGINS, OWN, granted_books, ledger_of, note
from tests.helpers.optional import needs
from tests.helpers.pooler import by_way_of, pooler
from tests.helpers.postgres_server import PostgresServer

pytestmark = [pytest.mark.reliability, needs("pgbouncer")]

WRITER = LOGINS["writer"]


def crowd(url: str, writers: int, entries: int) -> list[BaseException]:
    """What failed of entries by several writers at once, each with a connection of its own."""
    failed: list[BaseException] = []

    def work(worker: int) -> None:
        engine = open_engine(url)
        try:
            for number in range(entries):
                ledger_of(engine, OWN).handle(note(f"{worker}-{number}"))
                with reading(engine) as connection:
                    assert connection.exec_driver_sql("SELECT current_setting('timezone')").scalar_one() == "UTC"
        except BaseException as error:
            failed.append(error)
        finally:
            engine.dispose()

    workers = [threading.Thread(target=work, args=(number,)) for number in range(writers)]
    for each in workers:
        each.start()
    for each in workers:
        each.join()
    return failed


@pytest.mark.parametrize("mode", ["transaction", "session"])
def test_a_crowd_records_behind_a_pooler(postgres_server: PostgresServer, mode: str) -> None:
    """Six writers share two server processes; a search path holds for each of their transactions."""
    with granted_books(postgres_server, "pooled") as books, pooler(postgres_server, mode, (WRITER,)) as folder:
        writers = 6 if mode == "transaction" else 2
        url = make_url(by_way_of(folder, postgres_server, "pooled", WRITER))
        told = url.update_query_dict({"options": "-c search_path=public,pg_temp"}).render_as_string(hide_password=False)
        assert crowd(told, writers, 10) == []
        with reading(books.engines["owner"]) as connection:
            assert connection.exec_driver_sql("SELECT position FROM head WHERE book = 'main'").scalar_one() == (
                3 + writers * 10
            )
            assert verify(connection, OWN).ok


def test_a_ledger_is_made_and_upgraded_behind_a_pooler(postgres_server: PostgresServer) -> None:
    postgres_server.run("CREATE DATABASE made_behind")
    try:
        with pooler(postgres_server, "transaction", ("postgres",)) as folder:
            engine = open_engine(by_way_of(folder, postgres_server, "made_behind", "postgres"))
            assert upgrade(engine)[0] is None
            assert upgrade(engine)[0] is not None
            engine.dispose()
    finally:
        postgres_server.run("DROP DATABASE made_behind WITH (FORCE)")


def test_pooling_of_statements_is_refused_by_name(postgres_server: PostgresServer) -> None:
    """An entry is more than one statement."""
    with granted_books(postgres_server, "pooled"), pooler(postgres_server, "statement", (WRITER,)) as folder:
        engine = open_engine(by_way_of(folder, postgres_server, "pooled", WRITER))
        with pytest.raises(StoreError, match=r"pools statements.*pool_mode = transaction"):
            ledger_of(engine, OWN).handle(note("not to be"))
        engine.dispose()
