"""Old ledgers: databases of every schema that ever landed are opened, upgraded, and say what they said.

Each folder holds a ledger as the code of its day left it, for both databases, and what it answered then. make.py
tells how the next one is frozen.
"""

from __future__ import annotations

import json
import lzma
from pathlib import Path
from typing import Any

import psycopg
import pytest
from click.testing import CliRunner

from ledger.cli import cli
from ledger.tables.facts import SCHEMA_VERSION
from migrations import versions
from tests.corpus.frozen import thawed_pack, thawed_sqlite
from tests.corpus.make import CORPUS, LINES
from tests.corpus.questions import DEMO, SECOND, answers, changed, typed

SCHEMAS = sorted(path.parent.name for path in CORPUS.glob("*/expected.json"))
LANDED = sorted(path.name[1:5] for path in Path(versions.__file__).parent.glob("r[0-9]*.py"))


@pytest.fixture(params=SCHEMAS)
def schema(request: pytest.FixtureRequest) -> str:
    """A schema there is a frozen ledger of."""
    return str(request.param)


@pytest.fixture
def said(schema: str) -> dict[str, Any]:
    """What the ledger said when it was frozen."""
    found: dict[str, Any] = json.loads((CORPUS / schema / "expected.json").read_text(encoding="utf-8"))
    return found


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.reliability)])
def frozen(request: pytest.FixtureRequest, schema: str, tmp_path: Path) -> str:
    """The URL of the ledger as it was left, on each database."""
    if request.param == "sqlite":
        return thawed_sqlite(schema, tmp_path)
    url: str = request.getfixturevalue("empty_postgres_url")
    script = lzma.decompress((CORPUS / schema / "ledger.sql.xz").read_bytes())
    with psycopg.connect(url.replace("+psycopg", "", 1)) as connection:
        connection.execute(script)
    return url


def test_every_schema_that_landed_but_the_newest_has_a_frozen_ledger() -> None:
    assert LANDED[-1] == SCHEMA_VERSION
    missing = set(LANDED[:-1]) - set(SCHEMAS)
    assert not missing, f"no frozen ledger of {sorted(missing)}: see tests/corpus/make.py"
    assert set(SCHEMAS) <= set(LANDED)


def test_a_frozen_ledger_is_upgraded_and_says_what_it_said(frozen: str, said: dict[str, Any], tmp_path: Path) -> None:
    told = typed(frozen, None, "db upgrade")
    assert told == (
        f"schema {said['schema']} -> {SCHEMA_VERSION}\n"
        if said["schema"] < SCHEMA_VERSION
        else f"schema {SCHEMA_VERSION}: nothing to do\n"
    )
    # Of the role, which is the test's own, nothing can be said.
    assert [row for row in _checked(frozen) if not row["ok"] and row["check"] != "rights"] == []
    assert changed(said["books"], answers(frozen, tmp_path)) == []
    for book in said["books"]:
        verified = json.loads(typed(frozen, book, "verify --decide --format json"))
        assert (verified["ok"], verified["differs"]) == (True, [])
        assert json.loads(typed(frozen, book, "db rebuild --format json")) == []


def _checked(database: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(
        CliRunner().invoke(cli, ["--database", database, "db", "check", "--format", "json"]).stdout
    )
    assert {row["check"] for row in found} >= {"schema", "guards"}
    return found


@pytest.mark.reliability
def test_a_frozen_ledger_goes_on(frozen: str, said: dict[str, Any], tmp_path: Path) -> None:
    typed(frozen, None, "db upgrade")
    for serial, (book, line) in enumerate(
        ((DEMO, "repay FRAUD-3 100 --key now"), (SECOND, "note GEO-1 'Seen again.'")), 900
    ):
        receipt = json.loads(typed(frozen, book, f"{line} --format json", serial=serial))
        assert receipt["position"] == said["books"][book]["verify"]["events"] + 1
    again = json.loads(typed(frozen, DEMO, "repay FRAUD-3 100 --key now --format json", serial=950))
    assert again["position"] == said["books"][DEMO]["verify"]["events"] + 1
    now = answers(frozen, tmp_path)
    for book, then in said["books"].items():
        assert now[book]["verify"]["ok"]
        assert now[book]["verify"]["events"] == then["verify"]["events"] + 1
        assert changed(then["known_then"], now[book]["known_then"]) == []


def test_a_key_that_was_used_then_is_known_now(frozen: str) -> None:
    typed(frozen, None, "db upgrade")
    day, line = next((day, line) for day, line in LINES if line.endswith("--key g1"))
    receipt = json.loads(typed(frozen, SECOND, f"{line} --on {day} --format json"))
    assert (receipt["position"], receipt["item"]) == (7, "GEO-1")


def test_an_older_ledger_says_how_it_is_upgraded(frozen: str, schema: str) -> None:
    if schema == SCHEMA_VERSION:
        pytest.skip("this is the newest schema")
    result = CliRunner().invoke(cli, ["--database", frozen, "--book", DEMO, "delta"])
    assert result.exit_code == 3
    assert "`debt db upgrade`" in result.stderr


@pytest.mark.reliability
def test_the_pack_issued_then_is_reproduced(schema: str, tmp_path: Path) -> None:
    """The values, whatever columns came in later; a file that is not frozen is missing."""
    database = thawed_sqlite(schema, tmp_path)
    typed(database, None, "db upgrade")
    folder = thawed_pack(schema, tmp_path)
    words = ["--database", database, "reproduce", str(folder), "--format", "json"]
    found = json.loads(CliRunner().invoke(cli, words).stdout)
    manifest = json.loads((folder / "MANIFEST.json").read_text(encoding="utf-8"))
    assert found["position"] == manifest["position"]
    issued = {event["position"] for event in _issues(database, manifest["book"])}
    assert found["issued_at"] in issued
    kept = {file["file"] for file in found["files"] if file["in_folder"] == "same bytes"}
    assert {path.relative_to(folder).as_posix() for path in folder.rglob("*.*")} == kept
    rebuilt = {file["file"]: file["rebuilt"] for file in found["files"]}
    (postings,) = [name for name in rebuilt if name.endswith(".csv")]
    (workbook,) = [name for name in rebuilt if name.endswith(".xlsx")]
    assert {rebuilt[postings], rebuilt[workbook], rebuilt["MANIFEST.json"]} <= {"same bytes", "same values"}
    added = {name for name, how in rebuilt.items() if how == "new in this release"}
    assert all(name.endswith("-deck.pdf") for name in added)
    assert {rebuilt[name] for name in rebuilt.keys() - added} <= {
        "same bytes",
        "same values",
        "a picture, not compared",
    }


def _issues(database: str, book: str) -> list[dict[str, Any]]:
    events: list[dict[str, Any]] = json.loads(typed(database, book, "log --format json"))
    return [event for event in events if event["stored_as"] == "pack-issued/1"]


@pytest.mark.parametrize(
    ("then", "now", "lines"),
    [
        ({"a": 1}, {"a": 1, "b": 2}, 0),
        ({"a": [{"x": "1.00"}]}, {"a": [{"x": "1.00", "y": 0}]}, 0),
        ({"a": 1}, {"b": 1}, 1),
        ({"a": [1, 2]}, {"a": [2, 1]}, 2),
        ({"a": [1, 2]}, {"a": [1, 2, 3]}, 1),
        ({"a": {"b": "1.00"}}, {"a": {"b": "1.01"}}, 1),
    ],
)
def test_what_is_not_said_any_more_is_found(then: Any, now: Any, lines: int) -> None:
    """A field added since is no change; a value, a row more or less, an order, is."""
    assert len(changed(then, now)) == lines
