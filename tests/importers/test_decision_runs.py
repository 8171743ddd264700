"""Readings of decision records as runs: listed, taken back, read again; an older checkout; what is counted and left out."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ledger.decide.close import Close
from ledger.decide.note import AddNote
from ledger.decide.repay import Repay
from ledger.decide.request import Request
from ledger.queries.reader import reader_of
from ledger.queries.register.decisions import DecisionView, decisions
from ledger.queries.register.items import register
from ledger.queries.register.runs import sources
from ledger.services.decision_log import DecisionLogReport, import_decisions
from ledger.services.import_undo import UndoReport, undo_run
from ledger.services.requester import Requester
from ledger.store.ledger import Ledger
from ledger.vocabulary.errors import Refused, Unreadable
from ledger.vocabulary.quantities import Quantity
from tests.importers.conftest import TODAY

Reading = Callable[..., DecisionLogReport]
ASKER = Requester("ada", TODAY)

BLOCK = """---
deciders: head of risk
debt:
  principal: {principal}
  interest: 800/month
  repay-by: 2027Q1
  because: launch before Christmas
  benefit: two months earlier
  category: fixed-threshold
---
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "adr"
    made.mkdir()
    write(made, 1, "Accepted", "2026-04-10")
    write(made, 2, "Proposed", "2026-05-10")
    write(made, 3, "Accepted", "2026-06-10", front=BLOCK.format(principal=12000))
    return made


@pytest.fixture
def read(ledger: Ledger, folder: Path) -> Reading:
    def reading(of: Path = folder, **said: Any) -> DecisionLogReport:
        return import_decisions(ledger, of, ASKER, system="BOURSI", **said)

    return reading


def write(folder: Path, number: int, status: str, day: str, *, front: str = "", more: str = "") -> Path:
    path = folder / f"000{number}-x{number}.md"
    path.write_text(f"{front}# {number}. X{number}\n\nDate: {day}\n\n## Status\n\n{status}\n\n## Decision\n\n{more}\n")
    return path


def seen(ledger: Ledger, as_of: date = TODAY) -> list[DecisionView]:
    """The log, but for where in the book it stands, what its items are called and which of them were reversed."""
    with reader_of(ledger) as reader:
        found = decisions(reader, as_of)
        standing = {item.item for item in register(reader, TODAY) if item.status != "reversed"}
    return [replace(view, position=0, items=("",) * len(standing.intersection(view.items))) for view in found]


def owed(ledger: Ledger) -> list[tuple[str, int, date]]:
    with reader_of(ledger) as reader:
        return [
            (item.title, item.outstanding, item.opened_on)
            for item in register(reader, TODAY)
            if item.status != "reversed"
        ]


def undo(ledger: Ledger, run: str) -> UndoReport:
    return undo_run(ledger, run, ASKER)


# --- runs ------------------------------------------------------------------------------------------------


def test_a_reading_is_a_run_that_is_listed(read: Reading, ledger: Ledger) -> None:
    report = read()
    assert (report.run, report.recorded) == (
        "adr-1",
        {"decision-logged/1": 3, "debt-commissioned/1": 1, "import-run/1": 1},
    )
    with reader_of(ledger) as reader:
        (run,) = sources(reader)
    assert (run.run, run.kind, run.source, run.system, run.events) == ("adr-1", "adr", "BOURSI", "BOURSI", 5)
    assert (run.finished, run.undone) == (True, False)
    assert (read().run, read(log="other").run) == (None, "adr-2")


def test_undone_it_is_as_if_nobody_had_read_it_and_read_again_the_same(read: Reading, ledger: Ledger) -> None:
    read()
    days = [TODAY, date(2026, 5, 9), date(2026, 6, 10)]
    before = [seen(ledger, day) for day in days], owed(ledger)
    report = undo(ledger, "adr-1")
    assert (report.reversed, report.retracted, report.left) == (1, 3, ())
    assert ([seen(ledger, day) for day in days], owed(ledger)) == ([[], [], []], [])
    with reader_of(ledger) as reader:
        assert [run.undone for run in sources(reader)] == [True]
    assert read().run == "adr-2"
    assert ([seen(ledger, day) for day in days], owed(ledger)) == before
    with pytest.raises(Refused, match="Nothing that the run adr-1 recorded still stands"):
        undo(ledger, "adr-1")


def test_what_a_record_said_before_the_run_stands_again(read: Reading, ledger: Ledger, folder: Path) -> None:
    read()
    before = seen(ledger), owed(ledger)
    write(folder, 2, "Accepted", "2026-05-10", front=BLOCK.format(principal=500))
    write(folder, 4, "Accepted", "2026-07-10")
    assert read().run == "adr-2"
    after = seen(ledger), owed(ledger)
    undo(ledger, "adr-2")
    assert (seen(ledger), owed(ledger)) == before
    read()
    assert (seen(ledger), owed(ledger)) == after


