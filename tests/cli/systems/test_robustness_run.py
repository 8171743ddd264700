"""`debt robustness run`: a suite's cases in the books by every way, as if each had been typed; or nothing at all."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import pytest

from ledger.queries.audit.log import log
from ledger.services.open_ledger import open_ledger
from ledger.services.robustness_suite import SuiteWanted, look_at_suite, run_suite
from ledger.vocabulary.errors import Refused
from tests.helpers.refusals import one_line
from tests.helpers.teller import Teller

pytest.importorskip("numpy", reason="the extra `ml` is not installed")

SUITE = """\
def larger(by):
    def perturbation(inputs, rng):
        return [each + by for each in inputs]
    perturbation.scale, perturbation.level = "units", str(by)
    perturbation.words = f"{by} more"
    return perturbation

PERTURBATIONS = {f"plus {by}": larger(by) for by in (0, 1, 50)}

def load(model, data):
    return int(model.read_text()), [int(line) for line in data.read_text().split()], None

def passed(limit, inputs, expected):
    return [each <= limit for each in inputs]
"""
RUN = "robustness run FRAUD suite.py --model model --data data --trust"
MONITOR = "monitor FRAUD turns --what robustness --threshold 0.9 --alerts no --remediation manual --plan retrain"
CASES = ["plus 0", "plus 1", "plus 50"]
PASSED, OF = [100, 99, 50], 100
BREACH = 4


@pytest.fixture(autouse=True)
def _files(teller: Teller) -> None:
    """A suite, a model that says yes up to 100, and the numbers up to it, where the teller stands."""
    Path("suite.py").write_text(SUITE)
    Path("model").write_text("100")
    Path("data").write_text("\n".join(map(str, range(1, 101))))


def documents(teller: Teller) -> list[dict[str, Any]]:
    return [each for each in teller.ask("log") if each["stored_as"].startswith(("robustness", "expectation"))]


def test_each_case_is_documented_and_measured_with_the_hash_of_all_that_decided_it(teller: Teller) -> None:
    answer = teller.ask(f"{RUN} --threshold 0.9")
    assert [(each["figures"]["passed"], each["figures"]["of"], each["verdict"]) for each in answer["cases"]] == [
        ("100", "100", "kept"), ("99", "100", "kept"), ("50", "100", "broken")]  # fmt: skip
    hashes = {role: hashlib.sha256(Path(name).read_bytes()).hexdigest()
              for role, name in (("suite", "suite.py"), ("model", "model"), ("data", "data"))}  # fmt: skip
    assert answer["files"] == hashes
    recorded = documents(teller)
    assert [each["stored_as"] for each in recorded] == ["robustness-documented/1", "expectation-measured/2"] * 3
    assert [each["data"]["case"] for each in recorded[::2]] == CASES
    for case, measured in zip(CASES, recorded[1::2], strict=True):
        said = measured["data"]
        assert said["files"] == hashes
        assert said["settings"]["case"] == [case]
        assert said["figures"]["level"] == case.removeprefix("plus ")
        assert [each["series"] for each in said["series"]] == [case]
    listed = teller.ask("robustness FRAUD")
    assert [(each["case"], each["passed"], each["of"]) for each in listed] == list(
        zip(CASES, PASSED, [OF] * 3, strict=True)
    )


def test_each_broken_case_is_an_item_of_its_own_and_once(teller: Teller) -> None:
    teller.do(MONITOR)
    line = f"{RUN} --monitor turns --record --fail-on breach"
    assert teller.type(line).exit_code == BREACH
    (item,) = teller.ask("list")
    assert item["title"] == "Confounding inputs come out wrong: plus 50 (turns)"
    before = teller.counts
    again = teller.type(line)
    assert (again.exit_code, teller.counts) == (BREACH, before)
    assert "recorded before" in again.out + again.err
    # The case that was typed and the one that was run are one series.
    by_hand = "robustness FRAUD 'plus 50' --perturbation x --passed 40 --of 100 --data d --monitor turns --record"
    assert "FRAUD-1 stands for it already" in teller.do(by_hand).err
    Path("model").write_text("200")
    assert "debt repay FRAUD-1 --all" in teller.do(line).err


def test_a_monitor_is_the_source_of_the_threshold(teller: Teller) -> None:
    teller.do(MONITOR)
    before = teller.counts
    for typed, says in (
        (f"{RUN} --monitor turns --threshold 0.5", "contradicts the monitor"),
        (f"{RUN} --monitor turn", "has no monitor 'turn'"),
        (RUN.replace("FRAUD", "FROD") + " --monitor turns", "There is no system FROD"),
        (RUN.replace("FRAUD", "FROD"), "There is no system FROD"),
    ):
        reply = teller.type(typed)
        assert (reply.exit_code, teller.counts) == (1, before), typed
        assert says in one_line(reply.err)


@pytest.mark.parametrize(
    ("change", "code", "says"),
    [
        (("--trust", ""), 1, "suite.py is code, and can do anything while it runs. Nothing was recorded."),
        (("--model model", ""), 2, "Missing: --model."),
        (("suite.py", "no.py"), 2, "no.py cannot be read"),
        (("--trust", "--trust --record"), 2, "need something to break"),
        (("--trust", "--trust --fail-on breach"), 2, "need something to break"),
        (("--trust", "--trust --threshold lots"), 2, "no decimal number"),
        (("suite.py", "wrong.py"), 2, "wrong.py, line 14, case 'plus 1': "),
        (("suite.py", "long.py"), 1, "characters: at most"),
    ],
)
def test_of_a_suite_that_fails_nothing_is_recorded(
    teller: Teller, change: tuple[str, str], code: int, says: str
) -> None:
    """Also where the first case went well."""
    Path("wrong.py").write_text(SUITE.replace("return [each <= limit for", "return [1 / (inputs[0] - 2) < limit for"))
    Path("long.py").write_text(SUITE.replace("(0, 1, 50)", "(0, 10**150)"))
    before = teller.counts
    reply = teller.type(RUN.replace(*change))
    assert (reply.exit_code, reply.out, teller.counts) == (code, "", before)
    assert says in one_line(reply.err)


def test_a_dry_run_says_the_same_and_records_nothing(teller: Teller) -> None:
    before = teller.counts
    dry = teller.ask(f"{RUN} --threshold 0.9 --dry-run")
    assert teller.counts == before
    assert dry["recorded"] == []
    done = teller.ask(f"{RUN} --threshold 0.9")
    assert [each["figures"] for each in dry["cases"]] == [each["figures"] for each in done["cases"]]
    assert len(done["recorded"]) == 6
    assert [row["verdict"] for row in teller.do(f"{RUN} --threshold 0.9 --format csv").csv] == [
        "kept",
        "kept",
        "broken",
    ]
    table = teller.do(f"{RUN} --threshold 0.9")
    assert all(case in table.out for case in CASES)
    assert teller.type(f"{RUN} --dry-run --threshold 0.9").err.startswith("Nothing was recorded.")


def test_without_a_threshold_the_rates_are_kept_and_nothing_is_judged(teller: Teller) -> None:
    answer = teller.ask(RUN)
    assert {each["verdict"] for each in answer["cases"]} == {"undecided"}
    assert {each["threshold"] for each in answer["cases"]} == {None}


def test_recorded_with_all_that_can_be_said_of_a_recording(teller: Teller) -> None:
    """A key counts once, whatever is recorded after it; a day, evidence."""
    line = f"{RUN} --threshold 0.9 --key night --on 2026-07-01 --evidence 'job 7'"
    first = teller.ask(line)
    assert {each["effective_on"] for each in first["recorded"]} == {"2026-07-01"}
    assert {each["data"]["evidence"] for each in documents(teller)} == {"job 7"}
    before = teller.counts
    assert teller.ask(line)["recorded"] == first["recorded"]
    assert teller.counts == before
    Path("model").write_text("99")
    reply = teller.type(line)
    assert (reply.exit_code, teller.counts) == (1, before)
    assert "The key 'night/1' was used for another request" in one_line(reply.err)


def test_the_form_without_a_suite_stays_also_for_a_system_called_run(teller: Teller) -> None:
    """In capitals it is a system's key, and in small letters the word."""
    teller.do("system add RUN Runner --team red")
    teller.do("robustness RUN turned --perturbation x --passed 3 --of 4 --data d")
    assert teller.ask("robustness RUN")[0]["case"] == "turned"
    assert "SUITE.py" in teller.do("robustness run --help").out
    assert "run" in teller.do("robustness --help").out
    assert "Missing: SYSTEM, SUITE.py, --model, --data." in one_line(teller.type("robustness run").err)


