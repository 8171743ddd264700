"""`debt measure KIND … --monitor NAME` and `debt measure --monitor NAME FILE` are one measurement, whatever is documented."""

from __future__ import annotations

import json
import shlex
from datetime import date
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ledger.cli.systems.measure import MEASURES
from ledger.decide.monitor import DocumentMonitor
from ledger.services.measure import documented_settings, measure
from ledger.services.open_ledger import open_ledger
from ledger.services.reference import pinned
from ledger.vocabulary.errors import Unreadable
from ledger.vocabulary.measure_settings import SETTINGS, BiasSettings, setting_names
from tests.helpers.teller import Reply, Teller

np = pytest.importorskip("numpy", reason="the extra `ml` is not installed")
pd = pytest.importorskip("pandas", reason="the extra `ml` is not installed")
skops = pytest.importorskip("skops.io", reason="the extra `ml` is not installed")

#: How tables are read, whatever is measured of them.
TABLES: dict[str, list[list[str]]] = {
    "encoding": [[], ["cp1252"], ["klingon"]],
    "null-values": [[], ["NA"], ["NA,old"], ["0", "A"]],
    "decimal": [[], ["."], [","]],
    "thousands": [[], [","], ["space"]],
}
#: Of every option that a monitor of a kind can document, what may be typed: the first is always, the others sometimes.
TYPED: dict[str, dict[str, list[list[str]]]] = {
    "prediction-bias": {
        "predicted": [["p"], ["p "]],
        "observed": [["y"], ["no such column"]],
        "slice": [[], ["age"], ["age", "town"]],
        "reference": [[], ["known.csv"], ["./known.csv"]],
        "time": [[], ["day"]],
        "by": [[], ["month"], ["quarter"]],
        "kind": [[], ["labels"], ["numbers"]],
        "alpha": [[], ["0.01"], ["0.5"]],
        **TABLES,
    },
    "drift": {
        "reference": [["before.csv"]],
        "feature": [[], ["x"], ["x", "amount"], ["y"]],
        "id": [[], ["x"], ["no such column"]],
        "time": [[], ["day"], ["x"]],
        "by": [[], ["month"], ["quarter"]],
        "exclude": [[], ["amount"], ["x", "amount"]],
        "target": [[], ["y"]],
        "prediction": [[], ["amount"]],
        "alpha": [[], ["0.01"]],
        **TABLES,
    },
    "explainability": {
        "model": [["model.skops"], ["no.skops"]],
        "target": [[], ["y"]],
        "row": [[], ["1"], ["17"], ["100000"]],
        "trust-type": [[], ["sklearn.tree._tree.Tree"], ["a.B", "c.D"]],
        **TABLES,
    },
    "comprehensibility": {"repo": [[], ["code"]], "exclude": [[], ["b*.py"], ["/b.py", "*.txt"]]},
}
#: What is measured, and how each kind is told it by hand.
FILE = {
    "prediction-bias": ("scored.csv", "{}"),
    "drift": ("now.csv", "--live {}"),
    "explainability": ("now.csv", "--data {}"),
    "comprehensibility": ("code", "--repo {}"),
}
ANSWERED = "--threshold 0.05 --alerts no --remediation manual --plan 'train again'"
_NUMBERS = count(1)


@pytest.fixture(autouse=True)
def _files(tmp_path: Path) -> None:
    """Data, a model and code, where the teller stands."""
    from sklearn.linear_model import LinearRegression

    made = np.random.default_rng(7)
    rows = 240
    frame = pd.DataFrame({"x": made.normal(size=rows), "amount": made.normal(size=rows)})
    frame.to_csv("before.csv", index=False)
    days = made.choice(["2026-04-01", "2026-05-02", "2026-07-03"], rows)
    frame.assign(amount=frame["amount"] + 1, y=frame["x"] * 2, day=days).to_csv("now.csv", index=False)
    skops.dump(LinearRegression().fit(frame, frame["x"] * 3), "model.skops")
    scored = pd.DataFrame(
        {
            "p": made.integers(0, 2, rows),
            "y": made.integers(0, 2, rows) | made.integers(0, 2, rows),
            "age": made.choice(["young", "old"], rows),
            "town": made.choice(["A", "B", "C"], rows),
            "day": made.choice(["2026-04-01", "2026-05-02", "2026-07-03"], rows),
        }
    )
    scored.to_csv("scored.csv", index=False)
    scored.head(120).to_csv("known.csv", index=False)
    Path("code").mkdir()
    Path("code/a.py").write_text("def f(x):\n" + "    if x:\n        pass\n" * 11, encoding="utf-8")


