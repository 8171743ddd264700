"""Processes that record are killed between BEGIN and the receipt: what was acknowledged is there once, and nothing else is.

A child is killed at a named point of its transaction, at every point of every kind of entry, or after a random delay,
which finds the places between the points: SQLite in the middle of writing its log, say. A kill outside of a transaction
is not counted. SIGKILL is not power loss: what reached the operating system stays there.

KILLS=20000 and SEED=7 in the environment change the long run. The histogram is printed.
"""

from __future__ import annotations

import os
import random

import pytest
from sqlalchemy import make_url

from tests.reliability.kill_campaign import Campaign, hold_to_its_word, opened
from tests.reliability.kill_child import Nursery, Run
from tests.reliability.kill_entries import Entry
from tests.reliability.kill_points import points_on

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="kills a forked process")

#: Counted kills per database: in CI, and behind `make soak`.
FEW, MANY = 330, int(os.environ.get("KILLS", "10000"))
SEED = int(os.environ.get("SEED", "20260302"))


@pytest.mark.reliability
def test_what_was_acknowledged_survives_the_kill_of_its_writer(
    durable_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    _wage(durable_url, FEW, capsys)


@pytest.mark.soak
def test_what_was_acknowledged_survives_ten_thousand_kills(
    durable_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    _wage(durable_url, MANY, capsys)


@pytest.mark.reliability
def test_a_batch_that_is_written_in_parts_is_recorded_as_a_whole_or_not_at_all(durable_url: str) -> None:
    """Killed in its first part, between two parts, and at its end."""
    nursery = Nursery(durable_url, "long")
    known = opened(nursery.ledger, [])
    parts = ("event inserted", "head moved") if durable_url.startswith("sqlite") else ("decided", "recorded")
    for number, point in enumerate((*parts, "committed"), 1):
        run = Run((Entry("long batch", number),), (0, point))
        death = nursery.run(run)
        assert death.point == point
        assert hold_to_its_word(nursery.ledger, run, death, known) == (point == "committed")
    nursery.engine.dispose()


def _wage(url: str, kills: int, capsys: pytest.CaptureFixture[str]) -> None:
    campaign = Campaign(url, random.Random(SEED))
    try:
        campaign.wage(kills)
    finally:
        with capsys.disabled():
            print(f"\n{url.partition(':')[0]}, SEED={SEED}\n{campaign.histogram()}")  # noqa: T201
    points = points_on(make_url(url).get_backend_name())
    assert {point for point in points if not campaign.named[point]} == set(), "points at which nothing was killed"
    assert campaign.counted >= kills
    assert campaign.delayed.total() > kills // 5
