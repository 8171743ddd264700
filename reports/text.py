"""Text from people, made safe for files that programs open, without changing what it says."""

from __future__ import annotations

import logging
import re

#: Excel's limit for a cell; openpyxl cuts longer text without a word.
LONGEST_CELL = 32_767
REPLACEMENT = "\ufffd"

# What XML 1.0 cannot carry: control characters, lone surrogates, the two non-characters.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_CALLS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")

log = logging.getLogger(__name__)


def printable(text: str) -> str:
    """The text with U+FFFD for every character that a file cannot carry; their number is logged."""
    clean, count = _UNPRINTABLE.subn(REPLACEMENT, text)
    if count:
        log.warning("Replaced %d unprintable character(s) by U+FFFD.", count)
    return clean


def cell_text(text: str) -> str:
    """Printable text of at most 32,767 characters; what is cut says so itself."""
    clean = printable(text)
    if len(clean) <= LONGEST_CELL:
        return clean
    note = f" … [cut: {len(clean):,} characters in the ledger]"
    log.warning("Cut a text of %d characters to the %d that a cell holds.", len(clean), LONGEST_CELL)
    return clean[: LONGEST_CELL - len(note)] + note


def csv_text(text: str) -> str:
    """Printable text that no spreadsheet takes for a formula."""
    clean = printable(text)
    return "'" + clean if clean.startswith(_CALLS_A_FORMULA) else clean


def looks_like_formula(text: str) -> bool:
    """Whether a spreadsheet would evaluate the text if somebody edited the cell."""
    return text.startswith(_CALLS_A_FORMULA)
