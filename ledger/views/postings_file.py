"""The columns of a file of postings: what a pack and an export write is read by the same programs."""

from __future__ import annotations

HEADINGS = (
    "position", "event_hash", "item", "system", "team", "cost_centre", "nature", "dimension", "category",
    "quarter", "effective_on", "recorded_at_utc", "movement", "account", "gl_account", "debit", "credit", "currency",
    "carry_per_year", "accrues_from",
)  # fmt: skip