def options_of(what: str, typed: dict[str, list[str]]) -> str:
    """The options as they are typed."""
    return " ".join(f"--{name} {shlex.quote(value)}" for name, values in typed.items() for value in values)


def both_forms(teller: Teller, what: str, typed: dict[str, list[str]]) -> tuple[Reply, Reply]:
    """By hand, and as a monitor documents it."""
    name = f"m{next(_NUMBERS)}"
    file, by_hand = FILE[what]
    teller.do(f"monitor FRAUD {name} --what {what} {ANSWERED} {options_of(what, typed)}")
    # What is measured is told each time; of code, the folder that a monitor names is for a person.
    rest = options_of(what, {option: values for option, values in typed.items() if option != "repo"})
    told = by_hand.format(file)
    return (
        teller.type(f"measure {what} FRAUD {told} {rest} --threshold 0.05 --monitor {name} --dry-run --format json"),
        teller.type(f"measure --monitor {name} {file} --dry-run --format json"),
    )


def _is_quick(what: str, option: str, number: int) -> bool:
    """Of each option its first value in every run; a model is explained once."""
    return number == 0 and (what != "explainability" or option == "model")


@pytest.mark.parametrize("what", list(MEASURES))
def test_every_option_that_a_monitor_documents_is_tried(what: str) -> None:
    assert tuple(TYPED[what]) == setting_names(what)
    assert list(SETTINGS) == list(MEASURES)


@pytest.mark.parametrize(
    ("what", "option", "values"),
    [
        pytest.param(what, option, values, marks=() if _is_quick(what, option, number) else pytest.mark.reliability)
        for what, options in TYPED.items()
        for option, choices in options.items()
        for number, values in enumerate(choices)
    ],
)
def test_each_value_of_each_option_says_the_same_in_both_forms(
    teller: Teller, what: str, option: str, values: list[str]
) -> None:
    typed = {each: choices[0] for each, choices in TYPED[what].items()} | {option: values}
    by_hand, by_monitor = both_forms(teller, what, typed)
    assert (by_hand.exit_code, by_hand.out, by_hand.err) == (by_monitor.exit_code, by_monitor.out, by_monitor.err)


@pytest.mark.reliability
@pytest.mark.parametrize("what", list(MEASURES))
def test_any_options_together_say_the_same_in_both_forms(teller: Teller, what: str) -> None:
    drawn = st.fixed_dictionaries({option: st.sampled_from(choices) for option, choices in TYPED[what].items()})

    @given(drawn)
    @settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    def holds(typed: dict[str, list[str]]) -> None:
        by_hand, by_monitor = both_forms(teller, what, typed)
        assert (by_hand.exit_code, by_hand.out, by_hand.err) == (by_monitor.exit_code, by_monitor.out, by_monitor.err)

    holds()


def test_the_settings_do_change_what_is_measured(teller: Teller) -> None:
    """Else both forms could lose them, and agree."""
    first = {option: choices[0] for option, choices in TYPED["prediction-bias"].items()}
    said: set[str] = set()
    changes: list[dict[str, Any]] = [{}, {"slice": ["age"]}, {"reference": ["known.csv"]}, {"kind": ["numbers"]}]
    changes += [{"null-values": ["old"]}, {"encoding": ["cp1252"]}, {"decimal": ["."]}, {"thousands": ["space"]}]
    changes += [{"alpha": ["0.01"]}, {"time": ["day"], "by": ["month"]}, {"time": ["day"], "by": ["quarter"]}]
    for change in changes:
        found = json.loads(both_forms(teller, "prediction-bias", first | change)[1].out)
        said.add(json.dumps([found["findings"], found["settings"]]))
    assert len(said) == len(changes)


# --- from Python ----------------------------------------------------------------------------------------


def pinned_as(what: str, **options: tuple[str, ...]) -> DocumentMonitor:
    return pinned(documented(what, **options))


