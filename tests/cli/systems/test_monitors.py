"""Monitors on the command line: what has to be answered, what is kept, and the last measurement beside each."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from ledger.cli import cli
from ledger.cli.systems.measure import MEASURES, measure
from ledger.cli.systems.monitors import monitor
from ledger.vocabulary.measure_settings import setting_names
from tests.cli.kit.test_asking import Terminal
from tests.helpers.lines import COMMISSION, OBSERVE
from tests.helpers.refusals import one_line
from tests.helpers.teller import Teller

ANSWERED = "--threshold 0.02 --alerts no --remediation manual --plan 'retrain by hand'"
MONITOR = f"monitor FRAUD labels --what prediction-bias {ANSWERED}"
SETTINGS = "--predicted p --observed o --slice age --slice 'home town' --reference old.csv --time day --by month"


@pytest.fixture(autouse=True)
def _reference(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The file that monitors compare with, where the teller stands."""
    monkeypatch.chdir(tmp_path)
    Path("old.csv").write_text("p,o\n1,1\n")


def test_a_monitor_is_documented_and_listed(teller: Teller) -> None:
    teller.do(f"{MONITOR} {SETTINGS} --on 2026-07-01 --evidence runbook-7")
    (found,) = teller.ask("monitor FRAUD")
    assert found == {
        "system": "FRAUD",
        "monitor": "labels",
        "what": "prediction-bias",
        "threshold": "0.02",
        "alerts": False,
        "remediation": "manual",
        "plan": "retrain by hand",
        "carried_by": None,
        "principal": None,
        "interest_per_year": "0.00",
        "agreed_by": None,
        "reference_sha256": hashlib.sha256(b"p,o\n1,1\n").hexdigest(),
        "ratio": None,
        "since": "2026-07-01",
        "documented_by": "ada",
        "evidence": "runbook-7",
        "settings": {
            "predicted": ["p"],
            "observed": ["o"],
            "slice": ["age", "home town"],
            "reference": [str(Path("old.csv").absolute())],
            "time": ["day"],
            "by": ["month"],
        },
        "roles": {},
        "measured_on": None,
        "value": None,
        "verdict": None,
    }


def test_a_later_definition_replaces_the_earlier_one(teller: Teller) -> None:
    """And a question as of the day before still gets the earlier one."""
    teller.do(f"{MONITOR} --on 2026-07-01", f"{MONITOR.replace('--alerts no', '--alerts yes')} --on 2026-07-10")
    assert [found["alerts"] for found in teller.ask("monitor FRAUD")] == [True]
    assert [found["alerts"] for found in teller.ask("monitor FRAUD --as-of 2026-07-09")] == [False]
    assert teller.ask("monitor FRAUD --as-of 2026-06-30") == []


@pytest.mark.parametrize(
    ("typed", "missing"),
    [
        ("monitor FRAUD labels", "--what, --threshold, --alerts, --remediation, --plan"),
        ("monitor FRAUD labels --what drift --threshold 0.1", "--alerts, --remediation, --plan"),
        ("monitor FRAUD labels --what drift --threshold 0.1 --plan x --alerts no", "--remediation"),
        ("monitor FRAUD labels --what drift --threshold 0.1 --plan x --remediation manual", "--alerts"),
        ("monitor FRAUD --alerts no", "NAME, --what, --threshold, --remediation, --plan"),
        ("monitor FRAUD --on 2026-07-01", "NAME, --what, --threshold, --alerts, --remediation, --plan"),
        ("monitor", "SYSTEM"),
    ],
)
def test_what_is_not_answered_is_named_at_once(teller: Teller, typed: str, missing: str) -> None:
    before = teller.counts
    reply = teller.type(typed)
    assert (reply.exit_code, teller.counts, f"Missing: {missing}." in reply.err) == (2, before, True), reply.err


def test_on_a_terminal_it_is_asked_for(teller: Teller) -> None:
    words = [
        "--database",
        f"sqlite:///{teller.path}",
        "monitor",
        "FRAUD",
        "labels",
        "--what",
        "drift",
        "--on",
        "2025-02-01",
    ]
    with Terminal(words) as lead:
        lead.answer("threshold: ", "0.1")
        lead.answer("alerts: ", "perhaps")
        lead.answer("'perhaps' is not one of 'yes', 'no'", "yes")
        lead.answer("remediation: ", "manual")
        lead.answer("plan: ", "retrain")
        lead.answer("Record it? [Y/n]: ", "")
        lead.expect("monitor documented")
        assert lead.exit_code() == 0
    (found,) = teller.ask("monitor FRAUD")
    assert (found["alerts"], found["remediation"], found["plan"]) == (True, "manual", "retrain")


