"""An effort that changed in the tool: what it brings with it, by what the item bears and what the import was asked for."""

from __future__ import annotations

from datetime import date
from itertools import product
from pathlib import Path

import pytest

from ledger.decide.revise import Revise
from ledger.store.ledger import Ledger
from ledger.vocabulary.quantities import Interest
from tests.importers.test_reopening import owed
from tests.importers.test_sonarqube import TEN_PER_CENT, issue, record, run, write

NONE, TWENTY = Interest(percent_millionths=0), Interest(percent_millionths=20_000_000)
ASKED = [None, NONE, TEN_PER_CENT, TWENTY]


def per_cent(interest: Interest | None) -> int:
    return (interest.percent_millionths or 0) // 10**6 if interest is not None else 0


@pytest.mark.parametrize(("first", "last"), list(product(ASKED, ASKED)))
@pytest.mark.parametrize("taken_away", [False, True], ids=["as imported", "taken away"])
def test_what_bears_no_interest_takes_none_from_a_run(
    ledger: Ledger, tmp_path: Path, first: Interest | None, last: Interest | None, taken_away: bool
) -> None:
    """Of an item that bears some the last word counts; one that bears none keeps none, and it is said with the command."""
    run(ledger, write(tmp_path / "a.json", [issue(effort="1d")]), interest=first)
    bears = per_cent(first) and not taken_away
    if taken_away and per_cent(first):
        record(ledger, Revise(item="BOURSI-1", interest=Interest(minor=0), because="x", on=date(2026, 11, 1)))
    changed = write(tmp_path / "b.json", [issue(effort="2d", updateDate="2026-11-14T00:00:00+0000")])
    report = run(ledger, changed, interest=last)
    told = [remark.what for remark in report.plan.remarks]
    if taken_away and per_cent(first):
        assert "a person estimated or repaid it since: `debt revise BOURSI-1 --principal 2d --because WHY`" in told[0]
        return
    expected = 160_000 * per_cent(last) // 100 if last is not None else 80_000 * per_cent(first) // 100
    assert (owed(ledger)["neglect"].outstanding, owed(ledger)["neglect"].carry) == (160_000, expected if bears else 0)
    asked = f"`debt revise BOURSI-1 --interest {per_cent(last)}% --because WHY`"
    assert [asked in each for each in told] == ([] if bears or not per_cent(last) else [True])


def test_a_first_estimate_brings_the_interest_that_is_asked_for(ledger: Ledger, tmp_path: Path) -> None:
    """Nobody could say anything of it before."""
    run(ledger, write(tmp_path / "a.json", [issue(effort=None)]))
    changed = write(tmp_path / "b.json", [issue(effort="1d", updateDate="2026-11-14T00:00:00+0000")])
    assert run(ledger, changed, interest=TEN_PER_CENT).plan.remarks == []
    assert owed(ledger)["neglect"].carry == 8_000
