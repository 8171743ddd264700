"""What a book and a system are known to be after their events, where the reference model knows nothing of these."""

from __future__ import annotations

from datetime import date

import msgspec
import pytest
from msgspec.structs import replace

from ledger.decide.command import Needs
from ledger.decide.item import evolve_item
from ledger.decide.monitor import DocumentMonitor
from ledger.decide.policy_set import SetPolicy
from ledger.decide.rate_set import SetRate
from ledger.decide.state import evolve_book, evolve_system
from ledger.decide.system_add import AddSystem
from ledger.decide.system_change import ChangeSystem
from ledger.decide.system_depends import DeclareDependency
from ledger.decide.system_retire import RetireSystem
from ledger.events import Recorded
from ledger.vocabulary.errors import Refused, StoreError
from ledger.vocabulary.policies import POLICIES
from tests.decide.in_memory import InMemory
from tests.decide.test_the_rules_agree_with_the_model import play
from tests.model.histories import TODAY
from tests.model.shorthand import FRAUD, RANK, adopt, commission, day, observe


@pytest.fixture
def book() -> InMemory:
    """FRAUD and RANK, and an item FRAUD-1 at position 4."""
    found, _ = play((FRAUD, RANK, commission()))
    return found


def test_a_system_reads_every_output_that_was_declared(book: InMemory) -> None:
    book.do(AddSystem(system="ZED", name="Zed", team="red", reads_from=("FRAUD", "RANK")), TODAY)
    for source in ("FRAUD", "RANK"):
        with pytest.raises(Refused, match=f"ZED is declared to read from {source} already"):
            book.do(DeclareDependency(system="ZED", reads_from=source), TODAY)


def test_a_system_keeps_every_monitor(book: InMemory) -> None:
    for name in ("bias", "drift"):
        book.do(
            DocumentMonitor(
                system="FRAUD",
                monitor=name,
                what="drift",
                threshold="0.1",
                alerts=True,
                remediation="manual",
                plan="look",
            ),
            TODAY,
        )
    system = book.system("FRAUD")
    assert system is not None
    assert system.monitors == {"bias", "drift"}


def test_team_and_cost_centre_each_have_their_own_timeline(book: InMemory) -> None:
    changes = [("02-01", "blue", None), ("03-01", None, "200"), ("04-01", "green", "300")]
    for on, team, centre in changes:
        book.do(ChangeSystem(system="RANK", team=team, cost_centre=centre, on=day(on)), TODAY)
    system = book.system("RANK")
    assert system is not None
    assert system.teams == ((date.min, 3, "blue"), (day("02-01"), 5, "blue"), (day("04-01"), 7, "green"))
    assert system.cost_centres == ((date.min, 3, "100"), (day("03-01"), 6, "200"), (day("04-01"), 7, "300"))
    assert [system.team_on(day(on)) for on in ("01-01", "03-31", "04-01")] == ["blue", "blue", "green"]


def test_a_system_without_a_cost_centre_has_none(book: InMemory) -> None:
    system = book.system("FRAUD")
    assert system is not None
    assert system.cost_centres == ()


def test_a_system_is_retired_from_its_day_on(book: InMemory) -> None:
    book.do(RetireSystem(system="RANK", because="replaced", on=day("05-01")), TODAY)
    system = book.system("RANK")
    assert system is not None
    assert system.retired_on == day("05-01")


def test_a_book_keeps_its_policies_as_they_were_set_last(book: InMemory) -> None:
    for value in ("on", "off", "on"):
        book.do(SetPolicy(policy=next(iter(POLICIES)), value=value), TODAY)
        known = book.book()
        assert known is not None
        assert known.policies == {next(iter(POLICIES)): value}


def test_the_teams_own_rate_goes_before_the_books_and_the_later_one_before_the_earlier(book: InMemory) -> None:
    for minor, on, team in [(100, "01-01", None), (200, "01-01", None), (300, "02-01", "red"), (400, "03-01", None)]:
        book.do(SetRate(rate_minor=minor, on=day(on), team=team), TODAY)
    known = book.book()
    assert known is not None

    def rate(on: str, team: str) -> int | None:
        found = known.rate_on(day(on), team)
        return found.rate_minor if found else None

    rates = {on: (rate(on, "red"), rate(on, "blue")) for on in ("01-01", "02-01", "03-01")}
    assert rates == {"01-01": (200, 200), "02-01": (300, 200), "03-01": (300, 400)}
    assert known.rate_on(date(2025, 12, 31), "red") is None


def event_at(book: InMemory, position: int) -> Recorded:
    return book.events[position - 1]


def test_an_event_with_nothing_before_it_is_a_damaged_log(book: InMemory) -> None:
    book.do(SetRate(rate_minor=100), TODAY)
    with pytest.raises(StoreError, match=r"Position 5 \(day-rate-set/1\) has nothing before it in book"):
        evolve_book(None, event_at(book, 5))


def test_an_event_of_another_stream_is_a_damaged_log(book: InMemory) -> None:
    """Whatever its envelope says."""
    opened, registered, commissioned = event_at(book, 1), event_at(book, 2), event_at(book, 4)
    moved = msgspec.structs.replace(commissioned, stream="book")
    with pytest.raises(StoreError, match=r"Position 4 \(debt-commissioned/1\) is no event of book"):
        evolve_book(evolve_book(None, opened), moved)
    with pytest.raises(StoreError, match="is no event of FRAUD-1"):
        evolve_system(evolve_system(None, registered), commissioned)
    with pytest.raises(StoreError, match="is no event of FRAUD"):
        evolve_item(evolve_item(None, commissioned), registered)


def test_an_adoption_stands_from_its_day_on() -> None:
    """Asked of a day before it, when the barriers are not there to refuse the question."""
    book, _ = play((FRAUD, observe(), adopt(on="02-01")))
    item = book.state(Needs(items=("FRAUD-1",)), TODAY).items["FRAUD-1"]
    assert [item.nature_on(day(each)) for each in ("01-31", "02-01", "02-02")] == ["neglect", "debt", "debt"]
    (adoption,) = item.barriers
    undone = replace(adoption, reversed_on=day("03-01"))
    assert [undone.stands_on(day(each)) for each in ("01-31", "02-01", "02-28", "03-01")] == [False, True, True, False]
