"""The journal-entry tests: each by a hand-written table, all of them together against a naive reckoning."""

from __future__ import annotations

import math
from collections import defaultdict
from datetime import date, datetime, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.accounts.postings import mirrored, post
from ledger.events import (
    BudgetSet,
    DayRateSet,
    EstimateRevised,
    Event,
    EventReversed,
    ItemWrittenOff,
    NeglectAdopted,
    NeglectObserved,
    NoteAdded,
    RepaymentRecorded,
)
from ledger.journal_tests import marks
from ledger.journal_tests.entries import JournalEntry, amounts_of
from ledger.journal_tests.examination import Examination, Subject, examine
from ledger.journal_tests.listing import RARE
from ledger.journal_tests.marks import Closing, Closings
from ledger.journal_tests.parameters import Hours, Parameters
from ledger.vocabulary.errors import Unreadable
from ledger.vocabulary.quarters import FiscalCalendar
from tests.helpers.journal_entry import OTHER, entry

SUBJECT = Subject("main", "UTC", "EUR", 2, None, None, None, 9, "2026-07-01T00:00:00.000000Z", "00" * 32)

# --- one entry at a time -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("recorded", "effective", "days"),
    [
        ("2026-03-02T00:00:00", "2026-03-02", None),
        ("2026-03-02T23:59:59", "2026-03-02", None),
        ("2026-03-03T00:00:00", "2026-03-02", 1),
        ("2026-03-01T12:00:00", "2026-03-02", None),
        ("2028-03-01T12:00:00", "2028-02-01", 29),
    ],
)
def test_backdated_is_recorded_on_a_later_day_than_it_is_effective(
    recorded: str, effective: str, days: int | None
) -> None:
    """By days, whatever the hour."""
    assert marks.backdated(entry(recorded=recorded, effective=effective)) == days


def test_late_is_what_happened_before_the_day_on_which_it_counts() -> None:
    """By the day that `--late` kept."""
    assert marks.late(entry(effective="2026-04-01", occurred_on=date(2026, 3, 20))) == 12
    assert marks.late(entry()) is None


@pytest.mark.parametrize(
    ("amounts", "listed"),
    [
        ((100_000, None), 100_000),
        ((100_001, None), None),
        ((99_900, None), None),
        ((250_000, 300_000), 300_000),
        ((700_000, 300_000), 700_000),
        ((0, None), None),
        ((None, None), None),
    ],
)
def test_round_is_a_whole_multiple_above_0(amounts: tuple[int | None, int | None], listed: int | None) -> None:
    """Of a thousand with two decimals; the largest one counts."""
    assert marks.round_sum(entry(amount_minor=amounts[0], spent_minor=amounts[1]), 100_000) == listed


@pytest.mark.parametrize(
    ("amount", "margin", "listed"),
    [
        (500_000, 10, False),
        (499_999, 10, True),
        (450_000, 10, True),
        (449_999, 10, False),
        (499_999, 1, True),
        (495_000, 1, True),
        (494_999, 1, False),
        (1, 100, True),
    ],
)
def test_just_under_is_below_the_threshold_by_at_most_the_margin(amount: int, margin: int, listed: bool) -> None:
    """The threshold itself is not under it; the margin's end is."""
    assert marks.just_under(entry(amount_minor=amount), 500_000, margin) == (amount if listed else None)


def test_a_reversal_repeats_an_amount_that_nobody_chose_again() -> None:
    """So it is neither round nor just under anything."""
    reversal = entry(amount_minor=100_000, reverses=OTHER)
    assert reversal.amounts == ()
    assert marks.round_sum(reversal, 100_000) is None
    assert marks.just_under(reversal, 100_001, 10) is None
    assert marks.reversal(reversal) == 1
    assert marks.corrected(entry(reversed_by=OTHER)) == 1


