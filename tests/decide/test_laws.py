"""What a refusal by an item's laws says: the first day on which one would be broken, and what stands in the way."""

from __future__ import annotations

from datetime import date

import pytest

from ledger.decide.item import BARRIERS
from ledger.decide.placing import _BARRIER_WORDS
from ledger.events import NAME_OF
from ledger.vocabulary.errors import Refused
from tests.decide.test_the_rules_agree_with_the_model import play
from tests.decide.typed import read
from tests.model.commands import Close, Command
from tests.model.histories import TODAY
from tests.model.shorthand import FRAUD, RANK, commission, note, repay, reverse, revise


def refusal_of(command: Command, *before: Command) -> str:
    """What the last command is refused with. The first event of the story is at position 4."""
    book, _ = play((FRAUD, RANK, *before))
    with pytest.raises(Refused) as refused:
        book.do(read(command), TODAY)
    return str(refused.value)


def test_the_first_day_on_which_too_little_would_be_left_is_named_with_the_entry_of_that_day() -> None:
    """Of several entries after the new one, the latest by the day of the breach is in the way; later ones are not."""
    repayments = [repay("100", "04-01"), repay("400", "05-01"), repay("50", "06-01"), repay("40", "07-01")]
    said = refusal_of(revise("03-01", "300"), commission("1000"), *repayments)
    assert "debt of EUR -200.00" in said
    assert "on 2026-05-01: less than nothing would be outstanding" in said
    assert "Position 6 (repayment-recorded/2) stands on 2026-05-01" in said
    assert "`debt reverse 6 --because …`" in said


def test_what_stands_before_the_new_entry_or_moves_nothing_is_not_in_the_way() -> None:
    """Nor is what was reversed, nor its reversal, which cannot be reversed, nor a note on the day of the breach."""
    said = refusal_of(
        revise("03-01", "300"),
        *(
            commission("1000"),
            repay("50", "02-01"),
            repay("400", "05-01"),
            repay("90", "05-01"),
            reverse(7),
            note("05-01"),
        ),
    )
    assert "Position 6 (repayment-recorded/2) stands on 2026-05-01" in said


def test_what_stands_on_the_day_of_the_new_entry_itself_can_be_in_the_way() -> None:
    said = refusal_of(reverse(5), commission("1000"), revise("03-01", "2000"), repay("1500", "03-01"))
    assert "Position 6 (repayment-recorded/2) stands on 2026-03-01" in said


def test_the_days_from_one_on_come_in_order_however_they_were_entered() -> None:
    """Each with the balance at its end; what was before is summed up in the first."""
    days = [f"{month:02}-01" for month in (9, 3, 7, 5, 8, 4, 6, 2)]
    book, _ = play((FRAUD, RANK, commission("1000"), *(repay("100", day) for day in days)))
    item = book.item("FRAUD-1")
    assert item is not None
    found = [(on.month, balance.outstanding) for on, balance in item.balances_from(date(2026, 3, 15), "debt")]
    assert found == [(month, 100_000 - 10_000 * paid) for paid, month in enumerate(range(3, 10), 2)]


def test_interest_that_would_be_less_than_nothing_is_said() -> None:
    said = refusal_of(revise("03-01", None, "10/year"), commission("1000", "100/year"), repay("400", "05-01"))
    assert "interest of EUR -30.00 a year on 2026-05-01: the interest would be less than nothing" in said


def test_interest_that_would_run_on_nothing_is_said() -> None:
    said = refusal_of(revise("03-01", "400"), commission("1000", "100/year"), repay("400", "05-01"))
    assert "with debt of EUR 0.00 and interest of EUR 60.00 a year on 2026-05-01: interest would run on nothing" in said


def test_where_nothing_stands_from_that_day_on_the_story_of_the_item_is_named() -> None:
    """An estimate of a closed quarter is reversed on the first open day; what rests on it is closed as well."""
    said = refusal_of(
        reverse(5), commission("1000"), revise("02-01", "2000"), repay("1500", "03-01"), Close(quarter="2026Q1")
    )
    assert "debt of EUR -500.00" in said
    assert said.endswith("See `debt show FRAUD-1`.")


def test_every_barrier_has_a_word_for_what_it_did() -> None:
    """It says why nothing may be entered before it."""
    assert set(_BARRIER_WORDS) == {NAME_OF[event] for event in BARRIERS}
