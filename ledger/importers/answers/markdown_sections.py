"""Markdown as its headings part it: each heading with the lines below it, as CommonMark reads them.

What looks like a heading in code, in a comment, in a list or in a quotation is none there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from markdown_it import MarkdownIt
from markdown_it.token import Token

# Blocks alone: what is in bold or a link within them is no matter here, and a line made of brackets stays cheap.
_BLOCKS = MarkdownIt("commonmark")
_BLOCKS.core.ruler.enableOnly(["normalize", "block"])

_TAG = re.compile(r"<[^<>]*>|\{#[^{}]*\}")
_LINK = re.compile(r"\[([^\[\]]*)\]\([^()]*\)")
_NUMBER = re.compile(
    r"^\W*(?:\d{1,3}(?:\.\d{1,3})*|[IVX]{1,5}|[A-Z])[.):]?\s+(?=\S)|^\W*\d{1,3}(?:\.\d{1,3})*[.)](?=\S)"
)
#: A sign that Markdown would read otherwise.
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
_OPTIONAL = re.compile(r"\s*[\[(]\s*optional\s*[\])]", re.IGNORECASE)


@dataclass(slots=True)
class MarkdownSection:
    """A heading, 1 to 6 deep, and the lines below it up to the next one.

    heading: as a reader sees it; typed: its own lines, with their marks.
    """

    heading: str
    level: int
    typed: list[str]
    lines: list[str] = field(default_factory=list)


def sections(lines: list[str]) -> Iterator[MarkdownSection]:
    """Every section of a text, in its order; lines above the first heading belong to none."""
    headings = list(_headings(lines))
    ends = [*(start for start, _ in headings[1:]), len(lines)]
    for (start, section), end in zip(headings, ends, strict=False):
        section.lines = lines[start + len(section.typed) : end]
        yield section


def _headings(lines: list[str]) -> Iterator[tuple[int, MarkdownSection]]:
    """The line of each heading, and the section that begins there, without what is below."""
    tokens: list[Token] = _BLOCKS.parse("\n".join(lines))
    for token, words in pairwise(tokens):
        # A paragraph of several lines above a rule is a heading to CommonMark and a paragraph to whoever wrote it.
        if token.type == "heading_open" and token.level == 0 and token.map and "\n" not in words.content:
            start, below = token.map
            yield start, MarkdownSection(_shown(words.content), int(token.tag[1:]), lines[start:below])


def _shown(words: str) -> str:
    """A heading without its marks: tags, the address of a link, emphasis."""
    return _LINK.sub(r"\1", _TAG.sub("", words)).strip(" \t*_`") or words.strip()


def plain_label(words: str) -> str:
    """The words of a heading or label without their number, and without '[optional]', which an editor may have escaped."""
    # A run of spaces is one to a reader, and thousands of them are looked at once.
    bare = _ESCAPED.sub(r"\1", " ".join(words.split()))
    return _OPTIONAL.sub("", _NUMBER.sub("", bare, count=1)).strip(" \t*_:")
