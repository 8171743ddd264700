"""What is typed amiss at `debt measure`: the message names what was typed, and nothing is recorded."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.helpers.teller import Teller

BIAS = "measure prediction-bias FRAUD live.csv --predicted p --observed y"
AMISS = {
    "a slice of the predictions": (f"{BIAS} --slice p", "yes,yes\nno,no\n" * 60, "--slice and --predicted both name 'p'"),
    "a slice of the outcomes": (f"{BIAS} --slice y", "yes,yes\nno,no\n" * 60, "--slice and --observed both name 'y'"),
    "no file": ("measure --monitor rare", "", "FILE is missing: `debt measure --monitor rare FILE`"),
    "another decimal sign": (
        f"{BIAS} --kind numbers --decimal .", '"1,5","1,25"\n"2,5","2,75"\n' * 60, "no number with --decimal '.'"),
    "another sign between thousands": (
        f"{BIAS} --kind numbers --thousands ,", "1.000,1 200\n2.000,2 400\n" * 60, "no number with --thousands ','"),
}  # fmt: skip


@pytest.mark.parametrize("case", AMISS)
def test_the_message_names_what_was_typed(teller: Teller, case: str) -> None:
    line, rows, said = AMISS[case]
    Path("live.csv").write_text(f"p,y\n{rows}")
    before = teller.position
    reply = teller.type(line)
    assert (reply.exit_code, said in " ".join(reply.err.split())) == (2, True), reply.err
    assert teller.position == before


def test_what_a_threshold_lets_pass_is_reckoned(teller: Teller) -> None:
    """0.02 beside 5 in 1000 is five times as many; beside none at all it is no multiple."""
    Path("live.csv").write_text("p,y\n" + "no,no\n" * 993 + "rare,rare\n" * 5 + "odd,no\n" * 2)
    told = " ".join(teller.do(f"{BIAS} --threshold 0.02").out.split())
    assert "within the threshold of 0.02 are" in told
    assert "5.0 times as many of class 'rare' (0.0050 observed)" in told
    assert "up to 0.02 of class 'odd' (none observed)" in told


def test_one_row_is_no_rows(teller: Teller) -> None:
    Path("live.csv").write_text("p,y\nyes,yes\nno,no\n" + "yes,\n")
    told = teller.do(BIAS).out
    assert "1 row has nothing in 'y' yet and is left out" in told
    case = "robustness FRAUD dark --perturbation dark --passed 1 --of 1 --data d --threshold 0.9"
    assert "(1 row;" in teller.do(case).out
