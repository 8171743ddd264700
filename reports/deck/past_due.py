"""Page 4: what is past its term and what that costs, how old the rest is, and which items cost most to carry."""

from __future__ import annotations

from ledger.views.quarter import QuarterView
from reports.charts import ageing, largest_interest
from reports.charts.frame import Drawing
from reports.content import amount
from reports.decisions import DecisionAsked, past_due, past_due_in_words
from reports.deck import page

_HEADINGS = (
    page.Heading("Past due", 0.13, whole=True),
    page.Heading("Title", 0.3),
    page.Heading("Team", 0.13),
    page.Heading("Term", 0.12, whole=True),
    page.Heading("Since", 0.09, whole=True),
    page.Heading("Outstanding", 0.11, right=True),
    page.Heading("Interest per year", 0.12, right=True),
)
_TABLE = 2.1  # inches
_GAP = 0.25


def draw(view: QuarterView, number: page.Number) -> Drawing:
    """Two charts beside each other, a table under them."""
    message = past_due_in_words(view).removesuffix(".")
    figure = page.new_page(view, number, message)
    late = past_due(view)
    lines = _lines(view, late, page.rows_in(_TABLE))
    bottom = page.BOTTOM + (_TABLE if lines else 0)
    width = (page.WIDTH - 2 * page.MARGIN - _GAP) / 2
    charts = [
        chart.draw(
            view, page.part(figure, page.MARGIN + index * (width + _GAP), bottom, width, page.TOP - bottom - 0.1)
        )
        for index, chart in enumerate((ageing, largest_interest))
    ]
    if lines:
        page.table(figure, _HEADINGS, lines, page.MARGIN, bottom, page.WIDTH - 2 * page.MARGIN)
    words = [chart.alternative for chart in charts]
    return Drawing(figure, message, " ".join((f"{message}.", *words, page.in_words(_HEADINGS, lines))).rstrip())


def _lines(view: QuarterView, late: tuple[DecisionAsked, ...], room: int) -> list[page.TableRow]:
    shown = late if len(late) <= room else late[: room - 1]
    lines = [page.TableRow(_cells(view, asked)) for asked in shown]
    others = [asked.item for asked in late[len(shown) :]]
    if others:
        owed, per_year = sum(each.outstanding for each in others), sum(each.interest_per_year for each in others)
        figures = (amount(view, owed), amount(view, per_year))
        lines.append(page.TableRow((f"{len(others):,} others", "", "", "", "", *figures)))
    return lines


def _cells(view: QuarterView, asked: DecisionAsked) -> tuple[str, ...]:
    item = asked.item
    figures = (amount(view, item.outstanding), amount(view, item.interest_per_year))
    return (item.item, item.title, item.team or "no team", ", ".join(item.late), str(asked.since), *figures)
