"""The price of a person-day: listed with what it priced, taken back, and asked about where it leaps."""

from __future__ import annotations

import pytest

from tests.helpers.lines import CLOSE_Q1, COMMISSION, GATE
from tests.helpers.refusals import Row, refused
from tests.helpers.teller import Teller

NINE = "rate set 900 --from 2026-01-01"
EFFORT = f"commission FRAUD Glue --category glue-code --principal 10d {GATE} --on 2026-02-01"


def test_the_list_tells_how_many_entries_each_rate_priced(teller: Teller) -> None:
    """An entry counts for each rate that priced a part of it, until it is reversed; a repayment has its opening's."""
    teller.do(NINE, EFFORT, "rate set 1000 --from 2026-03-01", "rate set 1100 --from 2026-04-01 --team red")
    teller.do("repay FRAUD-1 1d --spent 2d --on 2026-03-15", "repay FRAUD-1 100 --on 2026-03-16")
    teller.do("revise FRAUD-1 --principal 9d --because looked --on 2026-04-02")
    asked = teller.ask("rate list")
    assert asked == [
        {"from": "2026-01-01", "team": None, "day_rate": "900.00", "position": 3, "priced": 2},
        {"from": "2026-03-01", "team": None, "day_rate": "1000.00", "position": 5, "priced": 1},
        {"from": "2026-04-01", "team": "red", "day_rate": "1100.00", "position": 6, "priced": 1},
    ]
    teller.do("reverse 9 --because slip", "reverse 7 --because slip")
    assert [row["priced"] for row in teller.ask("rate list")] == [1, 0, 0]


def test_what_a_withdrawn_rate_priced_stays_and_nothing_more_is_priced_by_it(teller: Teller) -> None:
    teller.do("rate set 800 --from 2026-01-01", NINE, EFFORT, "rate withdraw 4 --because 'meant for red'")
    assert [row["position"] for row in teller.ask("rate list")] == [3]
    assert teller.ask("rate list --withdrawn") == [
        {"from": "2026-01-01", "team": None, "day_rate": "900.00", "position": 4, "priced": 1}
    ]
    teller.do(EFFORT.replace("Glue", "Other"))
    assert [row["principal"] for row in teller.ask("list")] == ["9000.00", "8000.00"]
    teller.do("verify --decide", "replay --check")


def test_a_rate_of_a_closed_quarter_is_withdrawn_from_the_first_open_day(teller: Teller) -> None:
    teller.do(NINE, COMMISSION, CLOSE_Q1)
    assert teller.ask("rate withdraw 3 --because slip")["effective_on"] == "2026-04-01"
    assert teller.ask("rate list") == []


@pytest.mark.parametrize("amount", ["300", "299.99", "2700", "2700.01"])
def test_a_leap_of_more_than_threefold_is_asked_about(teller: Teller, amount: str) -> None:
    """Three times is no leap yet, either way."""
    teller.do(NINE)
    line = f"rate set {amount} --from 2026-02-01"
    if amount in ("300", "2700"):
        teller.do(line)
        return
    teller.do(f"{line} --yes")
    assert len(teller.ask("rate list")) == 2


REFUSED = [
    refused(
        "a tenth of it",
        "rate set 90 --from 2026-02-01",
        "EUR 90.00 a day is less than a third of the rate beside it, EUR 900.00 from 2026-01-01",
        instead="`debt rate set 90.00 --from 2026-02-01 --yes`",
        setup=(NINE,),
    ),
    refused(
        "tenfold for a team",
        "rate set 9000 --from 2026-02-01 --team red",
        "EUR 9,000.00 a day is more than three times the rate beside it",
        instead="--team red --yes",
        setup=(NINE,),
    ),
    refused(
        "before the first one",
        "rate set 90 --from 2025-02-01",
        "EUR 900.00 from 2026-01-01",
        instead="--yes",
        setup=(NINE,),
    ),
    refused("no rate", "rate withdraw 2 --because x", "system-registered/1 is no rate", instead="`debt rate list`"),
    refused("no event", "rate withdraw 9 --because x", "no event at position 9", instead="`debt rate list`"),
    refused(
        "twice",
        "rate withdraw 3 --because x",
        "withdrawn already",
        instead="`debt rate set 900.00 --from 2026-01-01` sets it again",
        setup=(NINE, "rate withdraw 3 --because y"),
    ),
]


@pytest.mark.parametrize("row", REFUSED)
def test_what_is_refused(teller: Teller, row: Row) -> None:
    row.check(teller)
