"""`debt audit-report`: the story's entries under the tests they were recorded for, in every form; nothing is changed."""

from __future__ import annotations

import json
import re
import shlex
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner

from ledger.cli import cli
from ledger.cli.kit.edge import Edge
from ledger.journal_tests.listing import NO_THRESHOLD, NO_USERS
from tests.helpers.audit_story import STORY, told
from tests.helpers.postgres_server import PostgresServer
from tests.helpers.teller import Clock, Teller, copied, new_id
from tests.importers.test_sonarqube import closed, issue, write
from tests.test_lazy_imports import HEAVY, imported_by

#: By test: positions in the order in which they are listed, with the measure or the note of each.
LISTED = {
    "backdated": [(10, 7), (9, 6), (4, 4), (7, 2)],
    "late": [(9, 12)],
    "corrected": [(4, "reversed at position 10 by ada")],
    "reversals": [(10, "reverses position 4, repayment-recorded by bea")],
    "round-sums": [(3, "12000.00"), (9, "2000.00"), (6, "1000.00")],
    "before-close": [
        (7, "4 days before the close at position 8, 2026-04-06"),
        (11, "1 day before the quarter's end, 2026-06-30"),
    ],
    "outside-hours": [(4, "Saturday 14:05"), (5, "Monday 07:30")],
    "rare-actors": [(4, "1 by bea in all"), (7, "1 by cleo in all")],
    "just-under": [(4, "4900.00")],
    "unusual-logins": [],
}


