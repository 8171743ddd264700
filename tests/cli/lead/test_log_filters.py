"""The log's filters, alone and together: what they leave is what a person would pick from the whole log."""

from __future__ import annotations

from itertools import product

import pytest

from tests.helpers.lines import COMMISSION
from tests.helpers.teller import NOON, Teller

SINCE = {
    "": "",
    "2026-07-15": "2026-07-14T22:00:00",
    "2026-07-16": "2026-07-15T22:00:00",
    "2026-07-15T12:00:04Z": "2026-07-15T12:00:04",
}


@pytest.fixture
def kept(teller: Teller) -> Teller:
    """A book in Berlin, of three days and two actors."""
    teller.do("time-zone set Europe/Berlin", COMMISSION, "note FRAUD-1 seen")
    teller.actor = "bob"
    teller.clock.now = NOON.replace(hour=21, minute=59, second=56)
    teller.do(*(f"note FRAUD-1 {number}" for number in range(4)))
    return teller


def test_each_filter_leaves_what_it_says(kept: Teller) -> None:
    whole = kept.ask("log")
    assert {event["recorded_at"][:13] for event in whole} >= {"2026-07-15T21", "2026-07-15T22"}
    for since, actor, limit, item in product(
        SINCE, ("", "ada", "bob", "nobody"), ("", "1", "3", "99"), ("", "FRAUD-1")
    ):
        wanted = [
            event
            for event in whole
            if event["recorded_at"] >= SINCE[since] and actor in ("", event["actor"]) and item in ("", event["stream"])
        ][-int(limit or 99) :]
        options = (("--since", since), ("--actor", actor), ("--limit", limit))
        words = ["log", *([item] if item else []), *(word for pair in options if pair[1] for word in pair)]
        assert kept.type_words([*words, "--format", "json"]).json == wanted, words


@pytest.mark.parametrize("words", ["--limit 0", "--limit x", "--since yesterday", "--actor ''"])
def test_a_filter_that_says_nothing_is_refused(kept: Teller, words: str) -> None:
    assert kept.type(f"log {words}").exit_code == 2
