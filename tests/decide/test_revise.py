"""A revision keeps what it set apart from what it left as it was."""

from __future__ import annotations

import pytest

from ledger.events import EstimateRevised
from tests.decide.test_the_rules_agree_with_the_model import play
from tests.decide.typed import EUR
from tests.model.shorthand import FRAUD, RANK, RATE, commission, revise


@pytest.mark.parametrize(
    ("principal", "interest", "outstanding", "carry"),
    [("1500", None, "1500", None), (None, "50/year", None, "50"), ("1500", "50/year", "1500", "50")],
)
def test_a_revision_says_what_it_set_and_nothing_else(
    principal: str | None, interest: str | None, outstanding: str | None, carry: str | None
) -> None:
    book, _ = play((FRAUD, RANK, commission("1000", "100/year"), revise("03-01", principal, interest)))
    event = book.events[-1].event
    assert isinstance(event, EstimateRevised)
    assert event.outstanding_minor == (outstanding and EUR.parse(outstanding))
    assert event.carry_minor_per_year == (carry and EUR.parse(carry))
    assert (event.effort_minutes, event.day_rate_minor) == (None, None)


def test_a_revision_in_effort_keeps_the_effort_and_its_price() -> None:
    book, _ = play((FRAUD, RANK, RATE, commission("1000", "100/year"), revise("03-01", "2d")))
    event = book.events[-1].event
    assert isinstance(event, EstimateRevised)
    assert (event.effort_minutes, event.day_rate_minor) == (2 * 8 * 60, EUR.parse(RATE.amount))
