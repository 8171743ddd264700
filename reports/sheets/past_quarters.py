"""Past quarters: the figures of eight quarters that comparatives and charts draw on."""

from __future__ import annotations

from ledger.views.quarter import QuarterView
from ledger.vocabulary.kinds import NATURES
from reports.content import LOOKED_UP, TOTAL, Content, previous_quarter, recorded, total_posted, unit
from reports.planning import team_keys
from reports.restated import notes
from reports.sheet import Block, CellOf, CheckLine, Column, Formula, Kind, Row, RowsOf, Sheet

COLUMNS = (
    Column("quarter", "Quarter", Kind.CODE, 12),
    Column("system", "System", Kind.CODE, 16),
    Column("team", "Team", Kind.TEXT, 22),
    Column("nature", "Nature", Kind.CODE, 12),
    Column("measure", "Measure", Kind.CODE, 22),
    Column("amount", "Amount", Kind.EXACT),
    Column("team_key", "Team key", Kind.CODE, hidden=True),
)

_SUM = 'SUMIFS({{past.amount}},{{past.quarter}},{quarter},{{past.nature}},"{nature}",{{past.measure}},"closing")'

NOTE = (
    "Known at this pack's position: an earlier pack may show other figures for a quarter, if a late entry"
    " or a reversal has been recorded since. Budget and forecast are of a team, whatever its systems. Team key stands"
    " for the team, as Budget vs actual lists it."
)

#: What a note names of the measures where a quarter is restated.
MEASURES = {"closing": "closing", "interest": "interest", "removed_spent": "spent"}


def build(content: Content) -> Sheet:
    """One row per figure, as the ledger knows it at the pack's position."""
    view = content.view
    keys = team_keys(view)
    rows = tuple(
        Row(
            str(index),
            {
                "quarter": row.quarter,
                "system": row.system,
                "team": row.team,
                "nature": row.nature,
                "measure": row.measure,
                "amount": row.amount,
                "team_key": keys[row.team],
            },
        )
        for index, row in enumerate(view.history)
    )
    first, last = view.quarters[0], view.quarters[-1]
    return Sheet(
        title="Past quarters",
        headline=f"What stood, moved, was planned and was spent from {first} to {last}",
        subtitle=f"Figures per quarter, system, team and nature · {unit(view)} · to the minor unit · {LOOKED_UP}",
        long=True,
        blocks=(Block("past", COLUMNS, rows, table="tblPastQuarters"),),
        notes=(*notes(view, MEASURES, view.quarters[:-1]), NOTE),
        names={f"past_{column}": RowsOf("past", column) for column in ("quarter", "measure", "amount")},
    )


def checks(view: QuarterView) -> tuple[CheckLine, ...]:
    """The quarter opens where the previous one closed, and closes where the sheet says."""
    lines = []
    for nature in NATURES:
        lines += [
            CheckLine(
                f"{nature.capitalize()}: opening = closing of the previous quarter in Past quarters",
                _rollforward(view, nature, "opening"),
                Formula(
                    _SUM.format(quarter="previous_quarter", nature=nature),
                    recorded(view, previous_quarter(view), "closing", nature),
                ),
            ),
            CheckLine(
                f"{nature.capitalize()}: closing = closing of this quarter in Past quarters",
                _rollforward(view, nature, "closing"),
                Formula(
                    _SUM.format(quarter="quarter", nature=nature),
                    recorded(view, view.provenance.quarter, "closing", nature),
                ),
            ),
        ]
    return tuple(lines)


def _rollforward(view: QuarterView, nature: str, column: str) -> Formula:
    return Formula(
        "{figure}", total_posted(view, nature, column), {"figure": CellOf(f"rollforward.{nature}", TOTAL, column)}
    )
