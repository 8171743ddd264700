"""A full disk: every command that writes says so or succeeds, the ledger verifies, and nothing half is left."""

from __future__ import annotations

import json
import shutil
import sqlite3
import sys
from collections import Counter
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from ledger.demo.synthetic import build_synthetic
from ledger.store.backup import back_up
from ledger.store.engine import open_engine
from tests.reliability.full_disk import Answer, facts, fill, names, run, small_file_system

pytestmark = [
    pytest.mark.reliability,
    pytest.mark.skipif(not sys.platform.startswith("linux"), reason="limits are set as Linux does it"),
]

EVENTS = 200
KIB = 1024
ISSUES = {
    "issues": [
        {
            "key": f"K{number}",
            "rule": "python:S125",
            "message": "Remove this commented out code. " * 8,
            "effort": "30min",
        }
        | {"component": f"app:{number}.py", "creationDate": "2026-05-01T10:00:00+0000", "type": "CODE_SMELL"}
        | {"status": "OPEN", "project": "app", "line": number, "severity": "MAJOR"}
        for number in range(400)
    ]
}


@dataclass(frozen=True)
class Job:
    """A command that writes. words: `{folder}` is where the ledger is. target: what it makes there, if it is no entry."""

    words: tuple[str, ...]
    target: str = ""
    records: bool = False
    spoilt: bool = False
    elsewhere: bool = False


JOBS = {
    "append": Job(("note", "FRAUD-1", "x" * 2000), records=True),
    "import": Job(
        ("import", "sonarqube", "{folder}/issues.json", "--system", "FRAUD", "--interest", "10%"), records=True
    ),
    "rebuild": Job(("db", "rebuild"), spoilt=True),
    "report": Job(("report", "2025Q1"), target="packs/2025Q1/MANIFEST.json", records=True),
    "backup": Job(("db", "backup", "{folder}/backup-made.db"), target="backup-made.db"),
    "restore a backup": Job(("db", "restore", "{folder}/kept.db"), target="again.db", elsewhere=True),
    "restore an export": Job(("db", "restore", "{folder}/kept.jsonl"), target="again.db", elsewhere=True),
    "export": Job(("export", "jsonl", "{folder}/made.jsonl"), target="made.jsonl"),
    "bundle": Job(("bundle", "{folder}/made.zip"), target="made.zip"),
}
EVERY_JOB = pytest.mark.parametrize("job", JOBS.values(), ids=JOBS.keys())


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a ledger, a backup and an export of it, and issues to import."""
    folder = tmp_path_factory.mktemp("original")
    build_synthetic(f"sqlite:///{folder / 'ledger.db'}", events=EVENTS, seed=2)
    engine = open_engine(f"sqlite:///{folder / 'ledger.db'}")
    back_up(engine, folder / "kept.db")
    engine.dispose()
    shutil.copy(folder / "kept.db", folder / "ledger.db")
    (folder / "issues.json").write_text(json.dumps(ISSUES))
    answer = run(folder / "ledger.db", ["export", "jsonl", str(folder / "kept.jsonl")])
    assert answer.exit_code == 0, answer
    return folder


def prepare(job: Job, folder: Path) -> None:
    """What has to be there before the disk is full."""
    (folder / "config.toml").write_text(f'packs = "{folder}/packs"\n')
    if job.spoilt:
        with closing(sqlite3.connect(folder / "ledger.db")) as connection, connection:
            connection.execute("UPDATE item SET title = title || '?'")
            connection.execute("UPDATE posting SET amount_minor = amount_minor + 1")


def perform(job: Job, folder: Path, most_bytes: int | None = None) -> Answer:
    """Run a job on the ledger of a folder."""
    database = folder / ("again.db" if job.elsewhere else "ledger.db")
    words = [word.format(folder=folder) for word in job.words]
    return run(database, ["--config", str(folder / "config.toml"), *words], most_bytes=most_bytes)


def judge(job: Job, folder: Path, answer: Answer, before: tuple[list[tuple[object, ...]], set[str]]) -> str:
    """Whether it was done whole or not at all, and said so; the disk has room again."""
    assert not answer.crash, answer.crash
    told = f"{answer.exit_code}: {answer.err}"
    recorded, files = facts(folder / "ledger.db"), names(folder)
    if answer.exit_code == 0:
        if job.target:
            assert job.target in files, told
        if job.records:
            assert len(recorded) > len(before[0]), told
        outcome = "done"
    else:
        assert answer.exit_code == 3, told
        assert answer.err.startswith("debt: "), told
        assert recorded == before[0], told
        assert files == before[1], (told, files - before[1])
        outcome = "refused"
    if not (job.spoilt and outcome == "refused"):
        verified = run(folder / "ledger.db", ["verify"])
        assert verified.exit_code == 0, (told, verified)
    if job.elsewhere and outcome == "done":
        assert facts(folder / "again.db") == recorded
    return outcome


def limits(job: Job, folder: Path) -> list[int]:
    """From nothing at all to more than the ledger needs, and what lies close to where its log or its file ends."""
    size = (folder / "ledger.db").stat().st_size
    if job.words[0] == "report":  # a pack takes seconds
        return [0, 64 * KIB, size, 100 * size]
    return [0, 1, 4 * KIB, 32 * KIB, 33 * KIB, 64 * KIB, 160 * KIB, size // 2, size - 1, size + 64 * KIB, 100 * size]


def room(job: Job) -> list[int]:
    """From none to enough."""
    if job.words[0] == "report":
        return [0, 300 * KIB, 20_000 * KIB]
    return [0, 8 * KIB, 40 * KIB, 80 * KIB, 200 * KIB, 900 * KIB, 20_000 * KIB]


@EVERY_JOB
def test_a_limit_on_the_size_of_files_breaks_nothing(job: Job, original: Path, tmp_path: Path) -> None:
    """Wherever the limit strikes; with the highest it is done, with the lowest it is not."""
    outcomes = []
    for number, most_bytes in enumerate(limits(job, original)):
        folder = Path(shutil.copytree(original, tmp_path / str(number)))
        prepare(job, folder)
        before = facts(folder / "ledger.db"), names(folder)
        outcomes.append(judge(job, folder, perform(job, folder, most_bytes), before))
        shutil.rmtree(folder)
    tell(job, outcomes)
    assert (outcomes[0], outcomes[-1]) == ("refused", "done"), outcomes


@EVERY_JOB
def test_a_full_disk_breaks_nothing(job: Job, original: Path, tmp_path: Path) -> None:
    """The same on a file system with little room left; what was refused can be done once there is room."""
    outcomes = []
    for number, free in enumerate(room(job)):
        try:
            with small_file_system(tmp_path / str(number), 40_000 * KIB) as disk:
                outcomes.append(_on_a_full_disk(job, Path(shutil.copytree(original, disk / "copy")), free))
        except PermissionError as error:
            pytest.skip(str(error))
    tell(job, outcomes)
    assert (outcomes[0], outcomes[-1]) == ("refused", "done"), outcomes


def _on_a_full_disk(job: Job, folder: Path, free: int) -> str:
    prepare(job, folder)
    before = facts(folder / "ledger.db"), names(folder)
    ballast = fill(folder.parent, free)
    answer = perform(job, folder)
    ballast.unlink()
    outcome = judge(job, folder, answer, before)
    if outcome == "refused":
        assert perform(job, folder).exit_code == 0
    return outcome


def tell(job: Job, outcomes: list[str]) -> None:
    """How often it was done and refused; `pytest -s` shows it."""
    sys.stdout.write(f"{' '.join(job.words[:2])}: {dict(Counter(outcomes))}\n")
