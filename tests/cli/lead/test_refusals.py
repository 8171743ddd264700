"""What the books refuse of an item: every refusal of design §3, with what its message says."""

from __future__ import annotations

import pytest

from tests.helpers.lines import (
    ADOPT,
    CLOSE_Q1,
    COMMISSION,
    GATE,
    OBSERVE,
    RENEW,
    REPAY_ALL,
    REVISE,
    UNESTIMATED,
    WRITE_OFF,
)
from tests.helpers.refusals import Row, refused, wrong_usage
from tests.helpers.teller import Teller

REPAY = "repay FRAUD-1 100 --on 2026-02-15"
EARLY = "--on 2026-02-15"
#: Entries on an item, by what they do.
ENTRIES = {
    "repay": "repay FRAUD-1 100",
    "repay all": "repay FRAUD-1 --all",
    "revise": "revise FRAUD-1 --principal 1700 --because x",
    "write-off": "write-off FRAUD-1 --because x",
    "plan": "plan FRAUD-1 2026Q4",
    "renew": RENEW,
    "note": "note FRAUD-1 seen",
    "interest": "interest FRAUD-1 250 --because 'incident 341'",
    "title": "edit FRAUD-1 --title 'Thick glue'",
    "link": "link FRAUD-1 https://tracker.example/1",
    "tag": "tag FRAUD-1 +later",
    "assign": "assign FRAUD-1 grace",
}
#: Of these, what every item takes, closed and reversed ones too.
ANY_ITEM = ("note", "title", "link", "tag", "assign")
BARRIERS = {
    "adopted": (OBSERVE, ADOPT),
    "revised": (COMMISSION, REVISE),
    "written off": (COMMISSION, WRITE_OFF),
}

DAYS = [
    *(
        refused(
            f"{name} in the future",
            f"{line} --on 2026-07-16",
            "2026-07-16 is in the future: today is 2026-07-15",
            instead="Record it on the day it happens.",
            setup=(COMMISSION,),
        )
        for name, line in ENTRIES.items()
    ),
    *(
        refused(
            f"{name} before the opening",
            f"{line} --on 2026-01-31",
            "FRAUD-1 was opened on 2026-02-01",
            "2026-01-31",
            instead="`debt show FRAUD-1`",
            setup=(COMMISSION,),
        )
        for name, line in ENTRIES.items()
    ),
    *(
        refused(
            f"{name} in a closed period",
            f"{line} --on 2026-02-15",
            "Nothing can be recorded on 2026-02-15: the books are closed to 2026-03-31",
            instead="The first day allowed is 2026-04-01; `--late` posts it there and keeps 2026-02-15",
            setup=(COMMISSION, CLOSE_Q1),
        )
        for name, line in ENTRIES.items()
    ),
    *(
        refused(
            f"{line.split()[0]} {barrier} item before that",
            f"{line} {EARLY}",
            f"Nothing can be recorded on 2026-02-15: FRAUD-1 was {barrier} on 2026-03-01 (position 4)",
            instead="The first day allowed is 2026-03-01; `--late` posts it there and keeps 2026-02-15",
            setup=setup,
        )
        for barrier, setup in BARRIERS.items()
        for line in (ENTRIES["repay"], ENTRIES["revise"], ENTRIES["note"])
    ),
    refused(
        "an opening in the future",
        COMMISSION.replace("2026-02-01", "2026-07-16"),
        "2026-07-16 is in the future",
        instead="Record it on the day it happens.",
    ),
    refused(
        "a late opening in the future",
        f"{OBSERVE.replace('2026-02-01', '2026-07-16')} --late",
        "2026-07-16 is in the future",
        instead="Record it on the day it happens.",
    ),
    refused(
        "an opening in a closed period",
        COMMISSION.replace("Glue", "Other"),
        "the books are closed to 2026-03-31",
        instead="The first day allowed is 2026-04-01; `--late`",
        setup=(COMMISSION, CLOSE_Q1),
    ),
    refused(
        "a late entry before a late opening",
        "repay FRAUD-2 100 --late --on 2026-01-31",
        "FRAUD-2 was opened on 2026-02-01",
        instead="`debt show FRAUD-2`",
        setup=(COMMISSION, CLOSE_Q1, f"{OBSERVE} --late"),
    ),
    refused(
        "a barrier behind the closed period",
        "repay FRAUD-1 100 --on 2026-04-15",
        "FRAUD-1 was revised on 2026-05-01 (position 5)",
        instead="The first day allowed is 2026-05-01",
        setup=(COMMISSION, CLOSE_Q1, REVISE.replace("03-01", "05-01")),
    ),
]

