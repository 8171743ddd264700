"""A threshold that nobody can keep, or break, is refused wherever one is said, and nothing is recorded."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from ledger.measures.kit.pass_rates import judged_rate
from ledger.services.open_ledger import open_ledger
from ledger.vocabulary.errors import LedgerError
from ledger.vocabulary.measurements import KINDS, Measurement
from tests.helpers.teller import Teller

HOW = "--alerts no --remediation manual --plan retrain"
#: Of each kind what cannot be, and what still can.
REFUSED = dict.fromkeys(KINDS, ("1", "9", "-0.1")) | {"robustness": ("0", "1", "9", "-0.1")}
ALLOWED = dict.fromkeys(KINDS, ("0", "0.999")) | {"robustness": ("0.001", "0.999")}
CASES = [(what, threshold) for what, every in REFUSED.items() for threshold in every]


def documenting(what: str, threshold: str) -> str:
    return f"monitor FRAUD m --what {what} --threshold={threshold} {HOW}"


@pytest.mark.parametrize(("what", "threshold"), CASES)
def test_a_monitor_is_not_documented_with_it(teller: Teller, what: str, threshold: str) -> None:
    before = teller.position
    reply = teller.type(documenting(what, threshold))
    assert reply.exit_code in (1, 2)
    assert "is expected" in reply.err or "no decimal" in reply.err
    assert teller.position == before


@pytest.mark.parametrize(("what", "threshold"), [(what, each) for what, every in ALLOWED.items() for each in every])
def test_a_monitor_is_documented_up_to_the_bound(teller: Teller, what: str, threshold: str) -> None:
    """Also without a setting: it is watched by hand then."""
    teller.do(documenting(what, threshold))


def test_of_numbers_a_gap_may_be_larger_than_one(teller: Teller) -> None:
    teller.do(f"{documenting('prediction-bias', '1.5')} --kind numbers")
    assert "--kind numbers" in teller.type(documenting("prediction-bias", "1.5")).err


def test_a_ratio_of_1_is_refused(teller: Teller) -> None:
    assert teller.type(f"{documenting('prediction-bias', '0.1')} --ratio 1").exit_code == 2


@pytest.mark.parametrize(("what", "threshold"), CASES)
def test_from_python_no_measurement_is_recorded_with_it(teller: Teller, what: str, threshold: str) -> None:
    """Of a prediction bias the measure alone knows whether it is one of numbers, and has refused it."""
    if what == "prediction-bias" and not threshold.startswith("-"):
        return
    books = open_ledger(f"sqlite:///{teller.path}", actor="ada")
    found = Measurement(what, "0.5", threshold, "undecided", 100, {}, (), {}, {})
    with pytest.raises(LedgerError, match="--threshold is"):
        books.record_measurement(found, "FRAUD")


@pytest.mark.parametrize("threshold", REFUSED["robustness"])
@pytest.mark.parametrize("form", ["", "--dry-run", "--record"])
def test_no_case_is_held_against_it(teller: Teller, threshold: str, form: str) -> None:
    case = f"robustness FRAUD dark --perturbation dark --passed 5 --of 10 --data d --threshold={threshold} {form}"
    before = teller.position
    assert teller.type(case).exit_code == 2
    Path("suite.py").write_text("raise RuntimeError('run')")
    Path("file").touch()
    run = f"robustness run FRAUD suite.py --model file --data file --trust --threshold={threshold} {form}"
    reply = teller.type(run)
    assert (reply.exit_code, "RuntimeError" in reply.err) == (2, False)
    assert teller.position == before


def test_a_refused_pass_rate_says_why_and_what_is_kept_instead(teller: Teller) -> None:
    """The number of inputs that it names is the least that keeps the threshold that it names."""
    told = teller.type(documenting("robustness", "1")).err
    assert (judged_rate(367, 367, Decimal("0.99")).verdict, judged_rate(368, 368, Decimal("0.99")).verdict) == (
        "undecided",
        "kept",
    )
    assert "0.99 is kept by 368 of 368" in told
    assert "nothing would break it" in teller.type(documenting("robustness", "0.0")).err


@pytest.mark.parametrize("threshold", REFUSED["prediction-bias"])
@pytest.mark.parametrize("values", ["yes,yes\nno,yes\n" * 50, "0.2,1\n0.4,0\n" * 50], ids=["labels", "probabilities"])
def test_nothing_is_measured_against_it(teller: Teller, threshold: str, values: str) -> None:
    Path("live.csv").write_text(f"p,y\n{values}")
    before = teller.position
    line = f"measure prediction-bias FRAUD live.csv --predicted p --observed y --threshold={threshold}"
    assert teller.type(line).exit_code == 2
    assert teller.type(line.replace("prediction-bias", "drift").split(" --predicted")[0]).exit_code == 2
    assert teller.position == before
