"""Standstills, held against their definition on histories whose clock goes wherever it likes."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ledger.journal_tests.standstills import Stamped, Standstill, standstills

#: Of each request: what its clock shows, and to how many events it leads.
HISTORIES = st.lists(st.tuples(st.integers(0, 9), st.integers(1, 3)), max_size=12)


def recorded(history: list[tuple[int, int]]) -> list[Stamped]:
    """Every event at the later of its clock's time and that of the one before it."""
    times: list[tuple[str, str]] = []
    latest = 0
    for number, (clock, events) in enumerate(history):
        latest = max(latest, clock)
        times += [(f"{latest}", f"key-{number}")] * events
    behind = [*(at for at, _ in times[1:]), None]
    return [Stamped(n, at, key, then) for n, ((at, key), then) in enumerate(zip(times, behind, strict=False), start=1)]


def by_definition(stamped: list[Stamped]) -> list[Standstill]:
    found = []
    for at in sorted({each.recorded_at for each in stamped}):
        alike = [each for each in stamped if each.recorded_at == at]
        requests = len({each.key for each in alike})
        last = alike[-1]
        if requests > 1:
            found.append(Standstill(alike[0].position, last.position, len(alike), requests, at, last.followed_at))
    return found


@given(HISTORIES)
def test_a_standstill_is_several_requests_of_one_time(history: list[tuple[int, int]]) -> None:
    stamped = recorded(history)
    assert list(standstills(stamped)) == by_definition(stamped)


@given(HISTORIES)
def test_events_whose_time_no_neighbour_has_make_no_difference(history: list[tuple[int, int]]) -> None:
    stamped = recorded(history)
    times = [each.recorded_at for each in stamped]
    alike = [each for each in stamped if times.count(each.recorded_at) > 1]
    assert list(standstills(alike)) == by_definition(stamped)


def test_a_clock_that_moves_on_makes_none() -> None:
    assert list(standstills(recorded([(n, 3) for n in range(9)]))) == []
