"""Items, and what is summed over them: Breakdown and Ageing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from tests.model.figures import AGE_BUCKETS, ONE_DAY
from tests.model.packs import PackFigures
from tests.model.register import DEBT, NATURES, NEGLECT
from tests.three_ways.comparison import Part, Row
from tests.three_ways.expected.words import ALL_SYSTEMS, carry_day, money, ratio
from tests.three_ways.play import Played

#: The first day of each bucket, and its name with the dash that the workbook writes.
BUCKETS = {f"{name.replace('-', '–')} days": int(name.split("-")[0].rstrip("+")) for name in AGE_BUCKETS}


@dataclass(frozen=True)
class ItemRow:
    """One item and nature at the pack's last day; minor units."""

    item: str
    nature: str
    outstanding: int
    per_year: int
    in_quarter: int
    before: int
    moved: bool
    ever_moved: bool
    late: list[str]
    listed: dict[str, Any]

    @property
    def current(self) -> bool:
        """Whether this is the item's nature now; the other is what it was before its adoption."""
        return bool(self.listed["nature"] == self.nature)

    @property
    def bucket(self) -> str:
        """The bucket that the item's age falls into."""
        return [name for name, first in BUCKETS.items() if self.listed["age_days"] >= first][-1]


def item_rows(figures: PackFigures) -> Iterator[ItemRow]:
    """Every item and nature, whether Items shows it or not."""
    first, last = figures.days(figures.quarter)
    view = figures.known.as_of(last)
    for listed in figures.figures.list_items(last, "all"):
        item = listed["item"]
        for nature in NATURES:
            before = figures.known.as_of(first - ONE_DAY).interest(item, nature, first - ONE_DAY)
            yield ItemRow(
                item,
                nature,
                view.outstanding(item, nature),
                view.carry(item, nature),
                view.interest(item, nature, last) - before,
                before,
                any(first <= fact.on for fact, _ in view.legs(item, nature)),
                any(view.legs(item)),
                figures.figures.late(view, item, last),
                listed,
            )


def items(played: Played) -> list[Part]:
    """A line per item and nature with a balance, a movement or interest; and what nobody has estimated yet."""
    figures = played.figures
    lines: dict[tuple[str, ...], Row] = {}
    for row in item_rows(figures):
        unestimated = row.current and row.listed["status"] == "unestimated" and not row.ever_moved
        if row.outstanding or row.moved or row.in_quarter or unestimated:
            lines[row.item, row.nature] = _item_line(figures, row)
    return [Part(("Item", "Nature"), lines)]


def _item_line(figures: PackFigures, row: ItemRow) -> Row:
    view, listed = figures.known.as_of(figures.as_of), row.listed
    owner, terms = figures.figures.owner_of(row.item, figures.as_of), view.terms(row.item)
    principal, seen = view.first_principal(row.item), view.interest_seen(row.item)
    planned = bool(listed["planned"]) and row.current and row.outstanding
    return {
        "Title": listed["title"],
        "System": listed["system"],
        "Team": owner.team,
        "Cost centre": owner.cost_centre,
        "Dimension": listed["dimension"],
        "Category": listed["category"],
        "Opened": date.fromisoformat(listed["opened_on"]),
        "Principal": money(figures, principal) if row.current and principal is not None else None,
        "Outstanding": money(figures, row.outstanding),
        "Interest per year": money(figures, row.per_year),
        "Incurred this quarter": money(figures, row.in_quarter),
        "Incurred before": money(figures, row.before),
        "Repay by": listed["repay_by"] if row.current else None,
        **_interest_behind(figures, row),
        "Until": terms.until if terms and row.current else None,
        "Interest observed": money(figures, seen) if row.current and seen is not None else None,
        "Planned for": listed["planned"] if planned else None,
        "Planned repayment": money(figures, row.outstanding) if planned else None,
        "Age in days": listed["age_days"],
        "Bucket": row.bucket,
        "Status": listed["status"] if row.current else "adopted",
    }


def _interest_behind(figures: PackFigures, row: ItemRow) -> Row:
    """The sums that the interest is computed from."""
    before = figures.days(figures.quarter)[0] - ONE_DAY
    brought = figures.known.as_of(before)
    return {
        "Incurred to date": money(figures, row.before + row.in_quarter),
        "Incurred to date by the ledger": money(figures, row.before + row.in_quarter),
        "Incurred otherwise": 0,
        "Carry × day": carry_day(figures.known.as_of(figures.as_of), row.item, row.nature),
        "Brought per year": money(figures, brought.carry(row.item, row.nature)),
        "Brought × day": carry_day(brought, row.item, row.nature),
    }