def test_an_edit_is_undone_whatever_was_done_on_debts_of_earlier_runs(
    read: Reading, ledger: Ledger, folder: Path
) -> None:
    read()
    write(folder, 3, "Accepted", "2026-06-10", front=BLOCK.format(principal=12000), more="A slip.")
    read()
    report = undo(ledger, "adr-2")
    assert (report.reversed, report.retracted, report.left) == (0, 1, ())
    assert [len(view.items) for view in seen(ledger)] == [0, 0, 1]


def test_what_people_did_since_stays_with_its_record_and_is_named(read: Reading, ledger: Ledger) -> None:
    read()
    ledger.handle(Request(Repay(item="BOURSI-1", amount=Quantity(minor=100_00), spent=Quantity(minor=1)), "ben", TODAY))
    report = undo(ledger, "adr-1")
    assert (report.reversed, report.retracted) == (0, 2)
    assert {row.key: row.why.split("while")[0].strip() for row in report.left} == {
        "BOURSI-1": report.left[0].why.split("while")[0].strip(),
        "BOURSI/0003-x3": "BOURSI-1 would stand for a record that the log has not.",
    }
    assert "rests on it" in report.left[0].why
    assert [view.id for view in seen(ledger)] == ["0003-x3"]


def test_what_was_read_again_since_is_undone_first(read: Reading, ledger: Ledger, folder: Path) -> None:
    read()
    write(folder, 1, "Deprecated", "2026-04-10")
    read()
    report = undo(ledger, "adr-1")
    assert ["was read again since" in row.why for row in report.left] == [True]
    assert [view.id for view in seen(ledger)] == ["0001-x1"]
    undo(ledger, "adr-2")
    undo(ledger, "adr-1")
    assert seen(ledger) == []


def test_a_note_keeps_nothing_from_being_undone_that_findings_would_lose(read: Reading, ledger: Ledger) -> None:
    """The rule is that of every reversal: what is left is what rests on it."""
    read()
    ledger.handle(Request(AddNote(item="BOURSI-1", text="seen"), "ben", TODAY))
    assert undo(ledger, "adr-1").reversed == 1


def test_of_a_closed_quarter_the_undo_counts_from_the_first_open_day(read: Reading, ledger: Ledger) -> None:
    read()
    ledger.handle(ASKER.request(Close(quarter="2026Q2")))
    before = seen(ledger, date(2026, 6, 30))
    assert len(before) == 3
    undo(ledger, "adr-1")
    assert seen(ledger, date(2026, 7, 1)) == []
    assert [view.id for view in seen(ledger, date(2026, 6, 30))] == [view.id for view in before]


EDITS = st.tuples(
    st.integers(1, 4),
    st.sampled_from(["Accepted", "Proposed", "Deprecated", "Rejected"]),
    st.sampled_from(["2026-04-10", "2026-07-01", "2026-10-03"]),
    st.sampled_from(["", BLOCK.format(principal=100), BLOCK.format(principal=200)]),
    st.text("ab", max_size=2),
)


@pytest.mark.reliability
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(readings=st.lists(st.lists(EDITS, max_size=3), min_size=1, max_size=4))
def test_read_undo_and_read_again_is_read(
    readings: list[list[tuple[int, str, str, str, str]]], ledger: Ledger, folder: Path, tmp_path_factory: Any
) -> None:
    """Whatever was read before: the last reading, undone and made again, leaves the same log and debts on every day."""
    log, here = f"log{len(sources_of(ledger))}-{tmp_path_factory.mktemp('log').name}", tmp_path_factory.mktemp("adr")
    shutil.copytree(folder, here, dirs_exist_ok=True)
    days = [TODAY - timedelta(days=30 * months) for months in range(9)]
    last: str | None = None
    states: list[Any] = []
    for edits in readings:
        for number, status, day, front, more in edits:
            write(here, number, status, day, front=front, more=more)
        states.append((_of(ledger, log, days), owed(ledger)))
        last = import_decisions(ledger, here, ASKER, system="BOURSI", log=log, on=TODAY).run or last
        if last is None:
            return
    before_undo = _of(ledger, log, days), owed(ledger)
    report = undo(ledger, last)
    assert report.left == ()
    assert import_decisions(ledger, here, ASKER, system="BOURSI", log=log, on=TODAY).run is not None
    assert (_of(ledger, log, days), owed(ledger)) == before_undo


def _of(ledger: Ledger, log: str, days: list[date]) -> list[list[DecisionView]]:
    return [[view for view in seen(ledger, day) if view.log == log] for day in days]


def sources_of(ledger: Ledger) -> list[str]:
    with reader_of(ledger) as reader:
        return [run.run for run in sources(reader)]


# --- an older checkout -----------------------------------------------------------------------------------


def test_an_older_checkout_is_refused_by_what_its_records_say(read: Reading, ledger: Ledger, folder: Path) -> None:
    old = folder.parent / "old"
    shutil.copytree(folder, old)
    read()
    write(folder, 1, "Deprecated", "2026-04-10")
    read()
    with pytest.raises(Refused, match=r"0001-x1\.md is word for word what the log BOURSI had before.*--on 2026-11-20"):
        read(old)
    assert read(old, on=TODAY).recorded == {"decision-logged/1": 1, "import-run/1": 1}


