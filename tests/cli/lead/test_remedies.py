"""What a message suggests is typed as it stands, its capitals filled in, and is accepted."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from tests.helpers.lines import (
    ADOPT,
    CLOSE_Q1,
    COMMISSION,
    GATE,
    OBSERVE,
    RATE,
    REPAY_ALL,
    REVISE,
    UNESTIMATED,
    UNTESTED,
)
from tests.helpers.refusals import suggestions
from tests.helpers.teller import Teller

#: What is typed where a suggestion has a word in capitals, or an ellipsis.
FILLED = {
    "WHO": "Ada",
    "WHY": "'launch in May'",
    "WHAT": "'two months'",
    "QUARTER": "2026Q4",
    "DATE": "2026-07-01",
    "NAME": "'New system'",
    "AMOUNT": "800",
    "TEXT": "'looked again'",
    " A ": " 1200 ",
    " I ": " 5/month ",
    " T": " red",
    "…": "'was wrong'",
}


@dataclass(frozen=True)
class Remedy:
    """A line that is refused, and the suggestion (by number) that is typed instead; then: what is typed after that."""

    typed: str
    setup: tuple[str, ...] = ()
    number: int = 0
    then: tuple[str, ...] = ()


SUGGESTED = {
    "observe-instead": Remedy('commission FRAUD "It\'s $5 of glue" --category glue-code --principal 12.50'),
    "observe-instead-with-all-that-was-said": Remedy(
        "commission FRAUD Glue --category glue-code --principal 15d --interest 2d/month --on 2026-02-01 --late",
        (RATE, COMMISSION, CLOSE_Q1),
    ),
    "observe-instead-of-a-cause": Remedy(COMMISSION.replace("launch in May", "Expedience!"), then=(ADOPT,)),
    "observe-instead-of-a-late-decision": Remedy(f"{COMMISSION} --decided-on 2026-02-02", then=(ADOPT,)),
    "observe-instead-of-endless-missing-tests": Remedy(
        f"commission FRAUD T --category missing-tests --principal 1 --interest 6.5% {GATE}"
    ),
    "adopt-with-all-fields": Remedy("adopt FRAUD-1 --because x", (OBSERVE,)),
    "adopt-missing-tests": Remedy("adopt FRAUD-1", (UNTESTED,)),
    "renew-with-all-fields": Remedy("renew FRAUD-1", (COMMISSION,)),
    "adopt-before-planning": Remedy("plan FRAUD-1 2026Q4", (OBSERVE,), then=("plan FRAUD-1 2026Q4",)),
    "revise-before-adopting": Remedy(ADOPT, (UNESTIMATED,), then=(f"adopt FRAUD-1 {GATE}",)),
    "revise-before-repaying": Remedy("repay FRAUD-1 5", (UNESTIMATED,), then=("repay FRAUD-1 5",)),
    "repay-all-of-the-unestimated": Remedy("repay FRAUD-1 5", (UNESTIMATED,), number=1),
    "repay-the-rest": Remedy("repay FRAUD-1 1200", (COMMISSION,)),
    "reopen": Remedy("repay FRAUD-1 5", (COMMISSION, REPAY_ALL), then=("repay FRAUD-1 5",)),
    "reopen-with-both": Remedy("revise FRAUD-1 --principal 5 --because x", (COMMISSION, REPAY_ALL)),
    "write-off-instead": Remedy("revise FRAUD-1 --principal 0 --because x", (COMMISSION,)),
    "note-instead": Remedy("revise FRAUD-1 --principal 1000 --because x", (COMMISSION,)),
    "reverse-the-barrier-first": Remedy(
        "reverse 4 --because x",
        (COMMISSION, "repay FRAUD-1 5 --on 2026-02-15", REVISE),
        then=("reverse 4 --because x",),
    ),
    "reverse-what-forbids-it-first": Remedy(
        "write-off FRAUD-1 --because x --on 2026-02-15",
        (COMMISSION, "repay FRAUD-1 5 --on 2026-03-15"),
        then=("write-off FRAUD-1 --because x --on 2026-02-15",),
    ),
    "set-a-rate-first": Remedy(
        "observe FRAUD F --category glue-code --cause untracked --principal 5d",
        then=("observe FRAUD F --category glue-code --cause untracked --principal 5d",),
    ),
    "close-the-earlier-quarter-first": Remedy("close 2026Q2", (COMMISSION,), then=("close 2026Q2",)),
    "register-the-system-first": Remedy(
        COMMISSION.replace("FRAUD", "NEW"), number=1, then=(COMMISSION.replace("FRAUD", "NEW"),)
    ),
    "show-how-the-quarter-stands": Remedy("close 2026Q3"),
    "list-what-is-open-on-it": Remedy(COMMISSION, ("system retire FRAUD --because x --on 2026-01-31",)),
}


def _filled(suggestion: str) -> str:
    for capitals, word in FILLED.items():
        suggestion = suggestion.replace(capitals, word)
    return suggestion


@pytest.mark.parametrize("remedy", SUGGESTED.values(), ids=SUGGESTED.keys())
def test_what_is_suggested_is_accepted(teller: Teller, remedy: Remedy) -> None:
    """The command between the backticks works, and so does what was wanted, after it."""
    if remedy.setup:
        teller.do(*remedy.setup)
    refusal = teller.type(remedy.typed)
    assert refusal.exit_code == 1, refusal.err
    teller.do(_filled(suggestions(refusal)[remedy.number]), *remedy.then)


@pytest.mark.parametrize(
    ("setup", "line", "effective_on"),
    [
        pytest.param((COMMISSION, CLOSE_Q1), "repay FRAUD-1 5 --on 2026-02-15", "2026-04-01", id="a-closed-period"),
        pytest.param((OBSERVE, ADOPT), "repay FRAUD-1 5 --on 2026-02-15", "2026-03-01", id="a-barrier"),
        pytest.param((COMMISSION, CLOSE_Q1), OBSERVE, "2026-04-01", id="an-opening"),
        pytest.param(
            (COMMISSION, CLOSE_Q1, f"{OBSERVE} --late"),
            "repay FRAUD-2 5 --on 2026-02-15",
            "2026-04-01",
            id="between-the-day-and-the-entry-of-a-late-opening",
        ),
        pytest.param((COMMISSION, CLOSE_Q1), "rate set 800 --from 2026-02-15", "2026-04-01", id="a-rate"),
        pytest.param(
            (COMMISSION, CLOSE_Q1), "system change FRAUD --team blue --on 2026-02-15", "2026-04-01", id="an-owner"
        ),
    ],
)
def test_late_posts_it_on_the_day_that_the_refusal_names(
    teller: Teller, setup: tuple[str, ...], line: str, effective_on: str
) -> None:
    """`--late` records on the first day allowed and keeps the day it happened."""
    teller.do(*setup)
    refusal = teller.type(line)
    assert refusal.exit_code == 1
    assert f"The first day allowed is {effective_on}; `--late`" in refusal.err
    assert teller.ask(f"{line} --late")["effective_on"] == effective_on
    happened_on = line.rpartition(" ")[2]
    assert teller.ask("log")[-1]["data"]["occurred_on"] == happened_on


def test_an_unsure_quarter_is_closed_on_the_day_that_is_suggested(teller: Teller) -> None:
    """A close dated too early is told how to be closed today."""
    refusal = teller.type("close 2026Q1 --on 2026-03-31")
    teller.do(*suggestions(refusal))
    assert teller.ask("log")[-1]["effective_on"] == "2026-07-15"
