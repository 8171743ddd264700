"""Closing by somebody else (policy second-actor-close), and on which day it is recorded."""

from __future__ import annotations

import pytest

from ledger.decide.close import Close
from ledger.decide.policy_set import SetPolicy
from ledger.vocabulary.errors import Refused
from ledger.vocabulary.policies import SECOND_ACTOR_CLOSE
from tests.decide.in_memory import InMemory
from tests.decide.test_the_rules_agree_with_the_model import play
from tests.model.histories import TODAY
from tests.model.shorthand import FRAUD, RANK, commission, day

FIRST, SECOND = Close(quarter="2026Q1"), Close(quarter="2026Q2")


@pytest.fixture
def book() -> InMemory:
    """Where 'ada' recorded the first quarter's only entry, at position 4, and another has to close it."""
    found, _ = play((FRAUD, RANK, commission(on="01-10")))
    found.do(SetPolicy(policy=SECOND_ACTOR_CLOSE, value="on"), TODAY)
    return found


def test_whoever_recorded_the_last_entry_of_the_quarter_does_not_close_it(book: InMemory) -> None:
    with pytest.raises(Refused, match=r"2026Q1 cannot be closed by ada, who recorded its last event \(position 4\)"):
        book.do(FIRST, TODAY, "ada")
    (closed,) = book.do(FIRST, TODAY, "bob")
    assert (closed.actor, closed.effective_on) == ("bob", TODAY)


def test_a_quarter_in_which_nothing_was_recorded_is_closed_by_anybody(book: InMemory) -> None:
    book.do(FIRST, TODAY, "bob")
    assert book.do(SECOND, TODAY, "bob")


def test_without_the_policy_whoever_recorded_last_closes(book: InMemory) -> None:
    book.do(SetPolicy(policy=SECOND_ACTOR_CLOSE, value="off"), TODAY)
    assert book.do(FIRST, TODAY, "ada")


def test_a_quarter_is_closed_on_a_day_after_its_last(book: InMemory) -> None:
    with pytest.raises(Refused, match="it can be closed on a later day, up to today, not on 2026-03-31"):
        book.do(Close(quarter="2026Q1", on=day("03-31")), TODAY, "bob")
    (closed,) = book.do(Close(quarter="2026Q1", on=day("04-01")), TODAY, "bob")
    assert closed.effective_on == day("04-01")
