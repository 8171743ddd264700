"""The forms that SonarQube's issues come in: tables that scripts make, hotspot pages, encodings, mappings."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from ledger.importers.findings import sonarqube
from ledger.importers.findings.finding import ToolFinding
from ledger.importers.findings.gathering import gathered
from ledger.importers.mapping import read_mapping
from ledger.store.ledger import Ledger
from ledger.vocabulary.errors import Refused, Unreadable
from ledger.vocabulary.time_zones import time_zone
from tests.importers.test_sonarqube import OBSERVED, REPAID, RUN, bodies, issue, run, write

HEADER = (
    "key,rule,severity,component,project,line,status,resolution,message,effort,creation_date,update_date,close_date"
)
ROWS = (
    'A,python:S1,MAJOR,shop:a.py,shop,7,OPEN,,"Größe, falsch",45,2026-10-05 09:53:22,2026-11-01 08:00:00,',
    "B,python:S1,MAJOR,shop:b.py,shop,8,CLOSED,FIXED,Done,5,2026-10-05T09:53:22,2026-11-09T08:00:00,2026-11-09T08:00:00",
)
TABLE = "\n".join((HEADER, *ROWS))


def table(path: Path, text: str = TABLE, encoding: str = "utf-8", separator: str = ",") -> Path:
    path.write_bytes(text.replace(",", separator).replace(f"Größe{separator}", "Größe,").encode(encoding))
    return path


def findings(*paths: Path, **options: Any) -> tuple[ToolFinding, ...]:
    return gathered(sonarqube.read(paths, time_zone("Europe/Paris"), **options)).findings


def test_a_table_is_read_like_the_pages_it_was_made_of(ledger: Ledger, tmp_path: Path) -> None:
    """Columns in snake_case, effort in minutes, times without a zone: they are the book's."""
    report = run(ledger, table(tmp_path / "e.csv"))
    assert (report.recorded, report.refused) == ({**RUN, OBSERVED: 2, REPAID: 1}, ())
    first, _ = bodies(ledger, "neglect-observed")
    assert (first["data"]["title"], first["data"]["effort_minutes"]) == ("Größe, falsch", 45)
    assert (first["effective_on"], first["data"]["evidence"]) == ("2026-10-05", "sonarqube shop:a.py:7")
    assert bodies(ledger, "repayment-recorded")[0]["effective_on"] == "2026-11-09"
    assert run(ledger, tmp_path / "e.csv").recorded == {}


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize(("before", "separator"), [("", ","), ("sep=;\n", ";"), ("", "\t")])
@pytest.mark.parametrize("after", ["", "\n\n\n", "\r\n ,, \n"])
def test_a_table_is_the_same_in_every_spelling(
    tmp_path: Path, encoding: str, before: str, separator: str, after: str
) -> None:
    """Byte order marks, UTF-16, Windows-1252; semicolons and tabs; a first line that says so; blank lines at the end."""
    plain = findings(table(tmp_path / "plain.csv"))
    spelled = table(tmp_path / "e.csv", TABLE + after, encoding, separator)
    if before:
        spelled.write_bytes((before + spelled.read_bytes().decode(encoding)).encode(encoding))
    assert [(each.key, each.title, each.minutes, each.state) for each in findings(spelled)] == [
        (each.key, each.title, each.minutes, each.state) for each in plain
    ]


def test_a_row_that_cannot_be_read_is_named_by_its_line(ledger: Ledger, tmp_path: Path) -> None:
    broken = ROWS[1].replace("2026-10-05T09:53:22", "soon").replace("B,", "C,")
    report = run(ledger, table(tmp_path / "e.csv", "\n".join((HEADER, ROWS[0], broken))))
    (row,) = report.refused
    assert (row.place, row.key) == (f"{tmp_path / 'e.csv'}, line 3", "C")


def test_hotspots_have_pages_of_their_own(ledger: Ledger, tmp_path: Path) -> None:
    def hotspot(key: str, status: str, resolution: str | None = None) -> dict[str, Any]:
        return issue(
            key, status=status, resolution=resolution, type=None, effort=None, rule=None, ruleKey="python:S5042",
            securityCategory="dos", vulnerabilityProbability="LOW")  # fmt: skip

    page = {
        "paging": {"pageIndex": 1, "pageSize": 500, "total": 4},
        "hotspots": [
            hotspot("new", "TO_REVIEW"),
            hotspot("safe", "REVIEWED", "SAFE"),
            hotspot("done", "REVIEWED", "FIXED"),
            hotspot("known", "REVIEWED", "ACKNOWLEDGED"),
        ],
        "components": [],
    }
    report = run(ledger, write(tmp_path / "hotspots.json", page))
    assert report.recorded == {**RUN, OBSERVED: 3, REPAID: 1}
    assert (report.missing, report.plan.sums.unestimated, report.plan.rejected) == (0, 3, 1)
    assert [item.opening.external_key for item in report.waiting] == ["known"]
    assert {body["data"]["cause"] for body in bodies(ledger, "neglect-observed")} == {"coding-error"}


