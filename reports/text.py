"""Text from people in a workbook: what no cell can hold is replaced or cut, and that is said."""

from __future__ import annotations

import logging
from collections.abc import Iterable

from ledger.vocabulary.spreadsheet_text import printable, unprintable_in

#: Excel's limit for a cell, in units of UTF-16; openpyxl cuts longer text without a word.
LONGEST_CELL = 32_767
#: Stands before every title of a pack whose quarter has not ended.
PROVISIONAL = "PROVISIONAL · "

log = logging.getLogger(__name__)


def cell_text(text: str) -> str:
    """Printable text of at most 32,767 characters as spreadsheets count them; what is cut says so itself."""
    clean = printable(text)
    # An emoji counts twice; only a text that is long anyway is measured.
    if len(clean) * 2 <= LONGEST_CELL or _units(clean) <= LONGEST_CELL:
        return clean
    note = f" … [cut: {len(clean):,} characters in the ledger]"
    room = LONGEST_CELL - len(note)
    return clean.encode("utf-16-le")[: 2 * room].decode("utf-16-le", errors="ignore") + note


def _units(text: str) -> int:
    """The length of a text in UTF-16, which spreadsheet programs hold texts in."""
    return len(text.encode("utf-16-le")) // 2


def log_what_changes(texts: Iterable[str]) -> None:
    """Warn once, with counts, of what `printable` and `cell_text` will change in these texts."""
    replaced = cut = 0
    for text in texts:
        replaced += unprintable_in(text)
        cut += len(cell_text(text)) < len(text)
    if replaced:
        log.warning("%d unprintable character(s) are shown as U+FFFD.", replaced)
    if cut:
        log.warning("%d text(s) are cut to the %d characters that a cell holds.", cut, LONGEST_CELL)
