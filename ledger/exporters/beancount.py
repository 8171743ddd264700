"""The journal for beancount: a transaction per event that moves money; `bean-check` accepts it.

The same as for hledger, in beancount's spelling. Account names begin with capitals: `Liabilities:Debt:Input:FRAUD-12`.
They know no `_`, which a system's key may hold and two hyphens in a row stand for: no key holds those. Carry, the
interest that an item bears a year, is a memorandum: metadata of the leg, in no balance. What people typed stands
in strings, escaped (`entries.escaped`).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ledger.exporters import Wanted
from ledger.exporters.entries import PostedEntry, entries, escaped, head_hash
from ledger.queries.reader import Reader
from ledger.vocabulary.money import Currency


def journal(reader: Reader, wanted: Wanted) -> Iterator[str]:
    """The journal in order of effective date; every account is opened on the day of its first transaction."""
    currency = reader.currency
    yield _heading(reader, wanted)
    opened: set[str] = set()
    for entry in entries(reader, wanted):
        day = entry.recorded.effective_on
        if not opened:
            yield f"\n{day} commodity {currency.code}\n  precision: {currency.exponent}\n"
        accounts = dict.fromkeys(_name(entry.account(leg)) for leg in entry.legs)
        new = [account for account in accounts if account not in opened]
        opened.update(new)
        yield "".join(["\n", *(f"{day} open {account} {currency.code}\n" for account in new), "\n" if new else ""])
        yield _transaction(entry, currency, day)


def _heading(reader: Reader, wanted: Wanted) -> str:
    known = f"Postings of the book '{reader.name}', as known at position {reader.position}"
    title = known + (f", effective by {wanted.as_of}" if wanted.as_of else "")
    return (
        f"; The chain's hash at position {reader.position}: {head_hash(reader)}\n"
        f'option "title" {_string(title)}\n'
        f'option "operating_currency" "{reader.currency.code}"\n'
    )


def _transaction(entry: PostedEntry, currency: Currency, day: date) -> str:
    recorded = entry.recorded
    lines = [f'{day} * "{recorded.stream}" "{recorded.stored_as}"', f"  position: {recorded.position}"]
    for name, text in entry.facts():
        lines.append(f"  {name}: {text if name == 'occurred-on' else _string(text)}")
    for leg in entry.legs:
        amount = f"{currency.plain(leg.amount_minor)} {currency.code}"
        lines.append(f"  {_name(entry.account(leg)):<50}  {amount:>24}")
        if leg.carry_minor_per_year:
            lines.append(f"    carry-per-year: {currency.plain(leg.carry_minor_per_year)} {currency.code}")
            lines.append(f"    accrues-from: {leg.accrues_from}")
    return "".join(f"{line}\n" for line in lines)


def _name(account: str) -> str:
    """The account in beancount's spelling; what is in capitals already is an item."""
    return ":".join(part[:1].upper() + part[1:] for part in account.split(":")).replace("_", "--")


def _string(text: str) -> str:
    """The text as a string; beancount reads back what `escaped` says."""
    quotable = escaped(text).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{quotable}"'
