"""Tags: single words to find items by, in small letters."""

from __future__ import annotations

#: What is typed for no assignee.
NOBODY = "nobody"

_MAX_TAG = 50
_MARKS = "-_.:/"


def tag_of(text: str) -> str:
    """A tag as typed, in the letters that are kept."""
    return text.strip().lower()


def is_tag(text: str) -> bool:
    """Whether a text is a tag as it is kept: at most 50 small letters, digits and marks, a letter or digit first."""
    return (
        0 < len(text) <= _MAX_TAG
        and text == tag_of(text)
        and text[0].isalnum()
        and all(character.isalnum() or character in _MARKS for character in text)
    )
