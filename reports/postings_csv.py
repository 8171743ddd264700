"""The postings of a quarter for other programs: the rows of the sheet Postings, exact to the minor unit."""

from __future__ import annotations

import csv
import io

from ledger.views import PostingView, QuarterView
from reports.figures import major
from reports.text import csv_text

HEADINGS = (
    "position", "event_hash", "item", "system", "team", "cost_centre", "nature", "dimension", "category",
    "quarter", "effective_on", "recorded_at_utc", "movement", "amount", "spent",
)  # fmt: skip


def postings_csv(view: QuarterView) -> bytes:
    """UTF-8 with a byte-order mark, so that Excel reads umlauts; amounts in major units with a point."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    writer.writerow(HEADINGS)
    for row in view.postings:
        writer.writerow(_cells(row, view.provenance.exponent))
    return buffer.getvalue().encode("utf-8-sig")


def _cells(row: PostingView, exponent: int) -> list[str]:
    words = (row.event_hash, row.item, row.system, row.team, row.cost_centre or "", row.nature, row.dimension)
    return [
        str(row.position),
        *(csv_text(word) for word in words),
        csv_text(row.category),
        csv_text(row.quarter),
        row.effective_on.isoformat(),
        row.recorded_at or "",
        csv_text(row.movement),
        f"{major(row.amount, exponent):f}",
        f"{major(row.spent, exponent):f}",
    ]
