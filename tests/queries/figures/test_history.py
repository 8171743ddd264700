"""What a quarter view says of eight quarters, held against each quarter asked by itself and against the event bodies.

The view carries balances from quarter to quarter and adds legs to them. Here every quarter's opening is read anew,
and what the roll-forward does not tell is counted from the events by its definition.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from ledger.accounts.postings import post
from ledger.demo.story import build_story
from ledger.demo.synthetic import build_synthetic
from ledger.events import ESTIMATE_VARIANCE, EventReversed, Recorded, RepaymentRecorded
from ledger.queries.audit.log import log
from ledger.queries.figures.balances import technical_delta
from ledger.queries.figures.delta import delta
from ledger.queries.figures.owners import OWNER_FIELDS, day_before, owners_of
from ledger.queries.figures.quarter_view import QUARTERS_SHOWN, quarter_view
from ledger.queries.figures.rollforward import Rollforward, rollforward
from ledger.queries.reader import Reader, reader_of
from ledger.queries.register.items import register
from ledger.store.engine import open_engine
from ledger.store.ledger import Ledger
from ledger.views.quarter import QuarterView
from ledger.views.rollforward import MOVEMENTS
from ledger.vocabulary.keys import system_of
from ledger.vocabulary.quarters import Quarter
from tests.helpers.shuffled_ledger import shuffled

pytestmark = pytest.mark.reliability

#: Book, quarter and the pack's day; the third is provisional.
CASES = [
    ("demo", "2026Q3", date(2026, 9, 30)),
    ("synthetic-1", "2024Q1", date(2024, 3, 31)),
    ("synthetic-1", "2026Q3", date(2026, 8, 14)),
    *((f"shuffled-{seed}", "2026Q2", date(2026, 6, 30)) for seed in (3, 4, 5)),
]


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Ledger]]:
    """The story, a synthetic book, and books in which everything happened out of order."""
    url = f"sqlite:///{tmp_path_factory.mktemp('books') / 'ledger.db'}"
    yield from told(url)


def told(url: str) -> Iterator[dict[str, Ledger]]:
    story = build_story(url)
    build_synthetic(url, events=4000, seed=3)
    engine = open_engine(url)
    for seed in (3, 4, 5):
        shuffled(engine, seed)
    names = {"demo": story.book} | {book: book for book, _, _ in CASES[1:]}
    yield {name: Ledger(engine, book, unasked, unasked) for name, book in names.items()}
    engine.dispose()


def unasked() -> None:
    raise AssertionError("reading asks for no time and no identifier")


@pytest.fixture(params=CASES, ids=lambda case: f"{case[0]}-{case[2]}")
def read(request: pytest.FixtureRequest, books: dict[str, Ledger]) -> Iterator[tuple[Reader, QuarterView]]:
    """A book's reader and its view of a quarter."""
    book, quarter, as_of = request.param
    with reader_of(books[book]) as reader:
        yield reader, quarter_view(reader, Quarter.parse(quarter), as_of, "debt report")


Read = tuple[Reader, QuarterView]


def spans(reader: Reader, view: QuarterView) -> Iterator[tuple[str, date, date]]:
    """The quarters of the history with their first and last day."""
    assert len(view.quarters) == QUARTERS_SHOWN
    for quarter in view.quarters:
        first_day, last_day = reader.calendar.span(Quarter.parse(quarter))
        yield quarter, first_day, min(last_day, view.provenance.as_of)


def figures(view: QuarterView, *, without: tuple[str, ...] = ()) -> dict[tuple[str, ...], int]:
    """The history by quarter, nature, system, team and measure; every row once."""
    rows = {
        (row.quarter, row.nature, row.system, row.team, row.measure): row.amount
        for row in view.history
        if row.nature and row.measure not in without
    }
    assert len(rows) == sum(1 for row in view.history if row.nature and row.measure not in without)
    return rows