def documented(what: str, **options: tuple[str, ...]) -> DocumentMonitor:
    return DocumentMonitor(
        system="FRAUD",
        monitor="python",
        what=what,
        threshold="0.05",
        alerts=True,
        remediation="manual",
        plan="train again",
        on=date(2026, 1, 20),
        settings={name.replace("_", "-"): values for name, values in options.items()},
    )


def test_from_python_a_monitor_is_measured_by_the_same_function(teller: Teller) -> None:
    books = open_ledger(f"sqlite:///{teller.path}", actor="ada")
    (receipt,) = books.record(pinned_as("drift", reference=("before.csv",), feature=("x", "amount")))
    found = measure(documented_settings(receipt.recorded.event), "now.csv")
    typed = teller.ask(
        "measure drift FRAUD --reference before.csv --live now.csv --feature x --feature amount --threshold 0.05 --dry-run"
    )
    assert (found.value, list(found.findings)) == (typed["value"], typed["findings"])


def test_what_a_measurement_keeps_can_be_documented_as_it_is(teller: Teller) -> None:
    """With what was measured, which is told anew each time."""
    books = open_ledger(f"sqlite:///{teller.path}", actor="ada")
    for what, options in (
        ("drift", {"reference": ("before.csv",), "live": ("elsewhere.csv",)}),
        ("explainability", {"model": ("model.skops",), "data": ("elsewhere.csv",), "row": ("3",)}),
    ):
        (receipt,) = books.record(pinned_as(what, **options))
        assert measure(documented_settings(receipt.recorded.event), "now.csv").what == what


def test_of_an_option_that_takes_one_value_the_last_counts() -> None:
    """As on the command line."""
    said = {"predicted": ("x", "p"), "observed": ("y",), "slice": ("age", "town")}
    found = BiasSettings.documented(said, "0.05")
    assert found == BiasSettings(predicted="p", observed="y", slice=("age", "town"), threshold="0.05")


def test_quarters_are_those_of_the_year_that_is_told() -> None:
    by_quarter = BiasSettings(predicted="p", observed="y", time="day", by="quarter")
    first, second = (
        {finding["slice"] for finding in measure(by_quarter, "scored.csv", first_month=month).findings}
        for month in (1, 4)
    )
    assert first & second == {"all"}


@pytest.mark.parametrize(
    ("what", "options", "says"),
    [
        ("drift", {"model": ("m.skops",)}, "drift has no --model: of these options it takes --reference, --feature"),
        ("prediction-bias", {"record": ("yes",)}, "prediction-bias has no --record"),
        ("robustness", {"slice": ("age",)}, "of these options it takes none"),
    ],
)
def test_a_setting_that_its_measure_does_not_take_is_refused_from_python_too(
    teller: Teller, what: str, options: dict[str, tuple[str, ...]], says: str
) -> None:
    before = teller.counts
    with pytest.raises(Unreadable, match=says):
        open_ledger(f"sqlite:///{teller.path}", actor="ada").record(pinned_as(what, **options))
    assert teller.counts == before


@pytest.mark.parametrize(
    ("what", "options", "says"),
    [
        ("prediction-bias", {}, "Missing: --predicted, --observed."),
        ("prediction-bias", {"predicted": ("p",), "observed": ("",)}, "Missing: --observed."),
        ("drift", {"feature": ("x",)}, "Missing: --reference."),
        ("prediction-bias", {"predicted": ("p",), "observed": ("y",), "by": ("week",)}, "--by is 'week'"),
        ("explainability", {"model": ("model.skops",), "row": ("0",)}, "--row is '0'"),
        ("explainability", {"model": ("model.skops",), "row": ("first",)}, "--row is 'first'"),
    ],
)
def test_what_cannot_be_measured_as_documented_is_wrong_usage(
    teller: Teller, what: str, options: dict[str, tuple[str, ...]], says: str
) -> None:
    """It could be documented: a monitor may watch what is measured by hand."""
    open_ledger(f"sqlite:///{teller.path}", actor="ada").record(pinned_as(what, **options))
    before = teller.counts
    reply = teller.type(f"measure --monitor python {FILE[what][0]}")
    assert (reply.exit_code, reply.out, teller.counts) == (2, "", before)
    assert says in reply.err