@pytest.mark.parametrize(
    ("recorded", "outside"),
    [
        ("2026-03-02T08:00:00", False),
        ("2026-03-02T07:59:59", True),
        ("2026-03-06T17:59:59", False),
        ("2026-03-06T18:00:00", True),
        ("2026-03-07T12:00:00", True),
        ("2026-03-08T12:00:00", True),
    ],
)
def test_working_hours_begin_with_their_first_minute_and_end_before_their_last(recorded: str, outside: bool) -> None:
    """Monday to Friday; 2 March 2026 is a Monday."""
    assert marks.outside_hours(entry(recorded=recorded), Hours.parse("08-18")) is outside


@pytest.mark.parametrize(
    ("text", "shown"), [("8-18", "08:00-18:00"), ("07:30-24", "07:30-24:00"), (" 00-01 ", "00:00-01:00")]
)
def test_hours_are_read_as_they_are_written(text: str, shown: str) -> None:
    """And shown with minutes."""
    assert str(Hours.parse(text)) == shown
    assert Hours.parse(shown) == Hours.parse(text)


@pytest.mark.parametrize(
    "text", ["", "8", "18-08", "08-08", "08-25", "08-24:01", "08:60-18", "8 to 18", "-08-18", "٨-18"]
)
def test_hours_that_are_none_are_refused(text: str) -> None:
    """The message shows how to write them."""
    with pytest.raises(Unreadable, match="write them like 08-18"):
        Hours.parse(text)


CLOSINGS = Closings(
    FiscalCalendar(1),
    [Closing(50, date(2026, 3, 31), date(2026, 4, 10)), Closing(80, date(2026, 9, 30), date(2026, 10, 5))],
)


@pytest.mark.parametrize(
    ("position", "effective", "recorded", "found"),
    [
        (49, "2026-03-15", "2026-04-10T09:00:00", (0, 50)),
        (51, "2026-03-15", "2026-04-10T09:00:00", None),  # after the close
        (49, "2026-03-31", "2026-04-06T09:00:00", (4, 50)),
        (49, "2026-03-31", "2026-04-05T09:00:00", None),
        (49, "2026-04-01", "2026-04-10T09:00:00", None),  # the next quarter's own close is far
        (60, "2026-05-20", "2026-10-04T09:00:00", (1, 80)),  # one close for two quarters
        (60, "2026-06-30", "2026-06-30T09:00:00", None),  # closed later, so its end means nothing
        (90, "2026-12-01", "2026-12-31T23:59:59", (0, None)),
        (90, "2026-12-30", "2026-12-27T09:00:00", (4, None)),
        (90, "2026-12-30", "2026-12-26T09:00:00", None),
        (90, "2026-12-30", "2027-01-01T09:00:00", None),
        (90, "9999-12-31", "2026-12-31T09:00:00", None),
    ],
)
def test_before_a_close_are_the_last_days_up_to_it(
    position: int, effective: str, recorded: str, found: tuple[int, int | None] | None
) -> None:
    """Of the close of the day it is effective on; of its quarter's end while nobody has closed it."""
    seen = marks.before_close(entry(position, recorded, effective), CLOSINGS, 5)
    assert (seen and (seen.days, seen.position)) == found


_OF_ITEM: dict[str, Any] = {"item": "FRAUD-1", "nature": "debt", "dimension": "system"}
_OPENED: dict[str, Any] = {
    "item": "FRAUD-1", "system": "FRAUD", "title": "Glue", "dimension": "system", "category": "glue-code",
    "carry_minor_per_year": 7,
}  # fmt: skip
_ADOPTED = NeglectAdopted(
    item="FRAUD-1", dimension="system", principal_minor=300, carry_minor_per_year=7, decided_by="ada", because="x",
    benefit="y", repay_by="2026Q4", until=None,
)  # fmt: skip
_REPAID: dict[str, Any] = _OF_ITEM | {"removed_minor": 500, "carry_removed_minor_per_year": 7, "spent_minor": 620}


def _revised(change: int) -> EstimateRevised:
    return EstimateRevised(
        **_OF_ITEM, principal_change_minor=change, carry_change_minor_per_year=7, outstanding_minor=900,
        carry_minor_per_year=None, because="recounted",
    )  # fmt: skip