def by_itself(found: Rollforward, quarter: str) -> Iterator[tuple[tuple[str, ...], int]]:
    for nature, (system, team), row in found.rows:
        if nature != "total":
            amounts = {"closing": row.closing, "interest": row.interest, **row.movements}
            amounts |= {"removed_spent": row.spent, "spent_earlier": row.spent_earlier}
            for measure, amount in amounts.items():
                yield (quarter, nature, str(system), str(team), measure), amount


@pytest.mark.reliability
def test_the_history_is_what_each_quarter_says_by_itself(read: Read) -> None:
    reader, view = read
    expected: dict[tuple[str, ...], int] = {}
    for quarter, first_day, until in spans(reader, view):
        expected |= by_itself(rollforward(reader, first_day, until, ("system", "team")), quarter)
    beside = ("interest_per_year", "estimate_variance", "interest_avoided")
    assert figures(view, without=beside) == {place: amount for place, amount in expected.items() if amount}
    assert any(amount for (*_, measure), amount in expected.items() if measure == "interest")


@pytest.mark.reliability
def test_what_stands_at_a_quarters_end_is_the_delta_of_that_day(read: Read) -> None:
    reader, view = read
    standing: Counter[tuple[str, ...]] = Counter()
    by_dimension: Counter[tuple[str, ...]] = Counter()
    kinds = {item.item: item.dimension for item in register(reader, view.provenance.as_of)}
    for quarter, _, until in spans(reader, view):
        owners = owners_of(reader, ("team",))
        for each in technical_delta(reader, until):
            system = system_of(each.item)
            team = str(owners.on(system, until)[0])
            standing[quarter, each.nature, system, team, "closing"] += each.outstanding_minor
            standing[quarter, each.nature, system, team, "interest_per_year"] += each.carry_minor_per_year
            by_dimension[quarter, kinds[each.item], each.nature] += each.outstanding_minor
    shown = {place: x for place, x in figures(view).items() if place[-1] in ("closing", "interest_per_year")}
    assert shown == {place: amount for place, amount in standing.items() if amount}
    assert {(row.quarter, row.dimension, row.nature): row.closing for row in view.dimensions} == {
        place: amount for place, amount in by_dimension.items() if amount
    }


# --- by definition, from the event bodies ------------------------------------------------------------


def avoided(events: list[Recorded], day: date) -> dict[tuple[str, str], int]:
    """Carry removed by repayments that stand on a day x days since / 365, rounded per item, by system and nature."""
    undone = {
        found.event.reversed_position
        for found in events
        if isinstance(found.event, EventReversed) and found.effective_on <= day
    }
    carry_days: Counter[tuple[str, str]] = Counter()
    for found in events:
        repaid = found.event
        if isinstance(repaid, RepaymentRecorded) and found.effective_on <= day and found.position not in undone:
            days = (day - (repaid.occurred_on or found.effective_on)).days
            carry_days[repaid.item, repaid.nature] += repaid.carry_removed_minor_per_year * days
    sums: Counter[tuple[str, str]] = Counter()
    for (item, nature), total in carry_days.items():
        sums[system_of(item), nature] += round(Fraction(total, 365))
    return sums


def test_interest_avoided_is_what_standing_repayments_spared(read: Read) -> None:
    reader, view = read
    events = [logged.recorded for logged in log(reader)]
    teams = owners_of(reader, ("team",))
    expected = {}
    for quarter, first_day, until in spans(reader, view):
        before, after = avoided(events, day_before(first_day)), avoided(events, until)
        for system, nature in before.keys() | after.keys():
            amount = after.get((system, nature), 0) - before.get((system, nature), 0)
            team = str(teams.on(system, until)[0])
            expected[quarter, nature, system, team, "interest_avoided"] = amount
    shown = {place: amount for place, amount in figures(view).items() if place[-1] == "interest_avoided"}
    assert shown == {place: amount for place, amount in expected.items() if amount}
    assert shown


