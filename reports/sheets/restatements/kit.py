"""What the blocks of both quarters have: the columns of a comparison, the events since, what Roll-forward says."""

from __future__ import annotations

from collections.abc import Sequence

from ledger.views.quarter import QuarterView
from ledger.views.restatements import RestatedView, RestatementView
from ledger.vocabulary.kinds import movement_in
from reports import restated
from reports.content import TOTAL, naive_utc, total_posted
from reports.sheet import Block, CellContent, CellOf, Column, Formula, Kind, Row, integer

COMPARED = (
    Column("nature", "Nature", Kind.LABEL, 12),
    Column("figure", "Figure", Kind.LABEL, 14),
    Column("issued", "As issued", Kind.EXACT, 13),
    Column("later", "Later events", Kind.EXACT, 13),
    Column("now", "Now", Kind.EXACT, 13),
    Column("unexplained", "Unexplained", Kind.EXACT, 13),
)
_EVENT_COLUMNS = (
    Column("position", "Position", Kind.COUNT),
    Column("event_hash", "Event hash", Kind.CODE),
    Column("stored_as", "Stored as", Kind.CODE),
    Column("item", "Item", Kind.CODE),
    Column("system", "System", Kind.CODE),
    Column("nature", "Nature", Kind.CODE),
    Column("effective", "Effective", Kind.DATE),
    Column("recorded", "Recorded (UTC)", Kind.STAMP),
    Column("actor", "Actor", Kind.TEXT, 14),
    Column("column", "Column", Kind.CODE),
    Column("amount", "Amount", Kind.EXACT),
    Column("spent", "Spent", Kind.EXACT),
)


def rollforward(view: QuarterView, nature: str, column: str) -> Formula:
    """A total of Roll-forward in this pack."""
    cell = CellOf(f"rollforward.{nature}", TOTAL, column)
    return Formula("{figure_here}", total_posted(view, nature, column), {"figure_here": cell})


def issued_and_later(restatement: RestatementView, nature: str, issued: CellOf, later: CellOf) -> Formula:
    """The closing as issued and what later events changed of it. issued, later: the cells that hold the two."""
    known = restated.issued(restatement, "closing", nature) + restated.later(restatement, "closing", nature)
    return Formula("{issued}+{later}", known, {"issued": issued, "later": later})


def events_block(key: str, title: str, legs: Sequence[RestatedView]) -> Block:
    """A row per liability leg: an adoption has two."""
    rows = [_event_row(index, leg) for index, leg in enumerate(legs)]
    sums = {column: summed(key, column, rows) for column in ("amount", "spent")}
    total = Row(TOTAL, {"column": "all events" if rows else "no event", **sums}, strong=True)
    return Block(key, _EVENT_COLUMNS, tuple(rows), title=title, total=total)


def _event_row(index: int, leg: RestatedView) -> Row:
    cells: dict[str, CellContent] = {
        "position": leg.position,
        "event_hash": leg.event_hash,
        "stored_as": leg.stored_as,
        "item": leg.item,
        "system": leg.system,
        "nature": leg.nature,
        "effective": leg.effective_on,
        "recorded": naive_utc(leg.recorded_at),
        "actor": leg.actor,
        "column": movement_in(leg.column),
        "amount": leg.amount,
        "spent": leg.spent,
    }
    return Row(str(index), cells)


def summed(block: str, column: str, rows: Sequence[Row]) -> Formula:
    """The sum of a column of a block."""
    contents = [row.cells[column] for row in rows]
    return Formula(f"SUM({{{block}.{column}}})", sum(integer(content) for content in contents))
