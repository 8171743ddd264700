"""The tables that hold facts. Read models are defined beside their projection (ledger.tables.projections).

Every primary key starts with the book. The columns of `event` are copies of its body for searching;
`debt verify` compares them. The database itself is made by migrations alone; a test holds this metadata
against a migrated database. What PostgreSQL alone has (partitions) is in the migration only: naming a
dialect's option here makes SQLAlchemy import that dialect, a fifth of a second in every command.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    Date,
    Index,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
    bindparam,
)

metadata = MetaData()

#: The schema this code reads and writes: the newest migration's revision.
SCHEMA_VERSION = "0004"

event = Table(
    "event",
    metadata,
    Column("book", Text, nullable=False),
    Column("position", BigInteger, nullable=False),
    Column("event_id", Text, nullable=False),
    Column("stream", Text, nullable=False),
    Column("stream_version", Integer, nullable=False),
    Column("stored_as", Text, nullable=False),
    Column("effective_on", Date, nullable=False),
    # RFC 3339 with six decimals and Z: sorts as text, and is the body's own spelling.
    Column("recorded_at", Text, nullable=False),
    Column("actor", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("hash", Text, nullable=False),
    # Who wrote, in the database's own word: set by a trigger on PostgreSQL, null on SQLite, outside the hash.
    Column("session_user", Text, nullable=True),
    PrimaryKeyConstraint("book", "position", name="event_pk"),
    UniqueConstraint("book", "stream", "stream_version", name="event_stream_uq"),
    UniqueConstraint("book", "event_id", name="event_id_uq"),
    Index("event_effective_ix", "book", "effective_on"),
    sqlite_with_rowid=False,
)

# The few events that close a period, for the trigger that guards them. Partial on both databases (see the migration).
Index("event_closing_ix", event.c.book, sqlite_where=event.c.stored_as == "period-closed/1")
# The few events that set a policy, for who asks whether one is in force. Partial on both databases too.
Index("event_policy_ix", event.c.book, event.c.position, sqlite_where=event.c.stored_as == "policy-set/1")
#: What is said of items and posts nothing, and lists of items show: found without walking all that was posted.
REMARKED = ("item-retitled/1", "item-linked/1", "item-tagged/1", "item-assigned/1", "interest-observed/1")
Index(
    "event_remark_ix",
    event.c.book,
    event.c.position,
    sqlite_where=event.c.stored_as.in_(bindparam("names", REMARKED, expanding=True, literal_execute=True)),
)

request = Table(
    "request",
    metadata,
    Column("book", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("request_json", Text, nullable=False),
    Column("first_position", BigInteger, nullable=False),
    Column("last_position", BigInteger, nullable=False),
    # sha256 of the request with its date filled in: finds the same request made again without a key.
    Column("fingerprint", Text, nullable=False),
    PrimaryKeyConstraint("book", "key", name="request_pk"),
    Index("request_fingerprint_ix", "book", "fingerprint"),
    sqlite_with_rowid=False,
)

head = Table(
    "head",
    metadata,
    Column("book", Text, nullable=False),
    Column("position", BigInteger, nullable=False),
    Column("hash", Text, nullable=False),
    Column("recorded_at", Text, nullable=False),
    PrimaryKeyConstraint("book", name="head_pk"),
    sqlite_with_rowid=False,
)
