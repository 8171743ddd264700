"""Kept, broken, cannot tell: what is printed, what a job exits with, what follows for the books; and the ratio on every route."""

from __future__ import annotations

from pathlib import Path

import pytest

from ledger import prediction_bias
from ledger.decide.measure import measurement_of
from ledger.services.open_ledger import open_ledger
from ledger.vocabulary.errors import Refused
from tests.helpers.teller import Teller

MONITOR = (
    "monitor FRAUD weekly --what prediction-bias --threshold 0.02 --alerts no --remediation manual --plan retrain "
    "--predicted p --observed y"
)
DIRECT = "measure prediction-bias FRAUD {file}"
BY_NAME = "measure --monitor weekly {file}"
#: Of a thousand rows each: nothing told wrong either way; 4.5 times too many of a rare class; one row too many of it.
ROWS = {
    "kept": {"no,no": 995, "rare,rare": 5},
    "broken": {"no,no": 977, "rare,rare": 4, "no,rare": 1, "rare,no": 18},
    "undecided": {"no,no": 994, "rare,rare": 4, "no,rare": 1, "rare,no": 1},
}


@pytest.fixture(autouse=True)
def _files() -> None:
    for verdict, rows in ROWS.items():
        # Kept within a ratio asks for more events than a thousand rows have.
        many = 1_000 if verdict == "kept" else 1
        lines = [line for line, count in rows.items() for _ in range(count * many // (10 if many > 1 else 1))]
        Path(f"{verdict}.csv").write_text("\n".join(["p,y", *lines]) + "\n")


ROUTES = {
    "by name": BY_NAME,
    "both forms": f"{DIRECT} --monitor weekly",
    "said again": f"{DIRECT} --monitor weekly --ratio 1.25 --threshold 0.02",
}


@pytest.mark.parametrize("verdict", ROWS)
@pytest.mark.parametrize("route", ROUTES)
def test_a_monitors_ratio_is_held_on_every_route(teller: Teller, route: str, verdict: str) -> None:
    """All three are kept by the threshold alone; what nobody can tell fails no job, opens nothing, repays nothing."""
    teller.do(f"{MONITOR} --ratio 1.25")
    line = ROUTES[route].format(file=f"{verdict}.csv")
    reply = teller.type(f"{line} --record --fail-on breach")
    assert reply.exit_code == (4 if verdict == "broken" else 0)
    said = {"undecided": "CANNOT TELL (1000 rows; about "}.get(verdict, verdict.upper())
    assert f"threshold 0.02, ratio 1.25: {said}" in reply.out
    items = [item["system"] for item in teller.ask("list")]
    assert items == (["FRAUD"] if verdict == "broken" else [])
    assert "repay" not in reply.err or verdict == "broken"
    (event,) = [one for one in teller.ask("log FRAUD") if one["stored_as"] == "expectation-measured/2"]
    assert (event["data"]["verdict"], event["data"]["settings"]["ratio"]) == (verdict, ["1.25"])


def test_the_ratio_is_stored_and_shown_and_nothing_may_contradict_it(teller: Teller) -> None:
    """Neither what is typed, nor what is handed in from Python, with a ratio, another one, or none."""
    teller.do(f"{MONITOR} --ratio 1.25", MONITOR.replace("weekly", "without"))
    assert {each["monitor"]: each["ratio"] for each in teller.ask("monitor FRAUD")} == {
        "weekly": "1.25",
        "without": None,
    }
    assert "0.02, ratio 1.25" in teller.do("monitor FRAUD").out
    before = teller.ask("log FRAUD")
    for line in (f"{DIRECT} --monitor weekly --ratio 1.5", f"{DIRECT} --monitor without --ratio 1.25"):
        reply = teller.type(line.format(file="kept.csv"))
        assert (reply.exit_code, "--ratio" in reply.err) == (1, True)
    books = open_ledger(f"sqlite:///{teller.path}", actor="anna")
    for ratio, monitor in ((None, "weekly"), ("1.5", "weekly"), ("1.25", "without")):
        found = prediction_bias("kept.csv", predicted="p", observed="y", ratio=ratio)
        with pytest.raises(Refused, match="--ratio"):
            books.record_measurement(found, system="FRAUD", monitor=monitor)
    assert measurement_of(found, "FRAUD").settings["ratio"] == ("1.25",)
    assert teller.ask("log FRAUD") == before


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (f"{MONITOR} --ratio 0.9", "above 1"),
        (f"{MONITOR} --ratio 1", "above 1"),
        (f"{MONITOR.replace('prediction-bias', 'robustness').split(' --predicted')[0]} --ratio 1.25", "no --ratio"),
        (f"{MONITOR.replace('prediction-bias', 'comprehensibility').split(' --predicted')[0]} --ratio 2", "no --ratio"),
        (f"{DIRECT} --predicted p --observed y --ratio 1".format(file="kept.csv"), "above 1"),
        (f"{DIRECT} --predicted p --observed y --ratio twice".format(file="kept.csv"), "above 1"),
    ],
)
def test_a_ratio_that_cannot_be_is_refused_and_nothing_recorded(teller: Teller, line: str, told: str) -> None:
    before = teller.ask("log FRAUD")
    reply = teller.type(line)
    assert (reply.exit_code in (1, 2), told in reply.err) == (True, True)
    assert teller.ask("log FRAUD") == before


