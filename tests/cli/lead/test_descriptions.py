"""Titles, tags, links and assignees: what is known of an item on a day is called as it was called on that day."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from openpyxl import load_workbook
from sqlalchemy.event import listens_for

from ledger.proof import verify_bundle
from ledger.queries.reader import reader_in
from ledger.queries.register.remarks import remarks
from ledger.store.engine import open_engine, reading
from tests.helpers.command_tree import leaves
from tests.helpers.lines import GATE
from tests.helpers.teller import ADD_FRAUD, INIT, Teller

OLD, NEW, WRONG = "One threshold", "Thresholds per merchant", "Entered for another item"
BEFORE, AFTER = "2026-05-10", "2026-06-30"
LINES = (
    INIT,
    ADD_FRAUD,
    f"commission FRAUD '{OLD}' --category glue-code --principal 1000 --interest 100/year {GATE} --on 2026-04-10",
    f"edit FRAUD-1 --title '{NEW}' --on 2026-05-20",
    f"edit FRAUD-1 --title '{WRONG}' --on 2026-06-01",
    "reverse 5 --because 'another item'",
    "tag FRAUD-1 +later +fraud --on 2026-05-20",
    "tag FRAUD-1 -later +soon --on 2026-06-20",
    "assign FRAUD-1 grace --on 2026-05-20",
    "link FRAUD-1 https://tracker.example/1 --on 2026-05-20",
)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Teller:
    teller = Teller(tmp_path_factory.mktemp("titles") / "ledger.db")
    teller.do(*LINES)
    return teller


def printed(line: str) -> Callable[[Teller, Path, str], str]:
    def read(teller: Teller, folder: Path, when: str) -> str:
        return teller.do(f"{line} {when}").out

    return read


def packed(teller: Teller, folder: Path, when: str) -> str:
    """Every text of a pack: the workbook's cells, the words of its charts, the postings."""
    teller.do(f"report 2026Q2 {when} --into '{folder}'")
    (book,) = folder.rglob("*.xlsx")
    cells = [
        str(cell.value)
        for sheet in load_workbook(book).worksheets
        for row in sheet.iter_rows()
        for cell in row
        if cell.value is not None
    ]
    others = [path.read_text(encoding="utf-8") for path in folder.rglob("*") if path.suffix in (".svg", ".csv", ".md")]
    return "\n".join(cells + others)


def bundled(teller: Teller, folder: Path, when: str) -> str:
    """The register in a bundle; the verifier that travels in it, which shares no code, says the same."""
    path = folder / "out.zip"
    teller.do(f"bundle '{path}' {when}")
    with zipfile.ZipFile(path) as archive:
        told, events = archive.read("balances.json").decode(), archive.read("events.jsonl").splitlines()
    figures = verify_bundle.Figures(json.loads(told)["as_of"])
    for event in map(json.loads, events):
        figures.take(event, verify_bundle.postings(event))
    assert figures.register()["FRAUD-1"]["title"] == json.loads(told)["items"][0]["title"]
    return told


#: Every answer of a day in which an item's title stands.
TITLED = {
    "due": printed("due 2026Q4 --format csv"),
    "list": printed("list --status all --format csv"),
    "list --grep": printed("list --grep threshold --format json"),
    "search": printed("search threshold --status all --format json"),
    "show": printed("show FRAUD-1"),
    "log": printed("log --format json"),
    "adr": printed("adr FRAUD-1"),
    "review": printed("review --quarter 2026Q2 --format json"),
    "report": packed,
    "replay": printed("replay --format json"),
    "accepted": printed("accepted --format json"),
    "bundle": bundled,
}
#: Of these, what tells the events themselves, and so every title that was ever said by that day.
EVENTS = ("show", "log", "report")
#: Answers of a day that name items by their keys alone, or none; exported entries say what they said when they were made.
UNTITLED = {
    *("status", "decisions", "delta", "rollforward", "ageing", "budget list", "audit-report", "system graph"),
    *("monitor", "expectations", "score", "robustness", "explain", "datasheet", "export"),
}


