"""The ground of an attack: a database whose tables, columns, keys and rows are read from its own catalogue, not from a list."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

Values = dict[str, Any]

_SQLITE_COLUMNS = 'SELECT name, lower(type) AS type, pk FROM pragma_table_info(:name) ORDER BY "cid"'
_POSTGRESQL_COLUMNS = """
SELECT a.attname AS name, format_type(a.atttypid, NULL) AS type,
       coalesce(array_position(i.indkey::int[], a.attnum::int) + 1, 0) AS pk
FROM pg_attribute a LEFT JOIN pg_index i ON i.indrelid = a.attrelid AND i.indisprimary
WHERE a.attrelid = to_regclass(:name) AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum
"""
_TABLES = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name",
    "postgresql": """SELECT relname FROM pg_class WHERE relnamespace = current_schema()::regnamespace
                     AND relkind IN ('r', 'p') AND NOT relispartition ORDER BY relname COLLATE "C" """,
}


class Foiled(Exception):
    """The database refused it, or there was nothing to do it to."""


@dataclass(frozen=True)
class Attacked:
    """A column. kind: the type it declares, in lower case, as the database spells it. key: whether it is in the primary key."""

    name: str
    kind: str
    key: bool

    @property
    def quoted(self) -> str:
        return f'"{self.name}"'


@dataclass
class Ground:
    """A transaction in an attacked database, and the dice that decide what is done there."""

    connection: Connection
    dice: Random
    book: str

    @property
    def sqlite(self) -> bool:
        return self.connection.dialect.name == "sqlite"

    def rows(self, statement: str, **values: Any) -> list[Values]:
        """What a question finds."""
        return [dict(row) for row in self.connection.execute(text(statement), values).mappings()]

    def run(self, statement: str, **values: Any) -> int:
        """How many rows a statement did something to. Raises Foiled, with nothing done, where the database refuses."""
        try:
            with self.connection.begin_nested():
                return int(self.connection.execute(text(statement), values).rowcount)
        except DBAPIError as error:
            raise Foiled(str(error.orig).splitlines()[0]) from error

    def tables(self) -> list[str]:
        """Every table, in order of name."""
        return [str(*row.values()) for row in self.rows(_TABLES[self.connection.dialect.name])]

    def a_table(self) -> str:
        """Any table that has rows."""
        filled = [name for name in self.tables() if self.count(name)]
        return self.dice.choice(filled)

    def columns(self, table: str) -> list[Attacked]:
        """Every column, in order."""
        found = self.rows(_SQLITE_COLUMNS if self.sqlite else _POSTGRESQL_COLUMNS, name=table)
        return [Attacked(row["name"], row["type"], row["pk"] > 0) for row in found]

    def count(self, table: str) -> int:
        return int(self.rows(f"SELECT count(*) AS n FROM {table}")[0]["n"])

    def some_rows(self, table: str, number: int = 1) -> list[Values]:
        """So many different rows, or as many as there are, by their keys."""
        key = [column.quoted for column in self.columns(table) if column.key] or ["1"]
        found = self.rows(f"SELECT * FROM {table} ORDER BY {', '.join(key)}")
        if not found:
            raise Foiled(f"{table} is empty")
        return self.dice.sample(found, min(number, len(found)))

    def place(self, table: str, row: Values) -> tuple[str, Values]:
        """A condition that only this row fulfils, and its values."""
        columns = self.columns(table)
        chosen = [column for column in columns if column.key] or columns
        same = "IS" if self.sqlite else "IS NOT DISTINCT FROM"
        conditions = [f"{column.quoted} {same} :at_{column.name}" for column in chosen]
        return " AND ".join(conditions), {f"at_{column.name}": row[column.name] for column in chosen}

    def another(self, table: str, column: Attacked) -> str:
        """An expression for another value of a column, of a random type where the database takes any."""
        old = column.quoted
        elsewhere = (
            f"(SELECT o.{old} FROM {table} o ORDER BY 1 LIMIT 1 OFFSET {self.dice.randrange(self.count(table))})"
        )
        pool = _any_type(old) if self.sqlite else _of_type(column.kind, old)
        return elsewhere if self.dice.random() < 0.2 else self.dice.choice(pool)


#: Something that is done to a database; returns what it was. Raises Foiled where nothing was done.
Stroke = Callable[[Ground], str]

_ANY = ("NULL", "0", "1", "-1", "9223372036854775807", "0.5", "-1e300", "''", "'x'", "x'00ff'", "'2026-02-30'")


def _any_type(old: str) -> Sequence[str]:
    return (
        *_ANY,
        *(f"{old} {what}" for what in ("+ 1", "- 1", "* 2", "/ 2", "+ 0.0", "|| 'x'", "|| ' '", "|| char(0)")),
        *(f"{function}({old})" for function in ("-", "abs", "upper", "lower", "hex")),
        *(f"CAST({old} AS {kind})" for kind in ("REAL", "BLOB", "TEXT", "INTEGER")),
        *(f"date({old}, '{by}')" for by in ("+1 day", "-1 day", "+1 year", "-400 days")),
    )


def _of_type(kind: str, old: str) -> Sequence[str]:
    match kind:
        case "bigint" | "integer" | "smallint":
            return ("NULL", "0", "1", "-1", *(f"{old} {what}" for what in ("+ 1", "- 1", "* 2", "/ 2")), f"-{old}")
        case "date":
            return ("NULL", "DATE 'infinity'", "DATE '0044-03-15 BC'", f"{old} + 1", f"{old} - 1", f"{old} + 400")
        case "text" | "character varying":
            changed = (f"{old} || 'x'", f"{old} || ' '", f"upper({old})", f"lower({old})", f"reverse({old})")
            return ("NULL", "''", "'x'", "'2026-02-30'", *changed)
        case _:
            return ("NULL",)
