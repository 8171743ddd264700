"""PostgreSQL's surroundings: options, isolation, encodings, what a refused connection means. Behind a pooler: tests/reliability."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import Engine, create_engine
from sqlalchemy.engine import make_url

from ledger.decide.init import OpenBook
from ledger.decide.request import Request
from ledger.store.check import check
from ledger.store.engine import open_engine, reading, writing
from ledger.store.ledger import Ledger, choose_book
from ledger.store.postgresql import parsed_options, refuse_clock
from ledger.store.upgrade import upgrade
from ledger.vocabulary.errors import StoreError
from tests.helpers.granted_books import begun, ledger_of, note
from tests.helpers.postgres_server import PostgresServer


@pytest.fixture
def plain(empty_postgres_url: str) -> Iterator[Engine]:
    """An empty database, as somebody else's program reaches it."""
    engine = create_engine(empty_postgres_url, isolation_level="AUTOCOMMIT")
    yield engine
    engine.dispose()


def with_options(url: str, options: str) -> str:
    return make_url(url).update_query_dict({"options": options}).render_as_string(hide_password=False)


def tables_in(plain: Engine) -> dict[str, int]:
    with plain.connect() as connection:
        found = connection.exec_driver_sql(
            "SELECT schemaname, count(*) FROM pg_tables WHERE schemaname !~ '^(pg_|information_schema)' GROUP BY 1"
        )
        return {str(schema): int(count) for schema, count in found}


