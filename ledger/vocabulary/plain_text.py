"""Plain text: what a terminal shows, without anything that it would obey or hide.

A title or a name may have been typed by anybody, and a terminal obeys what it is sent: it clears the screen, renames the
window, writes over the line above, reverses the order of letters. What is not seen deceives as well: two names that
look the same.
"""

from __future__ import annotations

import re
import unicodedata

REPLACEMENT = "\ufffd"

# Obeyed: C0 and C1 controls; line and paragraph separators; embeddings, overrides and isolates of bidirectional text and
# its marks; halves of surrogate pairs; annotations. Unseen: what Unicode calls default-ignorable (UAX 44).
_OBEYED = "\x00-\x1f\x7f-\x9f\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufff9-\ufffb"
_UNSEEN = (
    "\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200d\u2060-\u2065\u206a-\u206f\u3164\ufe00-\ufe0f\ufeff"
    "\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
_HIDDEN = re.compile(f"[{_UNSEEN}]")
_REPLACED = re.compile(f"[{_OBEYED}{_UNSEEN}]")

# Two of the unseen are part of writing: joiners in scripts that join letters and in emoji, selectors of an emoji's look.
_JOINERS = "\u200c\u200d"
_LOOKS = "\ufe0e\ufe0f"
# Beyond Latin, Greek, Cyrillic and Armenian, whose letters nothing joins.
_FIRST_JOINED = "\u0590"


def plain(text: str) -> str:
    """The text of one cell or one name: U+FFFD stands for what would be obeyed or hidden, a line feed among it."""
    return _REPLACED.sub(_replaced, text)


def plain_lines(text: str) -> str:
    """As `plain`, where line feeds and tabs are the writer's own."""
    return "".join(part if part in ("\n", "\t") else plain(part) for part in re.split("([\n\t])", text))


def unseen(character: str) -> bool:
    """Whether nothing is seen where it stands."""
    return bool(_HIDDEN.match(character)) or unicodedata.category(character) == "Cf"


def _replaced(match: re.Match[str]) -> str:
    character, place, text = match[0], match.start(), match.string
    before = text[place - 1] if place else ""
    if character in _LOOKS and before and (unicodedata.category(before) == "So" or before in "#*0123456789"):
        return character
    if character in _JOINERS and _joined(before) and _joined(text[place + 1 : place + 2]):
        return character
    return REPLACEMENT


def _joined(character: str) -> bool:
    """Whether a joiner beside this character can change how it looks: it does not hide there."""
    if not character or character < _FIRST_JOINED:
        return False
    return character in _LOOKS or unicodedata.category(character) in ("Lo", "Mn", "Mc", "So", "Sk")
