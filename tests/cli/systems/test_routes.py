"""Every kind of measurement, by every route, looked at or recorded, the first time or again: one model says what follows."""

from __future__ import annotations

import json
import shlex
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from ledger.cli import cli
from ledger.decide.robustness import DocumentRobustness
from ledger.queries.audit.log import log
from ledger.queries.register.items import register
from ledger.services.measure import documented_settings, measure, only_monitor
from ledger.services.open_ledger import OpenedLedger, open_ledger
from ledger.services.robustness import try_case
from ledger.vocabulary.errors import Refused
from ledger.vocabulary.measure_settings import SETTINGS
from tests.helpers.breach_model import BREACH, BreachModel

np = pytest.importorskip("numpy", reason="the extra `ml` is not installed")
pd = pytest.importorskip("pandas", reason="the extra `ml` is not installed")
skops = pytest.importorskip("skops.io", reason="the extra `ml` is not installed")

AGREED, CARRY = 5000_00, 600_00
WATCHED = "--alerts yes --remediation manual --plan retrain --principal 5000 --interest 50/month --agreed-by anna"
DAY = "2026-07-01"


@dataclass(frozen=True)
class Kind:
    """monitor: what is documented. direct: how it is typed with the monitor, {} for what is measured.

    series: in which the broken one breaks its threshold. contradiction, agreement: what may be typed besides, or not.
    """

    monitor: str
    direct: str
    series: tuple[str, ...]
    contradiction: str
    agreement: str


