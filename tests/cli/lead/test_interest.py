"""Interest as it was observed: beside what is booked, and in no balance."""

from __future__ import annotations

from tests.helpers.lines import COMMISSION, OBSERVE, RATE
from tests.helpers.teller import Teller

SEEN = "interest FRAUD-1 250.50 --because 'incident 341' --on 2026-05-02"
#: What differs whatever was recorded in between.
UNKNOWN = {"known_at": None, "position": None}
BOOKED = ("delta --by team", "rollforward 2026Q2 --by system", "ageing")


def test_it_stands_beside_the_interest_that_is_booked(teller: Teller) -> None:
    teller.do(COMMISSION, OBSERVE, RATE)
    booked = [teller.ask(line) | UNKNOWN for line in BOOKED]
    reply = teller.do(SEEN)
    assert "interest observed: EUR 250.50" in reply.out
    teller.do("interest FRAUD-1 6h --because 'incident 342' --on 2026-06-03")
    assert [teller.ask(line) | UNKNOWN for line in BOOKED] == booked
    assert [item["interest_observed"] for item in teller.ask("list")] == ["850.50", None]
    assert [item["interest_observed"] for item in teller.ask("list --as-of 2026-05-31")] == ["250.50", None]
    assert teller.ask("show FRAUD-1")["interest_observed"] == "850.50"
    assert teller.ask("status")["interest_observed"] == "850.50"
    assert "observed EUR 850.50" in teller.do("show FRAUD-1").out
    assert "observed on open items 850.50" in teller.do("status").out
    teller.do("verify --decide", "replay --check")


def test_what_was_observed_in_error_is_reversed(teller: Teller) -> None:
    teller.do(COMMISSION, SEEN, "reverse 4 --because 'another item'")
    assert teller.ask("list")[0]["interest_observed"] is None
    assert teller.ask("status")["interest_observed"] == "0.00"
