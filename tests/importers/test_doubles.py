"""One key, several rows: what says the same is one, what differs is held by its dates, and by its place in the file never."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from dataclasses import fields, replace
from datetime import UTC, date, datetime, timedelta
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.importers.findings.finding import ToolFinding
from ledger.importers.findings.gathering import gathered
from ledger.importers.rows import ImportRefused
from ledger.services.import_ import ImportReport
from ledger.store.ledger import Ledger
from ledger.vocabulary.errors import Refused
from tests.helpers.sarif_logs import by_severity, result, run_of, write_log
from tests.importers.test_findings import FINDING
from tests.importers.test_sarif import run_sarif
from tests.importers.test_sonarqube import OBSERVED, REPAID, RUN, bodies, closed, head, issue, run, write

DAYS = (None, *(datetime(2026, 11, day, 9, tzinfo=UTC) for day in (1, 2)))
ROWS = st.builds(
    lambda title, moment: replace(FINDING, title=title, changed_at=moment),
    st.sampled_from("xyz"),
    st.sampled_from(DAYS),
)


def expected(rows: list[ToolFinding]) -> ToolFinding | None:
    """What counts, by the words of docs/importing.md; None where the key is refused."""
    if all(row == rows[0] for row in rows):
        return rows[0]
    if any(row.changed_at is None for row in rows):
        return None
    last = max(row.changed_at for row in rows if row.changed_at)
    newest = [row for row in rows if row.changed_at == last]
    return newest[0] if all(row == newest[0] for row in newest) else None


@given(st.lists(ROWS, min_size=1, max_size=4))
def test_what_counts_does_not_hang_on_the_order_of_the_rows(rows: list[ToolFinding]) -> None:
    counts = expected(rows)
    for order in permutations(rows):
        placed = [replace(row, place=f"place {number}") for number, row in enumerate(order)]
        found = gathered(placed)
        assert [replace(each, place=FINDING.place) for each in found.findings] == ([counts] if counts else [])
        assert (len(found.bad), found.duplicates) == (counts is None, len(rows) - 1)
        assert len(found.cautions) == (counts is not None and any(row != counts for row in rows))


#: Another value of every field: what is recorded of a finding, or what follows from it.
OTHERWISE: dict[str, Any] = {
    "title": "Louder",
    "cause": "coding-error",
    "found_on": date(2026, 10, 4),
    "state": "accepted",
    "state_on": date(2026, 10, 6),
    "minutes": 5,
    "located": "elsewhere",
    "details": {"rule": "x"},
    "said": "ACCEPTED",
    "updated_on": date(2026, 10, 6),
    "scope": "shop",
    "changed_at": DAYS[1],
}
#: Where a row stands, and what its reader leaves out, make no other of it.
NO_MATTER: dict[str, Any] = {"place": "there", "content_hash": "1" * 64}


def test_every_field_makes_a_difference_or_is_said_to_make_none() -> None:
    assert {each.name for each in fields(ToolFinding)} == {"key", *OTHERWISE, *NO_MATTER}
    for name, value in OTHERWISE.items():
        (refused,) = gathered([FINDING, replace(FINDING, place="there", **{name: value})]).bad
        assert (refused.key, "at here and at there" in refused.why) == ("A", True), name
    for name, value in NO_MATTER.items():
        found = gathered([FINDING, replace(FINDING, **{name: value})])
        assert (found.findings, found.duplicates, found.cautions) == ((FINDING,), 1, ()), name


def test_what_is_told_is_bounded() -> None:
    """Of a key with many rows some places are named, and of many keys some."""
    many = [replace(FINDING, place=f"place {number}", title=f"Row {number}") for number in range(9)]
    (refused,) = gathered(many).bad
    assert "at place 0 and at place 1 and at place 2 and at 6 places more," in refused.why
    moments = (DAYS[1], DAYS[2])
    keys = [replace(FINDING, key=f"K{number}", changed_at=moment) for number in range(23) for moment in moments]
    told = gathered(keys).cautions
    assert (len(told), told[-1]) == (21, "Of 3 keys more rows differ, and of each what changed last holds.")


# --- through every reader -------------------------------------------------------------------------------


def in_one_file(tmp_path: Path, rows: list[dict[str, Any]]) -> list[Path]:
    return [write(tmp_path / "e.json", {"issues": rows})]


def in_pages(tmp_path: Path, rows: list[dict[str, Any]]) -> list[Path]:
    return [write(tmp_path / f"page{number}.json", {"issues": [row]}) for number, row in enumerate(rows)]


def in_a_table(tmp_path: Path, rows: list[dict[str, Any]]) -> list[Path]:
    with (tmp_path / "e.csv").open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, ["key", "project", *issue(), "closeDate", "resolution"])
        table.writeheader()
        table.writerows(row | {"tags": ""} for row in rows)
    return [tmp_path / "e.csv"]


FORMS = pytest.mark.parametrize("form", [in_one_file, in_pages, in_a_table])
EITHER_WAY = pytest.mark.parametrize("turned", [False, True], ids=["as they are", "turned"])
Form = Callable[[Path, list[dict[str, Any]]], list[Path]]


def moments() -> Iterator[tuple[str, str]]:
    """Of an older and a newer row: days apart, and a second of one day."""
    first = datetime(2026, 11, 9, 12, tzinfo=UTC)
    for later in (timedelta(days=1), timedelta(seconds=1)):
        yield first.isoformat(), (first + later).isoformat()


@FORMS
@EITHER_WAY
@pytest.mark.parametrize(("older", "newer"), list(moments()), ids=["days", "a second"])
def test_the_row_that_changed_last_holds_and_is_told(
    ledger: Ledger, tmp_path: Path, form: Form, turned: bool, older: str, newer: str
) -> None:
    rows = [issue(updateDate=older), closed(updateDate=newer), issue("B")]
    told: list[str] = []
    paths = form(tmp_path, rows[::-1] if turned else rows)
    report = run(ledger, *paths, caution=told.append)
    assert (report.recorded, report.refused, report.duplicates) == (RUN | {OBSERVED: 2, REPAID: 1}, (), 1)
    (sentence,) = (each for each in told if "rows that differ" in each)
    assert sentence.startswith("The key AX1 has rows that differ: what changed last")
    assert sum(sentence.count(str(path)) for path in paths) == 2
    assert run(ledger, *paths).recorded == {}


@FORMS
@EITHER_WAY
@pytest.mark.parametrize("dates", [(None, None), (None, "2026-11-10"), ("2026-11-10", "2026-11-10")], ids=str)
def test_where_no_date_tells_the_key_is_refused(
    ledger: Ledger, tmp_path: Path, form: Form, turned: bool, dates: tuple[str | None, str | None]
) -> None:
    one, other = (issue(effort=effort, updateDate=day) for effort, day in zip(("1h", "2h"), dates, strict=True))
    paths = form(tmp_path, [other, one, issue("B")] if turned else [one, other, issue("B")])
    before = head(ledger)
    with pytest.raises(ImportRefused, match="The key AX1 has rows that differ"):
        run(ledger, *paths, strict=True)
    assert head(ledger) == before
    refused_alone(ledger, run(ledger, *paths), "AX1", "B", paths)


def refused_alone(ledger: Ledger, report: ImportReport, key: str, other: str, paths: list[Path]) -> None:
    """Of two keys one is refused, with both of its places, and the other is recorded."""
    (row,) = report.refused
    assert (row.key, sum(row.why.count(str(path)) for path in paths)) == (key, 2)
    assert [body["data"]["external_key"] for body in bodies(ledger, "neglect-observed")] == [other]
    assert report.read == len(bodies(ledger, "neglect-observed")) + report.unchanged + len(report.refused)


@EITHER_WAY
def test_rows_that_a_mapping_takes_for_one_are_refused(ledger: Ledger, tmp_path: Path, turned: bool) -> None:
    rows = ["F,1,High", "F,2,High", "G,1,High"]
    lines = [f"{line},OPEN,Loud,2026-10-05" for line in (rows[::-1] if turned else rows)]
    (tmp_path / "e.csv").write_text("\n".join(["File,line,Severity,status,message,creationDate", *lines]))
    mapping = tmp_path / "m.toml"
    mapping.write_text('[columns]\neffort = "Severity"\n[values.effort]\n"High" = "1d"\n[identity]\nkey = ["File"]\n')
    refused_alone(ledger, run(ledger, tmp_path / "e.csv", mapping=mapping), "F", "G", [tmp_path / "e.csv"])


@EITHER_WAY
def test_a_result_that_two_runs_tell_otherwise_is_refused(ledger: Ledger, tmp_path: Path, turned: bool) -> None:
    runs = [run_of(result(1, level=level)) for level in ("error", "note")]
    runs[0]["results"].append(result(2))
    path = write_log(tmp_path / "a.sarif", *(runs[::-1] if turned else runs))
    report = run_sarif(ledger, path, mapping=by_severity(tmp_path))
    assert report.recorded == RUN | {OBSERVED: 1}
    (row,) = report.refused
    assert row.why.count(str(path)) == 2


def test_a_key_that_is_refused_is_no_page_that_was_read(ledger: Ledger, tmp_path: Path) -> None:
    """Two rows are one issue: the one that is still to come is missing, and nothing is written off."""
    run(ledger, write(tmp_path / "a.json", [issue("A"), issue("B"), issue("C")]))
    page = {"paging": {"total": 3}, "issues": [issue("A", effort="1h"), issue("A", effort="2h"), issue("B")]}
    with pytest.raises(Refused, match="SonarQube has 1 issue more than the files hold"):
        run(ledger, write(tmp_path / "b.json", page), complete=True)


def test_what_is_refused_stays_as_it_is_and_is_not_gone(ledger: Ledger, tmp_path: Path) -> None:
    run(ledger, write(tmp_path / "a.json", [issue("A"), issue("B")]))
    rows = [closed("A", updateDate=None), issue("A", updateDate=None, effort="2h"), issue("B")]
    report = run(ledger, write(tmp_path / "b.json", rows), complete=True)
    assert (report.recorded, [row.key for row in report.refused]) == ({}, ["A"])
    assert report.reconciliation.only_in_ledger == ("BOURSI-1",)
