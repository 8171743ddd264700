"""The JSON that others rely on (design §6): exact keys in their order, and what each holds; CSV and tables beside it."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

import pytest

from tests.helpers.lines import ADOPT, COMMISSION, GATE, OBSERVE, RATE, UNESTIMATED
from tests.helpers.teller import Teller

AMOUNT = re.compile(r"-?\d+\.\d\d")
DAY = re.compile(r"\d{4}-\d\d-\d\d")
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z")
HASH = re.compile(r"[0-9a-f]{64}")
QUARTER = re.compile(r"\d{4}Q[1-4]")
ITEM = re.compile(r"[A-Z-]+-[1-9]\d*")
STORED_AS = re.compile(r"[a-z-]+/\d+")
TEXT = re.compile(r".+")

FIGURES = dict.fromkeys(("debt", "neglect", "delta", "interest_per_year", "interest_incurred"), AMOUNT)
RECEIPT = {
    "position": int,
    "event_id": TEXT,
    "stored_as": STORED_AS,
    "item": ITEM,
    "effective_on": DAY,
    "recorded_at": TIME,
    "hash": HASH,
}
DELTA = {"as_of": DAY, "known_at": TIME, "position": int, "currency": "EUR", **FIGURES, "groups": list}
ROW = dict.fromkeys(
    (
        "opening",
        "commissioned",
        "observed",
        "adopted",
        "revised",
        "repaid",
        "written_off",
        "corrected",
        "transferred",
        "closing",
        "interest",
        "spent",
    ),
    AMOUNT,
)
ROLLFORWARD = {"first_day": DAY, "last_day": DAY, "quarter": QUARTER, "position": int, "currency": "EUR", "rows": list}
LISTED = {
    "item": ITEM,
    "system": "FRAUD",
    "title": TEXT,
    "nature": re.compile("debt|neglect"),
    "dimension": "system",
    "category": "glue-code",
    "opened_on": DAY,
    "principal": AMOUNT,
    "outstanding": AMOUNT,
    "interest_per_year": AMOUNT,
    "interest_incurred": AMOUNT,
    "status": TEXT,
    "repay_by": QUARTER,
    "age_days": int,
    "planned": None,
    "tags": list,
    "assignee": None,
    "interest_observed": None,
}
AGES = dict.fromkeys(("0-90", "91-180", "181-365", "366+", "total", "lapsed", "overdue"), AMOUNT)
LOGGED = {
    "position": int,
    "event_id": TEXT,
    "stored_as": STORED_AS,
    "stream": TEXT,
    "effective_on": DAY,
    "recorded_at": TIME,
    "actor": "ada",
    "hash": HASH,
    "data": dict,
}
PROBLEM = {"position": int, "table": TEXT, "field": TEXT, "expected": TEXT, "found": TEXT}


def fits(found: Any, shape: dict[str, Any], /, **other: Any) -> None:
    """The keys in their order, and every value as described: a pattern, a type, or the value itself."""
    wanted = shape | other
    assert list(found) == list(wanted)
    for key, value in wanted.items():
        seen = found[key]
        if isinstance(value, re.Pattern):
            assert isinstance(seen, str), (key, seen)
            assert value.fullmatch(seen), (key, seen)
        elif isinstance(value, type):
            assert type(seen) is value, (key, seen)
        else:
            assert seen == value, (key, seen)


@pytest.fixture
def busy(teller: Teller) -> Teller:
    """A debt, a neglect that was adopted, and one that nobody estimated."""
    adopted = ADOPT.replace("FRAUD-1", "FRAUD-2")
    teller.do(COMMISSION, OBSERVE, adopted, UNESTIMATED, "repay FRAUD-1 100 --spent 120 --on 2026-03-15")
    return teller


@pytest.mark.parametrize(
    ("line", "item"),
    [
        (COMMISSION, "FRAUD-1"),
        ("note FRAUD-1 seen", "FRAUD-1"),
        ("reverse 3 --because x", "FRAUD-1"),
        (RATE, None),
        ("system change FRAUD --team blue", None),
        ("close 2026Q1", None),
        ("init --book other --currency EUR", None),
    ],
)
def test_a_receipt(teller: Teller, line: str, item: str | None) -> None:
    """One event is an object; what is about no item has none."""
    teller.do(f"{COMMISSION} --key first")
    fits(teller.ask(f"{line} --again"), RECEIPT, item=ITEM if item else None)


def test_a_receipt_of_several_events_is_a_list(teller: Teller) -> None:
    """One request may cause several: a system and what it reads."""
    receipts = teller.ask("system add NEW New --team red --reads-from FRAUD")
    assert [receipt["stored_as"] for receipt in receipts] == ["system-registered/1", "dependency-declared/1"]
    for receipt in receipts:
        fits(receipt, RECEIPT, item=None)


def test_a_receipt_as_csv_and_for_a_person(teller: Teller) -> None:
    """A header and a line; a sentence that echoes the interest per year."""
    (row,) = teller.do(f"{COMMISSION} --format csv").csv
    assert list(row) == list(RECEIPT)
    told = teller.do(
        "observe FRAUD F --category glue-code --cause untracked --principal 12000 --interest 800/month"
    ).out
    assert "FRAUD-2  neglect observed: EUR 12,000.00, interest EUR 9,600.00 a year, effective 2026-07-15" in told


@pytest.mark.parametrize("by", ["nature", "dimension", "category", "system", "team", "cost-centre"])
def test_a_delta(busy: Teller, by: str) -> None:
    """The totals, and a row per group that has a figure."""
    fits(busy.ask("delta"), DELTA, groups=[])
    found = busy.ask(f"delta --by {by}")
    fits(found, DELTA)
    assert found["groups"]
    for group in found["groups"]:
        fits(group, {by.replace("-", "_"): TEXT, **FIGURES})


def test_a_delta_by_several(busy: Teller) -> None:
    """One row per combination, its keys in the order typed."""
    groups = busy.ask("delta --by cost-centre,nature,system --as-of 2026-02-28")["groups"]
    shape = {"cost_centre": "CC-1", "nature": TEXT, "system": "FRAUD", **FIGURES}
    for group in groups:
        fits(group, shape)
    assert [group["nature"] for group in groups] == ["debt", "neglect"]


def test_a_delta_before_anything_was_known(busy: Teller) -> None:
    """Position 0, and nothing in any figure."""
    found = busy.ask("delta --known-at 2020-01-01 --by system")
    fits(found, DELTA, position=0, known_at="2020-01-01T23:59:59.999999Z", groups=[], **dict.fromkeys(FIGURES, "0.00"))


def test_a_rollforward(busy: Teller) -> None:
    """Three rows, or three per combination; no quarter between two dates."""
    fits(busy.ask("rollforward 2026Q1"), ROLLFORWARD, quarter="2026Q1")
    found = busy.ask("rollforward --from 2026-01-01 --to 2026-03-31")
    fits(found, ROLLFORWARD, quarter=None)
    assert [row["nature"] for row in found["rows"]] == ["debt", "neglect", "total"]
    for row in found["rows"]:
        fits(row, {"nature": TEXT, **ROW})
    grouped = busy.ask("rollforward 2026Q1 --by cost-centre,system")["rows"]
    assert [row["nature"] for row in grouped] == ["debt", "neglect", "total"]
    for row in grouped:
        fits(row, {"nature": TEXT, "cost_centre": "CC-1", "system": "FRAUD", **ROW})
    assert busy.ask("rollforward 2026Q1 --by nature")["rows"] == found["rows"]


def test_a_register(busy: Teller) -> None:
    """Every open item; what is not known is null."""
    debt, adopted, unestimated = busy.ask("list")
    fits(debt, LISTED, nature="debt", status="open", outstanding="900.00")
    fits(adopted, LISTED, nature="debt", repay_by="2026Q4")
    fits(unestimated, LISTED, nature="neglect", status="unestimated", principal=None, outstanding="0.00", repay_by=None)


def test_a_register_shows_closed_items_on_demand(busy: Teller) -> None:
    """Only with `--status all`, or by the name of the status."""
    busy.do("repay FRAUD-1 --all", "write-off FRAUD-2 --because x", "reverse 6 --because x")
    assert busy.ask("list") == []
    statuses = {"repaid": "FRAUD-1", "written-off": "FRAUD-2", "reversed": "FRAUD-3"}
    assert {item["status"]: item["item"] for item in busy.ask("list --status all")} == statuses
    for status, item in statuses.items():
        assert [found["item"] for found in busy.ask(f"list --status {status}")] == [item]


@pytest.mark.parametrize(
    ("filters", "items"),
    [
        ("--system FRAUD", [1, 2, 3]),
        ("--system NEW", []),
        ("--nature neglect", [3]),
        ("--nature debt --as-of 2026-02-15", [1]),
        ("--dimension input", []),
        ("--category glue-code", [1, 2, 3]),
        ("--team red", [1, 2, 3]),
        ("--status unestimated", [3]),
        ("--status overdue --as-of 2027-01-01", [1, 2]),
        ("--grep GLU", [1]),
        ("--known-at 2026-07-14", []),
    ],
)
def test_a_register_is_filtered(busy: Teller, filters: str, items: list[int]) -> None:
    """Each filter by itself, and none that is ignored."""
    busy.do("system add NEW New --team red")
    assert [item["item"] for item in busy.ask(f"list {filters}")] == [f"FRAUD-{number}" for number in items]


def test_a_debt_that_is_lapsed_and_overdue_is_in_the_list_of_each(busy: Teller) -> None:
    """Its status says lapsed, the first that matches; what is listed as overdue adds up to the ageing's 'of which'."""
    busy.do(
        f"commission FRAUD T --category missing-tests --principal 50 {GATE} --until 2026-06-30 --on 2026-06-01",
        "repay FRAUD-1 --all --on 2026-07-01",
    )
    day = "--as-of 2027-01-01"
    listed = {late: busy.ask(f"list --status {late} {day}") for late in ("lapsed", "overdue")}
    assert [[row["item"] for row in rows] for rows in listed.values()] == [["FRAUD-4"], ["FRAUD-2", "FRAUD-4"]]
    aged, status = busy.ask(f"ageing {day}")["total"], busy.ask(f"status {day}")
    for late, rows in listed.items():
        owed = f"{sum(Decimal(row['outstanding']) for row in rows):.2f}"
        assert owed == aged[late] == status[late]["amount"]
        assert {row["status"] for row in rows if row["item"] == "FRAUD-4"} == {"lapsed"}


