"""A clock that is behind the book: every entry has the book's time, and whoever records one is told."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.helpers.lines import COMMISSION
from tests.helpers.teller import NOON, Teller

WARNED = "The book's time is 2099-07-15T12:00:"


def test_a_clock_that_was_once_at_2099_is_told_with_every_receipt(teller: Teller) -> None:
    """The entry of that day gives no warning; those after it do, until the clock is there."""
    teller.clock.now = NOON.replace(year=2099)
    assert teller.do(COMMISSION).err == ""
    teller.clock.now = NOON
    for form in ("table", "json", "csv"):
        reply = teller.do(f"note FRAUD-1 'seen as {form}' --format {form}")
        assert WARNED in reply.err
        assert "this machine's clock says 2026-07-15T12:00:" in reply.err
    assert len({event["recorded_at"] for event in teller.ask("log")[-4:]}) == 1
    teller.clock.now = NOON.replace(year=2099) + timedelta(hours=1)
    assert teller.do("note FRAUD-1 later").err == ""


@pytest.mark.parametrize(("seconds", "warned"), [(1, False), (55, False), (70, True)])
def test_clocks_of_two_machines_may_differ_by_a_minute(teller: Teller, seconds: int, warned: bool) -> None:
    teller.do(COMMISSION)
    teller.clock.now -= timedelta(seconds=seconds)
    assert ("The book's time is" in teller.do("note FRAUD-1 seen").err) is warned


def test_a_retry_is_not_warned_of_a_clock_that_nobody_asked(teller: Teller) -> None:
    """Its receipt is the first one's."""
    teller.clock.now = NOON.replace(year=2099)
    teller.do(f"{COMMISSION} --key one")
    teller.clock.now = NOON
    assert teller.do(f"{COMMISSION} --key one").err == "This request was recorded before; here is its first receipt.\n"