@pytest.mark.parametrize(
    ("typed", "code", "said"),
    [
        (f"monitor FRAUD x --what weather {ANSWERED}", 2, "'weather' is not one of 'prediction-bias', 'drift'"),
        (MONITOR.replace("0.02", "2%"), 2, "'2%' is no decimal number: write it like 0.05"),
        (MONITOR.replace("0.02", "1e-2"), 2, "'1e-2' is no decimal number"),
        (f"{MONITOR} --model m.skops", 2, "prediction-bias has no --model: of these options it takes --predicted"),
        (f"monitor FRAUD x --what robustness {ANSWERED} --slice a", 2, "of these options it takes none"),
        (f"{MONITOR} --as-of 2026-07-01", 2, "what is recorded takes --on"),
        (MONITOR.replace("retrain by hand", " "), 2, "Missing: --plan"),
        (MONITOR.replace("labels", "x" * 101), 1, "The monitor's name has 101 characters"),
        (MONITOR.replace("FRAUD", "FROD"), 1, "There is no system FROD"),
        ("monitor FROD", 1, "There is no system FROD"),
        (f"{MONITOR} --carried-by FRAUD-9", 1, "There is no item FRAUD-9"),
    ],
)
def test_what_cannot_be_documented_is_refused(teller: Teller, typed: str, code: int, said: str) -> None:
    before = teller.counts
    reply = teller.type(typed)
    assert (reply.exit_code, reply.out, teller.counts) == (code, "", before)
    assert said in one_line(reply.err)


def test_only_debt_carries_a_risk_knowingly(teller: Teller) -> None:
    teller.do(OBSERVE, COMMISSION)
    assert "FRAUD-1 is neglect: it carries no risk knowingly" in one_line(
        teller.type(f"{MONITOR} --carried-by FRAUD-1").err
    )
    teller.do(f"{MONITOR} --carried-by FRAUD-2")
    assert teller.ask("monitor FRAUD")[0]["carried_by"] == "FRAUD-2"


def test_the_last_measurement_stands_beside_its_monitor(teller: Teller) -> None:
    """That of another monitor, and one by hand, do not."""
    robust = ANSWERED.replace("0.02", "0.9")
    case = "robustness FRAUD rotated --perturbation 'rotated 90°' --data d1 --of 10"
    teller.do(f"monitor FRAUD a --what robustness {robust}", f"monitor FRAUD b --what robustness {robust}")
    teller.do(f"{case} --passed 10 --monitor a")
    teller.clock.now += timedelta(days=1)
    teller.do(f"{case} --passed 3 --monitor a", f"{case} --passed 9 --threshold 0.5")
    first, second = teller.ask("monitor FRAUD")
    assert [first[name] for name in ("measured_on", "value", "verdict")] == ["2026-07-16", "0.300000", "broken"]
    assert [second[name] for name in ("measured_on", "value", "verdict")] == [None, None, None]


@pytest.mark.parametrize("what", list(MEASURES))
def test_every_setting_is_an_option_of_its_measure(what: str) -> None:
    """Under its name, and as often: what is kept can be typed again."""
    command = measure.get_command(click.Context(measure), what)
    assert command is not None
    theirs = {option: parameter for parameter in command.params for option in parameter.opts}
    ours = {option: parameter for parameter in monitor.params for option in parameter.opts}
    assert setting_names(what) != ()
    for name in setting_names(what):
        assert f"--{name}" in theirs, name
        # Of the code, the file that is named when it is measured takes the place of what is kept.
        assert name == "repo" or theirs[f"--{name}"].multiple == ours[f"--{name}"].multiple, name


@pytest.mark.reliability
def test_what_a_monitor_keeps_is_measured_again_by_its_name(teller: Teller, tmp_path: Path) -> None:
    pytest.importorskip("pyarrow", reason="needs the extra ml")
    rows = [
        f"{'yes' if row % 2 else 'no'},{'yes' if row % 4 == 1 else 'no'},{'a' if row % 3 else 'b'}"
        for row in range(600)
    ]
    (tmp_path / "scored.csv").write_text("\n".join(["said,was,town", *rows]) + "\n")
    settings = "--predicted said --observed was --slice town --alpha 0.01"
    teller.do(f"{MONITOR} {settings}")
    reply = teller.type(f"measure --monitor labels '{tmp_path / 'scored.csv'}' --fail-on breach --format json")
    assert (reply.exit_code, reply.json["verdict"], reply.json["monitor"]) == (4, "broken", "labels")
    (found,) = teller.ask("monitor FRAUD")
    assert (found["verdict"], found["measured_on"]) == ("broken", "2026-07-15")


def test_hostile_texts_stay_texts(teller: Teller) -> None:
    """No escape sequence on a terminal, no formula in a spreadsheet; JSON keeps them as they are."""
    teller.do(
        "monitor FRAUD '=1+1' --what drift --threshold 0.1 --alerts yes --remediation automatic --plan '\x1b[2J=cmd'"
    )
    table, (row,), (found,) = (
        teller.do("monitor FRAUD").out,
        teller.do("monitor FRAUD --format csv").csv,
        teller.ask("monitor FRAUD"),
    )
    assert ("\x1b" in table, "�[2J=cmd" in table) == (False, True)
    assert (row["monitor"], row["alerts"]) == ("'=1+1", "yes")
    assert (found["monitor"], found["plan"]) == ("=1+1", "\x1b[2J=cmd")


def test_nothing_watched_is_told(teller: Teller) -> None:
    reply = teller.do("monitor FRAUD")
    assert (reply.out, "Nothing about FRAUD is watched." in reply.err) == ("", True)


def test_the_help_says_what_counts() -> None:
    """In a neutral line, before the options."""
    said = one_line(CliRunner().invoke(cli, ["monitor", "--help"]).stdout)
    assert "What counts is what is in place today" in said
    assert "A 'no' is an answer too." in said
