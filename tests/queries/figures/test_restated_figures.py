"""Restatements from recorded events: as issued + later events = now, to the cent, whatever came in between."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, select

from ledger.accounts.replay import Replayed, replay
from ledger.decide.adopt import Adopt
from ledger.decide.close import Close
from ledger.decide.command import Command
from ledger.decide.commission import Commission
from ledger.decide.observe import Observe
from ledger.decide.repay import Repay
from ledger.decide.reverse import Reverse
from ledger.decide.revise import Revise
from ledger.decide.write_off import WriteOff
from ledger.events import PackIssued
from ledger.events.codec import decode
from ledger.queries.figures.balances import technical_delta
from ledger.queries.figures.issues import PackIssue, as_reported, compared_with, issues, named
from ledger.queries.figures.restatements import restatement
from ledger.queries.figures.rollforward import rollforward
from ledger.queries.reader import Reader, reader_of
from ledger.store.engine import open_engine
from ledger.tables.facts import event
from ledger.views.restatements import RestatementView
from ledger.views.rollforward import MOVEMENTS, RollforwardView
from ledger.vocabulary.errors import StoreError
from ledger.vocabulary.quantities import Quantity
from ledger.vocabulary.quarters import Quarter
from tests.helpers.restated_ledger import GATE, LAST_DAYS, Office, a_year, issued, later, major, opened, restated

COLUMNS = ("opening", *MOVEMENTS, "closing")


@pytest.fixture
def engine(sqlite_url: str) -> Iterator[Engine]:
    engine = open_engine(sqlite_url)
    yield engine
    engine.dispose()


def figures(rows: tuple[RollforwardView, ...]) -> dict[tuple[str, str, str], int]:
    """Every figure that is not zero, by nature, system and column."""
    found = {(row.nature, row.system, column): int(getattr(row, column)) for row in rows for column in COLUMNS}
    return {place: amount for place, amount in found.items() if amount}


def explained(found: RestatementView) -> dict[tuple[str, str, str], int]:
    """As issued + every leg, by nature, system and column."""
    sums = figures(found.issued)
    for leg in found.legs:
        for column in (leg.column, "closing"):
            place = (leg.nature, leg.system, column)
            sums[place] = sums.get(place, 0) + leg.amount
    return {place: amount for place, amount in sums.items() if amount}


# --- a whole history ---------------------------------------------------------------------------------


@pytest.fixture(params=["sqlite", "postgresql"])
def told(request: pytest.FixtureRequest) -> Iterator[Office]:
    """The restated ledger, on both databases."""
    url = request.getfixturevalue("sqlite_url" if request.param == "sqlite" else "postgres_url")
    engine = open_engine(url)
    yield restated(Office(engine))
    engine.dispose()


@pytest.mark.reliability
def test_every_cent_between_the_issue_and_now_has_an_event(told: Office) -> None:
    """The reversal of March changes the opening, those of the quarter their own columns."""
    view = told.view("2026Q2")
    this, previous = view.restatements
    assert (this.issue.position, previous.issue.position) == (10, 7)
    assert [(leg.position, leg.item, leg.nature, leg.column, leg.amount, leg.spent) for leg in this.legs] == [
        (11, "CHURN-2", "debt", "commissioned", 4000_00, 0),
        (12, "CHURN-1", "neglect", "repaid", -600_00, 800_00),
        (13, "FRAUD-1", "debt", "corrected", 2400_00, -2500_00),
        (14, "FRAUD-1", "debt", "opening", 1200_00, 0),
        (15, "CHURN-1", "neglect", "adopted", -2400_00, 0),
        (15, "CHURN-1", "debt", "adopted", 2400_00, 0),
    ]
    assert explained(this) == figures(this.now)
    assert this.now == view.rollforward, "what the pack's own Roll-forward says"
    assert figures(this.issued)["debt", "FRAUD", "closing"] == 8400_00
    assert figures(this.now)["debt", "FRAUD", "closing"] == 12000_00
    assert this.legs[0].stored_as == "debt-commissioned/1"
    assert this.legs[0].actor == "lead@example.org"
    assert this.legs[0].recorded_at.startswith("2026-07-20T09:")


@pytest.mark.reliability
def test_the_quarter_before_explains_what_this_one_opens_with(told: Office) -> None:
    """Only the reversal of March is effective by its last day; there it is a correction."""
    view = told.view("2026Q2")
    previous = view.restatements[1]
    assert [(leg.position, leg.column, leg.amount, leg.spent) for leg in previous.legs] == [
        (14, "corrected", 1200_00, -1200_00)
    ]
    openings = {(row.nature, row.system): row.opening for row in view.rollforward if row.opening}
    assert {(row.nature, row.system): row.closing for row in previous.now} == openings
    assert explained(previous) == figures(previous.now)


def test_spent_and_interest_as_issued_lead_to_those_of_now(told: Office) -> None:
    """10.00 a day on FRAUD-1, of which each repayment had taken its part; 1.00 on CHURN-1, 2.00 on CHURN-2."""
    view = told.view("2026Q2")
    this = view.restatements[0]
    assert [(row.item, row.nature, row.issued, row.now) for row in this.interest] == [
        ("CHURN-1", "debt", 0, 16_00),
        ("CHURN-1", "neglect", 91_00, 66_80),
        ("CHURN-2", "debt", 0, 58_00),
        ("FRAUD-1", "debt", 699_00, 910_00),
    ]
    assert [(row.nature, row.system, row.spent, row.interest) for row in this.memoranda] == [
        ("debt", "FRAUD", 2500_00, 699_00),
        ("neglect", "CHURN", 0, 91_00),
    ]
    for nature in ("debt", "neglect"):
        before = sum(row.interest for row in this.memoranda if row.nature == nature)
        change = sum(row.now - row.issued for row in this.interest if row.nature == nature)
        assert before + change == sum(row.interest_in_quarter for row in view.items if row.nature == nature)
        spent = sum(row.spent for row in (*this.memoranda, *this.legs) if row.nature == nature)
        assert spent == sum(row.spent for row in view.postings if row.nature == nature)


def test_what_was_recorded_after_a_position_is_not_known_there(told: Office) -> None:
    """The pack of 2026Q2 as known at position 12 says nothing of the reversals that came after."""
    recorded_at = told.view("2026Q2").restatements[0].legs[1].recorded_at
    this, previous = told.view("2026Q2", known_at=recorded_at).restatements
    assert [leg.position for leg in this.legs] == [11, 12]
    assert [(row.item, row.now - row.issued) for row in this.interest] == [("CHURN-1", -8_20), ("CHURN-2", 58_00)]
    assert explained(this) == figures(this.now)
    assert previous.legs == ()


def test_as_issued_is_what_the_pack_said_when_it_was_issued(engine: Engine) -> None:
    """Figure by figure, the roll-forward that the view of that day folded from the events."""
    office = issued(Office(engine))
    then = office.view("2026Q2")
    office.do(*later(office))
    assert office.view("2026Q2").restatements[0].issued == then.rollforward


def test_a_change_of_team_recorded_late_restates_no_figure_by_system(told: Office) -> None:
    view = told.view("2026Q2")
    assert {row.team for row in view.items if row.system == "FRAUD"} == {"blue"}
    assert all(row.transferred == 0 for row in view.restatements[0].now)
    assert 17 not in {leg.position for leg in view.restatements[0].legs}


def test_an_entry_too_late_for_a_closed_quarter_restates_nothing(engine: Engine) -> None:
    office = issued(Office(engine))
    office.do(
        Close(quarter="2026Q1"),
        Close(quarter="2026Q2"),
        Commission(system="FRAUD", title="Late", category="glue-code", principal=major(700), interest=a_year(365),
                   on=date(2026, 6, 5), late=True, **GATE),
        Reverse(position=8, because="the wrong item"),
    )  # fmt: skip
    office.now = datetime(2026, 7, 31, 9, tzinfo=UTC)
    this, previous = office.view("2026Q2").restatements
    assert (this.legs, this.interest) == ((), ())
    assert (previous.legs, previous.interest) == ((), ())
    assert this.issued == this.now
    following = office.view("2026Q3", date(2026, 7, 31))
    assert [found.quarter for found in following.restatements] == ["2026Q2"]
    assert following.restatements[0].legs == ()


# --- which issues a pack names -----------------------------------------------------------------------


def _issue(position: int, quarter: str, known: int, *compared: int, as_of: date | None = None) -> PackIssue:
    said = PackIssued(
        quarter=quarter,
        as_of=as_of or LAST_DAYS[quarter],
        known_position=known,
        head_hash="0" * 64,
        compared_with=compared,
        manifest_sha256="0" * 64,
        files=(),
    )
    return PackIssue(position, "2026-07-05T09:00:00.000000Z", said)


Q1 = _issue(7, "2026Q1", 6)
Q2 = _issue(10, "2026Q2", 9, 7)
Q1_AGAIN = _issue(15, "2026Q1", 14, 7)
Q2_AGAIN = _issue(16, "2026Q2", 14, 10, 15)
ALL = (Q1, Q2, Q1_AGAIN, Q2_AGAIN)


@pytest.mark.parametrize(
    ("known", "position", "expected"),
    [
        ((), 20, ()),
        (ALL, 20, (16, 15)),
        (ALL, 12, (10, 7)),
        (ALL, 9, (7,)),
        (ALL, 14, (10, 15)),
        ((Q1, Q2, _issue(11, "2026Q1", 9)), 9, (7,)),
        ((Q2, _issue(20, "2026Q2", 12)), 30, (20,)),
        ((_issue(20, "2026Q2", 5), _issue(30, "2026Q3", 8)), 4, ()),
        ((_issue(20, "2026Q1", 9),), 9, (20,)),
    ],
    ids=[
        "no issue",
        "the latest of each",
        "as known in between: what came later is not named",
        "the pack of position 10 again: as it was then",
        "the pack of position 16 again: as it was then",
        "the pack of position 10 again, after another issue of the quarter before",
        "the one given out last",
        "issues that knew more than the pack",
        "the quarter before, issued on the same events",
    ],
)
def test_the_issues_that_a_pack_names(known: tuple[PackIssue, ...], position: int, expected: tuple[int, ...]) -> None:
    found = compared_with(known, Quarter(2026, 2), LAST_DAYS["2026Q2"], position)
    assert tuple(issue.position for issue in found) == expected


def test_a_provisional_pack_is_compared_with_the_quarter_before_alone() -> None:
    found = compared_with(ALL, Quarter(2026, 2), date(2026, 6, 29), 20)
    assert [issue.position for issue in found] == [15]
    another_day = _issue(18, "2026Q2", 17, as_of=date(2026, 6, 29))
    found = compared_with((*ALL, another_day), Quarter(2026, 2), LAST_DAYS["2026Q2"], 20)
    assert [issue.position for issue in found] == [16, 15], "an issue as of another day shows other figures"


def test_a_pack_names_only_issues_of_its_book() -> None:
    with pytest.raises(StoreError, match=r"position 8.*another ledger"):
        named(ALL, (7, 8))


def test_an_issue_is_found_by_who_asks_what_was_known_when_it_was_made(engine: Engine) -> None:
    """The pack of Q2 knew nothing after Q1's issue was made, and names it: built again, it names it still."""
    office = opened(Office(engine, now=datetime(2026, 7, 5, 9, tzinfo=UTC)))
    office.do(Observe(system="FRAUD", title="Old", category="staleness", cause="untracked", on=date(2026, 5, 1)))
    first, second = office.issue("2026Q1"), office.issue("2026Q2")
    view = office.view("2026Q2")
    assert view.provenance.position == first - 1
    assert [found.issue.position for found in view.restatements] == [first]
    again = office.view("2026Q2", known_at=view.provenance.known_at)
    assert again == view
    office.do(Observe(system="FRAUD", title="New", category="staleness", cause="untracked", on=date(2026, 5, 2)))
    assert office.view("2026Q2", known_at=view.provenance.known_at) == view
    assert [found.issue.position for found in office.view("2026Q2").restatements] == [second, first]


