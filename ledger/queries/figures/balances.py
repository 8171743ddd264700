"""Balances: principal, interest per year and interest incurred, per item and nature."""

from __future__ import annotations

from datetime import date

import msgspec
from sqlalchemy import bindparam, func, select

from ledger.accounts.interest import day_number, incurred
from ledger.queries.reader import Reader
from ledger.tables.postings import posting

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
    .order_by(posting.c.item, posting.c.nature)
)
# 'FRAUD-' <= item < 'FRAUD.': a system's items are a range of the index.
_BALANCES_OF_SYSTEM = _BALANCES.where(posting.c.item >= bindparam("from_item"), posting.c.item < bindparam("to_item"))


class ItemBalance(msgspec.Struct, frozen=True, gc=False):
    """What one item owes of one nature on a day, in minor units; carry_days: what its interest is rounded from."""

    item: str
    nature: str
    outstanding_minor: int = 0
    carry_minor_per_year: int = 0
    carry_days: int = 0

    @property
    def owed(self) -> bool:
        """Whether there is anything that may change with time or hands."""
        return bool(self.outstanding_minor or self.carry_minor_per_year)

    @property
    def interest_minor(self) -> int:
        """Interest incurred since it was opened, rounded half-even, once."""
        return incurred(self.carry_days)


def technical_delta(reader: Reader, through: date, *, system: str | None = None) -> list[ItemBalance]:
    """Outstanding principal and interest incurred, per item and nature (docs/method.md, 'Interest').

    through: last effective day counted, inclusive. system: of this system's items alone. Amounts in minor units.
    """
    parameters = {
        "book": reader.name,
        "through": through,
        "position": reader.position,
        "day_number": day_number(through),
    }
    query = _BALANCES
    if system is not None:
        query = _BALANCES_OF_SYSTEM
        parameters |= {"from_item": f"{system}-", "to_item": f"{system}."}
    rows = reader.stream(query, parameters)
    return [ItemBalance(item, nature, int(owed), int(carry), int(days)) for item, nature, owed, carry, days in rows]
