"""A system's name and team change from a day on; a team that looks misspelt is asked about."""

from __future__ import annotations

from typing import Any

import pytest

from tests.helpers.lines import CLOSE_Q1, COMMISSION
from tests.helpers.refusals import Row, refused
from tests.helpers.teller import Teller


def called(teller: Teller, question: str) -> Any:
    return teller.ask(question)[0]["name"]


def test_a_name_holds_from_its_day_on(teller: Teller) -> None:
    """One of a day to come is not yet shown; the key stays, and what was known before is what was known."""
    teller.do("system change FRAUD --name 'Fraud, scored' --on 2026-03-01")
    assert called(teller, "system list") == "Fraud, scored"
    teller.do("system change FRAUD --name Later --on 2026-12-01")
    assert called(teller, "system list") == "Fraud, scored"
    assert teller.ask("system show FRAUD")["name"] == "Fraud, scored"
    refusal = teller.type("system add FRAUD Again --team red")
    assert "FRAUD is registered already: Fraud, scored." in refusal.err
    teller.do("verify --decide", "replay --check", "db rebuild")
    assert called(teller, "system list") == "Fraud, scored"


def test_a_name_and_an_owner_change_in_one_request(teller: Teller) -> None:
    receipts = teller.ask("system change FRAUD --name F --team blue --cost-centre CC-2 --on 2026-03-01")
    assert [receipt["stored_as"] for receipt in receipts] == ["system-renamed/1", "system-changed/1"]
    assert [receipt["effective_on"] for receipt in receipts] == ["2026-03-01"] * 2


def test_a_new_team_that_is_like_no_other_needs_nothing(teller: Teller) -> None:
    teller.do("system change FRAUD --team growth", "system change FRAUD --team grwoth --new-team")
    # Known by now, it is no slip.
    teller.do("system change FRAUD --team growth --on 2026-07-14", "system change FRAUD --team grwoth --on 2026-07-13")


REFUSED = [
    refused(
        "a slip",
        "system change FRAUD --team rde",
        "No system names a team 'rde'. Did you mean red?",
        instead="`debt system change FRAUD --team red` names that one; if it is new, add --new-team: "
        "`debt system change FRAUD --team rde --new-team`",
    ),
    refused(
        "the same name",
        "system change FRAUD --name 'Fraud scoring'",
        "FRAUD is called 'Fraud scoring' already",
        instead="`debt system show FRAUD`",
    ),
    refused(
        "a name in a closed quarter",
        "system change FRAUD --name F --on 2026-03-01",
        "the books are closed to 2026-03-31",
        instead="`--late`",
        setup=(COMMISSION, CLOSE_Q1),
    ),
]


@pytest.mark.parametrize("row", REFUSED)
def test_what_is_refused(teller: Teller, row: Row) -> None:
    row.check(teller)
