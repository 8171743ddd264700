"""SARIF logs: what is read of a result, its rule, level, message, severity and day."""

from __future__ import annotations

import json
import re
import shlex
from datetime import date
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from ledger.decide.request import Request
from ledger.decide.system_add import AddSystem
from ledger.importers.findings import sarif
from ledger.importers.findings.finding import ToolFinding, ToolFindings
from ledger.importers.findings.gathering import gathered
from ledger.importers.kinds import KINDS
from ledger.services.import_ import ImportReport, import_findings
from ledger.store.ledger import Ledger
from ledger.vocabulary.errors import Refused
from tests.helpers.sarif_logs import result, run_of, write_log
from tests.importers.test_sonarqube import OBSERVED, RUN, TODAY, bodies


def run_sarif(ledger: Ledger, *paths: Path, **options: Any) -> ImportReport:
    options = {"system": "BOURSI", "actor": "lead", "asked_on": TODAY} | options
    return import_findings(ledger, KINDS["sarif"], paths, **options)


def read(tmp_path: Path, *runs: Any, **options: Any) -> ToolFindings:
    return gathered(sarif.read([write_log(tmp_path / "a.sarif", *runs)], ZoneInfo("Europe/Paris"), **options))


def only(tmp_path: Path, record: Any, **run: Any) -> ToolFinding:
    """The finding that a result becomes."""
    (finding,) = read(tmp_path, run_of(record, **run)).findings
    return finding


def bad(tmp_path: Path, record: Any, **run: Any) -> str:
    """Why a result cannot be read."""
    (row,) = read(tmp_path, run_of(record, **run)).bad
    assert row.place.endswith("$.runs[0].results[0]")
    return row.why


def at(uri: str, **location: Any) -> list[dict[str, Any]]:
    return [{"physicalLocation": {"artifactLocation": {"uri": uri, **location}, "region": {"startLine": 7}}}]


# --- the whole ------------------------------------------------------------------------------------------


def test_a_result_is_observed_with_all_that_is_known_of_it(ledger: Ledger, tmp_path: Path) -> None:
    rule = {"id": "R1", "name": "eval", "properties": {"tags": ["security"], "security-severity": "9.8"}}
    taxa = [{"id": "95", "toolComponent": {"name": "CWE"}}]
    made = result(4, rank=87.5, occurrenceCount=3, taxa=taxa, level="error")
    path = write_log(
        tmp_path / "a.sarif", run_of(made, rules=[rule], automationDetails={"id": "nightly/x64/2026-11-10"})
    )
    assert run_sarif(ledger, path).recorded == RUN | {OBSERVED: 1}
    (body,) = bodies(ledger, "neglect-observed")
    data = body["data"]
    assert (body["effective_on"], body["key"], data["title"]) == ("2026-11-10", "sarif-1/1", "Line 4 is wrong.")
    assert (data["source"], data["evidence"], data["cause"]) == ("sarif", "sarif src/a.py:4", "coding-error")
    assert (data["category"], data["principal_minor"]) == ("code-quality", None)
    assert data["details"] == {
        "tool": "Scan", "rule": "R1", "level": "error", "severity": "critical", "security-severity": "9.8", "rank": "87.5",
        "file": "src/a.py", "line": "4", "occurrences": "3", "taxa": "CWE-95", "tags": "security",
        "scope": "Scan/nightly/x64",
    }  # fmt: skip


def test_the_same_log_twice_records_nothing(ledger: Ledger, tmp_path: Path) -> None:
    path = write_log(tmp_path / "a.sarif", run_of(result(1), result(2)))
    assert run_sarif(ledger, path).recorded == RUN | {OBSERVED: 2}
    assert run_sarif(ledger, path).recorded == {}


def test_two_systems_may_have_the_same_file(ledger: Ledger, tmp_path: Path) -> None:
    """A key tells results of one system apart: what two systems copied is in both."""
    ledger.handle(Request(AddSystem(system="OTHER", name="Another", team="red"), "lead", TODAY))
    path = write_log(tmp_path / "a.sarif", run_of(result(1)))
    for system in ("BOURSI", "OTHER"):
        assert run_sarif(ledger, path, system=system).recorded == RUN | {OBSERVED: 1}


