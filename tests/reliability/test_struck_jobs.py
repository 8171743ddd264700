"""A PostgreSQL that goes away, or stops what takes too long, in the middle of a job: what is told is true, and once more is once.

In the middle is wherever the job has to do with its database; `tests/reliability/test_connection.py` has single entries.
"""

from __future__ import annotations

import re
import time
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy.engine import make_url

from tests.helpers.postgres_server import PostgresServer
from tests.reliability.child import COMMIT, Answer, Strike, run
from tests.reliability.places import Place, Rows, Servers, place, rows_at, sound
from tests.reliability.writing_jobs import JOBS, Job, prepared

pytestmark = pytest.mark.reliability

WRITING = ("append", "batch", "adopt a file", "import a budget", "import", "close")
#: Reads the whole book, and writes nothing.
VERIFY = Job(("verify", "--decide"))
#: Terminations among the statements of a job; a restart takes longer and is tried at fewer.
TERMINATIONS, RESTARTS = 8, 2

RECEIPT = re.compile(r"position \d+, recorded")
NOTHING = "Nothing was recorded"
UNKNOWN = "unknown whether anything was recorded"


@pytest.fixture(scope="module")
def servers(durable_server: PostgresServer, tmp_path_factory: pytest.TempPathFactory) -> Servers:
    """A server that keeps its word, and a folder with all that the jobs need."""
    return Servers(durable_server, prepared(tmp_path_factory.mktemp("original")))


@pytest.fixture
def terminated(durable_server: PostgresServer) -> Strike:
    """Ends the server's process of the connection, and waits until it is gone."""

    def strike(driver: Any) -> None:
        with psycopg.connect(plain(durable_server.url_of("postgres")), autocommit=True) as other:
            assert other.execute("SELECT pg_terminate_backend(%s, 20000)", [driver.info.backend_pid]).fetchone() == (
                True,
            )

    return strike


def plain(url: str) -> str:
    """A URL as the driver takes it."""
    return url.replace("+psycopg", "", 1)


def with_setting(url: str, setting: str) -> str:
    """A URL whose every transaction has a setting."""
    return make_url(url).update_query_dict({"options": f"-c {setting}"}).render_as_string(hide_password=False)


def quiet(job: Job, servers: Servers, folder: Path) -> tuple[Rows, tuple[str, ...]]:
    """What stands in the ledger after a run that nobody disturbs, and the moments of that run."""
    with place(job, servers.original, folder, servers) as found:
        answer = run(found.url, job.asked(found.folder))
        assert answer.exit_code == 0, answer
        return rows_at(found.url), answer.moments


def judge(answer: Answer, at_place: Place, before: Rows, whole: Rows) -> bool:
    """Whether a job that was struck had been recorded; it says what is known of that, in one sentence."""
    assert not answer.crash, answer.crash
    assert answer.exit_code == 3, answer
    assert not RECEIPT.search(answer.out), answer.out
    assert answer.err.startswith("debt: "), answer.err
    assert answer.err.count("\n") == 1, answer.err
    assert (NOTHING in answer.err) != (UNKNOWN in answer.err), answer.err
    at_place.settled()
    found = rows_at(at_place.url)
    assert found in (before, whole), "half of it is there"
    assert found == before or UNKNOWN in answer.err, answer.err
    sound(at_place.url)
    return found != before


