"""reStructuredText as its headings part it, and its fields as the lines that Markdown has for them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ledger.importers.answers.markdown_sections import MarkdownSection

_ADORNMENT = re.compile(r"([=\-~^\"'`#*+.:_])\1{2,}\s*$")
_FIELD = re.compile(r"^:([\w -]{1,40}):(?=\s|$)")
_LINK = re.compile(r"`([^`<>]*)<([^<>`]+)>`__?")
_ROLE = re.compile(r":(?:doc|ref):`(?:([^`<>]*)<([^<>`]+)>|([^`<>]+))`")


def as_markdown(lines: list[str]) -> list[str]:
    """Fields and links as Markdown writes them: ':Status: accepted' as 'Status: accepted'."""
    return [_LINK.sub(_link, _ROLE.sub(_role, _FIELD.sub(r"\1:", line))) for line in lines]


def _link(found: re.Match[str]) -> str:
    return f"[{found[1].strip()}]({found[2]})"


def _role(found: re.Match[str]) -> str:
    words, target, alone = found.groups()
    return f"[{(words or alone or target).strip()}]({target or alone}.rst)"


def restructured_sections(lines: list[str]) -> Iterator[MarkdownSection]:
    """Every section of a text, in its order. A heading's level is the order in which its line of marks first came up."""
    levels: list[str] = []
    current: MarkdownSection | None = None
    place = 0
    while place < len(lines):
        typed = _heading_at(lines, place)
        if typed is None:
            if current is not None:
                current.lines.append(lines[place])
            place += 1
            continue
        if current is not None:
            yield current
        mark = ("o" if len(typed) == 3 else "u") + typed[-1][0]
        if mark not in levels:
            levels.append(mark)
        current = MarkdownSection(typed[-2].strip(), min(levels.index(mark) + 1, 6), typed)
        place += len(typed)
    if current is not None:
        yield current


def _heading_at(lines: list[str], place: int) -> list[str] | None:
    """The two or three lines of a heading that begins there: marks below, or above and below."""
    above = _ADORNMENT.match(lines[place])
    if above and place + 2 < len(lines) and lines[place].rstrip() == lines[place + 2].rstrip():
        return lines[place : place + 3] if lines[place + 1].strip() else None
    below = lines[place + 1] if place + 1 < len(lines) else ""
    words = lines[place].rstrip()
    if words and not words[0].isspace() and not above and _ADORNMENT.match(below):
        return lines[place : place + 2] if len(below.rstrip()) >= len(words) else None
    return None
