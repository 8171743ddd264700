"""A spreadsheet of commands gives the books that the commands typed one by one give, and counts once."""

from __future__ import annotations

import csv
import io
import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.cli import cli
from ledger.importers.command_rows import AGAIN, DO, NAMED, ROW_COMMANDS, column_names, fields_of, read_command_rows
from ledger.vocabulary.errors import Unreadable
from ledger.vocabulary.money import Currency
from tests.helpers.command_tree import leaves
from tests.helpers.teller import Teller, copied

#: What is said of recording it, not of what happened.
OF_RECORDING = {"key", "again", "quiet", "dry_run", "form", "file", "strict", "encoding", "everything"}
COMMISSION = """commission FRAUD Jungle --category glue-code --principal 15d --interest 10% --decided-by lead --because launch
    --benefit 'three weeks' --repay-by 2027Q2 --on 2026-07-02"""
OBSERVE = """observe FRAUD 'No owner; of the feed' --category untracked-input --cause untracked --principal 4500.50
    --evidence T-9 --on 2026-07-03"""
LINES = (
    COMMISSION,
    OBSERVE,
    "observe FRAUD Unestimated --category untracked-input --cause untracked --on 2026-07-03",
    "repay FRAUD-1 5d --spent 6d --on 2026-07-10",
    "adopt FRAUD-2 --decided-by lead --because ship --benefit 'a month' --repay-by 2026Q4 --on 2026-07-11",
    "revise FRAUD-1 --interest 800/month --because 'incident 3' --on 2026-07-12",
    "renew FRAUD-2 --repay-by 2027Q1 --decided-by head --because later --on 2026-07-13",
    "plan FRAUD-2 2026Q4 --on 2026-07-13",
    "note FRAUD-3 'Seen again' --on 2026-07-13",
    "revise FRAUD-3 --principal 900 --because measured --on 2026-07-13",
    "repay FRAUD-2 --all --unmeasured --on 2026-07-14",
    "write-off FRAUD-3 --because 'the system goes' --on 2026-07-14",
)
OF_THE_CHAIN = {"position", "known_at", "event_id", "recorded_at", "hash", "stream_version"}
QUESTIONS = ("list --status all", "delta", "rollforward 2026Q3", "ageing", "show FRAUD-1", "show FRAUD-2")


@pytest.fixture
def priced(teller: Teller) -> Teller:
    teller.do("rate set 800 --from 2026-01-01")
    return teller


def row_of(line: str) -> dict[str, str]:
    """A typed line as a row: its words by the names that the command itself gives them."""
    word, *words = shlex.split(line)
    command = cli.get_command(click.Context(cli), word)
    assert command is not None
    values, _, order = command.make_parser(click.Context(command)).parse_args(words)
    said = {str(param.name): values[str(param.name)] for param in order}
    if said.pop("everything", None):
        said["amount"] = "all"
    return {DO: word} | {name.replace("_", "-"): "yes" if value is True else str(value) for name, value in said.items()}


def rows_of(lines: Sequence[str]) -> list[dict[str, str]]:
    """Typed lines as rows of one file: what it opens has a name of the file's, and its rows say that."""
    rows, opened = [], 0
    for row in map(row_of, lines):
        if row[DO] in ("commission", "observe"):
            opened += 1
            row[NAMED] = f"item {opened}"
        elif "item" in row:
            row["item"] = row["item"].replace("FRAUD-", "item ")
        rows.append(row)
    return rows


def table(path: Path, rows: list[dict[str, str]]) -> Path:
    written = io.StringIO()
    writer = csv.DictWriter(written, column_names())
    writer.writeheader()
    writer.writerows(rows)
    path.write_text(written.getvalue(), encoding="utf-8")
    return path


def answers(teller: Teller) -> list[object]:
    """What the books say, but for positions, hashes and times."""
    return [_told(teller.ask(question)) for question in QUESTIONS]


