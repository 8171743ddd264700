"""The agenda, held against the pack's view of the same moment, and against a count over the event bodies alone.

The count knows nothing of the ledger's code: it reads the stored JSON and follows docs/method.md, 'The agenda'.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from sqlalchemy import Engine, text

from ledger.queries.figures.issues import as_reported, compared_with, issues
from ledger.queries.figures.quarter_view import quarter_view
from ledger.queries.reader import reader_of
from ledger.queries.register.agenda import agenda
from ledger.store.engine import open_engine
from ledger.store.upgrade import upgrade
from ledger.views.agenda import TOPICS, Agenda
from ledger.views.quarter import QuarterView
from ledger.vocabulary.quarters import Quarter
from tests.helpers.planned_ledger import planned
from tests.helpers.restated_ledger import Office

TODAY = date(2026, 7, 4)
#: A past quarter, the last one that ended, one that runs, one ahead.
DAYS = {
    "2025Q3": date(2025, 9, 30),
    "2026Q1": date(2026, 3, 31),
    "2026Q2": date(2026, 6, 30),
    "2026Q3": TODAY,
    "2026Q4": date(2026, 12, 31),
}


@pytest.fixture(scope="module")
def offices(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Office]]:
    url = f"sqlite:///{tmp_path_factory.mktemp('agenda') / 'ledger.db'}"
    upgrade(url)
    engine = open_engine(url)
    yield [planned(engine, seed) for seed in range(4)]
    engine.dispose()


def read(office: Office, quarter: str) -> tuple[Agenda, QuarterView]:
    with reader_of(office.ledger) as known:
        reader, chosen = as_reported(known), Quarter.parse(quarter)
        named = compared_with(issues(known), chosen, DAYS[quarter], reader.position)
        view = quarter_view(reader, chosen, DAYS[quarter], "debt report", named)
        return agenda(reader, view, TODAY), view


@dataclass
class Told:
    """What the events of one item come to on a day."""

    nature: str
    opened: date
    estimated: date | None
    outstanding: int
    repay_by: str = ""
    until: str | None = None
    planned: str = ""
    closed: bool = False
    gone: bool = False
    carry: list[tuple[date, int]] = field(default_factory=list)
    seen: list[tuple[date, int]] = field(default_factory=list)

    def bears(self) -> int:
        return sum(change for _, change in self.carry)

    def booked(self, since: date, as_of: date) -> Fraction:
        """The interest of the days after one day, to another: the year has 365."""
        return sum((Fraction(change * (as_of - max(day, since)).days, 365) for day, change in self.carry), Fraction())


def last_day(quarter: str) -> date:
    year, number = int(quarter[:4]), int(quarter[-1])
    return date(year, number * 3, 30 if number in (2, 3) else 31)


def counted(engine: Engine, book: str, as_of: date) -> dict[str, Told]:
    """Every item by its events that are effective by a day, in order of that day, then of position."""
    with engine.connect() as connection:
        bodies = connection.execute(text("SELECT body FROM event WHERE book = :book"), {"book": book}).scalars()
        events: list[dict[str, Any]] = [json.loads(body) for body in bodies]
    events = [
        event for event in events if date.fromisoformat(event["effective_on"]) <= as_of and "item" in event["data"]
    ]
    undone = {event["data"].get("reversed_position") for event in events}
    found: dict[str, Told] = {}
    for event in sorted(events, key=lambda each: (each["effective_on"], each["position"])):
        kind, data, day = event["stored_as"].split("/")[0], event["data"], date.fromisoformat(event["effective_on"])
        happened = date.fromisoformat(data.get("occurred_on") or event["effective_on"])
        if kind in ("debt-commissioned", "neglect-observed"):
            nature = "debt" if kind == "debt-commissioned" else "neglect"
            amount = data.get("principal_minor")
            item = found[data["item"]] = Told(nature, day, None if amount is None else day, amount or 0)
            item.gone = event["position"] in undone
            item.carry.append((happened, data["carry_minor_per_year"]))
        elif event["position"] in undone:
            continue
        item = found[data["item"]]
        if kind in ("debt-commissioned", "neglect-adopted", "debt-renewed"):
            item.nature, item.repay_by, item.until = "debt", data["repay_by"], data.get("until")
        elif kind == "repayment-planned":
            item.planned = data["quarter"]
        elif kind == "estimate-revised":
            item.carry.append((happened, data["carry_change_minor_per_year"]))
            item.estimated, item.outstanding = day, item.outstanding + data["principal_change_minor"]
        elif kind in ("repayment-recorded", "item-written-off"):
            item.carry.append((happened, -data["carry_removed_minor_per_year"]))
            item.outstanding, item.closed = item.outstanding - data["removed_minor"], True
        elif kind == "interest-observed":
            item.seen.append((happened, data["amount_minor"]))
    return found


def expected(found: dict[str, Told], quarter: str, as_of: date) -> dict[str, set[str]]:
    """The lists that are about items, by docs/method.md."""
    year, number = int(quarter[:4]), int(quarter[-1])
    first = date(year, number * 3 - 2, 1)
    long_ago = date(year if number == 4 else year - 1, number % 4 * 3 + 1, 1)
    there = {key: item for key, item in found.items() if not item.gone and not (item.closed and not item.outstanding)}
    debt = {key: item for key, item in there.items() if item.nature == "debt"}
    before = as_of.replace(year=as_of.year - 1)
    all_year = {key: item for key, item in there.items() if (item.opened - before).days <= 1}
    return {
        "new": {key for key, item in there.items() if item.opened >= first},
        "overdue": {key for key, item in debt.items() if as_of > last_day(item.repay_by)},
        "lapsed": {key for key, item in debt.items() if item.until and as_of > date.fromisoformat(item.until)},
        "not_reestimated": {key for key, item in there.items() if item.estimated and item.estimated < long_ago},
        "interest_contradicted": {key for key, item in all_year.items() if _contradicted(item, before, as_of)},
        "interest_never_observed": {key for key, item in all_year.items() if item.bears() > 0 and not item.seen},
        "unestimated": {key for key, item in there.items() if item.estimated is None},
        "neglect_waiting": {key for key, item in there.items() if item.nature == "neglect"},
        "plans_not_kept": {key for key, item in there.items() if item.planned and last_day(item.planned) <= as_of},
    }


def _contradicted(item: Told, before: date, as_of: date) -> bool:
    year = [(day, amount) for day, amount in item.seen if day > before]
    booked = item.booked(before, as_of)
    quarters = {(day.year, (day.month - 1) // 3) for day, _ in year}
    return len(year) >= 4 and len(quarters) >= 2 and abs(sum(amount for _, amount in year) - booked) > booked / 2


@pytest.mark.parametrize("quarter", DAYS)
def test_each_list_is_what_the_events_say(offices: list[Office], quarter: str) -> None:
    for office in offices:
        items = counted(office.engine, office.book, DAYS[quarter])
        found, _ = read(office, quarter)
        assert tuple(found.topics) == tuple(TOPICS)
        for topic, keys in expected(items, quarter, DAYS[quarter]).items():
            entries = found.topics[topic]
            assert {entry.subject for entry in entries} == keys, (office.book, topic)
            for entry in entries:
                assert entry.amount in (items[entry.subject].outstanding, None)
                assert (entry.amount is None) == (items[entry.subject].estimated is None)


@pytest.mark.parametrize("quarter", DAYS)
def test_its_figures_are_those_of_the_pack(offices: list[Office], quarter: str) -> None:
    for office in offices:
        found, view = read(office, quarter)
        owed = dict.fromkeys((item.item for item in view.items), 0)
        for item in view.items:
            owed[item.item] += item.outstanding
        for topic in ("new", "overdue", "lapsed", "not_reestimated", "neglect_waiting", "plans_not_kept"):
            assert all(entry.amount in (None, owed.get(entry.subject)) for entry in found.topics[topic])
        late = {
            kind: {item.item for item in view.items if kind in item.late and item.outstanding}
            for kind in ("overdue", "lapsed")
        }
        assert {kind: {entry.subject for entry in found.topics[kind] if entry.amount} for kind in late} == late
        assert found.opening + sum(each.amount for each in found.movements) == found.closing == sum(owed.values())
        assert [abs(each.amount) for each in found.movements] == sorted(
            (abs(each.amount) for each in found.movements), reverse=True
        )
        left = {
            row.team: row.budget - row.spent
            for row in view.budgets
            if row.quarter == quarter and row.budget is not None
        }
        assert {entry.team: entry.amount for entry in found.topics["budget_unspent"]} == {
            team: amount for team, amount in left.items() if amount > 0
        }
        assert {entry.subject: entry.amount for entry in found.topics["restatements"]} == _restated(view)


def _restated(view: QuarterView) -> dict[str, int]:
    """By how much the closing of each quarter that was issued is another by now."""
    found = {
        each.quarter: sum(row.closing for row in each.now) - sum(row.closing for row in each.issued)
        for each in view.restatements
        if each.legs
    }
    for each in view.issued:
        changes = {
            measure: sum(row.amount for row in view.history if (row.quarter, row.measure) == (each.quarter, measure))
            - sum(figure.amount for figure in each.figures if figure.measure == measure)
            for measure in ("closing", "interest", "removed_spent", "budget")
        }
        if any(changes.values()):
            found[each.quarter] = changes["closing"]
    return found


def test_a_quarter_that_runs_is_provisional_and_one_ahead_projected(offices: list[Office]) -> None:
    states = {quarter: read(offices[0], quarter)[0].state for quarter in DAYS}
    assert states == {"2025Q3": "", "2026Q1": "", "2026Q2": "", "2026Q3": "PROVISIONAL", "2026Q4": "PROJECTED"}


def test_the_books_made_by_chance_have_every_list_in_them(offices: list[Office]) -> None:
    """What no book has in it was held against nothing."""
    seen = {
        topic
        for office in offices
        for quarter in DAYS
        for topic, found in read(office, quarter)[0].topics.items()
        if found
    }
    assert seen == set(TOPICS)
