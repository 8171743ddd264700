"""What an import refused, as a file: every kind, whether the rest is recorded, only shown, or refused with it."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from tests.helpers.sarif_logs import result, run_of, write_log
from tests.helpers.teller import ADD_FRAUD, INIT, Teller

BLOCK = (
    "---\nstatus: accepted\ndate: 2026-02-03\ndeciders: ann\ndebt: {{principal: {principal}, interest: 10%, repay-by: 2027Q1, "
    "category: {category}, because: x, benefit: y}}\n---\n# {title}\n"
)


def _sonarqube(folder: Path) -> str:
    good = {"key": "k1", "message": "m", "creationDate": "2026-02-01T00:00:00+0000", "effort": "1d", "status": "OPEN"}
    issues = [good, good | {"key": "k2", "status": "ODD"}, good | {"key": "k3", "effort": "much"}]
    (folder / "export.json").write_text(json.dumps({"issues": issues}))
    return f"sonarqube {folder / 'export.json'}"


def _sarif(folder: Path) -> str:
    path = write_log(
        folder / "log.sarif", run_of(result(1), result(2, baselineState="odd"), ended="2026-02-01T00:00:00Z")
    )
    return f"sarif {path}"


def _adr(folder: Path) -> str:
    log = folder / "adr"
    (log / "deep").mkdir(parents=True)
    (log / "0001-good.md").write_text(BLOCK.format(principal=1000, category="code-quality", title="Good"))
    (log / "0002-none.md").write_text(BLOCK.format(principal=0, category="code-quality", title="Nothing owed"))
    (log / "0003-odd.md").write_text(BLOCK.format(principal=1000, category="no-such", title="Odd"))
    (log / "deep" / "0004-cut.md").write_text("---\nstatus: accepted\n# Cut\n")
    (log / "0005-twice.md").write_text("# Twice\n\nStatus: accepted\n")
    (log / "0005-twice.rst").write_text("Twice\n=====\n\n:Status: accepted\n")
    (log / "0006-key.md").write_text(BLOCK.format(principal="1, odd: 2", category="code-quality", title="Key"))
    return f"adr {log}"


KINDS = {"sonarqube": (_sonarqube, {"k2", "k3"}), "sarif": (_sarif, None), "adr": (_adr, {
    "0002-none", "0003-odd", "deep/0004-cut", "0005-twice", "0006-key"})}  # fmt: skip


@pytest.mark.parametrize("how", ["", "--strict", "--dry-run", "--dry-run --strict"])
@pytest.mark.parametrize("kind", KINDS)
def test_what_was_refused_is_written_in_any_case(tmp_path: Path, kind: str, how: str) -> None:
    """The rows are those of the JSON report, and the key of each is the name that its tool or log has for it."""
    teller = Teller(tmp_path / "ledger.db")
    teller.do(INIT, ADD_FRAUD, "rate set 800 --from 2024-01-01")
    make, keys = KINDS[kind]
    line = f"import {make(tmp_path)} --system FRAUD"
    shown: list[dict[str, Any]] = teller.type(f"{line} --dry-run --format json").json["refused"]
    assert shown
    rejects = tmp_path / "rejects.csv"
    reply = teller.type(f"{line} {how} --rejects {rejects}")
    assert reply.exit_code == 1, reply.err
    with rejects.open(newline="") as file:
        assert list(csv.DictReader(file)) == shown
    if keys is not None:
        assert {row["key"] for row in shown} == keys
    assert ("Nothing was recorded" in reply.err) is bool(how)
