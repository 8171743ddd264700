"""Explanations and confounding cases on the command line: recorded, listed, held against a threshold."""

from __future__ import annotations

import subprocess
import sys
from datetime import timedelta

import pytest

from ledger.cli.systems.documents import pass_rate
from tests.helpers.refusals import one_line
from tests.helpers.teller import Teller

EXPLAIN = (
    "explain FRAUD --scope local --method 'SHAP values' --artifact wiki/shap --audience 'case workers' --quality fair"
)
CASE = "robustness FRAUD rotated --perturbation 'rotated 90°' --passed 3 --of 100 --data s3://rotated"


MONITOR = "monitor FRAUD labels --what drift --threshold 0.1 --alerts no --remediation manual --plan retrain"
SCORE = "score FRAUD data-1 manual --evidence wiki"


@pytest.mark.parametrize("line", [MONITOR, EXPLAIN, CASE, SCORE])
def test_a_document_sent_twice_counts_once(teller: Teller, line: str) -> None:
    """With a key it is the first receipt again; without one, on the same day, it is refused."""
    first = teller.ask(f"{line} --key k-1")
    assert teller.ask(f"{line} --key k-1") == first
    reply = teller.type(line)
    assert (reply.exit_code, teller.position, "was recorded before" in reply.err) == (1, 3, True)


# --- explanations -----------------------------------------------------------------------------------


def test_an_explanation_is_listed_with_since_when_it_exists(teller: Teller) -> None:
    teller.do(f"{EXPLAIN} --on 2026-05-01 --evidence review-3")
    teller.do(EXPLAIN.replace("local", "global").replace("SHAP values", "surrogate tree"))
    first, second = teller.ask("explain FRAUD")
    assert first == {
        "scope": "local",
        "method": "SHAP values",
        "artifact": "wiki/shap",
        "audience": "case workers",
        "quality": "fair",
        "since": "2026-05-01",
        "documented_by": "ada",
        "evidence": "review-3",
    }
    assert (second["scope"], second["method"], second["since"]) == ("global", "surrogate tree", "2026-07-15")
    assert [each["scope"] for each in teller.ask("explain FRAUD --as-of 2026-07-14")] == ["local"]


@pytest.mark.parametrize(
    ("typed", "code", "said"),
    [
        ("explain FRAUD --scope local", 2, "Missing: --method, --artifact, --audience, --quality."),
        ("explain FRAUD --quality good", 2, "Missing: --scope, --method, --artifact, --audience."),
        (EXPLAIN.replace("local", "regional"), 2, "'regional' is not one of 'local', 'global'"),
        (EXPLAIN.replace("wiki/shap", "x" * 100_001), 1, "--artifact has 100001 characters"),
        (f"{EXPLAIN} --as-of 2026-05-01", 2, "what is recorded takes --on"),
        ("explain FROD", 1, "There is no system FROD"),
    ],
)
def test_an_explanation_without_its_words_is_refused(teller: Teller, typed: str, code: int, said: str) -> None:
    before = teller.counts
    reply = teller.type(typed)
    assert (reply.exit_code, reply.out, teller.counts) == (code, "", before)
    assert said in one_line(reply.err)


# --- cases ------------------------------------------------------------------------------------------


def test_the_pass_rate_of_each_case_is_listed_over_time(teller: Teller) -> None:
    """By case, then by day, in whatever order they were recorded."""
    for day, case, passed in (("07-10", "b", 7), ("07-10", "a", 9), ("07-01", "b", 5)):
        teller.do(
            f"{CASE.replace('rotated --', f'{case} --').replace('--passed 3', f'--passed {passed}')} --on 2026-{day}"
        )
    listed = teller.ask("robustness FRAUD")
    assert [(each["case"], each["on"], each["pass_rate"]) for each in listed] == [
        ("a", "2026-07-10", "0.090000"),
        ("b", "2026-07-01", "0.050000"),
        ("b", "2026-07-10", "0.070000"),
    ]
    assert {name: listed[0][name] for name in ("perturbation", "passed", "of", "data")} == {
        "perturbation": "rotated 90°",
        "passed": 9,
        "of": 100,
        "data": "s3://rotated",
    }
    assert "9.0 %" in teller.do("robustness FRAUD").out


@pytest.mark.parametrize(
    ("passed", "of", "rate"), [(0, 7, "0.000000"), (1, 3, "0.333333"), (2, 3, "0.666667"), (7, 7, "1.000000")]
)
def test_a_pass_rate_is_a_decimal_of_six_digits(passed: int, of: int, rate: str) -> None:
    assert pass_rate(passed, of) == rate


@pytest.mark.parametrize(
    ("passed", "of", "threshold", "verdict"),
    [
        (1, 2, "0.9", "undecided"),
        (0, 9, "0.9", "undecided"),
        (9, 10, "0.9", "undecided"),
        (36, 36, "0.9", "kept"),
        (89, 100, "0.9", "undecided"),
        (80, 100, "0.9", "broken"),
        # 0.8999999 is at the threshold, as far as ten million inputs can tell.
        (8_999_999, 10_000_000, "0.9", "undecided"),
    ],
)
def test_a_threshold_makes_it_a_measurement(teller: Teller, passed: int, of: int, threshold: str, verdict: str) -> None:
    line = CASE.replace("--passed 3 --of 100", f"--passed {passed} --of {of}")
    found = teller.ask(f"{line} --threshold {threshold}")
    assert (found["what"], found["verdict"], found["rows"], found["threshold"]) == (
        "robustness",
        verdict,
        of,
        threshold,
    )
    assert found["settings"] == {"case": ["rotated"], "perturbation": ["rotated 90°"], "data": ["s3://rotated"]}
    assert [each["stored_as"] for each in teller.ask("log FRAUD")][1:] == [
        "robustness-documented/1",
        "expectation-measured/2",
    ]


