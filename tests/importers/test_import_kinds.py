"""The registry and the one command made from it: a tool is a reader and a line. Here, a tool that nobody has."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from itertools import count
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import text

from ledger.cli import cli
from ledger.cli.data.imports import import_group
from ledger.cli.kit.edge import Edge
from ledger.events.codec import sha256_hex
from ledger.importers.files import pages, read_text
from ledger.importers.findings.finding import RecordRead, ToolFinding
from ledger.importers.findings.kind import FindingsKind, ImportOption
from ledger.importers.kinds import KINDS
from ledger.importers.rows import BadRow
from ledger.store.engine import open_engine, reading
from ledger.vocabulary.errors import Unreadable
from tests.importers.test_sonarqube import issue, write

# --- the tool: a warning per line, key|found on|open, or the day it was fixed|minutes|message -------------


def _minutes(text: str) -> int:
    if not text.isdecimal():
        raise Unreadable(f"'{text}' is no number of minutes.")
    return int(text)


def read_warnings(paths: Iterable[Path], zone: ZoneInfo, usual_minutes: int | None = None) -> Iterator[RecordRead]:
    """zone: not needed, the tool writes days. usual_minutes: of a warning that states none."""
    for path in pages(paths, ".txt"):
        for number, line in enumerate(read_text(path).splitlines(), start=1):
            place = f"{path}, line {number}"
            try:
                yield _warning(place, line, usual_minutes)
            except ValueError as error:
                yield BadRow(place, f"{error}.")


def _warning(place: str, line: str, usual_minutes: int | None) -> ToolFinding:
    key, found_on, state, minutes, message = line.split("|")
    fixed = state != "open"
    return ToolFinding(
        key=key,
        place=place,
        title=message,
        cause="expedience",
        found_on=date.fromisoformat(found_on),
        state="fixed" if fixed else "open",
        state_on=date.fromisoformat(state if fixed else found_on),
        minutes=int(minutes) if minutes else usual_minutes,
        located=f"the line of {key}",
        details={"line": line},
        content_hash=sha256_hex(line.encode()),
    )


LINT = FindingsKind(
    source="lint",
    tool="Lint",
    finding="warning",
    files="lists of warnings",
    category="glue-code",
    read=read_warnings,
    options=(ImportOption("usual-minutes", "Of a warning that states none.", _minutes),),
)


# --- a book, and what is typed at it --------------------------------------------------------------------

LOUD = "W1|2026-10-05|open|30|Loud"


class Typist:
    """Types commands at one database, at a moment that the test sets, with identifiers that count."""

    def __init__(self, url: str) -> None:
        """url: of a migrated database."""
        self.url = url
        self.now = datetime(2026, 11, 20, 9, tzinfo=UTC)
        numbers = count(1)
        self.edge = Edge(lambda: self.now, lambda: f"{next(numbers):032x}")

    def type(self, *words: Any) -> Result:
        told = ["--database", self.url, "--actor", "lead", *map(str, words)]
        return CliRunner().invoke(cli, told, obj=self.edge, prog_name="debt", catch_exceptions=False)

    def bodies(self) -> list[dict[str, Any]]:
        engine = open_engine(self.url)
        with reading(engine) as connection:
            found = [
                json.loads(body) for (body,) in connection.execute(text("SELECT body FROM event ORDER BY position"))
            ]
        engine.dispose()
        return found


@pytest.fixture
def typist(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Typist:
    """At a book with the system SHOP and 800.00 per day, where `debt import` knows Lint too."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("ledger.cli.data.imports.import_", import_group([*KINDS.values(), LINT]))
    typist = Typist(database_url)
    for words in (
        ("init", "--book", "main", "--currency", "EUR"),
        ("system", "add", "SHOP", "The shop", "--team", "red"),
        ("rate", "set", "800", "--from", "2026-01-01"),
    ):
        assert typist.type(*words).exit_code == 0
    return typist


def lines(path: Path, *written: str) -> Path:
    path.write_text("\n".join(written), "utf-8")
    return path


