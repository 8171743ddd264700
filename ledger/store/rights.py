"""Rights: who can write the ledger's tables on PostgreSQL, and who was granted which book, as the server itself has it.

`debt db roles` gives rights; hands give others. A writer needs none on any table, for it appends through functions: whoever
but the owner can write one is a fault, whichever way it came to that. What the catalogues say anybody may ask.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection

from ledger.store.catalogue import named, postgresql
from ledger.store.catalogue import postgresql_rights as queries

#: Whether it is as it should be, and the sentence that says so.
Found = tuple[bool, str]

#: Tables named in a sentence at most.
_MOST_NAMED = 3


def rights(connection: Connection) -> Iterator[Found]:
    """Who can write the tables: the owner alone, or each that can besides."""
    schema = postgresql.schema_of(connection)
    if schema is None:
        return
    asked = {"schema": schema.oid, "tables": named("postgresql", "table")}

    def ask(query: str) -> list[Any]:
        return list(connection.exec_driver_sql(query, asked).all())

    owners = [owner for (owner,) in ask(queries.OWNERS)]
    members = ask(queries.MEMBERS)
    become = {role for role, _ in members}
    writers = [row for row in ask(queries.WRITERS) if row[0] not in become]
    faults = [*_writers(ask(queries.EVERYBODY)), *_writers(writers), *_members(members), *_unheld(ask(queries.UNHELD))]
    if len(owners) > 1:
        faults.append(
            f"The tables belong to several, {', '.join(owners)}: `ALTER TABLE … OWNER TO` gives them back to one."
        )
    if faults:
        yield from ((False, sentence) for sentence in faults)
    else:
        yield True, f"Nobody but their owner, {owners[0]}, can write the tables."
    ((login, owns),) = ask(queries.ASKING)
    superusers = ", ".join(name for (name,) in ask(queries.SUPERUSERS))
    yield True, _may_everything(superusers, login, owns=owns)


def granted_books(connection: Connection) -> Iterator[Found]:
    """Every grant of a book that whoever asks may see: all for the owner, its own for another login."""
    grants = list(connection.exec_driver_sql(queries.GRANTS).all())
    for book, login, records, actor, is_there in grants:
        may = "reads it and records in it" if records else "reads it"
        what = f"The book {book} is granted to {login}: {may}{f', also as {actor}' if actor else ''}."
        if is_there:
            yield True, what
            continue
        left = "There is no such login, and whoever makes one of that name has these rights"
        yield False, f"{what} {left}: `debt db roles --book {book} --withdraw {login} --apply` takes them back."
    if not grants:
        yield True, "No book is granted to a login that asks: `debt db roles --book NAME --writer LOGIN` does that."


def _writers(rows: list[Any]) -> Iterator[str]:
    for role, ways, tables in rows:
        more = f" and {len(tables) - _MOST_NAMED} more" if len(tables) > _MOST_NAMED else ""
        yield (
            f"{role} has {ways} on {', '.join(tables[:_MOST_NAMED])}{more}, past the functions that check what is appended. "
            f"`REVOKE ALL ON … FROM {role}`, or out of the group that has it, takes that away; `debt db roles --book NAME "
            "--writer LOGIN --apply` gives a writer what it needs, and no more."
        )


def _members(rows: list[Any]) -> Iterator[str]:
    for role, becomes in rows:
        yield (
            f"{role} can become {becomes} by SET ROLE, and then write everything. `REVOKE {becomes} FROM …` takes that away."
        )


def _unheld(rows: list[Any]) -> Iterator[str]:
    for (role,) in rows:
        yield f"{role} reads every book, whatever was granted: `ALTER ROLE {role} NOBYPASSRLS` holds it to its own."


def _may_everything(superusers: str, login: str, *, owns: bool) -> str:
    everything = f"The owner, and the superusers {superusers}, may do anything, and only the triggers stop them"
    if owns:
        return f"{everything}; this login, {login}, is one of these: record as a login that `debt db roles --writer` names."
    return f"{everything}; this login, {login}, is none of these."


def granting(connection: Connection, book: str) -> str:
    """How the sentence that there is no such book goes on for a login that sees only those it was granted; else empty."""
    if connection.dialect.name != "postgresql":
        return ""
    schema = postgresql.schema_of(connection)
    asked = {"schema": schema.oid if schema else None, "tables": named("postgresql", "table")}
    login, owns = connection.exec_driver_sql(queries.ASKING, asked).one()
    if owns or owns is None:
        return ""
    return (
        f" that is granted to the login {login}: it is called otherwise, or was never granted or was withdrawn. The owner of "
        f"the ledger sees all books, and `debt db roles --book {book}` grants one."
    )