def _told(found: Any) -> Any:
    if isinstance(found, list):
        return [_told(each) for each in found]
    if isinstance(found, dict):
        return {name: _told(value) for name, value in found.items() if name not in OF_THE_CHAIN}
    return found


@pytest.mark.parametrize("word", ROW_COMMANDS)
def test_a_row_can_say_what_the_command_line_can(word: str) -> None:
    """An option that a command is given is a column from that day on."""
    options = {str(each.name) for each in dict(leaves())[word,].params}
    assert options - OF_RECORDING == set(fields_of(ROW_COMMANDS[word]))


def test_rows_give_the_books_that_typed_lines_give(priced: Teller, tmp_path: Path) -> None:
    typed = Teller(copied(priced.path, tmp_path / "typed.db"), clock=priced.clock)
    typed.do(*LINES)
    path = table(tmp_path / "debts.csv", rows_of(LINES))
    read = priced.do(f"import csv {path} --format json").json
    assert (read["read"], read["unchanged"], read["refused"]) == (len(LINES), 0, [])
    assert answers(priced) == answers(typed)
    assert priced.do("verify --decide").exit_code == 0


def test_one_run_that_counts_once_and_can_be_undone(priced: Teller, tmp_path: Path) -> None:
    path = table(tmp_path / "debts.csv", rows_of(LINES[:4]))
    dry = priced.do(f"import csv {path} --dry-run --format json").json
    assert priced.ask("sources") == []
    done = priced.do(f"import csv {path} --format json").json
    assert dry == done | {"run": None, "dry_run": True}
    counts = priced.counts
    again = priced.do(f"import csv {path} --format json").json
    assert (again["recorded"], again["unchanged"], priced.counts) == ({}, 4, counts)
    (run,) = priced.ask("sources")
    assert [run[name] for name in ("run", "system", "events", "finished", "undone")] == [
        "csv-1",
        "FRAUD",
        5,
        True,
        False,
    ]
    priced.do("import --undo csv-1 --yes")
    assert [item["status"] for item in priced.ask("list --status all")] == ["reversed"] * 3
    assert priced.ask("delta")["delta"] == "0.00"
    third = priced.do(f"import csv {path} --format json").json
    assert (third["run"], third["unchanged"], third["refused"]) == ("csv-2", 0, [])
    statuses = [item["status"] for item in priced.ask("list --status all")]
    assert statuses == ["reversed"] * 3 + ["open", "open", "unestimated"]
    assert priced.ask("list")[0]["outstanding"] == "8000.00"


@pytest.mark.parametrize("cut", [1, 5, 11])
def test_a_file_in_two_gives_the_same(priced: Teller, tmp_path: Path, cut: int) -> None:
    """And a file that grew records what is new."""
    whole = Teller(copied(priced.path, tmp_path / "whole.db"), clock=priced.clock)
    rows = rows_of(LINES)
    path = table(tmp_path / "debts.csv", rows)
    whole.do(f"import csv {path}")
    table(path, rows[:cut])
    priced.do(f"import csv {path}")
    table(path, rows)
    assert priced.do(f"import csv {path} --format json").json["unchanged"] == cut
    assert answers(priced) == answers(whole)


def test_a_row_that_stands_twice_happened_twice(priced: Teller, tmp_path: Path) -> None:
    rows = rows_of([LINES[0], *["repay FRAUD-1 1d --on 2026-07-10"] * 2])
    path = table(tmp_path / "debts.csv", rows)
    priced.do(f"import csv {path}")
    assert priced.ask("list")[0]["outstanding"] == "10400.00"
    assert "Recorded by an earlier run: 3 rows." in priced.do(f"import csv {path}").err
    table(path, [*rows, rows[-1]])
    priced.do(f"import csv {path}")
    assert priced.ask("list")[0]["outstanding"] == "9600.00"