@pytest.fixture(scope="session")
def whole_story(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The ledger of the story; it is only read."""
    return told(tmp_path_factory.mktemp("story") / "ledger.db").path


@pytest.fixture
def auditor(whole_story: Path, tmp_path: Path) -> Teller:
    """Somebody who looks at a copy of it, years later."""
    clock = Clock(datetime.fromisoformat("2029-01-01T00:00:00+00:00"))
    return Teller(copied(whole_story, tmp_path / "story.db"), clock, "auditor")


def listed(report: Any) -> dict[str, list[tuple[int, Any]]]:
    """Positions and measures or notes, by test."""
    return {
        name: [
            (each["position"], each.get("days", each.get("listed_amount", each["note"]))) for each in found["entries"]
        ]
        for name, found in report["tests"].items()
    }


def counts(report: Any) -> dict[str, int]:
    """The summary, of the tests that list anything."""
    return {row["test"]: row["count"] for row in report["summary"] if row["count"]}


def test_every_entry_is_listed_by_the_test_it_was_recorded_for(auditor: Teller) -> None:
    """And by no other; the story is at the top of audit_story.py."""
    report = auditor.ask("audit-report --threshold 5000")
    assert listed(report) == LISTED
    assert [(row["test"], row["count"]) for row in report["summary"][:-1]] == [
        (name, len(entries)) for name, entries in LISTED.items() if name != "unusual-logins"
    ]


def test_the_json_has_everything(auditor: Teller) -> None:
    """Its shape is a contract; the population, gaps and actors are those of the story."""
    before = auditor.counts
    report = auditor.ask("audit-report --seed s --sample 3")
    assert list(report) == [
        "book", "quarter", "first_day", "last_day", "position", "known_at", "head", "currency", "time_zone", "parameters",
        "population", "summary", "tests", "actors", "gaps", "benford", "sample", "sessions", "standstills",
    ]  # fmt: skip
    assert report["parameters"] == {
        "round": "1000.00", "closing_days": 5, "hours": "08:00-18:00", "rare": 3, "threshold": None, "margin_percent": 10,
        "sample": 3, "sample_by": "entries", "seed": "s",
    }  # fmt: skip
    assert report["population"] == {
        "entries": 11, "effective": 11, "earlier": 0, "imported": 0, "amounts": 7, "amount": "28000.00", "first_position": 1,
        "last_position": 11,
    }  # fmt: skip
    gaps = report["gaps"]
    assert [gaps[name] for name in ("entries", "shortest", "median", "ninetieth", "longest")] == [11, 0, 0, 6, 7]
    assert sum(band["entries"] for band in gaps["bands"]) == 11
    assert [(row["actor"], row["stored_as"], row["entries"], row["listed"], row["amount"]) for row in report["actors"]][-2:] == [
        ("bea", "repayment-recorded/2", 1, 1, "4900.00"), ("cleo", "neglect-observed/1", 1, 1, "700.00")]  # fmt: skip
    assert report["benford"] == {
        "amounts": 7, "untested": "7 amounts are too few: below 300 first digits say nothing", "digits": [],
        "mean_absolute_deviation": None, "conformity": None,
    }  # fmt: skip
    assert [each["draw"] for each in report["sample"]] == [1, 2, 3]
    assert report["tests"]["corrected"]["entries"][0]["reversed_by"]["position"] == 10
    assert report["tests"]["reversals"]["entries"][0]["reverses"]["actor"] == "bea"
    assert auditor.counts == before


def test_a_quarter_has_what_is_effective_in_it_and_what_was_recorded_in_it_for_earlier_days(auditor: Teller) -> None:
    """Entry 7 was recorded in April for March: it is in both reports, in the second one as an earlier one."""
    first, second = auditor.ask("audit-report 2026Q1"), auditor.ask("audit-report 2026Q2")
    assert [first["population"][name] for name in ("entries", "effective", "earlier")] == [7, 7, 0]
    assert [second["population"][name] for name in ("entries", "effective", "earlier")] == [5, 4, 1]
    assert (first["quarter"], first["first_day"], first["last_day"]) == ("2026Q1", "2026-01-01", "2026-03-31")
    (in_first,) = [each for each in first["tests"]["backdated"]["entries"] if each["position"] == 7]
    (in_second,) = [each for each in second["tests"]["backdated"]["entries"] if each["position"] == 7]
    assert (in_first["earlier"], in_second["earlier"]) == (False, True)
    assert second["summary"][0] == {"test": "backdated", "count": 3, "imported": 0, "earlier": 1}


def test_the_first_and_last_hour_of_a_quarter_are_the_books(tmp_path: Path) -> None:
    """Half past midnight on 1 April in Berlin is still March in UTC; for an earlier day, it belongs to the new quarter."""
    teller = told(tmp_path / "ledger.db", through=3)
    for when in ("2026-03-31T23:30:00+02:00", "2026-04-01T00:30:00+02:00"):
        teller.clock.now = datetime.fromisoformat(when)
        teller.do("note FRAUD-1 'in the night' --on 2026-03-20 --again")
    report = teller.ask("audit-report 2026Q2")
    assert report["population"]["earlier"] == 1
    assert [each["position"] for each in report["tests"]["backdated"]["entries"]] == [5]


@pytest.mark.parametrize(
    ("options", "found"),
    [
        ("--round 12000", {"round-sums": 1}),
        ("--round 0.01", {"round-sums": 6}),
        ("--closing-days 1", {"before-close": 0}),
        ("--closing-days 8", {"before-close": 3}),
        ("--hours 07-24", {"outside-hours": 1}),
        ("--hours 09-18", {"outside-hours": 3}),
        ("--rare 1", {"rare-actors": 0}),
        ("--rare 20", {"rare-actors": 11}),
        ("--threshold 4900", {"just-under": 0}),
        ("--threshold 4900.01", {"just-under": 1}),
        ("--threshold 5300 --margin 8", {"just-under": 1}),
        ("--threshold 5300 --margin 1", {"just-under": 0}),
    ],
)
def test_every_parameter_does_what_it_says(auditor: Teller, options: str, found: dict[str, int]) -> None:
    """One at a time; the report states it."""
    summary = {row["test"]: row["count"] for row in auditor.ask(f"audit-report {options}")["summary"]}
    assert {name: summary[name] for name in found} == found


def test_as_known_at_an_earlier_time_nothing_later_counts(auditor: Teller) -> None:
    """On 3 April nobody had reversed entry 4, or closed anything; the last days are those before the quarter's end."""
    report = auditor.ask("audit-report --known-at 2026-04-03")
    assert report["position"] == 7
    assert counts(report) == {"backdated": 2, "round-sums": 2, "before-close": 1, "outside-hours": 2, "rare-actors": 2}
    assert [each["position"] for each in report["tests"]["before-close"]["entries"]] == [6]


def test_what_cannot_be_tested_says_why_and_is_not_0(auditor: Teller) -> None:
    """SQLite knows no users, and nobody gave a threshold."""
    report = auditor.ask("audit-report")
    for name, why in (("just-under", NO_THRESHOLD), ("unusual-logins", NO_USERS)):
        assert (report["tests"][name]["count"], report["tests"][name]["untested"]) == (None, why)
    assert report["sessions"] == []
    printed = auditor.do("audit-report").out
    assert f"not tested: {NO_USERS}" in printed
    assert f"not tested: {NO_THRESHOLD}" in printed


def test_the_sample_is_the_same_on_every_machine(auditor: Teller) -> None:
    """By the seed given, or by the hash of the last event, which the report states; both reckoned with sha256sum."""
    drawn = [each["position"] for each in auditor.ask("audit-report --sample 4 --seed year-end")["sample"]]
    assert drawn == [6, 9, 3, 10]
    assert [each["position"] for each in auditor.ask("audit-report --sample 2 --seed year-end")["sample"]] == drawn[:2]
    report = auditor.ask("audit-report --sample 99")
    assert len(report["sample"]) == 11
    assert report["parameters"]["seed"] == report["head"] == auditor.ask("verify")["head"]
    by_money = auditor.ask("audit-report --sample 3 --sample-by money --seed year-end")["sample"]
    assert [(each["position"], each["hits"]) for each in by_money] == [(3, 1), (4, 1), (6, 1)]


def test_csv_has_a_row_per_test_and_entry_and_the_sample(auditor: Teller) -> None:
    """The test in front."""
    rows = auditor.do("audit-report --threshold 5000 --sample 2 --seed s --format csv").csv
    by_test: dict[str, list[int]] = {}
    for row in rows:
        by_test.setdefault(row["test"], []).append(int(row["position"]))
    expected = {name: [position for position, _ in entries] for name, entries in LISTED.items() if entries}
    assert {name: found for name, found in by_test.items() if name != "sample"} == expected
    assert len(by_test["sample"]) == 2
    assert rows[0]["days"] == "7"


def test_the_table_lists_the_most_remarkable_first_and_says_how_to_get_the_rest(auditor: Teller) -> None:
    """--show 0 lists all."""
    out = auditor.do("audit-report --show 2").out
    section = out[out.index("Backdated: 4 entries") : out.index("Late: 1 entry")]
    assert re.findall(r"^ +(\d+)   ", section, re.MULTILINE) == ["10", "9"]
    assert "and 2 more: --show 0 lists them all" in section
    assert "more: --show 0" not in auditor.do("audit-report --show 0").out


def test_a_book_of_which_nothing_was_known_was_not_tested(auditor: Teller) -> None:
    """Nothing found in nothing is said to be nothing."""
    assert "There is no entry: nothing was tested." in auditor.do("audit-report --known-at 2020-01-01").out
    assert auditor.ask("audit-report 2031Q1")["gaps"] is None
    auditor.do("audit-report 2031Q1 --xlsx empty.xlsx")
    assert (
        openpyxl.load_workbook("empty.xlsx")["Summary"]["A1"].value == "0 of 0 entries are listed by at least one test"
    )


@pytest.mark.parametrize(
    ("options", "exit_code", "words"),
    [
        ("2026Q7", 2, "is not a quarter"),
        ("--hours 18-08", 2, "write them like 08-18"),
        ("--round ten", 2, "is not an amount"),
        ("--round 0", 1, "--round 0 is not above 0"),
        ("--threshold 0", 1, "--threshold 0 is not above 0"),
        ("--threshold 1.001", 2, "has 3 decimals"),
        ("--margin 0", 2, "--margin"),
        ("--closing-days 0", 2, "--closing-days"),
        ("--rare 0", 2, "--rare"),
        ("--sample -1", 2, "--sample"),
        ("--known-at yesterday", 2, "is not a time"),
        ("--xlsx nowhere/a.xlsx", 2, "There is no folder"),
    ],
)
def test_bad_input_is_refused_and_nothing_is_written(auditor: Teller, options: str, exit_code: int, words: str) -> None:
    """On standard error, with what is wrong."""
    reply = auditor.type(f"audit-report {options}")
    assert (reply.exit_code, reply.out) == (exit_code, "")
    assert words in reply.err


def test_the_workbook_is_written_whole_and_never_over_a_file_without_force(auditor: Teller) -> None:
    """A file that is there stays; the ledger itself stays even with --force."""
    reply = auditor.do("audit-report --format json --xlsx out.xlsx")
    assert reply.json["population"]["entries"] == 11
    assert "out.xlsx: the journal-entry tests of the whole book, as known at position 11." in reply.err
    first = Path("out.xlsx").read_bytes()
    again = auditor.type("audit-report --xlsx out.xlsx --threshold 5000")
    assert (again.exit_code, again.out) == (1, "")
    assert "--force" in again.err
    assert Path("out.xlsx").read_bytes() == first
    auditor.do("audit-report --xlsx out.xlsx --threshold 5000 --force")
    assert Path("out.xlsx").read_bytes() != first
    auditor.do("audit-report --xlsx out.xlsx --force")
    assert Path("out.xlsx").read_bytes() == first
    refused = auditor.type(f"audit-report --xlsx {auditor.path} --force")
    assert (refused.exit_code, auditor.position) == (1, 11)
    assert not list(Path().glob(".*part"))


def test_what_an_importer_recorded_at_night_is_counted_and_comes_last(tmp_path: Path) -> None:
    """A finding and its repayment are imported; what a person does to the same item is not."""
    teller = told(tmp_path / "ledger.db", through=3)
    teller.do("rate set 800 --from 2025-01-01")
    teller.clock.now = datetime.fromisoformat("2026-06-10T03:00:00+02:00")
    document = [
        issue("AX1", creationDate="2026-05-04T09:00:00+0000"),
        closed("AX2", "2026-06-01", creationDate="2026-05-04T09:00:00+0000"),
    ]
    teller.do(f"import sonarqube {write(tmp_path / 'e.json', document)} --system FRAUD")
    teller.do("note FRAUD-2 'in the night as well'")
    report = teller.ask("audit-report --hours 08-18")
    night = report["tests"]["outside-hours"]
    assert (night["count"], night["imported"]) == (5, 4)
    assert [(each["stored_as"], each["imported"]) for each in night["entries"]] == [
        ("note-added/1", False), ("import-run/1", True), ("neglect-observed/1", True), ("neglect-observed/1", True),
        ("repayment-recorded/2", True),
    ]  # fmt: skip
    assert report["population"]["imported"] == 4


def test_only_a_table_imports_rich_and_only_a_workbook_the_reports(whole_story: Path) -> None:
    """Nothing heavy waits for a script."""
    assert not imported_by(f"sqlite:///{whole_story}", "audit-report", "--format", "json") & set(HEAVY)
    assert imported_by(f"sqlite:///{whole_story}", "audit-report") & set(HEAVY) == {"rich"}


# --- PostgreSQL: whom the database let in ----------------------------------------------------------------


def at(url: str, actor: str, *words: str) -> Any:
    """Type a command at a URL; its JSON, if it has one."""
    argv = ["--database", url, "--actor", actor, *words]
    result = CliRunner().invoke(cli, argv, obj=Edge(Clock(), new_id), prog_name="debt")
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout) if words[-1] == "json" else result.stdout


