"""Text from people in files that spreadsheets open: nothing that they cannot carry, nothing that they would run.

What is guarded against is what the files given out so far were guarded against; the packs among them have their hashes
in the ledger, so that not a byte of theirs may change. It leaves alone what a spreadsheet shows as it is when it opens a
file: a line feed, the other control characters, quotation marks, and the full-width ＝ ＋ － ＠, which some take for
the beginning of a formula where somebody types them.
"""

from __future__ import annotations

import re

REPLACEMENT = "\ufffd"

# What XML 1.0 cannot carry: control characters, lone surrogates, the two non-characters.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_STARTS = ("=", "+", "-", "@", "\t", "\r")
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?", re.ASCII)


def printable(text: str) -> str:
    """The text with U+FFFD for every character that a file cannot carry."""
    return _UNPRINTABLE.sub(REPLACEMENT, text)


def unprintable_in(text: str) -> int:
    """How many characters `printable` replaces."""
    return len(_UNPRINTABLE.findall(text))


def starts_a_formula(text: str) -> bool:
    """Whether a spreadsheet would evaluate the text where it is a cell of a CSV file, or somebody edits the cell."""
    return text.startswith(_STARTS)


def guarded(text: str, *, numbers: bool = False) -> str:
    """The text of a cell in a CSV file, with ' in front where a spreadsheet would take it for a formula.

    numbers: leave numbers in peace, '-12.50' among them: for columns of amounts. Where amounts have a column for each
    sign, as in a file of postings, no text of theirs begins with one, and what does was typed by a person.
    """
    if starts_a_formula(text) and not (numbers and _NUMBER.fullmatch(text)):
        return f"'{text}"
    return text


def posting_text(text: str) -> str:
    """A text of a file of postings, a pack's or an export's: printable and guarded."""
    return guarded(printable(text))
