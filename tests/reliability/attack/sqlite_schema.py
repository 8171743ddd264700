"""Strokes at the schema of an SQLite file: its objects, from its own catalogue, dropped, rewritten, shadowed, swapped."""

from __future__ import annotations

import re

from tests.reliability.attack.ground import Foiled, Ground, Stroke, Values
from tests.reliability.attack.guards import rewrite_schema

_OBJECTS = "SELECT type, name, tbl_name, rootpage, sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY type, name"

#: What may be done to the text of an object: what is looked for, and what may take its place.
_REWRITTEN = (
    (r'" (TEXT|INTEGER)\b', ('" REAL', '" BLOB', '" TEXT COLLATE NOCASE', '" INTEGER', '" ANY')),
    (r"\bSTRICT, |, STRICT|\) STRICT", ("", ")")),
    (r"CHECK \(", ("CHECK (1 OR ",)),
    (r"NOT NULL", ("", "NOT NULL DEFAULT 1")),
    (r"\(book\b", ("(book COLLATE NOCASE", "(book DESC")),
    (r"RAISE\(ABORT", ("RAISE(IGNORE", "RAISE(FAIL")),
    (r"\bBEFORE\b", ("AFTER",)),
    (r"\bUPDATE\b", ("DELETE", "INSERT")),
    (r"\)\s*$", (") WHERE position > 5", ") WHERE 0")),
    (r"WHEN\b", ("WHEN 0 AND",)),
    (r"IN \('", ("NOT IN ('",)),
)


def _an_object(ground: Ground, *kinds: str) -> Values:
    found = [row for row in ground.rows(_OBJECTS) if not kinds or row["type"] in kinds]
    if not found:
        raise Foiled(f"there is no {' or '.join(kinds)}")
    return ground.dice.choice(found)


def drop_an_object(ground: Ground) -> str:
    """A table, index, trigger or view goes."""
    chosen = _an_object(ground)
    ground.run(f"DROP {chosen['type']} {chosen['name']}")
    return f"{chosen['type']} {chosen['name']} dropped"


def rewrite_an_object(ground: Ground) -> str:
    """One place in an object's text becomes another, through writable_schema."""
    chosen = _an_object(ground)
    places = [
        (found, new)
        for pattern, others in _REWRITTEN
        for found in re.finditer(pattern, chosen["sql"])
        for new in others
    ]
    if not places:
        raise Foiled(f"nothing to rewrite in {chosen['name']}")
    found, new = ground.dice.choice(places)
    rewritten = chosen["sql"][: found.start()] + new + chosen["sql"][found.end() :]
    rewrite_schema(ground.connection, {chosen["name"]: rewritten})
    return f"{chosen['type']} {chosen['name']} at {found.start()}: {found[0]!r} becomes {new!r}"


def exchange_column_names(ground: Ground) -> str:
    """Two columns of a table exchange their names in its text, and with them all that is read by name."""
    chosen = _an_object(ground, "table")
    columns = [column.name for column in ground.columns(chosen["name"])]
    if len(columns) < 2:
        raise Foiled(f"{chosen['name']} has one column")
    one, other = ground.dice.sample(columns, 2)
    swapped = {one: other, other: one}
    pattern = re.compile(rf'"?\b({one}|{other})\b"?')
    rewritten = pattern.sub(lambda found: f'"{swapped[found[1]]}"', chosen["sql"])
    rewrite_schema(ground.connection, {chosen["name"]: rewritten})
    return f"columns {one} and {other} of {chosen['name']} exchange their names"


def exchange_roots(ground: Ground) -> str:
    """Two tables or two indexes exchange the pages in which they begin."""
    kind = ground.dice.choice(("table", "index", "index"))
    found = ground.rows("SELECT name, rootpage FROM sqlite_master WHERE type = :kind ORDER BY name", kind=kind)
    if len(found) < 2:
        raise Foiled(f"there are not two of {kind}")
    one, other = ground.dice.sample(found, 2)
    ground.connection.exec_driver_sql("PRAGMA writable_schema=ON")
    for mine, theirs in ((one, other), (other, one)):
        changed = "UPDATE sqlite_master SET rootpage = :page WHERE name = :name AND type = :kind"
        ground.run(changed, page=theirs["rootpage"], name=mine["name"], kind=kind)
    ground.connection.exec_driver_sql("PRAGMA writable_schema=OFF")
    return f"{one['name']} and {other['name']} exchange their root pages"


def put_a_view_in_its_place(ground: Ground) -> str:
    """A table is renamed, and a view under its name shows another value in one column."""
    table = ground.a_table()
    column = ground.dice.choice(ground.columns(table))
    value = ground.another(table, column)
    ground.run(f"ALTER TABLE {table} RENAME TO kept_{table}")
    taken = ", ".join(
        f"{value.replace(f'FROM {table} ', f'FROM kept_{table} ')} AS {each.quoted}" if each == column else each.quoted
        for each in ground.columns(f"kept_{table}")
    )
    ground.run(f"CREATE VIEW {table} AS SELECT {taken} FROM kept_{table}")
    return f"a view in the place of {table}, {column.name} := {value}"


def add_a_stranger(ground: Ground) -> str:
    """Something that no migration made, on any table."""
    table = ground.a_table()
    statement = ground.dice.choice(
        (
            f"CREATE TRIGGER stranger BEFORE INSERT ON {table.upper()} BEGIN SELECT RAISE(IGNORE); END",
            f"CREATE TRIGGER stranger AFTER INSERT ON {table} BEGIN DELETE FROM posting; END",
            f"CREATE INDEX stranger ON {table} (1)",
            f"CREATE VIEW stranger AS SELECT * FROM {table}",
            f"CREATE TABLE stranger AS SELECT * FROM {table}",
            f"ALTER TABLE {table} ADD COLUMN stranger",
        )
    )
    ground.run(statement)
    return statement


STROKES: tuple[Stroke, ...] = (
    drop_an_object,
    rewrite_an_object,
    rewrite_an_object,
    exchange_column_names,
    exchange_roots,
    put_a_view_in_its_place,
    add_a_stranger,
)
