"""Page 5: debt and neglect over eight quarters, and which systems owe them; what has been restated."""

from __future__ import annotations

from ledger.views.quarter import QuarterView
from ledger.vocabulary.kinds import NATURES
from reports.charts import debt_and_neglect, principal_by_system
from reports.charts.frame import Drawing
from reports.deck import page
from reports.restated import note
from reports.sentences import how_it_divides

_GAP, _NOTES = 0.25, 0.55  # inches


def draw(view: QuarterView, number: page.Number) -> Drawing:
    """Two charts beside each other, and under them what has another figure than the one that was issued."""
    message = how_it_divides(view)[0]
    figure = page.new_page(view, number, message)
    said = [words for nature in NATURES if (words := note(view, "closing", nature, nature))]
    bottom = page.BOTTOM + (_NOTES if said else 0)
    width = (page.WIDTH - 2 * page.MARGIN - _GAP) / 2
    charts = [
        chart.draw(
            view, page.part(figure, page.MARGIN + index * (width + _GAP), bottom, width, page.TOP - bottom - 0.1)
        )
        for index, chart in enumerate((debt_and_neglect, principal_by_system))
    ]
    notes = [f"{'; '.join(said)}."] if said else []
    page.sentences(figure, notes, page.BOTTOM + _NOTES - 0.1, size=10.5, most=2)
    return Drawing(figure, message, " ".join((f"{message}.", *(chart.alternative for chart in charts), *notes)))