@pytest.mark.reliability
def test_postgresql_shows_where_actor_and_database_user_disagree(
    postgres_url: str, postgres_server: PostgresServer, tmp_path: Path
) -> None:
    """Ada writes at her own login; once somebody at bea's login says that he is ada."""
    database = postgres_url.rpartition("/")[2].partition("?")[0]
    for user in ("ada_login", "bea_login"):
        postgres_server.run(f"CREATE ROLE {user} LOGIN SUPERUSER")
    try:
        ada, bea = (postgres_server.url_of(database, user) for user in ("ada_login", "bea_login"))
        at(ada, "ada", "init", "--book", "main", "--currency", "EUR")
        at(ada, "ada", "system", "add", "FRAUD", "Fraud scoring", "--team", "red")
        at(ada, "ada", "system", "add", "PRICE", "Prices", "--team", "red")
        for key in ("A", "B"):
            at(bea, "bea", "system", "add", key, "Another", "--team", "blue")
        at(bea, "ada", "system", "add", "C", "Whose?", "--team", "blue")
        report = at(postgres_url, "auditor", "audit-report", "--format", "json")
        assert report["sessions"] == [
            {"actor": "ada", "session_user": "ada_login", "entries": 3, "in_book": 3, "unusual": None},
            {"actor": "ada", "session_user": "bea_login", "entries": 1, "in_book": 1,
             "unusual": "ada writes as ada_login as a rule"},
            {"actor": "bea", "session_user": "bea_login", "entries": 2, "in_book": 2, "unusual": None},
        ]  # fmt: skip
        (found,) = report["tests"]["unusual-logins"]["entries"]
        assert (found["position"], found["actor"], found["session_user"]) == (6, "ada", "bea_login")
        printed = at(postgres_url, "auditor", "audit-report", "--xlsx", str(tmp_path / "a.xlsx"))
        assert "Actors and the database's users" in printed
        sheet = openpyxl.load_workbook(tmp_path / "a.xlsx")["Unusual logins"]
        assert [cell.value for cell in sheet[5]][:5] == [6, "system-registered", "C", "ada", "bea_login"]
    finally:
        for user in ("ada_login", "bea_login"):
            postgres_server.run(f"DROP ROLE {user}")


