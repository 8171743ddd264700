"""The gate between debt and neglect: every refusal of design §2, with what its message says."""

from __future__ import annotations

import pytest

from ledger.vocabulary.kinds import CAUSES
from tests.helpers.lines import ADOPT, CLOSE_Q1, COMMISSION, GATE, OBSERVE, RENEW, UNTESTED
from tests.helpers.refusals import Row, refused, wrong_usage
from tests.helpers.teller import Teller

COMMISSION_BARE = "commission FRAUD Glue --category glue-code --principal 1000"
OBSERVE_INSTEAD = "`debt observe FRAUD Glue --category glue-code --cause expedience --principal 1000.00`"
FIELDS = {"decided-by": "Ada", "because": "launch", "benefit": "time", "repay-by": "2026Q4"}


def _without(*missing: str) -> str:
    return " ".join(f"--{field} {value}" for field, value in FIELDS.items() if field not in missing)


def _shouted(cause: str) -> str:
    return cause.upper().replace("-", ". ") + "!"


COMMISSIONS = [
    *(
        refused(
            f"commission without {field}",
            f"{COMMISSION_BARE} {_without(field)}",
            "Cannot commission 'Glue' on FRAUD",
            f"--{field} is missing",
            "nobody decided",
            "is neglect, not debt",
            instead=OBSERVE_INSTEAD,
        )
        for field in FIELDS
    ),
    refused(
        "commission without any of the four",
        COMMISSION_BARE,
        "--decided-by, --because, --benefit and --repay-by are missing",
        instead=OBSERVE_INSTEAD,
    ),
    refused(
        "commission with an empty reason",
        f"{COMMISSION_BARE} {_without('because')} --because '  '",
        "--because is missing",
        instead=OBSERVE_INSTEAD,
    ),
    wrong_usage(
        "commission without gate fields and others",
        "commission FRAUD Glue --principal 1000 --decided-by Ada",
        "Missing: --category, --because, --benefit, --repay-by.",
    ),
    refused(
        "a decision later than the shortcut",
        f"{COMMISSION_BARE} {GATE} --on 2026-02-01 --decided-on 2026-02-02",
        "The decision of 2026-02-02 is later than the shortcut of 2026-02-01",
        "retroactively",
        instead=f"{OBSERVE_INSTEAD[:-1]} --on 2026-02-01`, then `debt adopt ITEM --decided-by",
    ),
    refused(
        "a decision later than a late shortcut",
        f"{COMMISSION_BARE} {GATE} --on 2026-02-01 --late --decided-on 2026-03-01",
        "The decision of 2026-03-01 is later than the shortcut of 2026-02-01",
        instead="--on 2026-02-01 --late`, then `debt adopt",
        setup=(OBSERVE, CLOSE_Q1),
    ),
    *(
        refused(
            f"commission because of {cause}",
            f"{COMMISSION_BARE} {_without('because')} --because '{_shouted(cause)}'",
            f"'{_shouted(cause)}' is a cause of neglect",
            instead=f"--cause {cause} --principal 1000.00`",
        )
        for cause in CAUSES
    ),
    refused(
        "missing tests without an end",
        f"commission FRAUD Untested --category missing-tests --principal 1000 {GATE}",
        "--until is missing",
        "only for a time",
        instead="Add --until DATE, or record it as neglect: `debt observe FRAUD Untested --category missing-tests",
    ),
    refused(
        "missing tests without anything",
        "commission FRAUD Untested --category missing-tests --principal 1000",
        "--decided-by, --because, --benefit, --repay-by and --until are missing",
        instead="`debt observe FRAUD Untested --category missing-tests",
    ),
    wrong_usage(
        "missing tests without principal and end",
        f"commission FRAUD Untested --category missing-tests {GATE}",
        "Missing: --principal, --until.",
    ),
]

OBSERVATIONS = [
    refused(
        "observation without cause",
        "observe FRAUD Glue --category glue-code --principal 1000",
        "--cause is missing",
        instead=f"Causes: {', '.join(CAUSES)}.",
    ),
    wrong_usage("observation without cause and category", "observe FRAUD Glue", "Missing: --category, --cause."),
    refused(
        "observation with a misspelt cause",
        "observe FRAUD Glue --category glue-code --cause coding-eror --principal 1000",
        "There is no cause 'coding-eror'",
        "Did you mean coding-error?",
        instead="Causes: ",
    ),
    refused(
        "interest on what is not estimated",
        "observe FRAUD Glue --category glue-code --cause expedience --interest 5%",
        "--interest without --principal",
        "bears no interest",
        instead="Give --principal as well.",
    ),
]

