"""Strokes at a PostgreSQL database's objects, from its own catalogue, and at what its readers reach first."""

from __future__ import annotations

from tests.reliability.attack.ground import Foiled, Ground, Stroke, Values

_OBJECTS = """
SELECT 'table' AS kind, c.oid::regclass::text AS name, NULL AS place FROM pg_class c
WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p')
UNION ALL SELECT 'index', i.indexrelid::regclass::text, NULL FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
WHERE c.relnamespace = current_schema()::regnamespace
UNION ALL SELECT 'constraint', conname, conrelid::regclass::text FROM pg_constraint
WHERE connamespace = current_schema()::regnamespace AND conrelid <> 0
UNION ALL SELECT 'trigger', tgname, tgrelid::regclass::text FROM pg_trigger WHERE NOT tgisinternal
UNION ALL SELECT 'policy', polname, polrelid::regclass::text FROM pg_policy
UNION ALL SELECT 'function', oid::regprocedure::text, NULL FROM pg_proc WHERE pronamespace = current_schema()::regnamespace
ORDER BY 1, 2, 3
"""
# What an expression over our columns could reach: functions and aggregates of one or two of their types.
_REACHED = """
SELECT proname AS name, pg_get_function_identity_arguments(oid) AS arguments, prorettype::regtype::text AS result
FROM pg_proc WHERE pronamespace = 'pg_catalog'::regnamespace AND prokind IN ('f', 'a') AND pronargs BETWEEN 1 AND 2
AND proargtypes::oid[] <@ ARRAY['text'::regtype, 'bigint'::regtype, 'date'::regtype, 'integer'::regtype]::oid[]
AND prorettype = ANY (ARRAY['text'::regtype, 'bigint'::regtype, 'numeric'::regtype, 'boolean'::regtype, 'date'::regtype]::oid[])
ORDER BY 1, 2
"""
_TYPES = (
    "text",
    "varchar(6)",
    "numeric",
    "double precision",
    "smallint",
    "bigint",
    "timestamp",
    'text COLLATE "POSIX"',
)


def _an_object(ground: Ground, *kinds: str) -> Values:
    found = [row for row in ground.rows(_OBJECTS) if not kinds or row["kind"] in kinds]
    kind = ground.dice.choice(sorted({row["kind"] for row in found}))
    return ground.dice.choice([row for row in found if row["kind"] == kind])


def drop_an_object(ground: Ground) -> str:
    """Any object goes, with what depends on it."""
    chosen = _an_object(ground)
    kind, name, place = chosen["kind"], chosen["name"], chosen["place"]
    told = f"{kind} {name}{f' on {place}' if place else ''}"
    if kind == "constraint":
        ground.run(f"ALTER TABLE {place} DROP CONSTRAINT {name} CASCADE")
    else:
        ground.run(f"DROP {told} CASCADE")
    return f"{told} dropped"


def alter_a_column(ground: Ground) -> str:
    """A column gets another type, collation, default or name."""
    table = ground.a_table()
    column = ground.dice.choice(ground.columns(table))
    altered = f"ALTER TABLE {table} ALTER COLUMN {column.quoted}"
    kind = ground.dice.choice(_TYPES)
    statement = ground.dice.choice(
        (
            f"{altered} TYPE {kind} USING {column.quoted}::{kind.partition(' COLLATE')[0]}",
            f"{altered} SET DEFAULT NULL",
            f"{altered} DROP NOT NULL",
            f"ALTER TABLE {table} RENAME COLUMN {column.quoted} TO was",
        )
    )
    ground.run(statement)
    return statement


def exchange_column_names(ground: Ground) -> str:
    """Two columns of a table exchange their names, and with them all that is read by name."""
    table = ground.a_table()
    columns = [column.name for column in ground.columns(table)]
    if len(columns) < 2:
        raise Foiled(f"{table} has one column")
    one, other = ground.dice.sample(columns, 2)
    for old, new in ((one, "meanwhile"), (other, one), ("meanwhile", other)):
        ground.run(f'ALTER TABLE {table} RENAME COLUMN "{old}" TO "{new}"')
    return f"columns {one} and {other} of {table} exchange their names"


def put_a_view_in_its_place(ground: Ground) -> str:
    """A table is renamed, and a view under its name shows another value in one column, to everybody."""
    table = ground.a_table()
    taken, told = _distorted(ground, table, f"kept_{table}")
    ground.run(f"ALTER TABLE {table} RENAME TO kept_{table}")
    ground.run(f"CREATE VIEW {table} AS SELECT {taken} FROM kept_{table}")
    ground.run(f"GRANT SELECT ON {table} TO PUBLIC")
    return f"a view in the place of {table}, {told}"