def test_a_log_as_codeql_writes_it_is_read_whole(tmp_path: Path) -> None:
    """Its rules are an extension's, its files relative to a base that nobody defines, its day nobody's but ours."""
    rule = {
        "id": "py/sql-injection",
        "defaultConfiguration": {"enabled": True, "level": "error"},
        "properties": {"tags": ["security", "external/cwe/cwe-089"], "security-severity": "8.8"},
    }
    made = result(
        ruleId="py/sql-injection",
        ruleIndex=0,
        rule={"id": "py/sql-injection", "index": 0, "toolComponent": {"index": 0}},
        message={"text": "This query depends on a [user-provided value](1)."},
        locations=at("app/db.py", uriBaseId="%SRCROOT%", index=0),
        partialFingerprints={
            "primaryLocationLineHash": "39fa2ee980eb94b0:1",
            "primaryLocationStartColumnFingerprint": "11",
        },
    )
    run = run_of(
        made,
        tool={"driver": {"name": "CodeQL", "rules": []}, "extensions": [{"name": "queries", "rules": [rule]}]},
        invocations=[{"executionSuccessful": True, "toolExecutionNotifications": [{"level": "none"}]}],
        artifacts=[{"location": {"uri": "app/db.py", "uriBaseId": "%SRCROOT%", "index": 0}}],
        automationDetails={"id": ".github/workflows/codeql.yml:analyze/language:python/"},
        columnKind="utf16CodeUnits",
    )
    found = read(tmp_path, run, on=date(2026, 11, 10))
    (finding,) = found.findings
    assert (finding.title, finding.located, finding.cause) == (
        "This query depends on a user-provided value.", "app/db.py:7", "coding-error")  # fmt: skip
    assert (finding.details["level"], finding.details["severity"]) == ("error", "high")
    assert finding.scope == "CodeQL/.github/workflows/codeql.yml:analyze/language:python"
    assert (found.cautions, found.parts) == ((), ())


# --- rules, levels, messages ----------------------------------------------------------------------------

EXTENSION = {"name": "more", "guid": "G", "rules": [
    {"id": "E0"}, {"id": "E1", "defaultConfiguration": {"level": "error"}, "messageStrings": {"m": {"text": "Bad {0}"}}}],
    "globalMessageStrings": {"g": {"text": "Global {0} {{0}}"}}}  # fmt: skip


@pytest.mark.parametrize(
    ("words", "rule", "level"),
    [
        ({"ruleId": "N/sub/part"}, "N/sub/part", "note"),
        ({"ruleId": None, "ruleIndex": 0}, "N", "note"),
        ({"ruleId": "OTHER", "ruleIndex": 0}, "OTHER", "note"),
        ({"ruleId": "UNKNOWN"}, "UNKNOWN", "warning"),
        ({"ruleId": "N", "level": "error"}, "N", "error"),
        ({"ruleId": "N", "ruleIndex": -1}, "N", "note"),
        ({"ruleId": None, "rule": {"index": 1, "toolComponent": {"index": 0}}}, "E1", "error"),
        ({"ruleId": None, "rule": {"id": "E1", "toolComponent": {"name": "more"}}}, "E1", "error"),
        ({"ruleId": None, "rule": {"id": "E1/x", "toolComponent": {"guid": "G"}}}, "E1/x", "error"),
        ({"ruleId": "N", "provenance": {"invocationIndex": 0}}, "N", "error"),
        ({"ruleId": None}, "", "warning"),
    ],
)
def test_a_rule_is_found_and_tells_the_level(tmp_path: Path, words: dict[str, Any], rule: str, level: str) -> None:
    tool = {"driver": {"name": "Scan", "rules": [{"id": "N", "defaultConfiguration": {"level": "note"}}]},
            "extensions": [EXTENSION]}  # fmt: skip
    overrides = [{"descriptor": {"id": "N"}, "configuration": {"level": "error"}}]
    invocations = [{"endTimeUtc": "2026-11-10T12:00:00Z", "ruleConfigurationOverrides": overrides}]
    details = only(tmp_path, result(1, **words), tool=tool, invocations=invocations).details
    assert (details.get("rule", ""), details["level"]) == (rule, level)


@pytest.mark.parametrize(
    ("message", "title"),
    [
        ({"text": "Use {0}, {1} or {0}; {7} {{x}}", "arguments": ["a", "{1}"]}, "Use a, {1} or a; {7} {x}"),
        ({"text": "A set {0} of f'{{x}}'"}, "A set {0} of f'{{x}}'"),
        ({"id": "m", "arguments": ["habit"]}, "Bad habit"),
        ({"id": "g", "arguments": ["word"]}, "Global word {0}"),
        ({"text": "Data from [here](3) and [para\\[0\\]](sarif:/runs/0), see [docs](https://x.org)"},
         "Data from here and para[0], see [docs](https://x.org)"),
        ({"text": "Two\r\n  lines\tand a tab"}, "Two lines and a tab"),
        ({}, "E1"),
    ],
)  # fmt: skip
def test_a_message_is_looked_up_and_filled_in(tmp_path: Path, message: dict[str, Any], title: str) -> None:
    tool = {"driver": {"name": "Scan"}, "extensions": [EXTENSION]}
    made = result(1, ruleId=None, rule={"index": 1, "toolComponent": {"index": 0}}, message=message)
    assert only(tmp_path, made, tool=tool).title == title


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ({"message": {"id": "nowhere"}}, "'nowhere' is not among those of its rule"),
        ({"message": None, "ruleId": None}, "neither a message nor a rule"),
        ({"message": "text"}, "The field message is no object"),
        ({"ruleIndex": "one"}, "The index 'one' is no number"),
        ({"locations": {"a": 1}}, "The field locations is no list of objects"),
        ({"message": {"text": "a\x00b"}}, "The text holds a NUL"),
        ({"fingerprints": {"a": ["b"]}}, "The field a is a list"),
        ({"provenance": {"firstDetectionTimeUtc": "yesterday"}}, "The firstDetectionTimeUtc 'yesterday' is not a date"),
    ],
)
def test_what_cannot_be_read_is_a_bad_row(tmp_path: Path, words: dict[str, Any], why: str) -> None:
    assert why in bad(tmp_path, result(1, **words))