def test_a_page_that_is_not_all_forbids_complete(ledger: Ledger, tmp_path: Path) -> None:
    page = write(tmp_path / "e.json", {"paging": {"total": 812}, "issues": [issue("A"), issue("B")]})
    with pytest.raises(Refused, match="810 issues more than the files hold"):
        run(ledger, page, complete=True)


def test_projects_do_not_miss_each_others_issues(ledger: Ledger, tmp_path: Path) -> None:
    """What an export does not speak of is not gone."""
    other = issue("B", project="till", component="till:x.py")
    run(ledger, write(tmp_path / "both.json", [issue("A"), other]))
    report = run(ledger, write(tmp_path / "till.json", [other]), complete=True, on=date(2026, 11, 10))
    assert report.recorded == RUN
    assert (report.reconciliation.only_in_ledger, report.reconciliation.ledger_open.items) == ((), 1)
    report = run(ledger, write(tmp_path / "shop.json", [issue("C")]), complete=True, on=date(2026, 11, 10))
    assert report.plan.vanished == ["BOURSI-1"]


# --- mappings -------------------------------------------------------------------------------------------

MAPPED = """Ticket;Severity;File;Text;Found;State
1;HIGH;shop:a.py;Loud;2026-10-05;new
2;LOW;shop:b.py;Long;2026-10-06;done
"""
MAPPING = """
[columns]
component = "File"
message = "Text"
creationDate = "Found"
status = "State"
resolution = "State"
effort = "Severity"
[values.status]
"new" = "OPEN"
"done" = "CLOSED"
[values.resolution]
"NEW" = ""
"done" = "FIXED"
[values.effort]
"High" = "1d"
"LOW" = "30min"
[identity]
key = ["File", "Ticket"]
"""


def test_a_mapping_names_columns_words_and_what_identifies_a_row(tmp_path: Path) -> None:
    (tmp_path / "e.csv").write_text(MAPPED)
    (tmp_path / "map.toml").write_text(MAPPING)
    mapping = read_mapping(tmp_path / "map.toml", sonarqube.FIELDS)
    found = gathered(sonarqube.read([tmp_path / "e.csv"], time_zone("UTC"), mapping=mapping))
    assert found.bad == ()
    assert [(each.key, each.state, each.minutes, each.title) for each in found.findings] == [
        ("shop:a.py | 1", "open", 480, "Loud"),
        ("shop:b.py | 2", "fixed", 30, "Long"),
    ]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("[columns", "is not TOML"),
        ("[fields]\n", "has 'fields'"),
        ('[columns]\ncolour = "File"\n', "a field 'colour'"),
        ("columns = 3\n", "has 'columns'"),
        ("[columns]\neffort = 3\n", "a value that is no text"),
        ("[values]\neffort = 'x'\n", r"\[values.effort\] is a table"),
        ("[values.effort]\n'a' = 3\n", "a value that is no text"),
        ("[identity]\nkey = 'File'\n", r"\[identity\] says key"),
        ("[identity]\nkeys = ['File']\n", r"\[identity\] says key"),
        ("a = [" * 3000, "is not TOML"),
    ],
)
def test_a_mapping_that_is_none_is_refused_with_its_place(tmp_path: Path, text: str, why: str) -> None:
    (tmp_path / "map.toml").write_text(text)
    with pytest.raises(Unreadable, match=why):
        read_mapping(tmp_path / "map.toml", sonarqube.FIELDS)


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ('[columns]\neffort = "Sevrity"', "column 'Sevrity', which no row has"),
        ('[identity]\nkey = ["key", "Rul"]', "column 'Rul', which no row has"),
        ('[values.effort]\n"MAJOR" = "a while"', "for 'major': The effort 'a while' cannot be read"),
        ("[identity]\nkey = []", "with at least one column"),
        ("[identity]", "with at least one column"),
        ("a = " + "[" * 3000, "nested too deep"),
        ("a = " + "9" * 5000, "thousands of digits"),
    ],
    ids=["column", "identity", "effort", "no identity", "no key", "nested", "digits"],
)
def test_a_mapping_that_does_not_fit_is_refused_by_name(
    ledger: Ledger, tmp_path: Path, written: str, told: str
) -> None:
    mapping = tmp_path / "map.toml"
    mapping.write_text(written, "utf-8")
    before = bodies(ledger, "%")
    with pytest.raises(Unreadable, match=re.escape(told)):
        run(ledger, write(tmp_path / "a.json", {"issues": [issue()]}), mapping=mapping)
    assert bodies(ledger, "%") == before
