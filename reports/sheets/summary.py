"""Summary: the answer, the measures behind it, the light of all checks and the charts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from ledger.views.quarter import QuarterView
from ledger.vocabulary.kinds import NATURES
from reports.content import TOTAL, Content, money, previous_quarter, recorded, total_posted, year_ago_quarter
from reports.figures import change_in_words, share
from reports.planning import QuarterPlan, plans_by_quarter
from reports.sheet import Block, CellContent, CellOf, CheckLine, Column, Formula, Kind, Reference, Row, Sheet

_BLOCK = "summary"
#: Where Budget vs actual has all teams together.
_PLANS = "budget_vs_actual.quarter"
COLOURS = "Changes: orange raises, a minus sign lowers. n/a: a per cent of zero, or no budget was set."


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


_PAST = ("before", "year_ago")
_BUDGET_OF = (
    'IF(COUNTIFS(past_quarter,{quarter},past_measure,"budget")=0,"n/a",'
    'SUMIFS(past_amount,past_quarter,{quarter},past_measure,"budget"))'
)
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
    Measure("spent", "Spent on repayments", "What that work cost", "removed_spent", "SUM({postings.spent})"),
    Measure("variance", "Estimate variance", "Spent less principal removed; positive is unfavourable",
            "estimate_variance", _OF_QUARTER + ',"estimate_variance")'),
)  # fmt: skip


def headline(view: QuarterView) -> str:
    """The answer in one sentence."""
    quarter = view.provenance.quarter
    now = sum(total_posted(view, nature, "closing") for nature in NATURES)
    before = recorded(view, previous_quarter(view), "closing")
    if now == before == 0:
        return f"No technical delta stands at the end of {quarter}"
    if now == before:
        return f"Technical delta stayed at {money(view, now)} in {quarter}"
    return f"Technical delta {change_in_words(now, before)} to {money(view, now)} in {quarter}"


def build(content: Content) -> Sheet:
    """The light, the measures, the charts, and how much of the spending is assumed."""
    view = content.view
    origin = view.provenance
    return Sheet(
        title="Summary",
        headline=headline(view),
        subtitle=f"{origin.book} · {origin.currency}, whole units · as of {origin.as_of} · "
        f"known at {origin.known_at[:16].replace('T', ' ')} UTC",
        blocks=(_light(content), Block(_BLOCK, _columns(view), _rows(view))),
        pictures=tuple(content.pictures),
        notes=(_assumptions(view), COLOURS),
        one_page=True,
    )


def checks(_view: QuarterView) -> Sequence[CheckLine]:
    """None: the figures on this sheet are those of others."""
    return ()


def _columns(view: QuarterView) -> tuple[Column, ...]:
    before, year_ago = previous_quarter(view), year_ago_quarter(view)
    return (
        Column("measure", "Measure", Kind.LABEL, 32),
        Column("now", f"This quarter {view.provenance.quarter}", Kind.AMOUNT, 22),
        Column("before", f"Last quarter {before}", Kind.AMOUNT, 22),
        Column("change", "Change", Kind.AMOUNT_CHANGE, 16),
        Column("relative", "Change in %", Kind.SHARE_CHANGE, 14),
        Column("year_ago", f"Year before {year_ago}", Kind.AMOUNT, 22),
        Column("meaning", "What it says", Kind.LABEL, 66),
    )


def _light(content: Content) -> Block:
    total = len(content.checks)
    passed = sum(1 for line in content.checks if line.ok)
    refs = {"passed": CellOf("light", "all", "left"), "total": CellOf("light", "all", "right")}
    row = Row(
        "light",
        {
            "measure": "All checks",
            "now": Formula("all_checks", "OK" if passed == total else "ERROR"),
            "meaning": Formula(
                '{passed}&" of "&{total}&" checks read OK"', f"{passed} of {total} checks read OK", refs
            ),
        },
        {"now": Kind.RESULT},
        strong=True,
    )
    return Block("summary.light", _columns(content.view), (row,), header=False)


def _rows(view: QuarterView) -> tuple[Row, ...]:
    figures = {measure.key: _figures(view, measure) for measure in MEASURES}
    delta = [sum(figures[nature][index] for nature in NATURES) for index in range(3)]
    rows = [_delta_row(delta)]
    for measure in MEASURES:
        rows.append(_measure_row(measure, figures[measure.key]))
        if measure.key == "neglect":
            rows.append(_share_row(figures["neglect"], delta))
    return (*rows, *_budget_rows(view))


def _figures(view: QuarterView, measure: Measure) -> list[int]:
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
        case "repaid":
            figures[0] = sum(total_posted(view, nature, "repaid") for nature in NATURES)
        case "spent":
            figures[0] = sum(row.spent for row in view.postings)
    return figures


def _measure_row(measure: Measure, figures: list[int]) -> Row:
    nature = f',{{past.nature}},"{measure.nature}"' if measure.nature else ""
    past = 'SUMIFS({{past.amount}},{{past.quarter}},{quarter},{{past.measure}},"{name}"{nature})'
    cells: dict[str, CellContent] = {
        "measure": measure.title,
        "now": Formula(measure.now, figures[0], measure.refs),
        "before": Formula(past.format(quarter="previous_quarter", name=measure.history, nature=nature), figures[1]),
        "year_ago": Formula(past.format(quarter="year_ago_quarter", name=measure.history, nature=nature), figures[2]),
        "meaning": measure.meaning,
    }
    return Row(measure.key, {**cells, **_changes(figures)})


def _changes(figures: list[int]) -> dict[str, Formula]:
    relative = share(figures[0] - figures[1], abs(figures[1]))
    return {
        "change": Formula("{now}-{before}", figures[0] - figures[1]),
        "relative": Formula(
            'IF(ABS({before})<tolerance,"n/a",{change}/ABS({before}))', "n/a" if relative is None else relative
        ),
    }


def _delta_row(delta: list[int]) -> Row:
    cells = {}
    for index, column in enumerate(("now", "before", "year_ago")):
        refs: dict[str, Reference] = {nature: CellOf(_BLOCK, nature, column) for nature in NATURES}
        cells[column] = Formula("{debt}+{neglect}", delta[index], refs)
    words = {"measure": "Technical delta", "meaning": "Debt + neglect: the distance to the ideal internals"}
    return Row("delta", {**words, **cells, **_changes(delta)}, strong=True)


def _share_row(neglect: list[int], delta: list[int]) -> Row:
    shares = [share(part, whole) for part, whole in zip(neglect, delta, strict=True)]
    cells: dict[str, Formula] = {}
    for index, column in enumerate(("now", "before", "year_ago")):
        refs = {"neglect": CellOf(_BLOCK, "neglect", column), "delta": CellOf(_BLOCK, "delta", column)}
        cells[column] = Formula('IF(ABS({delta})<tolerance,"n/a",{neglect}/{delta})', _or_na(shares[index]), refs)
    cells["change"] = _change_if_known(shares)
    kinds = {"now": Kind.SHARE, "before": Kind.SHARE, "year_ago": Kind.SHARE, "change": Kind.POINTS}
    words = {"measure": "Share of neglect", "meaning": "Neglect / technical delta, the part that nobody decided"}
    return Row("share", {**words, **cells}, kinds)


def _budget_rows(view: QuarterView) -> tuple[Row, Row]:
    """Budget and spending less budget, of all teams; nothing is compared with a budget that nobody set."""
    this = view.provenance.quarter
    past = [_planned(view, quarter) for quarter in (previous_quarter(view), year_ago_quarter(view))]
    plans = [plans_by_quarter(view)[this], *past]
    return _budget_row(this, [plan.budget for plan in plans]), _over_row(this, [plan.difference for plan in plans])


def _budget_row(this: str, budgets: list[int | None]) -> Row:
    cells: dict[str, CellContent] = {"measure": "Budget", "meaning": "What all teams may spend on repayments"}
    cells["now"] = Formula("{budget}", _or_na(budgets[0]), {"budget": CellOf(_PLANS, this, "budget")})
    for column, name, budget in zip(_PAST, ("previous_quarter", "year_ago_quarter"), budgets[1:], strict=True):
        cells[column] = Formula(_BUDGET_OF.format(quarter=name), _or_na(budget))
    change = _change_if_known(budgets)
    relative = share(change.cached, abs(budgets[1] or 0)) if isinstance(change.cached, int) else None
    cells["change"] = change
    cells["relative"] = Formula(
        'IF(ISNUMBER({change}),IF(ABS({before})<tolerance,"n/a",{change}/ABS({before})),"n/a")', _or_na(relative)
    )
    return Row("budget", cells)


def _over_row(this: str, differences: list[int | None]) -> Row:
    """Without a change in %: a per cent of a difference says nothing."""
    words = {"measure": "Budget variance", "meaning": "Spent less budget, of all teams; positive is over budget"}
    cells: dict[str, CellContent] = {**words, "change": _change_if_known(differences)}
    cells["now"] = Formula("{over}", _or_na(differences[0]), {"over": CellOf(_PLANS, this, "difference")})
    for column, difference in zip(_PAST, differences[1:], strict=True):
        refs = {each: CellOf(_BLOCK, each, column) for each in ("spent", "budget")}
        cells[column] = Formula('IF(ISNUMBER({budget}),{spent}-{budget},"n/a")', _or_na(difference), refs)
    return Row("over", cells, dict.fromkeys(("now", *_PAST), Kind.AMOUNT_CHANGE))


def _planned(view: QuarterView, quarter: str) -> QuarterPlan:
    """A quarter of Past quarters: its budget, if one was set, and what was spent."""
    budgets = [row.amount for row in view.history if row.quarter == quarter and row.measure == "budget"]
    return QuarterPlan(sum(budgets) if budgets else None, recorded(view, quarter, "removed_spent"), None)


def _change_if_known(figures: Sequence[int | Fraction | None]) -> Formula:
    now, before = figures[:2]
    change = None if now is None or before is None else now - before
    return Formula('IF(ISNUMBER({now}),IF(ISNUMBER({before}),{now}-{before},"n/a"),"n/a")', _or_na(change))


def _or_na(value: Fraction | int | None) -> Fraction | int | str:
    return "n/a" if value is None else value


def _assumptions(view: QuarterView) -> str:
    count, assumed, unmeasured = view.repayments, view.spent_assumed, view.unmeasured
    if not count:
        return "No repayment was recorded in the quarter."
    of_all = f"of {count:,} {'repayment' if count == 1 else 'repayments'} of the quarter"
    said = []
    if assumed:
        said.append(
            f"For {assumed:,} {of_all} nobody stated what was spent; it is assumed to equal the principal removed."
        )
    if unmeasured:
        said.append(
            f"{unmeasured:,} {of_all} {'is' if unmeasured == 1 else 'are'} work that nobody measured: nothing counts as spent."
        )
    return " ".join(said) or f"What was spent was stated for every repayment of the quarter ({count:,})."
