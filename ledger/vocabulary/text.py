"""Text from people: as the ledger keeps it, and how long it may be."""

from __future__ import annotations

import unicodedata

from ledger.vocabulary.errors import Unreadable
from ledger.vocabulary.plain_text import unseen

MAX_TITLE = 500


MAX_TEXT = 100_000


MAX_NAME = 100


def clean_text(text: str) -> str:
    """The text as the ledger keeps it: NFC, without white space around it.

    Raises Unreadable for what no database can keep: NUL, and halves of a surrogate pair.
    """
    if "\x00" in text or any("\ud800" <= character <= "\udfff" for character in text):
        raise Unreadable("The text holds a NUL or half a character (a lone surrogate), which cannot be stored.")
    return unicodedata.normalize("NFC", text).strip()


def is_blank(text: str) -> bool:
    """Whether there is nothing in a text that anybody could read."""
    return all(character.isspace() or unseen(character) for character in text)


def said_text(text: str) -> str:
    """As `clean_text`, of a text that says something. Raises Unreadable for a blank one as well."""
    clean = clean_text(text)
    if is_blank(clean):
        raise Unreadable("The text is blank: say it, or leave it out.")
    return clean


def bare_words(text: str) -> str:
    """The text's letters and digits alone, lower case: to compare ignoring case and punctuation."""
    return "".join(character for character in text.casefold() if character.isalnum())
