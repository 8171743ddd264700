"""What a refusal says where several rules would refuse: the reason that helps."""

from __future__ import annotations

import pytest

from tests.decide.test_laws import refusal_of
from tests.model.commands import Command
from tests.model.corners import Q1
from tests.model.shorthand import adopt, commission, observe, renew, repay, revise, unestimated, write_off

STORIES: dict[str, tuple[Command, tuple[Command, ...]]] = {
    "FRAUD-1 is closed on 2026-03-01: nothing is outstanding": (
        repay("10", "03-01"),
        (commission(), repay(None, "02-01")),
    ),
    "FRAUD-1 is closed on 2026-03-02: nothing is outstanding": (
        write_off("03-02"),
        (unestimated(), repay(None, "02-01")),
    ),
    "Cannot repay FRAUD-1 on 2026-02-01: later entries have closed it already": (
        repay("10", "02-01"),
        (commission(), repay(None, "03-01")),
    ),
    "Cannot repay FRAUD-1 on 2026-02-02: later entries have closed it already": (
        repay(None, "02-02"),
        (commission(), repay(None, "03-01")),
    ),
    "FRAUD-1 is unestimated: there is no principal to take EUR 10.00 from": (repay("10", "02-01"), (unestimated(),)),
    "Nothing can be recorded on 2026-02-01: the books are closed to 2026-03-31": (
        repay("10", "02-01"),
        (commission(), Q1),
    ),
    "Nothing can be recorded on 2026-02-15: the books are closed to 2026-03-31": (
        repay("10", "02-15"),
        (commission(), revise("02-01", "500"), Q1),
    ),
    "Nothing can be recorded on 2026-04-15: FRAUD-1 was revised on 2026-05-01 (position 6)": (
        repay("10", "04-15"),
        (commission(), Q1, revise("05-01", "500")),
    ),
    "--principal 0 is no estimate": (revise("02-01", "0"), (commission(),)),
    "Neither --principal nor --interest is given": (revise("02-01"), (commission(),)),
    "FRAUD-1 is unestimated: interest needs a principal": (revise("02-01", None, "1/year"), (unestimated(),)),
    "FRAUD-1 is closed on 2026-03-01: to reopen it, the principal and the interest must both be given": (
        revise("03-01", "10"),
        (commission(), repay(None, "02-01")),
    ),
    "FRAUD-1 is closed on 2026-03-03: to reopen it, the principal and the interest must both be given": (
        revise("03-03", None, "1/year"),
        (commission(), repay(None, "02-01")),
    ),
    "--benefit WHAT --repay-by QUARTER`": (adopt(decided_by=None), (observe(),)),
    "--benefit WHAT --repay-by QUARTER --until DATE`": (adopt(), (observe(category="missing-tests"),)),
    "FRAUD-1 has that estimate already on 2026-02-01": (revise("02-01", "1000"), (commission("1000"),)),
}


@pytest.mark.parametrize("words", STORIES)
def test_a_refusal_says_why(words: str) -> None:
    command, before = STORIES[words]
    assert words in refusal_of(command, *before)


#: What the contract asks of a decision to take on debt; a renewal needs all of it but the benefit.
DECISION = ("decided_by", "because", "repay_by")


@pytest.mark.parametrize("field", [*DECISION, "benefit"])
def test_an_adoption_names_what_is_missing(field: str) -> None:
    said = refusal_of(adopt(**{field: None}), observe())
    assert f"Cannot adopt FRAUD-1: --{field.replace('_', '-')} is missing" in said


@pytest.mark.parametrize("field", DECISION)
def test_a_renewal_names_what_is_missing(field: str) -> None:
    said = refusal_of(renew("02-01", **{field: None}), commission())
    assert f"Cannot renew FRAUD-1: --{field.replace('_', '-')} is missing" in said
