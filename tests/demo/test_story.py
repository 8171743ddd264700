"""The story of the demo: the same on every day, lawful, and with everything in it that it is to show."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import text

from ledger.demo.books import LAST_QUARTER, TIME_ZONE
from ledger.demo.story import Told, build_story
from ledger.services.open_ledger import open_ledger
from ledger.services.verify import verify
from ledger.store.engine import open_engine, reading
from ledger.vocabulary.errors import Refused


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> tuple[Told, str]:
    url = f"sqlite:///{tmp_path_factory.mktemp('story') / 'demo.db'}"
    return build_story(url), url


def query(url: str, statement: str) -> list[Any]:
    engine = open_engine(url)
    with reading(engine) as connection:
        found = list(connection.execute(text(statement)))
    engine.dispose()
    return found


@pytest.fixture(scope="module")
def events(told: tuple[Told, str]) -> list[dict[str, Any]]:
    return [json.loads(body) for (body,) in query(told[1], "SELECT body FROM event ORDER BY position")]


def of_kind(events: list[dict[str, Any]], stored_as: str) -> Iterator[dict[str, Any]]:
    return (event for event in events if event["stored_as"].partition("/")[0] == stored_as)


@pytest.mark.reliability
def test_it_is_the_same_every_time_on_every_database(told: tuple[Told, str], database_url: str) -> None:
    assert build_story(database_url) == told[0]


@pytest.mark.reliability
def test_it_is_told_once(told: tuple[Told, str]) -> None:
    with pytest.raises(Refused, match="open already"):
        build_story(told[1])


def test_every_kind_of_event_is_in_it(events: list[dict[str, Any]]) -> None:
    kinds = Counter(event["stored_as"].partition("/")[0] for event in events)
    assert kinds["neglect-adopted"] >= 1
    assert kinds["item-written-off"] == kinds["event-reversed"] == kinds["system-changed"] == 1
    assert kinds["system-registered"] == 4
    assert kinds["day-rate-set"] >= 3
    assert kinds["debt-renewed"] >= 1
    assert kinds["period-closed"] == 8
    assert kinds["budget-set"] >= 8
    assert kinds["forecast-set"] >= 3
    documents = (
        *("monitor-documented", "expectation-measured", "datasheet-answered"),
        *("explanation-documented", "robustness-documented", "score-answered"),
    )
    assert all(kinds[kind] >= 2 for kind in documents)
    others = ("period-closed", "system-registered", "dependency-declared", "budget-set", "forecast-set", *documents)
    on_items = sum(kinds.values()) - sum(kinds[kind] for kind in others)
    assert 40 <= on_items <= 65


def test_three_systems_read_the_fourth(told: tuple[Told, str]) -> None:
    found = query(told[1], "SELECT system, reads_from FROM dependency ORDER BY system")
    assert [tuple(row) for row in found] == [("FRAUD", "FEATURES"), ("HOME", "FEATURES"), ("SIGHT", "FEATURES")]


def test_one_entry_is_late_and_one_item_is_never_estimated(events: list[dict[str, Any]]) -> None:
    late = [event for event in events if event["data"].get("occurred_on")]
    assert [event["stored_as"] for event in late] == ["neglect-observed/1"]
    unestimated = {e["stream"] for e in of_kind(events, "neglect-observed") if e["data"]["principal_minor"] is None}
    revised = {event["stream"] for event in of_kind(events, "estimate-revised")}
    assert len(unestimated - revised) == 1
    assert unestimated & revised


def test_repayments_cost_more_and_less_than_they_removed(events: list[dict[str, Any]]) -> None:
    repayments = [event["data"] for event in of_kind(events, "repayment-recorded")]
    variances = {(r["spent_minor"] > r["removed_minor"]) - (r["spent_minor"] < r["removed_minor"]) for r in repayments}
    assert variances == {-1, 0, 1}
    assert any(repayment["spent_assumed"] for repayment in repayments)


def test_missing_tests_lapse_and_one_is_renewed(events: list[dict[str, Any]]) -> None:
    last_day = date(2026, 9, 30).isoformat()
    temporary = {e["stream"]: e["data"]["until"] for e in of_kind(events, "debt-commissioned") if e["data"]["until"]}
    for event in of_kind(events, "debt-renewed"):
        if event["stream"] in temporary:
            assert temporary[event["stream"]] < event["effective_on"]
    touched = {e["stream"] for kind in ("repayment-recorded", "debt-renewed") for e in of_kind(events, kind)}
    assert any(until < last_day for item, until in temporary.items() if item not in touched)
    assert set(temporary) & touched


def test_it_is_recorded_in_business_hours_in_order(events: list[dict[str, Any]]) -> None:
    times = [datetime.fromisoformat(event["recorded_at"]).astimezone(ZoneInfo(TIME_ZONE)) for event in events]
    assert times == sorted(times)
    assert all(moment.weekday() < 5 and 9 <= moment.hour < 18 for moment in times)


def test_the_last_quarter_has_ended_closed_and_moves_in_both_natures(told: tuple[Told, str]) -> None:
    assert told[0].last_quarter == LAST_QUARTER == "2026Q3"
    found = query(
        told[1],
        "SELECT DISTINCT nature, movement FROM posting "
        "WHERE nature IS NOT NULL AND effective_on BETWEEN '2026-07-01' AND '2026-09-30'")  # fmt: skip
    assert {("debt", "commissioned"), ("debt", "repaid"), ("debt", "adopted"), ("neglect", "observed")} <= {
        tuple(row) for row in found
    }


def test_every_event_balances_and_nothing_is_owed_less_than_nothing(told: tuple[Told, str]) -> None:
    assert query(told[1], "SELECT position FROM posting GROUP BY position HAVING sum(amount_minor) <> 0") == []
    owed = query(
        told[1],
        "SELECT item, nature, -sum(amount_minor) AS owed, sum(carry_minor_per_year) AS carry FROM posting "
        "WHERE nature IS NOT NULL GROUP BY item, nature")  # fmt: skip
    assert all(row.owed >= 0 and row.carry >= 0 and (row.owed or not row.carry) for row in owed)


def test_nobody_is_named_and_nothing_is_short_of_a_reason(events: list[dict[str, Any]]) -> None:
    deciders = {event["data"]["decided_by"] for event in events if "decided_by" in event["data"]}
    assert all(decider.startswith("head of ") for decider in deciders)


def test_a_folder_of_its_own_is_enough(tmp_path: Path) -> None:
    assert build_story(f"sqlite:///{tmp_path / 'demo.db'}", book="tour").book == "tour"


def test_the_rules_allow_all_of_it(told: tuple[Told, str]) -> None:
    books = open_ledger(told[1], actor="ada")
    verified = verify(books, decide=True)
    books.ledger.engine.dispose()
    assert (verified.found.problems, verified.decided and verified.decided.differing) == ([], [])
