"""The measures of the Summary: what each says, its live figure, and where its comparatives come from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ledger.views.quarter import SPENT_EARLIER, SPENT_UNBUDGETED, QuarterView
from ledger.vocabulary.kinds import NATURES
from reports.content import TOTAL, previous_quarter, recorded, total_posted, year_ago_quarter
from reports.restated import Issue, figure_issued
from reports.sheet import CellContent, CellOf, Formula, Reference, Row
from reports.sheets.summary.changes import PLACES, beside_issued, changes


@dataclass(frozen=True, slots=True)
class Measure:
    """One row. now: the live figure of the quarter. history: its measure in Past quarters, for the comparatives."""

    key: str
    title: str
    meaning: str
    history: str
    now: str
    refs: Mapping[str, Reference] = field(default_factory=dict)
    nature: str = ""


def _closing(nature: str) -> Mapping[str, Reference]:
    return {"closing": CellOf(f"rollforward.{nature}", TOTAL, "closing")}


_OF_QUARTER = "SUMIFS({past.amount},{past.quarter},quarter,{past.measure}"

MEASURES = (
    Measure("debt", "Technical debt", "Shortcuts that somebody decided, with a plan to repay them", "closing",
            "{closing}", _closing("debt"), "debt"),
    Measure("neglect", "Neglect", "Omissions found afterwards; not planned, not budgeted until adopted", "closing",
            "{closing}", _closing("neglect"), "neglect"),
    Measure("interest", "Interest incurred in the quarter", "What carrying the open items cost; a memorandum figure",
            "interest", "SUM({items.in_quarter})"),
    Measure("per_year", "Interest per year", "What the open items cost in a year if nothing is repaid",
            "interest_per_year", "SUM({items.per_year})"),
    Measure("repaid", "Repaid", "Principal that work removed; negative, because it lowers the delta", "repaid",
            "{repaid}", {"repaid": CellOf("rollforward.total", TOTAL, "repaid")}),
    Measure("written_off", "Written off", "What went away unpaid; negative, because it lowers the delta", "written_off",
            "{written_off}", {"written_off": CellOf("rollforward.total", TOTAL, "written_off")}),
    Measure("revised", "Revised", "Estimates that changed, first estimates among them", "revised",
            "{revised}", {"revised": CellOf("rollforward.total", TOTAL, "revised")}),
    Measure("spent", "Spent on repayments", "What that work cost", "removed_spent", "SUM({postings.spent})"),
    Measure("earlier", "Of which for earlier quarters", "Late entries of their work, reversals of it; no saving of this one",
            SPENT_EARLIER, _OF_QUARTER + f',"{SPENT_EARLIER}")'),
    Measure("unbudgeted", "Of which without a budget", "This quarter's work of teams for which nobody set a budget",
            SPENT_UNBUDGETED, _OF_QUARTER + f',"{SPENT_UNBUDGETED}")'),
    Measure("variance", "Estimate variance", "Spent less principal removed; positive is unfavourable",
            "estimate_variance", _OF_QUARTER + ',"estimate_variance")'),
)  # fmt: skip


def figures_of(view: QuarterView, measure: Measure) -> list[int]:
    """This quarter, last quarter, the same quarter of the year before; in minor units."""
    quarters = (view.provenance.quarter, previous_quarter(view), year_ago_quarter(view))
    figures = [recorded(view, quarter, measure.history, measure.nature or None) for quarter in quarters]
    match measure.key:
        case "debt" | "neglect":
            figures[0] = total_posted(view, measure.nature, "closing")
        case "interest":
            figures[0] = sum(row.interest_in_quarter for row in view.items)
        case "per_year":
            figures[0] = sum(row.interest_per_year for row in view.items)
        case "repaid" | "written_off" | "revised":
            figures[0] = sum(total_posted(view, nature, measure.key) for nature in NATURES)
        case "spent":
            figures[0] = sum(row.spent for row in view.postings)
    return figures


def measure_row(measure: Measure, figures: list[int], issues: Mapping[str, Issue]) -> Row:
    """A measure with its comparatives; figures: as `figures_of` gives them. issues: of the past quarters, by their columns."""
    nature = f',{{past.nature}},"{measure.nature}"' if measure.nature else ""
    past = 'SUMIFS({{past.amount}},{{past.quarter}},{quarter},{{past.measure}},"{name}"{nature})'
    cells: dict[str, CellContent] = {
        "measure": measure.title,
        "now": Formula(measure.now, figures[0], measure.refs),
        "before": Formula(past.format(quarter="previous_quarter", name=measure.history, nature=nature), figures[1]),
        "year_ago": Formula(past.format(quarter="year_ago_quarter", name=measure.history, nature=nature), figures[2]),
        "meaning": measure.meaning,
    }
    for past, issue in issues.items():
        issued = figure_issued(issue, measure.history, measure.nature or None)
        cells |= beside_issued(past, issued, figures[PLACES[past]])
    return Row(measure.key, {**cells, **changes(figures)})
