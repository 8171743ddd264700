"""Every state that SARIF can give a result, in every form and combination, against a table written from the standard."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import count, product
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from ledger.importers.findings import sarif
from ledger.importers.findings.finding import STANDING, FindingState, RecordRead, ToolFinding
from ledger.importers.rows import BadRow
from ledger.store.ledger import Ledger
from tests.helpers.sarif_logs import by_severity, result, run_of, write_log
from tests.importers.test_sarif import run_sarif
from tests.importers.test_sonarqube import RUN, bodies
from tests.importers.test_sonarqube_states import AGAIN, FIRST, adopted

NOT_A_FINDING = ("pass", "open", "review", "notApplicable", "informational")
STATUSES = (None, "accepted", "underReview", "rejected")
#: No suppression, none that holds, and one or two of each status.
SUPPRESSIONS: list[tuple[str | None, ...] | None] = [
    None,
    (),
    *((each,) for each in STATUSES),
    *product(STATUSES, repeat=2),
]
BASELINES = (None, "new", "unchanged", "updated", "absent")
LEVELS = (None, "none", "note", "warning", "error")
#: What may identify a result; each but the last two alone is enough.
FORMS: dict[str, dict[str, Any]] = {
    "correlationGuid": {"correlationGuid": "{n:08d}-1111-1111-8888-111111111111"},
    "fingerprints": {"fingerprints": {"stable/v1": "f{n}", "stable/v2": "g{n}"}},
    "partialFingerprints": {"partialFingerprints": {"primaryLocationLineHash": "p{n}:1"}},
    "snippet": {},
    "message": {"locations": None},
}


def expected(kind: str | None, statuses: tuple[str | None, ...] | None, baseline: str | None, was_run: bool) -> str:
    """The state, written once more from what SARIF 2.1.0 says of each word."""
    if kind in NOT_A_FINDING:
        return "passed over"
    if baseline == "absent" and not was_run:
        return "passed over"
    hidden = any(status in (None, "accepted") for status in statuses or ())
    if baseline == "absent":
        return "gone" if hidden else "fixed"
    return "accepted" if hidden else "open"


def filled(value: Any, number: int) -> Any:
    if isinstance(value, dict):
        return {name: filled(each, number) for name, each in value.items()}
    return value.format(n=number) if isinstance(value, str) else value


def every_result(
    numbers: Any, rule: str, forms: Sequence[str], baselines: tuple[str | None, ...]
) -> list[tuple[Any, tuple[Any, ...]]]:
    """Results of every combination, each with the words of which it is made. Levels take turns."""
    made = []
    for kind, statuses, baseline, form in product((None, "fail", *NOT_A_FINDING), SUPPRESSIONS, baselines, forms):
        number = next(numbers)
        level = None if kind in NOT_A_FINDING else LEVELS[number % len(LEVELS)]
        suppressed = None if statuses is None else [
            {"kind": "external"} | ({"status": status} if status else {}) for status in statuses
        ]  # fmt: skip
        words = {"kind": kind, "level": level, "suppressions": suppressed, "baselineState": baseline, "ruleId": rule}
        made.append((result(number, **words | filled(FORMS[form], number)), (kind, statuses, baseline)))
    return made


def state_told(told: RecordRead) -> str:
    return told.state if isinstance(told, ToolFinding) else "bad" if isinstance(told, BadRow) else "passed over"


@pytest.mark.parametrize(
    "forms", [["snippet"], pytest.param(list(FORMS), marks=pytest.mark.reliability)], ids=["one form", "every form"]
)
def test_every_combination_is_what_the_table_says(tmp_path: Path, forms: list[str]) -> None:
    """In two runs of two tools; what is absent and of a rule that was not run stands in a third."""
    numbers = count(1)
    runs = [(name, "R1", True, every_result(numbers, "R1", forms, BASELINES)) for name in ("Scan", "Lint")]
    runs.append(("Old", "R9", False, every_result(numbers, "R9", forms, ("absent",))))
    path = write_log(tmp_path / "a.sarif", *(run_of(*(each for each, _ in made), name=name) for name, *_, made in runs))
    told = [each for each in sarif.read([path], ZoneInfo("UTC")) if "Stated" not in type(each).__name__]
    wanted = [expected(*words, was_run=was_run) for _, _, was_run, made in runs for _, words in made]
    assert [state_told(each) for each in told[: len(wanted)]] == wanted
    assert set(wanted) == {"open", "accepted", "fixed", "gone", "passed over"}
    keys = [each.key for each in told if isinstance(each, ToolFinding)]
    assert len(set(keys)) == len(keys)
    levels = {each.details["level"] for each in told if isinstance(each, ToolFinding)}
    assert levels == {"none", "note", "warning", "error"}


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ({"kind": "failure"}, "the kind 'failure' means: SARIF 2.1.0 has fail, pass"),
        ({"kind": "Fail"}, "the kind 'Fail'"),
        ({"baselineState": "removed"}, "the baselineState 'removed'"),
        ({"suppressions": [{"kind": "external", "status": "pending"}]}, "the status of a suppression 'pending'"),
        ({"suppressions": "yes"}, "The field suppressions is no list of objects"),
        ({"suppressions": [1]}, "The field suppressions is no list of objects"),
        ({"baselineState": ["new"]}, "The field baselineState is a list"),
    ],
)
def test_a_word_that_sarif_does_not_have_is_reported_and_changes_nothing(
    ledger: Ledger, tmp_path: Path, words: dict[str, Any], why: str
) -> None:
    run_sarif(ledger, write_log(tmp_path / "a.sarif", run_of(result(1))))
    report = run_sarif(ledger, write_log(tmp_path / "b.sarif", run_of(result(1, **words))), complete=True)
    (bad,) = report.refused
    assert (bad.place, why in bad.why) == (f"{tmp_path / 'b.sarif'} $.runs[0].results[0]", True)
    assert report.recorded == {}


#: One way to say each state; rejected is none that SARIF knows.
WAYS: dict[FindingState, dict[str, Any]] = {
    "open": {"baselineState": "unchanged"},
    "accepted": {"suppressions": [{"kind": "inSource", "justification": "a test"}]},
    "fixed": {"baselineState": "absent"},
    "gone": {"baselineState": "absent", "suppressions": [{"kind": "inSource"}]},
}
EVERY_WAY = pytest.mark.parametrize(("state", "words"), list(WAYS.items()), ids=list(WAYS))


@EVERY_WAY
def test_a_state_is_recorded_as_it_is_of_any_tool(
    ledger: Ledger, tmp_path: Path, state: FindingState, words: dict[str, Any]
) -> None:
    path = write_log(tmp_path / "a.sarif", run_of(result(1, **words)))
    report = run_sarif(ledger, path)
    assert (report.recorded, report.refused) == (RUN | FIRST[state], ())
    assert all(body["data"]["spent_minor"] is None for body in bodies(ledger, "repayment-recorded"))
    assert report.reconciliation.agrees
    assert report.reconciliation.source_open.items == (state in STANDING)
    assert len(report.waiting) == (state == "accepted")
    assert run_sarif(ledger, path).recorded == {}


@EVERY_WAY
@pytest.mark.parametrize("touched", [False, True], ids=["as imported", "adopted"])
def test_what_is_open_here_follows_the_log(
    ledger: Ledger, tmp_path: Path, state: FindingState, words: dict[str, Any], touched: bool
) -> None:
    priced = {"mapping": by_severity(tmp_path)}
    run_sarif(ledger, write_log(tmp_path / "a.sarif", run_of(result(1))), **priced)
    if touched:
        adopted(ledger)
    later = write_log(tmp_path / "b.sarif", run_of(result(1, **words), ended="2026-11-17T12:00:00Z"))
    report = run_sarif(ledger, later, **priced)
    assert (report.recorded, report.refused) == (RUN | AGAIN[state], ())
    assert report.reconciliation.agrees
    ended = bodies(ledger, "repayment-recorded") + bodies(ledger, "item-written-off")
    assert {body["effective_on"] for body in ended} <= {"2026-11-17"}
    assert run_sarif(ledger, later, **priced).recorded == {}


def test_what_is_gone_and_comes_back_is_told(ledger: Ledger, tmp_path: Path) -> None:
    """Without an effort there is no principal to reopen it with."""
    for number, words in enumerate(({}, {"baselineState": "absent"}, {"baselineState": "new"})):
        path = write_log(tmp_path / f"{number}.sarif", run_of(result(1, **words), ended=f"2026-11-1{number}T12:00:00Z"))
        report = run_sarif(ledger, path)
    assert [remark.what for remark in report.plan.remarks] == [
        "open in SARIF, closed here; without an effort there is no principal to reopen it with"
    ]
    assert report.reconciliation.only_in_source


def test_a_repayment_is_of_the_day_of_the_run(ledger: Ledger, tmp_path: Path) -> None:
    path = write_log(tmp_path / "a.sarif", run_of(result(1, baselineState="absent"), ended="2026-11-10T23:30:00Z"))
    assert run_sarif(ledger, path).exported_on == date(2026, 11, 11)
    assert [body["effective_on"] for body in bodies(ledger, "repayment-recorded")] == ["2026-11-11"]
