"""Balances: principal, interest per year and interest incurred, per item and nature."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from sqlalchemy import bindparam, func, select

from ledger.interest import day_number, incurred
from ledger.projections.postings import posting
from ledger.queries.reader import Reader

_OWED = -func.sum(posting.c.amount_minor)
_CARRY = func.sum(posting.c.carry_minor_per_year)
_CARRY_DAYS = func.sum(posting.c.carry_minor_per_year * (bindparam("day_number") - posting.c.accrues_day))

_BALANCES = (
    select(posting.c.item, posting.c.nature, _OWED, _CARRY, _CARRY_DAYS)
    .where(
        posting.c.book == bindparam("book"),
        posting.c.nature.is_not(None),
        posting.c.effective_on <= bindparam("through"),
        posting.c.position <= bindparam("position"),
    )
    .group_by(posting.c.item, posting.c.nature)
)
# 'FRAUD-' <= item < 'FRAUD.': a system's items are a range of the index.
_BALANCES_OF_SYSTEM = _BALANCES.where(posting.c.item >= bindparam("from_item"), posting.c.item < bindparam("to_item"))


class Balance(NamedTuple):
    """What one item owes of one nature, in minor units; interest_minor rounded half-even, once."""

    item: str
    nature: str
    outstanding_minor: int
    carry_minor_per_year: int
    interest_minor: int


def technical_delta(
    reader: Reader, through: date, *, days_to: date | None = None, system: str | None = None
) -> list[Balance]:
    """Outstanding principal and interest incurred, per item and nature (docs/method.md, 'Interest').

    through: last effective day counted, inclusive. days_to: the day to which interest is counted, `through`
    by default. system: of this system's items alone. Amounts in minor units.
    """
    parameters = {
        "book": reader.name,
        "through": through,
        "position": reader.position,
        "day_number": day_number(days_to or through),
    }
    query = _BALANCES
    if system is not None:
        query = _BALANCES_OF_SYSTEM
        parameters |= {"from_item": f"{system}-", "to_item": f"{system}."}
    rows = reader.connection.execute(query, parameters)
    return [
        Balance(item, nature, int(owed), int(carry), incurred(int(days))) for item, nature, owed, carry, days in rows
    ]