def test_an_ageing(busy: Teller) -> None:
    """Rows of systems that owe something, and their total."""
    busy.do(f"commission FRAUD T --category missing-tests --principal 50 {GATE} --until 2026-06-30 --on 2026-06-01")
    found = busy.ask("ageing")
    fits(found, {"as_of": DAY, "rows": list, "total": dict})
    (row,) = found["rows"]
    fits(row, {"system": "FRAUD", **AGES})
    fits(found["total"], AGES, **{"0-90": "50.00", "91-180": "1900.00", "total": "1950.00", "lapsed": "50.00"})


def test_what_is_lapsed_and_past_its_quarter_is_overdue_too(busy: Teller) -> None:
    """Each by its own definition, on its own day; the one word of the list says the first."""
    term = "--until 2026-06-30 --repay-by 2026Q2 --decided-by D --because B --benefit S"
    busy.do(f"commission FRAUD T --category missing-tests --principal 50 {term} --on 2026-06-01")
    before, after = (busy.ask(f"ageing --as-of {day}")["total"] for day in ("2026-06-30", "2026-07-01"))
    assert (before["lapsed"], before["overdue"]) == ("0.00", "0.00")
    assert (after["lapsed"], after["overdue"]) == ("50.00", "50.00")
    assert [item["status"] for item in busy.ask("list --as-of 2026-07-01") if item["principal"] == "50.00"] == [
        "lapsed"
    ]


