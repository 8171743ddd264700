"""A roll-forward folded from a history alone: what counts as of the period, and what came before it."""

from __future__ import annotations

from datetime import date

from ledger.accounts.replay import replay
from ledger.events.codec import Happening
from tests.decide.in_memory import InMemory
from tests.helpers.lawful_book import ACTOR, BASE, TODAY


def test_only_repayments_of_the_period_are_counted_and_all_make_the_opening() -> None:
    """Every day on which something was repaid is a period of its own; together they have every repayment."""
    book = InMemory()
    for command in BASE:
        book.do(command, TODAY, ACTOR)
    history = [Happening(each.stream, each.effective_on, each.event) for each in book.events]
    repaid = sorted(each.effective_on for each in history if type(each.event).__name__ == "RepaymentRecorded")
    assert len(set(repaid)) > 1
    found = {day: replay(history, day, day) for day in set(repaid)}
    assert {day: each.repayments for day, each in found.items()} == {day: repaid.count(day) for day in found}
    assumed = [each.event.spent_assumed for each in history if type(each.event).__name__ == "RepaymentRecorded"]  # type: ignore[attr-defined]
    assert sum(each.spent_assumed for each in found.values()) == sum(assumed)
    whole = replay(history, date(1970, 1, 1), date(2199, 12, 31))
    assert whole.repayments == len(repaid)
