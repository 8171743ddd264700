"""Management summary: one printed page that stands alone: what moved, what was spent, what has to be decided."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import replace

from ledger.views.quarter import BUDGET_ORIGINAL, ItemView, QuarterView
from ledger.vocabulary.ages import OF_WHICH
from ledger.vocabulary.kinds import NATURES
from reports.causes import unestimated
from reports.content import TOTAL, Content, money, previous_quarter, recorded, total_posted, unit
from reports.decisions import DecisionAsked, in_words, past_due, waiting
from reports.figures import fitting
from reports.planning import plans_by_quarter, posted_plan, verdicts
from reports.restated import figure_issued, later, of_previous, of_this, plans_in_words, stands, variance_issued
from reports.sentences import what_moved
from reports.sheet import Block, CellContent, CellOf, CheckLine, Column, Formula, Kind, Reference, Row, Sheet

#: Decisions of each kind that the page has room for, the largest first.
SHOWN = 4
#: The budgets that spending is held against: as a plan and as Past quarters call them, and the row's title.
_BUDGETS = (
    ("original", BUDGET_ORIGINAL, "Spending less original budget"),
    ("budget", "budget", "Spending less budget of today"),
)
#: Characters of a line of sentences.
_LINE = 140
#: Pixels of the bridge: as wide as the columns.
_PICTURE = 950
#: Characters of a title, of a name and of a team that have room beside a decision.
_TITLE, _NAME, _TEAM = 36, 18, 24

_FIGURES = (
    Column("figure", "Measure", Kind.LABEL, 26),
    Column("now", "AC", Kind.AMOUNT, 15),
    Column("before", "Last quarter", Kind.AMOUNT, 15),
    Column("change", "Change", Kind.AMOUNT_CHANGE, 15),
    Column("where", "Where it comes from", Kind.LABEL, 28),
    Column("restated", "Last quarter restated", Kind.LABEL, 32),
)
_DECISIONS = (
    Column("item", "Item", Kind.CODE, 26),
    Column("owed", "Outstanding", Kind.AMOUNT, 15),
    Column("since", "Since", Kind.DATE, 15),
    Column("team", "Team", Kind.TEXT, 15),
    Column("asked", "Decision asked", Kind.LABEL, 28),
    Column("title", "Title, and who decided or the cause", Kind.TEXT, 32),
)
#: Outstanding that is past its day, its quarter, or both: an item that is both is counted once.
_PAST_DUE = '{lapsed}+{overdue}-SUMIFS({items.outstanding},{items.until},"<"&as_of,{items.repay_by},"<"&quarter)'


def build(content: Content) -> Sheet:
    """Three sentences, five figures, the decisions, the bridge."""
    view = content.view
    known = view.provenance.known_at[:16].replace("T", " ")
    return Sheet(
        title="Management summary",
        headline=what_moved(view),
        subtitle=f"{view.provenance.book} · {unit(view)}, whole units · as of {view.provenance.as_of} · "
        f"{'provisional' if view.provenance.provisional else 'final'} as known at {known} UTC · AC: actual",
        blocks=(
            Block("management.figures", _FIGURES, (*_figures(view), _light(content))),
            Block("management.decisions", _DECISIONS, tuple(_decisions(view)), title="Decisions asked"),
        ),
        pictures=tuple(replace(picture, width=_PICTURE) for picture in content.pictures[:1]),
        one_page=True,
        standing=True,
        headings_differ=True,
        sentences=_sentences(view),
    )


def checks(_view: QuarterView) -> Sequence[CheckLine]:
    """None: the figures on this sheet are those of others."""
    return ()


def _sentences(view: QuarterView) -> tuple[str, ...]:
    """Spending, what is to be decided, and what has changed since the issue, in lines that go over the page."""
    spending = verdicts(view, lambda minor: money(view, minor))[0]
    said = (f"{spending}.", in_words(view), _restated(view))
    return tuple(line for sentence in said for line in textwrap.wrap(sentence, _LINE))


def _restated(view: QuarterView) -> str:
    """Whether this quarter was issued before, and says something else now."""
    restated, quarter = of_this(view), view.provenance.quarter
    if restated is None:
        return f"{quarter} was not issued before." if not view.provenance.provisional else ""
    if stands(restated):
        return f"{quarter} was issued on {restated.issue.issued_at[:10]}, and nothing has changed since."
    changes = {"closing": later(restated, "closing"), "spent": later(restated, "spent")}
    said = [f"{figure} {money(view, changed)}" for figure, changed in changes.items() if changed]
    said += filter(None, [plans_in_words(restated)])
    what = f": {', '.join(said)}" if said else ""
    return f"{quarter} has changed since its issue of {restated.issue.issued_at[:10]}{what} (see Restatements)."


def _figures(view: QuarterView) -> Iterator[Row]:
    last = previous_quarter(view)
    per_year = sum(row.interest_per_year for row in view.items)
    delta = sum(total_posted(view, nature, "closing") for nature in NATURES)
    issued = of_previous(view)
    for key, title, where, now, measure in (
        ("delta", "Technical delta", "Summary: debt + neglect", delta, "closing"),
        ("per_year", "Interest per year", "Items", per_year, "interest_per_year"),
    ):
        before = recorded(view, last, measure)
        said = "" if issued is None else _issued_as(view, figure_issued(issued, measure), before)
        yield _linked(key, title, where, [now, before], said)
    plans = (posted_plan(view), plans_by_quarter(view).get(last))
    for budget, measure, title in _BUDGETS:
        over = [None if plan is None else plan.beyond(getattr(plan, budget)) for plan in plans]
        said = "" if issued is None else _issued_as(view, variance_issued(issued, measure), over[1])
        yield _linked(f"over.{budget}", title, "Budget vs actual: the quarter's own work", over, said)
    late = sum(asked.item.outstanding for asked in past_due(view))
    refs: dict[str, Reference] = {name: CellOf("ageing", TOTAL, name) for name in OF_WHICH}
    yield Row(
        "late",
        {"figure": "Past due", "now": Formula(_PAST_DUE, late, refs), "where": "Ageing: lapsed, overdue or both"},
    )
    words: dict[str, CellContent] = {
        "figure": "Items without an estimate",
        "where": "Items; nothing of them is in the delta",
    }
    yield Row("unestimated", {**words, "now": _same("unestimated", "now", unestimated(view))}, {"now": Kind.COUNT})


def _light(content: Content) -> Row:
    passed = all(line.ok for line in content.checks)
    cells: dict[str, CellContent] = {"figure": "All checks", "where": "Checks: every line of this pack ties"}
    return Row("light", {**cells, "now": Formula("all_checks", "OK" if passed else "ERROR")}, {"now": Kind.RESULT})


def _issued_as(view: QuarterView, was: int | None, known: int | None) -> str:
    """The mark of a figure of last quarter that was issued otherwise, with what was; empty of one that stands."""
    if was == known:
        return ""
    return f"issued as {'n/a' if was is None else money(view, was)}"


def _linked(key: str, title: str, where: str, figures: Sequence[int | None], restated: str) -> Row:
    """A measure of the Summary, in the same cells. figures: of this quarter and the last; None is n/a there."""
    now, before = figures
    change = None if now is None or before is None else now - before
    cells: dict[str, CellContent] = {"figure": title, "where": where, "restated": restated or None}
    for column, figure in (("now", now), ("before", before), ("change", change)):
        cells[column] = _same(key, column, "n/a" if figure is None else figure)
    return Row(key, cells, dict.fromkeys(("now", "before"), Kind.AMOUNT_CHANGE) if key.startswith("over") else {})


def _same(key: str, column: str, cached: int | str) -> Formula:
    return Formula("{same}", cached, {"same": CellOf("summary", key, column)})


def _decisions(view: QuarterView) -> Iterator[Row]:
    for found in (past_due(view), waiting(view)):
        yield from map(_decision, found[:SHOWN])
        rest = found[SHOWN:]
        if rest:
            owed = sum(asked.item.outstanding for asked in rest)
            yield Row(
                f"after {found[0].item.item}",
                {"item": f"and {len(rest):,} more", "owed": owed, "asked": "Items has them all"},
            )


def _decision(asked: DecisionAsked) -> Row:
    item = asked.item
    cells: dict[str, CellContent] = {
        "item": item.item, "title": _words(item), "owed": item.outstanding, "since": asked.since,
        "team": fitting([item.team], _TEAM), "asked": asked.decision,
    }  # fmt: skip
    return Row(f"{item.item} {item.nature}", cells)


def _words(item: ItemView) -> str:
    """What it is, and by whom it was decided or from what it came; cut where there is no room."""
    said = fitting([item.decided_by_or_cause], _NAME)
    return " · ".join(filter(None, (fitting([item.title], _TITLE), said)))