def test_a_log(busy: Teller) -> None:
    """Every event with its data; of an item, of a system, of the book."""
    whole = busy.ask("log")
    for number, event in enumerate(whole, start=1):
        fits(event, LOGGED, position=number)
    assert [event["position"] for event in busy.ask("log FRAUD-2")] == [4, 5]
    assert [event["position"] for event in busy.ask("log fraud")] == [2]
    assert [event["position"] for event in busy.ask("log book")] == [1]
    assert [event["position"] for event in busy.ask("log --as-of 2025-12-31")] == [1, 2]


def test_a_verification(busy: Teller) -> None:
    """What is intact has no problems, and the head of the last receipt."""
    receipt = busy.ask("note FRAUD-1 seen")
    fits(busy.ask("verify"), {"ok": True, "events": receipt["position"], "head": receipt["hash"], "problems": []})


@pytest.mark.parametrize(("expected", "exit_code"), [("{hash}", 0), ("0" * 64, 3)])
def test_a_verification_against_a_hash_that_was_kept(busy: Teller, expected: str, exit_code: int) -> None:
    """Exit 3 for a book that is not the one of the receipt, with the problem in the output."""
    receipt = busy.ask("note FRAUD-1 seen")
    busy.do("note FRAUD-1 'seen again'")
    kept = expected.format(hash=receipt["hash"])
    reply = busy.type(f"verify --expect {receipt['position']}:{kept} --format json")
    assert (reply.exit_code, reply.json["ok"]) == (exit_code, exit_code == 0)
    for problem in reply.json["problems"]:
        fits(problem, PROBLEM, position=receipt["position"], expected=kept, found=receipt["hash"])
    assert bool(reply.json["problems"]) == (exit_code != 0)


