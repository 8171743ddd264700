"""The keys of systems and items, as they are typed and kept."""

from __future__ import annotations

import re

from ledger.vocabulary.errors import Unreadable
from ledger.vocabulary.text import MAX_NAME

#: What a system's key looks like, and an item's: in Python, and in PostgreSQL, whose \d may know other digits.
SYSTEM_PATTERN = r"[A-Z][A-Z0-9_]*(?:-[A-Z][A-Z0-9_]*)*"
ITEM_PATTERN = rf"{SYSTEM_PATTERN}-[1-9][0-9]{{0,8}}"

_SYSTEM_KEY = re.compile(SYSTEM_PATTERN, re.ASCII)


_LOGICAL = ("TRUE", "FALSE")


_ITEM_ID = re.compile(ITEM_PATTERN, re.ASCII)


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
