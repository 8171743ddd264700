"""SonarQube's exports: what is read, what is recorded, what a second import does, what is refused."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import text

from ledger.decide.adopt import Adopt
from ledger.decide.close import Close
from ledger.decide.command import Command
from ledger.decide.repay import Repay
from ledger.decide.request import Request
from ledger.decide.reverse import Reverse
from ledger.decide.revise import Revise
from ledger.importers.findings import sonarqube
from ledger.importers.findings.finding import ToolFindings
from ledger.importers.findings.gathering import gathered
from ledger.importers.kinds import KINDS
from ledger.importers.rows import ImportRefused, by_reason
from ledger.services.import_ import ImportReport, import_findings
from ledger.store.ledger import Ledger
from ledger.vocabulary.errors import Refused, Unreadable
from ledger.vocabulary.quantities import Interest, Quantity

TODAY = date(2026, 11, 20)
TEN_PER_CENT = Interest(percent_millionths=10_000_000)


def issue(key: str = "AX1", **changed: Any) -> dict[str, Any]:
    """An open issue of 10 minutes; a field given as None is left out."""
    record = {
        "key": key,
        "rule": "python:S6711",
        "severity": "MAJOR",
        "component": "shop:backend/x.py",
        "project": "shop",
        "line": 384,
        "message": "Use a Generator here.",
        "effort": "10min",
        "tags": ["numpy", "data-science"],
        "creationDate": "2026-10-05T09:53:22+0000",
        "updateDate": "2026-11-01T00:00:00+0000",
        "type": "CODE_SMELL",
        "status": "OPEN",
    } | changed
    return {name: value for name, value in record.items() if value is not None}


def closed(key: str = "AX1", on: str = "2026-11-10", **changed: Any) -> dict[str, Any]:
    return issue(key, closeDate=f"{on}T12:00:00+0000", status="CLOSED", resolution="FIXED", **changed)


def write(path: Path, document: Any) -> Path:
    path.write_text(json.dumps(document), "utf-8")
    return path


def run(ledger: Ledger, *paths: Path, **options: Any) -> ImportReport:
    options = {"system": "BOURSI", "actor": "lead", "asked_on": TODAY} | options
    return import_findings(ledger, KINDS["sonarqube"], paths, **options)


def read(paths: list[Path], time_zone: str) -> ToolFindings:
    return gathered(sonarqube.read(paths, ZoneInfo(time_zone)))


def record(ledger: Ledger, command: Command) -> int:
    return ledger.handle(Request(command, "lead", TODAY, again=True))[0].recorded.position


OBSERVED, REPAID, REVISED = "neglect-observed/1", "repayment-recorded/2", "estimate-revised/1"
RUN = {"import-run/1": 1}


def head(ledger: Ledger) -> Any:
    with ledger.reading() as connection:
        return connection.execute(text("SELECT position, hash FROM head")).one()


def rows(ledger: Ledger, query: str) -> list[Any]:
    with ledger.reading() as connection:
        return list(connection.execute(text(query)))


def bodies(ledger: Ledger, stored_as: str) -> list[dict[str, Any]]:
    found = rows(ledger, f"SELECT body FROM event WHERE stored_as LIKE '{stored_as}/%' ORDER BY position")
    return [json.loads(body) for (body,) in found]


# --- the real file ----------------------------------------------------------------------------------


def test_the_real_export_is_recorded_once(ledger: Ledger, shared_data: Path) -> None:
    export = shared_data / "sonarqube" / "ericfunman_sonar_issues.json"
    told: list[tuple[int, int]] = []
    report = run(ledger, export, interest=TEN_PER_CENT, progress=lambda done, of: told.append((done, of)))
    assert (report.read, report.recorded) == (500, {**RUN, OBSERVED: 500, REPAID: 41})
    assert (report.refused, report.plan.remarks, report.unchanged, report.duplicates, report.missing) == (
        (),
        [],
        0,
        0,
        0,
    )
    assert report.plan.sums.unestimated == 1
    # 448 x 5min at 8.33 (one eighth of 66.67, half-even), 28 x 1.67, 14 x 3.33, 8 x 33.33, 16.67.
    assert report.plan.sums.observed_minor == 448 * 833 + 28 * 167 + 14 * 333 + 8 * 3333 + 1667
    assert told[-1] == (541, 541)
    before = head(ledger)
    again = run(ledger, export, interest=TEN_PER_CENT)
    assert (again.run, again.recorded, again.unchanged, again.refused, again.plan.remarks) == (None, {}, 500, (), [])
    assert head(ledger) == before


def test_somebody_else_with_other_interest_imports_nothing_twice(ledger: Ledger, shared_data: Path) -> None:
    export = shared_data / "sonarqube" / "ericfunman_sonar_issues.json"
    run(ledger, export)
    before = head(ledger)
    assert run(ledger, export, actor="auditor", interest=TEN_PER_CENT, category="glue-code").refused == ()
    assert head(ledger) == before


# --- what an issue becomes --------------------------------------------------------------------------


def test_an_issue_is_observed_with_all_that_is_known_of_it(ledger: Ledger, tmp_path: Path) -> None:
    run(ledger, write(tmp_path / "e.json", {"issues": [issue()]}), interest=TEN_PER_CENT)
    (body,) = bodies(ledger, "neglect-observed")
    data = body["data"]
    assert body["effective_on"] == "2026-10-05"
    assert body["key"] == "sonarqube-1/1"
    assert (data["title"], data["category"], data["cause"]) == (
        "Use a Generator here.",
        "code-quality",
        "not-knowing-better",
    )
    assert (data["source"], data["external_key"]) == ("sonarqube", "AX1")
    assert data["evidence"] == "sonarqube shop:backend/x.py:384"
    assert (data["principal_minor"], data["effort_minutes"], data["carry_minor_per_year"]) == (1667, 10, 167)
    assert data["details"] == {
        "severity": "MAJOR", "rule": "python:S6711", "line": "384", "type": "CODE_SMELL", "status": "OPEN",
        "updateDate": "2026-11-01T00:00:00+0000", "file": "backend/x.py", "tags": "numpy, data-science",
        "scope": "shop"}  # fmt: skip
    assert len(data["content_hash"]) == 64


def test_a_closed_issue_is_repaid_on_its_close_date(ledger: Ledger, tmp_path: Path) -> None:
    report = run(ledger, write(tmp_path / "e.json", [closed()]), interest=TEN_PER_CENT)
    (body,) = bodies(ledger, "repayment-recorded")
    assert (body["effective_on"], body["key"]) == ("2026-11-10", "sonarqube-1/1")
    assert (body["data"]["removed_minor"], body["data"]["spent_assumed"], body["data"]["spent_minor"]) == (
        1667,
        False,
        None,
    )
    assert (report.recorded[REPAID], report.plan.sums.repaid_minor) == (1, 1667)


def test_what_was_spent_is_assumed_only_where_somebody_says_so(ledger: Ledger, tmp_path: Path) -> None:
    run(ledger, write(tmp_path / "e.json", [closed()]), assume_spent=True)
    (body,) = bodies(ledger, "repayment-recorded")
    assert (body["data"]["spent_minor"], body["data"]["spent_assumed"]) == (1667, True)


def test_a_moment_falls_on_its_day_in_the_books_time_zone(ledger: Ledger, tmp_path: Path) -> None:
    run(ledger, write(tmp_path / "e.json", [issue(creationDate="2026-10-05T23:30:00+0000")]))
    assert bodies(ledger, "neglect-observed")[0]["effective_on"] == "2026-10-06"


@pytest.mark.parametrize("effort", ["0min", None, ""])
def test_no_effort_is_unestimated_and_bears_no_interest(ledger: Ledger, tmp_path: Path, effort: str | None) -> None:
    report = run(ledger, write(tmp_path / "e.json", [closed(effort=effort)]), interest=TEN_PER_CENT)
    assert (report.plan.sums.unestimated, report.plan.sums.observed_minor, report.recorded[REPAID], report.refused) == (
        1,
        0,
        1,
        (),
    )


@pytest.mark.parametrize(
    ("effort", "minutes"), [("5min", 5), ("1h", 60), ("2h30min", 150), ("1d", 480), ("1d2h", 600), ("1d 2h 5min", 605)]
)
def test_effort_is_read_with_days_of_eight_hours(tmp_path: Path, effort: str, minutes: int) -> None:
    assert read([write(tmp_path / "e.json", [issue(effort=effort)])], "UTC").findings[0].minutes == minutes


@pytest.mark.parametrize(
    ("changed", "cause"),
    [
        ({"type": "BUG"}, "coding-error"),
        ({"type": "VULNERABILITY"}, "coding-error"),
        ({"rule": "python:S1135"}, "missed-maintenance"),
        ({}, "not-knowing-better"),
        ({"type": None, "impacts": [{"softwareQuality": "RELIABILITY"}]}, "coding-error"),
        ({"type": None, "impacts": [{"softwareQuality": "MAINTAINABILITY"}]}, "not-knowing-better"),
    ],
)  # fmt: skip
def test_the_cause_follows_rule_and_type(tmp_path: Path, changed: dict[str, Any], cause: str) -> None:
    assert read([write(tmp_path / "e.json", [issue(**changed)])], "UTC").findings[0].cause == cause


def test_a_cause_that_is_named_counts_for_every_issue(ledger: Ledger, tmp_path: Path) -> None:
    found = write(tmp_path / "e.json", [issue("A"), issue("B", type="BUG"), issue("C", rule="python:S1135")])
    run(ledger, found, cause="expedience")
    assert [body["data"]["cause"] for body in bodies(ledger, "neglect-observed")] == ["expedience"] * 3


def test_an_issue_without_a_component_is_located_by_its_key(tmp_path: Path) -> None:
    found = read([write(tmp_path / "e.json", [issue("A", component=None), issue("B", line=None)])], "UTC").findings
    assert [finding.located for finding in found] == ["A:384", "shop:backend/x.py"]


def test_a_moment_without_an_offset_is_one_in_the_books_time_zone(tmp_path: Path) -> None:
    """Noon in Paris comes before 11:00 UTC in summer, and in UTC it does not."""
    record = closed(creationDate="2026-07-06T12:00:00") | {"closeDate": "2026-07-06T11:00:00+0000"}
    path = write(tmp_path / "e.json", [record])
    assert [len(read([path], zone).bad) for zone in ("Europe/Paris", "UTC")] == [0, 1]


def test_a_long_message_is_cut_to_a_title(tmp_path: Path) -> None:
    (found,) = read([write(tmp_path / "e.json", [issue(message="word " * 200)])], "UTC").findings
    assert len(found.title) == 500
    assert found.title.endswith("…")


def test_what_falls_into_a_closed_quarter_is_posted_late(ledger: Ledger, tmp_path: Path) -> None:
    record(ledger, Close(quarter="2026Q3"))
    old = closed(creationDate="2026-03-02T09:00:00+0000", on="2026-08-03")
    report = run(ledger, write(tmp_path / "e.json", [old]))
    observed, repaid = bodies(ledger, "neglect-observed")[0], bodies(ledger, "repayment-recorded")[0]
    assert (observed["effective_on"], observed["data"]["occurred_on"]) == ("2026-10-01", "2026-03-02")
    assert (repaid["effective_on"], repaid["data"]["occurred_on"]) == ("2026-10-01", "2026-08-03")
    assert report.plan.sums.late == 2


# --- envelopes --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "document",
    [
        [issue()],
        {"issues": [issue()]},
        {"timestamp": "now", "issues": [issue()], "by_type": {"CODE_SMELL": 1}},
        {"answer": {"page": {"issues": [issue()]}}},
        [{"paging": {}, "issues": [issue()]}, {"issues": []}],
    ],
    ids=["bare", "plain", "among others", "under others", "list of pages"],
)
def test_every_envelope_is_opened(tmp_path: Path, document: Any) -> None:
    assert [found.key for found in read([write(tmp_path / "e.json", document)], "UTC").findings] == ["AX1"]


def test_a_folder_of_pages_is_read_in_order_and_each_issue_once(ledger: Ledger, tmp_path: Path) -> None:
    for page, keys in ((10, ["C", "A"]), (2, ["B", "A"])):
        write(tmp_path / f"page{page}.json", {"issues": [issue(key) for key in keys]})
    report = run(ledger, tmp_path)
    assert (report.read, report.recorded[OBSERVED], report.duplicates, report.unchanged) == (4, 3, 1, 1)
    assert [row.external_key for row in rows(ledger, "SELECT external_key FROM item ORDER BY number")] == [
        "B",
        "A",
        "C",
    ]


def test_a_page_that_is_not_all_is_told(ledger: Ledger, tmp_path: Path) -> None:
    report = run(ledger, write(tmp_path / "e.json", {"paging": {"total": 812}, "issues": [issue("A"), issue("B")]}))
    assert report.missing == 810


# --- a later import ---------------------------------------------------------------------------------


def later(ledger: Ledger, tmp_path: Path, first: list[Any], second: list[Any], **options: Any) -> ImportReport:
    run(ledger, write(tmp_path / "first.json", first))
    return run(ledger, write(tmp_path / "second.json", second), **options)


def test_an_issue_closed_meanwhile_is_repaid_then(ledger: Ledger, tmp_path: Path) -> None:
    report = later(ledger, tmp_path, [issue()], [closed()])
    assert (report.recorded, report.unchanged, report.refused) == ({**RUN, REPAID: 1}, 0, ())
    assert run(ledger, tmp_path / "second.json").recorded == {}


def test_new_changed_and_closed_issues_come_in_one_export(ledger: Ledger, tmp_path: Path) -> None:
    """An item that is read before a new one is opened does not disturb the numbers."""
    first = [issue("A"), issue("B"), issue("C")]
    report = later(ledger, tmp_path, first, [closed("A"), issue("D"), issue("B", effort="1h"), issue("C")])
    assert (report.recorded, report.unchanged) == ({**RUN, OBSERVED: 1, REPAID: 1, REVISED: 1}, 1)
    assert [row.item for row in rows(ledger, "SELECT item FROM item ORDER BY position")][-1] == "BOURSI-4"


def test_another_effort_is_a_revision_with_both_as_its_reason(ledger: Ledger, tmp_path: Path) -> None:
    report = later(ledger, tmp_path, [issue()], [issue(effort="1h")])
    (body,) = bodies(ledger, "estimate-revised")
    assert body["data"]["because"] == "effort is 1h in SonarQube, it was 10min"
    assert (body["data"]["outstanding_minor"], body["effective_on"]) == (10000, "2026-11-01")
    assert (report.refused, report.plan.remarks) == ((), [])
    assert run(ledger, tmp_path / "second.json").recorded == {}


def test_another_effort_of_what_a_person_estimated_is_reported_at_every_run(ledger: Ledger, tmp_path: Path) -> None:
    run(ledger, write(tmp_path / "first.json", [issue()]))
    record(ledger, Revise(item="BOURSI-1", principal=Quantity(minutes=240), because="looked", on=date(2026, 11, 12)))
    for _ in range(2):
        report = run(ledger, write(tmp_path / "second.json", [issue(effort="1h")]))
        (remark,) = report.plan.remarks
        assert (remark.item, remark.key) == ("BOURSI-1", "AX1")
        assert "effort is 1h in SonarQube, it was 10min" in remark.what
        assert bodies(ledger, "estimate-revised")[1:] == []


def test_a_new_line_date_or_message_is_no_change(ledger: Ledger, tmp_path: Path) -> None:
    moved = issue(line=390, updateDate="2026-11-19T00:00:00+0000", message="Use a Generator there.")
    report = later(ledger, tmp_path, [issue()], [moved])
    # The export is newer, and that is all.
    assert (report.recorded, report.plan.remarks, report.unchanged, report.refused) == (RUN, [], 1, ())


def test_an_issue_that_is_open_again_is_reopened(ledger: Ledger, tmp_path: Path) -> None:
    reopened = issue(status="REOPENED", updateDate="2026-11-12T00:00:00+0000")
    report = later(ledger, tmp_path, [closed()], [reopened])
    (body,) = bodies(ledger, "estimate-revised")
    assert (body["effective_on"], body["data"]["outstanding_minor"]) == ("2026-11-12", 1667)
    assert body["data"]["because"] == "open again in SonarQube (REOPENED)"
    assert report.reconciliation.agrees
    assert run(ledger, tmp_path / "second.json").recorded == {}


@pytest.mark.parametrize(
    ("by_hand", "stood"),
    [
        (Revise(item="BOURSI-1", principal=Quantity(minutes=960), because="looked", on=date(2026, 11, 3)), 160_000),
        (Repay(item="BOURSI-1", amount=Quantity(minor=500), on=date(2026, 11, 3)), 1167),
    ],
    ids=["estimated", "repaid in part"],
)
def test_what_is_open_again_is_owed_as_people_left_it(
    ledger: Ledger, tmp_path: Path, by_hand: Command, stood: int
) -> None:
    """An estimate of a person, or what he repaid, is not forgotten because the tool closed the issue in between."""
    run(ledger, write(tmp_path / "a.json", [issue()]))
    record(ledger, by_hand)
    run(ledger, write(tmp_path / "b.json", [closed()]))
    run(ledger, write(tmp_path / "c.json", [issue(status="REOPENED", updateDate="2026-11-12T00:00:00+0000")]))
    reopened = bodies(ledger, "estimate-revised")[-1]["data"]
    assert (reopened["because"], reopened["outstanding_minor"]) == ("open again in SonarQube (REOPENED)", stood)
    assert run(ledger, tmp_path / "c.json").recorded == {}
    run(ledger, write(tmp_path / "again.json", [closed(on="2026-11-13")]))
    run(ledger, write(tmp_path / "open.json", [issue(status="REOPENED", updateDate="2026-11-14T00:00:00+0000")]))
    reopened = bodies(ledger, "estimate-revised")[-1]["data"]
    assert (len(bodies(ledger, "estimate-revised")) > 1, reopened["outstanding_minor"]) == (True, stood)
    later = issue(status="REOPENED", updateDate="2026-11-15T00:00:00+0000", effort="1h")
    (remark,) = run(ledger, write(tmp_path / "d.json", [later])).plan.remarks
    assert "effort is 1h in SonarQube, it was 10min; a person estimated or repaid it since" in remark.what
    assert bodies(ledger, "estimate-revised")[-1]["data"] == reopened


def test_an_issue_closed_a_second_time_is_repaid_a_second_time(ledger: Ledger, tmp_path: Path) -> None:
    run(ledger, write(tmp_path / "a.json", [closed()]))
    run(ledger, write(tmp_path / "b.json", [issue(status="REOPENED", updateDate="2026-11-12T00:00:00+0000")]))
    assert run(ledger, write(tmp_path / "c.json", [closed(on="2026-11-14")])).recorded == {**RUN, REPAID: 1}
    assert run(ledger, tmp_path / "c.json").recorded == {}


def test_what_a_lead_repaid_by_hand_is_not_repaid_again(ledger: Ledger, tmp_path: Path) -> None:
    run(ledger, write(tmp_path / "e.json", [issue()]))
    record(ledger, Repay(item="BOURSI-1", on=date(2026, 11, 12)))
    report = run(ledger, write(tmp_path / "e.json", [closed()]))
    assert (report.recorded, report.refused, report.plan.remarks) == (RUN, (), [])


def test_what_a_lead_closed_and_is_open_there_is_reported_at_every_run(ledger: Ledger, tmp_path: Path) -> None:
    run(ledger, write(tmp_path / "e.json", [issue()]))
    record(ledger, Repay(item="BOURSI-1", on=date(2026, 11, 12)))
    for _ in range(2):
        report = run(ledger, tmp_path / "e.json")
        assert [remark.what for remark in report.plan.remarks] == ["open in SonarQube, closed here by a person"]
        assert report.reconciliation.only_in_source == ("AX1",)
        assert report.recorded == {}


def test_a_repayment_that_was_reversed_stays_reversed_and_is_reported(ledger: Ledger, tmp_path: Path) -> None:
    run(ledger, write(tmp_path / "e.json", [closed()]))
    (repayment,) = bodies(ledger, "repayment-recorded")
    record(ledger, Reverse(position=repayment["position"], because="only silenced"))
    report = run(ledger, tmp_path / "e.json")
    assert report.recorded == {}
    assert ["fixed in SonarQube, open here" in remark.what for remark in report.plan.remarks] == [True]
    assert report.reconciliation.only_in_ledger == ("BOURSI-1",)


def test_an_adopted_issue_is_repaid_after_its_adoption(ledger: Ledger, tmp_path: Path) -> None:
    run(ledger, write(tmp_path / "e.json", [issue()]))
    record(ledger, Adopt(
        item="BOURSI-1", on=date(2026, 11, 15), decided_by="lead", because="later", benefit="time", repay_by="2027Q1"))  # fmt: skip
    report = run(ledger, write(tmp_path / "e.json", [closed(on="2026-11-10")]))
    assert (report.recorded[REPAID], report.plan.sums.late, report.refused) == (1, 1, ())
    (body,) = bodies(ledger, "repayment-recorded")
    assert (body["data"]["nature"], body["effective_on"], body["data"]["occurred_on"]) == (
        "debt",
        "2026-11-15",
        "2026-11-10",
    )


def test_an_issue_is_in_one_system(ledger: Ledger, tmp_path: Path) -> None:
    from ledger.decide.system_add import AddSystem

    record(ledger, AddSystem(system="OTHER", name="Other", team="quant"))
    (bad,) = later(ledger, tmp_path, [issue()], [issue()], system="OTHER").refused
    assert "imported before, as BOURSI-1" in bad.why


# --- bad rows ---------------------------------------------------------------------------------------

BAD = {
    "not an object": "a text",
    "without a key": issue(key=None),
    "no key": issue(key=""),
    "no date": issue(creationDate=None),
    "bad date": issue(creationDate="yesterday"),
    "bad close date": issue(closeDate="31.12.2026"),
    "a state that nobody knows": issue(status="SLEEPING"),
    "closed without a resolution": issue(status="CLOSED"),
    "closed before creation": closed(on="2026-10-01"),
    "bad effort": issue(effort="a while"),
    "negative effort": issue(effort="-5min"),
    "a list as a message": issue(message=["x"]),
    "nothing to call it": issue(message=None, rule=None),
    "half a character": issue(message="\ud800"),
    "NUL": issue(message="a\x00b"),
    "in the future": issue(creationDate="2027-01-01T00:00:00+0000"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_row_is_reported_with_its_place_and_the_rest_recorded(ledger: Ledger, tmp_path: Path, name: str) -> None:
    path = write(tmp_path / "e.json", {"issues": [issue("A"), BAD[name], issue("B")]})
    report = run(ledger, path)
    (bad,) = report.refused
    assert bad.place.startswith(f"{path} $.issues[1]")
    assert bad.why
    assert (report.recorded[OBSERVED], report.read) == (2, 3)
    assert len(by_reason(report.refused)) == 1


def test_without_a_day_rate_it_is_said_before_anything_is_recorded(ledger: Ledger, tmp_path: Path) -> None:
    early = issue("B", creationDate="2023-05-01T00:00:00+0000")
    before = head(ledger)
    with pytest.raises(Refused, match=r"1 issue has an effort, and no day rate .* from 2023-05-01 on.*rate set"):
        run(ledger, write(tmp_path / "e.json", [issue("A"), early]))
    assert head(ledger) == before


@pytest.mark.parametrize("name", BAD)
def test_a_strict_import_with_a_bad_row_records_nothing(ledger: Ledger, tmp_path: Path, name: str) -> None:
    path = write(tmp_path / "e.json", {"issues": [issue("A"), BAD[name], issue("B")]})
    before = head(ledger)
    with pytest.raises(ImportRefused, match=r"1 row of 3 .*\$\.issues\[1\]") as refusal:
        run(ledger, path, strict=True)
    assert refusal.value.exit_code == 1
    assert len(refusal.value.bad) == 1
    assert head(ledger) == before


UNREADABLE = {
    "empty": ("", "ends too early, at line 1, column 1"),
    "cut": ('{"issues": [{"key": "A"}, {"key"', "ends too early, at line 1"),
    "cut in a text": ('{"issues": [\n{"key": "A', "ends too early, at line 2"),
    "not JSON": ("key,effort\nA,5min\n", "is not JSON"),
    "no issues": ('{"total": 0}', "no list of issues"),
    "issues no list": ('{"issues": {"key": "A"}}', "no list of issues"),
    "a number": ("17", "no list of issues"),
    "too deep": ("[" * 100_000, "is not an export"),
    "too long a number": (f'[{{"line": {"9" * 5000}}}]', "is not an export"),
}


@pytest.mark.parametrize("name", UNREADABLE)
def test_a_file_that_is_no_export_is_named_and_nothing_recorded(ledger: Ledger, tmp_path: Path, name: str) -> None:
    content, why = UNREADABLE[name]
    write(tmp_path / "page1.json", [issue()])
    (tmp_path / "page2.json").write_text(content)
    before = head(ledger)
    with pytest.raises(Unreadable, match=why) as error:
        run(ledger, tmp_path)
    assert str(tmp_path / "page2.json") in str(error.value)
    assert head(ledger) == before


def test_a_missing_file_an_empty_folder_and_other_bytes_are_named(ledger: Ledger, tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match=r"absent\.json cannot be read: No such file"):
        run(ledger, tmp_path / "absent.json")
    with pytest.raises(Unreadable, match=r"without \.json or \.csv or \.tsv files"):
        run(ledger, tmp_path)
    (tmp_path / "latin.json").write_bytes(b'[{"key": "\x81"}]')
    with pytest.raises(Unreadable, match=r"latin\.json is not Windows-1252 text, at line 1, column 11"):
        run(ledger, tmp_path)


def test_unknown_names_are_refused_before_any_row(ledger: Ledger, tmp_path: Path) -> None:
    path = write(tmp_path / "e.json", [issue()])
    for options, why in (
        ({"system": "NOBODY"}, "no system NOBODY"),
        ({"category": "smell"}, "no category 'smell'"),
        ({"cause": "fate"}, "no cause 'fate'"),
    ):
        with pytest.raises(Refused, match=why):
            run(ledger, path, **options)


def test_the_same_export_gives_the_same_content_hashes(tmp_path: Path) -> None:
    reordered = dict(reversed(issue().items()))
    paths = [write(tmp_path / "a.json", [issue()]), write(tmp_path / "b.json", {"issues": [reordered]})]
    first, second = (read([path], "UTC").findings[0] for path in paths)
    assert first == replace(second, place=first.place)
