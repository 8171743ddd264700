"""A real PostgreSQL that asks for passwords: what keeps somebody out is told as what it is, and no password is shown."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from ledger.store.engine import open_engine
from ledger.store.postgresql import CONNECT_SECONDS
from ledger.store.upgrade import upgrade
from tests.helpers.granted_books import begun, ledger_of
from tests.helpers.postgres_server import PostgresServer, running_server
from tests.helpers.teller import Teller

pytestmark = pytest.mark.reliability

PASSWORD, WRONG = "correct:horse@staple", "battery/wrong?horse"
#: The owner by the socket's rights, these logins by their passwords, nobody else.
WHO_MAY_ENTER = (
    "local all postgres trust\nlocal all ann,crowded,blind,group scram-sha-256\nlocal all barred reject\n"
    "local all peerless peer\n"
)
LINES = ("delta", "note FRAUD-1 seen", "init --book b --currency EUR", "db upgrade", "db check", "verify")


@pytest.fixture(scope="module")
def guarded() -> Iterator[PostgresServer]:
    """A server of this module's own, with a ledger in the database `books`."""
    with running_server() as server:
        server.run("CREATE DATABASE books")
        engine = open_engine(server.url_of("books"))
        upgrade(engine)
        begun(ledger_of(engine, "main"))
        engine.dispose()
        server.run("SET password_encryption = 'scram-sha-256'")
        for login in ("ann", "blind", "barred", "peerless"):
            server.run(f"CREATE ROLE {login} LOGIN PASSWORD '{PASSWORD}'")
        server.run(f"CREATE ROLE crowded LOGIN CONNECTION LIMIT 0 PASSWORD '{PASSWORD}'")
        server.run(f"CREATE ROLE \"group\" PASSWORD '{PASSWORD}'")
        server.run("CREATE ROLE elsewhere LOGIN")
        server.run("CREATE DATABASE shut ALLOW_CONNECTIONS false")
        server.run("CREATE DATABASE private")
        server.run("REVOKE CONNECT ON DATABASE private FROM PUBLIC")
        (Path(str(server.url.query["host"])) / "pg_hba.conf").write_text(WHO_MAY_ENTER)
        server.run("SELECT pg_reload_conf()")
        yield server


#: Who comes, with which password, to which database; what is said.
REFUSED = {
    "wrong password": ("ann", WRONG, "books", "the password is not the login's"),
    "no password": ("ann", None, "books", "the server asks for a password"),
    "no such login": ("nobody", PASSWORD, "books", "the server lets nobody in from here"),
    "barred": ("barred", PASSWORD, "books", "the server lets nobody in from here"),
    "another user": ("peerless", None, "books", "the login is called as the user of this machine"),
    "a group": ("group", PASSWORD, "books", "a group, and no login"),
    "too many": ("crowded", PASSWORD, "books", "as many sessions are open as it lets there be"),
    "no such database": ("ann", PASSWORD, "no_such", "there is no such database"),
    "shut": ("ann", PASSWORD, "shut", "nobody may connect to that database"),
    "private": ("ann", PASSWORD, "private", "GRANT CONNECT"),
    "no rights": ("blind", PASSWORD, "books", "permission denied"),
}


@pytest.mark.parametrize("line", LINES)
@pytest.mark.parametrize(("login", "password", "database", "meant"), REFUSED.values(), ids=REFUSED.keys())
def test_what_keeps_somebody_out_is_told_as_what_it_is(
    guarded: PostgresServer, teller: Teller, login: str, password: str | None, database: str, meant: str, line: str
) -> None:
    for url in _spelled(guarded, login, password, database):
        reply = teller.type(f"--database {url} {line}", bare=True)
        assert (reply.exit_code, reply.out) == (3, ""), reply
        assert reply.err.count("\n") == 1, reply.err
        assert re.search(meant, reply.err), reply.err
        assert "holds no ledger" not in reply.err
        assert "Traceback" not in reply.err
        for secret in (PASSWORD, WRONG, quote(PASSWORD, safe=""), quote(WRONG, safe="")):
            assert secret not in reply.err


def _spelled(server: PostgresServer, login: str, password: str | None, database: str) -> Iterator[str]:
    """The URL with the password where one stands by habit, and as a parameter."""
    host = quote(str(server.url.query["host"]), safe="")
    if password is None:
        yield f"postgresql://{login}@/{database}?host={host}"
        return
    secret = quote(password, safe="")
    yield f"postgresql://{login}:{secret}@/{database}?host={host}"
    yield f"postgres://{login}@/{database}?host={host}&password={secret}"


def test_who_has_the_password_comes_in(guarded: PostgresServer, teller: Teller) -> None:
    """It is the password that keeps the others out."""
    guarded.run("GRANT postgres TO ann")
    try:
        for url in _spelled(guarded, "ann", PASSWORD, "books"):
            reply = teller.type(f"--database {url} delta", bare=True)
            assert reply.exit_code == 0, reply.err
    finally:
        guarded.run("REVOKE postgres FROM ann")


def test_a_port_at_which_nothing_listens_is_named(teller: Teller) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        listener.close()
        reply = teller.type(
            f"--database postgresql://ann:{quote(WRONG, safe='')}@127.0.0.1:{port}/books delta", bare=True
        )
    assert "nothing listens there" in reply.err


@pytest.mark.parametrize("line", ["delta", "note FRAUD-1 seen"])
def test_a_host_that_does_not_answer_is_not_waited_for_for_ever(teller: Teller, line: str) -> None:
    """It takes the connection, and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        url = f"postgresql://ann:{quote(WRONG, safe='')}@127.0.0.1:{server.getsockname()[1]}/books?connect_timeout=2"
        reply = teller.type(f"--database {url} {line}", bare=True)
    assert (reply.exit_code, reply.out) == (3, "")
    assert "the host does not answer" in reply.err
    assert "horse" not in reply.err
    assert CONNECT_SECONDS <= 60


def test_a_standby_is_read_and_takes_no_entry(teller: Teller) -> None:
    with running_server() as server:
        engine = open_engine(server.url_of("postgres"))
        upgrade(engine)
        begun(ledger_of(engine, "main"))
        engine.dispose()
        signal = Path(str(server.url.query["host"])) / "standby.signal"
        signal.touch()
        server.restart("fast")
        url = server.url_of("postgres")
        assert teller.type(f"--database {url} delta", bare=True).exit_code == 0
        reply = teller.type(f"--database {url} note FRAUD-1 seen --on 2026-03-02", bare=True)
        assert reply.exit_code == 3
        assert "only reads, as a standby does" in reply.err
        assert "Nothing was recorded" in reply.err
