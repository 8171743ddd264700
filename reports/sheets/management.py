"""Management summary: one printed page that stands alone: what moved, what was spent, what has to be decided."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import replace

from ledger.views.quarter import ItemView, QuarterView
from ledger.vocabulary.ages import OF_WHICH
from reports.content import TOTAL, Content, unit
from reports.decisions import DecisionAsked, in_words, past_due, waiting
from reports.figures import fitting
from reports.key_figures import KeyFigure, key_figures
from reports.scenarios import PP, off
from reports.sentences import what_moved, what_was_issued, what_was_spent
from reports.sheet import Block, CellContent, CellOf, CheckLine, Column, Formula, Kind, Reference, Row, Sheet

#: Decisions of each kind that the page has room for, the largest first.
SHOWN = 4
_SCENARIOS = "AC: actual, PP: last quarter, PL: budget, BU: original budget"
#: Characters of a line of sentences.
_LINE = 140
#: Pixels of the bridge: nearly as wide as the columns, and no higher than leaves the letters of the page their size.
_PICTURE = 880
#: Characters of a title, of a name and of a team that have room beside a decision.
_TITLE, _NAME, _TEAM = 36, 18, 24

_FIGURES = (
    Column("figure", "Measure", Kind.LABEL, 26),
    Column("now", "AC", Kind.AMOUNT, 15),
    Column("before", "Last quarter", Kind.AMOUNT, 15, mark=PP),
    Column("change", "Change", Kind.AMOUNT_CHANGE, 15, mark=off(PP)),
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
        f"{'provisional' if view.provenance.provisional else 'final'} as known at {known} UTC · {_SCENARIOS}",
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
    said = (what_was_spent(view), in_words(view), what_was_issued(view))
    return tuple(line for sentence in said for line in textwrap.wrap(sentence, _LINE))


def _figures(view: QuarterView) -> Iterator[Row]:
    for figure in key_figures(view):
        yield _compared(figure) if figure.compared else _alone(figure)


def _light(content: Content) -> Row:
    passed = all(line.ok for line in content.checks)
    cells: dict[str, CellContent] = {"figure": "All checks", "where": "Checks: every line of this pack ties"}
    return Row("light", {**cells, "now": Formula("all_checks", "OK" if passed else "ERROR")}, {"now": Kind.RESULT})


def _compared(figure: KeyFigure) -> Row:
    """A measure of the Summary, in the same cells; what is not known is n/a there."""
    cells: dict[str, CellContent] = {
        "figure": figure.title,
        "where": figure.where,
        "restated": figure.restated or None,
    }
    for column, amount in (("now", figure.now), ("before", figure.before), ("change", figure.change)):
        cells[column] = _same(figure.key, column, "n/a" if amount is None else amount)
    return Row(figure.key, cells, dict.fromkeys(("now", "before"), Kind.AMOUNT_CHANGE) if figure.signed else {})


def _alone(figure: KeyFigure) -> Row:
    """What Past quarters does not tell of the quarter before."""
    cells: dict[str, CellContent] = {"figure": figure.title, "where": figure.where}
    if figure.count:
        return Row(figure.key, {**cells, "now": _same(figure.key, "now", figure.now or 0)}, {"now": Kind.COUNT})
    refs: dict[str, Reference] = {name: CellOf("ageing", TOTAL, name) for name in OF_WHICH}
    return Row(figure.key, {**cells, "now": Formula(_PAST_DUE, figure.now, refs)})


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
    unknown = item.status == "unestimated"
    cells: dict[str, CellContent] = {
        "item": item.item, "title": _words(item), "owed": "no estimate" if unknown else item.outstanding, "since": asked.since,
        "team": fitting([item.team], _TEAM), "asked": asked.decision,
    }  # fmt: skip
    return Row(f"{item.item} {item.nature}", cells)


def _words(item: ItemView) -> str:
    """What it is, and by whom it was decided or from what it came; cut where there is no room."""
    said = fitting([item.decided_by_or_cause], _NAME)
    return " · ".join(filter(None, (fitting([item.title], _TITLE), said)))
