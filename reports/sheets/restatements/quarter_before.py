"""The quarter before against its last issue: how its closing, which this quarter opens with, came to be another."""

from __future__ import annotations

from ledger.views.quarter import QuarterView
from ledger.views.restatements import RestatementView
from ledger.vocabulary.kinds import NATURES
from reports import restated
from reports.content import TOTAL, total_posted
from reports.sheet import Block, CellContent, CellOf, CheckLine, Column, Formula, Kind, Row
from reports.sheets.restatements.kit import COMPARED, events_block, issued_and_later, rollforward, summed

_BLOCK, _EVENTS = "restated.previous", "restated.previous.events"


def blocks(view: QuarterView, previous: RestatementView) -> tuple[Block, ...]:
    """Its closing by nature, as issued and as this quarter opens with it, and the events since."""
    quarter, position = previous.quarter, f"{previous.issue.position:,}"
    nature, figure, issued, later, _, unexplained = COMPARED
    opening = Column("now", f"Opening of {view.provenance.quarter}", Kind.EXACT)
    parts = (
        Column("within", f"Of which in {quarter}", Kind.EXACT),
        Column("before", "Of which before", Kind.EXACT),
    )
    columns = (nature, figure, issued, later, opening, unexplained, *parts)
    rows = [_row(view, previous, nature) for nature in NATURES]
    sums = {column.key: summed(_BLOCK, column.key, rows) for column in columns[2:]}
    total = Row(TOTAL, {"nature": "total", "figure": "closing", **sums}, strong=True)
    title = f"{quarter} since its issue at position {position}: what this quarter opens with"
    return (
        Block(_BLOCK, columns, tuple(rows), title=title, total=total),
        events_block(_EVENTS, f"Events since, in {quarter} and before", previous.legs),
    )


def opening_check(view: QuarterView, previous: RestatementView, nature: str) -> CheckLine:
    """The issue and the events since lead to what this quarter opens with."""
    return CheckLine(
        f"{nature.capitalize()}: opening = closing issued for {previous.quarter} + events since",
        rollforward(view, nature, "opening"),
        issued_and_later(previous, nature, CellOf(_BLOCK, nature, "issued"), CellOf(_BLOCK, nature, "later")),
    )


def _row(view: QuarterView, previous: RestatementView, nature: str) -> Row:
    issued, later = (part(previous, "closing", nature) for part in (restated.issued, restated.later))
    before = restated.later(previous, "opening", nature)
    opening = total_posted(view, nature, "opening")
    of_nature = f"SUMIFS({{{_EVENTS}.amount}},{{{_EVENTS}.nature}},{{nature}}"
    of_column = f",{{{_EVENTS}.column}}"
    cells: dict[str, CellContent] = {
        "nature": nature,
        "figure": "closing",
        "issued": issued,
        "later": Formula(f"{of_nature})", later),
        "now": rollforward(view, nature, "opening"),
        "unexplained": Formula("{issued}+{later}-{now}", issued + later - opening),
        "within": Formula(f'{of_nature}{of_column},"<>opening")', later - before),
        "before": Formula(f'{of_nature}{of_column},"opening")', before),
    }
    return Row(nature, cells)
