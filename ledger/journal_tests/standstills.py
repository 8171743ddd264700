"""Standstills: spans in which the ledger's time did not move, because the clock was behind the last event's time.

What is recorded gets the later of the clock's time and the head's (design §2: never decreasing). A clock that once was far
ahead therefore stops the time of all that follows, until it gets there again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby


@dataclass(frozen=True, slots=True)
class Stamped:
    """An event, when it was recorded, RFC 3339, and under which request's key. followed_at: when the next one was, if any."""

    position: int
    recorded_at: str
    key: str
    followed_at: str | None


@dataclass(frozen=True, slots=True)
class Standstill:
    """Consecutive positions of one time, of several requests. moved_on_at: of the next event, None if there is none.

    events, requests: how many there are; of all requests but the first the clock was not past that time.
    """

    first_position: int
    last_position: int
    events: int
    requests: int
    recorded_at: str
    moved_on_at: str | None


def standstills(stamped: Iterable[Stamped]) -> Iterator[Standstill]:
    """Every standstill, in order. stamped: in order of position; events whose time no neighbour has may be left out.

    The events of one request have one time, so that they alone are none.
    """
    for recorded_at, alike in groupby(stamped, key=lambda each: each.recorded_at):
        span = _spanning(recorded_at, alike)
        if span.requests > 1:
            yield span


def _spanning(recorded_at: str, alike: Iterator[Stamped]) -> Standstill:
    first = last = next(alike)
    events, requests = 1, 1
    for each in alike:
        events += 1
        requests += each.key != last.key
        last = each
    return Standstill(first.position, last.position, events, requests, recorded_at, last.followed_at)
