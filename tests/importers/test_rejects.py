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
    return f"sonarqube {folder / 'export.json'} --system FRAUD"


def _sarif(folder: Path) -> str:
    path = write_log(
        folder / "log.sarif", run_of(result(1), result(2, baselineState="odd"), ended="2026-02-01T00:00:00Z")
    )
    return f"sarif {path} --system FRAUD"


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
    return f"adr {log} --system FRAUD"


def _csv(folder: Path) -> str:
    rows = ("observe,FRAUD,Good,glue-code", "observe,FRAUD,Odd,none", "dance,FRAUD,Odd,glue-code")
    said = "".join(f"{row},untracked,5\n" for row in rows)
    (folder / "rows.csv").write_text(f"do,system,title,category,cause,principal\n{said}")
    return f"csv {folder / 'rows.csv'}"


KINDS = {"sonarqube": (_sonarqube, {"k2", "k3"}), "sarif": (_sarif, None), "csv": (_csv, {""}), "adr": (_adr, {
    "0002-none", "0003-odd", "deep/0004-cut", "0005-twice", "0006-key"})}  # fmt: skip


@pytest.mark.parametrize("how", ["", "--strict", "--dry-run", "--dry-run --strict"])
@pytest.mark.parametrize("kind", KINDS)
def test_what_was_refused_is_written_in_any_case(tmp_path: Path, kind: str, how: str) -> None:
    """The rows are those of the JSON report, and the key of each is the name that its tool or log has for it."""
    teller = Teller(tmp_path / "ledger.db")
    teller.do(INIT, ADD_FRAUD, "rate set 800 --from 2024-01-01")
    make, keys = KINDS[kind]
    line = f"import {make(tmp_path)}"
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


#: What makes a second reading be refused as a whole, by kind; each of an export that has rows nobody can read.
WHOLE = {
    "sonarqube": ["--complete", "--on 2999-01-01"],
    "sarif": ["--complete", "--on 2999-01-01"],
    "adr": ["", "--on 2026-01-01"],
    "csv": [""],
}


@pytest.mark.parametrize(("kind", "how"), [(kind, how) for kind, options in WHOLE.items() for how in options])
def test_an_import_that_is_refused_as_a_whole_leaves_no_older_rows(tmp_path: Path, kind: str, how: str) -> None:
    """The file has the rows of this import that cannot be read, or none: never those of an import before."""
    teller = Teller(tmp_path / "ledger.db")
    teller.do(INIT, ADD_FRAUD, "rate set 800 --from 2024-01-01")
    line = f"import {KINDS[kind][0](tmp_path)}"
    teller.type(line)
    _spoil(kind, tmp_path)
    rejects = tmp_path / "rejects.csv"
    rejects.write_text("place,key,reason\nolder,older,older\n")
    reply = teller.type(f"{line} {how} --rejects {rejects}")
    assert reply.exit_code != 0
    with rejects.open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert "older" not in {row["key"] for row in rows}
    bad = {"adr": {"deep/0004-cut", "0005-twice"}, "sonarqube": {"k3"}}
    assert bad.get(kind, set()) <= {row["key"] for row in rows}


def _spoil(kind: str, folder: Path) -> None:
    """Make an export one that is refused as a whole, by its options or as it is."""
    if kind == "adr":
        for name in ("0001-good", "0002-none", "0003-odd", "0006-key"):
            (folder / "adr" / f"{name}.md").unlink()
    elif kind == "csv":
        (folder / "rows.csv").write_text("nothing,that,is,known\n1,2,3,4\n")
    elif kind == "sonarqube":
        export = json.loads((folder / "export.json").read_text())
        (folder / "export.json").write_text(json.dumps({"issues": export["issues"][1:], "total": 9}))
