"""Summary: the answer, the measures behind it, the light of all checks and the charts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from ledger.views import QuarterView
from reports.content import (
    NATURES,
    TOTAL,
    Content,
    money,
    previous_quarter,
    recorded,
    total_posted,
    year_ago_quarter,
)
from reports.figures import change_in_words, share
from reports.workbook.description import (
    Block,
    CellContent,
    CellOf,
    CheckLine,
    Column,
    Formula,
    Kind,
    Reference,
    Row,
    Sheet,
)

_BLOCK = "summary"
COLOURS = "Changes: orange raises, blue lowers; the sign says the same. n/a: a per cent of zero."


@dataclass(frozen=True, slots=True)
class Measure:
    """One row. now: the live figure of the quarter. history: its measure in History, for the comparatives."""

    key: str
    title: str
    meaning: str
    history: str
    now: str
    refs: Mapping[str, Reference] = field(default_factory=dict)
    nature: str = ""


def _closing(nature: str) -> Mapping[str, Reference]:
    return {"closing": CellOf(f"rollforward.{nature}", TOTAL, "closing")}


_OF_QUARTER = "SUMIFS({history.amount},{history.quarter},quarter,{history.measure}"

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
    return tuple(rows)


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
    nature = f',{{history.nature}},"{measure.nature}"' if measure.nature else ""
    past = 'SUMIFS({{history.amount}},{{history.quarter}},{quarter},{{history.measure}},"{name}"{nature})'
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
        "relative": Formula('IF({before}=0,"n/a",{change}/ABS({before}))', "n/a" if relative is None else relative),
    }


def _delta_row(delta: list[int]) -> Row:
    cells = {}
    for index, column in enumerate(("now", "before", "year_ago")):
        refs = {nature: CellOf(_BLOCK, nature, column) for nature in NATURES}
        cells[column] = Formula("{debt}+{neglect}", delta[index], refs)
    words = {"measure": "Technical delta", "meaning": "Debt + neglect: the distance to the ideal internals"}
    return Row("delta", {**words, **cells, **_changes(delta)}, strong=True)


def _share_row(neglect: list[int], delta: list[int]) -> Row:
    shares = [share(part, whole) for part, whole in zip(neglect, delta, strict=True)]
    cells: dict[str, Formula] = {}
    for index, column in enumerate(("now", "before", "year_ago")):
        refs = {"neglect": CellOf(_BLOCK, "neglect", column), "delta": CellOf(_BLOCK, "delta", column)}
        cells[column] = Formula('IF({delta}=0,"n/a",{neglect}/{delta})', _or_na(shares[index]), refs)
    now, before = shares[0], shares[1]
    change = None if now is None or before is None else now - before
    cells["change"] = Formula('IF(ISNUMBER({now}),IF(ISNUMBER({before}),{now}-{before},"n/a"),"n/a")', _or_na(change))
    kinds = {"now": Kind.SHARE, "before": Kind.SHARE, "year_ago": Kind.SHARE, "change": Kind.POINTS}
    words = {"measure": "Share of neglect", "meaning": "Neglect / technical delta, the part that nobody decided"}
    return Row("share", {**words, **cells}, kinds)


def _or_na(value: Fraction | None) -> Fraction | str:
    return "n/a" if value is None else value


def _assumptions(view: QuarterView) -> str:
    count, assumed = view.repayments, view.spent_assumed
    if not count:
        return "No repayment was recorded in the quarter."
    repayments = "repayment" if count == 1 else "repayments"
    if not assumed:
        return f"What was spent was stated for every repayment of the quarter ({count:,})."
    return (
        f"For {assumed:,} of {count:,} {repayments} of the quarter nobody stated what was spent;"
        " it is assumed to equal the principal removed."
    )
