"""SARIF logs that somebody broke, cut, spelled in another encoding, or wrote to do harm: refused clearly, or harmless."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from ledger.importers.findings import sarif
from ledger.importers.findings.finding import ToolFindings
from ledger.importers.findings.gathering import gathered
from ledger.importers.rows import BadRow
from ledger.store.ledger import Ledger
from ledger.vocabulary.errors import LedgerError, Unreadable
from tests.helpers.sarif_logs import log, result, run_of, write_log
from tests.importers.test_import_kinds import Typist, typist
from tests.importers.test_sarif import run_sarif
from tests.importers.test_sonarqube import OBSERVED, RUN, head

__all__ = ["typist"]

ON = date(2026, 11, 10)


def nested(depth: int) -> Any:
    value: Any = "x"
    for _ in range(depth):
        value = [value]
    return value


#: What no writer of SARIF means, in the place of anything.
VALUES: tuple[Any, ...] = (
    None, True, 0, -1, 10**30, 1e308, float("nan"), "", "x", "a\x00b", "\ud800", "\x1b[2J\u202e", "x" * 100_000,
    "../" * 50, "%00%zz%", "file:///", "2026-11-10T12:00:00Z", "9999-12-31T23:59:59Z", [], {}, [[]], [None], [{}], {"": {}},
    {"id": []}, {"text": {}}, nested(300),
)  # fmt: skip


def full() -> dict[str, Any]:
    """A log in which everything that is read stands somewhere."""
    rule = {
        "id": "R1", "guid": "G", "name": "n", "shortDescription": {"text": "s"}, "messageStrings": {"m": {"text": "{0}"}},
        "defaultConfiguration": {"level": "note", "enabled": True}, "properties": {"tags": ["security"], "p": 1},
    }  # fmt: skip
    said = {
        "rule": {"index": 0, "toolComponent": {"index": 0, "name": "e"}}, "message": {"id": "m", "arguments": ["a"]},
        "provenance": {"invocationIndex": 0, "firstDetectionTimeUtc": "2026-01-01T00:00:00Z"}, "rank": 5.5,
        "suppressions": [{"kind": "external", "status": "accepted", "justification": "j"}], "baselineState": "new",
        "partialFingerprints": {"a/v1": "1"}, "taxa": [{"id": "9", "toolComponent": {"name": "CWE"}}], "occurrenceCount": 2,
        "properties": {"security-severity": "5.0", "tags": ["t"]}, "kind": "fail", "level": "error",
    }  # fmt: skip
    first = result(1, **said)
    first["locations"][0]["physicalLocation"]["artifactLocation"] = {"index": 0, "uriBaseId": "A"}
    first["locations"][0]["logicalLocations"] = [{"fullyQualifiedName": "f"}]
    overrides = [{"descriptor": {"id": "R1"}, "configuration": {"level": "error", "enabled": True}}]
    told = {"endTimeUtc": "2026-11-10T12:00:00Z", "executionSuccessful": True, "ruleConfigurationOverrides": overrides,
            "workingDirectory": {"uri": "file:///w"}, "toolExecutionNotifications": [{"level": "note"}]}  # fmt: skip
    run = run_of(
        first,
        result(2, fingerprints={"f/v1": "1"}, baselineState="absent"),
        result(3),
        tool={"driver": {"name": "Scan", "rules": [rule]}, "extensions": [{"name": "e", "rules": [rule]}]},
        invocations=[told],
        artifacts=[{"location": {"uri": "a.py", "uriBaseId": "A"}}],
        originalUriBaseIds={"A": {"uri": "src/", "uriBaseId": "B"}, "B": {"uri": "file:///w/"}},
        automationDetails={"id": "c/2026-11-10"},
        externalPropertyFileReferences={},
    )
    return log(run)


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place in a document, the document among them."""
    yield path
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, each in inner:
        yield from places(each, (*path, name))


def changed(document: Any, path: tuple[Any, ...], value: Any) -> Any:
    if not path:
        return value
    made = copy.deepcopy(document)
    within = made
    for name in path[:-1]:
        within = within[name]
    within[path[-1]] = value
    return made


