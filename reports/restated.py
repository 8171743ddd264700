"""Sums over a restatement, for the sheet and the chart: as issued, by later events. Minor units."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ledger.views.quarter import BUDGET_ORIGINAL, SPENT_EARLIER, SPENT_UNBUDGETED, QuarterView
from ledger.views.restatements import IssuedQuarterView, RestatementView
from ledger.views.rollforward import MOVEMENTS
from ledger.vocabulary.kinds import NATURES
from reports.content import money, previous_quarter, recorded

#: The columns that a later event can change; together they change the closing.
COLUMNS = ("opening", *MOVEMENTS)
MEMORANDA = ("spent", "interest")
#: Measures that are nothing, and not zero, where nobody set them.
PLANNED = ("budget", BUDGET_ORIGINAL, "forecast")

#: A quarter as an issue had it, explained event by event or in its figures alone.
Issue = RestatementView | IssuedQuarterView


def of_this(view: QuarterView) -> RestatementView | None:
    """What changed since an earlier issue of the pack's quarter; None if the pack names none."""
    return _of(view, view.provenance.quarter)


def of_previous(view: QuarterView) -> RestatementView | None:
    """What changed since the issue of the quarter before; None if the pack names none."""
    return _of(view, previous_quarter(view))


def issue_of(view: QuarterView, quarter: str) -> Issue | None:
    """What an earlier issue of a quarter said; None if the pack names none."""
    known: list[Issue] = [*view.restatements, *view.issued]
    return next((found for found in known if found.quarter == quarter), None)


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


def figure_issued(restated: Issue, measure: str, nature: str | None = None) -> int | None:
    """A measure of the quarter as it was issued, over all systems and teams; None of a plan that nobody had set.

    nature None means debt and neglect.
    """
    found = [each.amount for each in restated.figures if each.measure == measure and nature in (None, each.nature)]
    return None if not found and measure in PLANNED else sum(found)


def variance_issued(issue: Issue, budget: str) -> int | None:
    """What own work of the teams with a budget cost beyond it when the quarter was issued. budget: BUDGET_ORIGINAL or 'budget'."""
    planned = figure_issued(issue, budget)
    spent, earlier, unbudgeted = (
        figure_issued(issue, each) or 0 for each in ("removed_spent", SPENT_EARLIER, SPENT_UNBUDGETED)
    )
    return None if planned is None else spent - earlier - unbudgeted - planned


def otherwise(view: QuarterView, quarter: str, measure: str, nature: str | None = None) -> int | None:
    """A figure of an earlier quarter as it was issued, where it is another by now, 0 where nobody had set it; else None."""
    found = issue_of(view, quarter)
    if found is None:
        return None
    was = figure_issued(found, measure, nature) or 0
    return None if was == recorded(view, quarter, measure, nature) else was


def note(view: QuarterView, measure: str, words: str, nature: str | None = None, *, quarter: str = "") -> str:
    """That an earlier quarter, the last one by default, has another figure than was issued, which stands beside it; else empty."""
    compared = quarter or previous_quarter(view)
    was = otherwise(view, compared, measure, nature)
    if was is None:
        return ""
    now = recorded(view, compared, measure, nature)
    return f"{compared} restated: {words} {money(view, now)}, issued as {money(view, was)}"


def notes(view: QuarterView, measures: Mapping[str, str], quarters: Sequence[str] = ()) -> tuple[str, ...]:
    """The same of several measures and quarters, each a sentence. measures: what each is called."""
    shown = quarters or (previous_quarter(view),)
    said = (note(view, measure, words, quarter=quarter) for quarter in shown for measure, words in measures.items())
    return tuple(f"{each}." for each in said if each)


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
