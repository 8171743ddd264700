"""Sentences that stand on several pages: the answer, as the Summary and the Management summary begin."""

from __future__ import annotations

from ledger.views.quarter import QuarterView
from ledger.vocabulary.kinds import NATURES
from reports.causes import largest_cause, unestimated_words
from reports.comparatives import comparative
from reports.content import money, recorded, total_posted
from reports.restated import note


def what_moved(view: QuarterView) -> str:
    """The answer in one sentence: what the delta did and by what most, and how many items have nothing in it yet."""
    return "; ".join(filter(None, (_moved(view), unestimated_words(view), note(view, "closing", "delta"))))


def _moved(view: QuarterView) -> str:
    quarter = view.provenance.quarter
    found = comparative(view, lambda of: _delta(view, of))
    now = _delta(view, quarter)
    if found is None or found.now == found.before == 0:
        return f"No technical delta stands at the end of {quarter}"
    said = f"Technical delta {found.words} {'at' if found.stays else 'to'} {money(view, now)} in {quarter}"
    cause = largest_cause(view)
    return f"{said}, driven by {cause[0]} ({money(view, cause[1])})" if cause else said


def _delta(view: QuarterView, quarter: str) -> int:
    if quarter == view.provenance.quarter:
        return sum(total_posted(view, nature, "closing") for nature in NATURES)
    return recorded(view, quarter, "closing")