DECISIONS = [
    *(
        refused(
            f"adoption without {field}",
            f"adopt FRAUD-1 {_without(field)}",
            f"Cannot adopt FRAUD-1: --{field} is missing",
            "stays neglect",
            instead="`debt adopt FRAUD-1 --decided-by WHO --because WHY --benefit WHAT --repay-by QUARTER`",
            setup=(OBSERVE,),
        )
        for field in FIELDS
    ),
    wrong_usage(
        "adoption without item",
        "adopt --because x",
        "Missing: ITEM, --decided-by, --benefit, --repay-by.",
    ),
    refused(
        "adoption of missing tests without an end",
        f"adopt FRAUD-1 {GATE}",
        "--until is missing",
        "only for a time",
        instead="--until DATE`",
        setup=(UNTESTED,),
    ),
    *(
        refused(
            f"renewal without {field}",
            f"renew FRAUD-1 {_without(field, 'benefit')}",
            f"Cannot renew FRAUD-1: --{field} is missing",
            "A new term is a new decision",
            instead="`debt renew FRAUD-1 --until DATE --repay-by QUARTER --decided-by WHO --because WHY`",
            setup=(COMMISSION,),
        )
        for field in ("decided-by", "because", "repay-by")
    ),
    refused(
        "renewal of missing tests without an end",
        RENEW,
        "Cannot renew FRAUD-1: --until is missing",
        instead="`debt renew FRAUD-1 --until DATE",
        setup=(UNTESTED, f"{ADOPT} --until 2026-12-31"),
    ),
    refused(
        "renewal of neglect",
        RENEW,
        "FRAUD-1 is neglect on 2026-07-15",
        "no term to renew",
        instead="`debt adopt FRAUD-1",
        setup=(OBSERVE,),
    ),
    refused(
        "plan of neglect",
        "plan FRAUD-1 2026Q4",
        "FRAUD-1 is neglect on 2026-07-15",
        "does not exist for planning",
        instead="`debt adopt FRAUD-1 --decided-by WHO --because WHY --benefit WHAT --repay-by 2026Q4`",
        setup=(OBSERVE,),
    ),
    refused(
        "plan of what was neglect on that day",
        "plan FRAUD-1 2026Q4 --on 2026-02-15",
        "FRAUD-1 was adopted on 2026-03-01",
        instead="`--late`",
        setup=(OBSERVE, ADOPT),
    ),
]


@pytest.mark.parametrize("row", [*COMMISSIONS, *OBSERVATIONS, *DECISIONS])
def test_the_gate_refuses(teller: Teller, row: Row) -> None:
    """What is not decided, reasoned, useful and planned does not enter as debt."""
    row.check(teller)


@pytest.mark.parametrize(
    "line",
    [
        pytest.param(f"{COMMISSION_BARE} {GATE} --on 2026-02-02 --decided-on 2026-02-02", id="decided-on-the-day"),
        pytest.param(f"{COMMISSION_BARE} {GATE} --on 2026-02-02 --decided-on 2026-01-02", id="decided-before"),
        pytest.param(
            f"commission FRAUD T --category missing-tests --principal 1 {GATE} --until 2026-12-31", id="temporary-tests"
        ),
        pytest.param(
            f"{COMMISSION_BARE} {_without('because')} --because 'expedience, for the launch'", id="more-than-a-cause"
        ),
        pytest.param("observe FRAUD Glue --category glue-code --cause untracked", id="unestimated-neglect"),
    ],
)
def test_the_gate_lets_through(teller: Teller, line: str) -> None:
    """What is decided in time, and what is honest about being neglect, is recorded."""
    teller.do(line)
    assert teller.position == 3


def test_a_cause_may_be_the_reason_of_an_adoption(teller: Teller) -> None:
    """Only a commission asks for another reason: an adoption is about neglect anyway."""
    teller.do(OBSERVE, f"adopt FRAUD-1 {_without('because')} --because 'coding error'")


@pytest.mark.parametrize("cause", ["missed-maintenance", "coding-error"])
def test_the_suggested_observation_names_the_cause_that_was_given_as_a_reason(teller: Teller, cause: str) -> None:
    reply = teller.type(f"{COMMISSION_BARE} {_without('because')} --because '{_shouted(cause)}'")
    assert f"--cause {cause}" in reply.err
