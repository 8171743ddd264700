"""A small ledger with a row in every table, and what a forger would do to it.

Everything happens inside one transaction that is rolled back, so that one ledger serves many forgeries.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

import msgspec
from sqlalchemy import Connection, Date, Engine, Integer, Table, bindparam, insert, select, update

from ledger.decide.adopt import Adopt
from ledger.decide.budget_set import SetBudget
from ledger.decide.command import Command
from ledger.decide.commission import Commission
from ledger.decide.forecast_set import SetForecast
from ledger.decide.init import OpenBook
from ledger.decide.note import AddNote
from ledger.decide.observe import Observe
from ledger.decide.plan import Plan
from ledger.decide.rate_set import SetRate
from ledger.decide.renew import Renew
from ledger.decide.repay import Repay
from ledger.decide.request import Request
from ledger.decide.reverse import Reverse
from ledger.decide.revise import Revise
from ledger.decide.system_add import AddSystem
from ledger.decide.system_change import ChangeSystem
from ledger.decide.system_retire import RetireSystem
from ledger.decide.write_off import WriteOff
from ledger.events.codec import canonical
from ledger.proof.chain import GENESIS, link
from ledger.store.catalogue import described
from ledger.store.engine import writing
from ledger.store.ledger import Ledger
from ledger.tables.facts import event, head, request
from ledger.tables.projections import PROJECTIONS
from ledger.vocabulary.quantities import Interest, Quantity

BOOK = "main"
TODAY = date(2026, 7, 1)
# A constraint of form, as migration 0003 spells it.
_RULE = re.compile(r",\n    CONSTRAINT \w+_ck CHECK .*?(?=,\n|\n)")
NOTE = "the note that a forger would rather not have written"


def commands(note: str = NOTE) -> Iterator[Command]:
    """A history that fills every table."""
    gate = {"decided_by": "anna", "because": "the fair", "benefit": "three weeks", "repay_by": "2026Q4"}
    yield OpenBook(currency="EUR", currency_exponent=2, fiscal_year_start=1, time_zone="UTC", on=date(2026, 1, 1))
    yield AddSystem(system="PRICE", name="Prices", team="red", on=date(2026, 1, 2))
    yield AddSystem(
        system="FRAUD", name="Fraud", team="red", cost_centre="4711", reads_from=("PRICE",), on=date(2026, 1, 2)
    )
    yield SetRate(rate_minor=80000, on=date(2026, 1, 2))
    yield Commission(
        system="FRAUD", title="Glue", category="glue-code", principal=Quantity(minor=1200000), on=date(2026, 1, 15),
        interest=Interest(minor=80000, times_per_year=12), **gate)  # fmt: skip
    yield Observe(
        system="FRAUD", title="No tests", category="missing-tests", cause="missing-tests", principal=Quantity(minutes=4800),
        source="scanner", external_key="x-1", content_hash="c0ffee", on=date(2026, 2, 10))  # fmt: skip
    yield AddNote(item="FRAUD-1", text=note, on=date(2026, 2, 11))
    yield Adopt(item="FRAUD-2", until=date(2026, 12, 31), on=date(2026, 3, 5), **gate)
    yield Repay(item="FRAUD-1", amount=Quantity(minor=500000), spent=Quantity(minor=620000), on=date(2026, 3, 6))
    yield Plan(item="FRAUD-1", quarter="2026Q4", on=date(2026, 3, 7))
    yield Repay(item="FRAUD-1", amount=Quantity(minor=10000), on=date(2026, 3, 8))
    yield Reverse(position=12, because="entered twice")
    yield Revise(item="FRAUD-2", principal=Quantity(minor=900000), because="recounted", on=date(2026, 4, 1))
    yield Renew(item="FRAUD-1", decided_by="anna", because="later", repay_by="2027Q1", on=date(2026, 4, 2))
    yield ChangeSystem(system="FRAUD", team="blue", on=date(2026, 5, 1))
    yield Observe(system="PRICE", title="Old", category="staleness", cause="untracked", on=date(2026, 5, 2))
    yield SetBudget(quarter="2026Q4", team="blue", amount_minor=400000, on=date(2026, 5, 3))
    yield SetForecast(quarter="2026Q4", team="blue", amount_minor=350000, on=date(2026, 5, 3))
    yield WriteOff(item="PRICE-1", because="gone", on=date(2026, 6, 1))
    yield RetireSystem(system="PRICE", because="replaced", on=date(2026, 6, 2))
    yield AddNote(item="FRAUD-1", text="the last word", on=date(2026, 6, 3))


def build(engine: Engine, *, note: str = NOTE, book: str = BOOK) -> int:
    """Record the history, with a clock and identifiers of its own; returns the last position."""
    minutes, numbers = count(), count(1)
    ledger = Ledger(
        engine,
        book,
        lambda: datetime(2026, 7, 1, tzinfo=UTC) + timedelta(minutes=next(minutes)),
        lambda: f"{book}-id-{next(numbers):04}",
    )
    receipts: tuple[Any, ...] = ()
    for command in commands(note):
        receipts = ledger.handle(Request(command, "lead@example.org", TODAY), opening=isinstance(command, OpenBook))
    return int(receipts[-1].recorded.position)


@contextmanager
def forging(engine: Engine, *, form: bool = True) -> Iterator[Connection]:
    """A transaction in which no trigger stands in the way, undone at the end. form: nor any constraint or type."""

    class Undo(Exception):
        pass

    try:
        with writing(engine) as connection:
            drop_triggers(connection)
            if form:
                loosen(connection)
            yield connection
            raise Undo
    except Undo:
        pass


def drop_triggers(connection: Connection) -> None:
    """What only the owner of the database can do; `verify` reports it."""
    if connection.dialect.name == "postgresql":
        for table in ("event", "request"):
            connection.exec_driver_sql(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    else:
        for name in connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'").scalars().all():
            connection.exec_driver_sql(f"DROP TRIGGER {name}")


def put_triggers_back(connection: Connection) -> None:
    """As the migrations made them."""
    for label, definition in described(connection.dialect.name).items():
        kind, name, *on = label.split()
        if kind == "trigger" and connection.dialect.name == "postgresql":
            connection.exec_driver_sql(f"ALTER TABLE {on[1]} ENABLE ALWAYS TRIGGER {name}")
        elif kind == "trigger":
            connection.exec_driver_sql(definition)


def loosen(connection: Connection) -> None:
    """Take away what holds rows to their form: constraints, and on SQLite also types. `verify` reports it."""
    if connection.dialect.name == "postgresql":
        rules = "SELECT conrelid::regclass::text, conname FROM pg_constraint WHERE contype = 'c' AND coninhcount = 0"
        for table, rule in connection.exec_driver_sql(
            f"{rules} AND connamespace = current_schema()::regnamespace"
        ).all():
            connection.exec_driver_sql(f"ALTER TABLE {table} DROP CONSTRAINT {rule}")
        return
    version = connection.exec_driver_sql("PRAGMA schema_version").scalar_one()
    connection.exec_driver_sql("PRAGMA writable_schema=ON")
    for name, statement in connection.exec_driver_sql(
        "SELECT name, sql FROM sqlite_master WHERE sql LIKE '%STRICT%'"
    ).all():
        loose = _RULE.sub("", statement).replace("STRICT, ", "").replace('" TEXT', '"').replace('" INTEGER', '"')
        connection.exec_driver_sql("UPDATE sqlite_master SET sql = ? WHERE name = ?", (loose, name))
    connection.exec_driver_sql(f"PRAGMA schema_version={version + 1}")
    connection.exec_driver_sql("PRAGMA writable_schema=RESET")


def rows_of(connection: Connection, table: Table) -> list[dict[str, Any]]:
    """A table's rows of the book, in order of their key."""
    found = connection.execute(select(table).where(table.c.book == BOOK).order_by(*table.primary_key))
    return [dict(row) for row in found.mappings()]


