"""A campaign of kills on one database: what is planned, what is counted, and what must hold after every one."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from uuid import uuid4

from sqlalchemy import select

from ledger.store.engine import open_engine
from ledger.store.ledger import Ledger
from ledger.store.rebuild import rebuild
from ledger.store.verify import verify
from ledger.tables.facts import event, head, request
from tests.reliability.kill_child import Death, Nursery, Run
from tests.reliability.kill_entries import KINDS, Entry, opening
from tests.reliability.kill_points import POINTS, watch

#: Kills per book: a short book is verified as a whole after each.
PER_BOOK = 60
ENTRIES_PER_RUN = 3

Spans = dict[str, tuple[int, int]]
"""Positions of the first and last event of a request, by its key."""


@dataclass
class Campaign:
    """Kills on one database, a book at a time. named, delayed: counted ones, by the point passed last."""

    url: str
    dice: random.Random
    named: Counter[str] = field(default_factory=Counter)
    delayed: Counter[str] = field(default_factory=Counter)
    not_counted: int = 0
    without_receipt: int = 0
    pairs: list[tuple[str, str]] = field(default_factory=list)
    run_seconds: float = 0.03
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))
    _left: list[tuple[str, str]] = field(default_factory=list)

    @property
    def counted(self) -> int:
        """Kills between BEGIN and the receipt."""
        return self.named.total() + self.delayed.total()

    def wage(self, kills: int) -> None:
        """Kill until so many have counted: each pair of kind and point in turn, and as many after a random delay."""
        self._rehearse()
        while self.counted < kills:
            runs = self._plan(PER_BOOK)
            nursery = Nursery(self.url, f"book-{next(self._numbers)}", self.run_seconds)
            known = opened(nursery.ledger, [entry for run in runs for entry in run.entries])
            for run in runs:
                death = nursery.run(run)
                self._count(run, death)
                self.without_receipt += hold_to_its_word(nursery.ledger, run, death, known)
            nursery.engine.dispose()
            self.run_seconds = nursery.run_seconds

    def _rehearse(self) -> None:
        """Record every kind of entry unharmed, to see which points it passes."""
        engine = open_engine(self.url)
        passed: list[str] = []
        watch(engine, passed.append)
        ledger = Ledger(engine, "rehearsal", lambda: datetime.now(UTC), lambda: uuid4().hex)
        entries = [Entry(kind, next(self._numbers)) for kind in KINDS]
        opened(ledger, entries)
        for entry in entries:
            passed.clear()
            entry.record(ledger)
            self.pairs += [(entry.kind, point) for point in dict.fromkeys([*passed, "committed"])]
        engine.dispose()

    def _plan(self, kills: int) -> list[Run]:
        planned = []
        for index in range(kills):
            kinds = [self.dice.choice(KINDS) for _ in range(ENTRIES_PER_RUN)]
            at = None
            if index % 2 == 0:
                self._left = self._left or self.dice.sample(self.pairs, len(self.pairs))
                kind, point = self._left.pop()
                at = (self.dice.randrange(ENTRIES_PER_RUN), point)
                kinds[at[0]] = kind
            entries = tuple(Entry(kind, next(self._numbers)) for kind in kinds)
            planned.append(Run(entries, at, self.dice.random()))
        return planned

    def _count(self, run: Run, death: Death) -> None:
        if run.at is not None:
            assert (death.entry, death.point) == run.at, f"killed at {death.entry} {death.point}, and not at {run.at}"
            self.named[run.at[1]] += 1
        elif death.point is not None:
            self.delayed[death.point] += 1
        else:
            self.not_counted += 1

    def histogram(self) -> str:
        """Counted kills by point, for the one who runs it."""
        lines = [f"{'last point passed':22}{'named':>8}{'delayed':>9}"]
        lines += [f"{point:22}{self.named[point]:8}{self.delayed[point]:9}" for point in POINTS]
        lines.append(f"{self.counted} kills counted, {self.not_counted} outside of a transaction")
        lines.append(f"{self.without_receipt} entries were committed and had no receipt yet")
        return "\n".join(lines)


def opened(ledger: Ledger, entries: Iterable[Entry]) -> Spans:
    """Open a book in which the entries are acceptable, and return what it holds."""
    first, *rest = opening(list(entries))
    ledger.handle(first, opening=True)
    ledger.handle_all(rest)
    return spans(ledger)


def spans(ledger: Ledger) -> Spans:
    """Every request that the book holds."""
    query = select(request.c.key, request.c.first_position, request.c.last_position).where(
        request.c.book == ledger.book
    )
    with ledger.reading() as connection:
        return {key: (first, last) for key, first, last in connection.execute(query)}


def hold_to_its_word(ledger: Ledger, run: Run, death: Death, known: Spans) -> int:
    """Check the book after a death, repeat what had no receipt, check again, and add to what is known of the book.

    Returns how many entries had been recorded although no receipt was printed (0 or 1).
    """
    intact(ledger)
    found = spans(ledger)
    acknowledged, rest = run.entries[: len(death.receipts)], run.entries[len(death.receipts) :]
    for entry, receipts in zip(acknowledged, death.receipts, strict=True):
        assert receipts == recorded(ledger, entry, found), f"{entry} was acknowledged and is not there as it was"
    unasked = found.keys() - known.keys() - {key for entry in acknowledged for key in entry.keys}
    silent = 0
    if unasked:
        assert sorted(unasked) == rest[0].keys, f"nobody waited for {sorted(unasked)}; {rest[:1]} was in flight"
        silent = 1
    assert known.items() <= found.items()
    for entry in rest:
        _repeat(ledger, entry, expected_before=bool(silent) and entry is rest[0])
    intact(ledger)
    now = spans(ledger)
    assert now.keys() == known.keys() | {key for entry in run.entries for key in entry.keys}
    assert found.items() <= now.items()
    known.update(now)
    return silent


def _repeat(ledger: Ledger, entry: Entry, *, expected_before: bool) -> None:
    """The retry counts once: the first receipt where the entry had been recorded, a new one where it had not."""
    receipts = entry.record(ledger)
    assert {receipt.repeated for receipt in receipts} == {expected_before}, f"the retry of {entry}"
    again = entry.record(ledger)
    assert all(receipt.repeated for receipt in again)
    positions = [receipt.recorded.position for receipt in receipts]
    assert positions == [receipt.recorded.position for receipt in again]
    assert positions == list(range(positions[0], positions[0] + len(positions)))


def recorded(ledger: Ledger, entry: Entry, found: Spans) -> list[tuple[int, str]]:
    """Positions and hashes of an entry's events, as the book holds them."""
    query = select(event.c.position, event.c.hash).where(event.c.book == ledger.book).order_by(event.c.position)
    first, last = found[entry.keys[0]][0], found[entry.keys[-1]][1]
    with ledger.reading() as connection:
        rows = connection.execute(query.where(event.c.position.between(first, last)))
        return [(position, hash_) for position, hash_ in rows]


def intact(ledger: Ledger) -> None:
    """The chain, the copies, requests, read models and head agree, and a rebuild has nothing to do."""
    with ledger.reading() as connection:
        found = verify(connection, ledger.book)
        last = connection.execute(select(head.c.position).where(head.c.book == ledger.book)).scalar_one()
    assert found.ok, found.problems
    assert found.events == last
    assert rebuild(ledger.engine, ledger.book) == []
