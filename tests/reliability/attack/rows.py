"""Strokes at rows: values changed, rows taken away, added, exchanged; of any table and column that the database has."""

from __future__ import annotations

from tests.reliability.attack.ground import Foiled, Ground, Stroke


def change_a_value(ground: Ground) -> str:
    """One value of one row becomes another, key or not."""
    table = ground.a_table()
    return _changed(ground, table)


def change_a_value_everywhere(ground: Ground) -> str:
    """One column in all rows: whatever adds up may still do so."""
    table = ground.a_table()
    column = ground.dice.choice(ground.columns(table))
    value = ground.another(table, column)
    ground.run(f"UPDATE {table} SET {column.quoted} = {value}")
    return f"{table}.{column.name} := {value} in all rows"


def _changed(ground: Ground, table: str) -> str:
    column = ground.dice.choice(ground.columns(table))
    value = ground.another(table, column)
    (row,) = ground.some_rows(table)
    where, values = ground.place(table, row)
    if ground.run(f"UPDATE {table} SET {column.quoted} = {value} WHERE {where}", **values) < 1:
        raise Foiled(f"no row of {table} is there to be changed")
    return f"{table}.{column.name} := {value} where {_shown(values)}"


def delete_rows(ground: Ground) -> str:
    """A row, a few, or all of a table."""
    table = ground.a_table()
    if ground.dice.random() < 0.15:
        ground.run(f"DELETE FROM {table}")
        return f"all rows of {table} deleted"
    told = []
    for row in ground.some_rows(table, ground.dice.choice((1, 1, 2, 5))):
        where, values = ground.place(table, row)
        ground.run(f"DELETE FROM {table} WHERE {where}", **values)
        told.append(_shown(values))
    return f"deleted from {table}: {'; '.join(told)}"


def copy_a_row(ground: Ground) -> str:
    """A row that is like another, but for some columns, of its key at least one."""
    table = ground.a_table()
    columns = ground.columns(table)
    keys = [column for column in columns if column.key] or columns
    changed = {ground.dice.choice(keys), *ground.dice.sample(columns, ground.dice.randrange(3))}
    values = {column: ground.another(table, column) for column in columns if column in changed}
    (row,) = ground.some_rows(table)
    where, at = ground.place(table, row)
    names = ", ".join(column.quoted for column in columns)
    taken = ", ".join(values.get(column, column.quoted) for column in columns)
    if ground.run(f"INSERT INTO {table} ({names}) SELECT {taken} FROM {table} WHERE {where}", **at) < 1:
        raise Foiled(f"nothing was copied in {table}")
    told = ", ".join(f"{column.name} := {value}" for column, value in values.items())
    return f"a row of {table} copied where {_shown(at)}, with {told}"


def exchange_values(ground: Ground) -> str:
    """Two rows of a table exchange what they hold in some columns, so that no sum changes."""
    table = ground.a_table()
    rows = ground.some_rows(table, 2)
    columns = [column for column in ground.columns(table) if not column.key]
    if len(rows) < 2 or not columns:
        raise Foiled(f"{table} has nothing to exchange")
    chosen = ground.dice.sample(columns, ground.dice.randint(1, len(columns)))
    put = ", ".join(f"{column.quoted} = :new_{column.name}" for column in chosen)
    for row, other in (rows, rows[::-1]):
        where, values = ground.place(table, row)
        new = {f"new_{column.name}": other[column.name] for column in chosen}
        ground.run(f"UPDATE {table} SET {put} WHERE {where}", **values, **new)
    return f"two rows of {table} exchange {', '.join(column.name for column in chosen)}: {_shown(values)}"


def _shown(values: dict[str, object]) -> str:
    return ", ".join(f"{name.removeprefix('at_')} {value!r}" for name, value in values.items())


STROKES: tuple[Stroke, ...] = (
    change_a_value,
    change_a_value,
    change_a_value,
    change_a_value_everywhere,
    delete_rows,
    copy_a_row,
    copy_a_row,
    exchange_values,
)
