"""Every state that SonarQube documents, in every form that it has, in front of every state that an item can be in."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from ledger.decide.adopt import Adopt
from ledger.decide.repay import Repay
from ledger.importers.findings.finding import STANDING, FindingState
from ledger.importers.findings.sonarqube_states import STATE_OF, STATE_OF_ISSUE_STATUS, state_of
from ledger.store.ledger import Ledger
from ledger.vocabulary.errors import Refused
from ledger.vocabulary.quantities import Quantity
from tests.importers.test_sonarqube import OBSERVED, REPAID, RUN, bodies, issue, record, rows, run, write

WRITTEN_OFF, REVISED = "item-written-off/1", "estimate-revised/1"
UPDATED = "2026-11-10T12:00:00+0000"

#: What a finding in a state leads to: not in the books yet, and open in the books.
FIRST: dict[FindingState, dict[str, int]] = {
    "open": {OBSERVED: 1},
    "accepted": {OBSERVED: 1},
    "fixed": {OBSERVED: 1, REPAID: 1},
    "gone": {OBSERVED: 1, WRITTEN_OFF: 1},
    "rejected": {},
}
AGAIN: dict[FindingState, dict[str, int]] = {
    "open": {},
    "accepted": {},
    "fixed": {REPAID: 1},
    "gone": {WRITTEN_OFF: 1},
    "rejected": {WRITTEN_OFF: 1},
}


def forms() -> list[tuple[str, FindingState, dict[str, Any]]]:
    """Every state in every form: by status and resolution, spelled in each way, by issueStatus alone."""
    found: list[tuple[str, FindingState, dict[str, Any]]] = []
    for (status, resolution), state in STATE_OF.items():
        spellings = {resolution, resolution.replace("_", "-"), resolution.lower()} - {""} or {None}
        for spelling in sorted(spellings, key=str):
            fields = {"status": status, "resolution": spelling, "updateDate": UPDATED}
            if status == "CLOSED":
                fields["closeDate"] = UPDATED
            found.append((f"{status} {spelling}", state, fields))
    for alone, state in STATE_OF_ISSUE_STATUS.items():
        found.append((f"issueStatus {alone}", state, {"status": None, "issueStatus": alone, "updateDate": UPDATED}))
    return found


FORMS = forms()
EVERY_FORM = pytest.mark.parametrize(("state", "fields"), [each[1:] for each in FORMS], ids=[each[0] for each in FORMS])
#: One form of each state is enough for what knows no tool.
EVERY_STATE = pytest.mark.parametrize(
    ("state", "fields"), [next(each[1:] for each in FORMS if each[1] == state) for state in FIRST], ids=list(FIRST)
)


@pytest.mark.reliability
@EVERY_FORM
def test_a_state_is_recorded_as_its_table_says(
    ledger: Ledger, tmp_path: Path, state: FindingState, fields: dict[str, Any]
) -> None:
    export = write(tmp_path / "e.json", [issue(**fields)])
    report = run(ledger, export)
    assert report.recorded == RUN | FIRST[state]
    assert report.refused == ()
    assert all(body["data"]["spent_minor"] is None for body in bodies(ledger, "repayment-recorded"))
    ended = bodies(ledger, "repayment-recorded") + bodies(ledger, "item-written-off")
    assert {body["effective_on"] for body in ended} <= {"2026-11-10"}
    assert report.reconciliation.agrees
    assert report.reconciliation.source_open.items == (state in STANDING)
    assert len(report.waiting) == (state == "accepted")
    assert run(ledger, export).recorded == {}


@pytest.mark.reliability
@EVERY_FORM
def test_what_is_open_here_follows_the_tool(
    ledger: Ledger, tmp_path: Path, state: FindingState, fields: dict[str, Any]
) -> None:
    run(ledger, write(tmp_path / "open.json", [issue()]))
    report = run(ledger, write(tmp_path / "e.json", [issue(**fields)]))
    assert report.recorded == RUN | AGAIN[state]
    assert report.reconciliation.agrees
    assert run(ledger, tmp_path / "e.json").recorded == {}


def adopted(ledger: Ledger) -> None:
    decided = {"decided_by": "lead", "because": "later", "benefit": "time", "repay_by": "2027Q1"}
    record(ledger, Adopt(item="BOURSI-1", on=date(2026, 11, 15), **decided))  # type: ignore[arg-type]


def part_repaid(ledger: Ledger) -> None:
    record(ledger, Repay(item="BOURSI-1", amount=Quantity(minutes=4), on=date(2026, 11, 12)))


def both(ledger: Ledger) -> None:
    part_repaid(ledger)
    adopted(ledger)


@EVERY_STATE
@pytest.mark.parametrize("touch", [adopted, part_repaid, both])
def test_what_people_touched_follows_the_tool_behind_its_barriers(
    ledger: Ledger, tmp_path: Path, state: FindingState, fields: dict[str, Any], touch: Any
) -> None:
    """The tool's day is before the adoption: what it says is posted on the first day allowed, late, and keeps its own."""
    run(ledger, write(tmp_path / "open.json", [issue()]))
    touch(ledger)
    report = run(ledger, write(tmp_path / "e.json", [issue(**fields)]))
    ended = {name: number for name, number in report.recorded.items() if name in (REPAID, WRITTEN_OFF)}
    refused = state != "open" and state != "accepted" and touch is part_repaid and state in ("gone", "rejected")
    if refused:
        # A write-off takes the whole rest of its day, of which somebody repaid a part later.
        assert [row.key for row in report.refused] == ["AX1"]
        return
    assert ended == AGAIN[state]
    for body in (bodies(ledger, "repayment-recorded") + bodies(ledger, "item-written-off"))[-1:]:
        if ended and touch is not part_repaid:
            assert (body["effective_on"], body["data"]["occurred_on"]) == ("2026-11-15", "2026-11-10")
    if not ended:
        assert len(report.waiting) == (state == "accepted" and touch is part_repaid)


