"""The trial balance: what was debited and credited to every account, by the stored postings."""

from __future__ import annotations

from datetime import date

from sqlalchemy import bindparam, case, func, select

from ledger.accounts.general_ledger import AccountBalance
from ledger.queries.reader import Reader
from ledger.tables.postings import posting

_AMOUNT = posting.c.amount_minor
_ACCOUNTS = (
    select(
        posting.c.account,
        func.sum(case((_AMOUNT > 0, _AMOUNT), else_=0)),
        func.sum(case((_AMOUNT < 0, -_AMOUNT), else_=0)),
    )
    .where(
        posting.c.book == bindparam("book"),
        posting.c.effective_on <= bindparam("as_of"),
        posting.c.position <= bindparam("position"),
    )
    .group_by(posting.c.account)
)


def trial_balance(reader: Reader, as_of: date) -> dict[str, AccountBalance]:
    """Every account with postings effective by a day, in order of name; minor units. Debits equal credits."""
    rows = reader.connection.execute(
        _ACCOUNTS, {"book": reader.name, "as_of": as_of, "position": reader.position}
    ).all()
    return {account: AccountBalance(int(debit), int(credit)) for account, debit, credit in sorted(rows)}
