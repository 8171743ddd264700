"""The figures in a bundle: the trial balance and the register on a day, as the ledger's read models have them."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from datetime import date
from typing import Any

from ledger.queries.figures.delta import DeltaFigures, delta
from ledger.queries.figures.trial_balance import trial_balance
from ledger.queries.reader import Reader
from ledger.queries.register.items import RegisterItem, register

_FIGURES = ("debt", "neglect", "delta", "interest_per_year", "interest_incurred")
_FACTS = ("item", "system", "title", "dimension", "category")


def trial_balance_lines(reader: Reader, as_of: date) -> Iterator[bytes]:
    """Debits, credits and balance by account, debit positive, as CSV in major units; accounts in order, then the total."""
    accounts = trial_balance(reader, as_of)
    rows = [(name, each.debit, each.credit) for name, each in accounts.items() if each.debit or each.credit]
    rows.append(("total", sum(row[1] for row in rows), sum(row[2] for row in rows)))
    yield _csv("account", "debit", "credit", "balance")
    for account, debit, credit in rows:
        yield _csv(account, *(reader.currency.plain(minor) for minor in (debit, credit, debit - credit)))


def balance_lines(reader: Reader, as_of: date, facts: dict[str, Any]) -> Iterator[bytes]:
    """A JSON object: the facts, the totals as `debt delta` tells them, and every item opened by the day, a line each."""
    items = register(reader, as_of)
    told = json.dumps(facts | _amounts(reader, delta(reader, as_of).total), indent=2, ensure_ascii=False)
    yield (told.removesuffix("\n}") + ',\n  "items": [\n').encode()
    for number, item in enumerate(items, 1):
        record = {name: getattr(item, name) for name in _FACTS} | {"opened_on": item.opened_on.isoformat()}
        line = json.dumps(record | _amounts(reader, _figures(item)), ensure_ascii=False)
        yield f"    {line}{',' if number < len(items) else ''}\n".encode()
    yield b"  ]\n}\n"


def _figures(item: RegisterItem) -> DeltaFigures:
    figures = DeltaFigures()
    for balance in item.balances:
        figures.add_outstanding(balance.nature, balance.outstanding_minor, balance.carry_minor_per_year)
        figures.interest_incurred += balance.interest_minor
    return figures


def _amounts(reader: Reader, figures: DeltaFigures) -> dict[str, str]:
    return {name: reader.currency.plain(getattr(figures, name)) for name in _FIGURES}


def _csv(*cells: str) -> bytes:
    line = io.StringIO(newline="")
    csv.writer(line, lineterminator="\n").writerow(cells)
    return line.getvalue().encode()
