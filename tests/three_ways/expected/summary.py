"""Summary and About: the answer, the figures behind it, and where they come from."""

from __future__ import annotations

from datetime import timedelta
from fractions import Fraction

from tests.model.packs import PackFigures, total
from tests.model.register import DEBT, NEGLECT
from tests.three_ways.comparison import Expectation, Part, Row
from tests.three_ways.expected.checks import number_of_checks
from tests.three_ways.expected.words import NOT_AVAILABLE, money, money_or, ratio, stamp
from tests.three_ways.play import Played

#: A per cent of a difference says nothing.
VARIANCES = ("Budget variance", "Variance to the original budget")
#: The reported quarter, the one before, and the same of the year before, by heading and quarters back.
COLUMNS = {"This quarter": 0, "Last quarter": -1, "Year before": -4}


def summary(played: Played) -> list[Part]:
    """The measures of three quarters and their changes, and the light of all checks."""
    figures = played.figures
    quarters = {f"{words} {figures.quarters[back - 1]}": figures.quarters[back - 1] for words, back in COLUMNS.items()}
    now, before, year_ago = quarters
    columns = {heading: measures(figures, quarter) for heading, quarter in quarters.items()}
    lines: dict[tuple[str, ...], Row] = {}
    for measure in columns[now]:
        amounts = [columns[heading][measure] for heading in (now, before, year_ago)]
        change = None if amounts[0] is None or amounts[1] is None else amounts[0] - amounts[1]
        lines[measure,] = {
            **{heading: money_or(figures, columns[heading][measure], NOT_AVAILABLE) for heading in quarters},
            "Change": money_or(figures, change, NOT_AVAILABLE),
            "Change in %": None if measure in VARIANCES else in_size(amounts[0], amounts[1]),
        }
    shares = [ratio(columns[heading]["Neglect"], columns[heading]["Technical delta"]) for heading in quarters]
    known = [share for share in shares[:2] if isinstance(share, Fraction)]
    lines["Share of neglect",] = {
        **dict(zip(quarters, shares, strict=True)),
        "Change": 100 * (known[0] - known[1]) if len(known) == 2 else NOT_AVAILABLE,
        "Change in %": None,
    }
    waiting = len(figures.figures.list_items(figures.as_of, "unestimated"))
    lines["Items without an estimate",] = {now: waiting, **dict.fromkeys((before, year_ago, "Change", "Change in %"))}
    _beside_issued(figures, lines, figures.quarters[-2], before, (f"{figures.quarters[-2]} as issued", "Restated"))
    _beside_issued(figures, lines, figures.quarters[-5], year_ago, (f"{year_ago} as issued", "Year before restated"))
    checks = number_of_checks(played)
    light = {"B": "OK", "K": f"{checks} of {checks} checks read OK"}
    return [Part(("Measure",), lines), Part(("A",), {("All checks",): light})]


def _beside_issued(
    figures: PackFigures, lines: dict[tuple[str, ...], Row], quarter: str, known: str, beside_it: tuple[str, str]
) -> None:
    """A past quarter as its issue had it, and whether that has changed; nothing where it was not issued.

    known, beside_it: the headings of the figure as it is known, of that as issued and of the mark.
    """
    as_issued, mark = beside_it
    issued = figures.as_issued(quarter)
    was = {} if issued is None else measures(issued, quarter)
    for (measure,), line in lines.items():
        beside: Row = {as_issued: None, mark: None}
        if measure in was:
            minor = money_or(figures, was[measure], NOT_AVAILABLE)
            beside = {as_issued: minor, mark: "as issued" if minor == line[known] else "restated"}
        lines[measure,] = {**line, **beside}


def in_size(now: int | None, before: int | None) -> Expectation:
    """How much larger or smaller a figure is, whatever its sign; n/a from nothing, or between signs."""
    if now is None or not before or now * before < 0:
        return NOT_AVAILABLE
    return Fraction(abs(now) - abs(before), abs(before))


def measures(figures: PackFigures, quarter: str) -> dict[str, int | None]:
    """Every amount of the Summary in one quarter; None where nobody set a budget."""
    rows = figures.flows(quarter)
    debt, neglect = (row.closing for row in (rows[DEBT,], rows[NEGLECT,])) if rows else (0, 0)
    spent = sum(row.spent for row in rows.values())
    budgets = {team: minor for (planned, team), minor in figures.plans("budget").items() if planned == quarter}
    originals = [minor for (planned, _), (minor, _) in figures.first_budgets().items() if planned == quarter]
    own = sum(amount for team, amount in figures.own_work(quarter).items() if team in budgets)
    budget = sum(budgets.values()) if budgets else None
    original = sum(originals) if originals else None
    return {
        "Technical delta": debt + neglect,
        "Technical debt": debt,
        "Neglect": neglect,
        "Interest incurred in the quarter": sum(row.interest for row in rows.values()),
        "Interest per year": total(figures.per_year(quarter)),
        "Repaid": sum(row.repaid for row in rows.values()),
        "Written off": sum(row.written_off for row in rows.values()),
        "Revised": sum(row.revised for row in rows.values()),
        "Spent on repayments": spent,
        "Estimate variance": total(figures.variance(quarter)),
        "Of which for earlier quarters": total(figures.earlier(quarter)),
        "Of which without a budget": sum(figures.unbudgeted(quarter).values()),
        "Original budget": original,
        "Variance to the original budget": None if original is None else own - original,
        "Budget": budget,
        "Budget variance": None if budget is None else own - budget,
    }


def about(played: Played) -> list[Part]:
    """What is a number or a day among the words of About."""
    figures = played.figures
    first, last = figures.span(figures.quarter)
    values: dict[str, Expectation] = {
        "First day of the quarter": first,
        "Last day of the quarter": last,
        "As of, inclusive": figures.as_of,
        "Known at (UTC)": stamp(played.recorded_at[figures.position]),
        "Position of the last event known": figures.position,
        "Events read": figures.position,
        "Day before the quarter's first": first - timedelta(days=1),
        "Days that bear a year's interest": 365,
        "Minor units of one unit of the currency": 10**figures.settings.exponent,
        "Tolerance of the checks: half a minor unit": money(figures, 1) / 2,
        "This quarter": figures.quarter,
        "Last quarter": figures.quarters[-2],
        "Same quarter of the year before": figures.quarters[-5],
        "Compared with the issues at positions": ", ".join(str(issue.position) for issue in figures.issues) or "none",
    }
    return [Part(("Name",), {(name,): {"Value": value} for name, value in values.items()})]
