"""Budget: the form in which finance plans the coming quarters; its yellow cells come back to the ledger."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from ledger.views.quarter import BudgetView, QuarterView
from ledger.vocabulary.budget_form import (
    BUDGET,
    BUDGET_EXPORTED,
    FORECAST,
    FORECAST_EXPORTED,
    NOTE,
    QUARTER,
    TABLE,
    TEAM,
)
from reports.content import Content
from reports.planning import coming_quarters, coming_rows, planned_repayments, plans_by_quarter, team_keys
from reports.sheet import Block, CellContent, CheckLine, Column, Formula, Kind, Row, Sheet, Span

_FORM, _TOTALS = "budget", "budget.quarter"
#: What the reader fills in, and the copy beside it of what the ledger held.
_EXPORTED = {"budget": "budget_exported", "forecast": "forecast_exported"}

HOW = (
    "How: click on a yellow cell and type. Nothing else in this workbook can be changed. A budget is what the team may"
    " spend on repayments in the quarter, a forecast what it is expected to spend; both are 0 or more. An empty cell"
    " means not set, which is not 0. Planned repayments are the principal of the items that are planned for the quarter."
)
NOTES = (
    "A note is kept with the amounts of its row: it becomes the evidence of the event that records them. Say who decided"
    " and where it is written."
)
RETURN = (
    "Save the file and return it as it is. debt budget import FILE finds the table and first shows what differs from"
    " the ledger; nothing is recorded before somebody has confirmed it. The values as exported stand beside the entries,"
    " so that a budget that has changed in the ledger since is not overwritten."
)


def build(content: Content) -> Sheet:
    """Totals on top, because they are watched while the form is filled in; then the form."""
    view = content.view
    return Sheet(
        title="Budget",
        headline=_headline(view),
        subtitle=f"Yellow cells only · spending on repayments, {view.provenance.currency}, to the minor unit"
        " · an empty cell means not set",
        blocks=(_totals(view), _form(view)),
        frozen_columns=2,
        notes=(HOW, NOTES, RETURN),
    )


def checks(view: QuarterView) -> Sequence[CheckLine]:
    """No row twice, or an entry would be ambiguous; and the exported values are those of Budget vs actual."""
    rows, plans = coming_rows(view), plans_by_quarter(view)
    first, *_, last = coming_quarters(view)
    lines = [
        CheckLine(
            "Quarters and teams that stand twice in Budget = none",
            Formula(f'COUNTIF({{{_FORM}.rows}},">1")', sum(alike for alike in _alike(rows).values() if alike > 1)),
            0,
            Kind.COUNT,
        )
    ]
    for kind, exported in _EXPORTED.items():
        planned = Span("budget_vs_actual.quarter", first, last, kind)
        lines.append(
            CheckLine(
                f"{kind.capitalize()} as exported in Budget = {kind} of the coming quarters in Budget vs actual",
                Formula(f"SUM({{{_FORM}.{exported}}})", sum(getattr(row, kind) or 0 for row in rows)),
                Formula(
                    "SUM({planned})",
                    sum(getattr(plans[quarter], kind) or 0 for quarter in coming_quarters(view)),
                    {"planned": planned},
                ),
            )
        )
    due = planned_repayments(view)
    here = sum(minor for (quarter, _), minor in due.items() if quarter in coming_quarters(view))
    there = sum(plans[quarter].planned for quarter in coming_quarters(view))
    lines.append(
        CheckLine(
            "Planned repayments of the coming quarters in Budget = the same in Budget vs actual",
            Formula("SUM({planned})", here, {"planned": Span(_TOTALS, first, last, "planned")}),
            Formula("SUM({planned})", there, {"planned": Span("budget_vs_actual.quarter", first, last, "planned")}),
        )
    )
    return lines


def _headline(view: QuarterView) -> str:
    first, *_, last = coming_quarters(view)
    if not coming_rows(view):
        return f"There is no team that could plan {first} to {last}"
    return f"Fill in budget and forecast for {first} to {last} and return the file"


def _columns(*, entry: bool) -> tuple[Column, ...]:
    """The same columns for the totals and the form, so that the frozen headings are right for both."""
    return (
        Column("quarter", QUARTER, Kind.CODE, 12),
        Column("team", TEAM, Kind.TEXT, 22),
        Column("key", "Team key", Kind.CODE, 12, hidden=True),
        Column("budget", BUDGET, Kind.EXACT, 17, entry=entry),
        Column("forecast", FORECAST, Kind.EXACT, 17, entry=entry),
        Column("note", NOTE, Kind.TEXT, 44, entry=entry),
        Column("budget_exported", BUDGET_EXPORTED, Kind.EXACT, 17),
        Column("forecast_exported", FORECAST_EXPORTED, Kind.EXACT, 17),
        Column("planned", "Planned repayments", Kind.EXACT, 17),
        Column("rows", "Rows of this quarter and team", Kind.COUNT, 24, hidden=True),
    )


def _form(view: QuarterView) -> Block:
    rows, keys, planned = coming_rows(view), team_keys(view), planned_repayments(view)
    alike = _alike(rows)
    return Block(
        _FORM,
        _columns(entry=True),
        tuple(
            _row(row, keys[row.team], alike[row.quarter, row.team], planned.get((row.quarter, row.team), 0))
            for row in rows
        ),
        title="To fill in: the yellow cells",
        table=TABLE,
    )


def _row(row: BudgetView, key: str, alike: int, planned: int) -> Row:
    cells: dict[str, CellContent] = {
        "quarter": row.quarter,
        "team": row.team,
        "key": key,
        "budget": row.budget,
        "forecast": row.forecast,
        "budget_exported": row.budget,
        "forecast_exported": row.forecast,
        "planned": planned,
        "rows": Formula(f"COUNTIFS({{{_FORM}.quarter}},{{quarter}},{{{_FORM}.key}},{{key}})", alike),
    }
    return Row(f"{row.quarter} {key}", cells)


def _totals(view: QuarterView) -> Block:
    columns = tuple(
        Column(
            column.key,
            "Rows" if column.key == "rows" else column.title,
            column.kind,
            column.width,
            hidden=column.hidden,
        )
        for column in _columns(entry=False)
    )
    rows = tuple(_total(quarter, view) for quarter in coming_quarters(view))
    return Block(_TOTALS, columns, rows, title="All teams by quarter, live")


def _total(quarter: str, view: QuarterView) -> Row:
    own = [row for row in coming_rows(view) if row.quarter == quarter]
    of_quarter = f"{{{_FORM}.quarter}},{{quarter}}"
    cells: dict[str, CellContent] = {
        "quarter": quarter,
        "team": "All teams",
        "planned": Formula(
            "SUMIFS({items.planned},{items.planned_for},{quarter})",
            sum(minor for (planned_for, _), minor in planned_repayments(view).items() if planned_for == quarter),
        ),
        "rows": Formula(f"COUNTIFS({of_quarter})", len(own)),
    }
    for kind, exported in _EXPORTED.items():
        amounts = [amount for row in own if (amount := getattr(row, kind)) is not None]
        for column in (kind, exported):
            values = f"{{{_FORM}.{column}}}"
            cells[column] = Formula(
                f'IF(COUNTIFS({of_quarter},{values},">=0")=0,"n/a",SUMIFS({values},{of_quarter}))',
                sum(amounts) if amounts else "n/a",
            )
    budgets = sum(1 for row in own if row.budget is not None)
    cells["note"] = Formula(
        f'COUNTIFS({of_quarter},{{{_FORM}.budget}},">=0")&" of "&{{rows}}&" budgets set"',
        f"{budgets} of {len(own)} budgets set",
    )
    return Row(quarter, cells, {"team": Kind.LABEL, "note": Kind.LABEL})


def _alike(rows: Sequence[BudgetView]) -> Mapping[tuple[str, str], int]:
    """How many rows each quarter and team has."""
    return Counter((row.quarter, row.team) for row in rows)
