"""The pack as files: same bytes anywhere, all or nothing, a manifest and a CSV that can be trusted."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path

import pytest

import reports.pack.pack
from ledger.vocabulary.spreadsheet_text import printable
from reports.pack.files import content_hash, put
from reports.pack.pack import Pack, write_pack
from reports.registry import CHARTS
from tests.helpers.quarter_books import CASES, HOSTILE

ROOT = Path(__file__).parents[3]

_BUILD = """
import sys
from pathlib import Path
from tests.helpers.quarter_books import hostile
from reports.pack.pack import write_pack
write_pack(hostile().view(), Path(sys.argv[1]))
"""


def contents(folder: Path) -> Mapping[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


@pytest.mark.reliability
def test_the_same_view_gives_the_same_bytes_in_another_process_zone_locale_and_hash_seed(tmp_path: Path) -> None:
    settings = (
        {"TZ": "Pacific/Kiritimati", "LC_ALL": "C", "PYTHONHASHSEED": "1", "OPENPYXL_LXML": "False"},
        {
            "TZ": "America/New_York",
            "LC_ALL": "de_DE.UTF-8",
            "LANG": "tr_TR",
            "PYTHONHASHSEED": "77",
            "MPLBACKEND": "svg",
        },
    )
    for number, setting in enumerate(settings):
        folder = tmp_path / str(number)
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "MPLCONFIGDIR": str(tmp_path / f"mpl{number}"), **setting}
        subprocess.run([sys.executable, "-c", _BUILD, str(folder)], check=True, env=environment, cwd=tmp_path)
    first, second = contents(tmp_path / "0"), contents(tmp_path / "1")
    assert len(first) == 5 + 2 * len(CHARTS)
    assert [name for name in first if first[name] != second.get(name)] == []
    assert set(first) == set(second)


def test_the_files_of_a_pack(pack: Pack) -> None:
    assert sorted(contents(pack.folder)) == [
        "MANIFEST.json",
        *(f"charts/{entry.name}.{form}" for entry in CHARTS for form in ("png", "svg")),
        "debt-2026Q3-charts.pdf",
        "debt-2026Q3-deck.pdf",
        "debt-2026Q3.xlsx",
        "postings-2026Q3.csv",
    ]
    assert pack.workbook.name == "debt-2026Q3.xlsx"
    assert len(pack.charts) == 2 * len(CHARTS)


def test_the_manifest_identifies_every_file(pack: Pack) -> None:
    manifest = json.loads(pack.manifest.read_text())
    assert {record["name"] for record in manifest["files"]} == set(contents(pack.folder)) - {"MANIFEST.json"}
    for record in manifest["files"]:
        data = (pack.folder / record["name"]).read_bytes()
        assert record["sha256"] == hashlib.sha256(data).hexdigest()
        assert record["content_sha256"] == content_hash(record["name"], data)
    assert (manifest["position"], manifest["as_of"], manifest["checks"]) == (1234, "2026-09-30", "OK")
    assert manifest["known_at"] == "2026-10-03T09:00:00.123456Z"
    assert manifest["head_hash"].startswith("9f2c12ab34cd")


def test_the_content_hash_ignores_how_a_workbook_was_zipped_and_nothing_else(pack: Pack) -> None:
    data = pack.workbook.read_bytes()

    def repacked(change: bytes = b"") -> bytes:
        buffer = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(buffer, "w") as target:
            for name in reversed(source.namelist()):
                part = source.read(name)
                target.writestr(name, part.replace(b"FRAUD-1", change) if change else part)
        return buffer.getvalue()

    assert repacked() != data
    assert content_hash("a.xlsx", repacked()) == content_hash("a.xlsx", data)
    assert content_hash("a.xlsx", repacked(b"FRAUD-7")) != content_hash("a.xlsx", data)


@pytest.mark.reliability
def test_a_failed_build_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reports.pack.pack, "CHARTS", CHARTS[:1])
    write_pack(CASES["typical"], tmp_path)
    before = contents(tmp_path)

    def broken(*_arguments: object) -> bytes:
        raise OSError("no space left")

    monkeypatch.setattr(reports.pack.pack, "postings_csv", broken)
    with pytest.raises(OSError, match="no space"):
        write_pack(CASES["still"], tmp_path)
    assert contents(tmp_path) == before


def test_a_failed_write_leaves_no_half_file(tmp_path: Path) -> None:
    """The second has no folder to stand in; on a full disk: tests/reliability."""
    put(tmp_path, {"a": b"old", "b": b"old"})
    with pytest.raises(OSError, match="b"):
        put(tmp_path, {"a": b"new", "b/c": b"new"})
    assert contents(tmp_path) == {"a": b"old", "b": b"old"}
    put(tmp_path, {"a": b"new", "c/d": b"new"})
    assert contents(tmp_path) == {"a": b"new", "b": b"old", "c/d": b"new"}


def rows_of(pack: Pack) -> list[dict[str, str]]:
    path = next(pack.folder / file.name for file in pack.files if file.name.endswith(".csv"))
    return list(csv.DictReader(io.StringIO(path.read_bytes().decode("utf-8-sig"), newline="")))


def test_the_csv_holds_every_posting_to_the_minor_unit(pack: Pack) -> None:
    view = CASES["typical"]
    rows = rows_of(pack)
    assert len(rows) == len(view.journal)
    signed = [Decimal(row["debit"] or "0") - Decimal(row["credit"] or "0") for row in rows]
    assert signed == [Decimal(leg.amount) / 100 for leg in view.journal]
    assert [row["account"] for row in rows] == [leg.account for leg in view.journal]
    assert rows[-1]["effective_on"] == view.journal[-1].effective_on.isoformat()
    assert {row["gl_account"] for row in rows} == {""}


def test_no_cell_of_the_csv_is_a_formula(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reports.pack.pack, "CHARTS", CHARTS[:1])
    teams = [row["team"] for row in rows_of(write_pack(CASES["hostile"], tmp_path))]
    assert not [team for team in teams if team[:1] in "=+-@\t\r"]
    # Every posting has two legs.
    assert [team.removeprefix("'") for team in teams[::2]] == [printable(text[:200]) for text in HOSTILE]


@pytest.mark.reliability
def test_progress_is_told_in_words(tmp_path: Path) -> None:
    told: list[tuple[str, float]] = []
    write_pack(CASES["empty"], tmp_path, progress=lambda step, done: told.append((step, done)))
    charts = [f"Drawing chart {number} of {len(CHARTS)}" for number in range(1, len(CHARTS) + 1)]
    assert [step for step, _ in told][: len(charts)] == charts
    assert [step for step, _ in told][-1] == "Saving the files"
    shares = [done for _, done in told]
    assert shares == sorted(shares)
    assert 0 <= shares[0] < shares[-1] <= 1


def test_importing_the_package_loads_neither_charts_nor_workbooks() -> None:
    code = "import sys, reports; print([m for m in ('matplotlib', 'openpyxl', 'pandas') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True, cwd=ROOT)
    assert done.stdout.strip() == "[]"
