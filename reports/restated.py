"""Sums over a restatement, for the sheet and the chart: as issued, by later events. Minor units."""

from __future__ import annotations

from collections.abc import Mapping

from ledger.views.quarter import BUDGET_ORIGINAL, QuarterView
from ledger.views.restatements import RestatementView
from ledger.views.rollforward import MOVEMENTS
from ledger.vocabulary.kinds import NATURES
from reports.content import money, previous_quarter, recorded

#: The columns that a later event can change; together they change the closing.
COLUMNS = ("opening", *MOVEMENTS)
MEMORANDA = ("spent", "interest")
#: Measures that are nothing, and not zero, where nobody set them.
PLANNED = ("budget", BUDGET_ORIGINAL, "forecast")


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


def figure_issued(restated: RestatementView, measure: str, nature: str | None = None) -> int | None:
    """A measure of the quarter as it was issued, over all systems and teams; None of a plan that nobody had set.

    nature None means debt and neglect.
    """
    found = [each.amount for each in restated.figures if each.measure == measure and nature in (None, each.nature)]
    return None if not found and measure in PLANNED else sum(found)


def note(view: QuarterView, measure: str, words: str, nature: str | None = None) -> str:
    """That the quarter before has another figure than the one that was issued, which stands beside it; else empty."""
    previous = of_previous(view)
    if previous is None:
        return ""
    was, now = figure_issued(previous, measure, nature), recorded(view, previous.quarter, measure, nature)
    if (was or 0) == now:
        return ""
    return f"{previous.quarter} restated: {words} {money(view, now)}, issued as {money(view, was or 0)}"


def notes(view: QuarterView, measures: Mapping[str, str]) -> tuple[str, ...]:
    """The same of several measures, each a sentence. measures: what each is called."""
    return tuple(f"{said}." for measure, words in measures.items() if (said := note(view, measure, words)))


def events(restated: RestatementView) -> int:
    """How many later events changed a figure of the items. An adoption is one event of two legs."""
    return len({leg.position for leg in restated.legs})


def plans_set(restated: RestatementView) -> int:
    """How many budgets and forecasts were set since."""
    return len({each.position for each in restated.plans if each.figure in PLANNED})


def handed_over(restated: RestatementView) -> bool:
    """Whether spending that the issue knew is another team's by now."""
    return any(each.position <= restated.issue.known_position for each in restated.plans)


def stands(restated: RestatementView) -> bool:
    """Whether every figure of the quarter is the one that was issued."""
    return not restated.legs and not restated.plans


def plans_in_words(restated: RestatementView) -> str:
    """What became of plans and of whose the spending is; empty where nothing did."""
    count = plans_set(restated)
    said = [f"{count:,} budget{'s' * (count > 1)} or forecast{'s' * (count > 1)} set since"] if count else []
    return "; ".join([*said, *(["spending passed between teams"] if handed_over(restated) else [])])


def _of(view: QuarterView, quarter: str) -> RestatementView | None:
    return next((found for found in view.restatements if found.quarter == quarter), None)
