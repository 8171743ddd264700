"""The ML Test Score on the command line: answers with evidence, points per section, the weakest one counts."""

from __future__ import annotations

import pytest

from ledger.vocabulary.ml_test_score import TESTS
from tests.helpers.refusals import one_line
from tests.helpers.teller import Teller


def test_a_system_without_answers_scores_nothing(teller: Teller) -> None:
    found = teller.ask("score FRAUD")
    assert (found["score"], found["answered"], set(found["points"].values())) == ("0", 0, {"0"})
    assert [test["test"] for test in found["tests"]] == list(TESTS)
    assert {(test["answer"], test["points"]) for test in found["tests"]} == {(None, "0")}


def test_an_answer_is_shown_with_its_evidence(teller: Teller) -> None:
    teller.do("score FRAUD data-3 manual --evidence wiki/costs --on 2026-07-01")
    found = next(test for test in teller.ask("score FRAUD")["tests"] if test["test"] == "data-3")
    assert found == {
        "section": "data",
        "test": "data-3",
        "asks": TESTS["data-3"].asks,
        "answer": "manual",
        "points": "0.5",
        "evidence": "wiki/costs",
        "answered_on": "2026-07-01",
        "answered_by": "ada",
    }


def test_the_score_is_the_weakest_sections(teller: Teller) -> None:
    """Data 3.5, model 2, infrastructure 1.5, monitoring 7: the score is 1.5."""
    for section, answers in {
        "data": ["automated"] * 3 + ["manual"],
        "model": ["automated", "manual", "manual", "no"],
        "infrastructure": ["manual"] * 3,
        "monitoring": ["automated"] * 7,
    }.items():
        for number, answer in enumerate(answers, start=1):
            teller.do(f"score FRAUD {section}-{number} {answer} --evidence ci/{section}")
    found = teller.ask("score FRAUD")
    assert found["points"] == {"data": "3.5", "model": "2", "infrastructure": "1.5", "monitoring": "7"}
    assert (found["score"], found["answered"]) == ("1.5", 18)
    table = teller.do("score FRAUD").out
    assert "ML Test Score of FRAUD on 2026-07-15: 1.5 of 7, that of infrastructure." in table
    assert "10 of 28 tests have no answer, and count as 'no'." in table


def test_a_later_answer_replaces_the_earlier_one(teller: Teller) -> None:
    teller.do("score FRAUD DATA-3 automated --evidence ci/3 --on 2026-07-01", "score FRAUD data-3 no --on 2026-07-10")
    assert teller.ask("score FRAUD")["points"]["data"] == "0"
    assert teller.ask("score FRAUD --as-of 2026-07-09")["points"]["data"] == "1"


@pytest.mark.parametrize(
    ("typed", "code", "said"),
    [
        ("score FRAUD data-3", 2, "Missing: ANSWER."),
        ("score FRAUD --evidence x", 2, "Missing: TEST, ANSWER."),
        ("score FRAUD data-3 yes", 2, "'yes' is not one of 'no', 'manual', 'automated'"),
        ("score FRAUD data-8 no", 1, "The ML Test Score has no test 'data-8'"),
        ("score FRAUD data-3 manual", 1, "That data-3 is run (manual) needs evidence"),
        ("score FRAUD data-3 automated", 1, "That data-3 is run (automated) needs evidence"),
        ("score FRAUD data-3 no --as-of 2026-07-01", 2, "what is recorded takes --on"),
        ("score FROD", 1, "There is no system FROD"),
        ("score FROD data-3 no", 1, "There is no system FROD"),
    ],
)
def test_an_answer_that_does_not_count_is_refused(teller: Teller, typed: str, code: int, said: str) -> None:
    before = teller.counts
    reply = teller.type(typed)
    assert (reply.exit_code, reply.out, teller.counts) == (code, "", before)
    assert said in one_line(reply.err)


def test_hostile_evidence_stays_a_text(teller: Teller) -> None:
    teller.do("score FRAUD data-1 manual --evidence '=1+1\x1b[2J'")
    table = teller.do("score FRAUD").out
    assert ("\x1b" in table, "=1+1�[2J" in table) == (False, True)
    assert teller.do("score FRAUD --format csv").csv[0]["evidence"] == "'=1+1\x1b[2J"
    assert teller.ask("score FRAUD")["tests"][0]["evidence"] == "=1+1\x1b[2J"
