"""The ledger: facts, read models, and the triggers that keep the facts as they are.

Frozen once released: it spells everything out and never imports the ledger's tables.
What the triggers should say today stands in ledger.store.guards; a test holds the two together.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql
from sqlalchemy.types import TypeEngine

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

#: Partitions of `event` and of `posting` on PostgreSQL.
PARTITIONS = 16

# Compared byte by byte on both databases: PostgreSQL's default collation depends on the machine, and an
# upgrade of its locale data would silently disorder the indexes of books that must last for years.
TEXT = sa.Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")
BIG = sa.BigInteger()
INT = sa.Integer()
DAY = sa.Date()


def upgrade() -> None:
    """Bring an empty database to 0001."""
    _create_facts()
    _create_postings()
    _create_items()
    _create_systems()
    _create_budgets()
    if op.get_context().dialect.name == "postgresql":
        _create_partitions()
        _guard_postgresql()
    else:
        _guard_sqlite()
        _plan_sqlite()


def downgrade() -> None:
    """A ledger never goes back: restore a backup instead."""
    raise NotImplementedError("a ledger is never downgraded; restore a backup")


def _table(
    name: str, *columns: sa.Column[Any], key: tuple[str, ...], unique: dict[str, tuple[str, ...]] | None = None
) -> None:
    """Create a table. Without rowid on SQLite: a row is its key, so that no hidden key can be clashed with."""
    uniques = [sa.UniqueConstraint(*over, name=unique_name) for unique_name, over in (unique or {}).items()]
    options: dict[str, Any] = {"postgresql_partition_by": "HASH (book)"} if name in ("event", "posting") else {}
    op.create_table(
        name, *columns, sa.PrimaryKeyConstraint(*key, name=f"{name}_pk"), *uniques, sqlite_with_rowid=False, **options
    )


def _must(name: str, kind: TypeEngine[Any]) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=False)


def _may(name: str, kind: TypeEngine[Any]) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=True)


def _create_facts() -> None:
    _table(
        "event",
        _must("book", TEXT),
        _must("position", BIG),
        _must("event_id", TEXT),
        _must("stream", TEXT),
        _must("stream_version", INT),
        _must("stored_as", TEXT),
        _must("effective_on", DAY),
        _must("recorded_at", TEXT),
        _must("actor", TEXT),
        _must("body", TEXT),
        _must("hash", TEXT),
        _may("session_user", TEXT),
        key=("book", "position"),
        unique={"event_stream_uq": ("book", "stream", "stream_version"), "event_id_uq": ("book", "event_id")},
    )
    op.create_index("event_effective_ix", "event", ["book", "effective_on"])
    _table(
        "request",
        _must("book", TEXT),
        _must("key", TEXT),
        _must("request_json", TEXT),
        _must("first_position", BIG),
        _must("last_position", BIG),
        _must("fingerprint", TEXT),
        key=("book", "key"),
    )
    op.create_index("request_fingerprint_ix", "request", ["book", "fingerprint"])
    _table(
        "head",
        _must("book", TEXT),
        _must("position", BIG),
        _must("hash", TEXT),
        _must("recorded_at", TEXT),
        key=("book",),
    )


def _create_postings() -> None:
    _table(
        "posting",
        _must("book", TEXT),
        _must("position", BIG),
        _must("leg", sa.SmallInteger()),
        _must("item", TEXT),
        _must("account", TEXT),
        _must("movement", TEXT),
        _must("amount_minor", BIG),
        _must("effective_on", DAY),
        _may("nature", TEXT),
        _may("dimension", TEXT),
        _must("carry_minor_per_year", BIG),
        _may("accrues_day", INT),
        _must("spent_minor", BIG),
        key=("book", "position", "leg"),
    )
    liability = sa.text("nature IS NOT NULL")
    # Covers the balance of every item without touching the table.
    op.create_index(
        "posting_item_ix",
        "posting",
        [
            "book",
            "item",
            "nature",
            "effective_on",
            "position",
            "amount_minor",
            "carry_minor_per_year",
            "accrues_day",
        ],
        sqlite_where=liability,
        postgresql_where=liability,
    )


def _create_items() -> None:
    _table(
        "item",
        _must("book", TEXT),
        _must("position", BIG),
        _must("item", TEXT),
        _must("system", TEXT),
        _must("number", INT),
        _must("title", TEXT),
        _must("dimension", TEXT),
        _must("category", TEXT),
        _must("nature", TEXT),
        _must("effective_on", DAY),
        _must("opened_on", DAY),
        _may("principal_minor", BIG),
        _may("cause", TEXT),
        _may("source", TEXT),
        _may("external_key", TEXT),
        _may("content_hash", TEXT),
        key=("book", "position"),
    )
    op.create_index("item_number_ix", "item", ["book", "system", "number"], unique=True)
    op.create_index("item_key_ix", "item", ["book", "item"], unique=True)
    _table(
        "term",
        _must("book", TEXT),
        _must("position", BIG),
        _must("item", TEXT),
        _must("effective_on", DAY),
        _may("decided_by", TEXT),
        _may("repay_by", TEXT),
        _may("until", DAY),
        _may("planned_for", TEXT),
        key=("book", "position"),
    )
    op.create_index("term_item_ix", "term", ["book", "item"])
    _table(
        "reversal",
        _must("book", TEXT),
        _must("position", BIG),
        _must("item", TEXT),
        _must("effective_on", DAY),
        _must("reversed_position", BIG),
        key=("book", "position"),
    )
    op.create_index("reversal_reversed_ix", "reversal", ["book", "reversed_position"], unique=True)


def _create_systems() -> None:
    _table(
        "system",
        _must("book", TEXT),
        _must("position", BIG),
        _must("system", TEXT),
        _must("name", TEXT),
        key=("book", "position"),
    )
    op.create_index("system_key_ix", "system", ["book", "system"], unique=True)
    _table(
        "owner",
        _must("book", TEXT),
        _must("position", BIG),
        _must("system", TEXT),
        _may("effective_on", DAY),
        _may("team", TEXT),
        _may("cost_centre", TEXT),
        key=("book", "position"),
    )
    _table(
        "dependency",
        _must("book", TEXT),
        _must("position", BIG),
        _must("system", TEXT),
        _must("reads_from", TEXT),
        _may("what", TEXT),
        _must("effective_on", DAY),
        key=("book", "position"),
    )
    _table(
        "retirement",
        _must("book", TEXT),
        _must("position", BIG),
        _must("system", TEXT),
        _must("effective_on", DAY),
        key=("book", "position"),
    )


def _create_budgets() -> None:
    _table(
        "budget",
        _must("book", TEXT),
        _must("position", BIG),
        _must("kind", TEXT),
        _must("quarter", TEXT),
        _must("team", TEXT),
        _must("amount_minor", BIG),
        _must("effective_on", DAY),
        key=("book", "position"),
    )


def _partitions(table: str) -> list[str]:
    return [f"{table}_p{number:02}" for number in range(PARTITIONS)]


def _create_partitions() -> None:
    for table in ("event", "posting"):
        for remainder, partition in enumerate(_partitions(table)):
            op.execute(
                f"CREATE TABLE {partition} PARTITION OF {table} "
                f"FOR VALUES WITH (MODULUS {PARTITIONS}, REMAINDER {remainder})"
            )


#: On SQLite a clash is refused before the row is written, since OR REPLACE deletes the old row without a trigger.
SQLITE_TRIGGERS = (
    """
    CREATE TRIGGER event_no_update BEFORE UPDATE ON event
    BEGIN SELECT RAISE(ABORT, 'debt-ledger: events are immutable'); END
    """,
    """
    CREATE TRIGGER event_no_delete BEFORE DELETE ON event
    BEGIN SELECT RAISE(ABORT, 'debt-ledger: events are immutable'); END
    """,
    """
    CREATE TRIGGER event_append BEFORE INSERT ON event
    BEGIN
        SELECT RAISE(ABORT, 'debt-ledger: events are immutable: one is there already')
        WHERE EXISTS (SELECT 1 FROM event WHERE book = NEW.book AND position = NEW.position)
           OR EXISTS (SELECT 1 FROM event
                      WHERE book = NEW.book AND stream = NEW.stream AND stream_version = NEW.stream_version)
           OR EXISTS (SELECT 1 FROM event WHERE book = NEW.book AND event_id = NEW.event_id);
        SELECT RAISE(ABORT, 'debt-ledger: positions are dense: the next one is the last one plus 1')
        WHERE NEW.position IS NOT (SELECT coalesce(max(position), 0) + 1 FROM event WHERE book = NEW.book);
    END
    """,
    """
    CREATE TRIGGER request_no_update BEFORE UPDATE ON request
    BEGIN SELECT RAISE(ABORT, 'debt-ledger: requests are immutable'); END
    """,
    """
    CREATE TRIGGER request_no_delete BEFORE DELETE ON request
    BEGIN SELECT RAISE(ABORT, 'debt-ledger: requests are immutable'); END
    """,
    """
    CREATE TRIGGER request_append BEFORE INSERT ON request
    BEGIN
        SELECT RAISE(ABORT, 'debt-ledger: requests are immutable: one is there already')
        WHERE EXISTS (SELECT 1 FROM request WHERE book = NEW.book AND key = NEW.key);
    END
    """,
)


def _guard_sqlite() -> None:
    for statement in SQLITE_TRIGGERS:
        # Not op.execute: it would read `:name` in a text as a parameter.
        op.get_bind().exec_driver_sql(statement)


def _plan_sqlite() -> None:
    """Tell SQLite's planner that a book has many rows and that the columns after it tell them apart.

    Without statistics it takes `book` at the start of the primary key to be selective, and walks the whole
    book to find one stream or one request. A later ANALYZE replaces these figures by measured ones.
    """
    bind = op.get_bind()
    bind.exec_driver_sql("ANALYZE")  # makes the table of statistics, empty as the database is
    indexes = bind.exec_driver_sql(
        "SELECT m.tbl_name, i.name, (SELECT count(*) FROM pragma_index_info(i.name)), i.origin "
        "FROM sqlite_master AS m JOIN pragma_index_list(m.name) AS i "
        "WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND m.name <> 'alembic_version'"
    ).all()
    for table, index, columns, origin in indexes:
        # Rows in all, rows per value of the first column, of the first two, and so on; 1 for the whole key.
        rows = " ".join(["1000000", "1000000", *["10"] * (columns - 2), "1"][: columns + 1])
        # The primary key of a table without rowid goes by the table's name.
        bind.exec_driver_sql(
            "INSERT INTO sqlite_stat1 VALUES (?, ?, ?)", (table, table if origin == "pk" else index, rows)
        )


#: Refuses, saying what its trigger was told to say; an IntegrityError to a client, as on SQLite.
REFUSE_FUNCTION = """
BEGIN
    RAISE EXCEPTION '%', TG_ARGV[0] USING ERRCODE = 'restrict_violation';
