"""Reading a book as it was known at a moment: which moment a `--known-at` means."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from ledger.queries.reader import moment_known
from ledger.store.transaction import instant

#: Zones whose clocks went back at midnight, so that the last hour of a day came twice; the day; hours that it had.
REPEATED_LAST_HOUR = [("America/Santiago", date(2026, 4, 4)), ("Asia/Beirut", date(2026, 10, 24))]


@pytest.mark.parametrize(
    ("zone", "day"),
    [*REPEATED_LAST_HOUR, ("Europe/Berlin", date(2026, 10, 25)), ("Europe/Berlin", date(2026, 7, 3)), ("UTC", date(2026, 1, 1))],
)  # fmt: skip
def test_a_day_is_known_to_its_last_microsecond(zone: str, day: date) -> None:
    """It ends where the next one begins, also where the clock shows its last hour twice."""
    next_day = datetime.combine(day + timedelta(days=1), time.min, tzinfo=ZoneInfo(zone)).astimezone(UTC)
    assert moment_known(day.isoformat(), zone) == instant(next_day - timedelta(microseconds=1))


@pytest.mark.parametrize(("zone", "day"), REPEATED_LAST_HOUR)
def test_the_last_hour_of_these_days_came_twice(zone: str, day: date) -> None:
    """Otherwise the test above would say nothing of it."""
    last = datetime.combine(day, time(23, 30), tzinfo=ZoneInfo(zone))
    assert last.utcoffset() != last.replace(fold=1).utcoffset()