def test_what_is_said_about_packs_is_no_event_that_a_pack_knows(engine: Engine) -> None:
    office = issued(Office(engine))
    with reader_of(office.ledger) as reader:
        assert (reader.position, as_reported(reader).position) == (10, 9)
        assert as_reported(as_reported(reader)) == as_reported(reader)
        at_an_issue = replace(reader, position=7)
        assert as_reported(at_an_issue).position == 6
        assert as_reported(at_an_issue).known_at < at_an_issue.known_at


def test_an_issue_that_knew_more_than_the_pack_is_refused(engine: Engine) -> None:
    office = issued(Office(engine))
    with reader_of(office.ledger) as reader:
        last = issues(reader)[-1]
        with pytest.raises(StoreError, match=r"knew events up to 9.*up to 8 alone"):
            restatement(replace(reader, position=8), last)


# --- any history -------------------------------------------------------------------------------------

_DAY = st.integers(0, 180).map(lambda days: date(2026, 1, 1) + timedelta(days=days))
_ITEM = st.sampled_from(["FRAUD-1", "FRAUD-2", "CHURN-1", "CHURN-2", "CHURN-3"])


@st.composite
def _commands(draw: Any) -> Command:
    """A command that may be lawful."""
    day, item, amount = draw(_DAY), draw(_ITEM), Quantity(minor=draw(st.integers(1, 900_00)))
    interest = a_year(draw(st.integers(0, 999)))
    system = item.rpartition("-")[0]
    match draw(st.integers(0, 7)):
        case 0:
            return Commission(system=system, title="x", category="glue-code", principal=amount, interest=interest,
                              on=day, **GATE)  # fmt: skip
        case 1:
            return Observe(system=system, title="x", category="glue-code", cause="untracked", principal=amount,
                           interest=interest, on=day)  # fmt: skip
        case 2:
            return Repay(item=item, amount=amount, spent=Quantity(minor=draw(st.integers(0, 999_00))), on=day)
        case 3:
            return Repay(item=item, on=day)
        case 4:
            return Revise(item=item, principal=amount, interest=interest, because="recounted", on=day)
        case 5:
            return Adopt(item=item, on=day, **GATE)
        case 6:
            return WriteOff(item=item, because="gone", on=day)
        case _:
            return Reverse(position=draw(st.integers(4, 40)), because="in error")