def test_what_nobody_can_tell_ends_no_breach(teller: Teller) -> None:
    """Broken opens an item; after it, 'cannot tell' neither adds to it nor proposes to repay it; kept does."""
    teller.do(f"{MONITOR} --ratio 1.25")
    assert teller.type(f"{BY_NAME.format(file='broken.csv')} --record --fail-on breach").exit_code == 4
    unsure = teller.do(f"{BY_NAME.format(file='undecided.csv')} --record --fail-on breach")
    assert "FRAUD-1" not in unsure.out + unsure.err
    assert "debt repay FRAUD-1" in teller.do(f"{BY_NAME.format(file='kept.csv')} --record").err


def test_a_person_reads_cannot_tell_wherever_a_verdict_is_told(teller: Teller) -> None:
    """The measurement, the expectations, the monitors; machines keep their word."""
    teller.do(f"{MONITOR} --ratio 1.25")
    measured = teller.do(BY_NAME.format(file="undecided.csv"))
    tried = teller.do("robustness FRAUD snow --perturbation snow --passed 1 --of 2 --data d --threshold 0.9")
    for reply in (measured, tried, teller.do("expectations FRAUD"), teller.do("monitor FRAUD")):
        assert "cannot tell" in reply.out.lower()
        assert "undecided" not in reply.out.lower()
    (reliable, *_) = teller.ask("expectations FRAUD")["expectations"]
    assert reliable["stands"] == "undecided"
    assert "CANNOT TELL (2 rows; about 11 would tell)" in tried.out


def test_a_breach_of_the_ratio_alone_is_told_by_the_ratio(teller: Teller) -> None:
    """In the proposal, in what `--record` keeps, and where its figure stands beside the threshold that it does not break."""
    teller.do(f"{MONITOR} --ratio 1.25")
    teller.type("measure --monitor weekly broken.csv --record")
    (opened,) = [one for one in teller.ask("log FRAUD-1") if one["stored_as"].startswith("neglect-observed")]
    assert "past 1.25; largest-gap 0.0170, not surely over the threshold 0.02" in opened["data"]["evidence"]
    assert "0.02, ratio 1.25" in teller.type("expectations FRAUD").out
    (kept,) = [one for each in teller.ask("expectations FRAUD")["expectations"] for one in each["measurements"]]
    assert (kept["threshold"], kept["ratio"]) == ("0.02", "1.25")


def test_expectations_name_the_series_of_each_verdict(teller: Teller) -> None:
    """Of each measurement those that have the verdict of the whole, up to three by name; machines have all, each with its own."""
    lines = ["p,y,town"] + [
        f"{'yes' if row < 60 and town in 'AB' else 'no'},no,{town}" for town in "ABCDE" for row in range(200)
    ]
    Path("towns.csv").write_text("\n".join(lines) + "\n")
    teller.do(f"{MONITOR} --ratio 1.25 --slice town")
    teller.type("measure --monitor weekly towns.csv")
    teller.do("robustness FRAUD snow --perturbation snow --passed 1 --of 2 --data d --threshold 0.9")
    reliable = teller.ask("expectations FRAUD")["expectations"][0]
    bias, case = (each["series"] for each in reliable["measurements"])
    assert case == {"snow": "undecided"}
    assert set(bias) == {"all", *(f"town={town}" for town in "ABCDE")}
    broken = [name for name, verdict in bias.items() if verdict == "broken"]
    assert broken == ["all", "town=A", "town=B"]
    shown = teller.do("expectations FRAUD").out
    assert [", ".join(broken) in line for line in shown.splitlines() if "BROKEN" in line] == [True]
    assert ["snow" in line for line in shown.splitlines() if "pass" not in line and "robustness" in line] == [True]
    rows = teller.do("expectations FRAUD --format csv").csv
    assert [(row["series"], row["ratio"]) for row in rows[:2]] == [(", ".join(broken), "1.25"), ("snow", "")]


def test_a_replaced_reference_is_all_that_is_said(teller: Teller) -> None:
    """Whatever else defines a monitor is refused beside it, and not passed over."""
    for option in (
        "--what drift",
        "--threshold 0.1",
        "--alerts yes",
        "--remediation manual",
        "--plan x",
        "--agreed-by anna",
    ):
        reply = teller.type(f"monitor FRAUD weekly --new-reference towns.csv --because moved {option}")
        assert (reply.exit_code, f"leave out {option.split()[0]}" in reply.err) == (2, True), option
