"""The real export, counted and priced by pandas alone, against the books at any date."""

from __future__ import annotations

import json
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal
from pathlib import Path

import pytest
from sqlalchemy import text

from ledger.store.ledger import Ledger
from tests.importers.test_sonarqube import run

DATES = [
    date(2025, 10, 20),
    date(2025, 10, 21),
    date(2025, 10, 28),
    date(2025, 11, 3),
    date(2025, 11, 10),
    date(2026, 11, 20),
]


def test_counts_and_principal_at_every_date_are_those_of_the_raw_file(ledger: Ledger, shared_data: Path) -> None:
    pandas = pytest.importorskip("pandas")
    export = shared_data / "sonarqube" / "ericfunman_sonar_issues.json"
    raw = pandas.DataFrame(json.loads(export.read_text(encoding="utf-8"))["issues"])
    for name in ("creationDate", "closeDate"):
        raw[name] = pandas.to_datetime(raw[name], utc=True).dt.tz_convert("Europe/Paris").dt.date
    parts = raw["effort"].str.extract(r"(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)min)?").fillna("0").astype(int)
    raw["minutes"] = parts[0] * 480 + parts[1] * 60 + parts[2]
    raw["minor"] = raw["minutes"].map(
        lambda minutes: int((Decimal(minutes) * 80_000 / 480).quantize(Decimal(1), ROUND_HALF_EVEN))
    )
    report = run(ledger, export)
    still = raw["closeDate"].isna()
    assert report.reconciliation.source_open.items == still.sum() == report.reconciliation.ledger_open.items
    assert report.reconciliation.ledger_open.minutes == raw[still]["minutes"].sum()
    assert report.reconciliation.agrees
    for day in DATES:
        opened = raw["creationDate"] <= day
        standing = raw[opened & ~(raw["closeDate"].notna() & (raw["closeDate"].map(str) <= str(day)))]
        assert owed(ledger, day) == (standing["minor"].sum(), (standing["minor"] > 0).sum()), day


def owed(ledger: Ledger, day: date) -> tuple[int, int]:
    """The principal on a day, and on how many items."""
    query = text(
        "SELECT -SUM(amount_minor) FROM posting WHERE nature IS NOT NULL AND effective_on <= :day GROUP BY item "
        "HAVING SUM(amount_minor) <> 0"
    )
    with ledger.reading() as connection:
        found = connection.execute(query, {"day": day.isoformat()}).scalars().all()
    return sum(found), len(found)
