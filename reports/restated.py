"""Sums over a restatement, for the sheet and the chart: as issued, by later events. Minor units."""

from __future__ import annotations

from ledger.views.quarter import QuarterView
from ledger.views.restatements import RestatementView
from ledger.views.rollforward import MOVEMENTS
from ledger.vocabulary.kinds import NATURES
from reports.content import previous_quarter

#: The columns that a later event can change; together they change the closing.
COLUMNS = ("opening", *MOVEMENTS)
MEMORANDA = ("spent", "interest")


def of_this(view: QuarterView) -> RestatementView | None:
    """What changed since an earlier issue of the pack's quarter; None if the pack names none."""
    return _of(view, view.provenance.quarter)


def of_previous(view: QuarterView) -> RestatementView | None:
    """What changed since the issue of the quarter before; None if the pack names none."""
    return _of(view, previous_quarter(view))


def issued(restated: RestatementView, figure: str, *natures: str) -> int:
    """A column, the closing, what was spent or the interest, as issued. natures: both, if none is named."""
    rows = restated.memoranda if figure in MEMORANDA else restated.issued
    return sum(int(getattr(row, figure)) for row in rows if row.nature in (natures or NATURES))


def later(restated: RestatementView, figure: str, *natures: str) -> int:
    """What later events changed of the figure; of the closing, all of them together."""
    if figure == "interest":
        return sum(row.now - row.issued for row in restated.interest if row.nature in (natures or NATURES))
    legs = [leg for leg in restated.legs if leg.nature in (natures or NATURES)]
    if figure == "spent":
        return sum(leg.spent for leg in legs)
    return sum(leg.amount for leg in legs if figure in ("closing", leg.column))


def events(restated: RestatementView) -> int:
    """How many events changed something. An adoption is one event of two legs."""
    return len({leg.position for leg in restated.legs})


def _of(view: QuarterView, quarter: str) -> RestatementView | None:
    return next((found for found in view.restatements if found.quarter == quarter), None)
