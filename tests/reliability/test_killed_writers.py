"""SIGKILL while a file is made for somebody: nobody finds half of one, and no other name is left for good.

What we write ourselves has no name until it is whole. A database has one, because SQLite opens it by that; the next command
that names a ledger in the folder, or makes a file there, takes it away.
"""

from __future__ import annotations

import signal
import sys
import tempfile
from functools import partial
from pathlib import Path

import pytest

from ledger.vocabulary.unplaced_files import PART
from tests.helpers.optional import needs
from tests.reliability.child import END, Answer, die, run
from tests.reliability.full_disk import names
from tests.reliability.places import sound
from tests.reliability.writing_jobs import APPENDING, GIVING_OUT, KEEPING, Job, copied, prepared

pytestmark = [pytest.mark.reliability, pytest.mark.usefixtures("first_chart_alone")]

NAMELESS = {name: job for name, job in GIVING_OUT.items() if name not in ("checkpoint", "prove")}
NAMELESS["report"] = APPENDING["report"]
NAMED = {name: job for name, job in KEEPING.items() if job.target}
KILLS = 12


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with all that the jobs need."""
    return prepared(tmp_path_factory.mktemp("original"))


def perform(job: Job, folder: Path, at: int = 0) -> Answer:
    return run(f"sqlite:///{folder / job.database}", job.asked(folder), at=at, strike=die if at else None, files=folder)


def unfinished(folder: Path) -> list[str]:
    """What bears the name of an unfinished file."""
    return [path.name for path in folder.rglob("*") if PART in path.name]


def made_by(job: Job, original: Path, folder: Path) -> tuple[set[str], tuple[str, ...]]:
    """The files that a job makes where nobody disturbs it, and its moments."""
    quiet = copied(job, original, folder)
    before = names(quiet)
    answer = perform(job, quiet)
    assert answer.exit_code == 0, answer
    return names(quiet) - before, answer.moments


def struck(moments: tuple[str, ...]) -> list[int]:
    """Moments spread over all, and the last ones, among which the file gets its place."""
    return sorted(
        {*range(1, len(moments), max(1, len(moments) // KILLS)), *range(max(1, len(moments) - 5), len(moments))}
    )


@pytest.mark.parametrize("name", NAMELESS)
def test_a_file_that_is_given_out_has_no_name_before_it_is_whole(name: str, original: Path, tmp_path: Path) -> None:
    job = NAMELESS[name]
    made, moments = made_by(job, original, tmp_path / "quiet")
    assert moments[-1] == END
    assert made
    for at in struck(moments):
        folder = copied(job, original, tmp_path / str(at))
        before = names(folder)
        assert perform(job, folder, at).exit_code == -signal.SIGKILL
        assert not unfinished(folder), f"killed before {moments[at - 1]}"
        assert names(folder) - before <= made
    sys.stdout.write(f"{name}: killed at {len(struck(moments))} of {len(moments)} moments\n")


@needs("ssh-keygen")
def test_who_is_killed_while_a_checkpoint_is_signed_leaves_no_temporary_file(original: Path, tmp_path: Path) -> None:
    """What is signed is handed over by pipes. Killed before a statement, and before a file is opened anywhere."""
    job, temporary = APPENDING["sign a checkpoint"], tmp_path / "temporary"
    temporary.mkdir()

    def signing(folder: Path, at: int = 0) -> Answer:
        url, there = f"sqlite:///{folder / job.database}", partial(setattr, tempfile, "tempdir", str(temporary))
        return run(url, job.asked(folder), before=there, at=at, strike=die if at else None, files=tmp_path)

    moments = signing(copied(job, original, tmp_path / "quiet")).moments
    assert moments[-1] == END
    for at in struck(moments):
        folder = copied(job, original, tmp_path / str(at))
        before = names(folder)
        assert signing(folder, at).exit_code == -signal.SIGKILL
        assert not list(temporary.iterdir()), f"killed before {moments[at - 1]}"
        assert names(folder) - before <= {job.target}
        sound(f"sqlite:///{folder / job.database}")
    sys.stdout.write(f"sign a checkpoint: killed at {len(struck(moments))} of {len(moments)} moments\n")


@pytest.mark.parametrize("name", NAMED)
def test_what_a_killed_maker_of_a_database_left_is_taken_away_by_the_next_command(
    name: str, original: Path, tmp_path: Path
) -> None:
    """By a question as well as by another try, which ends as if nothing had been."""
    job, seen = NAMED[name], 0
    made, moments = made_by(job, original, tmp_path / "quiet")
    assert made == {job.target}
    for at in struck(moments):
        folder = copied(job, original, tmp_path / str(at))
        before = names(folder)
        assert perform(job, folder, at).exit_code == -signal.SIGKILL
        seen += bool(unfinished(folder))
        there = job.target in names(folder)
        question = run(f"sqlite:///{folder / job.database}", ["verify"])
        assert question.exit_code == (3 if job.database == "again.db" and not there else 0), question
        assert not unfinished(folder)
        assert names(folder) - before <= {job.target}
        if there:
            sound(f"sqlite:///{folder / job.target}")
        else:
            assert perform(job, folder).exit_code == 0
        assert names(folder) == before | {job.target}
    assert seen, "no kill left anything, and nothing was tried"
    sys.stdout.write(f"{name}: killed at {len(struck(moments))} of {len(moments)} moments, {seen} left a file\n")