CSV_COLUMNS = {
    "delta": [*FIGURES],
    "delta --by team,nature": ["team", "nature", *FIGURES],
    "rollforward 2026Q1": ["nature", *ROW],
    "rollforward 2026Q1 --by system": ["nature", "system", *ROW],
    "list": [*LISTED],
    "ageing": ["system", *AGES],
    "log": [*LOGGED],
    "verify": [*PROBLEM],
    "categories": ["dimension", "category", "definition", "source"],
    "system list": ["system", "name", "team", "cost_centre", "reads_from", "retired_on"],
}


@pytest.mark.parametrize(("line", "columns"), CSV_COLUMNS.items())
def test_csv_has_the_same_columns(busy: Teller, line: str, columns: list[str]) -> None:
    """A header always, the JSON's keys in their order, amounts without separators."""
    text = busy.do(f"{line} --format csv").out
    assert text.splitlines()[0].split(",") == columns
    assert text.endswith("\n")
    assert "\r" not in text


@pytest.mark.parametrize("line", [*CSV_COLUMNS, "show FRAUD-1", "system show FRAUD", "db check", "db rebuild"])
def test_every_question_has_its_three_forms(busy: Teller, line: str) -> None:
    """A table that people read, JSON that parses, CSV that has lines; nothing on standard error."""
    for form in ("table", "json", "csv"):
        reply = busy.do(f"{line} --format {form}")
        assert reply.out.strip()
        assert not reply.err
        # Nobody typed a control character: none of ours is shown as one either.
        assert "\ufffd" not in reply.out
    assert busy.do(f"{line} --format json").json is not None


def test_a_table_groups_thousands_and_ends_in_a_total(busy: Teller) -> None:
    """For people, with the currency in the title."""
    told = busy.do("delta --by system").out
    assert "EUR" in told.splitlines()[0]
    assert re.search(r"FRAUD +1,900\.00 +0\.00 +1,900\.00", told)
    assert re.search(r"total +1,900\.00 +0\.00 +1,900\.00", told)


def test_hostile_text_stays_text(teller: Teller) -> None:
    """A title that a spreadsheet would run is quoted in CSV and kept as it is in JSON; no escape reaches a terminal."""
    title = "=HYPERLINK(1)[red]\x1b[31m"
    teller.do(f"observe FRAUD '{title}' --category glue-code --cause untracked")
    assert teller.ask("list")[0]["title"] == title
    assert teller.do("list --format csv").csv[0]["title"] == f"'{title}"
    assert "\x1b" not in teller.do("list").out
    assert "[red]" in teller.do("list").out
