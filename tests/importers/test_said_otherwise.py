"""What a tool says otherwise than before and that stays here, and what it says of days after its export's own."""

from __future__ import annotations

from datetime import date
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from ledger.store.ledger import Ledger
from ledger.vocabulary.errors import Refused
from tests.importers.test_sonarqube import closed, issue, run, write

pytestmark = pytest.mark.reliability  # long, together

#: Fields of an issue that are fixed with its item, and what is told of another word there.
FIXED = {"message": "retitled", "creationDate": "redated"}
OTHERWISE = {"message": "Another sentence.", "creationDate": "2026-10-06T00:00:00+0000"}


@pytest.mark.parametrize(
    "names",
    [set(), {"message"}, {"creationDate"}, {"message", "creationDate"}],
    ids=lambda names: " and ".join(sorted(names)) or "none",
)
@pytest.mark.parametrize("status", ["OPEN", "CLOSED"])
def test_what_an_item_keeps_is_told_where_the_tool_says_otherwise(
    ledger: Ledger, tmp_path: Path, names: set[str], status: str
) -> None:
    """At every run, as long as it is open; nothing is recorded of it."""
    run(ledger, write(tmp_path / "a.json", [issue()]))
    more: dict[str, Any] = {name: OTHERWISE[name] for name in names}
    changed = issue(**more) if status == "OPEN" else closed(**more)
    for _ in range(2):
        plan = run(ledger, write(tmp_path / "b.json", [changed])).plan
        told = {kind for kind in FIXED.values() if getattr(plan, kind)}
        assert told == ({FIXED[name] for name in names} if status == "OPEN" else set())


DAYS = ["2026-11-01", "2026-11-10", "2026-11-11", "2026-11-20"]


@pytest.mark.parametrize(("own", "day"), list(product(["2026-11-10"], DAYS)))
@pytest.mark.parametrize("said", ["creationDate", "updateDate", "closeDate"])
@pytest.mark.parametrize("typed", [False, True], ids=["the tool's day", "a typed day"])
def test_a_day_after_the_exports_own_is_told_and_refused_if_it_is_strict(
    ledger: Ledger, tmp_path: Path, own: str, day: str, said: str, typed: bool
) -> None:
    moment = f"{day}T00:00:00+0000"
    found = closed(on=day) if said == "closeDate" else issue(**{said: moment})
    document = {"issues": [found]} if typed else {"exportedAt": f"{own}T12:00:00+0000", "issues": [found]}
    told: list[str] = []
    options: dict[str, Any] = {"on": date.fromisoformat(own)} if typed else {}
    path = write(tmp_path / "a.json", document)
    run(ledger, path, caution=told.append, dry_run=True, **options)
    late = [each for each in told if f"a day after the export's, {own}, the last one {day}" in each]
    assert len(late) == (day > own)
    if day > own:
        with pytest.raises(Refused, match="a day after the export's"):
            run(ledger, path, strict=True, **options)