#: The threshold of each is not the kind's own: by that, what is kept here would be broken.
KINDS = {
    "prediction-bias": Kind(
        "--threshold 0.05 --predicted p --observed o --slice town",
        "measure prediction-bias {system} {file}",
        ("all", "town=A", "town=B"),
        "--slice age",
        "--slice town --alpha 0.050 --threshold 0.05",
    ),
    "drift": Kind(
        "--threshold 0.3 --reference before.csv --alpha 0.01",
        "measure drift {system} --live {file}",
        ("x",),
        "--alpha 0.05",
        "--reference before.csv --threshold 0.30",
    ),
    "explainability": Kind(
        "--threshold 0.1 --model model.skops",
        "measure explainability {system} --data {file}",
        ("",),
        "--row 2",
        "--model ./model.skops --row 1",
    ),
    "comprehensibility": Kind(
        "--threshold 0.5",
        "measure comprehensibility {system} --repo {file}",
        ("",),
        "--threshold 0.6",
        "--threshold 0.5",
    ),
    "robustness": Kind(
        "--threshold 0.9",
        "robustness {system} nights --perturbation dark --data d1 --of 100 --passed {file}",
        ("nights",),
        "--threshold 0.2",
        "--threshold 0.9",
    ),
}
#: What is measured, by what it is: broken, broken otherwise, and kept by this monitor's threshold alone.
FILES = {
    "prediction-bias": {"broken": "bias1.csv", "worse": "bias2.csv", "kept": "bias0.csv"},
    "drift": {"broken": "drift1.csv", "worse": "drift2.csv", "kept": "drift0.csv"},
    "explainability": {"broken": "many1.csv", "worse": "many2.csv", "kept": "few.csv"},
    "comprehensibility": {"broken": "code1", "worse": "code2", "kept": "code0"},
    "robustness": {"broken": "30", "worse": "20", "kept": "95"},
}


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All that is measured, made once."""
    from sklearn.linear_model import LinearRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import PolynomialFeatures

    folder = tmp_path_factory.mktemp("data")
    made = np.random.default_rng(5)
    for number, yes in enumerate((330, 420, 480)):
        rows = [(int(row % 1000 < yes), int(row % 1000 < 300), "AB"[row // 1000]) for row in range(2000)]
        pd.DataFrame(rows, columns=["p", "o", "town"]).to_csv(folder / f"bias{number}.csv", index=False)
    steady = made.normal(size=1500)
    pd.DataFrame({"x": made.normal(size=1500), "y": steady}).to_csv(folder / "before.csv", index=False)
    for number, shift in enumerate((0.4, 2, 3)):
        moved = pd.DataFrame({"x": made.normal(size=1500) + shift, "y": steady})
        moved.to_csv(folder / f"drift{number}.csv", index=False)
    names = [f"f{number}" for number in range(12)]
    frame = pd.DataFrame(made.normal(size=(200, 12)), columns=names)
    # Two features that act together: no small surrogate says it; where one of them is still, a linear one does.
    said = frame["f0"] + frame["f10"] * frame["f11"]
    skops.dump(make_pipeline(PolynomialFeatures(2), LinearRegression()).fit(frame, said), folder / "model.skops")
    frame.to_csv(folder / "many1.csv", index=False)
    (frame * 2).to_csv(folder / "many2.csv", index=False)
    frame.assign(**dict.fromkeys(names[5:], 0.0)).to_csv(folder / "few.csv", index=False)
    for number, branches in enumerate((1, 12, 14)):
        (folder / f"code{number}").mkdir()
        text = "def f(x):\n" + "    if x:\n        pass\n" * branches
        (folder / f"code{number}" / "a.py").write_text(text, encoding="utf-8")
    return folder


@dataclass
class Window:
    """One book, at which lines are typed and Python is called."""

    url: str
    books: OpenedLedger = field(init=False)

    def __post_init__(self) -> None:
        self.type(f"init --book main --currency EUR --on {DAY}")
        self.books = open_ledger(self.url, actor="ada")

    def type(self, line: str) -> Any:
        return CliRunner().invoke(cli, ["--database", self.url, "--actor", "ada", *shlex.split(line)])

    def ask(self, line: str) -> Any:
        reply = self.type(f"{line} --format json")
        assert reply.exit_code == 0, reply.stderr
        return json.loads(reply.stdout)

    def watch(self, system: str, what: str) -> None:
        """Register a system, and document its monitor, called as the kind is."""
        for line in (
            f"system add {system} {system} --team red --on {DAY}",
            f"monitor {system} night --what {what} {KINDS[what].monitor} {WATCHED} --on {DAY}",
        ):
            reply = self.type(line)
            assert reply.exit_code == 0, reply.stderr


Route = Callable[[Window, str, str, str, bool], bool]


def direct(window: Window, system: str, what: str, file: str, record: bool) -> bool:
    """The kind by its name, under the monitor; what agrees with it is typed too."""
    line = KINDS[what].direct.format(system=system, file=file)
    return _typed(window, f"{line} --monitor night {KINDS[what].agreement} --on {DAY}", record)


def by_monitor(window: Window, system: str, what: str, file: str, record: bool) -> bool:
    """The monitor by its name."""
    if what == "robustness":
        return direct(window, system, what, file, record)
    return _typed(window, f"measure --monitor night {file} --system {system} --on {DAY}", record)


def by_cron(window: Window, system: str, what: str, file: str, record: bool) -> bool:
    """As in a crontab: retried under a key that names what is measured, with all that can be said of a recording."""
    rest = f"--on {DAY} --late --evidence 'job 7' --key '{system} {file}'"
    if what == "robustness":
        return _typed(window, f"{KINDS[what].direct.format(system=system, file=file)} --monitor night {rest}", record)
    return _typed(window, f"measure --monitor night {file} --system {system} {rest}", record)


def from_python(window: Window, system: str, what: str, file: str, record: bool) -> bool:
    books, day = window.books, date.fromisoformat(DAY)
    if what == "robustness":
        words: dict[str, Any] = {"case": "nights", "perturbation": "dark", "data": "d1", "of": 100, "passed": int(file)}
        command = DocumentRobustness(system=system, on=day, **words)
        found = try_case(books.ledger, command, books.requester, monitor="night", record=record).concluded
        return found is not None and found.is_breach
    monitor = only_monitor(books.ledger, "night", books.today, system)
    measurement = measure(documented_settings(monitor), file)
    return books.record_measurement(measurement, system, monitor="night", on=day, record=record).is_breach


def _typed(window: Window, line: str, record: bool) -> bool:
    reply = window.type(f"{line} --fail-on breach{' --record' if record else ''}")
    assert reply.exit_code in (0, BREACH), reply.stderr
    return bool(reply.exit_code == BREACH)


ROUTES: dict[str, Route] = {"DIRECT": direct, "MONITOR": by_monitor, "CRON": by_cron, "PYTHON": from_python}
#: Kinds that are measured in no time; the others are played by `make reliability`.
QUICK = ("comprehensibility", "robustness")
#: What is measured, and whether it is recorded; or what is repaid.
STEPS = (
    ("broken", False), ("broken", True), ("broken", True), ("worse", False), ("worse", True), ("worse", True),
    ("kept", True), ("repay", True), ("broken", True),
)  # fmt: skip


@pytest.mark.sqlite_first
@pytest.mark.parametrize(
    "what", [pytest.param(what, marks=[] if what in QUICK else pytest.mark.reliability) for what in KINDS]
)
def test_whatever_the_route_the_same_follows(
    what: str, database_url: str, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(data)
    window = Window(database_url)
    for system, route in ROUTES.items():
        window.watch(system, what)
        # From elsewhere: the monitor knows where its files are.
        model, broken = BreachModel(AGREED), KINDS[what].series
        for number, (file, record) in enumerate(STEPS):
            if file == "repay":
                for item in window.ask(f"list --system {system}"):
                    assert window.type(f"repay {item['item']} --all --on {DAY}").exit_code == 0
                for series in broken:
                    model.repay(series)
                continue
            found = broken if file != "kept" else ()
            code = model.measure(file, date.fromisoformat(DAY), found, record=record)
            is_breach = route(window, system, what, FILES[what][file], record)
            assert is_breach == (code == BREACH), (system, number)
            assert_agrees(window, system, model, (system, number, file, record))


def assert_agrees(window: Window, system: str, model: BreachModel, where: object) -> None:
    """The register, the money and the events are the model's."""
    with window.books.reader() as reader:
        items = [item for item in register(reader, window.books.today) if item.system == system]
        events = [each.recorded for each in log(reader) if each.recorded.stream.partition("-")[0] == system]
    assert [item.status for item in items] == ["repaid" if item.closed else "open" for item in model.items], where
    assert sum(item.outstanding for item in items) == model.owed, where
    carry = sum(item.interest_per_year for item in items)
    assert carry == sum(CARRY for item in model.items if not item.closed), where
    assert {item.cause for item in items} <= {"missed-maintenance"}, where
    stored = [event.stored_as for event in events]
    assert stored.count("evidence-added/2") == model.evidence, where
    assert stored.count("expectation-measured/2") == len(model.measured), where


