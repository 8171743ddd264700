"""The decision log in a book: read twice, edited, moved, closed over; what blocks open; hostile folders."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.cli.lead.openings import commission
from ledger.decide.claims import HASHED_HERE
from ledger.decide.close import Close
from ledger.decide.decision_log import LogDecision
from ledger.decide.init import OpenBook
from ledger.decide.request import Request
from ledger.decide.reverse import Reverse
from ledger.decide.system_add import AddSystem
from ledger.events import NAME_OF, DecisionLogged, ImportRun
from ledger.importers.decision_log.debt_block import KEYS
from ledger.importers.decision_log.record import NoDecision, read_record
from ledger.importers.rows import ImportRefused
from ledger.queries.audit.log import log
from ledger.queries.reader import reader_of
from ledger.queries.register.decisions import DecisionView, decisions
from ledger.queries.register.items import register
from ledger.services.decision_log import DecisionLogReport, import_decisions
from ledger.services.import_undo import undo_run
from ledger.services.requester import Requester
from ledger.store.engine import open_engine
from ledger.store.ledger import Ledger
from ledger.vocabulary.decision_statuses import DECISION_STATUSES
from ledger.vocabulary.errors import Refused, Unreadable
from tests.importers.conftest import TODAY

LOGGED, RUN = NAME_OF[DecisionLogged], NAME_OF[ImportRun]

Reading = Callable[..., DecisionLogReport]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "adr"
    made.mkdir()
    write(made, 1, "Accepted", "2026-01-10")
    write(made, 2, "Proposed", "2026-02-10")
    write(made, 3, "Accepted", "2026-03-10")
    return made


@pytest.fixture
def read(ledger: Ledger, folder: Path) -> Reading:
    def reading(of: Path = folder, **said: Any) -> DecisionLogReport:
        return import_decisions(ledger, of, Requester("ada", TODAY), system="BOURSI", **said)

    return reading


def write(folder: Path, number: int, status: str, day: str, more: str = "", front: str = "") -> Path:
    path = folder / f"000{number}-x{number}.md"
    path.write_text(f"{front}# {number}. X{number}\n\nDate: {day}\n\n## Status\n\n{status}\n\n## Decision\n\n{more}\n")
    return path


def statuses(ledger: Ledger, as_of: date = TODAY) -> dict[str, str | None]:
    with reader_of(ledger) as reader:
        return {view.id: view.status for view in decisions(reader, as_of)}


def positions(ledger: Ledger) -> int:
    with reader_of(ledger) as reader:
        return reader.position


def test_read_twice_records_nothing(read: Reading, ledger: Ledger) -> None:
    assert read().recorded == {LOGGED: 3, RUN: 1}
    before = positions(ledger)
    again = read()
    assert (again.recorded, again.unchanged, positions(ledger)) == ({}, 3, before)


def test_both_databases_keep_the_same_log(folder: Path, sqlite_url: str, postgres_url: str) -> None:
    write(folder, 4, "Accepted", "2026-03-01", front=BLOCK)
    assert kept_in(sqlite_url, folder) == kept_in(postgres_url, folder)


def kept_in(url: str, folder: Path) -> tuple[str, list[DecisionView]]:
    """The hash of the last event and the log, of a folder that was read twice into a database, undone and read again."""
    engine, ids = open_engine(url), count(1)
    book = Ledger(engine, "main", lambda: datetime(2026, 11, 20, 9, tzinfo=UTC), lambda: f"{next(ids):032x}")
    opening = OpenBook(currency="EUR", currency_exponent=2, fiscal_year_start=1, time_zone="Europe/Paris")
    book.handle(Request(opening, "lead", TODAY), opening=True)
    book.handle(Request(AddSystem(system="BOURSI", name="Stock adviser", team="quant"), "lead", TODAY))
    told = [import_decisions(book, folder, Requester("ada", TODAY), system="BOURSI").recorded for _ in range(2)]
    assert told == [{LOGGED: 4, RUN: 1, "debt-commissioned/1": 1}, {}]
    undone = undo_run(book, "adr-1", Requester("ada", TODAY))
    assert (undone.reversed, undone.retracted, undone.left) == (1, 4, ())
    assert import_decisions(book, folder, Requester("ada", TODAY), system="BOURSI").recorded == told[0]
    with reader_of(book) as reader:
        kept = list(log(reader))[-1].hash, decisions(reader, TODAY)
    engine.dispose()
    return kept


def test_an_edit_is_one_event_and_an_edit_back_another(read: Reading, ledger: Ledger, folder: Path) -> None:
    read()
    for words in ("Accepted", "Proposed", "Accepted", "Proposed", "Accepted"):
        write(folder, 2, words, "2026-02-10")
        report = read(on=TODAY)
        assert (report.recorded, report.unchanged) == ({LOGGED: 1, RUN: 1}, 2)
        assert statuses(ledger)["0002-x2"] == words.lower()


def test_a_change_stands_no_earlier_than_what_it_changes(read: Reading, ledger: Ledger) -> None:
    """A rule of the ledger, whoever asks: else the log of a later day would show what was said first."""
    read()
    before = {view.id: view for view in in_book(ledger)}["0003-x3"]
    said = LogDecision(log=before.log, id=before.id, title="Y", path=before.path, sha256="0" * 64, on=date(2026, 3, 9))
    with pytest.raises(Refused, match="what 0003-x3 said before stands since 2026-03-10"):
        ledger.handle(Request(said, "ada", TODAY), objections=HASHED_HERE)
    with pytest.raises(Refused, match="nobody hashed it here"):
        ledger.handle(Request(said, "ada", TODAY))


def in_book(ledger: Ledger) -> list[DecisionView]:
    with reader_of(ledger) as reader:
        return decisions(reader, TODAY)


def test_what_a_person_reversed_is_not_opened_again(read: Reading, ledger: Ledger, folder: Path) -> None:
    write(folder, 4, "Accepted", "2026-03-01", front=BLOCK)
    assert read().items == ("BOURSI-1",)
    with reader_of(ledger) as reader:
        opening = next(each.recorded.position for each in log(reader) if each.recorded.stream == "BOURSI-1")
    ledger.handle(Request(Reverse(position=opening, because="too much"), "ada", TODAY))
    for _ in range(2):
        report = read()
        assert report.recorded == {}
        (told,) = (each.what for each in report.remarks)
        assert told.startswith("its block `debt` opened BOURSI-1, which was reversed: `debt commission ")
        assert told.endswith(" takes the debt on again")


def test_the_log_of_a_day_is_what_was_read_by_hand(read: Reading, ledger: Ledger, folder: Path) -> None:
    """A record stands from the day that it states; a change from its new day, else from the day it was read."""
    read(on=date(2026, 4, 1))
    write(folder, 2, "Accepted", "2026-02-10")
    write(folder, 3, "Deprecated", "2026-05-05")
    read(on=date(2026, 6, 1))
    by_hand = {
        date(2026, 1, 9): {},
        date(2026, 1, 10): {"0001-x1": "accepted"},
        date(2026, 3, 9): {"0001-x1": "accepted", "0002-x2": "proposed"},
        date(2026, 5, 4): {"0001-x1": "accepted", "0002-x2": "proposed", "0003-x3": "accepted"},
        date(2026, 5, 31): {"0001-x1": "accepted", "0002-x2": "proposed", "0003-x3": "deprecated"},
        date(2026, 6, 1): {"0001-x1": "accepted", "0002-x2": "accepted", "0003-x3": "deprecated"},
    }
    assert {day: statuses(ledger, day) for day in by_hand} == by_hand
    for day in by_hand:
        assert statuses(ledger, day) == folded(ledger, day)


def folded(ledger: Ledger, day: date) -> dict[str, str | None]:
    """The log of a day from the events alone."""
    with reader_of(ledger) as reader:
        found = [
            each.recorded for each in log(reader, stream="book") if isinstance(each.recorded.event, DecisionLogged)
        ]
    by_day = sorted(
        (each for each in found if each.effective_on <= day), key=lambda each: (each.effective_on, each.position)
    )
    return {each.data.id: each.data.status for each in by_day}


def test_a_superseded_record_was_in_force_until_the_other_came(read: Reading, ledger: Ledger, folder: Path) -> None:
    write(folder, 1, "Superseded by [3](0003-x3.md)", "2026-01-10")
    read()
    assert statuses(ledger, date(2026, 3, 9))["0001-x1"] == "accepted"
    assert statuses(ledger, date(2026, 3, 10))["0001-x1"] == "superseded"


def test_nothing_of_the_log_is_effective_in_a_closed_quarter(read: Reading, ledger: Ledger) -> None:
    ledger.handle(_closing())
    read()
    with reader_of(ledger) as reader:
        found = [each.recorded for each in log(reader, stream="book") if each.recorded.stored_as == LOGGED]
    assert {(each.effective_on, each.event.occurred_on) for each in found} == {
        (date(2026, 4, 1), date(2026, month, 10)) for month in (1, 2, 3)
    }
    assert read().recorded == {}


def _closing() -> Any:
    return Requester("ben", TODAY).request(Close(quarter="2026Q1"))


def test_what_vanished_is_told_and_kept(read: Reading, ledger: Ledger, folder: Path) -> None:
    read()
    (folder / "0003-x3.md").rename(folder / "0004-other.md")
    report = read()
    assert (report.vanished, report.recorded) == (("0003-x3",), {LOGGED: 1, RUN: 1})
    assert [each.what for each in report.remarks] == [
        "it is what 0003-x3 was, word for word: a record is known by its file's name"
    ]
    assert set(statuses(ledger)) == {"0001-x1", "0002-x2", "0003-x3", "0004-other"}


def test_another_folder_is_not_taken_for_the_log(read: Reading, ledger: Ledger, tmp_path: Path) -> None:
    read()
    other = tmp_path / "other"
    other.mkdir()
    write(other, 1, "Accepted", "2020-01-01")
    before = positions(ledger)
    with pytest.raises(Refused, match="of the log BOURSI the folder lacks 2"):
        read(other)
    assert positions(ledger) == before
    assert read(other, log="other").recorded == {LOGGED: 1, RUN: 1}
    assert read(other, complete=True).recorded == {LOGGED: 1, RUN: 1}


def test_a_dry_run_foresees_what_is_recorded(read: Reading, ledger: Ledger, folder: Path) -> None:
    write(folder, 4, "Accepted", "2026-03-01", front=BLOCK)
    before = positions(ledger)
    foreseen = read(dry_run=True)
    assert positions(ledger) == before
    assert foreseen.recorded == read().recorded == {LOGGED: 4, RUN: 1, "debt-commissioned/1": 1}


# --- blocks ----------------------------------------------------------------------------------------------

BLOCK = """---
deciders: head of risk
debt:
  principal: 12000
  interest: 800/month
  repay-by: 2027Q1
  because: launch before Christmas
  benefit: two months earlier
  category: fixed-threshold
