"""`debt measure prediction-bias`: figures on the standard output, a measurement recorded, bad files refused with 2."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.helpers.teller import Teller

MEASURE = "measure prediction-bias FRAUD scored.csv --predicted p --observed y"


def write(name: str, rows: list[tuple[str, int]]) -> None:
    """A CSV of lines, each so many times, in the folder of the test."""
    lines = [line for line, count in rows for _ in range(count)]
    Path(name).write_text("\n".join(["p,y,age,day", *lines]) + "\n")


@pytest.fixture(autouse=True)
def _scored() -> None:
    """The young are told right as often as not; of the old, a fifth are told yes that are none, from May on."""
    write(
        "scored.csv",
        [
            ("yes,yes,young,2026-04-01", 300),
            ("yes,no,young,2026-04-02", 20),
            ("no,yes,young,2026-04-02", 20),
            ("no,no,young,2026-04-30", 300),
            ("yes,yes,old,2026-05-01", 100),
            ("yes,no,old,2026-05-02", 80),
            ("no,yes,old,2026-05-02", 10),
            ("no,no,old,2026-05-31", 200),
        ],
    )


def test_a_bias_is_printed_with_its_slice_first_and_recorded(teller: Teller) -> None:
    """One event, with the file's fingerprint and how it was measured."""
    reply = teller.do(f"{MEASURE} --slice age --time day --by month")
    first, *_ = reply.out.splitlines()
    assert "age=old" in first or "2026-05" in first
    assert "First broken period: 2026-05." in reply.out
    assert "BROKEN" in reply.out
    (event,) = [one for one in teller.do("log --format json").json if one["stored_as"] == "expectation-measured/2"]
    data = event["data"]
    assert (data["what"], data["value"], data["verdict"]) == ("prediction-bias", "0.1795", "broken")
    assert (data["threshold"], data["rows"]) == ("0.02", 1030)
    assert set(data["files"]) == {"data"}
    assert data["settings"]["slice"] == ["age"]
    assert data["settings"]["by"] == ["month"]


def test_each_class_of_each_slice_is_a_record(teller: Teller) -> None:
    """As CSV and as JSON; nothing is recorded by a dry run."""
    before = teller.do("log --format json").json
    records = teller.do(f"{MEASURE} --slice age --dry-run --format csv").csv
    assert [(record["slice"], record["class"]) for record in records if record["verdict"] == "undecided"] == [
        ("age=young", "no"),
        ("age=young", "yes"),
    ]
    assert {"predicted", "observed", "gap", "low", "high", "test", "p", "p_corrected", "jensen_shannon", "psi"} <= set(
        records[0]
    )
    as_json = teller.do(f"{MEASURE} --slice age --dry-run --format json").json
    assert [finding["gap"] for finding in as_json["findings"]] == [record["gap"] for record in records]
    assert teller.do("log --format json").json == before


def test_a_threshold_that_is_not_broken_is_kept(teller: Teller) -> None:
    """The same gap, held against another threshold."""
    assert teller.do(f"{MEASURE} --threshold 0.2 --format json").json["verdict"] == "kept"
    assert teller.do(f"{MEASURE} --threshold 0.2 --fail-on breach --again").exit_code == 0


def test_quarters_are_those_of_the_book(teller: Teller) -> None:
    """This book's year begins in January."""
    records = teller.do(f"{MEASURE} --time day --by quarter --format csv").csv
    assert {record["slice"] for record in records} == {"all", "2026Q2"}


def test_other_rows_are_a_reference(teller: Teller) -> None:
    """What is predicted here against what was observed there."""
    write("known.csv", [(",yes,young,2026-01-01", 500), (",no,young,2026-01-01", 500)])
    found = teller.do(f"{MEASURE} --reference known.csv --format json").json
    assert {finding["test"] for finding in found["findings"]} == {"chi-square"}
    assert set(found["files"]) == {"data", "reference"}


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("measure prediction-bias FRAUD scored.csv", "Missing: --predicted, --observed."),
        ("measure prediction-bias", "Missing: SYSTEM, FILE, --predicted, --observed."),
        ("measure prediction-bias FRAUD nothing.csv --predicted p --observed y", "nothing.csv cannot be read"),
        ("measure prediction-bias FRAUD scored.csv --predicted q --observed y", "scored.csv has no column 'q'"),
        (f"{MEASURE} --time day", "--time COL and --by month|quarter go together"),
        (f"{MEASURE} --time age --by month", "'young', which is no date"),
        (f"{MEASURE} --threshold much", "--threshold is 'much'"),
        (f"{MEASURE} --alpha 7", "--alpha is '7'"),
        (f"{MEASURE} --kind numbers", "'yes', which is no number"),
        (f"{MEASURE} --kind nonsense", "--kind"),
    ],
)
def test_what_cannot_be_measured_is_wrong_usage_and_nothing_is_recorded(teller: Teller, words: str, told: str) -> None:
    """Exit code 2, on the standard error."""
    before = teller.do("log --format json").json
    reply = teller.type(words)
    assert (reply.exit_code, reply.out) == (2, "")
    assert told in reply.err
    assert teller.do("log --format json").json == before


def test_without_the_extra_it_says_what_installs_it(tmp_path: Path, teller: Teller) -> None:
    """Here scipy cannot be imported; the help of the command still can be read."""
    hide = """
import sys
sys.modules["scipy"] = None
from ledger.cli import cli
for words in (["--help"], sys.argv[3:]):
    try:
        cli([*sys.argv[1:3], "measure", "prediction-bias", *words])
    except SystemExit as ended:
        print("ended:", ended.code)
"""
    asked = ["FRAUD", "scored.csv", "--predicted", "p", "--observed", "y"]
    argv = [sys.executable, "-c", hide, "--database", f"sqlite:///{teller.path}", *asked]
    told = subprocess.run(argv, capture_output=True, text=True, check=False)
    assert [line for line in told.stdout.splitlines() if line.startswith("ended")] == ["ended: 0", "ended: 2"]
    assert "pip install 'debt-ledger[ml]'" in told.stderr