def breakdown(played: Played) -> list[Part]:
    """Debt, neglect, delta and share by dimension, category and owner."""
    figures = played.figures

    def dimension(row: ItemRow) -> tuple[str, ...]:
        return (row.listed["dimension"],)

    def category(row: ItemRow) -> tuple[str, ...]:
        return (row.listed["category"],)

    def owner(row: ItemRow) -> tuple[str, ...]:
        answers = figures.figures.owner_of(row.item, figures.as_of)
        return answers.team, answers.cost_centre or "none"

    return [
        _breakdown_part(figures, "By dimension", ("Dimension",), dimension),
        _breakdown_part(figures, "By category", ("Category",), category),
        _breakdown_part(figures, "By team and cost centre", ("Team", "Cost centre"), owner),
        _spent_by_centre(figures),
    ]


def _spent_by_centre(figures: PackFigures) -> Part:
    """What each cost centre repaid and spent; a posting counts under that of its system on its day."""
    sums: dict[str, list[int]] = {"All": [0, 0, 0]}
    for entry in figures.entries(*figures.days(figures.quarter)):
        for centre in (entry.owner.cost_centre or "no cost centre", "All"):
            amounts = sums.setdefault(centre, [0, 0, 0])
            amounts[0] += entry.leg.principal if entry.leg.movement == "repaid" else 0
            amounts[1] += entry.leg.spent
            amounts[2] += 1
    lines: dict[tuple[str, ...], Row] = {
        (centre,): {
            "Repaid": money(figures, repaid),
            "Spent": money(figures, spent),
            "Rows in Postings": rows,
        }
        for centre, (repaid, spent, rows) in sums.items()
    }
    return Part(("Cost centre",), lines, "Spent by cost centre")


def _breakdown_part(
    figures: PackFigures, title: str, named_by: tuple[str, ...], group_of: Callable[[ItemRow], tuple[str, ...]]
) -> Part:
    everything = ("All", *("" for _ in named_by[1:]))
    sums: dict[tuple[str, ...], dict[str, int]] = {everything: dict.fromkeys(NATURES, 0)}
    for row in item_rows(figures):
        for group in (group_of(row), everything):
            sums.setdefault(group, dict.fromkeys(NATURES, 0))[row.nature] += row.outstanding
    whole = sum(sums[everything].values())
    lines: dict[tuple[str, ...], Row] = {
        group: {
            "Debt": money(figures, amounts[DEBT]),
            "Neglect": money(figures, amounts[NEGLECT]),
            "Delta": money(figures, sum(amounts.values())),
            "Share of delta": ratio(sum(amounts.values()), whole),
        }
        for group, amounts in sums.items()
        if any(amounts.values()) or group == everything
    }
    return Part(named_by, lines, title)


def ageing(played: Played) -> list[Part]:
    """By bucket and system, with what is lapsed and overdue; the shares; the buckets."""
    figures = played.figures
    of_which = ("lapsed", "overdue")
    columns = [*BUCKETS, "All ages", "Closing in Roll-forward", *of_which]
    sums = {ALL_SYSTEMS: dict.fromkeys(columns, 0)}
    for row in item_rows(figures):
        for system in (row.listed["system"], ALL_SYSTEMS):
            amounts = sums.setdefault(system, dict.fromkeys(columns, 0))
            for column in (row.bucket, "All ages", "Closing in Roll-forward"):
                amounts[column] += row.outstanding
            for late in row.late:
                amounts[late] += row.outstanding
    lines: dict[tuple[str, ...], Row] = {
        (system,): {**_ageing_line(figures, amounts), "Difference": 0} for system, amounts in sums.items()
    }
    everything = sums[ALL_SYSTEMS]
    lines["Share of all ages",] = {
        f"Of which {column}" if column in of_which else column: ratio(amount, everything["All ages"])
        for column, amount in everything.items()
        if column != "Closing in Roll-forward"
    }
    zeros = {**_ageing_line(figures, dict.fromkeys(columns, 0)), "Difference": 0}
    boundaries: dict[tuple[str, ...], Row] = {(name,): {"From day": first} for name, first in BUCKETS.items()}
    return [Part(("System",), lines, absent=zeros), Part(("Bucket",), boundaries)]


def _ageing_line(figures: PackFigures, amounts: dict[str, int]) -> Row:
    return {
        f"Of which {column}" if column in ("lapsed", "overdue") else column: money(figures, minor)
        for column, minor in amounts.items()
    }
