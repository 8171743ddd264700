"""The past asks the database nothing that comes later: whatever of the memory reads it is answered otherwise."""

from __future__ import annotations

import ast
import inspect
import textwrap

import pytest

from ledger.store.memory import Memory
from ledger.store.past import Past


def methods_that_read() -> list[str]:
    """The methods of Memory in whose text its connection stands, as their syntax tells."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(Memory)))
    return [
        method.name
        for method in ast.walk(tree)
        if isinstance(method, ast.FunctionDef)
        and any(isinstance(node, ast.Attribute) and node.attr == "connection" for node in ast.walk(method))
    ]


def test_the_memory_reads_somewhere() -> None:
    """Otherwise nothing below would be held."""
    assert "load" in methods_that_read()


@pytest.mark.parametrize("method", methods_that_read())
def test_what_reads_the_database_is_answered_by_the_past_itself(method: str) -> None:
    assert method in vars(Past)