def test_every_answer_of_a_day_is_tried_or_has_no_titles() -> None:
    """A command that learns --as-of or --known-at is listed above."""
    asked = {
        " ".join(path)
        for path, command in leaves()
        if any(option in parameter.opts for parameter in command.params for option in ("--as-of", "--known-at"))
    }
    assert asked == {name.partition(" --")[0] for name in TITLED} | UNTITLED


@pytest.mark.parametrize("name", TITLED)
def test_an_item_is_called_as_on_the_day(desk: Teller, tmp_path: Path, name: str) -> None:
    before = TITLED[name](desk, _made(tmp_path, "before"), f"--as-of {BEFORE}")
    assert OLD in before
    assert NEW not in before
    after = TITLED[name](desk, _made(tmp_path, "after"), f"--as-of {AFTER}")
    assert NEW in after
    if name not in EVENTS:
        assert OLD not in after
        assert WRONG not in after


@pytest.mark.parametrize("name", TITLED)
def test_an_item_is_called_as_was_known_then(desk: Teller, tmp_path: Path, name: str) -> None:
    opened = desk.ask("log FRAUD-1")[0]["recorded_at"]
    told = TITLED[name](desk, _made(tmp_path, "then"), f"--as-of {AFTER} --known-at {opened}")
    assert OLD in told
    assert NEW not in told


def _made(folder: Path, name: str) -> Path:
    (folder / name).mkdir()
    return folder / name


def test_tags_links_and_assignee_are_of_the_day_too(desk: Teller) -> None:
    def told(day: str) -> tuple[list[str], str | None, list[str]]:
        found = desk.ask(f"show FRAUD-1 --as-of {day}")
        return found["tags"], found["assignee"], found["links"]

    assert told(BEFORE) == ([], None, [])
    assert told("2026-05-20") == (["fraud", "later"], "grace", ["https://tracker.example/1"])
    assert told(AFTER) == (["fraud", "soon"], "grace", ["https://tracker.example/1"])


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ("--tag fraud", 1),
        ("--tag FRAUD --tag soon", 1),
        ("--tag fraud --tag later", 0),
        (f"--tag later --as-of {BEFORE}", 0),
        ("--tag later --as-of 2026-06-01", 1),
        ("--assignee grace", 1),
        ("--assignee nobody", 0),
        (f"--assignee nobody --as-of {BEFORE}", 1),
        ("--mine", 0),
    ],
)
def test_a_list_is_narrowed_to_tags_and_assignees(desk: Teller, filters: str, found: int) -> None:
    assert len(desk.ask(f"list {filters}")) == found


def test_mine_is_what_is_assigned_to_whoever_asks(desk: Teller) -> None:
    assert len(Teller(desk.path, desk.clock, actor="grace").ask("list --mine")) == 1
    assert desk.type("list --mine --assignee ada").exit_code == 2


def test_a_retitled_book_is_whole(desk: Teller) -> None:
    """The read models, the rules and the fold from nothing agree with what was recorded."""
    desk.do("verify --decide", "replay --check", f"replay --check --as-of {BEFORE}")


def test_a_receipt_and_the_story_tell_what_was_said(desk: Teller) -> None:
    assert all(word in desk.do("show FRAUD-1").out for word in (NEW, "+soon -later", "assigned to grace"))


def test_descriptions_are_found_by_their_index(desk: Teller) -> None:
    """A list of a large book does not walk what was posted."""
    asked: list[str] = []
    engine = open_engine(f"sqlite:///{desk.path}")
    with reading(engine) as connection:
        reader = reader_in(connection, "main")
        listens_for(engine, "before_cursor_execute")(lambda _, cursor, statement, *more: asked.append(statement))
        remarks(reader, date(2026, 6, 30))
        (query,) = asked
        plan = reader.connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {query}", tuple("1" * query.count("?"))).all()
    engine.dispose()
    assert "event_remark_ix" in str(plan)
