"""Text from people, made safe for files that programs open, without changing what it says."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable

#: Excel's limit for a cell, in units of UTF-16; openpyxl cuts longer text without a word.
LONGEST_CELL = 32_767
REPLACEMENT = "\ufffd"
#: Stands before every title of a pack whose quarter has not ended.
PROVISIONAL = "PROVISIONAL · "

# What XML 1.0 cannot carry: control characters, lone surrogates, the two non-characters.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_CALLS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")

log = logging.getLogger(__name__)


def printable(text: str) -> str:
    """The text with U+FFFD for every character that a file cannot carry."""
    return _UNPRINTABLE.sub(REPLACEMENT, text)


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
        replaced += len(_UNPRINTABLE.findall(text))
        cut += len(cell_text(text)) < len(text)
    if replaced:
        log.warning("%d unprintable character(s) are shown as U+FFFD.", replaced)
    if cut:
        log.warning("%d text(s) are cut to the %d characters that a cell holds.", cut, LONGEST_CELL)


def csv_text(text: str) -> str:
    """Printable text that no spreadsheet takes for a formula."""
    clean = printable(text)
    return "'" + clean if clean.startswith(_CALLS_A_FORMULA) else clean


def looks_like_formula(text: str) -> bool:
    """Whether a spreadsheet would evaluate the text if somebody edited the cell."""
    return text.startswith(_CALLS_A_FORMULA)
