"""Rows that were not recorded speak of themselves alone: others of their file may be."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import ledger as package
from ledger.importers.rows import row_reason
from ledger.services.adopt_file import adopt_from_file
from ledger.store.ledger import Ledger
from ledger.vocabulary.errors import NOTHING_RECORDED, LedgerError, Refused, StoreError, Unreadable
from tests.helpers.sarif_logs import result, run_of, write_log
from tests.importers.conftest import TODAY
from tests.importers.test_sarif import run_sarif


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (Refused("It is closed.", "`debt revise X --title 'a  b'`."), "It is closed. `debt revise X --title 'a  b'`."),
        (Refused("It is closed."), "It is closed."),
        (Unreadable(f"It is no text. {NOTHING_RECORDED} Save it."), "It is no text. Save it."),
        (StoreError(NOTHING_RECORDED), ""),
        (Unreadable("It is no text."), "It is no text."),
    ],
)
def test_a_reason_says_why_and_what_instead(error: LedgerError, said: str) -> None:
    assert row_reason(error) == said


def test_every_reason_of_a_row_is_made_so() -> None:
    """Wherever a row is given up for an error, its whole text is not put in: it says that nothing was recorded."""
    raw = []
    for path in Path(package.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "BadRow":
                said = ast.unparse(node.args[1])
                raw += [f"{path.name}: {said}"] if "str(" in said or "{refusal}" in said or "{error}" in said else []
    assert raw == []


def test_rows_of_findings_and_decisions_do_not_speak_of_others(ledger: Ledger, tmp_path: Path) -> None:
    path = write_log(tmp_path / "a.sarif", run_of(result(1), 7, result(2, level=["x"]), result(3, baselineState="odd")))
    refused = run_sarif(ledger, path).refused
    rows = tmp_path / "decisions.csv"
    rows.write_text(
        "item,decided_by,because,benefit,repay_by\nBOURSI-1,Ada,why,what,soon\nBOURSI-9,Ada,why,what,2027Q1\nx,,,,\n"
        "BOURSI-1,Ada,coding error,what,2027Q1\n"
    )
    bad = adopt_from_file(ledger, rows, actor="ada", asked_on=TODAY).bad
    assert (len(refused), len(bad)) == (3, 4)
    for row in (*refused, *bad):
        assert row.why
        assert "othing was recorded" not in row.why
