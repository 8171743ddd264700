"""Releases of this program: which one made a pack, and what the workbook has been called or has gained since.

The bytes of a pack are those of the release that made it. What holds across releases are its values, so that a pack of
another release is compared by table and column, and a later release that renames or adds something says so here.
"""

from __future__ import annotations

import re
from itertools import takewhile

from ledger.vocabulary.release import __version__

#: Old words of the report -> those that took their place: titles of sheets, headings, names of checks.
RENAMED = {
    "History": "Past quarters",  # Excel reserves the name
}
#: What is younger than 0.1 -> the release from which on every workbook has it. A sheet by its title; a table, column or
#: check as a comparison tells that it is missing: `Items tblItems Title`.
SINCE = {
    "Readiness": "0.2",  # some workbooks of 0.1 have it, and some have not
}

_READABLE = re.compile(r"[0-9A-Za-z.+]{1,40}")
_RENAMED = re.compile(rf"\b({'|'.join(map(re.escape, RENAMED))})\b")


def is_this(release: str) -> bool:
    """Whether the release is this one, of which the bytes can be compared."""
    return release == __version__


def is_later(release: str, than: str = __version__) -> bool:
    """Whether a release came after another. One that cannot be read came before all."""
    return _number(release) > _number(than)


def todays_words(text: str) -> str:
    """Words of the report as this release puts them."""
    return _RENAMED.sub(lambda found: RENAMED[found[0]], text)


def may_lack(release: str, name: str) -> bool:
    """Whether a workbook of the release need not have a sheet, or another thing, of this one."""
    since = SINCE.get(name)
    return since is not None and is_later(since, release)


def named(release: str) -> str:
    """The release in a sentence."""
    if not _READABLE.fullmatch(release):
        return "a release of debt-ledger that it does not tell"
    return f"debt-ledger {release}" + (f", which is later than this {__version__}" if is_later(release) else "")


def _number(release: str) -> tuple[int, ...]:
    """Its numbers up to the first part that is none: 0.2.0.dev0 is 0, 2, 0; trailing zeros say nothing."""
    readable = release if _READABLE.fullmatch(release) else ""
    parts = takewhile(str.isdecimal, readable.split("."))
    numbers = [int(part) for part in parts]
    while numbers and numbers[-1] == 0:
        numbers.pop()
    return tuple(numbers)
