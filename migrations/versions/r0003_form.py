"""Form: the database itself refuses a row that no event can have led to, by its types and by constraints.

Frozen once released: it spells everything out and never imports the ledger's tables. The constraints are of form
alone: what a ledger of any release wrote keeps them. On SQLite the tables are made anew as STRICT ones, whose columns
hold what they are declared to hold; every row is copied and compared. A row that breaks the form was not written by the
ledger: the migration refuses and names it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from alembic import op
from alembic.util import CommandError
from sqlalchemy import Connection

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


class ValueForm(NamedTuple):
    """What the values of a column look like: an SQL condition on `{}`, the column, for each database."""

    sqlite: str
    postgresql: str


def _both(condition: str) -> ValueForm:
    return ValueForm(condition, condition)


_MOMENT = "[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-9][0-9]:[0-9][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]Z"
_QUARTER = "[0-9][0-9][0-9][0-9]Q[1-4]"

ANY = None
FROM_0 = _both("{} >= 0")
FROM_1 = _both("{} >= 1")
# The type of the column on PostgreSQL, to which SQLite's integers are held as well.
COUNT = _both("{} BETWEEN 1 AND 2147483647")
LEG = _both("{} BETWEEN 0 AND 32767")
#: A day, counted from 1970-01-01; of the years 1 to 9999, as every other day.
DAY_NUMBER = _both("{} BETWEEN -719162 AND 2932896")
# Moved by no days: only then SQLite finds out that there is no 30 February.
DAY = ValueForm("date({0}, '+0 days') IS {0}", "{} BETWEEN '0001-01-01' AND '9999-12-31'")
HASH = ValueForm("length(CAST({0} AS BLOB)) = 64 AND {0} NOT GLOB '*[^0-9a-f]*'", "{} ~ '^[0-9a-f]{{64}}$'")
MOMENT = ValueForm(f"{{}} GLOB '{_MOMENT}'", f"{{}} ~ '^{_MOMENT.replace('.', '[.]')}$'")
#: Of a head: empty in the transaction that opens the book, before its first event.
MOMENT_OR_NONE = ValueForm(
    f"{MOMENT.sqlite} OR {{0}} = ''".replace("{}", "{0}"), f"{{0}} ~ '^({_MOMENT.replace('.', '[.]')})?$'"
)
QUARTER = ValueForm(f"{{}} GLOB '{_QUARTER}'", f"{{}} ~ '^{_QUARTER}$'")
NATURE = _both("{} IN ('debt', 'neglect')")
DIMENSION = _both("{} IN ('input', 'system', 'output', 'time')")
BUDGET_KIND = _both("{} IN ('budget', 'forecast')")
STORED_NAME = ValueForm("{} GLOB '[a-z]*/[1-9]*'", "{} ~ '^[a-z].*/[1-9]'")
JSON_OBJECT = ValueForm("{} GLOB '{{*}}'", "left({0}, 1) = '{{' AND right({0}, 1) = '}}'")


class Field(NamedTuple):
    """A column as SQLite declares it. form: ANY where its type says all there is to say."""

    name: str
    type: str
    form: ValueForm | None
    required: bool = True

    @property
    def spelled(self) -> str:
        """As an identifier; one of them, `until`, `key` and the like, may be a word of SQL one day."""
        return f'"{self.name}"'


def _text(name: str, form: ValueForm | None = ANY, *, required: bool = True) -> Field:
    return Field(name, "TEXT", form, required)


def _integer(name: str, form: ValueForm | None = ANY, *, required: bool = True) -> Field:
    return Field(name, "INTEGER", form, required)


class Described(NamedTuple):
    """A table: its columns, its primary key, its other unique keys by name, its indexes and triggers."""

    fields: tuple[Field, ...]
    key: tuple[str, ...] = ("book", "position")
    unique: tuple[tuple[str, tuple[str, ...]], ...] = ()
    indexes: tuple[str, ...] = ()
    triggers: tuple[str, ...] = ()
    #: A condition on several columns, by the end of its constraint's name.
    beside: tuple[tuple[str, str], ...] = ()


_PLACE = (_text("book"), _integer("position", FROM_1))

TABLES = {
    "event": Described(
        (
            *_PLACE,
            _text("event_id"),
            _text("stream"),
            _integer("stream_version", COUNT),
            _text("stored_as", STORED_NAME),
            _text("effective_on", DAY),
            _text("recorded_at", MOMENT),
            _text("actor"),
            _text("body", JSON_OBJECT),
            _text("hash", HASH),
            _text("session_user", required=False),
        ),
        unique=(("event_stream_uq", ("book", "stream", "stream_version")), ("event_id_uq", ("book", "event_id"))),
        indexes=("event_effective_ix", "event_closing_ix"),
        triggers=("event_no_update", "event_no_delete", "event_append", "event_closed"),
    ),
    "request": Described(
        (
            _text("book"),
            _text("key"),
            _text("request_json", JSON_OBJECT),
            _integer("first_position", FROM_1),
            _integer("last_position", FROM_1),
            _text("fingerprint", HASH),
        ),
        key=("book", "key"),
        indexes=("request_fingerprint_ix",),
        triggers=("request_no_update", "request_no_delete", "request_append"),
        beside=(("span", "first_position <= last_position"),),
    ),
    "head": Described(
        (_text("book"), _integer("position", FROM_0), _text("hash", HASH), _text("recorded_at", MOMENT_OR_NONE)),
        key=("book",),
    ),
    "posting": Described(
        (
            *_PLACE,
            _integer("leg", LEG),
            _text("item"),
            _text("account"),
            _text("movement"),
            _integer("amount_minor"),
            _text("effective_on", DAY),
            _text("nature", NATURE, required=False),
            _text("dimension", DIMENSION, required=False),
            _integer("carry_minor_per_year"),
            _integer("accrues_day", DAY_NUMBER, required=False),
            _integer("spent_minor"),
        ),
        key=("book", "position", "leg"),
        indexes=("posting_item_ix",),
    ),
    "item": Described(
        (
            *_PLACE,
            _text("item"),
            _text("system"),
            _integer("number", COUNT),
            _text("title"),
            _text("dimension", DIMENSION),
            _text("category"),
            _text("nature", NATURE),
            _text("effective_on", DAY),
            _text("opened_on", DAY),
            _integer("principal_minor", required=False),
            _text("cause", required=False),
            _text("source", required=False),
            _text("external_key", required=False),
            _text("content_hash", required=False),
        ),
        indexes=("item_number_ix", "item_key_ix"),
    ),
    "term": Described(
        (
            *_PLACE,
            _text("item"),
            _text("effective_on", DAY),
            _text("decided_by", required=False),
            _text("repay_by", QUARTER, required=False),
            _text("until", DAY, required=False),
            _text("planned_for", QUARTER, required=False),
        ),
        indexes=("term_item_ix",),
    ),
    "reversal": Described(
        (*_PLACE, _text("item"), _text("effective_on", DAY), _integer("reversed_position", FROM_1)),
        indexes=("reversal_reversed_ix",),
        beside=(("backwards", "reversed_position < position"),),
    ),
    "system": Described((*_PLACE, _text("system"), _text("name")), indexes=("system_key_ix",)),
    "owner": Described(
        (
            *_PLACE,
            _text("system"),
            _text("effective_on", DAY, required=False),
            _text("team", required=False),
            _text("cost_centre", required=False),
        )
    ),
    "dependency": Described(
        (*_PLACE, _text("system"), _text("reads_from"), _text("what", required=False), _text("effective_on", DAY))
    ),
    "retirement": Described((*_PLACE, _text("system"), _text("effective_on", DAY))),
    "budget": Described(
        (
            *_PLACE,
            _text("kind", BUDGET_KIND),
            _text("quarter", QUARTER),
            _text("team"),
            _integer("amount_minor"),
            _text("effective_on", DAY),
        )
    ),
}

#: STRICT tables came with it.
_OLDEST_SQLITE = (3, 37)


def upgrade() -> None:
    """Bring the database from 0002 to 0003. Raises CommandError for a row that the ledger cannot have written."""
    bind = op.get_bind()
    if bind.dialect.name == "postgresql":
        for name, table in TABLES.items():
            rules = dict(_rules(name, table, postgresql=True))
            _refuse_rows(bind, name, table, rules)
            # One statement, and so one pass over the rows.
            bind.exec_driver_sql(
                f"ALTER TABLE {name} " + ", ".join(f"ADD CONSTRAINT {rule} CHECK ({rules[rule]})" for rule in rules)
            )
    else:
        _upgrade_sqlite(bind)


def downgrade() -> None:
    """A ledger never goes back: restore a backup instead."""
    raise NotImplementedError("a ledger is never downgraded; restore a backup")


def _rules(name: str, table: Described, *, postgresql: bool) -> Iterator[tuple[str, str]]:
    """Constraints by name, each a condition that no row may make false."""
    for field in table.fields:
        if field.form is not ANY:
            form = field.form.postgresql if postgresql else field.form.sqlite
            yield f"{name}_{field.name}_ck", form.format(field.spelled)
    for end, condition in table.beside:
        yield f"{name}_{end}_ck", condition


def _refuse_rows(bind: Connection, name: str, table: Described, rules: dict[str, str]) -> None:
    """Raise CommandError for the first row that breaks a rule, and name both."""
    broken = " ".join(f"WHEN NOT ({condition}) THEN '{rule}'" for rule, condition in rules.items())
    keys = ", ".join(table.key)
    found = bind.exec_driver_sql(
        f"SELECT {keys}, broken FROM (SELECT {keys}, CASE {broken} END AS broken FROM {name}) AS judged "
        "WHERE broken IS NOT NULL LIMIT 1"
    ).one_or_none()
    if found is not None:
        place = ", ".join(f"{key} {value!r}" for key, value in zip(table.key, found, strict=False))
        raise CommandError(
            f"The row at {place} of the table {name} breaks {found.broken} ({rules[found.broken]}): no ledger wrote it. "
            "Nothing was changed. Find out who did, and restore a backup."
        )


def _upgrade_sqlite(bind: Connection) -> None:
    found = tuple(int(part) for part in bind.exec_driver_sql("SELECT sqlite_version()").scalar_one().split("."))
    if found < _OLDEST_SQLITE:
        raise CommandError(
            f"SQLite {'.'.join(map(str, found))} knows no STRICT tables: 3.37 is the oldest that does. Nothing was "
            "changed. Use a Python that was built with a newer SQLite."
        )
    _refuse_strangers(bind)
    statistics = bind.exec_driver_sql("SELECT tbl, idx, stat FROM sqlite_stat1").all()
    for name, table in TABLES.items():
        types = ((f"the type of {field.name}", _is_of_type(field)) for field in table.fields)
        _refuse_rows(bind, name, table, {**dict(types), **dict(_rules(name, table, postgresql=False))})
        _rebuild(bind, name, table)
    # Those of a table and of its indexes went with it.
    bind.exec_driver_sql("DELETE FROM sqlite_stat1")
    for row in statistics:
        bind.exec_driver_sql("INSERT INTO sqlite_stat1 VALUES (?, ?, ?)", tuple(row))


def _is_of_type(field: Field) -> str:
    types = [field.type.lower(), *([] if field.required else ["null"])]
    return f"typeof({field.spelled}) IN ({', '.join(map(repr, types))})"


def _refuse_strangers(bind: Connection) -> None:
    """Raise CommandError for what the earlier migrations did not make: it could read, write or hide rows meanwhile."""
    ours = {"alembic_version", *TABLES}
    for table in TABLES.values():
        ours.update(table.indexes, table.triggers)
    for kind, name in bind.exec_driver_sql(
        "SELECT type, name FROM sqlite_master WHERE name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
    ):
        if name not in ours:
            raise CommandError(
                f"The {kind} {name} is in the ledger's file and is not the ledger's. Nothing was changed. Find out who put "
                f"it there, take it away (DROP {kind.upper()}), and repeat the upgrade."
            )


def _rebuild(bind: Connection, name: str, table: Described) -> None:
    """Make a table anew as a STRICT one, with its rows, indexes and triggers."""
    there = [row[1] for row in bind.exec_driver_sql(f"PRAGMA table_info({name})")]
    if there != [field.name for field in table.fields]:
        raise CommandError(
            f"The table {name} has the columns {', '.join(there)}: no ledger made them. Nothing was changed. Restore a backup."
        )
    belonging = bind.exec_driver_sql(
        "SELECT type, name, sql FROM sqlite_master WHERE tbl_name = ? AND type IN ('index', 'trigger') AND sql IS NOT NULL",
        (name,),
    ).all()
    for kind, belongs, _ in belonging:
        bind.exec_driver_sql(f"DROP {kind} {belongs}")
    old = f"{name}_0002"
    columns = ", ".join(field.spelled for field in table.fields)
    bind.exec_driver_sql(f"ALTER TABLE {name} RENAME TO {old}")
    bind.exec_driver_sql(_created(name, table))
    bind.exec_driver_sql(f"INSERT INTO {name} ({columns}) SELECT {columns} FROM {old}")
    _refuse_difference(bind, name, old, table)
    bind.exec_driver_sql(f"DROP TABLE {old}")
    for _, _, statement in belonging:
        bind.exec_driver_sql(statement)


def _created(name: str, table: Described) -> str:
    lines = [f"{field.spelled} {field.type}{' NOT NULL' if field.required else ''}" for field in table.fields]
    keys = ((f"{name}_pk", "PRIMARY KEY", table.key), *((unique, "UNIQUE", over) for unique, over in table.unique))
    lines += [f"CONSTRAINT {key} {kind} ({', '.join(over)})" for key, kind, over in keys]
    lines += [f"CONSTRAINT {rule} CHECK ({condition})" for rule, condition in _rules(name, table, postgresql=False)]
    return f"CREATE TABLE {name} (\n    " + ",\n    ".join(lines) + "\n) STRICT, WITHOUT ROWID"


def _refuse_difference(bind: Connection, name: str, old: str, table: Described) -> None:
    """Raise CommandError unless every row of the old table is in the new one, with values of the same types."""
    same = " AND ".join(
        f"a.{field.spelled} IS b.{field.spelled} AND typeof(a.{field.spelled}) = typeof(b.{field.spelled})"
        for field in table.fields
    )
    joined = " AND ".join(f'a."{key}" = b."{key}"' for key in table.key)
    counts: Any = bind.exec_driver_sql(
        f"SELECT (SELECT count(*) FROM {old}), (SELECT count(*) FROM {name}), "
        f"(SELECT count(*) FROM {old} AS a JOIN {name} AS b ON {joined} WHERE {same})"
    ).one()
    if len(set(counts)) > 1:
        raise CommandError(
            f"The rows of {name} could not be copied as they were. Nothing was changed; restore a backup."
        )