def test_without_a_threshold_nothing_is_measured(teller: Teller) -> None:
    assert teller.ask(CASE)["stored_as"] == "robustness-documented/1"
    assert teller.position == 3


def test_a_monitor_gives_its_threshold_and_a_breach_its_exit_code(teller: Teller) -> None:
    teller.do("monitor FRAUD turns --what robustness --threshold 0.5 --alerts yes --remediation manual --plan retrain")
    reply = teller.type(f"{CASE} --monitor turns --fail-on breach")
    assert (reply.exit_code, "threshold 0.5: BROKEN" in reply.out) == (4, True)
    assert teller.position == 5


def test_a_case_sent_twice_with_one_key_counts_once(teller: Teller) -> None:
    """The case and its measurement, both; after midnight too."""
    line = f"{CASE} --threshold 0.9 --key k-1"
    first = teller.ask(line)
    recorded = teller.counts
    teller.clock.now += timedelta(days=1)
    assert teller.ask(line) == first
    assert (teller.counts, teller.position) == (recorded, 4)


def test_a_dry_run_records_nothing(teller: Teller) -> None:
    assert teller.ask(f"{CASE} --threshold 0.9 --dry-run")["verdict"] == "broken"
    assert teller.position == 2


@pytest.mark.parametrize(
    ("typed", "code", "said"),
    [
        ("robustness FRAUD rotated", 2, "Missing: --perturbation, --passed, --of, --data."),
        ("robustness FRAUD --passed 0", 2, "Missing: CASE, --perturbation, --of, --data."),
        (CASE.replace("--passed 3", "--passed 101"), 1, "101 of 100 cannot have come out right"),
        (CASE.replace("--passed 3", "--passed -1"), 1, "-1 of 100 cannot have come out right"),
        (CASE.replace("--passed 3 --of 100", "--passed 0 --of 0"), 1, "0 of 0 cannot have come out right"),
        (f"{CASE.replace('--of 100', '--of 0')} --threshold 0.9 --dry-run", 1, "3 of 0 cannot have come out right"),
        (f"{CASE} --threshold 90%", 2, "'90%' is no decimal number"),
        (f"{CASE} --fail-on breach", 2, "need something to break: --threshold, or --monitor"),
        (f"{CASE} --monitor turns", 1, "FRAUD has no monitor 'turns'"),
        (f"{CASE} --as-of 2026-05-01", 2, "what is recorded takes --on"),
        (CASE.replace("FRAUD", "FROD"), 1, "There is no system FROD"),
    ],
)
def test_a_case_that_cannot_be_is_refused(teller: Teller, typed: str, code: int, said: str) -> None:
    before = teller.counts
    reply = teller.type(typed)
    assert (reply.exit_code, reply.out, teller.counts) == (code, "", before)
    assert said in one_line(reply.err)


def test_a_monitor_of_another_kind_gives_no_threshold(teller: Teller) -> None:
    teller.do("monitor FRAUD drifts --what drift --threshold 0.5 --alerts yes --remediation manual --plan retrain")
    reply = teller.type(f"{CASE} --monitor drifts")
    assert (reply.exit_code, teller.position) == (1, 3)
    assert "'drifts' watches drift, not robustness" in one_line(reply.err)


@pytest.mark.parametrize(
    ("line", "listed", "column"),
    [
        (EXPLAIN.replace("'SHAP values'", "'=1+1\x1b[2J'"), "explain FRAUD", "method"),
        (CASE.replace("'rotated 90°'", "'=1+1\x1b[2J'"), "robustness FRAUD", "perturbation"),
    ],
)
def test_hostile_texts_stay_texts(teller: Teller, line: str, listed: str, column: str) -> None:
    """No escape sequence on a terminal, no formula in a spreadsheet; JSON keeps them as they are."""
    teller.do(line)
    table = teller.do(listed).out
    assert ("\x1b" in table, "=1+1�[2J" in table) == (False, True)
    assert teller.do(f"{listed} --format csv").csv[0][column] == "'=1+1\x1b[2J"
    assert teller.ask(listed)[0][column] == "=1+1\x1b[2J"


@pytest.mark.parametrize("listed", ["explain FRAUD", "robustness FRAUD"])
def test_nothing_documented_is_told_with_what_would_document_it(teller: Teller, listed: str) -> None:
    reply = teller.do(listed)
    assert (reply.out, f"`debt {listed}" in reply.err) == ("", True)
    assert teller.ask(listed) == []


def test_documents_need_no_library_that_measures() -> None:
    """Nor one that only a table needs."""
    program = (
        "import sys\n"
        "from ledger.cli.systems import datasheets, documents, measure, monitors, scores\n"
        "heavy = 'pandas numpy pyarrow scipy sklearn skops statsmodels radon matplotlib openpyxl rich'\n"
        "sys.exit(', '.join(set(heavy.split()) & set(sys.modules)) or None)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
