"""A risk that a debt carries: until its term ends its breaches fail nothing, afterwards they are breaches again."""

from __future__ import annotations

from datetime import date

import pytest

from ledger.queries.register.documents import documents
from ledger.queries.register.expectations import readiness_views
from ledger.queries.register.items import register
from ledger.queries.register.systems import systems
from ledger.services.open_ledger import open_ledger
from tests.helpers.teller import Teller

TAKEN = (
    "commission FRAUD 'No retraining' --category {category} --principal 9000 --decided-by anna --because fair "
    "--benefit speed --repay-by 2026Q2 --on 2026-04-10{until}"
)
MONITOR = (
    "monitor FRAUD turns --what robustness --threshold 0.9 --alerts no --remediation manual --plan retrain "
    "--carried-by FRAUD-1 --on 2026-04-10"
)
CASE = "robustness FRAUD {case} --perturbation dark --passed {passed} --of 100 --data d1 --monitor turns --on {on}"
END = "2026-06-30"


def broken(on: str, passed: int = 30, case: str = "nights") -> str:
    return CASE.format(on=on, passed=passed, case=case) + " --record --fail-on breach"


@pytest.fixture
def carried(teller: Teller) -> Teller:
    """FRAUD-1 carries the risk of the monitor, to the end of June."""
    teller.do(TAKEN.format(category="staleness", until=""), MONITOR)
    return teller


def counted(teller: Teller) -> tuple[int, int]:
    """Items opened by breaches, and pieces of evidence."""
    stored = [event["stored_as"] for event in teller.ask("log")]
    return stored.count("neglect-observed/1"), stored.count("evidence-added/2")


def test_within_its_term_a_breach_is_carried_and_fails_nothing(carried: Teller) -> None:
    for on, passed in (("2026-04-10", 30), (END, 29)):
        reply = carried.type(broken(on, passed))
        assert (reply.exit_code, counted(carried)) == (0, (0, 0)), reply.err
        assert "BROKEN, CARRIED" in reply.out
        assert f"carries this risk knowingly, decided by anna, until {END}" in reply.err


def test_past_its_term_a_breach_is_one_and_evidence_on_the_debt(carried: Teller) -> None:
    reply = carried.type(broken("2026-07-01"))
    assert (reply.exit_code, counted(carried)) == (4, (0, 1))
    assert f"the term of FRAUD-1 ended on {END}: it carries this risk no longer" in reply.err
    assert carried.type(broken("2026-07-02", case="snow")).exit_code == 4
    assert counted(carried) == (0, 2)


def test_renewed_it_carries_again_and_closed_a_breach_opens_an_item(carried: Teller) -> None:
    carried.do("renew FRAUD-1 --repay-by 2026Q3 --decided-by anna --because 'not yet' --on 2026-07-01")
    assert carried.type(broken("2026-07-02")).exit_code == 0
    carried.do("repay FRAUD-1 --all --on 2026-07-03")
    assert (carried.type(broken("2026-07-04")).exit_code, counted(carried)) == (4, (1, 0))


def test_a_debt_for_a_time_carries_until_that(teller: Teller) -> None:
    teller.do(TAKEN.format(category="missing-tests", until=" --until 2026-05-31"), MONITOR)
    assert [teller.type(broken(on)).exit_code for on in ("2026-05-31", "2026-06-01")] == [0, 4]


def test_expectations_say_who_carries_it_and_until_when(carried: Teller) -> None:
    carried.type(broken("2026-06-20"))
    (reliable, *_) = carried.ask(f"expectations FRAUD --as-of {END}")["expectations"]
    assert (reliable["stands"], reliable["carried_by"], reliable["carried_until"]) == ("broken", "FRAUD-1", END)
    assert f"broken, carried by FRAUD-1 until {END}" in carried.do(f"expectations FRAUD --as-of {END}").out
    (later, *_) = carried.ask("expectations FRAUD --as-of 2026-07-01")["expectations"]
    assert (later["stands"], later["carried_by"]) == ("broken", None)


@pytest.mark.parametrize(("on", "until"), [(END, END), ("2026-07-01", None)])
def test_the_pack_says_so_too(carried: Teller, on: str, until: str | None) -> None:
    carried.type(broken("2026-06-20"))
    day = date.fromisoformat(on)
    with open_ledger(f"sqlite:///{carried.path}", actor="ada").reader() as reader:
        said = documents(reader, day)
        (row,) = readiness_views(reader, said, systems(reader, day), register(reader, day), day)
    (standing,) = row.standing
    assert (str(standing.carried_until) if standing.carried_until else None) == until


def test_what_nobody_carries_is_the_worse(carried: Teller) -> None:
    """Measured by hand, beside the monitor."""
    carried.type(broken("2026-06-20"))
    carried.do("robustness FRAUD turned --perturbation 90 --passed 1 --of 20 --data d --threshold 0.5 --on 2026-06-19")
    (reliable, *_) = carried.ask(f"expectations FRAUD --as-of {END}")["expectations"]
    assert (reliable["stands"], reliable["carried_by"]) == ("broken", None)


def test_one_case_says_nothing_of_another(carried: Teller) -> None:
    """Neither of how the expectation stands, nor of what is to be repaid."""
    carried.do("repay FRAUD-1 --all --on 2026-04-11")
    assert carried.type(broken("2026-06-01")).exit_code == 4
    kept = carried.do(CASE.format(on="2026-06-02", passed=95, case="snow") + " --record")
    assert "repay" not in kept.err
    (reliable, *_) = carried.ask(f"expectations FRAUD --as-of {END}")["expectations"]
    assert reliable["stands"] == "broken"
    again = carried.do(CASE.format(on="2026-06-03", passed=96, case="nights") + " --record")
    assert "debt repay FRAUD-2 --all" in again.err


def test_what_was_neglect_then_carried_nothing_and_stands_for_the_breach(teller: Teller) -> None:
    """A monitor may name what was adopted since."""
    teller.do(
        "observe FRAUD 'No retraining' --category staleness --cause missed-maintenance --principal 9000 --on 2026-04-10",
        "adopt FRAUD-1 --decided-by anna --because fair --benefit speed --repay-by 2026Q4 --on 2026-05-01",
        MONITOR.replace("2026-04-10", "2026-05-01"),
    )
    reply = teller.type(broken("2026-05-01"))
    assert (reply.exit_code, "CARRIED" in reply.out) == (0, True)
    teller.do("reverse 4 --because 'not decided after all'")
    reply = teller.type(broken("2026-05-02"))
    assert (reply.exit_code, counted(teller)) == (4, (1, 1))
    assert "FRAUD-1 was neglect on 2026-05-02: the breach is evidence on it." in reply.err
