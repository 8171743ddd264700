"""Two books on PostgreSQL, and logins: one granted nothing, the others as writer or auditor of the first."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import Engine

from ledger.decide.commission import Commission
from ledger.decide.init import OpenBook
from ledger.decide.note import AddNote
from ledger.decide.receipt import Receipt
from ledger.decide.request import Request
from ledger.decide.system_add import AddSystem
from ledger.store.engine import open_engine
from ledger.store.ledger import Ledger
from ledger.store.roles import BookGrants, apply_grants, quoted
from ledger.store.upgrade import upgrade
from ledger.vocabulary.quantities import Quantity
from tests.helpers.postgres_server import PostgresServer

OWN, OTHER = "main", "other"
#: Some need quoting, so that it is seen to be done.
LOGINS = {"writer": 'it\'s "a" writer', "auditor": "audit \\ or", "stranger": "stranger"}


@dataclass(frozen=True)
class GrantedBooks:
    """A database that `owner` made, and an engine for each login by its role."""

    server: PostgresServer
    database: str
    engines: dict[str, Engine]

    def ledger(self, role: str, book: str = OWN) -> Ledger:
        """A book, opened by one of the logins."""
        return ledger_of(self.engines[role], book)

    def url(self, role: str) -> str:
        """Where it is, for a login."""
        return self.server.url_of(self.database, LOGINS.get(role, f"{self.database}_{role}"))


def ledger_of(engine: Engine, book: str) -> Ledger:
    """A book at the clock of this machine."""
    return Ledger(engine, book, lambda: datetime.now(UTC), lambda: uuid4().hex)


def note(text: str, actor: str = "lead", item: str = "FRAUD-1") -> Request:
    """A remark about the only item there is."""
    return Request(AddNote(item=item, text=text), actor, date(2026, 3, 1))


def begun(ledger: Ledger) -> list[Receipt]:
    """A book with a system and a debt."""
    asked = (
        OpenBook(currency="EUR", currency_exponent=2, fiscal_year_start=1, time_zone="UTC"),
        AddSystem(system="FRAUD", name="Fraud scoring", team="red"),
        Commission(
            system="FRAUD", title="One threshold", category="fixed-threshold", principal=Quantity(minor=1_200_000),
            decided_by="head of risk", because="the launch", benefit="a quarter", repay_by="2027Q1"),
    )  # fmt: skip
    requests = [Request(command, "lead", date(2026, 3, 1)) for command in asked]
    return [receipt for n, one in enumerate(requests) for receipt in ledger.handle(one, opening=n == 0)]


@contextmanager
def granted_books(server: PostgresServer, database: str) -> Iterator[GrantedBooks]:
    """The database and its logins; both are gone afterwards."""
    server.run(f"CREATE ROLE {database}_owner LOGIN")
    for login in LOGINS.values():
        server.run(f"CREATE ROLE {quoted(login)} LOGIN")
    server.run(f"CREATE DATABASE {database} OWNER {database}_owner")
    users = {**LOGINS, "owner": f"{database}_owner", "superuser": "postgres"}
    engines = {role: open_engine(server.url_of(database, user)) for role, user in users.items()}
    try:
        upgrade(engines["owner"])
        for book in (OWN, OTHER):
            begun(ledger_of(engines["owner"], book))
        for _ in range(2):  # running it again is harmless
            apply_grants(engines["owner"], BookGrants(OWN, ((LOGINS["writer"], None),), (LOGINS["auditor"],)))
        yield GrantedBooks(server, database, engines)
    finally:
        for engine in engines.values():
            engine.dispose()
        server.run(f"DROP DATABASE {database} WITH (FORCE)")
        for login in (*LOGINS.values(), f"{database}_owner"):
            server.run(f"DROP ROLE {quoted(login)}")


def rows(engine: Engine, statement: str, values: tuple[Any, ...] = ()) -> list[Any]:
    """What a statement finds; nothing of it is kept."""
    with engine.connect() as connection:
        return list(connection.exec_driver_sql(statement, values or None).all())
