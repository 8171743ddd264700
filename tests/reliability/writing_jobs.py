"""Every command that writes, and what has to be there first: the one list over which disks are filled and processes killed."""

from __future__ import annotations

import csv
import json
import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import count
from pathlib import Path

import pytest

from ledger.decide.note import AddNote
from ledger.decide.observe import Observe
from ledger.decide.request import Request
from ledger.demo.synthetic import build_synthetic
from ledger.services.export import ExportWanted, export_file
from ledger.services.open_ledger import open_ledger
from ledger.store.backup import back_up
from ledger.store.engine import open_engine
from ledger.store.ledger import Ledger
from ledger.vocabulary.quantities import Quantity
from tests.corpus.frozen import thawed_sqlite
from tests.helpers.budget_forms import row, write_form
from tests.helpers.optional import needs

EVENTS = 200
BOOK = "synthetic-1"
#: A day after the last entry of the book, so that its last quarter can be closed.
NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)
DECISIONS = 60
OLD_SCHEMA = "0002"


#: What is asked: words as typed, or something in Python, given the database's URL.
Asked = Sequence[str] | Callable[[str], None]


@dataclass(frozen=True)
class Job:
    """A command that writes. words: as typed, `{folder}` is where the ledger is; or `act`, for what only Python can.

    database: on which file. target: what it makes in the folder, if it is no entry. records: it adds events. spoilt: the
    read models are damaged first.
    """

    words: tuple[str, ...] = ()
    act: Callable[[str], None] | None = None
    database: str = "ledger.db"
    target: str = ""
    records: bool = False
    spoilt: bool = False

    def asked(self, folder: Path) -> Asked:
        """What is asked at a ledger in this folder."""
        if self.act:
            return self.act
        return [word.format(folder=folder) for word in self.words]


def identifiers(prefix: str) -> Callable[[], str]:
    """The same in every process, so that the same entries have the same hashes."""
    numbers = count(1)
    return lambda: f"{prefix}-{next(numbers)}"


def ledger_at(url: str, prefix: str) -> Ledger:
    """The book of the jobs, at their time."""
    return Ledger(open_engine(url), BOOK, lambda: NOW, identifiers(prefix))


def record_batch(url: str) -> None:
    """What from Python is one transaction of many requests."""
    ledger = ledger_at(url, "batch")
    remarks = [AddNote(item="FRAUD-2", text=f"{number} " + "x" * 500) for number in range(300)]
    try:
        ledger.handle_all(Request(each, "ada", NOW.date(), key=each.text[:4]) for each in remarks)
    finally:
        ledger.engine.dispose()


#: Jobs that append: each one transaction.
APPENDING = {
    "append": Job(("note", "FRAUD-1", "x" * 2000), records=True),
    "batch": Job(act=record_batch, records=True),
    "adopt a file": Job(("adopt", "--file", "{folder}/decisions.csv"), records=True),
    "import a budget": Job(("budget", "import", "{folder}/form.xlsx", "--yes"), records=True),
    "import": Job(
        ("import", "sonarqube", "{folder}/issues.json", "--system", "FRAUD", "--interest", "10%"), records=True
    ),
    "close": Job(("close", "2026Q3"), records=True),
    "sign a checkpoint": Job(
        ("checkpoint", "--sign", "{folder}/key", "--out", "{folder}/signed.txt"), target="signed.txt", records=True
    ),
    "report": Job(("report", "2025Q1", "--into", "{folder}/packs"), target="packs/2025Q1/MANIFEST.json", records=True),
}
#: Jobs that change a database otherwise, or make one.
KEEPING = {
    "upgrade": Job(("db", "upgrade"), database="old.db"),
    "rebuild": Job(("db", "rebuild"), spoilt=True),
    "backup": Job(("db", "backup", "{folder}/backup-made.db"), target="backup-made.db"),
    "restore a backup": Job(("db", "restore", "{folder}/kept.db"), database="again.db", target="again.db"),
    "restore an export": Job(("db", "restore", "{folder}/kept.jsonl"), database="again.db", target="again.db"),
}
#: As the one before, where there is a ledger of an older schema with other books: they are brought up, and it joins them.
RESTORE_BESIDE = Job(("db", "restore", "{folder}/kept.jsonl"), database="old.db")
#: Jobs that write a file for somebody else.
GIVING_OUT = {
    **{
        f"export {kind}": Job(("export", kind, f"{{folder}}/made.{kind}"), target=f"made.{kind}")
        for kind in ("jsonl", "csv", "hledger", "beancount")
    },
    "bundle": Job(("bundle", "{folder}/made.zip"), target="made.zip"),
    "checkpoint": Job(("checkpoint", "--out", "{folder}/made.txt"), target="made.txt"),
    "prove": Job(("prove", "2", "--out", "{folder}/made.proof"), target="made.proof"),
    "audit report": Job(("audit-report", "--xlsx", "{folder}/made.xlsx"), target="made.xlsx"),
    "graph": Job(("system", "graph", "--format", "svg", "--out", "{folder}/made.svg"), target="made.svg"),
    "data sheet": Job(("datasheet", "FRAUD", "--dataset", "d", "--export", "{folder}/made.md"), target="made.md"),
}
JOBS = {**APPENDING, **KEEPING, **GIVING_OUT}
EVERY_JOB = pytest.mark.parametrize(
    "job",
    [
        pytest.param(job, id=name, marks=[needs("ssh-keygen")] if "--sign" in job.words else [])
        for name, job in JOBS.items()
    ],
)


