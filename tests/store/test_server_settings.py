"""Whatever a server or a database has as its defaults, answers are the same, no check gives an alarm, and entries are recorded.

Every setting that PostgreSQL lets a user or a superuser make, and that has a few values: each of them, taken from the server
itself; with those of free text that change how values are read or written. Many at once, so that it takes half a minute.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from ledger.store.check import check
from ledger.store.engine import open_engine, reading
from ledger.store.rebuild import rebuild
from ledger.store.verify import verify
from ledger.tables.facts import metadata
from tests.helpers.granted_books import OWN, GrantedBooks, granted_books, ledger_of, note, rows
from tests.helpers.postgres_server import PostgresServer
from tests.helpers.small_ledger import rows_of

pytestmark = pytest.mark.reliability

TEXTS = [
    ("datestyle", "German, DMY"), ("datestyle", "SQL, MDY"), ("extra_float_digits", "-15"), ("timezone", "Pacific/Kiritimati"),
    ("client_encoding", "LATIN1"), ("work_mem", "64kB"), ("search_path", '"$user", public'), ("search_path", "public, pg_temp"),
]  # fmt: skip
#: Settings of one transaction, which nobody can make for a database.
_OF_A_TRANSACTION = "transaction_"
#: How many are made at once.
TOGETHER = 12


@pytest.fixture(scope="module")
def books(postgres_server: PostgresServer) -> Iterator[GrantedBooks]:
    with granted_books(postgres_server, "settings") as found:
        yield found


def made_together(books: GrantedBooks) -> list[dict[str, str]]:
    """Every other value of every setting, in groups that name none twice."""
    known = rows(
        books.engines["superuser"],
        "SELECT name, coalesce(enumvals, ARRAY['on', 'off']), setting FROM pg_settings "
        "WHERE context IN ('user', 'superuser') AND vartype IN ('bool', 'enum') ORDER BY name",
    )
    others = [
        *((name, value) for name, values, now in known for value in values if value != now),
        *TEXTS,
    ]
    groups: list[dict[str, str]] = []
    for name, value in others:
        if name.startswith(_OF_A_TRANSACTION):
            continue
        group = next((each for each in groups if name not in each and len(each) < TOGETHER), None)
        if group is None:
            groups.append(group := {})
        group[name] = value
    return groups


def seen(books: GrantedBooks, role: str) -> tuple[list[str], dict[str, list[object]]]:
    """What the checks find wrong, and every row of the book, as a login of its own session has it."""
    engine = open_engine(books.url(role))
    try:
        with reading(engine) as connection:
            wrong = [each.sentence for each in check(connection) if not each.ok]
            wrong += map(str, verify(connection, OWN).problems)
            there = {
                name: [repr(row) for row in rows_of(connection, table) if row["book"] == OWN]
                for name, table in metadata.tables.items()
            }
        return wrong, there
    finally:
        engine.dispose()


def test_no_default_of_a_server_changes_anything(books: GrantedBooks) -> None:
    groups = made_together(books)
    assert sum(map(len, groups)) > 100
    for group in groups:
        _, right = seen(books, "auditor")
        for name, value in group.items():
            given = value if "," in value else f"'{value}'"
            books.server.run(f"ALTER DATABASE {books.database} SET {name} TO {given}")
        try:
            for role in ("auditor", "writer", "owner"):
                wrong, there = seen(books, role)
                assert (wrong, there) == ([], right), (role, group)
            for role in ("writer", "owner"):
                engine = open_engine(books.url(role))
                ledger_of(engine, OWN).handle(note(f"{role} under {group}"))
                if role == "owner":
                    assert list(rebuild(engine, OWN)) == [], group
                engine.dispose()
        finally:
            books.server.run(f"ALTER DATABASE {books.database} RESET ALL")
    assert seen(books, "auditor")[0] == []