def test_the_estimate_variance_is_what_events_cost_more_than_they_removed(read: Read) -> None:
    reader, view = read
    teams = owners_of(reader, ("team",))
    expected: Counter[tuple[str, ...]] = Counter()
    for quarter, first_day, until in spans(reader, view):
        for found in (logged.recorded for logged in log(reader)):
            if first_day <= found.effective_on <= until:
                legs = post(found.event, found.effective_on)
                for variance in (leg for leg in legs if leg.account == ESTIMATE_VARIANCE):
                    (nature,) = (leg.nature for leg in legs if leg.nature)
                    system = system_of(found.stream)
                    team = str(teams.on(system, found.effective_on)[0])
                    expected[quarter, nature, system, team, "estimate_variance"] += variance.amount_minor
    shown = {place: amount for place, amount in figures(view).items() if place[-1] == "estimate_variance"}
    assert shown == {place: amount for place, amount in expected.items() if amount}
    assert shown


# --- the quarter itself ------------------------------------------------------------------------------


def test_the_replay_of_the_bodies_and_the_stored_postings_tell_the_same(read: Read) -> None:
    reader, view = read
    found = rollforward(reader, view.provenance.first_day, view.provenance.as_of, ("system",))
    stored = {(nature, *key): (row.opening, row.movements, row.closing) for nature, key, row in found.rows}
    for row in view.rollforward:
        movements = {name: getattr(row, name) for name in MOVEMENTS}
        assert stored[row.nature, row.system] == (row.opening, movements, row.closing)
    replayed = {(row.nature, row.system) for row in view.rollforward}
    assert not any(stored[place][0] or stored[place][2] for place in stored.keys() - replayed if place[0] != "total")
    legs = [row for row in view.postings if row.position]
    assert (view.postings_replayed, view.repayments) == (len(legs), sum(row.movement == "repaid" for row in legs))


def test_an_item_is_shown_if_it_owes_something_moved_or_cost_interest(read: Read) -> None:
    reader, view = read
    first_day, as_of = view.provenance.first_day, view.provenance.as_of
    before = {(each.item, each.nature): each for each in technical_delta(reader, day_before(first_day))}
    moved = {(row.item, row.nature) for row in view.postings if row.position}
    expected, closed = {}, set()
    for each in technical_delta(reader, as_of):
        place = (each.item, each.nature)
        earlier = before[place].interest_minor if place in before else 0
        if each.outstanding_minor or each.interest_minor != earlier or place in moved:
            expected[place] = (each.outstanding_minor, each.interest_minor - earlier, earlier)
        else:
            closed.add(place)
    unestimated = {(row.item, row.nature) for row in view.items if row.status == "unestimated"} - expected.keys()
    shown = {(row.item, row.nature): row for row in view.items}
    assert shown.keys() - unestimated == expected.keys()
    for place, amounts in expected.items():
        row = shown[place]
        assert (row.outstanding, row.interest_in_quarter, row.interest_before) == amounts
    assert closed, "no item was closed before the quarter"


def test_what_is_brought_forward_is_what_stood_the_day_before(read: Read) -> None:
    reader, view = read
    # What owed nothing any more may have incurred interest before: its row brings nothing forward but that.
    brought = {(row.item, row.nature): row.amount for row in view.postings if not row.position and row.amount}
    before = technical_delta(reader, day_before(view.provenance.first_day))
    assert brought == {(each.item, each.nature): each.outstanding_minor for each in before if each.outstanding_minor}


def test_the_journal_moves_between_owners_what_the_roll_forward_transfers(read: Read) -> None:
    reader, view = read
    found = rollforward(reader, view.provenance.first_day, view.provenance.as_of, ("system", "team", "cost-centre"))
    transferred = {
        (nature, *key): row.movements["transferred"]
        for nature, key, row in found.rows
        if nature != "total" and row.movements["transferred"]
    }
    journal: Counter[tuple[str | None, ...]] = Counter()
    for leg in view.journal:
        if leg.movement == "transferred":
            journal[leg.nature, leg.system, leg.team, leg.cost_centre] -= leg.amount
    assert {place: amount for place, amount in journal.items() if amount} == transferred
    sums: Counter[int] = Counter()
    for leg in view.journal:
        sums[leg.position] += leg.amount
    assert not any(sums.values())