@pytest.mark.parametrize(
    ("score", "severity"),
    [("10", "critical"), ("9.0", "critical"), ("8.9", "high"), ("7", "high"), ("4.0", "medium"), ("0.1", "low"),
     ("0.0", "note"), ("nan", "note"), ("1e999", "note"), ("severe", "note"), ("", "note")],
)  # fmt: skip
def test_a_security_severity_has_a_word(tmp_path: Path, score: str, severity: str) -> None:
    made = result(1, level="note", properties={"security-severity": score})
    assert only(tmp_path, made).details["severity"] == severity


# --- days -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changed", "day"),
    [
        ({"invocations": [{"startTimeUtc": "2026-11-09T22:30:00Z"}]}, date(2026, 11, 9)),
        ({"invocations": [{"startTimeUtc": "2026-11-09T23:30:00"}]}, date(2026, 11, 10)),
        (
            {"invocations": [{"endTimeUtc": "2026-11-09T12:00:00.1234567Z"}, {"endTimeUtc": "2026-11-08"}]},
            date(2026, 11, 9),
        ),
        ({"invocations": None, "automationDetails": {"id": "Nightly/2026-11-07"}}, date(2026, 11, 7)),
        ({"invocations": None, "automationDetails": {"id": "2026-11-07T10:00"}}, date(2026, 11, 7)),
        ({"invocations": None, "automationDetails": {"id": "Nightly/2026-13-07"}}, date(2026, 11, 1)),
        ({"invocations": [], "automationDetails": {"id": "2026-11-07/"}}, date(2026, 11, 1)),
    ],
)
def test_the_day_of_a_run_is_its_own_else_that_of_on(tmp_path: Path, changed: dict[str, Any], day: date) -> None:
    made = run_of(result(1), **changed)
    assert [each.found_on for each in read(tmp_path, made, on=date(2026, 11, 1)).findings] == [day]


def test_a_run_whose_day_nobody_says_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match=r"a.sarif \$.runs\[0\]: Scan does not say on which day it ran"):
        read(tmp_path, run_of(result(1), ended=None))


def test_the_first_detection_dates_a_result(tmp_path: Path) -> None:
    for first, day in (("2026-03-31T23:30:00Z", date(2026, 4, 1)), ("2027-01-01T00:00:00Z", date(2026, 11, 10))):
        assert only(tmp_path, result(1, provenance={"firstDetectionTimeUtc": first})).found_on == day


def test_two_days_of_one_scope_are_two_imports(tmp_path: Path) -> None:
    runs = [run_of(result(1), ended=f"2026-11-{day}T12:00:00Z") for day in ("10", "03")]
    with pytest.raises(Refused, match=r"runs\[1\] is a run of Scan of 2026-11-03, and .* is one of 2026-11-10"):
        read(tmp_path, *runs)


def test_two_days_in_one_file_are_parted_as_the_refusal_says(ledger: Ledger, tmp_path: Path) -> None:
    """The commands that it names are carried out, and what they write is imported in their order."""
    path = write_log(
        tmp_path / "it's both.sarif",
        run_of(result(1), result(3), ended="2026-11-10T12:00:00Z"),
        run_of(result(2), name="Lint"),
        run_of(result(1), ended="2026-11-03T12:00:00Z"),
    )
    with pytest.raises(Refused) as refusal:
        run_sarif(ledger, path)
    commands = re.findall(r"`(jq [^`]+)`", str(refusal.value))
    assert [command.rpartition(" ")[2] for command in commands] == ["older.sarif", "newer.sarif"]
    whole = json.loads(path.read_text("utf-8"))
    recorded = []
    for command in commands:
        _, program, named, _, target = shlex.split(command)
        assert named == str(path)
        (place,) = re.fullmatch(r"\.runs = \[\.runs\[(\d+)\]\]", program).groups()  # type: ignore[union-attr]
        (tmp_path / target).write_text(json.dumps(whole | {"runs": [whole["runs"][int(place)]]}), "utf-8")
        recorded.append(run_sarif(ledger, tmp_path / target).recorded["neglect-observed/1"])
    assert recorded == [1, 1]
