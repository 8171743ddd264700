"""Mailmaps: git's file that says which names and addresses are one person's.

    Jane Doe <jane@example.org> <jdoe@laptop.local>

The format is that of gitmailmap(5): a proper name, or a proper address, or both, for an address as it was used, or for a
name and an address as they were used. Addresses and names are compared without regard to case.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from ledger.importers.files import read_text
from ledger.vocabulary.errors import NOTHING_RECORDED, Unreadable
from ledger.vocabulary.text import clean_text

_LINE = re.compile(r"([^<>#]*)<([^<>]+)>\s*(?:([^<>]*)<([^<>]+)>)?\s*(?:#.*)?")
_AUTHOR = re.compile(r"([^<>]*)<([^<>]+)>")


@dataclass(frozen=True, slots=True)
class Mailmap:
    """proper: name and address by what was used, an address with a name or, for any name, with an empty one. text: all of it."""

    proper: Mapping[tuple[str, str], tuple[str, str]]
    text: str

    def person(self, author: str) -> str:
        """An author, 'Name <address>' or an address alone, as the map has them; one that it does not know as they are."""
        name, address = _parted(author)
        found = self.proper.get((address.lower(), name.lower())) or self.proper.get((address.lower(), ""))
        if found is None:
            return author
        name, address = found[0] or name, found[1] or address
        return f"{name} <{address}>" if name else address


def read_mailmap(path: Path) -> Mailmap:
    """Read a mailmap. Raises Unreadable, naming the file and the line that is none of one."""
    text = read_text(path)
    proper: dict[tuple[str, str], tuple[str, str]] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        match = _LINE.fullmatch(line.strip())
        if match is None:
            raise Unreadable(
                f"{path}, line {number} is no line of a mailmap: Proper Name <proper@address> <address@used>. {NOTHING_RECORDED}"
            )
        name, address, used_name, used = (clean_text(part or "") for part in match.groups())
        # With one address alone, that is the one that was used, and stays.
        key = (used or address).lower(), used_name.lower()
        before = proper.get(key, ("", ""))
        proper[key] = name or before[0], address if used else before[1]
    return Mailmap(proper, text)


def _parted(author: str) -> tuple[str, str]:
    match = _AUTHOR.fullmatch(author.strip())
    return (match[1].strip(), match[2].strip()) if match else ("", author.strip())
