"""Doubles: rows of one export that have one key, and which of them counts.

Rows that say the same are one. Of rows that differ the one that changed last holds; where no date tells which that is, none
does: what stood first in a file is no reason to believe it.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass, fields

from ledger.importers.findings.finding import ToolFinding
from ledger.importers.rows import BadRow
from ledger.vocabulary.counted import counted

#: How many places, and how many keys, are named one by one.
_SHOWN_PLACES, _SHOWN_KEYS = 3, 20


@dataclass(frozen=True, slots=True)
class OvertakenRows:
    """Rows in whose place another of their key holds, because it changed later. rows: not empty."""

    holds: ToolFinding
    rows: tuple[ToolFinding, ...]


def counting(rows: Sequence[ToolFinding]) -> ToolFinding | OvertakenRows | BadRow:
    """What counts of the rows of one key, in the order in which they were read. rows: not empty."""
    if len(rows) == 1:
        return rows[0]
    first: dict[Hashable, ToolFinding] = {}
    for row in rows:
        first.setdefault(_content(row), row)
    different = list(first.values())
    if len(different) == 1:
        return rows[0]
    moments = [row.changed_at for row in different if row.changed_at is not None]
    newest = [row for row in different if moments and row.changed_at == max(moments)]
    if len(moments) < len(different) or len(newest) > 1:
        return BadRow(rows[0].place, _undecided(different), rows[0].key)
    (holds,) = newest
    return OvertakenRows(holds, tuple(row for row in different if row is not holds))


def _content(row: ToolFinding) -> Hashable:
    """All that is recorded of a row or follows from it: not where it stands, nor what its reader leaves out."""
    rest = (getattr(row, each.name) for each in fields(row) if each.name not in ("place", "content_hash", "details"))
    return *rest, frozenset(row.details.items())


def _undecided(different: Sequence[ToolFinding]) -> str:
    return (
        f"The key {different[0].key} has rows that differ, at {_places(different)}, and no update date tells which of them is the "
        "newest: none is recorded. Leave all but one out; where a mapping makes the keys, name what tells the rows apart."
    )


def overtaken_told(overtaken: Sequence[OvertakenRows]) -> Iterator[str]:
    """A sentence for each key of which rows differ and the newest holds, as far as there is room."""
    for each in overtaken[:_SHOWN_KEYS]:
        yield (
            f"The key {each.holds.key} has rows that differ: what changed last, on {each.holds.changed_at}, holds, at "
            f"{each.holds.place}; not what is at {_places(each.rows)}."
        )
    if len(overtaken) > _SHOWN_KEYS:
        yield f"Of {counted(len(overtaken) - _SHOWN_KEYS, 'key')} more rows differ, and of each what changed last holds."


def _places(rows: Sequence[ToolFinding]) -> str:
    named = [row.place for row in rows[:_SHOWN_PLACES]]
    more = len(rows) - len(named)
    return " and at ".join(named) + (f" and at {counted(more, 'place')} more" if more else "")