_OPENINGS = st.lists(
    st.tuples(_DAY, st.integers(1, 900), st.sampled_from(["FRAUD", "CHURN"])), min_size=1, max_size=5
)  # fmt: skip
_BOOKS = count(1)


@pytest.mark.reliability
@given(openings=_OPENINGS, before=st.lists(_commands(), max_size=12), after=st.lists(_commands(), max_size=12))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_issued_and_later_events_make_what_is_known_now(
    engine: Engine, openings: list[tuple[date, int, str]], before: list[Command], after: list[Command]
) -> None:
    """Held against a replay of the event bodies, which owes nothing to the stored postings."""
    office = opened(Office(engine, f"book{next(_BOOKS)}", datetime(2026, 7, 1, 9, tzinfo=UTC)))
    first = [
        Observe(system=system, title="x", category="glue-code", cause="untracked", principal=major(amount),
                interest=a_year(amount), on=day)
        for day, amount, system in openings
    ]  # fmt: skip
    office.ledger.handle_all([office.request(command) for command in (*first, *before)])
    office.issue("2026Q1")
    office.issue("2026Q2")
    office.ledger.handle_all([office.request(command) for command in after])
    with reader_of(office.ledger) as known:
        reader, made = as_reported(known), issues(known)
        for found, issue in ((restatement(reader, issue), issue) for issue in made):
            first_day = reader.calendar.first_day(Quarter.parse(found.quarter))
            then, now = (_replayed(reader, position, first_day, issue.issued.as_of)
                         for position in (issue.issued.known_position, reader.position))  # fmt: skip
            assert found.issued == then.rollforward
            assert found.now == now.rollforward
            assert explained(found) == figures(found.now)
            _assert_memoranda(reader, found, first_day, issue.issued.as_of)


