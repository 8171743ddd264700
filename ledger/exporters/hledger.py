"""The journal for hledger: a transaction per event that moves money; `hledger check --strict` accepts it.

What is owed stands in `liabilities:NATURE:DIMENSION:ITEM`, so that `hledger balance --depth 3` gives the delta and the
full depth gives the register. Debits are positive. Carry, the interest that an item bears a year, is a memorandum: it
stands in a tag of the leg, and in no balance. Every name and text that people typed stands in a tag on a line of its
own, escaped (`entries.escaped`), a comma too, because hledger would begin another tag behind it.
"""

from __future__ import annotations

from collections.abc import Iterator

from ledger.events import Leg
from ledger.exporters import Wanted
from ledger.exporters.entries import PostedEntry, entries, escaped, head_hash
from ledger.queries.reader import Reader
from ledger.vocabulary.money import Currency


def journal(reader: Reader, wanted: Wanted) -> Iterator[str]:
    """The journal in order of effective date; every account is declared before its first transaction."""
    yield _heading(reader, wanted)
    declared: set[str] = set()
    for entry in entries(reader, wanted):
        accounts = dict.fromkeys(entry.account(leg) for leg in entry.legs)
        new = [account for account in accounts if account not in declared]
        declared.update(new)
        yield "".join(["\n", *(f"account {account}\n" for account in new), "\n" if new else ""])
        yield _transaction(entry, reader.currency)


def _heading(reader: Reader, wanted: Wanted) -> str:
    currency = reader.currency
    known = f"; Postings of the book '{escaped(reader.name)}', as known at position {reader.position}"
    lines = [
        known + (f", effective by {wanted.as_of}." if wanted.as_of else "."),
        f"; The chain's hash there: {head_hash(reader)}",
        "decimal-mark .",
        # The decimal mark stands there even if no decimals follow it.
        f"commodity 1000.{'0' * currency.exponent} {currency.code}",
    ]
    return "".join(f"{line}\n" for line in lines)


def _transaction(entry: PostedEntry, currency: Currency) -> str:
    recorded = entry.recorded
    lines = [f"{recorded.effective_on} * ({recorded.position}) {recorded.stream} | {recorded.stored_as}"]
    lines += [f"    ; {name}: {escaped(text, also=',')}" for name, text in entry.facts()]
    for leg in entry.legs:
        amount = f"{currency.plain(leg.amount_minor)} {currency.code}"
        lines.append(f"    {entry.account(leg):<50}  {amount:>24}{_memorandum(leg, currency)}")
    return "".join(f"{line}\n" for line in lines)


def _memorandum(leg: Leg, currency: Currency) -> str:
    if not leg.carry_minor_per_year:
        return ""
    return (
        f"  ; carry: {currency.plain(leg.carry_minor_per_year)} {currency.code}/year, accrues-from: {leg.accrues_from}"
    )