def read(path: Path) -> ToolFindings:
    return gathered(sarif.read([path], ZoneInfo("Asia/Tokyo"), on=ON))


def imported(ledger: Ledger, path: Path) -> tuple[BadRow, ...]:
    return run_sarif(ledger, path, on=ON, dry_run=True).refused


def read_rows(path: Path) -> tuple[BadRow, ...]:
    return read(path).bad


def outcome(how: Callable[[Path], tuple[BadRow, ...]], path: Path) -> str | tuple[BadRow, ...]:
    """How a log is refused, or the rows that are."""
    try:
        return how(path)
    except LedgerError as error:
        return str(error)


@pytest.mark.reliability
def test_any_value_in_any_place_is_read_or_refused_by_place(ledger: Ledger, tmp_path: Path) -> None:
    """A refusal names the file, a bad row its place in it, and nothing else is ever raised; nothing is recorded."""
    whole, path, before = full(), tmp_path / "a.sarif", head(ledger)
    seen = {"read": 0, "refused": 0, "bad": 0}
    for number, place in enumerate(places(whole)):
        for nth, value in enumerate(VALUES):
            path.write_text(json.dumps(changed(whole, place, value)), "utf-8")
            # Reading is tried with each, the rest of an import with some.
            told = outcome(partial(imported, ledger) if (number + nth) % 9 == 0 else read_rows, path)
            seen["refused" if isinstance(told, str) else "bad" if told else "read"] += 1
            named = [told] if isinstance(told, str) else [row.place for row in told]
            assert all(each.startswith((f"{path}", "The export is of")) for each in named), (place, value, named)
    assert min(seen.values()) > 100
    assert head(ledger) == before


def test_a_log_that_is_cut_anywhere_is_refused(tmp_path: Path) -> None:
    text, path = json.dumps(full(), indent=1), tmp_path / "a.sarif"
    for end in range(0, len(text) - 1, 7):
        path.write_text(text[:end], "utf-8")
        with pytest.raises(Unreadable, match=r"a\.sarif .*(Nothing was recorded|is empty)"):
            read(path)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"])
def test_a_log_in_any_encoding_is_the_same_log(tmp_path: Path, encoding: str) -> None:
    text = json.dumps(log(run_of(result(1, message={"text": "Größe"}))), ensure_ascii=False)
    path = tmp_path / "a.sarif"
    path.write_bytes(text.encode(encoding))
    (found,) = read(path).findings
    path.write_bytes(text.encode())
    assert (found.title, found) == ("Größe", *read(path).findings)


def test_names_that_lead_elsewhere_are_text_and_open_nothing(ledger: Ledger, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("never shown")
    uris = (
        "../secret",
        (tmp_path / "secret").as_uri(),
        "%2e%2e/secret",
        "//host/share/x",
        "jar:file:///x!/y",
        "a\nb",
        "con:",
    )
    made = [
        result(number, locations=[{"physicalLocation": {"artifactLocation": {"uri": uri}}}])
        for number, uri in enumerate(uris)
    ]
    report = run_sarif(ledger, write_log(tmp_path / "a.sarif", run_of(*made)))
    assert report.recorded == RUN | {OBSERVED: len(uris)}
    assert sorted(path.name for path in tmp_path.iterdir() if not path.name.startswith("ledger.db")) == [
        "a.sarif",
        "secret",
    ]


def test_what_a_message_carries_does_not_reach_the_terminal(typist: Typist, tmp_path: Path) -> None:
    """Nor does the name of a tool, a rule or a file."""
    evil = "\x1b[2J\x07\u202e"
    made = result(1, ruleId=f"R{evil}", message={"text": f"m{evil}"}, kind="fail")
    bad = result(2, kind=f"k{evil}")
    path = write_log(tmp_path / "a.sarif", run_of(made, bad, name=f"Scan{evil}"))
    reply = typist.type("import", "sarif", path, "--system", "SHOP")
    shown = reply.stdout + reply.stderr + typist.type("list").stdout + typist.type("sources").stdout
    assert reply.exit_code == 1
    assert not {"\x1b", "\x07", "\u202e"} & set(shown)
