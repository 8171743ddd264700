"""Every recipe of docs/recipes.md works as it is printed, and touches no more files than it says."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.helpers.scratch import ROOT, Scratch
from tests.recipes.recipe import Recipe, recipes

pytestmark = pytest.mark.reliability

RECIPES = recipes()
#: Of each recipe, how many files of the product are new and how many get a row; what its tests take comes on top.
COUNTED = {
    "A verb with its event": (3, 4),
    "A projection": (2, 2),
    "A sheet": (1, 1),
    "An importer": (1, 1),
    "A command": (1, 1),
}
SYSTEM = "system add FRAUD Fraud --team red --on 2026-01-01"
ITEM = "observe FRAUD Slow --category glue-code --cause expedience --principal 1000 --interest 365/year --on 2026-01-10"


class Copy:
    """The source with a recipe carried out in it, and a ledger that it keeps."""

    def __init__(self, folder: Path, recipe: Recipe) -> None:
        self.scratch = Scratch.made_in(folder, "ledger", "migrations", "reports", "tests")
        self.recipe = recipe

    def run(self, line: str) -> subprocess.CompletedProcess[str]:
        """Type a command line."""
        words = ["--database", "sqlite:///ledger.db", *line.split()]
        return self.scratch.run("from ledger.cli import main; main()", *words)

    def type(self, line: str) -> str:
        """What a command line prints, which has to succeed."""
        ran = self.run(line)
        assert ran.returncode == 0, f"{line}\n{ran.stderr}"
        return ran.stdout

    def opened(self) -> None:
        """A book with one item."""
        for line in ("init --book b --currency EUR --time-zone UTC", SYSTEM, ITEM):
            self.type(line)

    def passes(self, *tests: str) -> None:
        """The project's own tests, as they stand in the copy, pass."""
        for name in ("pyproject.toml", "README.md", "LICENSE"):
            shutil.copy(ROOT / name, self.scratch.folder)
        ran = self.scratch.run(
            "import pytest, sys; sys.exit(pytest.main(sys.argv[1:]))", "-q", "-p", "no:cacheprovider", *tests
        )
        assert ran.returncode == 0, ran.stdout[-3000:] + ran.stderr[-1000:]


@pytest.fixture
def made(tmp_path: Path) -> Callable[[str], Copy]:
    """A copy with a recipe carried out."""

    def make(title: str) -> Copy:
        copy = Copy(tmp_path, RECIPES[title])
        copy.recipe.carry_out(copy.scratch)
        return copy

    return make


def test_every_recipe_is_counted() -> None:
    found = {title: (len(recipe.files("new")), len(recipe.files("row"))) for title, recipe in RECIPES.items()}
    assert found == COUNTED


def test_a_verb_with_its_event(made: Callable[[str], Copy]) -> None:
    """It posts, and is in the roll-forward, the log, a restatement, the exports, the bundle and the reference model."""
    copy = made("A verb with its event")
    copy.opened()
    copy.type("report 2026Q1 --into first")
    receipt = json.loads(copy.type("index FRAUD-1 3 --because dearer --on 2026-02-01 --format json"))
    assert (receipt["stored_as"], receipt["item"]) == ("principal-indexed/1", "FRAUD-1")
    rows = json.loads(copy.type("rollforward 2026Q1 --format json"))["rows"]
    assert {row["nature"]: (row["revised"], row["closing"]) for row in rows}["neglect"] == ("30.00", "1030.00")
    assert [event["stored_as"] for event in json.loads(copy.type("log FRAUD-1 --format json"))][-1] == receipt[
        "stored_as"
    ]
    copy.type("replay --check --as-of 2026-03-31")
    copy.type("verify")
    copy.type("export hledger books.journal")
    assert "1030.00" not in (journal := (copy.scratch.folder / "books.journal").read_text(encoding="utf-8"))
    assert "30.00 EUR" in journal.replace('"', "")
    copy.type("report 2026Q1 --into second")
    assert receipt["stored_as"] in _texts(next((copy.scratch.folder / "second").rglob("*.xlsx")))
    assert receipt["stored_as"] not in _texts(next((copy.scratch.folder / "first").rglob("*.xlsx")))
    _bundle_is_proved(copy.scratch.folder, copy)


def _texts(workbook: Path) -> str:
    with zipfile.ZipFile(workbook) as archive:
        return "".join(archive.read(name).decode() for name in archive.namelist() if name.endswith(".xml"))


