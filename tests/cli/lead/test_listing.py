"""`list` and `search`: each filter by its definition, every order, the columns that were asked for, and what was said."""

from __future__ import annotations

import shlex
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from ledger.cli.lead.register import ITEM_AMOUNTS, ITEM_COLUMNS
from tests.helpers.teller import ADD_FRAUD, INIT, NOON, Clock, Teller, copied
from tests.helpers.terminals import on_a_terminal

GATE = "--category glue-code --decided-by Ada --because 'launch' --benefit 'two months'"
LINES = (
    INIT,
    ADD_FRAUD,
    "system add CHURN Churn --team blue",
    f"commission FRAUD 'Straße A' --principal 1000 --interest 10/year {GATE} --repay-by 2026Q1 --on 2025-02-01",
    f"commission FRAUD 'b: lapsed' --principal 900 --interest 30/year {GATE} --repay-by 2027Q4 --until 2026-05-31 --on 2025-10-01",
    f"commission CHURN Due --principal 5000 --interest 20/year {GATE} --repay-by 2026Q4 --on 2026-01-05 --evidence JIRA-77",
    f"commission CHURN 'Far off' --principal 7000 {GATE} --repay-by 2027Q1 --on 2026-01-05",
    "observe CHURN Found --category untracked-input --cause untracked --on 2026-06-01",
    f"commission FRAUD Until --principal 600 {GATE} --repay-by 2027Q3 --until 2026-12-31 --on 2026-02-01",
    f"commission FRAUD Gone --principal 800 {GATE} --repay-by 2026Q1 --on 2026-02-02",
    "repay FRAUD-4 --all --on 2026-03-01",
    "plan CHURN-2 2026Q4",
    "assign CHURN-1 ada",
    "tag CHURN-1 +feeds",
    "note FRAUD-2 'Zürich said: \"100 % of_it\" \\ and more'",
    "link FRAUD-2 https://taken.example/back",
    "undo FRAUD-2 --yes",
    "link FRAUD-1 https://tracker.example/9",
)


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("listing") / "ledger.db"
    Teller(path, Clock(NOON)).do(*LINES)
    return path


@pytest.fixture
def told(book: Path, tmp_path: Path) -> Teller:
    return Teller(copied(book, tmp_path / "ledger.db"))


def items(told: Teller, line: str) -> list[str]:
    return [row["item"] for row in told.ask(line)]


@pytest.mark.parametrize(
    ("options", "wanted"),
    {
        # To the end of 2026Q4, the quarter after that of 2026-07-15.
        "--due": ["CHURN-1", "FRAUD-1", "FRAUD-2", "FRAUD-3"],
        "--due --as-of 2026-03-31": ["FRAUD-1", "FRAUD-2"],
        "--planned": ["CHURN-2"],
        "--overdue": ["FRAUD-1"],
        "--overdue --due": ["FRAUD-1"],
        "--overdue --status all": ["FRAUD-1"],
        "--planned --team red": [],
        "--mine": ["CHURN-1"],
        "--due --tag feeds": ["CHURN-1"],
    }.items(),
)
def test_a_filter_keeps_what_it_says(told: Teller, options: str, wanted: list[str]) -> None:
    assert items(told, f"list {options}") == wanted


def test_due_is_what_the_command_due_lists(told: Teller) -> None:
    for day in ("2026-01-31", "2026-07-15", "2027-02-01"):
        assert sorted(items(told, f"list --due --as-of {day}")) == sorted(items(told, f"due --as-of {day}"))


@pytest.mark.parametrize("column", ITEM_COLUMNS)
@pytest.mark.parametrize("turned", ["", "-"])
def test_every_column_puts_in_order_and_what_has_none_comes_last(told: Teller, column: str, turned: str) -> None:
    rows = told.ask(f"list --status all --sort={turned}{column.replace('_', '-')}")
    values: list[Any] = [row[column] for row in rows]
    having = [value for value in values if value not in (None, [])]
    assert values[: len(having)] == having
    keys = [float(value) if column in ITEM_AMOUNTS else _folded(value) for value in having]
    largest_first = column in (*ITEM_AMOUNTS, "age_days")
    assert all(one >= other if largest_first != bool(turned) else one <= other for one, other in pairwise(keys))
    assert sorted(row["item"] for row in rows) == sorted(items(told, "list --status all"))


