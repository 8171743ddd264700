"""A projection names the events that it shows: it adds no row for any other, or appending would leave that row out."""

from __future__ import annotations

import json
from pathlib import Path

import msgspec
import pytest

from ledger.accounts.postings import post
from ledger.events import ItemEvent, Recorded
from ledger.events.codec import decode
from ledger.tables.projections import PROJECTIONS, showing

GOLDEN = Path(__file__).parents[1] / "golden" / "bodies.jsonl"


def with_an_item(recorded: Recorded) -> Recorded:
    """The same event; if it is about an item, about one whose key can be read."""
    if not isinstance(recorded.event, ItemEvent):
        return recorded
    return msgspec.structs.replace(recorded, data=msgspec.structs.replace(recorded.event, item="FRAUD-1"))


EVENTS = [with_an_item(decode(json.loads(line)["body"])) for line in GOLDEN.read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize("recorded", EVENTS, ids=lambda recorded: recorded.stored_as)
def test_an_event_adds_rows_only_where_a_projection_says_that_it_shows_it(recorded: Recorded) -> None:
    legs = post(recorded.event, recorded.effective_on)
    adding = {number for number, projection in enumerate(PROJECTIONS) if projection.rows(recorded, legs)}
    assert adding <= set(showing(type(recorded.event)))


def test_every_projection_shows_some_event_and_adds_a_row_for_it() -> None:
    adding = set()
    for recorded in EVENTS:
        legs = post(recorded.event, recorded.effective_on)
        adding |= {number for number in showing(type(recorded.event)) if PROJECTIONS[number].rows(recorded, legs)}
    assert adding == set(range(len(PROJECTIONS)))
