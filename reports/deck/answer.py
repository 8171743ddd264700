"""Page 1: the answer: what moved, the five figures, what was spent, what is to be decided, whether it is final."""

from __future__ import annotations

from collections.abc import Iterator

from ledger.views.quarter import QuarterView
from reports.charts.frame import QUIET, Drawing
from reports.content import money, previous_quarter, signed_money
from reports.decisions import in_words
from reports.deck import page
from reports.key_figures import KeyFigure, key_figures
from reports.restated import notes
from reports.scenarios import BU, MEANINGS, PP, off
from reports.sentences import what_moved, what_was_issued, what_was_spent

#: Measures of last quarter that would change what the page says, had they been restated.
_RESTATED = {"interest_per_year": "interest per year", "removed_spent": "spent", "budget": "budget"}


def draw(view: QuarterView, number: page.Number) -> Drawing:
    """Tiles, then sentences."""
    message = what_moved(view)
    figure = page.new_page(view, number, message)
    shown = list(_tiles(view))
    end = page.tiles(figure, shown, page.TOP - 0.15)
    said = [what_was_spent(view), in_words(view), what_was_issued(view), *notes(view, _RESTATED)]
    said = [sentence for sentence in said if sentence]
    page.sentences(figure, said, end - 0.45, size=16)
    page.sentences(figure, [_legend()], page.BOTTOM + 0.2, size=9, most=1, color=QUIET)
    words = "; ".join(" ".join((tile.words, tile.figure, *tile.beside)) for tile in shown)
    return Drawing(figure, message, f"{message}. {words}. {' '.join(said)}")


def _legend() -> str:
    """The scenarios that this page and the others name."""
    said = (f"{scenario} {meaning.partition(':')[0].lower()}" for scenario, meaning in MEANINGS.items())
    return f"{', '.join(said)}; Δ: actual less that."


def _tiles(view: QuarterView) -> Iterator[page.Tile]:
    """Five: what is spent against the original budget stands with what is spent against that of today."""
    figures = {figure.key: figure for figure in key_figures(view)}
    last = previous_quarter(view)
    for key in ("delta", "per_year", "over.budget", "late", "unestimated"):
        figure = figures[key]
        beside = []
        if figure.compared and figure.before is not None:
            beside.append(f"{PP} {last}: {_amount(view, figure, figure.before)}")
        if not figure.signed and figure.change is not None:
            beside.append(f"{off(PP)}: {signed_money(view, figure.change)}")
        if figure.signed:
            original = figures["over.original"]
            beside.append(f"{off(BU)}, original: {_amount(view, original, original.now)}")
        yield page.Tile(figure.title, _amount(view, figure, figure.now), beside)


def _amount(view: QuarterView, figure: KeyFigure, amount: int | None) -> str:
    if amount is None:
        return "n/a"
    if figure.count:
        return f"{amount:,}"
    return signed_money(view, amount) if figure.signed else money(view, amount)
