"""Runs that were cut short: what another export recorded since is never put back, and each can be ended."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ledger.importers.findings.recording import RunCutShort
from ledger.importers.findings.survey import STEPS_AT_ONCE
from ledger.importers.rows import Progress
from ledger.services.import_undo import undo_run
from ledger.services.requester import Requester
from ledger.store.ledger import Ledger
from ledger.store.runs import RunSoFar, runs_so_far
from ledger.vocabulary.errors import Refused
from tests.importers.test_sonarqube import RUN, TODAY, bodies, issue, run, write

ISSUES = STEPS_AT_ONCE + 20
REQUESTER = Requester("lead", TODAY)


class Killed(BaseException):
    """What a kill is to a program: nothing that it could handle."""


def killed(done: int, total: int) -> None:
    raise Killed


def export(path: Path, day: str, effort: str, number: int = ISSUES, **changed: Any) -> Path:
    """Issues whose efforts were looked at on a day, in an export of it."""
    moment = f"{day}T09:00:00+0000"
    issues = [issue(f"K{each}", updateDate=moment, effort=effort, **changed) for each in range(number)]
    return write(path, {"timestamp": moment, "issues": issues})


def cut_short(ledger: Ledger, path: Path, progress: Progress = killed) -> None:
    with pytest.raises(Killed):
        run(ledger, path, progress=progress)


def runs(ledger: Ledger) -> list[RunSoFar]:
    with ledger.reading() as connection:
        return runs_so_far(connection, ledger.book)


@pytest.fixture
def older(ledger: Ledger, tmp_path: Path) -> Path:
    """An export of which the first batch alone is recorded."""
    path = export(tmp_path / "older.json", "2026-11-10", "10min")
    cut_short(ledger, path)
    return path


def test_a_run_that_a_newer_export_overtook_does_not_go_on(ledger: Ledger, older: Path, tmp_path: Path) -> None:
    newer = run(ledger, export(tmp_path / "newer.json", "2026-11-15", "1h"))
    assert newer.recorded == RUN | {"estimate-revised/1": STEPS_AT_ONCE, "neglect-observed/1": 20}
    before = bodies(ledger, "%")
    for dry_run in (True, False):
        with pytest.raises(Refused) as refusal:
            run(ledger, older, dry_run=dry_run)
        for told in (
            "sonarqube-1",
            "2026-11-10",
            "sonarqube-2",
            "2026-11-15",
            "Nothing was recorded. `debt import --undo",
        ):
            assert told in str(refusal.value)
    assert bodies(ledger, "%") == before


def test_a_run_goes_on_where_the_newer_export_was_undone(ledger: Ledger, older: Path, tmp_path: Path) -> None:
    run(ledger, export(tmp_path / "newer.json", "2026-11-15", "1h"))
    undo_run(ledger, "sonarqube-2", REQUESTER)
    assert run(ledger, older).run == "sonarqube-1"
    assert [(each.finished, each.fully_undone) for each in runs(ledger)] == [(True, False), (True, True)]


def test_a_run_goes_on_after_the_export_of_another_project(ledger: Ledger, older: Path, tmp_path: Path) -> None:
    other = write(tmp_path / "other.json", {"timestamp": "2026-11-15", "issues": [issue("O1", project="cellar")]})
    run(ledger, other)
    assert run(ledger, older).run == "sonarqube-1"


def test_what_a_newer_export_records_between_two_batches_is_not_put_back(ledger: Ledger, tmp_path: Path) -> None:
    """Asked under the lock of each batch, not only before the first."""
    path, newer = export(tmp_path / "a.json", "2026-11-10", "10min"), export(tmp_path / "b.json", "2026-11-15", "1h")

    def meanwhile(done: int, total: int) -> None:
        if done == STEPS_AT_ONCE + 1:
            run(ledger, newer)

    with pytest.raises(RunCutShort, match=f"{STEPS_AT_ONCE + 1} entries are recorded in sonarqube-1, the rest is not"):
        run(ledger, path, progress=meanwhile)
    again = run(ledger, newer)
    assert (again.recorded, again.reconciliation.agrees) == ({}, True)


def test_every_import_of_a_source_names_its_unfinished_runs(ledger: Ledger, older: Path, tmp_path: Path) -> None:
    newer = export(tmp_path / "newer.json", "2026-11-15", "1h")
    assert run(ledger, newer).unfinished == ("sonarqube-1",)
    assert run(ledger, newer).unfinished == ("sonarqube-1",)


def test_of_two_at_once_each_tells_what_it_recorded_and_in_which_run(ledger: Ledger, tmp_path: Path) -> None:
    path, others = export(tmp_path / "a.json", "2026-11-10", "10min"), list[Any]()

    def meanwhile(done: int, total: int) -> None:
        if not others:
            others.append(run(ledger, path))

    first = run(ledger, path, progress=meanwhile)
    (second,) = others
    # Ten minutes at 800.00 a day of eight hours.
    each_minor = round(80_000 * 10 / 480)
    for report, observed, unchanged in ((first, STEPS_AT_ONCE, 20), (second, 20, STEPS_AT_ONCE)):
        assert (report.run, report.recorded["neglect-observed/1"], report.unchanged) == (
            "sonarqube-1",
            observed,
            unchanged,
        )
        assert report.plan.sums.observed_minor == observed * each_minor


def test_undoing_ends_a_run_of_which_nothing_can_be_taken_back(ledger: Ledger, older: Path, tmp_path: Path) -> None:
    newer = export(tmp_path / "newer.json", "2026-11-15", "1h")
    run(ledger, newer)
    ended = undo_run(ledger, "sonarqube-1", REQUESTER)
    assert (ended.reversed, len(ended.left)) == (0, STEPS_AT_ONCE)
    assert [(each.name, each.finished, each.fully_undone) for each in runs(ledger)] == [
        ("sonarqube-1", False, True),
        ("sonarqube-2", True, False),
    ]
    again = run(ledger, newer)
    assert (again.recorded, again.unfinished) == ({}, ())
    with pytest.raises(Refused, match="what an older one says is over"):
        run(ledger, older)