@pytest.mark.reliability
def test_the_story_reads_the_same_on_postgresql(postgres_url: str, whole_story: Path) -> None:
    """Every test but that of logins lists the same, by the whole book and by quarter."""
    clock = Clock()
    for when, actor, line in STORY:
        clock.now = datetime.fromisoformat(when)
        result = CliRunner().invoke(
            cli, ["--database", postgres_url, "--actor", actor, *shlex.split(line)], obj=Edge(clock, new_id)
        )
        assert result.exit_code == 0, result.output
    for options in ((), ("2026Q2",)):
        words = ("audit-report", *options, "--seed", "s", "--threshold", "5000", "--format", "json")
        here, there = (at(url, "auditor", *words) for url in (postgres_url, f"sqlite:///{whole_story}"))
        assert listed(here) == listed(there)
        assert (here["population"], here["gaps"]) == (there["population"], there["gaps"])


def test_spans_in_which_time_stood_still_are_listed(tmp_path: Path) -> None:
    """A clock is in 2099 once; until it gets there again, everything is recorded in that moment."""
    teller = told(tmp_path / "ledger.db", through=3)
    assert teller.ask("audit-report")["standstills"] == []
    assert "stood still" not in teller.do("audit-report").out
    teller.clock.now = datetime.fromisoformat("2099-01-01T09:00:00+01:00")
    teller.do("note FRAUD-1 'from afar'")
    teller.clock.now = datetime.fromisoformat("2026-07-01T09:00:00+02:00")
    teller.do("system add CHURN Churn --team red --reads-from FRAUD", "note FRAUD-1 'at home again'")
    span = {
        "first_position": 4, "last_position": 7, "events": 4, "requests": 3,
        "recorded_at": "2099-01-01T08:00:02.000000Z", "moved_on_at": None,
    }  # fmt: skip
    assert teller.ask("audit-report")["standstills"] == [span]
    teller.clock.now = datetime.fromisoformat("2099-01-01T10:00:00+01:00")
    teller.do("note FRAUD-1 'there again'", "note FRAUD-1 'and on'")
    moved_on = [span | {"moved_on_at": "2099-01-01T09:00:02.000000Z"}]
    assert teller.ask("audit-report")["standstills"] == teller.ask("audit-report 2099Q1")["standstills"] == moved_on
    assert teller.ask("audit-report 2026Q3")["standstills"] == []
    told_of = teller.do("audit-report").out.partition("Spans in which time stood still")[2].partition("Sample for")[0]
    assert re.search(r"4–7 .* 4 .* 3 .*2099-01-01 08:00:02 .*2099-01-01 09:00:02", told_of)
    assert max(len(line) for line in told_of.splitlines()) <= 80
    teller.do(f"audit-report --xlsx {tmp_path / 'tests.xlsx'}")
    sheet = openpyxl.load_workbook(tmp_path / "tests.xlsx", data_only=True)["Standstills"]
    (row,) = [row for row in sheet.iter_rows(values_only=True) if 4 in row]
    assert [value for value in row if value is not None] == [
        4, 7, 4, 3, datetime(2099, 1, 1, 8, 0, 2), datetime(2099, 1, 1, 9, 0, 2)]  # fmt: skip