def _bundle_is_proved(folder: Path, copy: Copy) -> None:
    """By the verifier that travels in it, run without the project."""
    copy.type("bundle books.zip --as-of 2026-03-31")
    with zipfile.ZipFile(folder / "books.zip") as archive:
        archive.extract("verify.py", folder / "alone")
    command = [sys.executable, "-I", "verify.py", str(folder / "books.zip")]
    ran = subprocess.run(command, cwd=folder / "alone", capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr


def test_the_reference_model_takes_the_verb_too(made: Callable[[str], Copy]) -> None:
    """A history with it is played to both; and the golden files grow by one line each, nothing else."""
    copy = made("A verb with its event")
    golden = [copy.scratch.folder / "tests" / "golden" / name for name in ("stored_names.txt", "bodies.jsonl")]
    before = [path.read_text(encoding="utf-8").splitlines() for path in golden]
    ran = copy.scratch.run("import runpy; runpy.run_path('tests/golden/add_missing.py', run_name='__main__')")
    assert ran.returncode == 0, ran.stderr
    after = [path.read_text(encoding="utf-8").splitlines() for path in golden]
    assert [lines[: len(old)] for lines, old in zip(after, before, strict=True)] == before
    assert [len(lines) - len(old) for lines, old in zip(after, before, strict=True)] == [1, 1]
    ran = copy.scratch.run(
        "from tests.model.agreement import agree, in_process\n"
        "from tests.model.commands import Index\n"
        "from tests.model.histories import History\n"
        "from tests.model.shorthand import FRAUD, RANK, adopt, day, observe, unestimated\n"
        "from ledger.store.upgrade import upgrade\n"
        "upgrade('sqlite:///model.db')\n"
        "index = lambda on, percent=3: Index(item='FRAUD-1', percent=percent, on=day(on))\n"
        "for first in (observe(), unestimated()):\n"
        "    story = (FRAUD, RANK, first, index('02-01'), adopt('03-01'), index('04-01', 7), index('05-01', 0))\n"
        "    agree(History(1, story), 'sqlite:///model.db', in_process(), replayed=True)\n"
    )
    assert (ran.returncode, ran.stderr) == (0, "")
    copy.passes("tests/events", "tests/store/test_projections.py")


def test_a_projection(made: Callable[[str], Copy], tmp_path_factory: pytest.TempPathFactory) -> None:
    """A ledger of the release before is upgraded, filled, verified; and the tests of the store need no change."""
    before = Scratch.made_in(tmp_path_factory.mktemp("before"), "ledger", "migrations")
    copy = made("A projection")
    described = copy.scratch.run("import runpy; runpy.run_module('tests.store.describe', run_name='__main__')")
    assert described.returncode == 0, described.stderr
    lines = (
        "init --book b --currency EUR --time-zone UTC",
        SYSTEM,
        ITEM,
        "repay FRAUD-1 400 --spent 500 --on 2026-02-01",
    )
    url = f"sqlite:///{copy.scratch.folder / 'ledger.db'}"
    for line in lines:
        assert before.run("from ledger.cli import main; main()", "--database", url, *line.split()).returncode == 0
    copy.type("db upgrade")
    copy.type("verify")
    copy.type("repay FRAUD-1 100 --on 2026-02-02")
    copy.type("verify")
    assert "differ" not in copy.type("db rebuild").replace("nothing differed", "")
    ran = copy.scratch.run(
        "import sqlite3; print(sqlite3.connect('ledger.db').execute('SELECT position, spent_minor FROM spending').fetchall())"
    )
    assert ran.stdout.strip() == "[(4, 50000), (5, 10000)]"
    copy.passes("tests/store/test_projections.py", "tests/store/test_migrations.py", "tests/store/test_rebuild.py")


def test_a_sheet(made: Callable[[str], Copy]) -> None:
    """It is in the pack, and the witness finds every figure of it, on a random ledger."""
    copy = made("A sheet")
    copy.passes("tests/three_ways/test_three_ways.py", "-k", "0 and random", "tests/reports/sheets/test_sheets.py")


def test_an_importer(made: Callable[[str], Copy]) -> None:
    """Its command is there, records findings as neglect, and once."""
    copy = made("An importer")
    copy.opened()
    entries = [{"id": "A-1", "text": "Rotate the keys", "since": "2026-02-03"}, {"id": "A-2", "text": "No day"}]
    (copy.scratch.folder / "list.json").write_text(json.dumps(entries), encoding="utf-8")
    ran = copy.run("import worklist list.json --system FRAUD")
    assert ran.returncode == 1, "one of two entries says not since when"
    assert "list.json: entry 2" in ran.stderr
    listed = json.loads(copy.type("list --format json"))
    assert [(item["item"], item["title"], item["nature"]) for item in listed][1:] == [
        ("FRAUD-2", "Rotate the keys", "neglect")
    ]


def test_a_command(made: Callable[[str], Copy]) -> None:
    copy = made("A command")
    copy.opened()
    assert json.loads(copy.type("oldest --format json"))[0]["item"] == "FRAUD-1"
