"""Text from people, made safe for files that programs open, without changing what it says."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable

#: Excel's limit for a cell; openpyxl cuts longer text without a word.
LONGEST_CELL = 32_767
REPLACEMENT = "\ufffd"

# What XML 1.0 cannot carry: control characters, lone surrogates, the two non-characters.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_CALLS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")

log = logging.getLogger(__name__)


def printable(text: str) -> str:
    """The text with U+FFFD for every character that a file cannot carry."""
    return _UNPRINTABLE.sub(REPLACEMENT, text)


def cell_text(text: str) -> str:
    """Printable text of at most 32,767 characters; what is cut says so itself."""
    clean = printable(text)
    if len(clean) <= LONGEST_CELL:
        return clean
    note = f" … [cut: {len(clean):,} characters in the ledger]"
    return clean[: LONGEST_CELL - len(note)] + note


def log_what_changes(texts: Iterable[str]) -> None:
    """Warn once, with counts, of what `printable` and `cell_text` will change in these texts."""
    replaced = cut = 0
    for text in texts:
        replaced += len(_UNPRINTABLE.findall(text))
        cut += len(text) > LONGEST_CELL
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
