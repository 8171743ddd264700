"""Decisions in a spreadsheet: what is read, recorded once, and refused with its line."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from ledger.decide.close import Close
from ledger.decide.observe import Observe
from ledger.decide.request import Request
from ledger.importers.decisions.adoptions import read_decisions
from ledger.importers.rows import ImportRefused
from ledger.services.adopt_file import AdoptionReport, adopt_from_file
from ledger.store.ledger import Ledger
from ledger.vocabulary.errors import Unreadable
from ledger.vocabulary.quantities import Quantity

TODAY = date(2026, 11, 20)
HEADER = "item,decided_by,because,benefit,repay_by,until,on,evidence\n"
GOOD = "BOURSI-1,head of quant,ship first,a quarter earlier,2027Q1,,2026-11-16,minutes of May\n"


@pytest.fixture
def observed(ledger: Ledger) -> Ledger:
    """BOURSI-1 to BOURSI-3 are neglect; BOURSI-3 is unestimated."""
    for number, principal in enumerate((50000, 70000, None), start=1):
        command = Observe(
            system="BOURSI", title=f"Finding {number}", category="code-quality", cause="expedience", on=date(2026, 8, 3),
            principal=Quantity(minor=principal) if principal else None)  # fmt: skip
        ledger.handle(Request(command, "lead", TODAY))
    return ledger


def write(path: Path, content: str, encoding: str = "utf-8") -> Path:
    path.write_bytes(content.encode(encoding))
    return path


def adopt(ledger: Ledger, path: Path, **options: Any) -> AdoptionReport:
    options = {"actor": "lead", "asked_on": TODAY} | options
    return adopt_from_file(ledger, path, **options)


def head(ledger: Ledger) -> Any:
    with ledger.reading() as connection:
        return connection.execute(text("SELECT position, hash FROM head")).one()


def adoptions(ledger: Ledger) -> list[dict[str, Any]]:
    with ledger.reading() as connection:
        found = connection.execute(
            text("SELECT body FROM event WHERE stored_as = 'neglect-adopted/1' ORDER BY position")
        )
        return [json.loads(body) for (body,) in found]


def test_a_row_becomes_an_adoption(observed: Ledger, tmp_path: Path) -> None:
    report = adopt(observed, write(tmp_path / "d.csv", HEADER + GOOD))
    (body,) = adoptions(observed)
    assert (report.read, report.adopted, report.already_there, report.bad) == (1, 1, 0, [])
    assert body["effective_on"] == "2026-11-16"
    assert body["key"].startswith("decisions:")
    data = body["data"]
    assert (data["item"], data["decided_by"], data["repay_by"]) == ("BOURSI-1", "head of quant", "2027Q1")
    assert (data["principal_minor"], data["evidence"]) == (50000, "minutes of May")


def test_a_second_run_records_nothing_whoever_runs_it_and_when(observed: Ledger, tmp_path: Path) -> None:
    path = write(tmp_path / "d.csv", HEADER + GOOD + "BOURSI-2,a,b,c,2027Q1,,,\n")
    assert adopt(observed, path).adopted == 2
    before = head(observed)
    again = adopt(observed, path, actor="auditor", asked_on=date(2026, 11, 23))
    assert (again.adopted, again.already_there, again.bad) == (0, 2, [])
    assert head(observed) == before


def test_a_row_that_stands_twice_in_a_file_counts_once(observed: Ledger, tmp_path: Path) -> None:
    report = adopt(observed, write(tmp_path / "d.csv", HEADER + GOOD + GOOD))
    assert (report.read, report.adopted, report.already_there, report.bad) == (2, 1, 1, [])
    assert len(adoptions(observed)) == 1


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        ("Item,Decided-By,because,benefit,Repay by\nboursi-1,a,b,c,2027q1\n", "utf-8"),
        ("item;decided_by;because;benefit;repay_by\r\nBOURSI-1;a;b, and more;c;2027Q1\r\n", "utf-8-sig"),
        (
            'repay_by,item,title,benefit,because,decided_by\n2027Q1,BOURSI-1,"so, so",c,"b\nand b",a\n\n,,,,,\n',
            "utf-8-sig",
        ),
    ],
    ids=["hyphens and capitals", "semicolons and a mark", "another order, other columns, a line break"],
)
def test_the_dialects_of_spreadsheets_are_read(observed: Ledger, tmp_path: Path, content: str, encoding: str) -> None:
    report = adopt(observed, write(tmp_path / "d.csv", content, encoding))
    assert (report.adopted, report.bad) == (1, [])


BAD = {
    "not an item": ("foo,a,b,c,2027Q1,,,", "not an item"),
    "no item": (",a,b,c,2027Q1,,,", "not an item"),
    "unknown item": ("BOURSI-9,a,b,c,2027Q1,,,", "no item BOURSI-9"),
    "nobody decided": ("BOURSI-2,,b,c,2027Q1,,,", "--decided-by is missing"),
    "no term": ("BOURSI-2,a,b,c,,,,", "--repay-by is missing"),
    "no quarter": ("BOURSI-2,a,b,c,2027Q7,,,", "not a quarter"),
    "no date": ("BOURSI-2,a,b,c,2027Q1,soon,,", "'soon' in the column until"),
    "unestimated": ("BOURSI-3,a,b,c,2027Q1,,,", "is unestimated"),
    "adopted twice": ("BOURSI-1,a,b,c,2027Q1,,,", "is debt already"),
    "in the future": ("BOURSI-2,a,b,c,2027Q1,,2027-01-01,", "in the future"),
    "a comma too many": ("BOURSI-2,a,b, and b,c,2027Q1,,,minutes", "9 cells, the header 8"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_row_is_reported_with_its_line_and_the_rest_recorded(observed: Ledger, tmp_path: Path, name: str) -> None:
    row, why = BAD[name]
    path = write(tmp_path / "d.csv", f"{HEADER}{GOOD}{row}\n")
    report = adopt(observed, path)
    (bad,) = report.bad
    assert bad.place == f"{path}, line 3"
    assert why in bad.why
    assert (report.read, report.adopted) == (2, 1)


@pytest.mark.parametrize("name", BAD)
def test_a_strict_run_with_a_bad_row_records_nothing(observed: Ledger, tmp_path: Path, name: str) -> None:
    before = head(observed)
    with pytest.raises(ImportRefused, match="line 3"):
        adopt(observed, write(tmp_path / "d.csv", f"{HEADER}{GOOD}{BAD[name][0]}\n"), strict=True)
    assert head(observed) == before


def test_the_line_is_the_one_on_which_the_row_begins(tmp_path: Path) -> None:
    content = f'{HEADER}BOURSI-1,a,"one\ntwo\nthree",c,2027Q1,,,\n\nfoo,a,b,c,2027Q1,,,\n'
    found = read_decisions(write(tmp_path / "d.csv", content))
    assert [decision.place.rpartition(" ")[2] for decision in found.decisions] == ["2"]
    assert [bad.place.rpartition(" ")[2] for bad in found.bad] == ["6"]


def test_a_closed_day_is_refused_or_posted_late(observed: Ledger, tmp_path: Path) -> None:
    observed.handle(Request(Close(quarter="2026Q3"), "finance", TODAY))
    path = write(tmp_path / "d.csv", f"{HEADER}BOURSI-1,a,b,c,2027Q1,,2026-09-01,\n")
    assert "books are closed" in adopt(observed, path).bad[0].why
    assert adopt(observed, path, late=True).adopted == 1
    (body,) = adoptions(observed)
    assert (body["effective_on"], body["data"]["occurred_on"]) == ("2026-10-01", "2026-09-01")


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ("", "lacks the columns item, decided_by"),
        ("item,because,benefit,repay_by\n", "lacks the column decided_by:"),
        ("item,item,decided_by,because,benefit,repay_by\n", "column item twice"),
        ("item,decided_by,because,benefit,repay_by,untill\n", "column 'untill': write it until"),
        (f'{HEADER}BOURSI-1,"a,b,c\n', "unexpected end of data, in the row that begins on line 2"),
    ],
    ids=["empty", "a column missing", "a column twice", "a column misspelt", "an open quote"],
)
def test_what_is_no_table_of_decisions_is_named(observed: Ledger, tmp_path: Path, content: str, why: str) -> None:
    with pytest.raises(Unreadable, match=why):
        adopt(observed, write(tmp_path / "d.csv", content))


def test_other_bytes_and_a_missing_file_are_named(observed: Ledger, tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="not Windows-1252 text, at line 2, column 10"):
        adopt(observed, write(tmp_path / "d.csv", HEADER + "BOURSI-1,\x81\n", "latin-1"))
    with pytest.raises(Unreadable, match="cannot be read"):
        adopt(observed, tmp_path / "absent.csv")