def _reversed(event: Event) -> EventReversed:
    legs = mirrored(post(event, date(2026, 1, 1)))
    return EventReversed(item="FRAUD-1", reversed_position=3, reversed_stored_as="x/1", because="y", legs=legs)


@pytest.mark.parametrize(
    ("event", "amounts"),
    [
        (NeglectObserved(**_OPENED, principal_minor=1200, cause="untracked"), (1200, None)),
        (NeglectObserved(**_OPENED, principal_minor=None, cause="untracked"), (None, None)),
        (_ADOPTED, (300, None)),
        (RepaymentRecorded(**_REPAID, spent_assumed=False), (500, 620)),
        (RepaymentRecorded(**_REPAID, spent_assumed=True), (500, None)),
        (_revised(250), (250, None)),
        (_revised(-250), (250, None)),
        (ItemWrittenOff(**_OF_ITEM, removed_minor=40, carry_removed_minor_per_year=0, because="gone"), (40, None)),
        (_reversed(_ADOPTED), (300, None)),
        (_reversed(RepaymentRecorded(**_REPAID, spent_assumed=False)), (500, None)),
        (_reversed(NeglectObserved(**_OPENED, principal_minor=None, cause="untracked")), (None, None)),
        (
            BudgetSet(quarter="2026Q3", team="red", amount_minor=0, previous_minor=5, file_sha256=None, cell=None),
            (0, None),
        ),
        (DayRateSet(rate_minor=80_000, team=None), (None, None)),
        (NoteAdded(item="FRAUD-1", text="12,000"), (None, None)),
    ],
    ids=lambda value: type(value).__name__,
)
def test_an_entrys_amounts_are_what_it_moved_or_set_and_what_was_spent(
    event: Event, amounts: tuple[int | None, int | None]
) -> None:
    """Never below 0; a price is no amount, and what was only assumed to be spent is not stated."""
    assert amounts_of(event) == amounts


# --- all of them together ------------------------------------------------------------------------------

BEGIN = datetime(2026, 1, 1)


@st.composite
def populations(draw: st.DrawFn) -> list[JournalEntry]:
    """Entries in order of position, at times that never decrease."""
    found: list[JournalEntry] = []
    minutes = 0
    for position in range(1, draw(st.integers(0, 25)) + 1):
        minutes += draw(st.integers(0, 6000))
        local = BEGIN + timedelta(minutes=minutes)
        effective = local.date() - timedelta(days=draw(st.integers(-10, 120)))
        occurred = draw(st.none() | st.integers(1, 90).map(lambda days, day=effective: day - timedelta(days=days)))
        found.append(
            entry(
                position,
                local.isoformat(),
                effective.isoformat(),
                actor=draw(st.sampled_from(["ada", "bea", "cleo"])),
                occurred_on=occurred,
                amount_minor=draw(
                    st.none() | st.integers(0, 12).map(lambda many: many * 50_000) | st.integers(0, 700_000)
                ),
                spent_minor=draw(st.none() | st.integers(0, 700_000)),
                imported=draw(st.booleans()),
                earlier=draw(st.booleans()),
                reverses=draw(st.sampled_from([None, None, OTHER])),
                reversed_by=draw(st.sampled_from([None, None, OTHER])),
            )
        )
    return found


def naive(entries: list[JournalEntry]) -> dict[str, set[int]]:
    """Which positions each test lists, reckoned without any of its code."""
    quarter_ends = [
        date(year, month, day) for year in (2025, 2026) for month, day in ((3, 31), (6, 30), (9, 30), (12, 31))
    ]
    named: dict[str, set[int]] = defaultdict(set)
    for each in entries:
        stated = [] if each.reverses else [amount for amount in (each.amount_minor, each.spent_minor) if amount]
        recorded = each.recorded_local.date()
        end = min((end for end in quarter_ends if end >= each.effective_on), default=None)
        facts = {
            "backdated": recorded > each.effective_on,
            "late": each.occurred_on is not None,
            "corrected": each.reversed_by is not None,
            "reversals": each.reverses is not None,
            "round-sums": any(Fraction(amount, 100_000).denominator == 1 for amount in stated),
            "before-close": end is not None and recorded in [end - timedelta(days=days) for days in range(7)],
            "outside-hours": each.recorded_local.strftime("%a") in ("Sat", "Sun")
            or not "09:30" <= each.recorded_local.strftime("%H:%M") < "16:00",
            RARE: sum(1 for other in entries if other.actor == each.actor) < 4,
            "just-under": any(Fraction(amount, 300_000) >= Fraction(4, 5) and amount < 300_000 for amount in stated),
        }
        for name, holds in facts.items():
            if holds:
                named[name].add(each.position)
    return named


