"""A story for the audit report: eleven entries in Berlin, each recorded at a time that some test is about."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from tests.helpers.teller import Clock, Teller

GATE = "--decided-by Ada --because 'launch in May' --benefit 'two months' --repay-by 2026Q4"
_OBSERVE = "observe FRAUD Found --category glue-code --cause expedience"

#: When (with its offset from UTC), who, and what. The number in front is the position.
STORY = (
    ("2026-01-05T10:00:00+01:00", "ada", "init --book main --currency EUR --time-zone Europe/Berlin"),  # 1
    ("2026-01-05T10:00:10+01:00", "ada", "system add FRAUD 'Fraud scoring' --team red"),  # 2
    # A round sum.
    ("2026-02-02T09:00:00+01:00", "ada", f"commission FRAUD Glue --category glue-code --principal 12000 {GATE}"),  # 3
    # A Saturday, four days after the fact, just under 5,000, by somebody who is never seen again.
    ("2026-02-07T14:05:00+01:00", "bea", "repay FRAUD-1 4900 --spent 5200 --on 2026-02-03"),  # 4
    # Half past six in UTC is half past seven in winter and half past eight in summer.
    ("2026-03-02T06:30:00+00:00", "ada", f"{_OBSERVE} --principal 2500"),  # 5
    ("2026-03-30T06:30:00+00:00", "ada", "repay FRAUD-1 1000"),  # 6
    # Four days before the close, two days after the fact, by another stranger.
    ("2026-04-02T11:00:00+02:00", "cleo", f"{_OBSERVE} --principal 700 --on 2026-03-31"),  # 7
    ("2026-04-06T10:00:00+02:00", "ada", "close 2026Q1"),  # 8
    # What was found too late for its own quarter.
    ("2026-04-07T10:00:00+02:00", "ada", f"{_OBSERVE} --principal 2000 --on 2026-03-20 --late"),  # 9
    ("2026-04-08T10:00:00+02:00", "ada", "reverse 4 --because 'entered twice'"),  # 10
    # The day before the end of a quarter that nobody has closed.
    ("2026-06-29T12:00:00+02:00", "ada", "note FRAUD-1 'still here'"),  # 11
)


def told(path: Path, *, through: int = len(STORY)) -> Teller:
    """A teller at a ledger in which the story has happened, up to a position."""
    clock = Clock()
    teller = Teller(path, clock)
    for when, actor, line in STORY[:through]:
        clock.now, teller.actor = datetime.fromisoformat(when), actor
        teller.do(line)
    return teller
