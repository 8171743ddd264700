"""A PostgreSQL that goes away, or stops what takes too long, in the middle of a job: what is told is true, and once more is once.

In the middle is wherever the job has to do with its database; `tests/reliability/test_connection.py` has single entries.
"""

from __future__ import annotations

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

NOTHING = "Nothing was recorded"
UNKNOWN = "unknown whether anything was recorded"


@pytest.fixture(scope="module")
def servers(durable_server: PostgresServer, tmp_path_factory: pytest.TempPathFactory) -> Servers:
    """A server that keeps its word, and a folder with all that the jobs need."""
    folder = prepared(tmp_path_factory.mktemp("original"))
    answer = run(f"sqlite:///{folder / 'ledger.db'}", ["export", "jsonl", str(folder / "kept.jsonl")])
    assert answer.exit_code == 0, answer
    return Servers(durable_server, folder)


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
    assert (answer.exit_code, answer.out) == (3, ""), answer
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
