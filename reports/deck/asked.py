"""Page 6: the decisions that the meeting is asked for, each with its owner and since when it waits."""

from __future__ import annotations

from ledger.views.quarter import QuarterView
from reports.charts.frame import QUIET, Drawing
from reports.content import amount
from reports.decisions import DecisionAsked, in_words, past_due, waiting
from reports.deck import page

_HEADINGS = (
    page.Heading("Item", 0.12, whole=True),
    page.Heading("Title", 0.2),
    page.Heading("Team", 0.1),
    page.Heading("Decided by, or cause", 0.13),
    page.Heading("Since", 0.08, whole=True),
    page.Heading("Outstanding", 0.1, right=True),
    page.Heading("Decision asked", 0.27, whole=True),
)


def draw(view: QuarterView, number: page.Number) -> Drawing:
    """A table: what is past due, then neglect that waits."""
    message = in_words(view).removesuffix(".")
    figure = page.new_page(view, number, message)
    lines = _lines(view, page.rows_in(page.TOP - page.BOTTOM - 0.2))
    if lines:
        page.table(figure, _HEADINGS, lines, page.MARGIN, page.TOP - 0.15, page.WIDTH - 2 * page.MARGIN)
    else:
        words = "No debt is past its term, and no neglect waits."
        page.sentences(figure, [words], page.TOP - 0.4, color=QUIET)
    return Drawing(figure, message, f"{message}. {page.in_words(_HEADINGS, lines)}".rstrip())


def _lines(view: QuarterView, room: int) -> list[page.TableRow]:
    """Both kinds have at least half of the room; the others of a kind share a row."""
    late, neglect = past_due(view), waiting(view)
    for_late = max(room - len(neglect), room // 2)
    return [*_of_kind(view, late, for_late), *_of_kind(view, neglect, room - min(len(late), for_late))]


def _of_kind(view: QuarterView, found: tuple[DecisionAsked, ...], room: int) -> list[page.TableRow]:
    shown = found if len(found) <= room else found[: room - 1]
    lines = [page.TableRow(_cells(view, asked)) for asked in shown]
    others = found[len(shown) :]
    if others:
        owed = amount(view, sum(asked.item.outstanding for asked in others))
        what = "The sheet Items has them all"
        lines.append(page.TableRow((f"{len(others):,} others", "", "", "", "", owed, what)))
    return lines


def _cells(view: QuarterView, asked: DecisionAsked) -> tuple[str, ...]:
    item = asked.item
    owed = "no estimate" if item.status == "unestimated" else amount(view, item.outstanding)
    owner = (item.team or "no team", item.decided_by_or_cause)
    return (item.item, item.title, *owner, str(asked.since), owed, asked.decision)