END
"""

#: Who wrote is the server's word and not the client's, and positions are dense. A primary key stops clashes.
APPEND_FUNCTION = """
BEGIN
    NEW."session_user" := session_user;
    IF NEW.position IS DISTINCT FROM (
        SELECT coalesce(max(e.position), 0) + 1 FROM event e WHERE e.book = NEW.book
    ) THEN
        RAISE EXCEPTION 'debt-ledger: positions are dense: the next one is the last one plus 1'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END
"""


def _guard_postgresql() -> None:
    schema = op.get_bind().exec_driver_sql("SELECT quote_ident(current_schema())").scalar_one()
    for name, body in (("debt_ledger_refuse", REFUSE_FUNCTION), ("debt_ledger_append", APPEND_FUNCTION)):
        # The search path is fixed, so that a temporary table named `event` cannot stand in for the real one.
        op.get_bind().exec_driver_sql(
            f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql "
            f"SET search_path = pg_catalog, {schema}, pg_temp AS $${body.replace('%', '%%')}$$"
        )
    for table, what in (("event", "events"), ("request", "requests")):
        refuse = f"EXECUTE FUNCTION debt_ledger_refuse('debt-ledger: {what} are immutable')"
        _trigger(table, f"{table}_no_update", f"BEFORE UPDATE ON {table} FOR EACH ROW {refuse}")
        _trigger(table, f"{table}_no_delete", f"BEFORE DELETE ON {table} FOR EACH ROW {refuse}")
        # Statement triggers are not passed on to partitions, which can be truncated one by one.
        for truncated in (table, *(_partitions(table) if table == "event" else ())):
            _trigger(truncated, f"{table}_no_truncate", f"BEFORE TRUNCATE ON {truncated} FOR EACH STATEMENT {refuse}")
    _trigger("event", "event_append", "BEFORE INSERT ON event FOR EACH ROW EXECUTE FUNCTION debt_ledger_append()")


def _trigger(table: str, name: str, definition: str) -> None:
    op.get_bind().exec_driver_sql(f"CREATE TRIGGER {name} {definition}")
    # Always: an ordinary trigger is skipped by a session that calls itself a replica.
    # The partitions' copies of a row trigger are switched one by one, for PostgreSQL 14 and older.
    for owner in (table, *(_partitions(table) if table == "event" and not name.endswith("truncate") else ())):
        op.execute(f"ALTER TABLE ONLY {owner} ENABLE ALWAYS TRIGGER {name}")