LAWS = [
    refused(
        "more than is outstanding",
        "repay FRAUD-1 1000.01",
        "Cannot repay EUR 1,000.01 on FRAUD-1: EUR 1,000.00 is outstanding from 2026-07-15 on",
        instead="`debt repay FRAUD-1 --all` repays the rest.",
        setup=(COMMISSION,),
    ),
    refused(
        "more than a later repayment leaves",
        "repay FRAUD-1 200 --on 2026-03-01",
        "Cannot repay EUR 200.00 on FRAUD-1: EUR 100.00 is outstanding from 2026-03-01 on",
        instead="`debt repay FRAUD-1 --all`",
        setup=(COMMISSION, "repay FRAUD-1 900 --on 2026-05-01"),
    ),
    refused(
        "repaying what later entries have closed",
        "repay FRAUD-1 --all --on 2026-02-15",
        "Cannot repay FRAUD-1 on 2026-02-15: later entries have closed it already",
        instead="`debt show FRAUD-1`",
        setup=(COMMISSION, REPAY_ALL),
    ),
    refused(
        "a revision below a later repayment",
        "revise FRAUD-1 --principal 500 --because x --on 2026-03-15",
        "EUR -400.00",
        "on 2026-04-01",
        "less than nothing would be outstanding",
        instead="Position 4 (repayment-recorded/2) stands on 2026-04-01; if it is wrong, reverse it first: `debt reverse 4",
        setup=(COMMISSION, "repay FRAUD-1 900 --on 2026-04-01"),
    ),
    refused(
        "a revised interest below a later repayment's",
        "revise FRAUD-1 --interest 10/year --because x --on 2026-03-15",
        "EUR -80.00 a year",
        "the interest would be less than nothing",
        instead="reverse it first: `debt reverse 4 --because …`",
        setup=(COMMISSION, "repay FRAUD-1 900 --on 2026-04-01"),
    ),
    refused(
        "interest on what a later repayment closes",
        "revise FRAUD-1 --interest 150/year --because x --on 2026-02-15",
        "EUR 50.00 a year",
        "interest would run on nothing",
        instead="reverse it first: `debt reverse 4 --because …`",
        setup=(COMMISSION, REPAY_ALL),
    ),
    refused(
        "a write-off of what was repaid later",
        "write-off FRAUD-1 --because x --on 2026-02-15",
        "less than nothing would be outstanding",
        instead="reverse it first: `debt reverse 4 --because …`",
        setup=(COMMISSION, "repay FRAUD-1 100 --on 2026-04-01"),
    ),
    refused(
        "an adoption of what was repaid later as neglect",
        f"adopt FRAUD-1 {GATE} --on 2026-02-15",
        "with neglect of EUR -100.00",
        instead="reverse it first: `debt reverse 4 --because …`",
        setup=(OBSERVE, "repay FRAUD-1 100 --on 2026-04-01"),
    ),
    refused(
        "the reversal of a revision that a repayment needs",
        "reverse 4 --because x",
        "less than nothing would be outstanding",
        instead="reverse it first: `debt reverse 5 --because …`",
        setup=(COMMISSION, REVISE, "repay FRAUD-1 1200 --on 2026-03-02"),
    ),
]

CLOSED = [
    *(
        refused(
            f"{name} on a repaid item",
            line,
            "FRAUD-1 is closed on 2026-07-15: nothing is outstanding",
            instead="`debt revise FRAUD-1 --principal A --interest I --because …` reopens it.",
            setup=(COMMISSION, REPAY_ALL),
        )
        for name, line in ENTRIES.items()
        if name not in ("revise", *ANY_ITEM)
    ),
    refused(
        "adoption of repaid neglect",
        ADOPT,
        "FRAUD-1 is closed on 2026-03-01",
        instead="reopens it.",
        setup=(OBSERVE, REPAY_ALL),
    ),
    refused(
        "repaying a written-off item",
        "repay FRAUD-1 --all",
        "FRAUD-1 is closed on 2026-07-15",
        instead="reopens it.",
        setup=(COMMISSION, WRITE_OFF),
    ),
    refused(
        "repaying twice what was never estimated",
        "repay FRAUD-1 --all",
        "FRAUD-1 is closed on 2026-07-15",
        instead="reopens it.",
        setup=(UNESTIMATED, REPAY_ALL),
    ),
    *(
        refused(
            f"reopening without {missing}",
            f"revise FRAUD-1 --{given} 10{'/year' * (given == 'interest')} --because x",
            "FRAUD-1 is closed on 2026-07-15: to reopen it, the principal and the interest must both be given",
            instead="`debt revise FRAUD-1 --principal A --interest I --because …`",
            setup=(COMMISSION, REPAY_ALL),
        )
        for missing, given in (("interest", "principal"), ("principal", "interest"))
    ),
    *(
        refused(
            f"{name} on a reversed item",
            line,
            "FRAUD-1 was opened in error and reversed: it takes only notes",
            instead="`debt show FRAUD-1`",
            setup=(COMMISSION, "reverse 3 --because x"),
        )
        for name, line in ENTRIES.items()
        if name not in ANY_ITEM
    ),
]