def test_a_new_tool_is_imported_through_the_command(typist: Typist, tmp_path: Path) -> None:
    """30 minutes of 8 hours at 800.00 are 50.00; 10 % of that a year are 5.00."""
    found = lines(tmp_path / "a.txt", LOUD, "W2|2026-10-06|2026-11-02|60|Long", "W3|2026-10-07|open||Odd")
    reply = typist.type("import", "lint", found, "--system", "SHOP", "--interest", "10%")
    assert reply.exit_code == 0
    assert reply.stdout == (
        "3 warnings read, of 2026-11-02: recorded 1 import-run/1, 3 neglect-observed/1, 1 repayment-recorded/2 as lint-1; "
        "0 unchanged, 0 refused\n"
        "  observed EUR 150.00 (1 unestimated), revised by EUR 0.00, repaid EUR 100.00, written off EUR 0.00, "
        "0 twice in the files\n"
        "  open in Lint: 2, 30min; here: 2, 30min\n"
    )
    ran, observed, second, repaid, _ = typist.bodies()[3:]
    assert (ran["stored_as"], ran["stream"], ran["key"]) == ("import-run/1", "book", "lint-1/1")
    assert ran["data"]["input_sha256"] == sha256_hex(found.read_bytes())
    assert ran["data"]["counts"] == {
        "read": 3, "unchanged": 0, "refused": 0, "neglect-observed/1": 3, "repayment-recorded/2": 1}  # fmt: skip
    assert ran["data"]["assumptions"] == {
        "category": "glue-code", "interest": "10%", "spent": "unmeasured", "complete": "no"}  # fmt: skip
    assert (observed["stored_as"], observed["effective_on"], observed["key"]) == (
        "neglect-observed/1", "2026-10-05", "lint-1/1")  # fmt: skip
    said = observed["data"]
    assert (said["title"], said["category"], said["cause"]) == ("Loud", "glue-code", "expedience")
    assert (said["source"], said["external_key"], said["evidence"]) == ("lint", "W1", "lint the line of W1")
    assert (said["principal_minor"], said["carry_minor_per_year"], said["details"]) == (5000, 500, {"line": LOUD})
    assert said["content_hash"] == sha256_hex(LOUD.encode())
    assert (repaid["stored_as"], repaid["effective_on"], repaid["key"]) == (
        "repayment-recorded/2", "2026-11-02", "lint-1/1")  # fmt: skip
    assert second["effective_on"] == "2026-10-06"
    assert (repaid["data"]["item"], repaid["data"]["evidence"]) == (second["data"]["item"], "lint the line of W2")


def test_a_second_import_records_what_changed(typist: Typist, tmp_path: Path) -> None:
    first = lines(tmp_path / "a.txt", LOUD, "W2|2026-10-06|2026-11-02|60|Long", "W3|2026-10-07|open|5|Odd")
    later = lines(
        tmp_path / "b.txt", "W1|2026-10-05|open|60|Loud", "W2|2026-10-06|open|60|Long", "W3|2026-10-07|2026-11-09|5|Odd"
    )
    assert typist.type("import", "lint", first, "--system", "SHOP").exit_code == 0
    before = len(typist.bodies())
    assert typist.type("import", "lint", first, "--system", "SHOP").exit_code == 0
    assert len(typist.bodies()) == before
    reply = typist.type("import", "lint", later, "--system", "SHOP", "--format", "json")
    assert json.loads(reply.stdout) == {
        "run": "lint-2",
        "kind": "lint",
        "read": 3,
        "recorded": {"import-run/1": 1, "estimate-revised/1": 2, "repayment-recorded/2": 1},
        "unchanged": 0,
        "refused": [],
        "reconciliation": {
            "source_open": {"items": 2, "minutes": 120},
            "ledger_open": {"items": 2, "minutes": 120},
            "only_in_source": [],
            "only_in_ledger": [],
        },
        "dry_run": False,
    }
    _, revised, reopened, repaid = typist.bodies()[before:]
    assert revised["data"]["because"] == "effort is 1h in Lint, it was 30min"
    assert (reopened["data"]["item"], reopened["data"]["because"]) == ("SHOP-2", "open again in Lint")
    assert (repaid["data"]["item"], repaid["effective_on"]) == ("SHOP-3", "2026-11-09")