def _folded(value: Any) -> Any:
    return value.casefold() if isinstance(value, str) else value


def test_the_first_of_them_and_how_many_more(told: Teller) -> None:
    reply = told.do("list --sort outstanding --limit 2 --format csv")
    assert [row["item"] for row in reply.csv] == ["CHURN-2", "CHURN-1"]
    assert reply.err == "Not shown: 4 items more.\n"
    assert told.do("list --limit 6").err == ""


@pytest.mark.parametrize("form", ["json", "csv"])
def test_the_columns_that_are_asked_for_and_no_other(told: Teller, form: str) -> None:
    reply = told.do(f"list --columns status,item,Age-Days,status --format {form}")
    rows = reply.json if form == "json" else reply.csv
    assert {tuple(row) for row in rows} == {("status", "item", "age_days")}


def test_no_column_that_was_asked_for_leaves_a_narrow_terminal(told: Teller) -> None:
    words = ["--database", f"sqlite:///{told.path}", "list", "--columns", ",".join(ITEM_COLUMNS)]
    from ledger.cli.kit.edge import Edge
    from tests.helpers.teller import new_id

    said = on_a_terminal(words, Edge(told.clock, new_id), 60)
    assert "Not shown" not in said
    for row in told.ask("list"):
        assert row["item"] in said
        assert f"{float(row['interest_incurred']):,.2f}" in said


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("list --columns item,outstnding", "There is no column 'outstnding'. Did you mean outstanding?"),
        ("list --sort size", "There is no column 'size'. There are item, system"),
        ("list --limit 0", "0 is not in the range"),
        ("list --columns ''", "There is no column ''."),
    ],
)
def test_what_cannot_be_read(told: Teller, line: str, said: str) -> None:
    reply = told.type(line)
    assert (reply.exit_code, said in reply.err) == (2, True), reply.err


SEARCHES = {
    "strasse": ["FRAUD-1"],
    "STRASSE a": ["FRAUD-1"],
    "launch": ["CHURN-1", "CHURN-2", "FRAUD-1", "FRAUD-2", "FRAUD-3"],
    "launch feeds": ["CHURN-1"],
    "'two months' lapsed": ["FRAUD-2"],
    "'months two'": [],
    "months two": ["CHURN-1", "CHURN-2", "FRAUD-1", "FRAUD-2", "FRAUD-3"],
    "jira-77": ["CHURN-1"],
    "zu\u0308rich": ["FRAUD-2"],
    "'100 % of_it'": ["FRAUD-2"],
    "'100%'": [],
    "of.it": [],
    "'\"100'": ["FRAUD-2"],
    "'\\ and'": ["FRAUD-2"],
    "taken.example": [],
    "tracker.example": ["FRAUD-1"],
    "gone": [],
    "gone --status all": ["FRAUD-4"],
    "launch --limit 1": ["CHURN-1"],
    "feeds --as-of 2026-07-14": [],
    "feeds --known-at 2026-07-14": [],
    "glue-code": [],
    "neglect-observed": [],
}


@pytest.mark.parametrize("words", SEARCHES)
def test_what_was_said_is_found(told: Teller, words: str) -> None:
    assert items(told, f"search {words}") == SEARCHES[words]


def test_a_search_answers_in_the_shape_of_list(told: Teller) -> None:
    listed = {row["item"]: row for row in told.ask("list")}
    assert told.ask("search launch") == [listed[item] for item in SEARCHES["launch"]]
    assert told.do("search launch --format csv").out.splitlines()[0].split(",") == list(ITEM_COLUMNS)


def test_a_person_sees_where_it_was_said(told: Teller) -> None:
    assert "note: Zürich said" in told.do("search zürich").out
    reply = told.do("search nowhere")
    assert (reply.out, "Nothing was said of that." in reply.err) == ("", True)
    assert len(shlex.split(reply.err)) > 3
