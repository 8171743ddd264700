"""Whose an entry is: known by the request that it came from, and never by the words that somebody wrote."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

import ledger as package
from ledger.decide.command import Command
from ledger.decide.repay import Repay
from ledger.decide.request import Request
from ledger.decide.revise import Revise
from ledger.decide.write_off import WriteOff
from ledger.services.import_repair import repair_imports
from ledger.services.import_rows import import_rows
from ledger.services.requester import Requester
from ledger.store.ledger import Ledger
from ledger.vocabulary.quantities import Quantity
from tests.importers.test_import_repair import filled
from tests.importers.test_sonarqube import TODAY, bodies, issue, run, write

pytestmark = pytest.mark.reliability  # long, together

ROOT = Path(package.__file__).parent
DAY = date(2026, 11, 12)

#: What a person may write, an importer's own words among it.
EVIDENCE = ["sonarqube", "sonarqube ", "sonarqube x.py", "sonarqube export of 2026-11-10", "import sonarqube-1", None]
#: Keys that a person may take.
KEYS = [None, "sonarqube-1/9", "sonarqube-1/undo/1", "sonarqube:other:closed", "sonarqube:AX1:closedx", "sonarqube:AX1"]


def said(evidence: str | None) -> dict[str, Command]:
    common: dict[str, Any] = {"item": "BOURSI-1", "on": DAY, "evidence": evidence}
    return {
        "repaid": Repay(**common),
        "written off": WriteOff(**common, because="x"),
        "estimated": Revise(**common, principal=Quantity(minor=12_300), because="x"),
    }


@pytest.mark.parametrize(
    ("evidence", "key"), [*((each, None) for each in EVIDENCE), *((None, key) for key in KEYS if key)]
)
@pytest.mark.parametrize("what", said(None))
def test_what_a_person_said_is_his_whatever_he_wrote(
    ledger: Ledger, tmp_path: Path, what: str, evidence: str | None, key: str | None
) -> None:
    run(ledger, write(tmp_path / "a.json", [issue()]))
    (opening,) = bodies(ledger, "neglect-observed")
    written = opening["data"]["evidence"] if evidence == "sonarqube" else evidence
    command = said(written)[what]
    ledger.handle(Request(command, "lead", TODAY, key) if key else Request(command, "lead", TODAY))
    again = issue(effort="3h", updateDate="2026-11-14T00:00:00+0000")
    report = run(ledger, write(tmp_path / "b.json", [again]))
    assert set(report.recorded) <= {"import-run/1"}
    (remark,) = report.plan.remarks
    assert ("by a person" if what != "estimated" else "a person estimated") in remark.what


@pytest.mark.parametrize("row", ["repay,BOURSI-1,,,all", "write-off,BOURSI-1,x,,", "revise,BOURSI-1,x,123,"])
def test_what_a_person_took_from_a_spreadsheet_is_his_though_it_is_a_run(
    ledger: Ledger, tmp_path: Path, row: str
) -> None:
    run(ledger, write(tmp_path / "a.json", [issue()]))
    rows = tmp_path / "rows.csv"
    rows.write_text(f"do,item,because,principal,amount,on\n{row},2026-11-12\n")
    assert import_rows(ledger, rows, Requester("lead", TODAY), strict=True).read == 1
    again = issue(effort="3h", updateDate="2026-11-14T00:00:00+0000")
    (remark,) = run(ledger, write(tmp_path / "b.json", [again])).plan.remarks
    assert " a person" in remark.what


@pytest.mark.parametrize("evidence", EVIDENCE)
def test_spending_that_a_person_did_not_measure_is_no_importers_mistake(ledger: Ledger, evidence: str | None) -> None:
    filled(ledger, "k", "CLOSED", "FIXED", repaid=False)
    ledger.handle(Request(Repay(item="BOURSI-1", on=DAY, evidence=evidence), "lead", TODAY))
    assert repair_imports(ledger, Requester("lead", TODAY), dry_run=True).mended == ()


def test_what_importers_recorded_before_there_were_runs_is_theirs(ledger: Ledger) -> None:
    filled(ledger, "a:b", "CLOSED", "FIXED", repaid=True)
    (mended,) = repair_imports(ledger, Requester("lead", TODAY), dry_run=True).mended
    assert mended.startswith("BOURSI-1: ")


# --- the kind ---------------------------------------------------------------------------------------------

#: What people write.
WORDS = ("evidence", "because", "title", "why", "text", "note")
#: Where such a word is looked at by its beginning, and why that tells nothing of who wrote it.
LOOKED_AT = {
    "cli/lead/listing.py": "a minus before the column that a list is put in order by",
    "services/breach.py": "asked of what a program opened alone: people name no source",
    "vocabulary/spreadsheet_text.py": "how it is written down",
    "vocabulary/datasheet_form.py": "a document that is read",
    "importers/answers": "documents that are read",
    "importers/decision_log": "documents that are read",
    "measures/bias/sentences.py": "a sentence is made",
    "proof/verify_bundle.py": "the format of a checkpoint",
}


def _looked_at() -> Iterator[str]:
    for path in sorted(ROOT.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "startswith":
                named = {each.attr for each in ast.walk(node.func.value) if isinstance(each, ast.Attribute)}
                named |= {each.id for each in ast.walk(node.func.value) if isinstance(each, ast.Name)}
                if named.intersection(WORDS):
                    yield path.relative_to(ROOT).as_posix()


def test_nothing_is_recognised_by_how_a_text_begins() -> None:
    """What is looked at has its reason here, and every reason something that is looked at."""
    found = set(_looked_at())
    assert {path for path in found if not path.startswith(tuple(LOOKED_AT))} == set()
    assert [place for place in LOOKED_AT if not any(path.startswith(place) for path in found)] == []