---
"""


def test_a_block_takes_on_debt_once(read: Reading, ledger: Ledger, folder: Path) -> None:
    path = write(folder, 4, "Accepted", "2026-03-01", front=BLOCK)
    assert read().items == ("BOURSI-1",)
    assert read().recorded == {}
    with reader_of(ledger) as reader:
        (item,) = register(reader, TODAY)
        view = next(each for each in decisions(reader, TODAY) if each.id == "0004-x4")
        before = next(each for each in decisions(reader, date(2026, 3, 31)) if each.id == "0004-x4")
    assert (item.title, item.decided_by, item.outstanding) == ("X4", "head of risk", 12_000_00)
    assert (view.items, view.outstanding, view.interest_since) == (("BOURSI-1",), 12_000_00, item.interest_incurred)
    # 9,600.00 a year from 2026-03-01 on: 30 days.
    assert before.interest_since == round(9_600_00 * 30 / 365)
    path.write_text(path.read_text().replace("12000", "13000"))
    report = read()
    assert report.recorded == {LOGGED: 1, RUN: 1}
    assert "no longer says what opened BOURSI-1: `debt revise BOURSI-1" in report.remarks[0].what


@pytest.mark.parametrize(
    ("was", "becomes", "why"),
    [
        ("  benefit: two months earlier\n", "", "--benefit is missing"),
        ("fixed-threshold", "thresholds", "There is no category 'thresholds'"),
        ("launch before Christmas", "coding error", "is a cause of neglect"),
        ("12000", "much", "neither an amount nor an effort"),
        ("2027Q1", "soon", "is not a quarter"),
        ("  principal:", "  prinzipal:", "a key 'prinzipal'"),
        ("debt:\n", "debt: yes\nother:\n", "has no keys"),
        ("deciders: head of risk\n", "", "--decided-by is missing"),
    ],
)
def test_a_block_is_refused_as_what_is_typed_is(read: Reading, folder: Path, was: str, becomes: str, why: str) -> None:
    write(folder, 4, "Accepted", "2026-03-01", front=BLOCK.replace(was, becomes))
    report = read()
    assert (report.recorded, report.items) == ({LOGGED: 4, RUN: 1}, ())
    assert why in report.refused[0].why
    with pytest.raises(ImportRefused):
        read(strict=True)


@pytest.mark.parametrize(
    "title", ["4. X4", "13. Another heading"], ids=["renamed", "renumbered and its heading changed"]
)
def test_a_record_with_another_name_does_not_take_its_debt_on_again(
    read: Reading, ledger: Ledger, folder: Path, title: str
) -> None:
    path = write(folder, 4, "Accepted", "2026-03-01", front=BLOCK)
    assert read().items == ("BOURSI-1",)
    text = path.read_text("utf-8")
    path.unlink()
    (folder / "0013-elsewhere.md").write_text(text.replace("4. X4", title), "utf-8")
    for _ in range(2):
        report = read()
        assert report.items == ()
        assert any("word for word what opened BOURSI-1" in each.what for each in report.remarks)
    # Of another log it is the same debt as well.
    assert read(log="second").items == ()
    (folder / "0013-elsewhere.md").unlink()
    path.write_text(text, "utf-8")
    assert read(on=TODAY).items == ()


def test_debt_begins_when_what_was_proposed_is_accepted(read: Reading, ledger: Ledger, folder: Path) -> None:
    """Nobody owed it before; the day of the decision is the one that the record states."""
    write(folder, 4, "Proposed", "2026-03-01", front=BLOCK)
    assert read().items == ()
    write(folder, 4, "Accepted", "2026-03-01", front=BLOCK)
    assert read().items == ("BOURSI-1",)
    with reader_of(ledger) as reader:
        (item,) = register(reader, TODAY)
        assert (item.opened_on, item.outstanding) == (TODAY, 1_200_000)
        assert register(reader, TODAY - timedelta(days=1)) == []


@pytest.mark.parametrize("status", ["Proposed", "Rejected", "Pending"])
def test_what_is_not_accepted_opens_nothing(read: Reading, folder: Path, status: str) -> None:
    write(folder, 4, status, "2026-03-01", front=BLOCK)
    report = read()
    assert report.items == ()
    assert any("its block `debt` opens nothing" in each.what for each in report.remarks)
    write(folder, 4, "Accepted", "2026-03-01", front=BLOCK)
    assert read().items == ("BOURSI-1",)


def test_an_accepted_record_without_a_block_has_a_draft(read: Reading, folder: Path) -> None:
    report = read()
    assert len(report.drafts) == 2
    assert report.drafts[0].startswith("debt commission BOURSI X1 --category CATEGORY --principal AMOUNT")
    assert report.drafts[0].endswith("--adr BOURSI/0001-x1 --on 2026-01-10")
    write(folder, 1, "Accepted", "2026-01-10", front="---\nitems: [BOURSI-9]\n---\n")
    assert "There is no item BOURSI-9" in read().refused[0].why


def test_the_block_of_the_documentation_is_read(read: Reading, folder: Path) -> None:
    page = (Path(__file__).parents[2] / "docs" / "decision-log.md").read_text(encoding="utf-8")
    (block,) = re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)
    (folder / "0007-use-one-threshold.md").write_text(f"{block}\n# Use one threshold\n")
    assert read().items == ("BOURSI-1",)


def test_every_key_of_a_block_is_an_option_of_commission() -> None:
    typed = {option.removeprefix("--") for parameter in commission.params for option in parameter.opts}
    assert set(KEYS) <= typed
    assert typed - set(KEYS) == {"adr", "late", "key", "again", "dry-run", "quiet", "-q", "format"}


# --- hostile ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"---\na: &a [x]\nstatus: *a\n---\n# X\n", "aliases"),
        (b"---\nstatus: !!python/object/apply:os.system ['true']\n---\n# X\n", None),
        (b"---\nstatus: accepted\n", "does not end"),
        (b"---\n" + b"a: [" * 5000 + b"\n---\n", "nested too deeply"),
        (b"# 9. X\n\0\n", "byte 0"),
        (b"# 9. X\xc3\xa4\xe4\n", "two encodings"),
        (b"# 9. " + b"x" * (2 * 2**20), "more than 2 MiB"),
        (b"# 9. \x1b]0;owned\x07\n\n## Decision\n", None),
        (b"# 9. " + b"[" * 50_000 + b"\n\n## Decision\n", None),
        (b"# 9. " + "\u202eX".encode() * 400 + b"\n\n## Decision\n", None),
        (b'---\nstatus: "\\0"\n---\n# X\n', "NUL"),
        (b'---\nstatus: "\\ud800"\n---\n# X\n', "surrogate"),
        (b"---\nitems: [../../etc]\n---\n# X\n", "is not an item"),
        (b"# 9. X\n\n## Status\n\n" + b"so " * 100_000 + b"\n", None),
        (b"# 9. X\n\n## Status\n\non" + b" " * 500_000 + b"x\n", None),
        (b"# 9. X\n\n[](" + b"a" * 1_000_000 + b"\n", None),
        (b"# 9. X\n\n" + b"[](" * 300_000 + b"\n", None),
        (b"# 9. X\n\n## y" + b" " * 500_000 + b"z\n", None),
        (b"# 9. X\n\n" + b"<!--" * 300_000 + b"\n", None),
        (b"# 9. X\n\n" + b"| Status " * 200_000 + b"\n", None),
    ],
)
def test_a_hostile_record_is_refused_or_only_read(read: Reading, folder: Path, data: bytes, why: str | None) -> None:
    (folder / "0009-x.md").write_bytes(data)
    report = read()
    assert [why in row.why for row in report.refused] == [True] * (why is not None)
    assert report.recorded == {LOGGED: 3 + (why is None), RUN: 1}


def test_hostile_restructured_text_ends(read: Reading, folder: Path) -> None:
    for number, line in enumerate((b"`" + b" " * 500_000, b":doc:`" * 100_000, b"=" * 500_000, b"`a <b>`_" * 50_000)):
        (folder / f"00{number + 10}-x.rst").write_bytes(b"X\n=\n\nStatus\n------\n\nAccepted\n\n" + line + b"\n")
    assert read().recorded == {LOGGED: 7, RUN: 1}


FRAGMENTS = st.sampled_from(
    [
        *(
            "---\n",
            "status: ",
            "accepted",
            "superseded by ",
            "[a](0001-x1.md)",
            "# ",
            "## Status\n",
            "* Status: ",
            "| Status | ",
        ),
        *(
            "\n",
            " ",
            "Date: ",
            "2026-03-01",
            "~~",
            "{",
            "}",
            "debt:\n",
            "  principal: 1\n",
            "\n===\n",
            ":Status: ",
            "= ",
            "Status:: ",
            "----\n",
            "////\n",
            "<<x,y>>",
            "link:x.adoc[y]",
            "`x <y>`_",
        ),
        *("<!--", "-->", "```\n", "\u2028", "\x1b", "ADR-1", "items: [FRAUD-1]\n", "0", "\t", "é", "'", '"', "&a *a"),
    ]
)


@given(st.lists(FRAGMENTS, max_size=40).map("".join), st.sampled_from([".md", ".rst", ".adoc"]))
def test_any_text_is_a_record_or_none_or_refused(text: str, suffix: str) -> None:
    try:
        record = read_record(f"0009-x{suffix}", text)
    except (NoDecision, Unreadable):
        return
    assert record.status.status in (None, *DECISION_STATUSES)
    assert record.title
    assert "\n" not in record.title


def test_a_name_that_no_encoding_has_is_refused_and_told(read: Reading, folder: Path) -> None:
    Path(os.fsdecode(os.fsencode(folder) + b"/0009-\xff.md")).write_text("# 9. X\n")
    (row,) = read().refused
    assert "surrogate" in row.why


def test_links_are_not_followed_and_told(read: Reading, folder: Path, tmp_path: Path) -> None:
    outside = write(tmp_path, 8, "Accepted", "2026-01-01")
    (folder / "0008-x8.md").symlink_to(outside)
    (folder / "more").symlink_to(tmp_path)
    (folder / "loop").symlink_to(folder)
    os.mkfifo(folder / "0007-pipe.md")
    report = read()
    assert {each.place for each in report.no_records} == {"0008-x8.md", "more", "loop"}
    assert [row.place for row in report.refused] == ["0007-pipe.md"]
    assert report.recorded == {LOGGED: 3, RUN: 1}


def test_hostile_asciidoc_ends(read: Reading, folder: Path) -> None:
    lines = (
        b"= " * 250_000,
        b"link:" * 100_000,
        b"<<" * 250_000,
        b"-" * 500_000,
        b"link:a[" * 70_000,
        b":a" * 250_000,
        b"= x" + b" " * 500_000 + b"y",
    )
    for number, line in enumerate(lines):
        (folder / f"00{number + 10}-x.adoc").write_bytes(b"= X\n\n== Status\n\nAccepted\n\n" + line + b"\n")
    assert read().recorded == {LOGGED: 3 + len(lines), RUN: 1}


def test_two_files_that_are_one_record_are_told(read: Reading, folder: Path) -> None:
    shutil.copy(folder / "0001-x1.md", folder / "0001-x1.markdown")
    assert "one of them has to go" in read().refused[0].why


def test_what_is_no_folder_is_refused(read: Reading, folder: Path) -> None:
    with pytest.raises(Unreadable, match="is no folder"):
        read(folder / "0001-x1.md")
    with pytest.raises(Refused, match="in the future"):
        read(on=date(2026, 11, 21))