ASKED = Parameters(100_000, 7, Hours.parse("09:30-16"), 4, 300_000, 20, 6, "entries", "s")


def examined(entries: list[JournalEntry], most: int | None = None) -> Examination:
    return examine(SUBJECT, lambda: entries, ASKED, Closings(FiscalCalendar(1), ()), None, most=most)


@pytest.mark.reliability
@settings(max_examples=40)
@given(populations())
def test_every_test_lists_what_a_naive_reckoning_lists(entries: list[JournalEntry]) -> None:
    """Entries, counts, and the counts of imported and earlier ones."""
    found = examined(entries)
    expected = naive(entries)
    for tested in found.tested:
        if tested.test.name == "unusual-logins":
            assert tested.untested
            continue
        listed = [finding.entry for finding in tested.findings]
        assert {each.position for each in listed} == expected[tested.test.name]
        assert (tested.count, tested.imported, tested.earlier) == (
            len(listed), sum(each.imported for each in listed), sum(each.earlier for each in listed))  # fmt: skip
        assert [each.imported for each in listed] == sorted(each.imported for each in listed)
    population = found.population
    assert population.listed == len(set().union(*expected.values()))
    assert sum(activity.listed for activity in found.actors) == population.listed
    assert (population.entries, population.earlier) == (len(entries), sum(each.earlier for each in entries))
    assert population.effective + population.earlier == population.entries
    days = sorted((each.recorded_local.date() - each.effective_on).days for each in entries)
    if days:
        assert found.gaps is not None
        assert (found.gaps.shortest, found.gaps.longest) == (days[0], days[-1])
        assert found.gaps.median == days[math.ceil(len(days) / 2) - 1]
        assert found.gaps.ninetieth == days[math.ceil(Fraction(9 * len(days), 10)) - 1]


@pytest.mark.reliability
@settings(max_examples=20)
@given(populations(), st.integers(1, 5))
def test_the_most_remarkable_are_kept_when_not_all_are(entries: list[JournalEntry], most: int) -> None:
    """They are the beginning of the whole list, and the count is of all."""
    for kept, whole in zip(examined(entries, most).tested, examined(entries).tested, strict=True):
        assert kept.findings == whole.findings[:most]
        assert kept.count == whole.count == len(whole.findings)


def test_what_each_actor_did_is_counted_by_kind() -> None:
    """Entries, imported ones, amounts, and how many some test lists."""
    entries = [
        entry(1, amount_minor=100_000),
        entry(2, amount_minor=12, imported=True),
        entry(3, stored_as="note-added/1"),
        entry(4, stored_as="note-added/1"),
        entry(5, actor="bea"),
    ]
    assert [
        (each.actor, each.stored_as, each.entries, each.imported, each.listed, each.amount_minor)
        for each in examined(entries).actors
    ] == [
        ("ada", "note-added/1", 2, 0, 0, 0),
        ("ada", "repayment-recorded/1", 2, 1, 1, 100_012),
        ("bea", "repayment-recorded/1", 1, 0, 1, 0),
    ]


def test_the_method_defines_every_test() -> None:
    """By the names that the report uses."""
    method = (Path(__file__).resolve().parents[2] / "docs" / "method.md").read_text(encoding="utf-8")
    assert [tested.test.name for tested in examined([]).tested if f"`{tested.test.name}`" not in method] == []