def spread(moments: tuple[str, ...], number: int) -> list[int]:
    """So many of the moments, from first to last, and those before a commit."""
    commits = [at for at, moment in enumerate(moments, start=1) if moment == COMMIT]
    return sorted({*range(1, len(moments), max(1, len(moments) // number)), *commits} - {len(moments)})


@pytest.mark.parametrize("name", [*WRITING, "verify"])
def test_a_job_whose_connection_is_ended_says_what_is_known(
    name: str, servers: Servers, tmp_path: Path, terminated: Strike
) -> None:
    _struck(JOBS.get(name, VERIFY), servers, tmp_path, terminated, TERMINATIONS)


@pytest.mark.parametrize("name", ["append", "batch", "close", "verify"])
@pytest.mark.parametrize("mode", ["fast", "immediate"])
def test_a_job_during_which_the_server_restarts_says_what_is_known(
    name: str, mode: str, servers: Servers, tmp_path: Path
) -> None:
    _struck(JOBS.get(name, VERIFY), servers, tmp_path, lambda driver: servers.server.restart(mode), RESTARTS)


def _struck(job: Job, servers: Servers, folder: Path, strike: Strike, number: int) -> None:
    whole, moments = quiet(job, servers, folder / "quiet")
    with place(job, servers.original, folder / "struck", servers) as found:
        before = rows_at(found.url)
        for at in spread(moments, number):
            answer = run(found.url, job.asked(found.folder), at=at, strike=strike)
            servers.server.admin.dispose()
            assert not judge(answer, found, before, whole)
        again = run(found.url, job.asked(found.folder))
        assert not again.crash
        assert rows_at(found.url) == whole


#: What keeps others away from a table: from reading it as well, or from writing it alone.
LOCKS = {
    "head": "ACCESS EXCLUSIVE", "event": "ACCESS EXCLUSIVE", "request": "EXCLUSIVE", "item": "EXCLUSIVE",
    "posting": "ACCESS EXCLUSIVE",
}  # fmt: skip
TIMEOUTS = {"statement_timeout=400": "see statement_timeout", "lock_timeout=400": "see lock_timeout"}


@pytest.mark.parametrize("setting", TIMEOUTS)
@pytest.mark.parametrize("name", ["append", "batch", "close", "verify"])
def test_a_job_that_is_stopped_by_a_timeout_says_so(name: str, setting: str, servers: Servers, tmp_path: Path) -> None:
    """Somebody holds a table that it needs, each in turn; the server stops it, and it can be done when they are gone."""
    job, stopped = JOBS.get(name, VERIFY), 0
    whole, _ = quiet(job, servers, tmp_path / "quiet")
    with place(job, servers.original, tmp_path / "struck", servers) as found:
        before = rows_at(found.url)
        for table, mode in LOCKS.items():
            with psycopg.connect(plain(found.url)) as other:
                other.execute(f"LOCK TABLE {table} IN {mode} MODE")
                answer = run(with_setting(found.url, setting), job.asked(found.folder))
            if name == "verify" and mode == "EXCLUSIVE":
                assert answer.exit_code == 0, answer
            elif answer.exit_code != 0:
                assert not judge(answer, found, before, whole)
                assert TIMEOUTS[setting] in answer.err, answer.err
                stopped += 1
            else:
                assert table in ("item", "posting"), f"it never needs {table}"
                break
        again = run(with_setting(found.url, setting.replace("400", "600000")), job.asked(found.folder))
        assert not again.crash
        assert rows_at(found.url) == whole
    assert stopped >= 3


@pytest.mark.parametrize("name", ["append", "batch", "close", "verify"])
def test_a_job_that_is_idle_for_too_long_says_so(name: str, servers: Servers, tmp_path: Path) -> None:
    """Between two statements, and before the commit: the server ends the session. Nothing is in doubt then."""
    job = JOBS.get(name, VERIFY)
    whole, moments = quiet(job, servers, tmp_path / "quiet")
    with place(job, servers.original, tmp_path / "struck", servers) as found:
        before, url = rows_at(found.url), with_setting(found.url, "idle_in_transaction_session_timeout=300")
        begins = [at for at, moment in enumerate(moments, start=1) if moment.startswith("BEGIN")]
        for at in {begins[0] + 1, begins[-1] + 1, *spread(moments, 1)[1:]}:
            answer = run(url, job.asked(found.folder), at=at, strike=_idle(found.url))
            assert not judge(answer, found, before, whole)
            assert "idle" in answer.err, answer.err
            assert NOTHING in answer.err, answer.err
        assert not run(found.url, job.asked(found.folder)).crash
        assert rows_at(found.url) == whole


def _idle(url: str) -> Strike:
    """Do nothing until the server has ended the session."""

    def strike(driver: Any) -> None:
        with psycopg.connect(plain(url), autocommit=True) as other:
            deadline = time.monotonic() + 60
            query = "SELECT count(*) FROM pg_stat_activity WHERE pid = %s"
            while other.execute(query, [driver.info.backend_pid]).fetchone() != (0,):
                assert time.monotonic() < deadline, "the server does not end it"
                time.sleep(0.02)

    return strike
