"""Avoided: the interest that repayments have spared."""

from __future__ import annotations

from datetime import date

from sqlalchemy import exists, func, select

from ledger.interest import day_number, incurred
from ledger.projections.postings import posting
from ledger.projections.reversals import reversal
from ledger.queries.reader import Reader


def interest_avoided(reader: Reader, through: date) -> dict[tuple[str, str], int]:
    """What an item would have cost in interest by a day, but for its repayments; by item and nature, minor units.

    The carry that standing repayments removed x days since / 365, from integer sums, rounded half-even once per
    item and nature. A repayment that is reversed by that day spares nothing. Of an interval: the figure of its
    last day less that of the day before its first, so that quarters add up to the year.
    """
    undone = exists().where(
        reversal.c.book == posting.c.book,
        reversal.c.reversed_position == posting.c.position,
        reversal.c.effective_on <= through,
        reversal.c.position <= reader.position,
    )
    carry_days = -func.sum(posting.c.carry_minor_per_year * (day_number(through) - posting.c.accrues_day))
    query = (
        select(posting.c.item, posting.c.nature, carry_days)
        .where(
            posting.c.book == reader.name,
            posting.c.nature.is_not(None),
            posting.c.movement == "repaid",
            posting.c.effective_on <= through,
            posting.c.position <= reader.position,
            ~undone,
        )
        .group_by(posting.c.item, posting.c.nature)
    )
    return {(item, nature): incurred(int(days)) for item, nature, days in reader.connection.execute(query)}
