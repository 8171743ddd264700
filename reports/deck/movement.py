"""Page 2: why the technical delta moved: the bridge, and the largest movements behind it."""

from __future__ import annotations

from ledger.views.quarter import QuarterView
from reports.causes import ItemMove, largest_moves
from reports.charts import waterfall
from reports.charts.frame import Drawing
from reports.content import movement_title, signed_money
from reports.deck import page
from reports.sentences import why_it_moved

_HEADINGS = (
    page.Heading("Item", 0.14, whole=True),
    page.Heading("Title", 0.48),
    page.Heading("Team", 0.14),
    page.Heading("Movement", 0.11, whole=True),
    page.Heading("Amount", 0.13, right=True),
)
_TABLE = 2.45  # inches


def draw(view: QuarterView, number: page.Number) -> Drawing:
    """The chart over the width of the page, so that the names of its steps can be read; the table under it."""
    message = why_it_moved(view)
    figure = page.new_page(view, number, message)
    lines = [page.TableRow(_cells(view, move)) for move in largest_moves(view, page.rows_in(_TABLE))]
    bottom = page.BOTTOM + (_TABLE if lines else 0)
    width = page.WIDTH - 2 * page.MARGIN
    chart = waterfall.draw(view, page.part(figure, page.MARGIN, bottom, width, page.TOP - bottom))
    if lines:
        page.table(figure, _HEADINGS, lines, page.MARGIN, bottom, width)
    return Drawing(figure, message, f"{message}. {chart.alternative} {page.in_words(_HEADINGS, lines)}".rstrip())


def _cells(view: QuarterView, move: ItemMove) -> tuple[str, ...]:
    found = next((item for item in view.items if item.item == move.item), None)
    words = (found.title, found.team or "no team") if found else ("", "")
    return (move.item, *words, movement_title(move.column), signed_money(view, move.amount))