def test_a_checkout_that_only_lacks_records_is_an_older_one(read: Reading, folder: Path) -> None:
    old = folder.parent / "old"
    shutil.copytree(folder, old)
    read()
    write(folder, 4, "Accepted", "2026-07-10")
    read()
    with pytest.raises(Refused, match=r"it holds what adr-1 read on 2026-11-20, and adr-2 read another since"):
        read(old)
    assert read(old, complete=True).vanished == ("0004-x4",)
    assert read(old, on=TODAY).vanished == ("0004-x4",)


def test_a_day_before_that_of_the_last_reading_is_refused(read: Reading, folder: Path) -> None:
    read(on=date(2026, 8, 1))
    write(folder, 1, "Deprecated", "2026-04-10")
    with pytest.raises(Refused, match="of 2026-07-31, and adr-1 read one of 2026-08-01"):
        read(on=date(2026, 7, 31))
    assert read(on=date(2026, 8, 1)).run == "adr-2"


def test_what_was_undone_makes_no_checkout_older(read: Reading, ledger: Ledger, folder: Path) -> None:
    old = folder.parent / "old"
    shutil.copytree(folder, old)
    read()
    write(folder, 1, "Deprecated", "2026-04-10")
    read()
    undo(ledger, "adr-2")
    assert read(old).recorded == {}
    assert read().run == "adr-3"


# --- the options that every kind has ---------------------------------------------------------------------


def test_since_leaves_out_what_is_dated_before_and_not_known(read: Reading, ledger: Ledger, folder: Path) -> None:
    report = read(since=date(2026, 6, 1))
    assert (report.read, report.left_out, report.unchanged) == (3, 2, 2)
    assert [view.id for view in seen(ledger)] == ["0003-x3"]
    write(folder, 3, "Deprecated", "2026-06-10")
    assert read(since=date(2026, 7, 1)).recorded == {"decision-logged/1": 1, "import-run/1": 1}


MAPPING = """
[values.status]
"Gilt" = "accepted"
"verworfen" = "rejected"

[values.deciders]
"hor" = "head of risk"

[people]
mailmap = "people.txt"
"""


def test_a_mapping_says_what_words_mean_and_who_people_are(read: Reading, ledger: Ledger, folder: Path) -> None:
    write(folder, 1, "gilt", "2026-04-10", front="---\ndeciders: HOR, Jo <jo@laptop>\n---\n")
    (folder.parent / "map.toml").write_text(MAPPING)
    (folder.parent / "people.txt").write_text("Jo Doe <jo@example.org> <jo@laptop>\n")
    read(mapping=folder.parent / "map.toml")
    view = seen(ledger)[0]
    assert (view.status, view.deciders) == ("accepted", ("head of risk", "Jo Doe <jo@example.org>"))
    with reader_of(ledger) as reader:
        assert len(sources(reader)) == 1


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ('[columns]\nstatus = "Zustand"\n', r"has \[columns\]: a decision record has none"),
        ('[identity]\nkey = ["Title"]\n', r"has \[identity\]: a decision record is known by its path"),
        ('[values.status]\n"gilt" = "valid"\n', "'gilt' cannot mean 'valid': a status is one of"),
        ('[values.title]\n"a" = "b"\n', "names a field 'title'"),
    ],
)
def test_what_a_mapping_cannot_say_of_records_is_refused_by_name(
    read: Reading, folder: Path, text: str, why: str
) -> None:
    (folder.parent / "map.toml").write_text(text)
    with pytest.raises(Unreadable, match=why):
        read(mapping=folder.parent / "map.toml")


# --- what is told ----------------------------------------------------------------------------------------


def test_a_block_that_says_other_things_is_told_once_and_counted_after(read: Reading, folder: Path) -> None:
    read()
    write(folder, 3, "Accepted", "2026-06-10", front=BLOCK.format(principal=13000))
    told = [(len(report.remarks), report.apart) for report in (read(), read(), read())]
    assert told == [(1, ("BOURSI-1",)), (0, ("BOURSI-1",)), (0, ("BOURSI-1",))]
    write(folder, 3, "Accepted", "2026-06-10", front=BLOCK.format(principal=14000))
    assert len(read().remarks) == 1


def test_what_is_dated_in_closed_quarters_is_counted_with_its_day(read: Reading, ledger: Ledger) -> None:
    ledger.handle(ASKER.request(Close(quarter="2026Q2")))
    report = read()
    assert (report.late, report.late_from) == (3, date(2026, 7, 1))
    assert read().late == 0


def test_a_row_speaks_of_itself_alone(read: Reading, folder: Path) -> None:
    write(
        folder,
        1,
        "Accepted",
        "2026-04-10",
        front=BLOCK.format(principal=1).replace("  benefit: two months earlier\n", ""),
    )
    write(folder, 2, "Accepted", "2026-05-10", front=BLOCK.format(principal="much"))
    write(folder, 4, "Accepted", "2026-05-10", front=BLOCK.format(principal=1).replace("  because", "  why"))
    report = read()
    assert len(report.refused) == 3
    assert report.recorded
    for row in report.refused:
        assert "othing was recorded" not in row.why, row