def test_a_row_is_recorded_whole_or_not_at_all(typist: Typist, tmp_path: Path) -> None:
    """It was fixed on a day to come: not even that it was found is recorded, until the same file is imported later."""
    found = lines(tmp_path / "a.txt", "W1|2026-10-05|2026-11-25|30|Loud", LOUD.replace("W1", "W2"))
    assert typist.type("import", "lint", found, "--system", "SHOP").exit_code == 1
    assert [body["data"].get("external_key") for body in typist.bodies()[4:]] == ["W2"]
    typist.now = typist.now.replace(day=26)
    assert typist.type("import", "lint", found, "--system", "SHOP").exit_code == 0
    assert [(body["stored_as"], body["stream"], body["effective_on"]) for body in typist.bodies()[6:]] == [
        ("neglect-observed/1", "SHOP-2", "2026-10-05"),
        ("repayment-recorded/2", "SHOP-2", "2026-11-25"),
    ]


def test_a_repayment_by_hand_on_the_day_of_the_tools_leaves_the_rest_to_it(typist: Typist, tmp_path: Path) -> None:
    typist.type("import", "lint", lines(tmp_path / "a.txt", LOUD), "--system", "SHOP")
    assert typist.type("repay", "SHOP-1", "10min", "--on", "2026-11-09").exit_code == 0
    fixed = lines(tmp_path / "b.txt", "W1|2026-10-05|2026-11-09|30|Loud")
    assert typist.type("import", "lint", fixed, "--system", "SHOP").exit_code == 0
    (by_hand, _, rest) = typist.bodies()[5:]
    assert [body["data"]["removed_minor"] for body in (by_hand, rest)] == [1667, 3333]
    assert [body["data"]["spent_minor"] for body in (by_hand, rest)] == [1667, None]
    assert rest["key"] == "lint-2/1"


@pytest.mark.parametrize(
    ("revisions", "told"),
    [
        (("2h", "60min"), False),
        (("60min", "2h"), True),
        (("2h", "77.00"), True),
    ],
    ids=["as the tool says", "other than the tool says", "in money"],
)
def test_the_latest_estimate_is_held_against_the_tools(
    typist: Typist, tmp_path: Path, revisions: tuple[str, str], told: bool
) -> None:
    """What a person estimated stays; that the tool changed its mind is said, whoever is right."""
    typist.type("import", "lint", lines(tmp_path / "a.txt", LOUD), "--system", "SHOP")
    for principal in revisions:
        assert typist.type("revise", "SHOP-1", "--principal", principal, "--because", "looked again").exit_code == 0
    changed = lines(tmp_path / "b.txt", LOUD.replace("30", "60"))
    before = len(typist.bodies())
    reply = typist.type("import", "lint", changed, "--system", "SHOP")
    assert ("effort is 1h in Lint, it was 30min; a person estimated" in reply.stderr) == told
    assert len(typist.bodies()) == before


def test_two_tools_may_have_one_key(typist: Typist, tmp_path: Path) -> None:
    """What is known is known of a source."""
    theirs = write(tmp_path / "e.json", [issue("W1")])
    ours = lines(tmp_path / "a.txt", LOUD)
    for kind, path in (("sonarqube", theirs), ("lint", ours), ("sonarqube", theirs), ("lint", ours)):
        assert typist.type("import", kind, path, "--system", "SHOP").exit_code == 0
    observed = [body["data"] for body in typist.bodies() if body["stored_as"] == "neglect-observed/1"]
    assert [data["source"] for data in observed] == ["sonarqube", "lint"]


def test_a_warning_is_in_one_system(typist: Typist, tmp_path: Path) -> None:
    """Sentences call a finding what its tool calls it."""
    found = lines(tmp_path / "a.txt", LOUD)
    typist.type("system", "add", "OTHER", "Another", "--team", "red")
    typist.type("import", "lint", found, "--system", "SHOP")
    reply = typist.type("import", "lint", found, "--system", "OTHER")
    assert (reply.exit_code, "The warning was imported before, as SHOP-1" in reply.stderr) == (1, True)