def test_a_team_spent_in_a_quarter_what_its_repayments_cost(read: Read) -> None:
    reader, view = read
    owners = owners_of(reader, OWNER_FIELDS)
    spent: Counter[tuple[str, str]] = Counter()
    for found in (logged.recorded for logged in log(reader, as_of=view.provenance.as_of)):
        quarter = str(reader.calendar.quarter_of(found.effective_on))
        for leg in post(found.event, found.effective_on):
            if leg.spent_minor:
                spent[quarter, str(owners.on(system_of(found.stream), found.effective_on)[0])] += leg.spent_minor
    assert view.budgets
    assert {(row.quarter, row.team): row.spent for row in view.budgets if row.spent} == {
        place: amount for place, amount in spent.items() if amount and place[0] in {row.quarter for row in view.budgets}
    }


def test_an_owners_interest_is_the_sum_of_its_quarters(read: Read) -> None:
    """The delta reads everything at once, item after item; the roll-forwards of the quarters begin each anew."""
    reader, view = read
    posted = (logged.recorded for logged in log(reader) if post(logged.recorded.event, logged.recorded.effective_on))
    quarter = reader.calendar.quarter_of(min(each.effective_on for each in posted))
    sums: Counter[tuple[str | None, ...]] = Counter()
    as_of = view.provenance.as_of
    while (first_day := reader.calendar.first_day(quarter)) <= as_of:
        until = min(reader.calendar.last_day(quarter), as_of)
        for nature, key, row in rollforward(reader, first_day, until, ("team", "cost-centre")).rows:
            if nature == "total":
                sums[key] += row.interest
        quarter = quarter.shift(1)
    groups = {key: row.interest_incurred for key, row in delta(reader, as_of, ("team", "cost-centre")).groups}
    assert {key: amount for key, amount in groups.items() if amount} == {key: x for key, x in sums.items() if x}


# --- reading -----------------------------------------------------------------------------------------


@pytest.mark.reliability
def test_both_databases_give_the_same_views(books: dict[str, Ledger], postgres_url: str) -> None:
    for elsewhere in told(postgres_url):
        for book, quarter, as_of in CASES:
            with reader_of(books[book]) as here, reader_of(elsewhere[book]) as there:
                one, other = (quarter_view(reader, Quarter.parse(quarter), as_of, "x") for reader in (here, there))
            # A book made by chance gets other identifiers, and so other hashes, each time.
            assert unhashed(one) == unhashed(other) if book.startswith("shuffled") else one == other


def unhashed(view: QuarterView) -> QuarterView:
    postings = tuple(replace(row, event_hash="") for row in view.postings)
    journal = tuple(replace(leg, event_hash="") for leg in view.journal)
    return replace(view, postings=postings, journal=journal, provenance=replace(view.provenance, head_hash=""))


def test_it_is_told_how_much_has_been_read(books: dict[str, Ledger]) -> None:
    told_of: list[tuple[str, float]] = []
    with reader_of(books["demo"]) as reader:
        quarter_view(reader, Quarter.parse("2026Q3"), date(2026, 9, 30), "x", (), lambda *step: told_of.append(step))
    shares = [done for _, done in told_of]
    assert shares == sorted(shares)
    assert (shares[0], shares[-1]) == (0, 1)
    assert len({step for step, _ in told_of}) == 4


def test_the_books_made_by_chance_have_every_movement_in_them(books: dict[str, Ledger]) -> None:
    with reader_of(books["shuffled-3"]) as reader:
        view = quarter_view(reader, Quarter.parse("2026Q2"), date(2026, 6, 30), "x")
    assert {*MOVEMENTS, "closing", "interest", "removed_spent"} <= {row.measure for row in view.history}
