"""Eight processes record in one book at once, while a ninth reads: positions are dense, nothing is lost, nothing is twice.

Every tenth entry is the same in all of them, key and all, as if eight people retried one request at the same moment.
"""

from __future__ import annotations

import json
import mmap
import os
import time
import traceback
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from ledger.store.engine import open_engine
from ledger.store.ledger import Ledger
from ledger.tables.facts import event, head
from ledger.tables.postings import posting
from tests.reliability.kill_campaign import intact, opened, spans
from tests.reliability.kill_entries import Entry

pytestmark = [
    pytest.mark.reliability,
    pytest.mark.skipif(not hasattr(os, "fork"), reason="crowds a book with forked processes"),
]

PROCESSES, APPENDS = 8, int(os.environ.get("APPENDS", "500"))
TOGETHER = 10
KINDS = ("commission", "repay", "note", "observe", "plan", "budget", "repay and reverse", "revise", "rate", "system")


def ledger_of(url: str) -> Ledger:
    return Ledger(open_engine(url), "main", lambda: datetime.now(UTC), lambda: uuid4().hex)


def entries_of(writer: int) -> list[Entry]:
    """What a process records. Numbers below TOGETHER times APPENDS are everybody's."""
    found = []
    for index in range(APPENDS):
        own = index % TOGETHER
        number = (writer + 1) * TOGETHER * APPENDS + index if own else index
        found.append(Entry(KINDS[index // TOGETHER % len(KINDS)] if not own else KINDS[own], number))
    return found


def test_a_crowd_loses_nothing_and_counts_nothing_twice(
    durable_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ledger = ledger_of(durable_url)
    known = opened(ledger, [])
    ledger.engine.dispose()
    done = mmap.mmap(-1, 1)
    reader = forked(lambda: read_until(durable_url, done), tmp_path / "reader")
    started = time.perf_counter()
    writers = [
        forked(lambda writer=writer: record(durable_url, writer), tmp_path / f"writer-{writer}")
        for writer in range(PROCESSES)
    ]
    # All of them have ended, the reader too, before anything is asserted.
    ended = [outcome(writer) for writer in writers]
    seconds = time.perf_counter() - started
    done[0] = 1
    ended.append(outcome(reader))
    *told, looks = [answer_of(each) for each in ended]
    with capsys.disabled():
        told_of = f"{durable_url.partition(':')[0]}: {PROCESSES} processes, {PROCESSES * APPENDS} appends"
        print(f"\n{told_of} in {seconds:.1f} s; {looks} looks meanwhile")  # noqa: T201

    entries = {entry.number: entry for writer in range(PROCESSES) for entry in entries_of(writer)}
    intact(ledger)
    found = spans(ledger)
    assert found.keys() == known.keys() | {key for entry in entries.values() for key in entry.keys}
    receipts: dict[str, list[int]] = {}
    for number, positions in (pair for each in told for pair in each):
        assert receipts.setdefault(number, positions) == positions, "two receipts of one entry"
    assert len(receipts) == len(entries)
    events = sorted(position for positions in receipts.values() for position in positions)
    assert events == list(range(events[0], events[-1] + 1))
    assert events[0] == max(last for _, last in known.values()) + 1
    assert looks > PROCESSES


def record(url: str, writer: int) -> list[tuple[int, list[int]]]:
    """The positions that each entry's receipts name."""
    ledger = ledger_of(url)
    return [
        (entry.number, [receipt.recorded.position for receipt in entry.record(ledger)]) for entry in entries_of(writer)
    ]


def read_until(url: str, done: mmap.mmap) -> int:
    """Look again and again, each time at one moment of the book. Returns how often; raises where it sees a gap."""
    ledger, looks, seen = ledger_of(url), 0, 0
    numbers = select(func.max(event.c.position), func.count()).where(event.c.book == "main")
    heads = select(head.c.position).where(head.c.book == "main")
    balance = select(func.coalesce(func.sum(posting.c.amount_minor), 0)).where(posting.c.book == "main")
    while not done[0]:
        with ledger.reading() as connection:
            position = connection.execute(heads).scalar_one()
            last, count = connection.execute(numbers).one()
            difference = connection.execute(balance).scalar_one()
        assert position == last == count, (position, last, count)
        assert difference == 0, f"debits and credits differ by {difference} at {position}"
        assert position >= seen, f"back from {seen} to {position}"
        looks, seen = looks + 1, position
        time.sleep(0.005)
    return looks


def forked(work: Callable[[], object], answer: Path) -> tuple[int, Path]:
    """Do the work in a forked process, which leaves its answer in a file."""
    pid = os.fork()
    if pid == 0:
        try:
            text = json.dumps({"answer": work()})
        except BaseException:  # it must never come back into the parent's code
            text = json.dumps({"failed": traceback.format_exc()})
        answer.write_text(text)
        os._exit(0)
    return pid, answer


def outcome(process: tuple[int, Path]) -> Any:
    """What a process left behind, once it has ended."""
    pid, answer = process
    os.waitpid(pid, 0)
    return json.loads(answer.read_text()) if answer.exists() else {"failed": "it ended without a word"}


def answer_of(told: Any) -> Any:
    """The answer of a process that did not fail."""
    assert "failed" not in told, told["failed"]
    return told["answer"]