def test_the_option_of_a_kind_reaches_its_reader(typist: Typist, tmp_path: Path) -> None:
    found = lines(tmp_path / "a.txt", "W1|2026-10-05|open||Loud", "W2|2026-10-05|open|15|Long")
    assert typist.type("import", "lint", found, "--system", "SHOP", "--usual-minutes", "45").exit_code == 0
    assert [body["data"]["effort_minutes"] for body in typist.bodies()[4:]] == [45, 15]
    reply = typist.type("import", "lint", found, "--system", "SHOP", "--usual-minutes", "some")
    assert (reply.exit_code, "'some' is no number of minutes." in reply.stderr) == (2, True)
    reply = typist.type("import", "sonarqube", found, "--system", "SHOP", "--usual-minutes", "45")
    assert (reply.exit_code, "No such option '--usual-minutes'." in reply.stderr) == (2, True)


@pytest.mark.parametrize("strict", [(), ("--strict",)])
def test_a_bad_line_is_told_and_nothing_of_a_strict_import_recorded(
    typist: Typist, tmp_path: Path, strict: tuple[str, ...]
) -> None:
    found = lines(tmp_path / "a.txt", LOUD, "W2|soon|open|15|Long", "W3|2026-10-05|open|5|Odd")
    reply = typist.type("import", "lint", found, "--system", "SHOP", *strict)
    assert (reply.exit_code, f"{found}, line 2" in reply.stderr) == (1, True)
    assert [body["data"]["external_key"] for body in typist.bodies()[4:]] == ([] if strict else ["W1", "W3"])


def test_bad_lines_are_told_in_the_order_of_the_file(typist: Typist, tmp_path: Path) -> None:
    """Whether they cannot be read, or a rule refuses them."""
    found = lines(tmp_path / "a.txt", "W1|2027-10-05|open|30|Not yet", "W2|soon|open|15|Long", *["W3"] * 8)
    reply = typist.type("import", "lint", found, "--system", "SHOP", "--format", "json")
    places = [bad["place"] for bad in json.loads(reply.stdout)["refused"]]
    assert places == [f"{found}, line {number}" for number in range(1, 11)]


def test_the_category_that_is_typed_counts(typist: Typist, tmp_path: Path) -> None:
    found = lines(tmp_path / "a.txt", LOUD)
    assert typist.type("import", "lint", found, "--system", "SHOP", "--category", "code-quality").exit_code == 0
    assert [body["data"]["category"] for body in typist.bodies()[4:]] == ["code-quality"]


def test_a_file_that_cannot_be_read_records_nothing_of_those_before_it(typist: Typist, tmp_path: Path) -> None:
    """All files are read before the first row is recorded."""
    lines(tmp_path / "page1.txt", LOUD)
    (tmp_path / "page2.txt").write_bytes(b"W2|2026-10-05|open|30|L\x81rm")
    reply = typist.type("import", "lint", tmp_path, "--system", "SHOP")
    assert (reply.exit_code, "page2.txt is not Windows-1252 text" in reply.stderr) == (2, True)
    assert len(typist.bodies()) == 3


def test_help_lists_the_kinds_and_speaks_of_each_in_its_words() -> None:
    group = import_group([*KINDS.values(), LINT])
    listed = CliRunner().invoke(group, ["--help"], prog_name="debt import").stdout
    assert {word for line in listed.splitlines() for word in line.split()[:1]} >= {*KINDS, "lint"}
    told = " ".join(CliRunner().invoke(group, ["lint", "--help"], prog_name="debt import").stdout.split())
    for words in (
        "Import Lint warnings from PATHS: lists of warnings.",
        "The system the warnings belong to.",
        "What carrying a warning costs",
        "[default: glue-code]",
        "--usual-minutes USUAL-MINUTES Of a warning that states none.",
    ):
        assert words in told
    theirs = " ".join(CliRunner().invoke(group, ["sonarqube", "--help"], prog_name="debt import").stdout.split())
    assert "What carrying an issue costs" in theirs
