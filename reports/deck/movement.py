"""Page 2: why the technical delta moved: the bridge, and the largest movements behind it."""

from __future__ import annotations

from ledger.views.quarter import QuarterView
from reports.causes import largest_moves
from reports.charts import waterfall
from reports.charts.frame import Drawing
from reports.content import movement_title, signed_money
from reports.deck import page
from reports.sentences import why_it_moved

_HEADINGS = (
    page.Heading("Item", 0.28, whole=True),
    page.Heading("Movement", 0.19, whole=True),
    page.Heading("Title", 0.28),
    page.Heading("Amount", 0.25, right=True),
)
_CHART, _TABLE_AT = 6.7, 7.4  # inches


def draw(view: QuarterView, number: page.Number) -> Drawing:
    """The chart on the left, the table on the right."""
    message = why_it_moved(view)
    figure = page.new_page(view, number, message)
    height = page.TOP - page.BOTTOM
    chart = waterfall.draw(view, page.part(figure, page.MARGIN, page.BOTTOM, _CHART, height - 0.1))
    titles = {item.item: item.title for item in view.items}
    lines = [
        page.TableRow(
            (move.item, movement_title(move.column), titles.get(move.item, ""), signed_money(view, move.amount))
        )
        for move in largest_moves(view, page.rows_in(height - 0.4))
    ]
    if lines:
        page.table(figure, _HEADINGS, lines, _TABLE_AT, page.TOP - 0.15, page.WIDTH - page.MARGIN - _TABLE_AT)
    return Drawing(figure, message, f"{message}. {chart.alternative} {page.in_words(_HEADINGS, lines)}".rstrip())