def alter(connection: Connection, table: Table, row: dict[str, Any], **changes: Any) -> None:
    """Change columns of one row."""
    keys = {f"key_{column.name}": row[column.name] for column in table.primary_key}
    where = [column == bindparam(f"key_{column.name}") for column in table.primary_key]
    assert connection.execute(update(table).where(*where).values(**changes), keys).rowcount == 1


def another(table: Table, name: str, value: Any) -> Any:
    """A value that the column could hold as well."""
    column = table.c[name]
    if isinstance(column.type, Date):
        return (value or TODAY) + timedelta(days=1)
    if isinstance(column.type, Integer):
        return (value or 0) + 1000
    if name == "hash":
        return value[1:] + ("1" if value[0] == "0" else "0")
    return f"{value or ''}x"


def forge_chain(connection: Connection) -> None:
    """Compute every hash and the head anew, so that the chain holds whatever the bodies say."""
    previous = GENESIS
    for row in rows_of(connection, event):
        previous = link(previous, row["body"].encode())
        alter(connection, event, row, hash=previous)
    last = rows_of(connection, event)[-1]
    values = {"position": last["position"], "hash": previous, "recorded_at": last["recorded_at"]}
    alter(connection, head, {"book": BOOK}, **values)


def forge(connection: Connection, row: dict[str, Any], **changes: Any) -> None:
    """Alter an event's envelope in its body and in the columns alike, and compute the chain anew."""
    body = canonical(msgspec.json.decode(row["body"]) | changes).decode()
    alter(
        connection, event, row, body=body, **{name: value for name, value in changes.items() if name in event.columns}
    )
    forge_chain(connection)


def cut_tail(connection: Connection, events: int) -> None:
    """Take the last events away in every table, and move the head back."""
    last = rows_of(connection, event)[-1]["position"] - events
    connection.execute(request.delete().where(request.c.book == BOOK, request.c.first_position > last))
    for table in (event, *(projection.table for projection in PROJECTIONS)):
        connection.execute(table.delete().where(table.c.book == BOOK, table.c.position > last))
    kept = rows_of(connection, event)[-1]
    alter(connection, head, {"book": BOOK}, position=last, hash=kept["hash"], recorded_at=kept["recorded_at"])


def add(connection: Connection, table: Table, row: dict[str, Any], **changes: Any) -> None:
    """Insert a copy of a row with some columns changed."""
    connection.execute(insert(table), row | changes)