@pytest.mark.parametrize("refused", [0, 1])
def test_a_row_that_is_refused_moves_no_other_rows_work(priced: Teller, tmp_path: Path, refused: int) -> None:
    """Numbers shift when an opening is refused, names do not; mended, the file gives what it would have given at once."""
    lines = [LINES[0].replace("Jungle", name) for name in ("First", "Second")]
    rows = rows_of([*lines, "repay FRAUD-1 2000", "repay FRAUD-2 3000"])
    whole = Teller(copied(priced.path, tmp_path / "whole.db"), clock=priced.clock)
    whole.do(f"import csv {table(tmp_path / 'whole.csv', rows)}")
    bad = [row | {"principal": "12,000,0"} if number == refused else row for number, row in enumerate(rows)]
    reply = priced.type(f"import csv {table(tmp_path / 'debts.csv', bad)} --format json").json
    assert [row["place"].rpartition(" ")[2] for row in reply["refused"]] == [str(refused + 2), str(refused + 4)]
    assert f"The row that opens 'item {refused + 1}' is not recorded" in reply["refused"][1]["reason"]
    priced.do(f"import csv {table(tmp_path / 'debts.csv', rows)}")
    owed = [{item["title"]: item["outstanding"] for item in each.ask("list")} for each in (priced, whole)]
    assert owed[0] == owed[1] == {"First": "10000.00", "Second": "9000.00"}


def test_what_an_undo_left_is_known(priced: Teller, tmp_path: Path) -> None:
    """A person worked on it since: it stands, and is not taken on once more."""
    path = table(tmp_path / "debts.csv", rows_of(LINES[:2]))
    priced.do(f"import csv {path}", "repay FRAUD-1 5 --on 2026-07-10", "import --undo csv-1 --yes")
    again = priced.do(f"import csv {path} --format json").json
    assert (again["unchanged"], again["recorded"]) == (1, {"neglect-observed/1": 1, "import-run/1": 1})
    assert [(item["item"], item["outstanding"]) for item in priced.ask("list")] == [
        ("FRAUD-1", "11995.00"),
        ("FRAUD-3", "4500.50"),
    ]


def test_what_was_typed_by_hand_is_no_row_of_a_file(priced: Teller, tmp_path: Path) -> None:
    """As it is no second typed line: unless the row says that it happened once more."""
    priced.do(LINES[0], "repay FRAUD-1 1000 --on 2026-07-10")
    row = row_of("repay FRAUD-1 1000 --on 2026-07-10")
    path = table(tmp_path / "debts.csv", [row])
    reply = priced.type(f"import csv {path}")
    assert (reply.exit_code, priced.ask("sources")) == (1, [])
    assert (
        "The same was recorded before, at position 5. If it happened once more, write yes in the column 'again'."
        in reply.err
    )
    priced.do(f"import csv {table(path, [row | {AGAIN: 'yes'}])}")
    assert priced.ask("list")[0]["outstanding"] == "10000.00"


def test_a_row_that_was_reversed_by_hand_is_told(priced: Teller, tmp_path: Path) -> None:
    path = table(tmp_path / "debts.csv", rows_of(LINES[:2]))
    priced.do(f"import csv {path}", "reverse 5 --because wrong")
    reply = priced.do(f"import csv {path}")
    assert f"Of them reversed since, and not in the books: {path}, line 3." in reply.err
    assert len(priced.ask("list")) == 1


