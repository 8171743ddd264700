"""Synthetic ledgers of any size, for benchmarks that others can repeat.

A few systems hold most items, an item lives through some twenty events, and every event is decided by the
ledger's own rules. The same events, books and seed give the same hashes: days, times and identifiers come
from the seed, not from a clock.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from itertools import islice
from random import Random

from sqlalchemy import Connection, Engine

from ledger.decide.request import Request
from ledger.demo.synthetic_book import FIRST_DAY, LAST_DAY, SyntheticBook
from ledger.store.engine import open_engine
from ledger.store.ledger import Ledger
from ledger.store.upgrade import upgrade
from ledger.vocabulary.errors import Refused, StoreError
from ledger.vocabulary.quarters import Quarter

#: What is recorded in one transaction. Every batch reads the living items again: larger ones are faster, and
#: hold more in memory.
BATCH = 10_000
#: Working hours, UTC.
_FIRST_HOUR, _HOURS = time(8), timedelta(hours=9)

_WORKING_DAYS = tuple(
    day
    for number in range((LAST_DAY - FIRST_DAY).days + 1)
    if (day := FIRST_DAY + timedelta(days=number)).weekday() < 5
)


@dataclass(frozen=True, slots=True)
class Built:
    """A synthetic book. head: the hash of its last event."""

    book: str
    events: int
    head: str


def build_synthetic(
    engine_or_url: Engine | str,
    *,
    events: int,
    books: int = 1,
    seed: int = 1,
    progress: Callable[[int], None] | None = None,
) -> list[Built]:
    """Make books `synthetic-1`, `synthetic-2` … with exactly so many events in all, shared out evenly.

    progress: told how many events are recorded. Raises Refused for numbers that cannot be, and for a
    database that holds such a book already.
    """
    if books < 1 or events < books:
        raise Refused(f"{books} books cannot hold {events} events: every book has at least one.")
    upgrade(engine_or_url)
    engine = engine_or_url if isinstance(engine_or_url, Engine) else open_engine(engine_or_url)
    built: list[Built] = []
    try:
        for number in range(books):
            share = events // books + (number < events % books)
            before = sum(book.events for book in built)
            told = (lambda done, before=before: progress(before + done)) if progress else None
            built.append(_build(engine, f"synthetic-{number + 1}", share, f"{seed}/{number}", told))
    finally:
        if engine is not engine_or_url:
            engine.dispose()
    return built


def _build(engine: Engine, book: str, events: int, seed: str, progress: Callable[[int], None] | None) -> Built:
    identifiers = Random(f"{seed}/identifiers")  # noqa: S311 - repeatable, not secret
    times = _moments(events)
    ledger = Ledger(engine, book, lambda: next(times), lambda: f"{identifiers.getrandbits(128):032x}", _no_objections)
    requests = _requests(events, seed)
    # The first request opens the book, which a batch cannot do.
    (receipt,) = ledger.handle(next(requests), opening=True)
    done = 1
    while batch := list(islice(requests, BATCH)):
        for outcome in ledger.handle_all(batch):
            if outcome.refusal is not None:
                raise StoreError(f"The synthetic history broke a rule: {outcome.refusal}")
            (receipt,) = outcome.receipts
        done += len(batch)
        if progress:
            progress(done)
    return Built(book, done, receipt.hash)


def _no_objections(connection: Connection, book: str, quarter: Quarter) -> tuple[str, ...]:
    """Its quarters are sealed unread: nobody else had it in hand, and twenty readings would take longer than the rest."""
    return ()


def _requests(events: int, seed: str) -> Iterator[Request]:
    days = (moment.date() for moment in _moments(events))
    for day, command in SyntheticBook(events, seed).requests(days):
        # Equal requests are meant here, so they are not looked for among earlier ones.
        yield Request(command, "synthetic", day, again=True)


def _moments(events: int) -> Iterator[datetime]:
    """When each event is recorded: evenly over the working hours of five years."""
    for number in range(events):
        index, rest = divmod(number * len(_WORKING_DAYS), events)
        yield datetime.combine(_WORKING_DAYS[index], _FIRST_HOUR, UTC) + _HOURS * rest / events
