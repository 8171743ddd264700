"""A long table in code is passed over without a difference in what is found."""

from __future__ import annotations

import ast
from dataclasses import replace

import pytest

pytest.importorskip("radon", reason="the extra `ml` is not installed")

from ledger.measures.comprehensibility.long_tables import without_tables
from ledger.measures.comprehensibility.source_code import read_source

AROUND = ("# TODO: smaller\ndef f(x):\n    if x:\n        return 1\n", "\n\nif f(1):\n    print(2)  # for now\n")


def table(rows: int, row: str = "    ({}, 'a', -1.5),", begin: str = "X = [", end: str = "]") -> str:
    return "\n".join([begin, *(row.format(number) for number in range(rows)), end])


#: Statements of some thousand lines, and whether they are taken out.
LONG = {
    "a list": (table(1_500), True),
    "a dictionary": (table(1_500, "    '{}': None,", "X = {", "}"), True),
    "a typed one": (table(1_500, begin="X: list = ["), True),
    "with empty lines": (table(1_500, "    {},\n"), True),
    "with a comment": (table(1_500, "    {},  # hack"), False),
    "with decisions": (table(1_500, "    {} if f(1) else 2,"), False),
    "with a call": (table(1_500, "    f({}),"), False),
    "with a text of lines": (table(1_500, "    '''{}\n\n''',"), False),
    "behind another": (f"y = 1; {table(1_500)}", False),
    "a short one": (table(20), False),
}


@pytest.mark.parametrize("about", LONG)
def test_what_is_found_is_the_same_with_and_without_the_table(about: str) -> None:
    """Held against the same with a comment in it, of which every token is read."""
    statement, taken = LONG[about]
    source, read_whole = (
        f"{AROUND[0]}{each}{AROUND[1]}" for each in (statement, statement.replace("\n", "  # rows\n", 1))
    )
    assert bool(without_tables(source, ast.parse(source)).longest) == taken
    assert not without_tables(read_whole, ast.parse(read_whole)).longest
    found, whole = read_source(source.encode()), read_source(read_whole.encode())
    # The index, which only short statements have, counts comments.
    assert replace(found, index=None) == replace(whole, index=None)
    assert (found.index is None) == (about != "a short one")


def test_of_a_table_nothing_is_left_to_be_read() -> None:
    source = f"{AROUND[0]}{table(5_000)}{AROUND[1]}"
    rest = without_tables(source, ast.parse(source))
    assert rest.text.replace("\n", "") == "".join(AROUND).replace("\n", "")
    assert len(list(ast.walk(rest.tree))) < 40
