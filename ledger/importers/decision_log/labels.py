"""What a decision record says of itself, by label: front matter, lines, bullets, tables, sections alike."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import groupby

from ledger.importers.answers.markdown_sections import MarkdownSection, plain_label
from ledger.importers.front_matter import YamlValue

STATUS, DATE, DECIDERS = "status", "date", "deciders"

#: The labels that records use, and which of ours each is.
_LABELS = {
    "status": STATUS,
    "date": DATE,
    "last updated": DATE,
    "deciders": DECIDERS,
    "decider": DECIDERS,
    "decision makers": DECIDERS,
    "decision maker": DECIDERS,
    "decision maker(s)": DECIDERS,
}
_LINE = re.compile(r"^\s*(?:[-*+]\s+)?[*_]{0,3}([A-Za-z][A-Za-z ()-]{2,20}?)[*_]{0,3}\s*:[*_]{0,3}(?:\s+(.*))?$")
_FENCE = re.compile(r"^\s*(?:```|~~~)")
_RULE = re.compile(r"^[\s|:-]+$")

Labelled = dict[str, list[str]]


def known_label(words: str) -> str | None:
    """Which label a word or heading is; None if it is none of them."""
    return _LABELS.get(plain_label(words).replace("-", " ").lower())


def of_front_matter(fields: dict[str, YamlValue]) -> Labelled:
    """The labels in front matter, each with what it says."""
    found: Labelled = {}
    for key, value in fields.items():
        if label := known_label(key):
            found.setdefault(label, []).extend(flat(value))
    return found


def flat(value: YamlValue) -> list[str]:
    """The texts of a value. Braces of a template that were left around a word make a mapping of it to nothing."""
    if isinstance(value, dict):
        return [key if not (said := ", ".join(flat(each))) else f"{key}: {said}" for key, each in value.items()]
    if isinstance(value, list):
        return [text for each in value for text in flat(each)]
    return [value.strip()] if value and value.strip() else []


def of_lines(lines: Iterable[str]) -> Labelled:
    """The labels in lines of their own, in bullets, and in tables, either way round."""
    found: Labelled = {}
    for is_table, block in groupby(outside_code(lines), key=lambda line: line.lstrip().startswith("|")):
        for label, said in _of_table(block) if is_table else _of_lines(block):
            if said.strip():
                found.setdefault(label, []).append(said.strip())
    return found


def of_sections(sections: Iterable[MarkdownSection]) -> Labelled:
    """The labels that are headings, each with the lines below it."""
    found: Labelled = {}
    for section in sections:
        if label := known_label(section.heading):
            found.setdefault(label, []).extend(line.strip() for line in section.lines if line.strip())
    return found


def outside_code(lines: Iterable[str]) -> Iterator[str]:
    """The lines of a text that are no code."""
    fenced = False
    for line in lines:
        if _FENCE.match(line):
            fenced = not fenced
        elif not fenced:
            yield line


def _of_lines(lines: Iterable[str]) -> Iterator[tuple[str, str]]:
    for line in lines:
        if (found := _LINE.match(line)) and (label := known_label(found[1])):
            yield label, found[2] or ""


def _of_table(lines: Iterable[str]) -> Iterator[tuple[str, str]]:
    """A table with several labels in its first row has values below them, any other one beside them."""
    rows = [[cell.strip() for cell in line.strip().strip("|").split("|")] for line in lines if not _RULE.match(line)]
    labels = [known_label(cell) for cell in rows[0]] if rows else []
    if sum(label is not None for label in labels) > 1:
        for row in rows[1:]:
            yield from ((label, cell) for label, cell in zip(labels, row, strict=False) if label)
    else:
        for row in rows:
            if len(row) > 1 and (beside := known_label(row[0])):
                yield beside, row[1]