def prepared(folder: Path) -> Path:
    """A folder with a ledger, a backup and an export of it, a ledger of before, and what the jobs read."""
    url = f"sqlite:///{folder / 'ledger.db'}"
    build_synthetic(url, events=EVENTS, seed=2)
    ledger = ledger_at(url, "prepared")
    ledger.handle_all(
        Request(
            Observe(system="FRAUD", title=f"Found {number}", category="staleness", cause="untracked",
                    principal=Quantity(minor=100_000 + number), on=date(2026, 10, 1)),
            "ada", NOW.date())
        for number in range(DECISIONS)
    )  # fmt: skip
    back_up(ledger.engine, folder / "kept.db")
    books = open_ledger(url, actor="ada")
    export_file(books, ExportWanted("jsonl"), folder / "kept.jsonl")
    books.ledger.engine.dispose()
    _write_inputs(ledger, folder)
    ledger.engine.dispose()
    for log in ("", "-wal", "-shm"):
        (folder / f"ledger.db{log}").unlink(missing_ok=True)
    shutil.copy(folder / "kept.db", folder / "ledger.db")
    thawed = folder / "thawed"
    thawed.mkdir()
    thawed_sqlite(OLD_SCHEMA, thawed)
    (thawed / "ledger.db").rename(folder / "old.db")
    thawed.rmdir()
    return folder


def _write_inputs(ledger: Ledger, folder: Path) -> None:
    with ledger.reading() as connection:
        found = connection.exec_driver_sql(
            "SELECT item FROM item WHERE title LIKE 'Found %' AND nature = 'neglect' ORDER BY position"
        ).scalars()
        neglect = list(found)
        teams = connection.exec_driver_sql("SELECT DISTINCT team FROM owner ORDER BY team").scalars().all()
    with (folder / "decisions.csv").open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["item", "decided_by", "because", "benefit", "repay_by"])
        writer.writerows([each, "anna", "the fair " + "x" * 300, "three weeks", "2027Q4"] for each in neglect)
    quarters = [f"{year}Q{number}" for year in range(2027, 2037) for number in range(1, 5)]
    write_form(folder / "form.xlsx", [row(each, teams[0], 500 + n, forecast=n) for n, each in enumerate(quarters)])
    (folder / "issues.json").write_text(json.dumps({"issues": [_finding(number) for number in range(400)]}))


def _finding(number: int) -> dict[str, object]:
    return {
        "key": f"K{number}", "rule": "python:S125", "message": "Remove this commented out code. " * 8, "effort": "30min",
        "component": f"app:{number}.py", "creationDate": "2026-05-01T10:00:00+0000", "type": "CODE_SMELL",
        "status": "OPEN", "project": "app", "line": number, "severity": "MAJOR",
    }  # fmt: skip


def copied(job: Job, original: Path, folder: Path) -> Path:
    """A folder of a job's own."""
    made = Path(shutil.copytree(original, folder))
    if "--sign" in job.words:
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(made / "key")], check=True)
    if job.spoilt:
        _spoil(made / "ledger.db")
    return made


def _spoil(path: Path) -> None:
    """Damage the read models of an SQLite ledger, so that a rebuild has something to do."""
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE item SET title = title || '?'")
        connection.execute("UPDATE posting SET amount_minor = amount_minor + 1")
