"""The postings of a quarter for other programs: every leg on every account, balanced, exact to the minor unit."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping

from ledger.views.postings_file import HEADINGS
from ledger.views.quarter import JournalView, QuarterView
from ledger.vocabulary.spreadsheet_text import posting_text
from reports.figures import major
from reports.pack.accounts import check_accounts, gl_code

#: Whether the quarter had ended: of each row, because rows are cut out and put beside others.
STATUS = "status"


def postings_csv(view: QuarterView, accounts: Mapping[str, str]) -> bytes:
    """UTF-8 with a byte-order mark, so that Excel reads umlauts; amounts in major units with a point.

    A row per leg, with its amount as debit or as credit; the rows of a position add up to the same on both
    sides. accounts: the codes of the column `gl_account`; without any it stays empty. Raises
    UnmappedAccountError for a leg that has none.
    """
    check_accounts(accounts, view.journal)
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    writer.writerow((*HEADINGS, STATUS))
    origin = view.provenance
    status = "provisional" if origin.provisional else "final"
    for leg in view.journal:
        code = gl_code(accounts, leg.account, leg.cost_centre) or ""
        words = _words(leg, origin.quarter)
        amounts = _amounts(leg.amount, origin.exponent)
        interest = _interest(leg, origin.exponent)
        writer.writerow([*words, leg.account, posting_text(code), *amounts, origin.currency, *interest, status])
    return buffer.getvalue().encode("utf-8-sig")


def _words(leg: JournalView, quarter: str) -> list[str]:
    """What a leg is about; only what people typed could be taken for a formula."""
    typed = (leg.item, leg.system, leg.team, leg.cost_centre or "")
    return [
        str(leg.position),
        leg.event_hash,
        *(posting_text(word) for word in typed),
        leg.nature,
        leg.dimension,
        leg.category,
        quarter,
        leg.effective_on.isoformat(),
        leg.recorded_at,
        leg.movement,
    ]


def _interest(leg: JournalView, exponent: int) -> tuple[str, str]:
    """Interest per year that a liability leg adds, and from which day; both empty on other accounts."""
    if leg.accrues_from is None:
        return "", ""
    return f"{major(leg.carry, exponent):f}", leg.accrues_from.isoformat()


def _amounts(amount: int, exponent: int) -> tuple[str, str]:
    """Debit and credit; the other side of each is empty."""
    text = f"{major(abs(amount), exponent):f}"
    return (text, "") if amount >= 0 else ("", text)
