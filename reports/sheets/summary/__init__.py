"""Summary: the answer, the measures behind it, the light of all checks and the charts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from ledger.views.quarter import QuarterView
from ledger.vocabulary.kinds import NATURES
from reports.causes import unestimated
from reports.content import Content, previous_quarter, year_ago_quarter
from reports.figures import share
from reports.restated import Issue, figure_issued, issue_of
from reports.scenarios import AC, PP, PY, off
from reports.sentences import what_moved
from reports.sheet import Block, CellContent, CellOf, CheckLine, Column, Formula, Kind, Reference, Row, Sheet
from reports.sheets.summary.budgets import budget_rows
from reports.sheets.summary.changes import BLOCK, ISSUED, PAST, PLACES, beside_issued, changes, or_na
from reports.sheets.summary.measures import MEASURES, figures_of, measure_row

COLOURS = (
    "Changes: orange raises, a minus sign lowers. In %: of the size of what was, so that − beside 'Repaid'"
    " says that less was repaid. n/a: a per cent of zero or of a figure of the other sign, or no budget was set."
)
#: Pixels of a chart: at the scale of the page its smallest letters can be read.
_PICTURE = 1000
AS_ISSUED = (
    "As issued: what the pack of that quarter said, as the ledger was known when it was last issued. Restated: what was"
    " recorded since has changed the figure; Restatements explains last quarter's by events, the pack of an older one its own."
)

#: The difference of two shares in percentage points.
_POINTS = 'IF(ISNUMBER({now}),IF(ISNUMBER({before}),({now}-{before})/1%,"n/a"),"n/a")'


def build(content: Content) -> Sheet:
    """The light, the measures, the charts, and how much of the spending is assumed."""
    view = content.view
    origin = view.provenance
    return Sheet(
        title="Summary",
        headline=what_moved(view),
        subtitle=f"{origin.book} · {origin.currency}, whole units · as of {origin.as_of} · "
        f"known at {origin.known_at[:16].replace('T', ' ')} UTC",
        blocks=(_light(content), Block(BLOCK, _columns(view), _rows(view))),
        pictures=tuple(replace(picture, width=_PICTURE) for picture in content.pictures),
        notes=(_assumptions(view), COLOURS, *([AS_ISSUED] if _issues(view) else [])),
    )


def checks(_view: QuarterView) -> Sequence[CheckLine]:
    """None: the figures on this sheet are those of others."""
    return ()


def _columns(view: QuarterView) -> tuple[Column, ...]:
    before, year_ago = previous_quarter(view), year_ago_quarter(view)
    known = _issues(view)
    last, earlier = ("before" not in known), ("year_ago" not in known)
    return (
        Column("measure", "Measure", Kind.LABEL, 30),
        Column("now", f"This quarter {view.provenance.quarter}", Kind.AMOUNT, 14, mark=AC),
        Column("before", f"Last quarter {before}", Kind.AMOUNT, 14, mark=PP),
        Column("issued", f"{before} as issued", Kind.AMOUNT, 13, hidden=last),
        Column("restated", "Restated", Kind.LABEL, 10, hidden=last),
        Column("change", "Change", Kind.AMOUNT_CHANGE, 13, mark=off(PP)),
        Column("relative", "Change in %", Kind.GROWTH, 10, mark=f"{off(PP)}%"),
        Column("year_ago", f"Year before {year_ago}", Kind.AMOUNT, 14, mark=PY),
        Column("year_ago_issued", f"Year before {year_ago} as issued", Kind.AMOUNT, 13, hidden=earlier),
        Column("year_ago_restated", "Year before restated", Kind.LABEL, 10, hidden=earlier),
        Column("meaning", "What it says", Kind.LABEL, 40),
    )


def _light(content: Content) -> Block:
    total = len(content.checks)
    passed = sum(1 for line in content.checks if line.ok)
    refs = {"passed": CellOf("light", "all", "left"), "total": CellOf("light", "all", "right")}
    row = Row(
        "light",
        {
            "measure": "All checks",
            "now": Formula("all_checks", "OK" if passed == total else "ERROR"),
            "meaning": Formula(
                '{passed}&" of "&{total}&" checks read OK"', f"{passed} of {total} checks read OK", refs
            ),
        },
        {"now": Kind.RESULT},
        strong=True,
    )
    return Block("summary.light", _columns(content.view), (row,), header=False)


def _rows(view: QuarterView) -> tuple[Row, ...]:
    figures = {measure.key: figures_of(view, measure) for measure in MEASURES}
    delta = [sum(figures[nature][index] for nature in NATURES) for index in range(3)]
    issues = _issues(view)
    rows = [_delta_row(delta, issues), _unestimated_row(view)]
    for measure in MEASURES:
        rows.append(measure_row(measure, figures[measure.key], issues))
        if measure.key == "neglect":
            rows.append(_share_row(figures["neglect"], delta))
    return (*rows, *budget_rows(view, issues))


def _issues(view: QuarterView) -> dict[str, Issue]:
    """What earlier issues said of the past quarters, by their columns."""
    quarters = dict(zip(PAST, (previous_quarter(view), year_ago_quarter(view)), strict=True))
    found = ((column, issue_of(view, quarter)) for column, quarter in quarters.items())
    return {column: issue for column, issue in found if issue is not None}


def _delta_row(delta: list[int], issues: Mapping[str, Issue]) -> Row:
    cells: dict[str, CellContent] = {}
    for index, column in enumerate(("now", "before", "year_ago")):
        refs: dict[str, Reference] = {nature: CellOf(BLOCK, nature, column) for nature in NATURES}
        cells[column] = Formula("{debt}+{neglect}", delta[index], refs)
    for past, issue in issues.items():
        issued = figure_issued(issue, "closing")
        refs = {nature: CellOf(BLOCK, nature, ISSUED[past][0]) for nature in NATURES}
        cells |= beside_issued(past, issued, delta[PLACES[past]], Formula("{debt}+{neglect}", issued, refs))
    words = {"measure": "Technical delta", "meaning": "Debt + neglect: the distance to the ideal internals"}
    return Row("delta", {**words, **cells, **changes(delta)}, strong=True)


def _unestimated_row(view: QuarterView) -> Row:
    """Beside the delta, because what has no estimate has nothing in it."""
    words = {"measure": "Items without an estimate", "meaning": "Found, and nobody has said yet what they cost to mend"}
    count = Formula('COUNTIFS({items.status},"unestimated")', unestimated(view))
    return Row("unestimated", {**words, "now": count}, {"now": Kind.COUNT})


def _share_row(neglect: list[int], delta: list[int]) -> Row:
    shares = [share(part, whole) for part, whole in zip(neglect, delta, strict=True)]
    cells: dict[str, Formula] = {}
    for index, column in enumerate(("now", "before", "year_ago")):
        refs = {"neglect": CellOf(BLOCK, "neglect", column), "delta": CellOf(BLOCK, "delta", column)}
        cells[column] = Formula('IF(ABS({delta})<tolerance,"n/a",{neglect}/{delta})', or_na(shares[index]), refs)
    now, before = shares[:2]
    cells["change"] = Formula(_POINTS, "n/a" if now is None or before is None else (now - before) * 100)
    kinds = {"now": Kind.SHARE, "before": Kind.SHARE, "year_ago": Kind.SHARE, "change": Kind.POINTS}
    words = {"measure": "Share of neglect", "meaning": "Neglect / technical delta, the part that nobody decided"}
    return Row("share", {**words, **cells}, kinds)


def _assumptions(view: QuarterView) -> str:
    count, assumed, unmeasured = view.repayments, view.spent_assumed, view.unmeasured
    if not count:
        return "No repayment was recorded in the quarter."
    of_all = f"of {count:,} {'repayment' if count == 1 else 'repayments'} of the quarter"
    said = []
    if assumed:
        said.append(
            f"For {assumed:,} {of_all} nobody stated what was spent; it is assumed to equal the principal removed."
        )
    if unmeasured:
        said.append(
            f"{unmeasured:,} {of_all} {'is' if unmeasured == 1 else 'are'} work that nobody measured: nothing counts as spent."
        )
    return " ".join(said) or f"What was spent was stated for every repayment of the quarter ({count:,})."
