"""From measurement to money: what a verdict proposes, what `--record` records, and what cron and CI are told."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path

import pytest

from tests.helpers.teller import Teller

pytest.importorskip("scipy", reason="the extra `ml` is not installed")

MONITOR = (
    "monitor FRAUD bias --what prediction-bias --threshold 0.05 --alerts yes --remediation manual "
    "--plan 'retrain within a quarter' --predicted pred --observed obs"
)
BY_HAND = "measure prediction-bias FRAUD {file} --predicted pred --observed obs --threshold 0.05"
GATE = "--decided-by anna --because 'the fair' --benefit 'three weeks' --repay-by 2026Q4"


def predictions(path: Path, *, yes: int, of: int = 1000) -> Path:
    """A CSV in which 300 of 1,000 were observed, and so many predicted."""
    rows = [(int(number < yes * of // 1000), int(number < 300 * of // 1000)) for number in range(of)]
    path.write_text("pred,obs\n" + "".join(f"{predicted},{observed}\n" for predicted, observed in rows))
    return path


@pytest.fixture
def fair(tmp_path: Path) -> Path:
    """Predictions that are distributed as what is observed."""
    return predictions(tmp_path / "fair.csv", yes=305)


@pytest.fixture
def biased(tmp_path: Path) -> Path:
    """Predictions that are not."""
    return predictions(tmp_path / "biased.csv", yes=420)


@pytest.fixture
def worse(tmp_path: Path) -> Path:
    """Still less."""
    return predictions(tmp_path / "worse.csv", yes=480)


@pytest.fixture
def watched(teller: Teller) -> Teller:
    """The monitor `bias` is documented at position 3."""
    teller.do(MONITOR)
    return teller


def kinds(teller: Teller) -> list[str]:
    """What was recorded after the monitor."""
    return [event["stored_as"] for event in teller.ask("log")[3:]]


def test_a_breach_proposes_the_observation_and_records_the_measurement_alone(watched: Teller, biased: Path) -> None:
    reply = watched.do(f"measure --monitor bias {biased}")
    assert "largest-gap 0.1200, threshold 0.05: BROKEN (1000 rows)" in reply.out
    assert "debt observe FRAUD" in reply.err
    assert "--category prediction-bias --cause missed-maintenance" in reply.err
    assert kinds(watched) == ["expectation-measured/2"]


def test_the_proposed_command_can_be_typed_and_then_stands_for_the_next_breach(
    watched: Teller, biased: Path, worse: Path
) -> None:
    command = watched.ask(f"measure --monitor bias {biased}")["command"]
    watched.do(command.removeprefix("debt "))
    again = watched.ask(f"measure --monitor bias {worse} --record")
    assert "FRAUD-1 stands for it already" in again["consequence"]
    assert kinds(watched) == [
        "expectation-measured/2",
        "neglect-observed/1",
        "expectation-measured/2",
        "evidence-added/2",
    ]


def test_recorded_a_breach_is_neglect_that_names_its_measurement(watched: Teller, biased: Path) -> None:
    recorded = watched.ask(f"measure --monitor bias {biased} --record")["recorded"]
    assert [each["stored_as"] for each in recorded] == ["expectation-measured/2", "neglect-observed/1"]
    (item,) = watched.ask("list")
    assert (item["nature"], item["dimension"], item["category"], item["status"]) == (
        "neglect", "output", "prediction-bias", "unestimated")  # fmt: skip
    assert watched.ask("log")[-1]["data"]["evidence"].startswith("Measured at position 4: largest-gap 0.1200, over")


def test_a_second_breach_opens_no_second_item_but_adds_to_it(watched: Teller, biased: Path, worse: Path) -> None:
    watched.do(f"measure --monitor bias {biased} --record")
    watched.do(f"measure --monitor bias {worse} --record")
    assert len(watched.ask("list --status all")) == 1
    added = watched.ask("log")[-1]
    assert added["stored_as"] == "evidence-added/2"
    assert (added["data"]["item"], added["data"]["measured_at"]) == ("FRAUD-1", 6)


def test_after_the_item_is_repaid_a_breach_opens_another(watched: Teller, biased: Path, worse: Path) -> None:
    watched.do(f"measure --monitor bias {biased} --record", "repay FRAUD-1 --all")
    watched.do(f"measure --monitor bias {worse} --record")
    assert [item["item"] for item in watched.ask("list")] == ["FRAUD-2"]


def test_recovery_proposes_the_repayment_and_records_none(watched: Teller, biased: Path, fair: Path) -> None:
    watched.do(f"measure --monitor bias {biased} --record")
    reply = watched.ask(f"measure --monitor bias {fair} --record")
    assert (reply["verdict"], reply["command"]) == ("kept", "debt repay FRAUD-1 --all")
    assert kinds(watched)[-1] == "expectation-measured/2"
    watched.do(reply["command"].removeprefix("debt "))
    assert watched.ask("list") == []


def test_a_risk_that_a_debt_carries_knowingly_is_pointed_to(watched: Teller, biased: Path) -> None:
    watched.do(f"commission FRAUD 'No retraining' --category staleness --principal 9000 {GATE}")
    watched.do(MONITOR + " --carried-by FRAUD-1")
    reply = watched.ask(f"measure --monitor bias {biased} --record")
    assert "FRAUD-1 (No retraining) carries this risk knowingly, decided by anna" in reply["consequence"]
    assert reply["command"] is None
    assert len(watched.ask("list")) == 1
    watched.do("repay FRAUD-1 --all")
    assert "debt observe" in watched.ask(f"measure --monitor bias {predictions(biased, yes=430)}")["command"]


def test_two_monitors_of_one_system_have_an_item_each(watched: Teller, biased: Path) -> None:
    watched.do(MONITOR.replace(" bias ", " tight "), f"measure --monitor bias {biased} --record")
    watched.do(f"measure --monitor tight {biased} --record")
    titles = [item["title"] for item in watched.ask("list")]
    assert [title.rpartition(" ")[2] for title in titles] == ["(bias)", "(tight)"]


@pytest.mark.parametrize(("options", "code"), [("", 0), ("--fail-on breach", 4), ("--fail-on breach --record", 4)])
def test_only_what_is_asked_to_fails_on_a_breach(watched: Teller, biased: Path, options: str, code: int) -> None:
    assert watched.type(f"measure --monitor bias {biased} {options}").exit_code == code


def test_what_is_kept_does_not_fail(watched: Teller, fair: Path) -> None:
    reply = watched.type(f"measure --monitor bias {fair} --fail-on breach")
    assert (reply.exit_code, reply.err) == (0, "")


def test_the_same_file_again_on_one_day_says_the_same_and_records_nothing(watched: Teller, biased: Path) -> None:
    watched.do(f"measure --monitor bias {biased} --record")
    before = watched.counts
    reply = watched.type(f"measure --monitor bias {biased} --record --fail-on breach")
    assert reply.exit_code == 4
    assert "position 4: expectation-measured/2, recorded before" in reply.out
    assert watched.counts == before


def test_a_dry_run_records_nothing(watched: Teller, biased: Path) -> None:
    before = watched.counts
    reply = watched.type(f"measure --monitor bias {biased} --dry-run --record --fail-on breach")
    assert (reply.exit_code, watched.counts) == (4, before)


def test_by_hand_it_is_measured_without_a_monitor(teller: Teller, biased: Path) -> None:
    teller.do(BY_HAND.format(file=biased) + " --record")
    data = teller.ask("log")[2]["data"]
    assert (data["monitor"], data["verdict"], data["value"]) == (None, "broken", "0.1200")
    assert set(data["files"]) == {"data"}
    assert len(data["files"]["data"]) == 64


def test_no_figure_of_a_measurement_is_a_float(watched: Teller, biased: Path) -> None:
    watched.do(f"measure --monitor bias {biased}")

    def leaves(value: object) -> list[object]:
        if isinstance(value, dict):
            return [leaf for each in value.values() for leaf in leaves(each)]
        if isinstance(value, list):
            return [leaf for each in value for leaf in leaves(each)]
        return [value]

    assert not [leaf for leaf in leaves(watched.ask("log")[-1]["data"]) if isinstance(leaf, float)]


@pytest.mark.parametrize(
    ("line", "code", "words"),
    [
        ("measure --monitor nobody {file}", 1, "No monitor is called 'nobody'"),
        ("measure --monitor bias {file}x", 2, "does not exist"),
        ("measure --monitor bias {file} --system RANK", 1, "No monitor is called 'bias'"),
        ("measure prediction-bias NOBODY {file} --predicted pred --observed obs", 1, "NOBODY"),
        ("measure prediction-bias FRAUD {file} --predicted pred --observed obs --monitor nobody", 1, "has no monitor"),
        ("measure bias FRAUD {file}", 2, "bias"),
    ],
)
def test_what_cannot_be_measured_is_said(watched: Teller, biased: Path, line: str, code: int, words: str) -> None:
    before = watched.counts
    reply = watched.type(line.format(file=biased))
    assert reply.exit_code == code, reply.err
    assert words in reply.err
    assert watched.counts == before


def test_a_monitor_of_two_systems_asks_which(watched: Teller, biased: Path) -> None:
    watched.do("system add RANK Ranking --team red", MONITOR.replace("FRAUD", "RANK"))
    reply = watched.type(f"measure --monitor bias {biased}")
    assert (reply.exit_code, "FRAUD, RANK" in reply.err) == (2, True)
    watched.do(f"measure --monitor bias {biased} --system RANK --record")
    assert [item["system"] for item in watched.ask("list")] == ["RANK"]


def test_without_the_extra_it_says_what_installs_it(
    watched: Teller, biased: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [name for name in sys.modules if name.startswith("ledger.measures")]:
        monkeypatch.delitem(sys.modules, name)
    for name in ("scipy", "scipy.stats", "statsmodels", "pandas", "pyarrow"):
        monkeypatch.setitem(sys.modules, name, None)
    reply = watched.type(f"measure --monitor bias {biased}")
    assert reply.exit_code == 2
    assert "pip install 'debt-ledger[ml]'" in reply.err
    assert shlex.split(reply.err)
