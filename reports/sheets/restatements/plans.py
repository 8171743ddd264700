"""What teams might spend, were expected to and did, against an issue: by team, and event by event."""

from __future__ import annotations

from collections.abc import Iterator

from ledger.views.quarter import QuarterView
from ledger.views.restatements import PlanChangeView, RestatementView
from ledger.vocabulary.kinds import movement_in
from reports.content import TOTAL, naive_utc
from reports.planning import team_keys
from reports.sheet import Block, CellContent, CheckLine, Column, Formula, Kind, Row
from reports.sheets.restatements.kit import summed

#: Measures of Past quarters, as Budget vs actual calls them.
FIGURES = {"budget": "budget", "forecast": "forecast", "removed_spent": "spent"}

_COLUMNS = (
    Column("team", "Team", Kind.TEXT, 14),
    Column("figure", "Figure", Kind.LABEL, 14),
    Column("issued", "As issued", Kind.EXACT, 13),
    Column("later", "Later events", Kind.EXACT, 13),
    Column("now", "Now", Kind.EXACT, 13),
    Column("unexplained", "Unexplained", Kind.EXACT, 13),
    Column("key", "Team key", Kind.CODE),
    Column("measure", "Measure", Kind.CODE),
)
_CHANGE_COLUMNS = (
    Column("position", "Position", Kind.COUNT),
    Column("event_hash", "Event hash", Kind.CODE),
    Column("stored_as", "Stored as", Kind.CODE),
    Column("team", "Team", Kind.TEXT, 14),
    Column("figure", "Measure", Kind.CODE),
    Column("change", "Change", Kind.EXACT),
    Column("effective", "Effective", Kind.DATE),
    Column("recorded", "Recorded (UTC)", Kind.STAMP),
    Column("actor", "Actor", Kind.TEXT, 14),
    Column("key", "Team key", Kind.CODE),
)


def blocks(view: QuarterView, found: RestatementView, key: str) -> tuple[Block, Block]:
    """A row per team and figure that there was or is, and one per change. key: of the blocks."""
    rows = [_row(view, found, key, *place) for place in _places(view, found)]
    # Budgets, forecasts and spending are not added to each other; what nothing explains is.
    cells = {"team": "all teams" if rows else "no team", "unexplained": summed(key, "unexplained", rows)}
    changes = tuple(_change(view, index, each) for index, each in enumerate(found.plans))
    return (
        Block(
            key,
            _COLUMNS,
            tuple(rows),
            title=f"Plans and spending of {found.quarter} by team",
            total=Row(TOTAL, cells, strong=True),
        ),
        Block(f"{key}.changes", _CHANGE_COLUMNS, changes, title=f"Changes of plans and spending of {found.quarter}"),
    )


def check(view: QuarterView, found: RestatementView, key: str) -> CheckLine:
    """Every budget, forecast and spending of a team is what was issued and the changes since."""
    unexplained = f"{{{key}.unexplained}}"
    places = list(_places(view, found))
    explained = sum(1 for place in places if not _unexplained(view, found, *place))
    return CheckLine(
        f"Plans and spending of {found.quarter} explained by issue and later events = all",
        Formula(f'COUNTIFS({unexplained},">="&-tolerance,{unexplained},"<="&tolerance)', explained),
        Formula(f"COUNTA({{{key}.figure}})", len(places)),
        Kind.COUNT,
    )


def _places(view: QuarterView, found: RestatementView) -> Iterator[tuple[str, str]]:
    """Teams and measures that an issue had, that a change is of, or that there are now."""
    teams = {each.team for each in found.figures if each.measure in FIGURES} | {each.team for each in found.plans}
    teams |= {row.team for row in view.history if row.quarter == found.quarter and row.measure in FIGURES}
    for team in sorted(teams):
        for measure in FIGURES:
            if any(_figures(view, found, team, measure)) or any(_of(each, team, measure) for each in found.plans):
                yield team, measure


def _of(change: PlanChangeView, team: str, measure: str) -> bool:
    return (change.team, change.figure) == (team, measure)


def _figures(view: QuarterView, found: RestatementView, team: str, measure: str) -> tuple[int, int, int]:
    """As issued, what changed, and as Past quarters has it now."""
    issued = sum(each.amount for each in found.figures if (each.team, each.measure) == (team, measure))
    changed = sum(each.change for each in found.plans if _of(each, team, measure))
    now = sum(
        row.amount for row in view.history if (row.quarter, row.team, row.measure) == (found.quarter, team, measure)
    )
    return issued, changed, now


def _unexplained(view: QuarterView, found: RestatementView, team: str, measure: str) -> int:
    issued, changed, now = _figures(view, found, team, measure)
    return issued + changed - now


def _row(view: QuarterView, found: RestatementView, key: str, team: str, measure: str) -> Row:
    issued, changed, now = _figures(view, found, team, measure)
    quarter = "quarter" if found.quarter == view.provenance.quarter else "previous_quarter"
    changes = f"{key}.changes"
    cells: dict[str, CellContent] = {
        "team": team or "no team",
        "figure": movement_in(FIGURES[measure]),
        "issued": issued,
        "later": Formula(
            f"SUMIFS({{{changes}.change}},{{{changes}.key}},{{key}},{{{changes}.figure}},{{measure}})", changed
        ),
        "now": Formula(
            f"SUMIFS({{past.amount}},{{past.quarter}},{quarter},{{past.team_key}},{{key}},{{past.measure}},{{measure}})",
            now,
        ),
        "unexplained": Formula("{issued}+{later}-{now}", issued + changed - now),
        "key": team_key(view, team),
        "measure": measure,
    }
    return Row(f"{team} {measure}", cells)


def team_key(view: QuarterView, team: str) -> str:
    """A team's key in this workbook; one that Past quarters does not have has none there to be found."""
    return team_keys(view).get(team, "none")


def _change(view: QuarterView, index: int, each: PlanChangeView) -> Row:
    cells: dict[str, CellContent] = {
        "position": each.position,
        "event_hash": each.event_hash,
        "stored_as": each.stored_as,
        "team": each.team or "no team",
        "effective": each.effective_on,
        "recorded": naive_utc(each.recorded_at),
        "actor": each.actor,
        "figure": each.figure,
        "change": each.change,
        "key": team_key(view, each.team),
    }
    return Row(str(index), cells)
