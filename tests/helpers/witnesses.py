"""The independent witnesses: hledger and beancount, asked what they make of an exported journal."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from tests.helpers.optional import needs

#: By account in our spelling; major units, debit positive; accounts without a balance are left out.
Balances = dict[str, Decimal]

needs_hledger = needs("hledger")

_ESCAPED = re.compile(r"\\(\\|u[0-9a-f]{4}|U[0-9a-f]{8})")


def hledger(journal: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """What hledger says about a journal."""
    return _run("hledger", "-f", str(journal), *words)


def bean_check(journal: Path) -> subprocess.CompletedProcess[str]:
    """What bean-check says about a journal."""
    return _run(sys.executable, "-m", "beancount.scripts.check", "--no-cache", str(journal))


def _run(*command: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "LC_ALL": "C.UTF-8"}
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", env=environment, check=False)


def hledger_balances(journal: Path, through: date, *words: str) -> Balances:
    """Balances on a day, inclusive. words: more options, '--depth 3' say."""
    end = str(through + timedelta(days=1))
    said = hledger(journal, "balance", "-N", "--flat", "--end", end, "-O", "json", *words)
    assert said.returncode == 0, said.stderr
    rows, _ = json.loads(said.stdout)
    return {account: _exact(amounts) for account, _, _, amounts in rows}


def _exact(amounts: list[dict[str, Any]]) -> Decimal:
    (amount,) = amounts
    quantity = amount["aquantity"]
    return Decimal(quantity["decimalMantissa"]).scaleb(-quantity["decimalPlaces"])


def hledger_transactions(journal: Path) -> list[dict[str, Any]]:
    """Every transaction as hledger read it, in order of day."""
    said = hledger(journal, "print", "-O", "json")
    assert said.returncode == 0, said.stderr
    return list(json.loads(said.stdout))


def beancount_entries(journal: Path) -> list[Any]:
    """Every directive as beancount read it, in order of day; it may find no error."""
    from beancount import loader

    read, errors, _ = loader.load_file(str(journal))
    assert errors == []
    return list(read)


def beancount_balances(read: list[Any], through: date) -> Balances:
    """Balances on a day, inclusive."""
    from beancount.core.data import Transaction

    balances: Balances = defaultdict(Decimal)
    for transaction in read:
        if isinstance(transaction, Transaction) and transaction.date <= through:
            for posting in transaction.postings:
                balances[_in_our_spelling(posting.account)] += posting.units.number
    return {account: balance for account, balance in balances.items() if balance}


def _in_our_spelling(account: str) -> str:
    root, *parts = account.split(":")
    words = [part if part.isupper() else part.lower() for part in parts]
    return ":".join([root.lower(), *words]).replace("--", "_")


def unescaped(text: str) -> str:
    """What somebody typed, from what a journal says of it."""
    return _ESCAPED.sub(lambda found: "\\" if found[1] == "\\" else chr(int(found[1][1:], 16)), text)