def test_a_run_of_two_systems_is_of_neither(priced: Teller, tmp_path: Path) -> None:
    priced.do("system add SCORE Scoring --team blue")
    rows = [row_of(LINES[1]), row_of(LINES[1]) | {"system": "SCORE"}]
    priced.do(f"import csv {table(tmp_path / 'debts.csv', rows)}")
    assert priced.ask("sources")[0]["system"] == ""
    priced.do("import --undo csv-1 --yes", "verify --decide")
    assert {item["status"] for item in priced.ask("list --status all")} == {"reversed"}


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"do": "pay"}, "'pay' in the column do is nothing that a row can do"),
        ({"do": ""}, "'' in the column do is nothing that a row can do"),
        ({"benefit": "much"}, "takes no benefit: empty the cell"),
        ({"amount": ""}, "needs amount. Write 'all' for all that is left."),
        ({"item": ""}, "needs item."),
        ({"amount": "five"}, "'five' is neither an amount nor an effort"),
        ({"amount": "-5"}, "`debt reverse` undoes an entry"),
        ({"amount": "500d"}, "Cannot repay"),
        ({"item": "FRAUD-9"}, "There is no item FRAUD-9"),
        ({"item": "FRAUD-1"}, "FRAUD-1 is opened by this file"),
        ({"item": "item 9"}, "'item 9' is not an item"),
        ({"as": "payment"}, "opens nothing that could be called 'payment'"),
        ({"on": "10.7.2026"}, "'10.7.2026' in the column on is not a date"),
        ({"on": "2027-01-01"}, "2027-01-01"),
        ({"unmeasured": "perhaps"}, "'perhaps' in the column unmeasured is neither yes nor no"),
    ],
)
def test_a_bad_row_is_told_and_the_others_count(
    priced: Teller, tmp_path: Path, changed: dict[str, str], told: str
) -> None:
    opening, repayment, note = rows_of([LINES[0], LINES[3], "note FRAUD-1 Fine"])
    rows = [opening, repayment | changed, note]
    path, counts = table(tmp_path / "debts.csv", rows), priced.counts
    strict = priced.type(f"import csv {path} --strict")
    assert (strict.exit_code, priced.counts) == (1, counts)
    assert told in strict.err
    assert "line 3" in strict.err
    reply = priced.type(f"import csv {path} --rejects {tmp_path / 'bad.csv'} --format json")
    assert reply.exit_code == 1
    assert reply.json["recorded"] == {"debt-commissioned/1": 1, "note-added/1": 1, "import-run/1": 1}
    (bad,) = reply.json["refused"]
    assert told in bad["reason"]
    assert bad["place"].endswith("line 3")
    assert told in (tmp_path / "bad.csv").read_text()


@pytest.mark.parametrize(
    ("header", "told"),
    [
        ("item,amount", "has no column 'do'"),
        ("do,item,amout", "has a column 'amout', which no command knows. Did you mean 'amount'?"),
        ("do,item,item", "has the column 'item' twice"),
        ("", "has no column 'do'"),
    ],
)
def test_a_file_that_is_no_table_of_commands_is_refused(priced: Teller, tmp_path: Path, header: str, told: str) -> None:
    (tmp_path / "debts.csv").write_text(f"{header}\nrepay,FRAUD-1,5\n")
    reply = priced.type(f"import csv {tmp_path / 'debts.csv'}")
    assert (reply.exit_code, priced.ask("sources")) == (2, [])
    assert told in reply.err


def test_the_template_is_a_file_that_can_be_filled_in(priced: Teller, tmp_path: Path) -> None:
    template = priced.do("import csv --template").out
    assert template.strip().split(",") == column_names()
    path = tmp_path / "debts.csv"
    path.write_text(template)
    assert priced.do(f"import csv {path} --format json").json["recorded"] == {}


@given(st.data())
def test_hostile_cells_are_refused_or_kept(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    """Any text in any cell: a row that is read, or a bad one; never anything else."""
    cells = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\n"), max_size=12)
    row = {name: data.draw(cells | st.sampled_from([*ROW_COMMANDS, "all", "FRAUD", "1d"])) for name in column_names()}
    path = table(tmp_path_factory.mktemp("rows") / "debts.csv", [row])
    try:
        found = read_command_rows(path, Currency("EUR", 2))
    except Unreadable:
        return
    assert len(found.rows) + len(found.bad) <= 1
