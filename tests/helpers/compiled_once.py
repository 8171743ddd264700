"""Statements compiled once in a run, and not once for each of the thousands of databases that tests open.

SQLAlchemy keeps what it compiled by engine and dialect. A command opens one engine; a worker of the tests opens some
thousands, all with one of two dialects, and spent half of its time on compiling the same statements again.
"""

from __future__ import annotations

from sqlalchemy import Engine
from sqlalchemy.engine.default import DefaultDialect
from sqlalchemy.util import LRUCache

_MOST_STATEMENTS = 4_000


def compile_once() -> None:
    """From now on, engines of a kind share what they compiled: all their databases are of one release and one server."""
    shared: LRUCache[object, object] = LRUCache(_MOST_STATEMENTS)
    # A data descriptor comes before what stands in the instance.
    Engine._compiled_cache = property(lambda _engine: shared, lambda _engine, _own: None)  # type: ignore[assignment, method-assign]
    DefaultDialect.__eq__ = lambda dialect, other: type(dialect) is type(other)  # type: ignore[method-assign, assignment]
    DefaultDialect.__hash__ = lambda dialect: hash(type(dialect))  # type: ignore[method-assign, assignment]
