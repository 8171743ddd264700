"""`debt accepted`: one document for an auditor from outside, in four forms that say the same."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.cli.lead.test_decision_log_typed import STORY
from tests.helpers.teller import ADD_FRAUD, INIT, Teller, copied

LAPSED = (
    "commission FRAUD 'No tests' --category missing-tests --principal 500 --interest 6% --decided-by bea --because 'a demo' "
    "--benefit 'a contract' --repay-by 2026Q2 --until 2026-05-31 --on 2026-03-01"
)


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("told") / "ledger.db"
    teller = Teller(path)
    for line in (INIT, ADD_FRAUD, *STORY, LAPSED):
        teller.do(line)
    return path


@pytest.fixture
def teller(told: Path, tmp_path: Path) -> Teller:
    return Teller(copied(told, tmp_path / "ledger.db"))


def debts(found: Any) -> dict[str, Any]:
    return {debt["item"]: debt for debt in found["debts"]}


def test_all_that_stands_is_there_and_nothing_else(teller: Teller) -> None:
    for day in ("2026-01-14", "2026-03-15", "2026-04-05", "2026-06-30", "2026-07-15"):
        found = teller.ask(f"accepted --as-of {day}")
        register = {row["item"]: row for row in teller.ask(f"list --nature debt --as-of {day}")}
        assert debts(found).keys() == register.keys()
        for item, debt in debts(found).items():
            row = register[item]
            for name in ("title", "outstanding", "interest_per_year", "repay_by"):
                assert debt[name] == row[name], (day, item, name)
            assert debt["state"] == row["status"]
        delta = teller.ask(f"delta --as-of {day} --by nature")
        assert found["total"]["outstanding"] == delta["debt"]
        incurred = sum(Decimal(group["interest_incurred"]) for group in delta["groups"] if group["nature"] == "debt")
        closed = [
            row for row in teller.ask(f"list --status all --nature debt --as-of {day}") if row["item"] not in register
        ]
        assert Decimal(found["total"]["interest_since"]) == incurred - sum(
            Decimal(row["interest_incurred"]) for row in closed
        )


def test_who_why_and_until_when(teller: Teller) -> None:
    found = debts(teller.ask("accepted"))
    first, second, third = (found[item] for item in ("FRAUD-1", "FRAUD-2", "FRAUD-7"))
    assert (first["how"], first["decided_by"], first["because"], first["benefit"]) == (
        "commissioned", "Ada", "launch in May", "two months",
    )  # fmt: skip
    assert (first["until"], first["repay_by"], first["adr"]) == ("2027-03-31", "2027Q1", "7")
    assert first["renewals"] == [
        {
            "on": "2026-04-01",
            "decided_by": "the board",
            "because": "the fair",
            "repay_by": "2027Q1",
            "until": "2027-03-31",
        }
    ]
    assert (second["how"], second["accepted_on"], second["decided_by"]) == ("adopted", "2026-04-05", "anna")
    assert third["state"] == "lapsed"
    assert debts(teller.ask("accepted --as-of 2026-03-31"))["FRAUD-1"]["renewals"] == []
    assert debts(teller.ask("accepted --known-at 2026-07-14")) == {}


def test_a_decision_that_was_reversed_accepted_nothing(teller: Teller) -> None:
    """What stands is the later adoption, and the renewal that nobody took back."""
    gate = "--because 'in time' --benefit 'three weeks' --repay-by 2026Q4"
    adopted = teller.ask(f"adopt FRAUD-6 --decided-by carl {gate} --on 2026-05-01")
    renewal = "renew FRAUD-1 --repay-by 2027Q4 --decided-by carl --because 'by mistake' --on 2026-05-02"
    renewed = teller.ask(renewal)
    teller.do(*(f"reverse {receipt['position']} --because twice" for receipt in (adopted, renewed)))
    assert "FRAUD-6" not in debts(teller.ask("accepted"))
    teller.do(f"adopt FRAUD-6 --decided-by dora {gate} --on 2026-05-03")
    found = debts(teller.ask("accepted"))
    assert (found["FRAUD-6"]["decided_by"], found["FRAUD-6"]["accepted_on"]) == ("dora", "2026-05-03")
    assert [each["decided_by"] for each in found["FRAUD-1"]["renewals"]] == ["the board"]


def test_every_form_says_the_same(teller: Teller, tmp_path: Path) -> None:
    found = teller.ask("accepted")
    rows = teller.do("accepted --format csv").csv
    assert {row["item"]: row["outstanding"] for row in rows} == {
        item: debt["outstanding"] for item, debt in debts(found).items()
    }
    renewed = {row["item"]: row["renewals"] for row in rows if row["renewals"]}
    assert renewed == {"FRAUD-1": "2026-04-01 by the board: the fair (repay by 2027Q1, until 2027-03-31)"}
    assert "total" in teller.do("accepted").out
    teller.do(f"accepted --out {tmp_path / 'a.xlsx'}", f"accepted --out {tmp_path / 'a.md'}")
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx", data_only=True)["Accepted debt"]
    table = [[cell.value for cell in line] for line in sheet.iter_rows()]
    header = next(line for line in table if line[0] == "Item")
    by_item = {line[0]: dict(zip(header, line, strict=True)) for line in table[table.index(header) + 1 :] if line[0]}
    document = (tmp_path / "a.md").read_text()
    for item, debt in debts(found).items():
        line = by_item[item]
        assert line["Outstanding EUR"] == float(debt["outstanding"])
        assert (line["Decided by"], line["Why"], line["Benefit"]) == (
            debt["decided_by"],
            debt["because"],
            debt["benefit"],
        )
        assert line["Accepted"].date() == date.fromisoformat(debt["accepted_on"])
        assert f"## {item}: " in document
        assert f"* Why: {debt['because']}\n" in document
    assert by_item["Total"]["Outstanding EUR"] == float(found["total"]["outstanding"])
    assert "* Renewed on 2026-04-01 by the board: the fair (repay by 2027Q1, until 2027-03-31)" in document


def test_a_document_is_the_same_twice_and_replaces_nothing_unasked(teller: Teller, tmp_path: Path) -> None:
    for name in ("a.xlsx", "a.md"):
        target = tmp_path / name
        teller.do(f"accepted --out {target}")
        before = target.read_bytes()
        reply = teller.type(f"accepted --out {target}")
        assert (reply.exit_code, "is there already" in reply.err) == (1, True)
        teller.do(f"accepted --out {target} --force")
        assert target.read_bytes() == before
    reply = teller.type(f"accepted --out {tmp_path / 'a.pdf'}")
    assert (reply.exit_code, "neither .xlsx nor .md" in reply.err) == (2, True)


def test_a_book_without_debt_says_how_there_is_some(tmp_path: Path) -> None:
    teller = Teller(tmp_path / "empty.db")
    teller.do(INIT)
    assert "No debt stands on 2026-07-15." in teller.do("accepted").err
    teller.do(f"accepted --out {tmp_path / 'a.xlsx'}", f"accepted --out {tmp_path / 'a.md'}")
    assert "No debt stands on that day." in (tmp_path / "a.md").read_text()
