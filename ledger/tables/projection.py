"""What a projection is: a table, and the rows that one event adds to it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
from sqlalchemy import Table

from ledger.events import Event, Leg, Recorded

Row = dict[str, Any]


class Projection(msgspec.Struct, frozen=True):
    """A read model. Its rows are only ever added, each from one event alone, and name its position.

    So a rebuild is a recomputation, and a difference names an event. rows: takes the event and its legs.
    of: the events it shows; any other adds no row.
    """

    table: Table
    rows: Callable[[Recorded, tuple[Leg, ...]], list[Row]]
    of: tuple[type[Event], ...]
