"""SIGKILL within a job, before what it does with its database: done again, it ends in the ledger of an undisturbed run."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from threading import Timer

import pytest

from tests.helpers.postgres_server import PostgresServer
from tests.reliability.child import COMMIT, END, die, run
from tests.reliability.full_disk import names
from tests.reliability.places import Place, Rows, Servers, place, rows_at, sound
from tests.reliability.writing_jobs import APPENDING, JOBS, RESTORE_BESIDE, Job, prepared

pytestmark = [pytest.mark.reliability, pytest.mark.usefixtures("first_chart_alone")]

#: Kills among the statements of a job, spread over all of them; besides those before each commit and at the end.
KILLS = 12
LONG = ("batch", "adopt a file", "import a budget", "import", "close", "upgrade")
#: Restores in the place itself; a new file on SQLite has another name until it is whole (test_killed_writers.py).
RESTORING = {"restore": JOBS["restore an export"], "restore beside": RESTORE_BESIDE}


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with all that the jobs need."""
    return prepared(tmp_path_factory.mktemp("original"))


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def servers(request: pytest.FixtureRequest, original: Path) -> Servers | None:
    """Where a ledger on PostgreSQL is made; None for one on SQLite."""
    if request.param == "sqlite":
        return None
    server: PostgresServer = request.getfixturevalue("postgres_server")
    return Servers(server, original)


def undisturbed(job: Job, original: Path, folder: Path, servers: Servers | None) -> tuple[Rows, tuple[str, ...]]:
    """What stands in the ledger after a run that nobody disturbs, and the moments of that run."""
    with place(job, original, folder, servers) as quiet:
        before = rows_at(quiet.url)
        answer = run(quiet.url, job.asked(quiet.folder))
        assert answer.exit_code == 0, answer
        after = rows_at(quiet.url)
        assert after != before
        return after, answer.moments


def struck(moments: tuple[str, ...]) -> list[int]:
    """Which moments are tried."""
    every = max(1, len(moments) // KILLS)
    special = [number for number, moment in enumerate(moments, start=1) if moment in (COMMIT, END)]
    return sorted({*range(1, len(moments), every), *special})


@pytest.mark.parametrize("name", [*LONG, *RESTORING])
def test_a_job_that_is_killed_is_done_whole_or_not_at_all(
    name: str, original: Path, tmp_path: Path, servers: Servers | None
) -> None:
    if servers is None and name == "restore":
        pytest.skip("on SQLite it makes a new file")
    job = RESTORING.get(name) or JOBS[name]
    whole, moments = undisturbed(job, original, tmp_path / "quiet", servers)
    assert moments[-1] == END
    with place(job, original, tmp_path / "struck", servers) as struck_place:
        before, files = rows_at(struck_place.url), names(struck_place.folder)
        kills = struck(moments)
        for at in kills:
            _kill(job, struck_place, at)
            found = rows_at(struck_place.url)
            committed = found != before
            assert not committed or found == whole, f"killed before {moments[at - 1]}, and half of it is there"
            assert committed == (moments[at - 1] == END)
            assert names(struck_place.folder) == files
            if committed or (job.database == "ledger.db"):
                sound(struck_place.url)
        again = run(struck_place.url, job.asked(struck_place.folder))
        assert not again.crash
        assert rows_at(struck_place.url) == whole
    sys.stdout.write(f"{name}: {len(moments)} moments, killed at {len(kills)}\n")


@pytest.mark.parametrize("name", RESTORING)
def test_a_restore_that_is_killed_at_any_time_is_whole_or_not_there(
    name: str, original: Path, tmp_path: Path, servers: Servers | None
) -> None:
    """Also while the database is at work on a statement: at parts of the time that an undisturbed run takes."""
    if servers is None and name == "restore":
        pytest.skip("on SQLite it makes a new file")
    job = RESTORING[name]
    begun = time.monotonic()
    whole, _ = undisturbed(job, original, tmp_path / "quiet", servers)
    takes = time.monotonic() - begun
    with place(job, original, tmp_path / "struck", servers) as struck_place:
        before, asked = rows_at(struck_place.url), job.asked(struck_place.folder)
        found, kills = before, 0
        for part in range(1, KILLS + 1):
            answer = run(struck_place.url, asked, before=_death_in(takes * part / KILLS))
            kills += answer.exit_code == -signal.SIGKILL
            struck_place.settled()
            found = rows_at(struck_place.url)
            assert found in (before, whole)
            if found == whole:
                break
        if found == before:
            assert run(struck_place.url, asked).exit_code == 0
        assert rows_at(struck_place.url) == whole
        sound(struck_place.url)
    assert kills
    sys.stdout.write(f"{name}: killed {kills} times within {takes:.1f} s\n")


def _death_in(seconds: float) -> Callable[[], None]:
    """What has the process that calls it killed after so long, whatever it does then."""

    def begin() -> None:
        Timer(seconds, lambda: os.kill(os.getpid(), signal.SIGKILL)).start()

    return begin


def _kill(job: Job, at_place: Place, moment: int) -> None:
    answer = run(at_place.url, job.asked(at_place.folder), at=moment, strike=die)
    assert answer.exit_code == -signal.SIGKILL, f"moment {moment} did not come"
    at_place.settled()


def test_every_job_that_appends_in_many_statements_is_among_them() -> None:
    assert APPENDING.keys() - set(LONG) == {"append", "sign a checkpoint", "report"}