ESTIMATES = [
    refused(
        "adopting what is unestimated",
        ADOPT,
        "FRAUD-1 is unestimated",
        "its size comes first",
        instead="`debt revise FRAUD-1 --principal A --because …`, then adopt it.",
        setup=(UNESTIMATED,),
    ),
    refused(
        "a part repayment of what is unestimated",
        REPAY,
        "FRAUD-1 is unestimated",
        "EUR 100.00",
        instead="`debt revise FRAUD-1 --principal A --because …`; `debt repay FRAUD-1 --all` closes it.",
        setup=(UNESTIMATED,),
    ),
    refused(
        "interest on what is unestimated",
        "revise FRAUD-1 --interest 5/year --because x",
        "FRAUD-1 is unestimated: interest needs a principal",
        instead="Give --principal as well.",
        setup=(UNESTIMATED,),
    ),
    refused(
        "adopting debt",
        ADOPT,
        "FRAUD-1 is debt already on 2026-03-01",
        instead="`debt renew FRAUD-1 …`",
        setup=(COMMISSION,),
    ),
    refused(
        "a revision to nothing",
        "revise FRAUD-1 --principal 0 --because x",
        "--principal 0 is no estimate",
        instead="`debt write-off FRAUD-1 --because …`",
        setup=(COMMISSION,),
    ),
    *(
        refused(
            f"a revision that changes nothing, {number}",
            f"revise FRAUD-1 {given} --because x",
            "the revision changes nothing",
            instead="`debt note FRAUD-1 TEXT`",
            setup=(COMMISSION,),
        )
        for number, given in enumerate(
            ("--principal 1000", "--interest 10%", "--principal 1000.00 --interest 25/quarter")
        )
    ),
    wrong_usage("a revision of nothing", "revise FRAUD-1 --because x", "Missing: --principal or --interest."),
]


@pytest.mark.parametrize("row", [*DAYS, *LAWS, *CLOSED, *ESTIMATES])
def test_the_books_refuse(teller: Teller, row: Row) -> None:
    """Nothing on a forbidden day, beyond what is owed, on what is closed, or that says nothing."""
    row.check(teller)


@pytest.mark.parametrize(
    "lines",
    [
        pytest.param((COMMISSION, REPAY_ALL, "note FRAUD-1 seen"), id="a-note-on-a-closed-item"),
        pytest.param((COMMISSION, "reverse 3 --because x", "note FRAUD-1 seen"), id="a-note-on-a-reversed-item"),
        pytest.param((COMMISSION, REPAY_ALL, "reverse 4 --because x"), id="a-reversal-on-a-closed-item"),
        pytest.param(
            (COMMISSION, REPAY_ALL, "revise FRAUD-1 --principal 5 --interest 0 --because x"), id="a-reopening"
        ),
        pytest.param((COMMISSION, f"{ENTRIES['repay']} --late"), id="late-on-an-allowed-day"),
        pytest.param((OBSERVE, ADOPT, "repay FRAUD-1 100 --on 2026-03-01"), id="on-the-day-of-the-barrier"),
        pytest.param((COMMISSION, "repay FRAUD-1 100 --spent 0"), id="work-that-cost-nothing"),
        pytest.param((UNESTIMATED, WRITE_OFF), id="writing-off-what-is-unestimated"),
    ],
)
def test_the_books_accept(teller: Teller, lines: tuple[str, ...]) -> None:
    """The neighbours of the refusals are recorded."""
    teller.do(*lines)
    assert teller.position == 2 + len(lines)


def test_late_on_an_allowed_day_changes_nothing(teller: Teller) -> None:
    """`--late` is no reason to move an entry that may stand where it is."""
    receipt = teller.do(COMMISSION, f"{REPAY} --late --format json").json
    assert receipt["effective_on"] == "2026-02-15"
    assert teller.ask("log FRAUD-1")[-1]["data"]["occurred_on"] is None