def test_from_python_it_is_the_same(teller: Teller) -> None:
    """And refused where the command line is."""
    teller.do(MONITOR)
    books = open_ledger(f"sqlite:///{teller.path}", actor="ada")
    wanted = SuiteWanted(
        system="FRAUD", suite=Path("suite.py"), model=Path("model"), data=Path("data"), monitor="turns"
    )  # fmt: skip
    with pytest.raises(Refused, match="--trust runs it"):
        run_suite(books.ledger, wanted, books.requester, trust=False)
    assert look_at_suite(books.ledger, wanted, books.requester, trust=True).receipts == ()
    told: list[tuple[int, int]] = []
    found = run_suite(
        books.ledger, wanted, books.requester, trust=True, record=True, progress=lambda *far: told.append(far)
    )
    assert (found.is_breach, len(found.receipts), told) == (True, 7, [(0, 3), (1, 3), (2, 3)])
    with books.reader() as reader:
        kinds = [type(logged.recorded.event).__name__ for logged in log(reader)][-7:]
    assert kinds == ["RobustnessDocumented", "ExpectationMeasured"] * 3 + ["NeglectObserved"]
    books.ledger.engine.dispose()


def test_the_table_says_where_the_rate_lies_and_why_nobody_can_tell(teller: Teller) -> None:
    """Of nine inputs nothing is judged; of a hundred at the threshold it says how many would tell."""
    told = teller.do(f"{RUN} --threshold 0.985").out
    cases = {each["settings"]["case"][0]: each for each in teller.ask(f"{RUN} --threshold 0.985 --dry-run")["cases"]}
    unsure = cases["plus 1"]
    assert unsure["verdict"] == "undecided"
    assert f"{unsure['figures']['low']} to {unsure['figures']['high']}" in " ".join(told.split())
    assert unsure["figures"]["rows-to-tell"] in told
    assert "Cannot tell: plus 1: 99 of 100 inputs came out right" in told
    Path("data").write_text("\n".join(map(str, range(9))))
    told = teller.do(f"{RUN} --threshold 0.9").out
    assert "fewer than 10 are not judged" in told
    assert "cannot tell" in told
    assert "undecided" not in told
