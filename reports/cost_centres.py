"""What the quarter's work cost by cost centre: each posting counts under its own, that of its system on its day.

A budget belongs to a team and cannot be split between cost centres; what was spent can.
"""

from __future__ import annotations

from collections.abc import Mapping

from ledger.views.quarter import BROUGHT_FORWARD, PostingView, QuarterView
from reports.content import TOTAL, recorded
from reports.sheet import Block, CellContent, CellOf, CheckLine, Column, Formula, HeaderOf, Kind, Row

KEY = "breakdown.centre"
#: A cost centre that nobody named, in words of the report.
_NONE = "no cost centre"
_FIGURES = ("repaid", "spent", "rows")

NOTE = (
    "Spent by cost centre is live over Postings: repayments and their corrections, each under the cost centre that its"
    " system had on the posting's day; of teams with several cost centres too. Repaid is without"
    " corrections, which Roll-forward has. Cost centre key joins a line to the rows of Postings."
)

COLUMNS = (
    Column("first", "Cost centre", Kind.TEXT, 34),
    Column("second", "Teams", Kind.TEXT, 44),
    Column("repaid", "Repaid", Kind.AMOUNT, 16),
    Column("spent", "Spent", Kind.AMOUNT, 16),
    Column("rows", "Rows in Postings", Kind.COUNT, 18),
    Column("key", "Cost centre key", Kind.CODE, 13),
)


def centre_keys(view: QuarterView) -> Mapping[str, str]:
    """A short key for every cost centre in Postings, in alphabetical order; '' is none.

    People type the names; as a criterion `=1`, `a*` or a long one would find other rows or none.
    """
    centres = {row.cost_centre or "" for row in view.postings}
    return {centre: f"CC{number}" for number, centre in enumerate(sorted(centres), start=1)}


def centre_block(view: QuarterView) -> Block:
    """A row per cost centre with a movement in the quarter, and their total."""
    keys, moved = centre_keys(view), _moved(view)
    rows = [_row(centre, keys[centre], moved[centre]) for centre in sorted(moved, key=lambda each: (not each, each))]
    everything = [row for rows_of_centre in moved.values() for row in rows_of_centre]
    sums = _sums(everything)
    total: dict[str, CellContent] = {column: Formula(f"SUM({{{KEY}.{column}}})", sums[column]) for column in sums}
    return Block(
        KEY,
        COLUMNS,
        tuple(rows),
        title="Spent by cost centre",
        total=Row(TOTAL, {"first": "All", **total}, strong=True),
    )


def centre_checks(view: QuarterView) -> tuple[CheckLine, ...]:
    """No spending is without a line."""
    spent = sum(row.spent for rows in _moved(view).values() for row in rows)
    quarter = view.provenance.quarter
    return (
        CheckLine(
            "Spent by cost centre in Breakdown = spent in Past quarters",
            Formula("{total}", spent, {"total": CellOf(KEY, TOTAL, "spent")}),
            Formula(
                'SUMIFS({past.amount},{past.quarter},quarter,{past.measure},"removed_spent")',
                recorded(view, quarter, "removed_spent"),
            ),
        ),
    )


def _moved(view: QuarterView) -> dict[str, list[PostingView]]:
    """The movements of cost centres that have any."""
    found: dict[str, list[PostingView]] = {}
    for row in view.postings:
        if row.movement != BROUGHT_FORWARD:
            found.setdefault(row.cost_centre or "", []).append(row)
    return found


def _sums(rows: list[PostingView]) -> dict[str, int]:
    repaid = sum(row.amount for row in rows if row.movement == "repaid")
    spent = sum(row.spent for row in rows)
    return {"repaid": repaid, "spent": spent, "rows": len(rows)}


def _row(centre: str, key: str, rows: list[PostingView]) -> Row:
    sums, of_centre = _sums(rows), "{postings.centre},{key}"
    cells: dict[str, CellContent] = {
        "first": centre or _NONE,
        "second": ", ".join(sorted({row.team or "no team" for row in rows})),
        "repaid": Formula(f'SUMIFS({{postings.amount}},{of_centre},{{postings.movement}},"repaid")', sums["repaid"]),
        "spent": Formula(f"SUMIFS({{postings.spent}},{of_centre})", sums["spent"]),
        "rows": Formula(
            f"COUNTIFS({of_centre})-COUNTIFS({of_centre},{{postings.movement}},brought_forward)", sums["rows"]
        ),
        "key": key,
    }
    links = dict.fromkeys(_FIGURES, HeaderOf("postings", "centre"))
    return Row(key, cells, {"first": Kind.TEXT if centre else Kind.LABEL}, links=links)
