"""PostgreSQL rights: which login may record in a book, and which may read it. `debt db roles` shows or runs these statements.

The logins exist already. The owner's login, which ran `init`, owns the tables and alone runs `init` and `upgrade`.

- writer: reads its books, and records in them through the functions of migration 0004; it has no other way to write.
- auditor: reads its books.

Nobody else sees anything: row-level security holds every login but the owner's to the books that it was granted.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, Engine

from ledger.store.engine import reading, require_schema, writing
from ledger.tables.facts import metadata
from ledger.vocabulary.errors import Refused, StoreError

#: PostgreSQL cuts a longer name off, and two would be one.
_LONGEST_NAME = 63

#: What every reader reads: the ledger, who may do what in its books, what is an event, and the schema's version.
_READ = (*metadata.tables, "book_grant", "event_kind", "alembic_version")
_RECORDING = ("debt_ledger_take_head(text, text[], text[], text[])", "debt_ledger_record(text, json, json, jsonb)")


@dataclass(frozen=True, slots=True)
class BookGrants:
    """Who may do what in a book. writers: logins, each with the actor that it may also record as; withdrawn: no more."""

    book: str
    writers: tuple[tuple[str, str | None], ...] = ()
    auditors: tuple[str, ...] = ()
    withdrawn: tuple[str, ...] = ()

    @property
    def logins(self) -> tuple[str, ...]:
        """All that are named."""
        return (*(login for login, _ in self.writers), *self.auditors, *self.withdrawn)


def grant_script(engine: Engine, grants: BookGrants) -> str:
    """The statements as a script of one transaction, for psql. Raises as `apply_grants` does."""
    with reading(engine) as connection:
        statements = _checked(connection, grants)
    return "".join(f"{statement};\n" for statement in ("BEGIN", *statements, "COMMIT"))


def apply_grants(engine: Engine, grants: BookGrants) -> None:
    """Run the statements, all or none; harmless when run again.

    Raises Refused for a login that is named twice or does not exist, StoreError for a book that does not, and where
    rights are wanting.
    """
    with writing(engine) as connection:
        for statement in _checked(connection, grants):
            # The driver reads a percent sign as a parameter.
            connection.exec_driver_sql(statement.replace("%", "%%"))


def _checked(connection: Connection, grants: BookGrants) -> list[str]:
    require_schema(connection)
    _refuse_logins(connection, grants)
    if connection.exec_driver_sql("SELECT FROM head WHERE book = %s", (grants.book,)).first() is None:
        raise StoreError(f"There is no book '{grants.book}' in this database, or it is not granted to this login.")
    return list(_statements(grants, connection))


def _statements(grants: BookGrants, connection: Connection) -> Iterator[str]:
    def literal(text: str) -> str:
        return str(connection.exec_driver_sql("SELECT quote_literal(%s)", (text,)).scalar_one())

    schema = str(connection.exec_driver_sql("SELECT quote_ident(current_schema())").scalar_one())
    book = literal(grants.book)
    yield f"REVOKE CREATE ON SCHEMA {schema} FROM PUBLIC"
    for login, records, actor in (
        *((login, True, actor) for login, actor in grants.writers),
        *((login, False, None) for login in grants.auditors),
    ):
        name = quoted(login)
        yield f"GRANT USAGE ON SCHEMA {schema} TO {name}"
        # What an earlier release or a hand gave is taken back before the right thing is given.
        yield f"REVOKE ALL ON {_listed(schema)} FROM {name}"
        yield f"GRANT SELECT ON {_listed(schema)} TO {name}"
        if records:
            yield f"GRANT EXECUTE ON FUNCTION {', '.join(f'{schema}.{each}' for each in _RECORDING)} TO {name}"
        mapped = "NULL" if actor is None else literal(actor)
        yield (
            f"INSERT INTO {schema}.book_grant (book, login, records, actor) "  # noqa: S608 - the server quoted them
            f"VALUES ({book}, {literal(login)}, {str(records).lower()}, {mapped}) "
            "ON CONFLICT (book, login) DO UPDATE SET records = excluded.records, actor = excluded.actor"
        )
    for login in grants.withdrawn:
        yield f"DELETE FROM {schema}.book_grant WHERE book = {book} AND login = {literal(login)}"  # noqa: S608


def _refuse_logins(connection: Connection, grants: BookGrants) -> None:
    logins = grants.logins
    if not logins:
        raise Refused("No login was named.", "Name one: --writer LOGIN, --auditor LOGIN or --withdraw LOGIN.")
    for login in logins:
        if logins.count(login) > 1:
            raise Refused(f"The login '{login}' is named twice: one would have the rights of both.", "Name it once.")
        if not login or len(login.encode()) > _LONGEST_NAME or "\0" in login:
            raise Refused(f"'{login}' cannot be a login: names have 1 to {_LONGEST_NAME} bytes.", "Name another.")
        # Of a login that was dropped the grant is left, for whoever is called so next: it can be withdrawn.
        if login not in grants.withdrawn and not _is_there(connection, login):
            raise Refused(f"There is no login '{login}' on the server.", f"CREATE ROLE {quoted(login)} LOGIN makes it.")


def _is_there(connection: Connection, login: str) -> bool:
    return connection.exec_driver_sql("SELECT FROM pg_roles WHERE rolname = %s", (login,)).first() is not None


def quoted(name: str) -> str:
    """A name as an SQL identifier, whatever it contains."""
    return '"' + name.replace('"', '""') + '"'


def _listed(schema: str) -> str:
    return ", ".join(f"{schema}.{name}" for name in _READ)
