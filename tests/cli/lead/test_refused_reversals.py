"""What cannot be reversed, and what that rests on (design §3, barriers and reversals)."""

from __future__ import annotations

import pytest

from tests.helpers.lines import ADOPT, CLOSE_Q1, COMMISSION, OBSERVE, RATE, RENEW, REVISE, WRITE_OFF
from tests.helpers.refusals import Row, refused, wrong_usage
from tests.helpers.teller import Teller

REPAY = "repay FRAUD-1 100 --on 2026-02-15"


def _rests(position: int, last: int, stored_as: str, day: str) -> dict[str, str]:
    return {
        "why": f"Position {position} cannot be reversed while position {last} ({stored_as}, {day}) stands",
        "instead": f"Reverse that first: `debt reverse {last} --because …`.",
    }


RESTING = [
    ("an opening under a repayment", 3, (COMMISSION, REPAY), _rests(3, 4, "repayment-recorded/2", "2026-02-15")),
    (
        "an opening under a plan",
        3,
        (COMMISSION, "plan FRAUD-1 2026Q4"),
        _rests(3, 4, "repayment-planned/1", "2026-07-15"),
    ),
    ("an opening under a renewal", 3, (COMMISSION, RENEW), _rests(3, 4, "debt-renewed/1", "2026-07-15")),
    ("an opening under an adoption", 3, (OBSERVE, ADOPT), _rests(3, 4, "neglect-adopted/1", "2026-03-01")),
    ("a repayment under a revision", 4, (COMMISSION, REPAY, REVISE), _rests(4, 5, "estimate-revised/1", "2026-03-01")),
    (
        "a repayment under a write-off",
        4,
        (COMMISSION, REPAY, WRITE_OFF),
        _rests(4, 5, "item-written-off/1", "2026-03-01"),
    ),
    ("a repayment under an adoption", 4, (OBSERVE, REPAY, ADOPT), _rests(4, 5, "neglect-adopted/1", "2026-03-01")),
    (
        "a revision under a later one",
        4,
        (COMMISSION, REVISE, "revise FRAUD-1 --principal 9 --because x --on 2026-03-01"),
        _rests(4, 5, "estimate-revised/1", "2026-03-01"),
    ),
    (
        "a plan under a revision",
        4,
        (COMMISSION, "plan FRAUD-1 2026Q4 --on 2026-02-15", REVISE),
        _rests(4, 5, "estimate-revised/1", "2026-03-01"),
    ),
    (
        "an adoption under a plan",
        4,
        (OBSERVE, ADOPT, "plan FRAUD-1 2026Q4"),
        _rests(4, 5, "repayment-planned/1", "2026-07-15"),
    ),
    ("an adoption under a renewal", 4, (OBSERVE, ADOPT, RENEW), _rests(4, 5, "debt-renewed/1", "2026-07-15")),
    (
        "a repayment under a revision, in a closed period",
        4,
        (COMMISSION, REPAY, REVISE, CLOSE_Q1),
        _rests(4, 5, "estimate-revised/1", "2026-03-01"),
    ),
]

