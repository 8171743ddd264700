"""Books that were filled when a close date meant paid work: what is found in them, and put right."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from ledger.decide.adopt import Adopt
from ledger.decide.close import Close
from ledger.decide.observe import Observe
from ledger.decide.repay import Repay
from ledger.decide.request import Request
from ledger.services.import_repair import RepairReport, repair_imports
from ledger.services.requester import Requester
from ledger.store.ledger import Ledger
from ledger.vocabulary.quantities import Quantity
from tests.importers.test_sonarqube import TODAY, bodies, closed, head, record, rows, run, write

FOUND_ON, CLOSED_ON = date(2026, 10, 5), date(2026, 11, 10)


def filled(ledger: Ledger, key: str, status: str, resolution: str | None, *, repaid: bool) -> None:
    """An issue as the importer before runs recorded it: under keys of its own, with spending that it assumed."""
    details = {"status": status} | ({"resolution": resolution} if resolution else {})
    observe = Observe(
        system="BOURSI", title="x", category="code-quality", cause="untracked", on=FOUND_ON, late=True,
        principal=Quantity(minutes=480), source="sonarqube", external_key=key, content_hash="0" * 64,
        details=details, evidence="sonarqube shop:x.py")  # fmt: skip
    (receipt,) = ledger.handle(Request(observe, "lead", TODAY, f"sonarqube:{key}:observed"))
    if repaid:
        repay = Repay(item=receipt.item or "", on=CLOSED_ON, late=True, evidence="sonarqube shop:x.py")
        ledger.handle(Request(repay, "lead", TODAY, f"sonarqube:{key}:closed"))


def repair(ledger: Ledger, *, dry_run: bool = False) -> RepairReport:
    return repair_imports(ledger, Requester("lead", TODAY), dry_run=dry_run)


def outstanding(ledger: Ledger) -> dict[str, int]:
    query = "SELECT item, -SUM(amount_minor) FROM posting WHERE nature IS NOT NULL GROUP BY item"
    return {item: minor for item, minor in rows(ledger, query) if minor}


def spent(ledger: Ledger) -> int:
    (total,) = rows(ledger, "SELECT SUM(spent_minor) FROM posting")
    return total[0] or 0


@pytest.fixture
def before_runs(ledger: Ledger) -> Ledger:
    filled(ledger, "fixed", "CLOSED", "FIXED", repaid=True)  # BOURSI-1
    filled(ledger, "removed", "CLOSED", "REMOVED", repaid=True)  # 2
    filled(ledger, "false", "CLOSED", "FALSE-POSITIVE", repaid=True)  # 3
    filled(ledger, "silenced", "RESOLVED", "FALSE-POSITIVE", repaid=False)  # 4
    filled(ledger, "accepted", "RESOLVED", "WONTFIX", repaid=False)  # 5
    filled(ledger, "open", "OPEN", None, repaid=False)  # 6
    return ledger


def test_what_was_assumed_is_put_right_after_a_look(before_runs: Ledger) -> None:
    ledger = before_runs
    assert (spent(ledger), outstanding(ledger)) == (240_000, {f"BOURSI-{number}": 80_000 for number in (4, 5, 6)})
    before = head(ledger)
    shown = repair(ledger, dry_run=True)
    assert head(ledger) == before
    done = repair(ledger)
    assert (done.mended, done.left, done.spent_minor) == (shown.mended, (), 240_000)
    assert done.recorded == shown.recorded == {
        "import-run/1": 1, "event-reversed/1": 3, "repayment-recorded/2": 1, "item-written-off/1": 3}  # fmt: skip
    assert [sentence.partition(":")[0] for sentence in done.mended] == [f"BOURSI-{number}" for number in (1, 2, 3, 4)]
    assert (spent(ledger), outstanding(ledger)) == (0, {f"BOURSI-{number}": 80_000 for number in (5, 6)})
    unmeasured = bodies(ledger, "repayment-recorded")[-1]
    assert (unmeasured["data"]["spent_minor"], unmeasured["effective_on"]) == (None, "2026-11-10")
    assert {body["effective_on"] for body in bodies(ledger, "item-written-off")[:2]} == {"2026-11-10"}
    assert repair(ledger).recorded == {}


def test_a_closed_quarter_stands_and_the_first_open_day_tells(ledger: Ledger) -> None:
    quarter = date(2026, 4, 1)
    observe = Observe(
        system="BOURSI", title="x", category="code-quality", cause="untracked", on=quarter, principal=Quantity(minutes=480),
        source="sonarqube", external_key="k", content_hash="0" * 64, details={"status": "CLOSED", "resolution": "FIXED"},
        evidence="sonarqube shop:x.py")  # fmt: skip
    ledger.handle(Request(observe, "lead", TODAY, "sonarqube:k:observed"))
    repay = Repay(item="BOURSI-1", on=date(2026, 5, 1), evidence="sonarqube shop:x.py")
    ledger.handle(Request(repay, "lead", TODAY, "sonarqube:k:closed"))
    for closing in ("2026Q2", "2026Q3"):
        record(ledger, Close(quarter=closing))
    assert repair(ledger).left == ()
    (reversal,) = bodies(ledger, "event-reversed")
    unmeasured = bodies(ledger, "repayment-recorded")[-1]
    assert [body["effective_on"] for body in (reversal, unmeasured)] == ["2026-10-01", "2026-10-01"]
    assert unmeasured["data"]["occurred_on"] == "2026-05-01"
    assert (spent(ledger), outstanding(ledger)) == (0, {})


def by_hand(ledger: Ledger) -> None:
    filled(ledger, "mine", "OPEN", None, repaid=False)
    record(ledger, Repay(item="BOURSI-1", on=CLOSED_ON))


def by_a_run(ledger: Ledger, folder: Path) -> None:
    run(ledger, write(folder / "e.json", [closed()]), assume_spent=True)


@pytest.mark.parametrize("fill", [by_hand, by_a_run])
def test_what_people_or_runs_said_stays(ledger: Ledger, tmp_path: Path, fill: Callable[..., Any]) -> None:
    """Assumed by a person, or because somebody typed --assume-spent: that is no importer's mistake."""
    fill(*(ledger, tmp_path)[: fill.__code__.co_argcount])
    assert repair(ledger).recorded == {}


def test_what_somebody_built_on_is_named(before_runs: Ledger) -> None:
    ledger = before_runs
    decided = {"decided_by": "lead", "because": "later", "benefit": "time", "repay_by": "2027Q1"}
    record(ledger, Adopt(item="BOURSI-4", on=date(2026, 11, 15), **decided))  # type: ignore[arg-type]
    done = repair(ledger)
    assert [(row.place, row.key, "somebody adopted it" in row.why) for row in done.left] == [
        ("BOURSI-4", "silenced", True)
    ]
    assert outstanding(ledger)["BOURSI-4"] == 80_000
