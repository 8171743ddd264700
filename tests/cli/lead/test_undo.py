"""Taking back the last thing that one recorded: what stands, one's own, shown and asked for."""

from __future__ import annotations

import pytest

from tests.helpers.lines import CLOSE_Q1, COMMISSION, RATE, REPAY_ALL
from tests.helpers.refusals import one_line
from tests.helpers.teller import Teller

REPAY = "repay FRAUD-1 100 --on 2026-05-02"


def reversed_by(teller: Teller, line: str) -> int:
    """Which position a line reversed."""
    reply = teller.do(f"{line} --format json").json
    (found,) = [each for each in teller.ask("log") if each["position"] == reply["position"]]
    return int(found["data"]["reversed_position"])


def test_the_last_standing_event_goes_first_and_a_reversal_is_none(teller: Teller) -> None:
    teller.do(COMMISSION, REPAY, "edit FRAUD-1 --title 'Thick glue'")
    assert [reversed_by(teller, "undo --yes") for _ in range(3)] == [5, 4, 3]
    assert teller.ask("list --status reversed")[0]["title"] == "Glue"


def test_of_an_item_it_is_the_last_of_that_item(teller: Teller) -> None:
    teller.do(COMMISSION, REPAY, COMMISSION + " --again")
    assert reversed_by(teller, "undo FRAUD-1 --yes") == 4


def test_another_s_is_left_alone(teller: Teller) -> None:
    teller.do(COMMISSION, REPAY)
    other = Teller(teller.path, teller.clock, actor="grace")
    reply = other.type("undo --yes")
    assert (reply.exit_code, teller.position) == (1, 4)
    assert "Nothing that grace recorded stands. Nothing was recorded." in one_line(reply.err)
    other.do("assign FRAUD-1 grace")
    assert reversed_by(teller, "undo --yes") == 4


def test_it_is_shown_and_nobody_is_there_to_be_asked(teller: Teller) -> None:
    """A pipe answers nothing: what would be reversed is told, and the command that does it."""
    teller.do(COMMISSION, REPAY)
    reply = teller.type("undo --because 'another item'")
    assert (reply.exit_code, reply.out, teller.position) == (1, "", 4)
    said = one_line(reply.err)
    assert "FRAUD-1 repayment recorded: removed EUR 100.00" in said
    assert "`debt reverse 4 --because 'another item'`" in said


@pytest.mark.parametrize(
    ("last", "why"),
    [
        (RATE, "is day-rate-set/1: only events of items can be reversed"),
        ("note FRAUD-1 seen", "is a note: notes stay"),
        (CLOSE_Q1, "is period-closed/1: only events of items can be reversed"),
    ],
)
def test_what_stays_is_not_passed_over(teller: Teller, last: str, why: str) -> None:
    """Somebody who wants the last thing undone does not want the one before it undone instead."""
    teller.do(COMMISSION, last)
    reply = teller.type("undo --yes")
    assert (reply.exit_code, teller.position) == (1, 4)
    assert why in one_line(reply.err)


def test_an_item_on_which_one_event_stands_is_reversed_by_its_key(teller: Teller) -> None:
    teller.do(COMMISSION, "note FRAUD-1 seen", REPAY_ALL)
    reply = teller.type("reverse FRAUD-1 --because x")
    assert (reply.exit_code, teller.position) == (1, 5)
    said = one_line(reply.err)
    assert "2 events stand on FRAUD-1: 3 (debt-commissioned/1), 5 (repayment-recorded/2)." in said
    teller.do("reverse 5 --because x")
    assert reversed_by(teller, "reverse fraud-1 --because 'no debt'") == 3
    assert "Nothing stands on FRAUD-1 that could be reversed" in teller.type("reverse FRAUD-1 --because y").err


@pytest.mark.parametrize("line", ["reverse FRAD-1 --because x", "undo FRAD-1"])
def test_a_misspelt_item_is_named(teller: Teller, line: str) -> None:
    teller.do(COMMISSION)
    reply = teller.type(line)
    assert (reply.exit_code, "There is no item FRAD-1. Did you mean FRAUD-1?" in reply.err) == (1, True), reply.err
