"""Guards lifted for an attack, and put back so that the schema shows nothing of it."""

from __future__ import annotations

from dataclasses import dataclass, field

from sqlalchemy import Connection

from tests.helpers.small_ledger import drop_triggers, loosen, put_triggers_back

_RULES = """
SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
WHERE contype = 'c' AND coninhcount = 0 AND connamespace = current_schema()::regnamespace
"""


@dataclass
class LiftedGuards:
    """The triggers, and what holds rows to their form: constraints, and on SQLite types. form: whether that goes too."""

    connection: Connection
    form: bool
    _texts: list[tuple[str, ...]] = field(default_factory=list)

    @property
    def _sqlite(self) -> bool:
        return self.connection.dialect.name == "sqlite"

    def lift(self) -> None:
        """Take the guards away, and remember them."""
        drop_triggers(self.connection)
        if self.form:
            asked = "SELECT name, sql FROM sqlite_master WHERE type = 'table'" if self._sqlite else _RULES
            self._texts = [tuple(row) for row in self.connection.exec_driver_sql(asked)]
            loosen(self.connection)

    def put_back(self) -> None:
        """Put every guard back, by the hand of somebody who knows the catalogue: what was done meanwhile is not held to it."""
        put_triggers_back(self.connection)
        if self._texts and self._sqlite:
            rewrite_schema(self.connection, dict(self._texts))
        elif self._texts:
            for table, name, definition in self._texts:
                self.connection.exec_driver_sql(f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition} NOT VALID")
            self.connection.exec_driver_sql("UPDATE pg_constraint SET convalidated = true WHERE NOT convalidated")


def rewrite_schema(connection: Connection, texts: dict[str, str]) -> None:
    """Give objects of an SQLite file other texts, without a look at what they hold."""
    version = connection.exec_driver_sql("PRAGMA schema_version").scalar_one()
    connection.exec_driver_sql("PRAGMA writable_schema=ON")
    for name, text in texts.items():
        connection.exec_driver_sql("UPDATE sqlite_master SET sql = ? WHERE name = ?", (text, name))
    connection.exec_driver_sql(f"PRAGMA schema_version={version + 1}")
    connection.exec_driver_sql("PRAGMA writable_schema=OFF")
