"""--dry-run: every command that records says before what its receipt will say, and leaves nothing."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import click
import pytest

from ledger.cli.kit.recording import RECEIPT_COLUMNS
from tests.cli.kit.test_terminal import STORY, path_of, words_of
from tests.helpers.command_tree import leaves
from tests.helpers.lines import GATE
from tests.helpers.teller import ADD_FRAUD, INIT, NOON, Clock, Reply, Teller

#: Known only once it is recorded.
_LATER = ("event_id", "recorded_at", "hash")

#: What has no --dry-run of this kind, and why.
OTHERWISE = {
    ("init",): "there is no book yet in which to try",
    ("checkpoint",): "without --sign it records nothing",
    ("datasheet",): "shows what would be until it is told --yes",
}


def options(command: click.Command) -> dict[str, click.Parameter]:
    return {parameter.name or "": parameter for parameter in command.params}


def content(path: Path) -> str:
    with closing(sqlite3.connect(path)) as connection:
        return "\n".join(connection.iterdump())


def listed(reply: Reply) -> list[dict[str, Any]]:
    return reply.json if isinstance(reply.json, list) else [reply.json]


def tried(line: str) -> bool:
    found = options(dict(leaves())[path_of(line)]).get("dry_run")
    return found is not None and not found.expose_value


@pytest.fixture
def teller(tmp_path: Path) -> Teller:
    teller = Teller(tmp_path / "ledger.db")
    teller.do(INIT, ADD_FRAUD)
    return teller


def test_every_command_that_records_can_be_tried() -> None:
    recording = {
        path: options(command).get("dry_run")
        for path, command in leaves()
        if {"key", "again", "evidence"} <= options(command).keys()
    }
    assert {path for path, option in recording.items() if option is None} == OTHERWISE.keys()
    own = {path for path, option in recording.items() if option is not None and option.expose_value}
    # What measures without recording, and what examines before it seals.
    assert {path[0] for path in own} == {"measure", "robustness", "close"}
    assert {path_of(line) for line in STORY if tried(line)} == recording.keys() - own - OTHERWISE.keys()


def test_a_story_is_tried_line_by_line_before_it_is_told(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    Teller(path, Clock(NOON.replace(year=2025, month=1, day=1))).do(INIT)
    teller = Teller(path)
    for line in STORY:
        words = [*words_of(line, "what was said"), "--format", "json"]
        if not tried(line):
            teller.type_words(words)
            continue
        before = content(path)
        would = teller.type_words([*words, "--dry-run"])
        assert would.exit_code == 0, (line, would.err)
        assert content(path) == before, line
        told = teller.type_words(words)
        assert told.exit_code == 0, (line, told.err)
        for shown, recorded in zip(listed(would), listed(told), strict=True):
            assert shown.pop("dry_run") is True
            assert sum(round(100 * float(leg["amount"])) for leg in shown.pop("postings")) == 0
            assert shown == recorded | dict.fromkeys(_LATER)


def test_a_person_sees_the_accounts_and_no_position_to_take_back(teller: Teller) -> None:
    teller.do(f"commission FRAUD S --category glue-code --principal 1000 --interest 100/year {GATE}")
    reply = teller.do("repay FRAUD-1 500 --spent 400 --dry-run")
    assert reply.err == "Nothing was recorded: this is what would be.\n"
    assert reply.out.splitlines()[-4:] == [
        "  left: EUR 500.00, interest EUR 50.00 a year",
        "  debit   liabilities:debt:system     EUR 500.00  interest by EUR -50.00 a year",
        "  credit  expenses:estimate-variance  EUR 100.00",
        "  credit  assets:capacity             EUR 400.00",
    ]


def test_quietly_the_item_alone_is_printed_or_a_position(teller: Teller) -> None:
    line = f"commission FRAUD S --category glue-code --principal 1000 --interest 100/year {GATE}"
    assert teller.do(f"{line} --dry-run -q").out == "FRAUD-1\n"
    assert teller.do(f"{line} --quiet").out == "FRAUD-1\n"
    assert teller.do("budget set 2026Q3 900 --team red -q").out == "4\n"
    assert teller.do("repay FRAUD-1 --all -q --format json").json["position"] == 5


def test_what_is_refused_is_refused_when_tried(teller: Teller) -> None:
    told, tried_out = (teller.type(f"note FRAUD-7 hello {more}") for more in ("", "--dry-run"))
    assert (told.exit_code, told.err) == (tried_out.exit_code, tried_out.err)
    assert told.exit_code != 0


def test_csv_has_the_columns_of_a_receipt(teller: Teller) -> None:
    (row,) = teller.do("rate set 800 --from 2026-01-01 --dry-run --format csv").csv
    assert (tuple(row), row["hash"], row["stored_as"]) == (RECEIPT_COLUMNS, "", "day-rate-set/1")


def test_what_is_undone_is_not_asked_about_when_tried(teller: Teller) -> None:
    teller.do(f"commission FRAUD S --category glue-code --principal 1000 --interest 100/year {GATE}")
    before = content(teller.path)
    assert "event reversed" in teller.do("undo --dry-run").out
    assert content(teller.path) == before