def shadow_a_table(ground: Ground) -> str:
    """A table of another schema, with another value in one column, that the search path of everybody reaches first."""
    table = ground.a_table()
    taken, told = _distorted(ground, table, table)
    ground.run("CREATE SCHEMA first")
    ground.run(f"CREATE {ground.dice.choice(('TABLE', 'VIEW'))} first.{table} AS SELECT {taken} FROM {table}")
    ground.run("GRANT USAGE ON SCHEMA first TO PUBLIC")
    ground.run(f"GRANT SELECT ON first.{table} TO PUBLIC")
    database = ground.rows("SELECT current_database() AS name")[0]["name"]
    ground.run(f"ALTER DATABASE {database} SET search_path = first, public")
    return f"first.{table} on the search path, {told}"


def _distorted(ground: Ground, table: str, read_from: str) -> tuple[str, str]:
    column = ground.dice.choice(ground.columns(table))
    value = ground.another(table, column)
    reached = value.replace(f"FROM {table} ", f"FROM {read_from} ")
    taken = [
        f"({reached})::{each.kind} AS {each.quoted}" if each == column else each.quoted
        for each in ground.columns(table)
    ]
    return ", ".join(taken), f"{column.name} := {value}"


def hide_rows(ground: Ground) -> str:
    """Row-level security shows readers fewer rows, or more."""
    table = ground.a_table()
    columns = [column.quoted for column in ground.columns(table)]
    shown = ground.dice.choice(("false", "true", f"{ground.dice.choice(columns)}::text > '3'"))
    kind = ground.dice.choice(("PERMISSIVE", "RESTRICTIVE"))
    ground.run(f"CREATE POLICY stranger ON {table} AS {kind} USING ({shown})")
    ground.run(f"ALTER TABLE {table} {ground.dice.choice(('ENABLE', 'DISABLE', 'FORCE'))} ROW LEVEL SECURITY")
    return f"policy on {table}, {kind}, {shown}"


def leave_an_heir(ground: Ground) -> str:
    """A table that inherits from one of ours: its rows are read with ours."""
    table = ground.a_table()
    ground.run(f"CREATE TABLE heir () INHERITS ({table})")
    ground.run(f"INSERT INTO heir SELECT * FROM ONLY {table} LIMIT {ground.dice.randint(1, 3)}")
    return f"an heir of {table}"


def reach_a_function_first(ground: Ground) -> str:
    """A function or operator of ours, where a statement means PostgreSQL's own."""
    if ground.dice.random() < 0.3:
        sign = ground.dice.choice(("=", "<=", ">", "<>"))
        ground.run("CREATE FUNCTION mine(text, varchar) RETURNS boolean LANGUAGE sql AS 'SELECT false'")
        ground.run(f"CREATE OPERATOR {sign} (LEFTARG = text, RIGHTARG = varchar, FUNCTION = mine)")
        return f"operator {sign} for text and varchar"
    chosen = ground.dice.choice(ground.rows(_REACHED))
    made = f"CREATE FUNCTION {chosen['name']}({chosen['arguments']}) RETURNS {chosen['result']}"
    ground.run(f"{made} LANGUAGE sql AS 'SELECT NULL::{chosen['result']}'")
    return made


def add_a_stranger(ground: Ground) -> str:
    """Something on a table that no migration made; what only reads or is apart is no fault."""
    table = ground.a_table()
    statement = ground.dice.choice(
        (
            f"CREATE RULE stranger AS ON INSERT TO {table} DO INSTEAD NOTHING",
            f"CREATE UNIQUE INDEX stranger ON {table} ({ground.dice.choice(ground.columns(table)).quoted})",
            f"CREATE VIEW stranger AS SELECT * FROM {table}",
            f"ALTER TABLE {table} ADD COLUMN stranger int",
            f"REVOKE SELECT ON {table} FROM PUBLIC, attack_auditor",
            f"ALTER TABLE {table} SET UNLOGGED",
        )
    )
    ground.run(statement)
    return statement


STROKES: tuple[Stroke, ...] = (
    drop_an_object,
    drop_an_object,
    alter_a_column,
    exchange_column_names,
    put_a_view_in_its_place,
    shadow_a_table,
    hide_rows,
    leave_an_heir,
    reach_a_function_first,
    add_a_stranger,
)
