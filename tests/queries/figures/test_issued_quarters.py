"""Quarters before the last one as they were issued: the figures beside which today's stand in later packs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date

import pytest

from ledger.decide.budget_set import SetBudget
from ledger.decide.repay import Repay
from ledger.decide.system_change import ChangeSystem
from ledger.queries.figures.issues import as_reported, compared_with, issues
from ledger.queries.figures.restatements import figures_as_issued
from ledger.queries.reader import reader_of
from ledger.store.engine import open_engine
from ledger.views.quarter import HistoryView, QuarterView
from ledger.views.restatements import IssuedFigureView
from ledger.vocabulary.quarters import Quarter
from tests.helpers.restated_ledger import Office, issued, major, restated

YEAR_LATER = ("2027Q1", date(2027, 3, 31))
Sums = dict[tuple[str, str, str], int]


@pytest.fixture
def office(database_url: str) -> Iterator[Office]:
    engine = open_engine(database_url)
    yield Office(engine)
    engine.dispose()


def sums(figures: Iterable[IssuedFigureView | HistoryView]) -> Sums:
    found: Counter[tuple[str, str, str]] = Counter()
    for each in figures:
        found[each.team, each.nature, each.measure] += each.amount
    # Interest avoided is no measure of the Summary: an issue has none.
    return {place: amount for place, amount in found.items() if amount and place[2] != "interest_avoided"}


def closing(figures: Iterable[IssuedFigureView | HistoryView]) -> int:
    return sum(each.amount for each in figures if each.measure == "closing")


def of_quarter(view: QuarterView, quarter: str) -> list[HistoryView]:
    return [row for row in view.history if row.quarter == quarter]


def test_a_year_later_the_quarter_stands_as_it_was_issued_beside_what_is_known(office: Office) -> None:
    """A repayment of 1,200 in 2026Q1 was reversed after its issue: the closing was 13,800 and is 15,000."""
    view = restated(office).view(*YEAR_LATER)
    younger, older = view.issued
    assert (younger.quarter, older.quarter) == ("2026Q2", "2026Q1")
    assert view.restatements == ()
    assert [issue.position for issue in view.issues] == [younger.issue.position, older.issue.position]
    assert closing(older.figures) == 13_800_00
    assert closing(of_quarter(view, "2026Q1")) == 15_000_00


def test_where_nothing_has_changed_the_issued_figures_are_the_known_ones(office: Office) -> None:
    """Both ways to them lead to the same: rolled forward as the issue knew it, and taken from the history."""
    view = issued(office).view(*YEAR_LATER)
    with reader_of(office.ledger) as known:
        reader = as_reported(known)
        named = compared_with(issues(known), Quarter.parse("2027Q1"), YEAR_LATER[1], reader.position)
        for issue, found in zip(named, view.issued, strict=True):
            then = replace(reader, position=issue.issued.known_position)
            rolled = figures_as_issued(then, Quarter.parse(found.quarter), issue.issued.as_of)
            assert sums(rolled) == sums(found.figures) != {}


@pytest.mark.parametrize("change", ["leg", "budget", "owner"])
def test_each_kind_of_change_is_seen(change: str, office: Office) -> None:
    """A leg in the quarter, a plan of it, and a change of owner that is effective in it."""
    day = date(2026, 3, 20)
    commands = {
        "leg": Repay(item="FRAUD-1", amount=major(100), on=day),
        "budget": SetBudget(quarter="2026Q1", team="red", amount_minor=5_00, on=day),
        "owner": ChangeSystem(system="FRAUD", team="blue", on=day),
    }
    office = issued(office)
    before = {found.quarter: sums(found.figures) for found in office.view(*YEAR_LATER).issued}
    office.do(commands[change])
    view = office.view(*YEAR_LATER)
    known = sums(of_quarter(view, "2026Q1"))
    as_issued = next(found for found in view.issued if found.quarter == "2026Q1")
    assert sums(as_issued.figures) == before["2026Q1"] != known
