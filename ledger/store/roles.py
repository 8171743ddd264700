"""PostgreSQL roles: what each kind of user of a ledger may do. `debt db roles` shows or runs these statements.

They are group roles that nobody logs in as; people and services are made members. So the server's
`session_user`, which each event keeps, names who it was and not which role they used.

- owner: runs the migrations, owns the tables. It alone could switch a guard off.
- writer: records. It adds facts and moves the head; it cannot alter a fact or lose a head.
- auditor: reads everything, changes nothing.
"""

from __future__ import annotations

from sqlalchemy import Engine

from ledger.store.catalogue import named
from ledger.store.engine import require_schema, writing
from ledger.store.guards import EVENT_PARTITIONS, FACTS
from ledger.tables.facts import head, metadata
from ledger.tables.projections import PROJECTIONS
from ledger.vocabulary.errors import Refused

#: PostgreSQL cuts a longer name off, and two would be one.
_LONGEST_NAME = 63

_READ_MODELS = tuple(projection.table.name for projection in PROJECTIONS)
_FACTS = tuple(table.name for table in FACTS)
_VERSION = "alembic_version"
_PARTITIONS = (*EVENT_PARTITIONS, *(name.replace("event", "posting") for name in EVENT_PARTITIONS))


def role_statements(owner: str, writer: str, auditor: str, *, schema: str = "public") -> list[str]:
    """The SQL that makes the three roles and gives each its rights, in order; harmless when run again.

    To be run by a superuser, or by the tables' owner if it may create roles, after each upgrade: a new
    table gives rights to nobody.
    """
    place = quoted(schema)
    tables = [f"{place}.{name}" for name in (*metadata.tables, _VERSION)]
    parts = [f"{place}.{name}" for name in _PARTITIONS]
    return [
        *(_create(role) for role in (owner, writer, auditor)),
        # Ownership first: an owner's rights on its tables are not granted, and partitions do not follow their parent.
        *(f"ALTER TABLE {table} OWNER TO {quoted(owner)}" for table in (*tables, *parts)),
        *(f"ALTER FUNCTION {place}.{name}() OWNER TO {quoted(owner)}" for name in named("postgresql", "function")),
        f"REVOKE CREATE ON SCHEMA {place} FROM PUBLIC",
        f"GRANT USAGE, CREATE ON SCHEMA {place} TO {quoted(owner)}",
        f"GRANT USAGE ON SCHEMA {place} TO {quoted(writer)}, {quoted(auditor)}",
        # Rights that an earlier version or a hand gave are taken back before the right ones are given.
        f"REVOKE ALL ON {', '.join((*tables, *parts))} FROM PUBLIC, {quoted(writer)}, {quoted(auditor)}",
        f"GRANT SELECT ON {', '.join(tables)} TO {quoted(writer)}, {quoted(auditor)}",
        f"GRANT INSERT ON {_listed(place, _FACTS)} TO {quoted(writer)}",
        # No DELETE: a book whose head is gone could be opened a second time.
        f"GRANT INSERT, UPDATE ON {_listed(place, (head.name,))} TO {quoted(writer)}",
        # Read models can be rebuilt, book by book. No TRUNCATE, which knows no book, and no TRIGGER.
        f"GRANT INSERT, UPDATE, DELETE ON {_listed(place, _READ_MODELS)} TO {quoted(writer)}",
    ]


def role_script(owner: str, writer: str, auditor: str, *, schema: str = "public") -> str:
    """The statements as a script of one transaction, for psql. Raises Refused for names that cannot be."""
    _refuse_names(owner, writer, auditor, schema)
    statements = role_statements(owner, writer, auditor, schema=schema)
    return "".join(f"{statement};\n" for statement in ("BEGIN", *statements, "COMMIT"))


def apply_roles(engine: Engine, owner: str, writer: str, auditor: str, *, schema: str = "public") -> None:
    """Run the statements, all or none. Raises Refused for names that cannot be, StoreError where rights are wanting."""
    _refuse_names(owner, writer, auditor, schema)
    with writing(engine) as connection:
        require_schema(connection)
        for statement in role_statements(owner, writer, auditor, schema=schema):
            # The driver reads a percent sign as a parameter.
            connection.exec_driver_sql(statement.replace("%", "%%"))


def _refuse_names(*names: str) -> None:
    roles = names[:-1]
    if len(set(roles)) < len(roles):
        raise Refused("Owner, writer and auditor are one role: it would have the rights of all.", "Give three names.")
    for name in names:
        if not name or len(name.encode()) > _LONGEST_NAME or "\0" in name:
            raise Refused(f"'{name}' cannot be a name: PostgreSQL's have 1 to {_LONGEST_NAME} bytes.", "Name another.")


def quoted(name: str) -> str:
    """A name as an SQL identifier, whatever it contains."""
    return '"' + name.replace('"', '""') + '"'


def _create(role: str) -> str:
    text = role.replace("'", "''")
    # CREATE ROLE knows no IF NOT EXISTS. format() quotes; the text itself is a literal, so it is safe in the body.
    return (
        "DO $do$ BEGIN "
        f"IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{text}') "
        f"THEN EXECUTE format('CREATE ROLE %I NOLOGIN', '{text}'); END IF; END $do$"
    )


def _listed(place: str, names: tuple[str, ...]) -> str:
    return ", ".join(f"{place}.{name}" for name in names)
