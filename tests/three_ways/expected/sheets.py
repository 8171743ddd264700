"""Roll-forward, Interest, Past quarters and Postings: what moved, and what it cost."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from tests.model.figures import MOVEMENTS, ONE_DAY, FlowSums
from tests.model.packs import PackFigures, total
from tests.model.register import NATURES
from tests.three_ways.comparison import Part, Row
from tests.three_ways.expected.words import ALL_SYSTEMS, carry_day, money, serial, spelled, stamp
from tests.three_ways.play import Played

COLUMNS = ("opening", *MOVEMENTS, "transferred", "closing")


def roll_forward(played: Played) -> list[Part]:
    """A line per nature and system, the totals, and the replay beside each."""
    figures = played.figures
    rows = {(nature, ALL_SYSTEMS): FlowSums() for nature in (*NATURES, "total")}
    for nature in NATURES:
        for system in figures.systems(nature):
            row = figures.flows(figures.quarter, "system")[nature, system]
            for key in ((nature, system), (nature, ALL_SYSTEMS), ("total", system), ("total", ALL_SYSTEMS)):
                rows[key] = rows.get(key, FlowSums()).plus(row)
    return [Part(("Nature", "System"), {key: _roll_forward_line(figures, row) for key, row in rows.items()})]


def _roll_forward_line(figures: PackFigures, row: FlowSums) -> Row:
    amounts = {spelled(column).capitalize(): money(figures, getattr(row, column)) for column in COLUMNS}
    return {**amounts, "Ledger replay": money(figures, row.closing), "Difference": 0}


def interest(played: Played) -> list[Part]:
    """Incurred, a year ahead and avoided, by system and quarter."""
    figures = played.figures
    quarters = figures.quarters[-4:]
    incurred = {quarter: _interest_by_system(figures, quarter) for quarter in quarters}
    avoided = {quarter: _by_system(figures.avoided(quarter)) for quarter in quarters}
    ahead = _by_system(figures.per_year(figures.quarter, "system"))
    return [
        _interest_part(figures, "Incurred by carrying open items", {**incurred, "Per year ahead": ahead}),
        _interest_part(figures, "Avoided by repayments", avoided),
    ]


def _interest_part(figures: PackFigures, title: str, amounts: dict[str, dict[str, int]]) -> Part:
    quarters = figures.quarters[-4:]
    systems = {system for column in amounts.values() for system in column}
    lines: dict[tuple[str, ...], Row] = {}
    for name, members in [*((system, {system}) for system in systems), (ALL_SYSTEMS, systems)]:
        sums = {column: sum(by_system.get(each, 0) for each in members) for column, by_system in amounts.items()}
        sums["Last four quarters"] = sum(sums[quarter] for quarter in quarters)
        lines[(name,)] = {column: money(figures, amount) for column, amount in sums.items()}
    return Part(("System",), lines, title, absent=dict.fromkeys([*amounts, "Last four quarters"], 0))


def _interest_by_system(figures: PackFigures, quarter: str) -> dict[str, int]:
    return _by_system({key: row.interest for key, row in figures.flows(quarter, "system").items()})


def _by_system(amounts: Mapping[Any, int]) -> dict[str, int]:
    """Both natures together."""
    return {str(system): total(amounts, None, system) for _, system in amounts}


def past_quarters(played: Played) -> list[Part]:
    """Eight quarters by system, team and nature; zeros are left out, but not budgets of zero."""
    figures = played.figures
    lines: dict[tuple[str, ...], Row] = {}
    for quarter in figures.quarters:
        amounts = {key: minor for key, minor in _history(figures, quarter) if minor}
        for (nature, system, team, measure), minor in amounts.items():
            lines[quarter, system, team, nature, measure] = {"Amount": money(figures, minor)}
        for what in ("budget", "forecast"):
            for (planned, team), minor in figures.plans(what).items():
                if planned == quarter:
                    lines[quarter, "", team, "", what] = {"Amount": money(figures, minor)}
        for (planned, team), (minor, _) in figures.first_budgets().items():
            if planned == quarter:
                lines[quarter, "", team, "", "original"] = {"Amount": money(figures, minor)}
        for team, minor in figures.unbudgeted(quarter).items():
            if minor:
                lines[quarter, "", team, "", "spent_unbudgeted"] = {"Amount": money(figures, minor)}
    return [Part(("Quarter", "System", "Team", "Nature", "Measure"), lines)]


def _history(figures: PackFigures, quarter: str) -> Iterable[tuple[tuple[str, str, str, str], int]]:
    last = figures.days(quarter)[1]
    for (nature, system, team), row in figures.flows(quarter, "system", "team").items():
        for column in (*MOVEMENTS, "transferred", "closing", "interest"):
            yield (str(nature), str(system), str(team), column), getattr(row, column)
        yield (str(nature), str(system), str(team), "removed_spent"), row.spent
    for (nature, system, team), minor in figures.per_year(quarter, "system", "team").items():
        yield (str(nature), str(system), str(team), "interest_per_year"), minor
    for (nature, system, team), minor in figures.variance(quarter).items():
        yield (nature, system, team, "estimate_variance"), minor
    for key, minor in figures.earlier(quarter).items():
        yield (*key, "spent_earlier"), minor
    for (nature, system), minor in figures.avoided(quarter).items():
        # What repayments spare is a figure of the system; its team at the quarter's end stands beside it.
        yield (nature, system, figures.known.owner(system, last).team, "interest_avoided"), minor


def postings(played: Played) -> list[Part]:
    """Every leg of the quarter, and what items brought into it."""
    figures = played.figures
    lines: dict[tuple[str, ...], Row] = {}
    first, last = figures.days(figures.quarter)
    before = first - ONE_DAY
    view = figures.known.as_of(before)
    for item in view.items():
        for nature in NATURES:
            brought = view.outstanding(item, nature)
            carry, since = view.carry(item, nature), carry_day(view, item, nature)
            moved = any(first <= fact.on <= last for fact, _ in figures.known.as_of(last).legs(item, nature))
            if brought or carry or (moved and carry * serial(before) != since):
                lines["", item, nature, "brought-forward"] = {
                    **_belongs(figures, item),
                    "Team": figures.figures.owner_of(item, before).team,
                    "Cost centre": figures.figures.owner_of(item, before).cost_centre,
                    "Effective": before,
                    "Recorded (UTC)": None,
                    "Amount": money(figures, brought),
                    "Spent": 0,
                    "Carry": money(figures, carry),
                    "Accrues from": None,
                    "Carry × day": since,
                    "Orphan": 0,
                }
    for entry in figures.entries(first, last):
        key = (str(entry.fact.position), entry.fact.item, entry.leg.nature, spelled(entry.leg.movement))
        lines[key] = {
            **_belongs(figures, entry.fact.item),
            "Team": entry.owner.team,
            "Cost centre": entry.owner.cost_centre,
            "Effective": entry.fact.on,
            "Recorded (UTC)": stamp(played.recorded_at[entry.fact.position]),
            "Amount": money(figures, entry.leg.principal),
            "Spent": money(figures, entry.leg.spent),
            "Carry": money(figures, entry.leg.carry),
            "Accrues from": entry.leg.accrues_from,
            "Carry × day": entry.leg.carry * serial(entry.leg.accrues_from),
            "Orphan": 0,
        }
    return [Part(("Position", "Item", "Nature", "Movement"), lines)]


def _belongs(figures: PackFigures, item: str) -> Row:
    fixed = figures.known.opened(item)
    words = {"System": fixed.system, "Dimension": fixed.dimension, "Category": fixed.category}
    return {**words, "Quarter": figures.quarter}
