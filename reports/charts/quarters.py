"""Quarters under a chart: one whose figure is another than the one that was issued says so, with what was issued."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ledger.views.quarter import QuarterView
from reports.charts import frame
from reports.lettering import fit
from reports.restated import otherwise

#: Of the room for a quarter, what its words may take.
_FULL = 0.94


def quarter_words(view: QuarterView, unit: frame.Scale, measure: str) -> list[str]:
    """A name per quarter of the view, oldest first. unit: of the figures that are drawn."""
    issued = {quarter: otherwise(view, quarter, measure) for quarter in view.quarters[:-1]}
    return [
        quarter if (was := issued.get(quarter)) is None else f"{quarter}\nissued {unit.label(was)}"
        for quarter in view.quarters
    ]


def name_quarters(figure: Any, axes: Any, places: Sequence[float], words: Sequence[str]) -> None:
    """Write the names under the axes, all in one size in which none reaches into the next."""
    axes.set_xticks(places, words)
    fit(figure, axes.get_xticklabels(), axes.bbox.width / len(words) * _FULL)


def restated_words(view: QuarterView, measures: Sequence[str]) -> str:
    """Which earlier quarters have another figure than was issued, for a subtitle; empty where none has."""
    found = [
        quarter
        for quarter in view.quarters[:-1]
        if any(otherwise(view, quarter, measure) is not None for measure in measures)
    ]
    return f" · restated since issue: {', '.join(found)}" if found else ""
