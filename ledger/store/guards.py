"""The guards: what makes the database itself refuse to alter a fact, and how to see that they are in place.

The migrations put them there; this is the one place that says what they should be. A guard that was
dropped, switched off, or replaced by one that does nothing is found by `missing_guards`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, UniqueConstraint, inspect

from ledger.tables.facts import event, request

FACTS = (event, request)

#: Partitions of `event` on PostgreSQL; each has the guards of its own.
EVENT_PARTITIONS = tuple(f"event_p{number:02}" for number in range(16))

#: Name of the trigger: its text, white space aside.
SQLITE_TRIGGERS = {
    "event_no_update": (
        "CREATE TRIGGER event_no_update BEFORE UPDATE ON event "
        "BEGIN SELECT RAISE(ABORT, 'debt-ledger: events are immutable'); END"
    ),
    "event_no_delete": (
        "CREATE TRIGGER event_no_delete BEFORE DELETE ON event "
        "BEGIN SELECT RAISE(ABORT, 'debt-ledger: events are immutable'); END"
    ),
    "event_append": (
        "CREATE TRIGGER event_append BEFORE INSERT ON event BEGIN "
        "SELECT RAISE(ABORT, 'debt-ledger: events are immutable: one is there already') "
        "WHERE EXISTS (SELECT 1 FROM event WHERE book = NEW.book AND position = NEW.position) "
        "OR EXISTS (SELECT 1 FROM event "
        "WHERE book = NEW.book AND stream = NEW.stream AND stream_version = NEW.stream_version) "
        "OR EXISTS (SELECT 1 FROM event WHERE book = NEW.book AND event_id = NEW.event_id); "
        "SELECT RAISE(ABORT, 'debt-ledger: positions are dense: the next one is the last one plus 1') "
        "WHERE NEW.position IS NOT (SELECT coalesce(max(position), 0) + 1 FROM event WHERE book = NEW.book); END"
    ),
    "event_closed": (
        "CREATE TRIGGER event_closed BEFORE INSERT ON event BEGIN "
        "SELECT RAISE(ABORT, 'debt-ledger: the period is closed: nothing may be effective in it') "
        "WHERE NEW.effective_on <= ( SELECT max(json_extract(body, '$.data.last_day')) FROM event "
        "WHERE book = NEW.book AND stored_as = 'period-closed/1'); END"
    ),
    "request_no_update": (
        "CREATE TRIGGER request_no_update BEFORE UPDATE ON request "
        "BEGIN SELECT RAISE(ABORT, 'debt-ledger: requests are immutable'); END"
    ),
    "request_no_delete": (
        "CREATE TRIGGER request_no_delete BEFORE DELETE ON request "
        "BEGIN SELECT RAISE(ABORT, 'debt-ledger: requests are immutable'); END"
    ),
    "request_append": (
        "CREATE TRIGGER request_append BEFORE INSERT ON request BEGIN "
        "SELECT RAISE(ABORT, 'debt-ledger: requests are immutable: one is there already') "
        "WHERE EXISTS (SELECT 1 FROM request WHERE book = NEW.book AND key = NEW.key); END"
    ),
}

#: Name of the PostgreSQL function: its body, white space aside.
POSTGRESQL_FUNCTIONS = {
    "debt_ledger_refuse": "BEGIN RAISE EXCEPTION '%', TG_ARGV[0] USING ERRCODE = 'restrict_violation'; END",
    "debt_ledger_append": (
        'BEGIN NEW."session_user" := session_user; '
        "IF NEW.position IS DISTINCT FROM ( "
        "SELECT coalesce(max(e.position), 0) + 1 FROM event e WHERE e.book = NEW.book ) THEN "
        "RAISE EXCEPTION 'debt-ledger: positions are dense: the next one is the last one plus 1' "
        "USING ERRCODE = 'restrict_violation'; END IF; "
        "IF NEW.effective_on <= ( SELECT max((e.body::jsonb #>> '{data,last_day}')::date) FROM event e "
        "WHERE e.book = NEW.book AND e.stored_as = 'period-closed/1' ) THEN "
        "RAISE EXCEPTION 'debt-ledger: the period is closed: nothing may be effective in it' "
        "USING ERRCODE = 'restrict_violation'; END IF; "
        "RETURN NEW; END"
    ),
}

# When a PostgreSQL trigger fires, as its catalogue counts (pg_trigger.tgtype).
_BEFORE_EACH_ROW_INSERT = 1 + 2 + 4
_BEFORE_EACH_ROW_DELETE = 1 + 2 + 8
_BEFORE_EACH_ROW_UPDATE = 1 + 2 + 16
_BEFORE_TRUNCATE = 2 + 32


@dataclass(frozen=True, slots=True)
class PostgresTrigger:
    """What makes a trigger of PostgreSQL do its work: when it fires, which function, told what."""

    fires: int
    function: str
    argument: str = ""


def postgresql_triggers() -> dict[tuple[str, str], PostgresTrigger]:
    """Every trigger there should be, by table (or partition) and name."""
    wanted: dict[tuple[str, str], PostgresTrigger] = {}
    for table, what, places in (
        ("event", "events", ("event", *EVENT_PARTITIONS)),
        ("request", "requests", ("request",)),
    ):
        message = f"debt-ledger: {what} are immutable"
        for place in places:
            for verb, fires in (
                ("update", _BEFORE_EACH_ROW_UPDATE),
                ("delete", _BEFORE_EACH_ROW_DELETE),
                ("truncate", _BEFORE_TRUNCATE),
            ):
                wanted[place, f"{table}_no_{verb}"] = PostgresTrigger(fires, "debt_ledger_refuse", message)
            if table == "event":
                wanted[place, "event_append"] = PostgresTrigger(_BEFORE_EACH_ROW_INSERT, "debt_ledger_append")
    return wanted


def missing_guards(connection: Connection) -> list[str]:
    """What is not as it should be, one sentence each; empty if the database protects its facts.

    Needs no rights but to read: an auditor may ask.
    """
    if connection.dialect.name == "postgresql":
        return [*_missing_keys(connection), *_missing_on_postgresql(connection)]
    return [*_missing_keys(connection), *_missing_on_sqlite(connection)]


def _missing_keys(connection: Connection) -> Iterator[str]:
    """Keys of the tables of facts that no longer hold: they stop two facts from being one."""
    inspector = inspect(connection)
    for table in FACTS:
        if not inspector.has_table(table.name):
            yield f"The table {table.name} is missing."
            continue
        if inspector.get_pk_constraint(table.name)["constrained_columns"] != [c.name for c in table.primary_key]:
            yield f"The primary key of {table.name} is missing or another."
        found = {found["name"]: found["column_names"] for found in inspector.get_unique_constraints(table.name)}
        for wanted in table.constraints:
            if isinstance(wanted, UniqueConstraint) and found.get(str(wanted.name)) != [c.name for c in wanted.columns]:
                yield f"The unique key {wanted.name} of {table.name} is missing or another."


def _missing_on_sqlite(connection: Connection) -> Iterator[str]:
    rows = connection.exec_driver_sql(
        "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name IN ('event', 'request')"
    )
    found = {name: _squeezed(sql) for name, sql in rows}
    for name, wanted in SQLITE_TRIGGERS.items():
        if name not in found:
            yield f"The trigger {name} is missing."
        elif found[name] != wanted:
            yield f"The trigger {name} is not the one the migrations made."
    for name in sorted(found.keys() - SQLITE_TRIGGERS.keys()):
        yield f"The trigger {name} is not the ledger's."
    mode = connection.exec_driver_sql("PRAGMA journal_mode").scalar_one()
    if mode != "wal":
        yield f"The journal mode is {mode}, not wal."


_FOUND_TRIGGERS = """
SELECT c.relname, t.tgname, t.tgenabled, t.tgtype, t.tgqual IS NOT NULL OR t.tgattr::text <> '' AS conditional,
       encode(t.tgargs, 'escape') AS arguments, p.proname, p.pronamespace = c.relnamespace AS own_function
