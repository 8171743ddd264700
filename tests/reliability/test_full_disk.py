"""A full disk: every command that writes says so or succeeds, the ledger verifies, and nothing half is left."""

from __future__ import annotations

import re
import shutil
import sys
from collections import Counter
from pathlib import Path

import pytest

from tests.cli.data.test_private_files import WRITERS
from tests.helpers.optional import needs
from tests.reliability.child import Answer, run
from tests.reliability.full_disk import facts, fill, limited_to, names, small_file_system
from tests.reliability.places import sound
from tests.reliability.writing_jobs import EVERY_JOB, JOBS, Job, copied, prepared

pytestmark = [
    pytest.mark.reliability,
    pytest.mark.usefixtures("first_chart_alone"),
    pytest.mark.skipif(not sys.platform.startswith("linux"), reason="limits are set as Linux does it"),
]

KIB = 1024
#: What is said of a disk that takes no more, and of a file that may not grow.
FULL = re.compile(r"full|too large|no space left", re.IGNORECASE)
Before = tuple[list[tuple[object, ...]], set[str]]


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with all that the jobs need."""
    return prepared(tmp_path_factory.mktemp("original"))


def test_every_command_that_writes_a_file_is_among_the_jobs() -> None:
    """The list of another test: what is written has to be as private as the ledger."""
    commands = {tuple(word for word in job.words if word.isalpha() or "-" in word)[:1] for job in JOBS.values()}
    assert {tuple(line.split()[:1]) for line in WRITERS} <= commands


def perform(job: Job, folder: Path, most_bytes: int | None = None) -> Answer:
    """Run a job on the ledger of a folder."""
    before = limited_to(most_bytes) if most_bytes is not None else None
    return run(f"sqlite:///{folder / job.database}", job.asked(folder), before=before)


def seen(job: Job, folder: Path) -> Before:
    """Facts, and names of files. A ledger that is made anew has none yet."""
    database = folder / ("ledger.db" if job.database == "again.db" else job.database)
    return facts(database), names(folder)


def judge(job: Job, folder: Path, answer: Answer, before: Before) -> str:
    """Whether it was done whole or not at all, and said so; the disk has room again."""
    assert not answer.crash, answer.crash
    told = f"{answer.exit_code}: {answer.err}"
    recorded, files = seen(job, folder)
    if answer.exit_code != 0:
        assert answer.exit_code == 3, told
        assert answer.err.startswith("debt: "), told
        assert FULL.search(answer.err), told
        assert job.records or "--key" not in answer.err, "what is no entry cannot be repeated with a key"
        assert recorded == before[0], told
        assert files == before[1], (told, files - before[1])
        if not job.spoilt and job.database != "old.db":
            sound(f"sqlite:///{folder / 'ledger.db'}")
        return "refused"
    assert not job.target or job.target in files, told
    assert (len(recorded) > len(before[0])) == job.records, told
    sound(f"sqlite:///{folder / ('ledger.db' if job.target else job.database)}")
    if job.database == "again.db":
        assert facts(folder / "again.db") == recorded
    return "done"


def undisturbed(job: Job, original: Path, folder: Path) -> tuple[int, int]:
    """Bytes that a job writes where nothing limits it, and of the longest file that it has then."""
    made = copied(job, original, folder)
    before, answer = seen(job, made), perform(job, made)
    assert judge(job, made, answer, before) == "done"
    longest = max(path.stat().st_size for path in made.rglob("*") if path.is_file())
    shutil.rmtree(made)
    return answer.written, longest


def limits(job: Job, longest: int, written: int) -> list[int]:
    """From nothing at all to more than the job needs, and what lies close to where a log or a file ends."""
    if job.words[:1] == ("report",):  # a pack takes seconds
        return [0, 64 * KIB, longest]
    small = [0, 1, 4 * KIB, 32 * KIB, 33 * KIB, 64 * KIB, 160 * KIB, longest // 2, longest - 1]
    return [*(each for each in small if each < max(longest, written)), 100 * longest]


@EVERY_JOB
def test_a_limit_on_the_size_of_files_breaks_nothing(job: Job, original: Path, tmp_path: Path) -> None:
    """Wherever the limit strikes; with the lowest it is not done, and what is refused needs more than the limit."""
    written, longest = undisturbed(job, original, tmp_path / "undisturbed")
    outcomes: Counter[str] = Counter()
    for most_bytes in limits(job, longest, written):
        folder = copied(job, original, tmp_path / str(most_bytes))
        before = seen(job, folder)
        outcome = judge(job, folder, perform(job, folder, most_bytes), before)
        assert outcome == "done" or most_bytes < max(longest, written), "refused for another reason than the limit"
        assert most_bytes or outcome == "refused", "the lowest limit does not bite"
        outcomes[outcome] += 1
        shutil.rmtree(folder)
    tell(job, outcomes, written)


@EVERY_JOB
@needs("mount")
def test_a_full_disk_breaks_nothing(job: Job, original: Path, tmp_path: Path) -> None:
    """The same on a file system with little room left; what was refused can be done once there is room."""
    written, _ = undisturbed(job, original, tmp_path / "undisturbed")
    outcomes: Counter[str] = Counter()
    shares = (0, 0.3, 1.5) if job.words[:1] == ("report",) else (0, 0.1, 0.3, 0.6, 0.9, 1.5)
    for share in shares:
        free = int(written * share)
        try:
            with small_file_system(tmp_path / str(share), 40_000 * KIB) as disk:
                outcome = _on_a_full_disk(job, original, disk, free)
        except PermissionError as error:
            pytest.skip(str(error))
        assert outcome == "done" or free < written + 64 * KIB, "refused for another reason than the disk"
        assert share or outcome == "refused", "a disk without room does not bite"
        outcomes[outcome] += 1
    tell(job, outcomes, written)


def _on_a_full_disk(job: Job, original: Path, disk: Path, free: int) -> str:
    folder = copied(job, original, disk / "copy")
    before = seen(job, folder)
    ballast = fill(disk, free)
    answer = perform(job, folder)
    ballast.unlink()
    outcome = judge(job, folder, answer, before)
    if outcome == "refused":
        assert judge(job, folder, perform(job, folder), before) == "done"
    return outcome


def tell(job: Job, outcomes: Counter[str], written: int) -> None:
    """How often it was done and refused; `pytest -s` shows it."""
    name = next(name for name, each in JOBS.items() if each is job)
    sys.stdout.write(f"{name}: writes {written:,} bytes; {dict(outcomes)}\n")
