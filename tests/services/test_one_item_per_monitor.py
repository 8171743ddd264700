"""At most one open item stands for a monitor: whoever measures at once, in whatever order, from wherever."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import count
from threading import Barrier
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from watched import FIRST_DAY, add_system, measured, open_items, opened, typed, watch

from ledger.events import EvidenceAdded, ExpectationMeasured, NeglectObserved
from ledger.queries.audit.log import log
from ledger.queries.register.items import register
from ledger.services.open_ledger import OpenedLedger, open_ledger
from ledger.services.requester import Requester
from ledger.services.seen import Seen, record_sighting

CROWD = 8
DAYS = [FIRST_DAY + timedelta(days=number) for number in range(5)]
CASE = "robustness {} nights --perturbation dark --of 100 --data d1 --monitor turns"
#: Histories of the property; MONITOR_EXAMPLES in the environment sets how many a long run plays.
EXAMPLES = int(os.environ.get("MONITOR_EXAMPLES", "12"))


def events(books: OpenedLedger, kind: type[Any]) -> list[Any]:
    """Positions and events of a kind, in order."""
    with books.reader() as reader:
        return [
            (each.recorded.position, each.recorded.event) for each in log(reader) if type(each.recorded.event) is kind
        ]


def all_at_once(work: Callable[[int], object]) -> None:
    """Do it as often as the crowd is large, each in a thread, all begun together."""
    together = Barrier(CROWD)

    def one(number: int) -> object:
        together.wait()
        return work(number)

    with ThreadPoolExecutor(CROWD) as pool:
        list(pool.map(one, range(CROWD)))


def assert_one_item_with_all_breaches(books: OpenedLedger, measurements: int) -> None:
    """The first breach opened the item; each of the others is evidence on it, once."""
    ((_, neglect),) = events(books, NeglectObserved)
    positions = [position for position, _ in events(books, ExpectationMeasured)]
    assert len(positions) == measurements
    first, *others = positions
    assert neglect.evidence.startswith(f"Measured at position {first}: ")
    added = events(books, EvidenceAdded)
    assert [evidence.measured_at for _, evidence in added] == others
    assert {evidence.item for _, evidence in added} <= {neglect.item}


def test_a_crowd_that_measures_one_broken_monitor_opens_one_item(database_url: str) -> None:
    books = opened(database_url)
    add_system(books, "FRAUD")
    watch(books, "FRAUD")

    def measure(number: int) -> None:
        mine = open_ledger(database_url, actor=f"cron {number}")
        mine.record_measurement(measured(number), "FRAUD", monitor="turns", record=True)
        mine.ledger.engine.dispose()

    all_at_once(measure)
    assert_one_item_with_all_breaches(books, CROWD)
    assert len(open_items(books, "FRAUD", books.today)) == 1


def test_a_crowd_that_measures_one_and_the_same_is_one_measurement(database_url: str) -> None:
    """One job that is started several times, by one actor: the first records, the others find it recorded."""
    books = opened(database_url)
    add_system(books, "FRAUD")
    watch(books, "FRAUD")

    def measure(_: int) -> None:
        mine = open_ledger(database_url, actor="cron")
        mine.record_measurement(measured(30), "FRAUD", monitor="turns", record=True)
        mine.ledger.engine.dispose()

    all_at_once(measure)
    assert_one_item_with_all_breaches(books, 1)


@pytest.mark.reliability
def test_jobs_that_measure_one_broken_monitor_open_one_item(database_url: str) -> None:
    """Each of them a process that types the command."""
    books = opened(database_url)
    add_system(books, "FRAUD")
    watch(books, "FRAUD")
    debt = [sys.executable, "-m", "ledger", "--database", database_url]
    case = [*CASE.format("FRAUD").split(), "--record", "--fail-on", "breach"]
    jobs = [
        subprocess.Popen(
            [*debt, "--actor", f"cron {number}", *case, "--passed", str(number)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for number in range(CROWD)
    ]
    ended = [(*job.communicate(), job.returncode) for job in jobs]
    assert [code for *_, code in ended] == [4] * CROWD, ended
    assert_one_item_with_all_breaches(books, CROWD)


@pytest.mark.reliability
def test_a_crowd_that_sees_one_reader_opens_one_item(database_url: str) -> None:
    books = opened(database_url)
    add_system(books, "FRAUD")

    def see(number: int) -> None:
        mine = open_ledger(database_url, actor=f"gateway {number}")
        record_sighting(mine.ledger, Seen(source="FRAUD", reader="Dashboard"), Requester(mine.actor, mine.today))
        mine.ledger.engine.dispose()

    all_at_once(see)
    assert len(events(books, NeglectObserved)) == 1
    assert len(events(books, EvidenceAdded)) == CROWD - 1


# --- any history ----------------------------------------------------------------------------------------

_DAY = st.sampled_from(DAYS)
#: What somebody does: measures on a day, typed or from Python, as a look or recorded; or repays what is open.
_MEASURE = st.tuples(st.sampled_from(["typed", "python"]), _DAY, st.sampled_from([10, 20, 95]), st.booleans())
_STEPS = st.lists(_MEASURE | st.tuples(st.just("repay"), _DAY), min_size=2, max_size=8)
_NUMBERS = count(1)


@pytest.mark.reliability
@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_no_history_leaves_two_open_items_of_one_monitor(kind: str, request: pytest.FixtureRequest) -> None:
    """On no day of it, whatever day is measured after which; and each measurement is named once."""
    url = str(request.getfixturevalue("sqlite_url" if kind == "sqlite" else "postgres_url"))
    books = opened(url)

    @given(_STEPS)
    @settings(max_examples=EXAMPLES, deadline=None)
    def holds(steps: list[tuple[Any, ...]]) -> None:
        # A system of its own for each history: the book goes on.
        system = f"S{next(_NUMBERS)}"
        add_system(books, system)
        watch(books, system)
        for step in steps:
            play(books, url, system, step)
        assert all(len(open_items(books, system, day)) <= 1 for day in DAYS)
        added = [event for _, event in events(books, EvidenceAdded) if event.item.startswith(f"{system}-")]
        assert len({event.measured_at for event in added}) == len(added)

    holds()


def play(books: OpenedLedger, url: str, system: str, step: tuple[Any, ...]) -> None:
    """One step; a breach that is recorded leaves an item."""
    how, day, *rest = step
    if how == "repay":
        for item in open_items(books, system, day):
            # Refused where it was closed later, which is no matter here.
            typed(url, ["repay", item.item, "--all", "--on", str(day)])
        return
    passed, record = rest
    if how == "python":
        books.record_measurement(measured(passed), system, monitor="turns", on=day, record=record)
    else:
        asked = ["--passed", str(passed), "--on", str(day), *(["--record"] if record else [])]
        reply = typed(url, [*CASE.format(system).split(), *asked])
        assert reply.exit_code == 0, reply.stderr
    if record and passed < 95:
        with books.reader() as reader:
            assert any(item.system == system for item in register(reader, DAYS[-1])), "nothing stands for a breach"