@pytest.mark.parametrize("what", list(KINDS))
def test_what_is_typed_besides_may_not_contradict_the_monitor(
    what: str, sqlite_url: str, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(data)
    window = Window(sqlite_url)
    window.watch("FRAUD", what)
    before = window.ask("log")
    for file in FILES[what].values():
        line = f"{KINDS[what].direct.format(system='FRAUD', file=file)} --monitor night {KINDS[what].contradiction}"
        for rest in ("", "--record", "--dry-run"):
            reply = window.type(f"{line} {rest}")
            assert (reply.exit_code, reply.stdout) == (1, ""), reply.stderr
            assert "contradicts the monitor 'night' of FRAUD" in reply.stderr
            assert "Nothing was recorded." in reply.stderr
    assert window.ask("log") == before


def otherwise(what: str) -> list[tuple[str, dict[str, Any]]]:
    """Settings that a monitor contradicts, and the option that a refusal names."""
    words = {"predicted": "p", "observed": "o", "slice": ("town",), "threshold": "0.05"}
    if what == "prediction-bias":
        return [("--slice", words | {"slice": ()}), ("--threshold", words | {"threshold": None})]
    return [("reference", {"reference": "drift1.csv", "alpha": "0.01", "threshold": "0.3"})]


@pytest.mark.parametrize("what", ["prediction-bias", "drift"])
def test_from_python_a_measurement_that_was_made_otherwise_is_refused(
    what: str, sqlite_url: str, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It would book a breach that the monitor knows nothing of, or none where there is one."""
    monkeypatch.chdir(data)
    window = Window(sqlite_url)
    window.watch("FRAUD", what)
    before = window.ask("log")
    for option, settings in otherwise(what):
        found = measure(SETTINGS[what](**settings), FILES[what]["broken"])
        for record in (False, True):
            with pytest.raises(Refused, match=option):
                window.books.record_measurement(found, "FRAUD", monitor="night", record=record)
    assert window.ask("log") == before
