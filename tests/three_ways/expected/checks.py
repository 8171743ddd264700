"""Checks: what both sides of every line must say, and that there is no line which the model does not know."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from tests.model.figures import FlowSums
from tests.model.packs import QUARTERS_PLANNED, PackFigures, total
from tests.model.register import NATURES
from tests.three_ways.comparison import Part, Row
from tests.three_ways.expected.budgets import planned_minor, plans
from tests.three_ways.expected.restatements import COLUMNS, FIGURES, by_team
from tests.three_ways.expected.words import money, spelled
from tests.three_ways.play import Played

#: A line's name, and the figure that stands on either side of it.
Checked = tuple[str, Fraction | int]


def checks(played: Played) -> list[Part]:
    """Every line: left, right, no difference, OK; and the light over them."""
    lines: dict[tuple[str, ...], Row] = {
        (name,): {"Left": figure, "Right": figure, "Difference": 0, "Result": "OK"} for name, figure in _checked(played)
    }
    count = number_of_checks(played)
    lines["All checks",] = {"Left": count, "Right": count, "Difference": 0, "Result": "OK"}
    return [Part(("Check",), lines)]


def number_of_checks(played: Played) -> int:
    """How many lines there are."""
    return len(list(_checked(played)))


def _checked(played: Played) -> Iterator[Checked]:
    figures = played.figures
    for nature in NATURES:
        for name, minor in _of_nature(figures, nature):
            yield f"{nature.capitalize()}{name}", money(figures, minor)
        if figures.restated(figures.quarter):
            name = f"{nature.capitalize()}: figures of {figures.quarter} explained by issue and later events = all"
            yield name, len(FIGURES)
    for quarter in figures.quarters[-2:]:
        if figures.restated(quarter):
            name = f"Plans and spending of {quarter} explained by issue and later events = all"
            yield name, len(by_team(figures, quarter))
    for name, minor in (*_of_the_delta(figures), *_of_interest(figures), *_of_plans(figures)):
        yield name, money(figures, minor)
    yield (
        "Movements in Postings = postings replayed from the events",
        len(figures.entries(*figures.days(figures.quarter))),
    )
    yield "Postings without an item in Items = none", 0
    yield "Postings effective after the as-of date = none", 0
    yield "Quarters and teams that stand twice in Budget = none", 0


def _of_nature(figures: PackFigures, nature: str) -> Iterator[tuple[str, int]]:
    """What follows the nature, and the amount."""
    rows = figures.flows(figures.quarter)
    row = rows.get((nature,), FlowSums())
    for column in COLUMNS:
        yield f": {spelled(column)} = replay of the events", getattr(row, column)
    for system in figures.systems(nature):
        of_system = figures.flows(figures.quarter, "system")[nature, system]
        yield f" of {system}: opening + movements = replay", of_system.closing
    for group in ("dimension", "category", "team and cost centre"):
        yield f": Breakdown by {group} = closing", row.closing
    yield ": outstanding in Items = closing", row.closing
    yield ": opening = closing of the previous quarter in Past quarters", row.opening
    yield ": closing = closing of this quarter in Past quarters", row.closing
    this, previous = figures.restated(figures.quarter), figures.restated(figures.quarters[-2])
    if this:
        yield f": closing issued for {figures.quarter} + events since = closing", row.closing
    if previous:
        yield f": opening = closing issued for {previous.issue.quarter} + events since", row.opening


def _of_the_delta(figures: PackFigures) -> Iterator[tuple[str, int]]:
    delta = sum(row.closing for row in figures.flows(figures.quarter).values())
    yield "Debt + neglect = technical delta", delta
    yield "All postings together = technical delta", delta
    yield "Ageing of all systems = closing", delta
    yield "Ageing of every system = its closing: largest = smallest difference", 0
    yield "Spent in Postings = spent in Past quarters", _spent(figures, figures.quarter)
    yield "Spent by cost centre in Breakdown = spent in Past quarters", _spent(figures, figures.quarter)


def _of_interest(figures: PackFigures) -> Iterator[tuple[str, int]]:
    for quarter in figures.quarters[-4:]:
        yield f"Interest incurred in {quarter} by system = the same in Past quarters", _incurred(figures, quarter)
        avoided = sum(figures.avoided(quarter).values())
        yield f"Interest avoided in {quarter} by system = the same in Past quarters", avoided
    ahead = total(figures.per_year(figures.quarter))
    yield "Interest per year ahead by system = interest per year in Items", ahead
    yield "Items whose interest from Postings is not the ledger's = none", 0
    yield "Interest per year in Items = the same in Past quarters", ahead
    yield "Interest in Items = the same in Past quarters", _incurred(figures, figures.quarter)


def _of_plans(figures: PackFigures) -> Iterator[tuple[str, int]]:
    shown = plans(figures)
    reported = figures.quarters[-QUARTERS_PLANNED:]
    for quarter in reported:
        yield f"Actual in Budget vs actual in {quarter} = spent in Past quarters", _spent(figures, quarter)
    spent = sum(_spent(figures, quarter) for quarter in reported)
    yield "Actual in Budget vs actual, all quarters = spent by the teams as the ledger counts it", spent
    yield "Actual by cost centre = actual by team", spent
    parts = {
        "Of which for earlier quarters": total(figures.earlier(figures.quarter)),
        "Spent without a budget": sum(figures.unbudgeted(figures.quarter).values()),
    }
    for title, minor in parts.items():
        yield f"{title} in Budget vs actual in {figures.quarter} = the same in Past quarters", minor
    due = [planned_minor(figures, quarter) for quarter in figures.coming]
    yield "Planned repayments of the coming quarters in Budget = the same in Budget vs actual", sum(due)
    for what in ("budget", "forecast"):
        amounts = {
            quarter: sum(getattr(p, what) or 0 for p in shown if p.quarter == quarter) for quarter in figures.coming
        }
        now = sum(getattr(plan, what) or 0 for plan in shown if plan.quarter == figures.quarter)
        yield f"{what.capitalize()} of {figures.quarter} in Budget vs actual = {what} in Past quarters", now
        everything = sum(getattr(plan, what) or 0 for plan in shown)
        yield f"{what.capitalize()} by cost centre = {what} by team", everything
        name = f"{what.capitalize()} as exported in Budget = {what} of the coming quarters in Budget vs actual"
        yield name, sum(amounts.values())


def _spent(figures: PackFigures, quarter: str) -> int:
    return sum(row.spent for row in figures.flows(quarter).values())


def _incurred(figures: PackFigures, quarter: str) -> int:
    return sum(row.interest for row in figures.flows(quarter).values())