@pytest.mark.reliability
@pytest.mark.parametrize("by", ["url", "environment"])
def test_each_team_has_the_schema_that_its_search_path_names(
    empty_postgres_url: str, plain: Engine, by: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Made, written and read in there, and named by `db check`; the other team's ledger is another one."""
    for schema in ("red", "blue"):
        with plain.connect() as connection:
            connection.exec_driver_sql(f"CREATE SCHEMA {schema}")
        option = f"-csearch_path={schema}"
        url = with_options(empty_postgres_url, option) if by == "url" else empty_postgres_url
        monkeypatch.setenv("PGOPTIONS", option if by == "environment" else "")
        engine = open_engine(url)
        upgrade(engine)
        ledger = ledger_of(engine, f"book of {schema}")
        begun(ledger)
        ledger.handle(note("seen"))
        with reading(engine) as connection:
            assert choose_book(connection, None) == f"book of {schema}"
            (place,) = [finding for finding in check(connection) if finding.name == "place"]
        assert f"in the schema {schema};" in place.sentence
        engine.dispose()
    found = tables_in(plain)
    assert found.keys() == {"red", "blue"}
    assert found["red"] == found["blue"] > 40


@pytest.mark.parametrize(
    ("options", "settings"),
    [
        ("", {}),
        ("-csearch_path=ledger", {"search_path": "ledger"}),
        ("-c search_path=a,b", {"search_path": "a,b"}),
        ("  -c statement_timeout=5s --lock-timeout=2s ", {"statement_timeout": "5s", "lock_timeout": "2s"}),
        ("-c search_path=a\\ b", {"search_path": "a b"}),
        ("-c application_name=it's", {"application_name": "it's"}),
    ],
)
def test_options_are_read_as_the_server_reads_them(options: str, settings: dict[str, str]) -> None:
    assert parsed_options(options) == settings


@pytest.mark.parametrize("options", ["-d 5", "search_path=ledger", "-c", "-c 5=x", "-c x"])
def test_options_that_are_no_settings_are_refused(options: str) -> None:
    with pytest.raises(StoreError, match="are not settings"):
        parsed_options(options)


def test_every_transaction_has_its_settings_and_its_isolation(postgres_url: str) -> None:
    """Whoever used the connection before, and whatever the server's defaults are."""
    engine = open_engine(with_options(postgres_url, "-c application_name=it's\\ ours -c lock_timeout=7s"))
    for _ in range(2):
        for begins, wanted in ((reading, ("repeatable read", "on")), (writing, ("read committed", "off"))):
            with begins(engine) as connection:
                found = connection.exec_driver_sql(
                    "SELECT current_setting('transaction_isolation'), current_setting('transaction_read_only'), "
                    "current_setting('timezone'), current_setting('application_name'), current_setting('lock_timeout')"
                ).one()
                assert found == (*wanted, "UTC", "it's ours", "7s")
                # What a session keeps, the next one in a pool would have.
                connection.exec_driver_sql("SET SESSION default_transaction_isolation = 'serializable'")
    with engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM pg_prepared_statements").scalar_one() == 0
    engine.dispose()


@pytest.mark.reliability
@pytest.mark.parametrize("isolation", ["serializable", "repeatable read"])
def test_a_server_whose_default_is_stricter_takes_every_entry_of_a_crowd(
    postgres_url: str, plain_admin: Engine, isolation: str
) -> None:
    name = make_url(postgres_url).database
    with plain_admin.connect() as connection:
        connection.exec_driver_sql(f"ALTER DATABASE {name} SET default_transaction_isolation = '{isolation}'")
    engine = open_engine(postgres_url)
    begun(ledger_of(engine, "main"))
    failed: list[BaseException] = []

    def work(worker: int) -> None:
        mine = open_engine(postgres_url)
        try:
            for number in range(5):
                ledger_of(mine, "main").handle(note(f"{worker}-{number}"))
        except BaseException as error:
            failed.append(error)
        finally:
            mine.dispose()

    workers = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert failed == []
    with reading(engine) as connection:
        assert connection.exec_driver_sql("SELECT position FROM head").scalar_one() == 3 + 20
    engine.dispose()


@pytest.fixture
def plain_admin(postgres_server: PostgresServer) -> Engine:
    """The server's administrator."""
    return postgres_server.admin


@pytest.mark.reliability
def test_an_entry_that_deadlocks_is_tried_again_and_counts_once(postgres_url: str) -> None:
    """Somebody holds what it needs and asks for what it holds; the server ends ours, which nobody notices."""
    engine, other = open_engine(postgres_url), create_engine(postgres_url)
    begun(ledger_of(engine, "main"))
    waits = threading.Event()
    with other.connect() as connection:
        # So that it is ours that the server looks at first.
        connection.exec_driver_sql("SET deadlock_timeout = '60s'")
        connection.exec_driver_sql("LOCK TABLE request IN EXCLUSIVE MODE")

        def cross() -> None:
            waits.wait()
            connection.exec_driver_sql("SELECT 1 FROM head FOR UPDATE")
            connection.rollback()

        def new_id() -> str:
            waits.set()  # the head is ours by now
            return uuid4().hex

        crossing = threading.Thread(target=cross)
        crossing.start()
        ledger = Ledger(engine, "main", lambda: datetime.now(UTC), new_id)
        (receipt,) = ledger.handle(note("through a deadlock"))
        crossing.join()
    assert receipt.recorded.position == 4
    with reading(engine) as found:
        assert found.exec_driver_sql("SELECT count(*) FROM event WHERE position = 4").scalar_one() == 1
    engine.dispose()
    other.dispose()


@pytest.mark.parametrize("encoding", ["LATIN1", "SQL_ASCII"])
def test_a_database_that_cannot_keep_every_text_is_refused_by_name(
    postgres_server: PostgresServer, encoding: str
) -> None:
    name = f"in_{encoding.lower()}"
    postgres_server.run(f"CREATE DATABASE {name} ENCODING '{encoding}' TEMPLATE template0 LOCALE 'C'")
    engine = open_engine(postgres_server.url_of(name))
    try:
        with pytest.raises(StoreError, match=f"keeps text as {encoding}.*Nothing was made"):
            upgrade(engine)
        _check_names(engine, encoding)
        with writing(engine) as connection:
            connection.exec_driver_sql("CREATE TABLE alembic_version (version_num text)")
            connection.exec_driver_sql("INSERT INTO alembic_version VALUES ('0001')")
        _check_names(engine, encoding)
    finally:
        engine.dispose()
        postgres_server.run(f"DROP DATABASE {name} WITH (FORCE)")


def _check_names(engine: Engine, encoding: str) -> None:
    with reading(engine) as connection:
        (found,) = [finding for finding in check(connection) if finding.name == "encoding"]
    assert not found.ok
    assert f"keeps text as {encoding}" in found.sentence


def test_a_client_that_speaks_another_encoding_writes_the_same_text(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PGCLIENTENCODING", "LATIN1")
    engine = open_engine(postgres_url)
    ledger = ledger_of(engine, "main")
    begun(ledger)
    ledger.handle(note("日本 €"))
    with reading(engine) as connection:
        assert "日本 €" in connection.exec_driver_sql("SELECT body FROM event WHERE position = 4").scalar_one()
    engine.dispose()


def test_every_spelling_of_the_scheme_is_known(postgres_url: str) -> None:
    for scheme in ("postgres", "postgresql", "postgresql+psycopg"):
        engine = open_engine(make_url(postgres_url).set(drivername=scheme).render_as_string(hide_password=False))
        with reading(engine) as connection:
            assert connection.exec_driver_sql("SELECT 1").scalar_one() == 1
        engine.dispose()


@pytest.mark.parametrize(
    ("change", "meant"),
    [
        ({"database": "no_such_database"}, "there is no such database"),
        ({"username": "no_such_login"}, "there is no such login"),
        ({"host": "127.0.0.1", "port": 1, "query": {}}, "cannot be reached"),
    ],
)
def test_what_keeps_a_connection_from_being_made_is_not_a_missing_ledger(
    postgres_url: str, change: dict[str, object], meant: str
) -> None:
    url = make_url(postgres_url).set(**change)  # type: ignore[arg-type]
    engine = open_engine(url.render_as_string(hide_password=False))
    with pytest.raises(StoreError) as told, reading(engine):
        pass
    assert meant in str(told.value)
    assert "holds no ledger" not in str(told.value)
    engine.dispose()


def test_a_certificate_that_is_missing_is_named() -> None:
    """By what the library says once a server has agreed to encrypt; it never comes to a handshake."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def agree() -> None:
            client, _ = server.accept()
            with client:
                client.recv(8)
                client.sendall(b"S")
                client.recv(1)

        threading.Thread(target=agree, daemon=True).start()
        port = server.getsockname()[1]
        engine = open_engine(f"postgresql://a@127.0.0.1:{port}/b?sslmode=verify-full&sslrootcert=/nowhere/root.crt")
        with pytest.raises(StoreError, match=r"/nowhere/root.crt.*the certificates do not fit"), reading(engine):
            pass
        engine.dispose()


def test_an_empty_database_holds_no_ledger(empty_postgres_url: str) -> None:
    engine = open_engine(empty_postgres_url)
    command = OpenBook(currency="EUR", currency_exponent=2, fiscal_year_start=1, time_zone="UTC")
    with pytest.raises(StoreError, match="holds no ledger"):
        ledger_of(engine, "main").handle(Request(command, "lead", date(2026, 1, 1)), opening=True)
    engine.dispose()


@pytest.mark.parametrize("minutes", [-11, 11, 40_000_000])
def test_a_machine_whose_clock_is_far_from_the_servers_is_refused(postgres_url: str, minutes: int) -> None:
    engine = open_engine(postgres_url)
    with reading(engine) as connection:
        with pytest.raises(StoreError, match="Set the clock that is wrong"):
            refuse_clock(connection, datetime.now(UTC) + timedelta(minutes=minutes))
        refuse_clock(connection, datetime.now(UTC) + timedelta(minutes=9))
    engine.dispose()
