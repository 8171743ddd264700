"""The decision log and debts as decision records, as they are typed: `decisions`, `import adr`, `adr`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from markdown_it import MarkdownIt

from ledger.exporters.markdown_text import escaped
from tests.helpers.hostile_texts import HOSTILE
from tests.helpers.lines import GATE
from tests.helpers.teller import ADD_FRAUD, INIT, Teller, copied

COMMISSION = (
    "commission FRAUD 'One threshold *for* all | [x](y)' --category fixed-threshold --principal 12000 --interest 800/month "
    + GATE
)
STORY = (
    f"{COMMISSION} --on 2026-01-15 --adr 7",
    "repay FRAUD-1 5000 --spent 6200 --on 2026-03-01",
    "renew FRAUD-1 --until 2027-03-31 --repay-by 2027Q1 --decided-by 'the board' --because 'the fair' --on 2026-04-01",
    "observe FRAUD Bare --category untracked-input --cause untracked --principal 3000 --interest 6% --on 2026-02-10",
    "adopt FRAUD-2 --decided-by anna --because 'in time' --benefit 'three weeks' --repay-by 2026Q4 --on 2026-04-05",
    f"{COMMISSION} --on 2026-02-15",
    "repay FRAUD-3 --all --on 2026-05-01",
    f"{COMMISSION} --on 2026-02-16",
    "write-off FRAUD-4 --because gone --on 2026-05-01",
    f"{COMMISSION} --on 2026-02-17",
    "reverse 12 --because twice",
    "observe FRAUD Never --category untracked-input --cause untracked --principal 1 --on 2026-02-10",
)


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("told") / "ledger.db"
    teller = Teller(path)
    for line in (INIT, ADD_FRAUD, *STORY):
        teller.do(line)
    return path


@pytest.fixture
def teller(told: Path, tmp_path: Path) -> Teller:
    return Teller(copied(told, tmp_path / "ledger.db"))


@pytest.fixture
def written(teller: Teller, tmp_path: Path) -> Path:
    folder = tmp_path / "records"
    teller.do(f"adr --all {folder}")
    return folder


def test_the_records_of_all_debts_are_written_once(teller: Teller, written: Path) -> None:
    names = {path.name for path in written.iterdir()}
    assert names == {"index.md", *(f"FRAUD-{number}.md" for number in range(1, 6))}
    before = {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in written.iterdir()}
    assert "0 of 6 files written anew" in teller.do(f"adr --all {written}").out
    assert {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in written.iterdir()} == before
    assert teller.do(f"adr --check {written}").out.startswith("OK: 5 decision records")
    for number in range(1, 6):
        assert teller.do(f"adr FRAUD-{number}").out == (written / f"FRAUD-{number}.md").read_text()


def test_a_record_says_what_the_story_says(written: Path) -> None:
    first = (written / "FRAUD-1.md").read_text()
    for sentence in (
        "status: accepted\n",
        "repay-by: 2027Q1\nuntil: 2027-03-31\noutstanding: 7000.00 EUR\ninterest-per-year: 5600.00 EUR\n",
        r"# One threshold \*for\* all \| \[x\](y)",
        "* 2026-04-01: renewed by the board, to be repaid by 2027Q1, at the longest until 2027-03-31: the fair",
        "| 2026-03-01 | repaid | debt | -5000.00 | 7000.00 | 5600.00 |",
        "* Decision record: 7",
    ):
        assert sentence in first
    statuses = {path.stem: path.read_text().split("status: ")[1].split("\n")[0] for path in written.glob("FRAUD-*.md")}
    assert statuses == {
        "FRAUD-1": "accepted", "FRAUD-2": "accepted", "FRAUD-3": "superseded", "FRAUD-4": "deprecated", "FRAUD-5": "rejected",
    }  # fmt: skip


def altered(text: str) -> Iterator[str]:
    """The text with one character more at the end of one line, and without that line."""
    lines = text.splitlines(keepends=True)
    for place, line in enumerate(lines):
        if line.strip():
            yield "".join([*lines[:place], line.rstrip("\n") + "1\n", *lines[place + 1 :]])
            yield "".join([*lines[:place], *lines[place + 1 :]])


@pytest.mark.parametrize("name", ["FRAUD-1.md", "FRAUD-2.md", "index.md"])
def test_any_one_line_that_was_changed_is_found(teller: Teller, written: Path, name: str) -> None:
    file = written / name
    whole = file.read_text()
    for text in altered(whole):
        file.write_text(text)
        reply = teller.type(f"adr --check {written}")
        assert reply.exit_code == 3
        assert f"{file} differs in " in reply.err
    file.write_text(whole.replace("outstanding: 7000.00", "outstanding: 7000.01"))
    if name == "FRAUD-1.md":
        assert f"{file} differs in outstanding\n" in teller.type(f"adr --check {written}").err
        file.write_text(whole.replace("the fair", "a fair"))
        assert f"{file} differs in 'Decision Outcome'\n" in teller.type(f"adr --check {written}").err
    file.unlink()
    assert f"{file} is missing" in teller.type(f"adr --check {written}").err


def test_a_file_of_no_debt_is_found_and_line_ends_are_nobodys_words(teller: Teller, written: Path) -> None:
    record = written / "FRAUD-1.md"
    record.write_bytes(record.read_bytes().replace(b"\n", b"\r\n"))
    teller.do(f"adr --check {written}")
    (written / "FRAUD-9.md").write_text("x")
    assert "FRAUD-9.md is of no debt" in teller.type(f"adr --check {written}").err


def test_what_a_check_advises_can_be_followed(teller: Teller, written: Path, tmp_path: Path) -> None:
    """Whatever is in the folder: what it names to be moved is moved, the rest is written anew, and the check agrees."""
    (written / "FRAUD-1.md").write_text("# Mine\n")
    (written / "index.md").write_text("# Ours\n")
    (written / "FRAUD-2.md").unlink()
    (written / "FRAUD-3.md").write_text((written / "FRAUD-3.md").read_text() + "more\n")
    (written / "FRAUD-9.md").write_text("x")
    (written / "FRAUD-99.md").write_text((written / "FRAUD-3.md").read_text())
    reply = teller.type(f"adr --check {written}")
    assert reply.exit_code == 3
    away = re.findall(r"(\S+\.md) .*move it out of the folder", reply.err)
    assert {Path(name).name for name in away} == {"FRAUD-1.md", "index.md", "FRAUD-9.md", "FRAUD-99.md"}
    for name in away:
        Path(name).rename(tmp_path / f"moved-{Path(name).name}")
    (command,) = re.findall(r"`debt (adr --all [^`]+)`", reply.err)
    teller.do(command, f"adr --check {written}")


@pytest.mark.parametrize(
    "days", ["--as-of 2026-03-15", "--known-at 2026-07-15T12:00:09Z", "--as-of 2026-02-16 --known-at 2026-07-15", ""]
)
def test_what_a_check_of_a_day_advises_is_of_that_day(teller: Teller, tmp_path: Path, days: str) -> None:
    folder = tmp_path / "of a day"
    teller.do(f"adr --all '{folder}' {days}")
    record = folder / "FRAUD-1.md"
    record.write_text(record.read_text() + "more\n")
    (command,) = re.findall(r"`debt (adr --all [^`]+)`", teller.type(f"adr --check '{folder}' {days}").err)
    teller.do(command, f"adr --check '{folder}' {days}")


def test_of_what_is_of_no_debt_nothing_is_written_anew(teller: Teller, written: Path) -> None:
    """Only to move it away helps."""
    (written / "FRAUD-9.md").write_text((written / "FRAUD-1.md").read_text())
    reply = teller.type(f"adr --check {written}")
    assert reply.exit_code == 3
    assert ("move it out of the folder" in reply.err, "adr --all" in reply.err) == (True, False)


def test_what_was_written_by_hand_is_not_replaced(teller: Teller, tmp_path: Path) -> None:
    (tmp_path / "FRAUD-2.md").write_text("# Mine\n")
    reply = teller.type(f"adr --all {tmp_path}")
    assert reply.exit_code == 1
    assert "is there already, and `debt adr` did not write it. Nothing was recorded. Name another folder." in reply.err
    assert not (tmp_path / "FRAUD-1.md").exists()


def test_what_was_written_and_is_read_ties_to_the_same_items(teller: Teller, written: Path) -> None:
    report = teller.ask(f"import adr {written} --system FRAUD")
    assert report["recorded"] == {"decision-logged/1": 5, "import-run/1": 1}
    assert [each["place"] for each in report["no_records"]] == ["index.md"]
    register = {row["item"]: row for row in teller.ask("list --status all")}
    logged = teller.ask("decisions")
    assert {record["id"]: record["items"] for record in logged} == {f"FRAUD-{n}": [f"FRAUD-{n}"] for n in range(1, 6)}
    for record in logged:
        item = register[record["id"]]
        assert record["title"] == item["title"]
        assert [record[name] for name in ("outstanding", "interest_per_year")] == [
            item[name] for name in ("outstanding", "interest_per_year")
        ]
    # Neglect of FRAUD-2 is older than its adoption, and its interest until then was nobody's decision.
    since = {record["id"]: record["interest_since"] for record in logged}
    assert since["FRAUD-1"] == register["FRAUD-1"]["interest_incurred"]
    before = {row["item"]: row for row in teller.ask("list --status all --as-of 2026-04-05")}["FRAUD-2"]
    assert float(since["FRAUD-2"]) == pytest.approx(
        float(register["FRAUD-2"]["interest_incurred"]) - float(before["interest_incurred"])
    )
    standing = {debt["item"]: debt["interest_since"] for debt in teller.ask("accepted")["debts"]}
    assert "FRAUD-2" in standing
    assert {item: since[item] for item in standing} == standing
    assert teller.ask(f"import adr {written} --system FRAUD")["recorded"] == {}


def test_a_record_is_found_by_the_number_that_an_item_names(teller: Teller, tmp_path: Path) -> None:
    folder = tmp_path / "adr"
    folder.mkdir()
    (folder / "0007-use-one-threshold.md").write_text("# 7. Use one\n\nDate: 2026-01-15\n\n## Status\n\nAccepted\n")
    reply = teller.do(f"import adr {folder} --system FRAUD")
    assert reply.out.startswith(
        "1 decision record read into the log FRAUD: recorded 1 decision-logged/1, 1 import-run/1 as adr-1; 0 unchanged"
    )
    (record,) = teller.ask("decisions")
    assert record["items"] == ["FRAUD-1"]
    (row,) = teller.do("decisions --format csv").csv
    assert (row["status"], row["items"], row["outstanding"]) == ("accepted", "FRAUD-1", "7000.00")
    assert teller.ask("decisions --as-of 2026-01-14") == []
    assert teller.ask("decisions --known-at 2026-01-14") == []
    assert "`debt import adr FOLDER" in teller.do("decisions --as-of 2026-01-14").err


def test_the_documentation_names_every_key(teller: Teller, written: Path) -> None:
    page = (Path(__file__).parents[3] / "docs" / "decision-log.md").read_text(encoding="utf-8")
    shapes = {
        command: set(re.findall(r'"([a-z_0-9]+)"', shape))
        for command, shape in re.findall(r"^\| `(.+)` \| `(.+)` \|$", page, re.M)
    }
    assert keys(teller.ask(f"import adr {written} --system FRAUD")) <= shapes["import adr"]
    assert keys(teller.ask("decisions")) <= shapes["decisions"]
    assert keys(teller.ask("accepted")) == shapes["accepted"]


def keys(value: Any) -> set[str]:
    """The names of all members, however deep; those that are stored names apart."""
    if isinstance(value, dict):
        return {name for name in value if "/" not in name}.union(*map(keys, value.values()))
    return set().union(*map(keys, value)) if isinstance(value, list) else set()


def test_what_was_read_of_records_is_imported_to_the_journal_tests(teller: Teller, written: Path) -> None:
    before = teller.ask("audit-report")["population"]["imported"]
    teller.do(f"import adr {written} --system FRAUD")
    assert teller.ask("audit-report")["population"]["imported"] == before + 6


@pytest.mark.parametrize(
    ("line", "code", "said"),
    [
        ("adr", 2, "Give ITEM, --all DIR or --check DIR."),
        ("adr FRAUD-1 --all x", 2, "not ITEM and --all"),
        ("adr FRAUD-99", 1, "There is no item FRAUD-99"),
        ("adr FRAUD-6", 1, "FRAUD-6 is neglect: nobody decided on it"),
        ("adr --check nowhere", 2, "There is no folder nowhere: `debt adr --all nowhere` writes one."),
    ],
)
def test_what_is_refused_says_what_to_type(teller: Teller, line: str, code: int, said: str) -> None:
    reply = teller.type(line)
    assert reply.exit_code == code
    assert said in reply.err


@pytest.mark.parametrize(
    "text",
    [*HOSTILE, "1. first", "- item", "# x #", "a * b * c", "<b>x</b>", "[x](y)", "&amp; a|b", "`code`", "\\", "~~a~~"],
)
def test_what_people_wrote_marks_up_nothing(text: str) -> None:
    """CommonMark shows the very characters, in a heading and in a line of its own."""
    shown = " ".join(text.split())
    if any(not character.isprintable() for character in shown) or not shown:
        assert "\n" not in escaped(text)
        return
    for before in ("", "# ", "* Why: "):
        tokens = MarkdownIt("commonmark").enable(["strikethrough", "table"]).parse(f"{before}{escaped(text)}\n")
        (inline,) = [token for token in tokens if token.type == "inline"]
        children = inline.children or []
        assert {child.type for child in children} <= {"text", "text_special"}
        assert "".join(child.content for child in children) == (before.strip("#* ") + " " + shown).strip()