def test_a_state_that_nobody_knows_is_reported_and_changes_nothing(ledger: Ledger, tmp_path: Path) -> None:
    run(ledger, write(tmp_path / "open.json", [issue()]))
    for fields in (
        {"status": "SLEEPING"},
        {"status": "RESOLVED", "resolution": "TIRED"},
        {"status": "CLOSED"},
        {"status": None, "issueStatus": "IN_SANDBOX"},
    ):
        report = run(ledger, write(tmp_path / "e.json", [issue(**fields)]))
        assert set(report.recorded) <= set(RUN)
        assert [(row.key, "Nobody knows what the state" in row.why) for row in report.refused] == [("AX1", True)]


def test_no_table_guesses() -> None:
    """Every pair of the words that occur is in a table, or it is none's."""
    words = {word for pair in STATE_OF for word in pair} | {"", "ELSE"}
    known = {(s, r) for s in words for r in words if state_of(s, r, "", closed=False) is not None}
    assert known == set(STATE_OF) | {("", "")}


@pytest.fixture
def cases(shared_data: Path) -> Path:
    found = shared_data.parent / "cases"
    if not found.is_dir():
        pytest.skip("the folder ../shared/cases is not there")
    return found


def test_decided_issues_are_told_apart(ledger: Ledger, cases: Path) -> None:
    report = run(ledger, cases / "sonar-decided.json")
    # One hour and two days of the tool's are open, one of them accepted; a day is 800.00.
    assert report.recorded == {**RUN, OBSERVED: 6, REPAID: 2, WRITTEN_OFF: 1}
    assert [item.opening.external_key for item in report.waiting] == ["k-wontfix"]
    ends = {body["data"]["item"]: body["effective_on"] for body in bodies(ledger, "repayment-recorded")}
    keys = {row.item: row.external_key for row in rows(ledger, "SELECT item, external_key FROM item")}
    assert {keys[item]: day for item, day in ends.items()} == {"k-closed": "2026-03-01", "k-fixed": "2026-03-01"}
    assert {body["data"]["removed_minor"] for body in bodies(ledger, "repayment-recorded")} == {80000}
    assert report.reconciliation.ledger_open.minutes == 60 + 480 + 480
    assert run(ledger, cases / "sonar-decided.json").recorded == {}


def test_what_turns_out_to_be_a_false_positive_is_written_off(ledger: Ledger, cases: Path) -> None:
    run(ledger, cases / "sonar-then-open.json")
    report = run(ledger, cases / "sonar-then-false-positive.json")
    (body,) = bodies(ledger, "item-written-off")
    assert body["data"]["because"] == "a false positive in SonarQube (RESOLVED, FALSE-POSITIVE)"
    assert report.reconciliation.ledger_open.items == 0
    with pytest.raises(Refused, match="what it says is over"):
        run(ledger, cases / "sonar-then-open.json")


def test_the_table_of_the_page_is_the_one_that_is_read() -> None:
    page = (Path(__file__).parents[2] / "docs" / "importing.md").read_text(encoding="utf-8")
    table = page.split("| status | resolution | state |\n")[1].split("\n\n")[0].splitlines()[1:]
    written = {}
    for line in table:
        statuses, resolutions, state = (cell.strip() for cell in line.strip("|").split("|"))
        for status in statuses.split(", "):
            for resolution in resolutions.split(", "):
                written[status, "" if resolution == "–" else resolution.replace("-", "_")] = state
    assert written == STATE_OF