FROM pg_trigger t
JOIN pg_class c ON c.oid = t.tgrelid
JOIN pg_proc p ON p.oid = t.tgfoid
WHERE NOT t.tgisinternal
  AND (c.oid IN (to_regclass('event'), to_regclass('request'))
       OR c.oid IN (SELECT inhrelid FROM pg_inherits WHERE inhparent = to_regclass('event')))
"""

_FOUND_FUNCTIONS = """
SELECT p.proname, p.prosrc, l.lanname, p.prosecdef, p.proconfig, quote_ident(n.nspname) AS schema
FROM pg_proc p
JOIN pg_language l ON l.oid = p.prolang
JOIN pg_namespace n ON n.oid = p.pronamespace
WHERE p.pronargs = 0 AND p.pronamespace = (SELECT relnamespace FROM pg_class WHERE oid = to_regclass('event'))
"""


def _missing_on_postgresql(connection: Connection) -> Iterator[str]:
    triggers = {(row.relname, row.tgname): row for row in connection.exec_driver_sql(_FOUND_TRIGGERS)}
    wanted = postgresql_triggers()
    for (place, name), trigger in wanted.items():
        if (place, name) not in triggers:
            yield f"The trigger {name} on {place} is missing."
        else:
            yield from _trigger_faults(f"The trigger {name} on {place}", trigger, triggers[place, name])
    for place, name in sorted(triggers.keys() - wanted.keys()):
        yield f"The trigger {name} on {place} is not the ledger's."

    functions = {row.proname: row for row in connection.exec_driver_sql(_FOUND_FUNCTIONS)}
    for name, body in POSTGRESQL_FUNCTIONS.items():
        row = functions.get(name)
        if row is None:
            yield f"The function {name} is missing."
        elif (_squeezed(row.prosrc), row.lanname, row.prosecdef, row.proconfig) != (
            body,
            "plpgsql",
            False,
            [f"search_path=pg_catalog, {row.schema}, pg_temp"],
        ):
            yield f"The function {name} is not the one the migrations made."


def _trigger_faults(subject: str, wanted: PostgresTrigger, row: Any) -> Iterator[str]:
    # A: always. O fires too, but not in a session that calls itself a replica.
    if row.tgenabled not in ("A", b"A"):
        yield f"{subject} is switched off, or can be passed by a session that calls itself a replica."
    found = PostgresTrigger(row.tgtype, row.proname, row.arguments.removesuffix("\\000"))
    if found != wanted or row.conditional or not row.own_function:
        yield f"{subject} is not the one the migrations made."


def _squeezed(text: str | None) -> str:
    return " ".join((text or "").split())