REFUSED = [
    *(
        refused(about, f"reverse {position} --because wrong", said["why"], instead=said["instead"], setup=setup)
        for about, position, setup, said in RESTING
    ),
    refused(
        "a second reversal",
        "reverse 4 --because again",
        "Position 4 was reversed already, at position 5",
        instead="`debt show FRAUD-1`",
        setup=(COMMISSION, REPAY, "reverse 4 --because x"),
    ),
    refused(
        "a second reversal of an opening",
        "reverse 3 --because again",
        "Position 3 was reversed already, at position 4",
        instead="`debt show FRAUD-1`",
        setup=(COMMISSION, "reverse 3 --because x"),
    ),
    refused(
        "the reversal of a reversal",
        "reverse 5 --because x",
        "Position 5 is a reversal itself",
        instead="Record position 4 again instead.",
        setup=(COMMISSION, REPAY, "reverse 4 --because x"),
    ),
    refused(
        "the reversal of an opening's reversal",
        "reverse 4 --because y",
        "Position 4 is a reversal itself",
        instead="Record position 3 again instead.",
        setup=(COMMISSION, "reverse 3 --because x"),
    ),
    refused(
        "the reversal of a note",
        "reverse 4 --because x",
        "Position 4 is a note: notes stay",
        instead="`debt note FRAUD-1 TEXT`",
        setup=(COMMISSION, "note FRAUD-1 seen"),
    ),
    *(
        refused(
            f"the reversal of {stored_as}",
            f"reverse {position} --because x",
            f"Position {position} is {stored_as}/1: only events of items can be reversed",
            instead="Record the right one after it.",
            setup=(COMMISSION, RATE, CLOSE_Q1),
        )
        for position, stored_as in (
            (1, "book-opened"),
            (2, "system-registered"),
            (4, "day-rate-set"),
            (5, "period-closed"),
        )
    ),
    *(
        refused(
            f"the reversal of position {position}",
            f"reverse {position} --because x",
            f"There is no event at position {position}",
            instead="`debt log`",
        )
        for position in ("3", "0", "-1", "9223372036854775808", "99999999999999999999999")
    ),
    wrong_usage("a reversal of letters", "reverse seven --because x", "'seven' is not a position"),
    wrong_usage("a reversal without words", "reverse", "Missing: POSITION, --because."),
    wrong_usage("a dated reversal", "reverse 3 --because x --on 2026-07-01", "--on", setup=(COMMISSION,)),
    wrong_usage("a late reversal", "reverse 3 --because x --late", "--late", setup=(COMMISSION,)),
]


@pytest.mark.parametrize("row", REFUSED)
def test_the_books_refuse_to_reverse(teller: Teller, row: Row) -> None:
    """What something later rests on, what is undone already, and what is no event of an item."""
    row.check(teller)


@pytest.mark.parametrize(
    ("setup", "positions"),
    [
        pytest.param((COMMISSION, REPAY), (4, 3), id="last-first"),
        pytest.param((OBSERVE, ADOPT, "plan FRAUD-1 2026Q4"), (5, 4, 3), id="plan-adoption-opening"),
        pytest.param((COMMISSION, REPAY, REVISE), (5, 4), id="barrier-first"),
        pytest.param((COMMISSION, REVISE, "repay FRAUD-1 100 --on 2026-04-01"), (5, 4, 3), id="after-a-barrier"),
        pytest.param((COMMISSION, REPAY, "repay FRAUD-1 50 --on 2026-03-01"), (4, 5), id="repayments-in-any-order"),
        pytest.param((COMMISSION, "note FRAUD-1 seen"), (3,), id="an-opening-under-a-note"),
        pytest.param((COMMISSION, "plan FRAUD-1 2026Q4"), (4,), id="a-plan"),
        pytest.param((COMMISSION, RENEW), (4,), id="a-renewal"),
    ],
)
def test_what_nothing_rests_on_is_reversed(teller: Teller, setup: tuple[str, ...], positions: tuple[int, ...]) -> None:
    """In the order that the refusals ask for, everything can be undone."""
    teller.do(*setup, *(f"reverse {position} --because wrong" for position in positions))
    assert teller.position == 2 + len(setup) + len(positions)


@pytest.mark.parametrize(
    ("setup", "position", "effective_on"),
    [
        pytest.param((COMMISSION, REPAY), 4, "2026-02-15", id="the-day-of-what-it-reverses"),
        pytest.param((COMMISSION, REPAY, CLOSE_Q1), 4, "2026-04-01", id="the-first-open-day"),
        pytest.param((COMMISSION, CLOSE_Q1, f"{REPAY} --late"), 5, "2026-04-01", id="the-day-of-a-late-entry"),
    ],
)
def test_a_reversal_finds_its_own_day(teller: Teller, setup: tuple[str, ...], position: int, effective_on: str) -> None:
    """The day of what it reverses or, if that is closed, the first open one; nobody types it."""
    teller.do(*setup)
    assert teller.ask(f"reverse {position} --because wrong")["effective_on"] == effective_on
