"""The words of the domain that are data: natures, dimensions, movements, causes, names, efforts."""

from __future__ import annotations

import re
import unicodedata
from typing import Literal

from ledger.errors import Unreadable

Nature = Literal["debt", "neglect"]
Dimension = Literal["input", "system", "output", "time"]
Movement = Literal["commissioned", "observed", "adopted", "revised", "repaid", "written-off", "corrected"]

NATURES: tuple[Nature, ...] = ("debt", "neglect")
DIMENSIONS: tuple[Dimension, ...] = ("input", "system", "output", "time")
MOVEMENTS: tuple[Movement, ...] = (
    "commissioned",
    "observed",
    "adopted",
    "revised",
    "repaid",
    "written-off",
    "corrected",
)

#: Why something was left undone (design §2, rule 3).
CAUSES: dict[str, str] = {
    "undeliberate-design": "a design nobody chose; it grew",
    "coding-error": "the code does not do what its author meant",
    "inadequate-documentation": "what one must know to change it is written nowhere",
    "not-knowing-better": "a better way existed and was not known to the author",
    "missing-tests": "nothing would notice if it broke",
    "missed-maintenance": "an upgrade or clean-up that was due and not done",
    "expedience": "laziness, incompetence, a shortcut nobody decided",
    "untracked": "an input or output that nobody watches",
}

#: The category that may only be taken on for a time (design §2, rule 4).
MISSING_TESTS = "missing-tests"

BOOK_STREAM = "book"

#: A person-day, in minutes: efforts are kept as whole minutes.
MINUTES_PER_DAY = 8 * 60

MAX_TITLE = 500
MAX_TEXT = 100_000
MAX_NAME = 100

_SYSTEM_KEY = re.compile(r"[A-Z][A-Z0-9_]*(?:-[A-Z][A-Z0-9_]*)*", re.ASCII)
_LOGICAL = ("TRUE", "FALSE")
_ITEM_ID = re.compile(r"([A-Z][A-Z0-9_]*(?:-[A-Z][A-Z0-9_]*)*)-([1-9]\d{0,8})", re.ASCII)
_EFFORT = re.compile(r"(-?)(\d+)(?:\.(\d{1,6}))?(d|h|min)", re.ASCII)


def system_key(text: str) -> str:
    """Read a system's key, in capitals whatever was typed: letters, digits, '_', parts joined by '-'.

    No part begins with a digit, so that a key is never taken for an item's; a spreadsheet's logical values
    are no keys, because SUMIFS would not find them as text. Raises Unreadable.
    """
    key = text.strip().upper()
    if len(key) > MAX_NAME or not _SYSTEM_KEY.fullmatch(key) or key in _LOGICAL:
        raise Unreadable(f"'{text}' is not a system key: write it like FRAUD or HOME-PRICE.")
    return key


def item_id(text: str) -> str:
    """Read an item's key, 'FRAUD-12', in capitals whatever was typed. Raises Unreadable."""
    key = text.strip().upper()
    if not _ITEM_ID.fullmatch(key):
        raise Unreadable(f"'{text}' is not an item: write it like FRAUD-12.")
    return key


def is_item(stream: str) -> bool:
    """Whether a stream's name is an item's (and not the book's or a system's)."""
    return _ITEM_ID.fullmatch(stream) is not None


def system_of(item: str) -> str:
    """The system in an item's key."""
    return item.rpartition("-")[0]


def effort_minutes(text: str) -> int | None:
    """Read an effort ('15d', '6h', '0.5d', '45min'; a day is 8 hours) as minutes; None if it is not one.

    Raises Unreadable for an effort that is not a whole number of minutes.
    """
    match = _EFFORT.fullmatch(text.strip())
    if match is None:
        return None
    decimals = match[3] or ""
    unit = {"d": MINUTES_PER_DAY, "h": 60, "min": 1}[match[4]]
    minutes, rest = divmod(int(match[2] + decimals) * unit, int(10 ** len(decimals)))
    if rest:
        raise Unreadable(f"'{text}' is not a whole number of minutes.")
    return -minutes if match[1] else minutes


def effort_text(minutes: int) -> str:
    """An effort as one would type it: '15d', '6h', '45min'."""
    for unit, size in (("d", MINUTES_PER_DAY), ("h", 60)):
        if minutes % size == 0 and minutes:
            return f"{minutes // size}{unit}"
    return f"{minutes}min"


def clean_text(text: str) -> str:
    """The text as the ledger keeps it: NFC, without white space around it.

    Raises Unreadable for what no database can keep: NUL, and halves of a surrogate pair.
    """
    if "\x00" in text or any("\ud800" <= character <= "\udfff" for character in text):
        raise Unreadable("The text holds a NUL or half a character (a lone surrogate), which cannot be stored.")
    return unicodedata.normalize("NFC", text).strip()


def bare_words(text: str) -> str:
    """The text's letters and digits alone, lower case: to compare ignoring case and punctuation."""
    return "".join(character for character in text.casefold() if character.isalnum())