def _replayed(reader: Reader, position: int, first_day: date, last_day: date) -> Replayed:
    query = select(event.c.body).where(event.c.book == reader.name, event.c.position <= position)
    bodies = reader.connection.execute(query).scalars().all()
    return replay([decode(body) for body in bodies], first_day, last_day)


def _assert_memoranda(reader: Reader, found: RestatementView, first_day: date, last_day: date) -> None:
    rows = {nature: figures for nature, _, figures in rollforward(reader, first_day, last_day).rows}
    for nature in ("debt", "neglect"):
        memoranda = [row for row in found.memoranda if row.nature == nature]
        spent = sum(leg.spent for leg in found.legs if leg.nature == nature)
        assert sum(row.spent for row in memoranda) + spent == rows[nature].spent
        change = sum(row.now - row.issued for row in found.interest if row.nature == nature)
        assert sum(row.interest for row in memoranda) + change == rows[nature].interest
    before = {(each.item, each.nature): each for each in technical_delta(reader, first_day - timedelta(days=1))}
    for each in technical_delta(reader, last_day):
        earlier = before.get((each.item, each.nature))
        now = each.interest_minor - (earlier.interest_minor if earlier else 0)
        assert [row.now for row in found.interest if (row.item, row.nature) == (each.item, each.nature)] in ([], [now])
