"""A decision record: its text, in any of the dialects, as the same few facts."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import PurePosixPath

from markdown_it import MarkdownIt

from ledger.importers.answers.markdown_sections import MarkdownSection, sections
from ledger.importers.decision_log import asciidoc as asciidoc_text
from ledger.importers.decision_log import restructured_text
from ledger.importers.decision_log.dates import date_in, date_of_name
from ledger.importers.decision_log.labels import (
    DATE,
    DECIDERS,
    STATUS,
    Labelled,
    flat,
    known_label,
    of_front_matter,
    of_lines,
    of_sections,
    outside_code,
)
from ledger.importers.decision_log.statuses import StatusRead, read_status, without_comments
from ledger.importers.front_matter import FrontMatter, YamlValue, parted
from ledger.importers.mapping import UNMAPPED, FieldMapping
from ledger.vocabulary.errors import Unreadable
from ledger.vocabulary.keys import item_id
from ledger.vocabulary.text import MAX_NAME, MAX_TITLE, clean_text

#: How names of files in AsciiDoc end.
ASCIIDOC = (".adoc", ".asciidoc")
_INLINE = MarkdownIt("commonmark")
_NUMBER = re.compile(r"(?:adr[-_ ]?)?(\d{1,6})(?=\D|$)", re.IGNORECASE | re.ASCII)
_NUMBERED = re.compile(r"^(?:ADR[-\s#]*\d{1,6}\s*[.:)–—-]?|\d{1,6}\s*[.:)–—-])\s*(?=\S)", re.IGNORECASE | re.ASCII)
_PLACEHOLDER = re.compile(r"^(?:\{.*\}|\[[^\]]*\]|<.*>)$", re.DOTALL)
_NO_RECORDS = {"readme", "index", "_index", "toc", "template", "changelog", "contributing", "license", "summary"}
_DECISION = re.compile(r"\bdecision\b|\bdecided\b", re.IGNORECASE)
_MOST_DECIDERS = 50
#: The key of front matter under which a record asks for debts.
BLOCK = "debt"


class NoDecision(Exception):
    """The file is no decision record; its words say what it is instead."""


@dataclass(frozen=True, slots=True)
class DecisionText:
    """What one file says. id: its path without its suffix. block: what stands under `debt` in its front matter;
    block_fault: why nobody can tell what that is.

    doubts: what it says and nobody can read, a sentence each. lines: of its text, where links to other records may stand.
    """

    id: str
    path: str
    title: str
    status: StatusRead
    dated_on: date | None
    deciders: tuple[str, ...]
    items: tuple[str, ...]
    block: YamlValue
    lines: Sequence[str] = field(repr=False)
    doubts: tuple[str, ...] = ()
    block_fault: str = ""

    @property
    def number(self) -> int | None:
        """The number that its name begins with; a date is none."""
        return number_of(PurePosixPath(self.id).name)


def record_id(path: str) -> str:
    """A record's id in its log: its path from the folder, without the suffix."""
    return _kept(path.removesuffix(PurePosixPath(path).suffix))


def number_of(stem: str) -> int | None:
    """The number that a file's name begins with, None if it begins with a date or none."""
    found = _NUMBER.match(stem)
    return int(found[1]) if found and date_of_name(stem) is None else None


def read_record(path: str, text: str, mapping: FieldMapping = UNMAPPED) -> DecisionText:
    """Read a record. path: from the log's folder, with forward slashes. mapping: of its words for a status, and of its deciders.

    Raises NoDecision for what is none, Unreadable for front matter that nobody can read.
    """
    stem = PurePosixPath(path).stem
    _refuse_by_name(stem)
    lines = text.splitlines()
    front = parted(lines)
    if front.fault:
        raise Unreadable(f"Its front matter cannot be read: {front.fault}.")
    restructured = path.lower().endswith(".rst")
    asciidoc = path.lower().endswith(ASCIIDOC)
    as_markdown = restructured_text.as_markdown if restructured else asciidoc_text.as_markdown if asciidoc else list
    body = as_markdown(front.body)
    found = list((restructured_text.restructured_sections if restructured else sections)(body))
    title = _title(front.fields, found)
    placeholder = title is not None and _PLACEHOLDER.match(without_comments(title).strip() or "<>") is not None
    if placeholder and not is_numbered(stem):
        raise NoDecision("a template: its title is a placeholder")
    said = of_front_matter(front.fields)
    for more in (of_lines(_head(body, found)), of_sections(found)):
        said = more | said
    if not _is_record(stem, found, said):
        raise NoDecision("no decision record: it has neither a number, a date or a status, nor a heading of a decision")
    record = _record(path, None if placeholder else title, front, said, body, mapping)
    if placeholder:
        return replace(record, doubts=("its title is the template's; its name stands for it", *record.doubts))
    return record


def _record(
    path: str, title: str | None, front: FrontMatter, said: Labelled, body: Sequence[str], mapping: FieldMapping
) -> DecisionText:
    stem = PurePosixPath(path).stem
    status = read_status(said.get(STATUS, ()), mapping.values.get(STATUS, {}))
    status = replace(status, said=_kept(status.said) if status.said else None)
    doubts = [f"its status '{status.said}' {status.doubt}: kept as it is, and counted as none"] if status.doubt else []
    stated = without_comments(" ".join(said.get(DATE, ()))).strip(" {}")
    dated_on = date_in(stated)[0]
    if stated and dated_on is None:
        doubts.append(f"its date '{stated}' is none that is written like 2026-03-31")
    doubts += [f"its front matter has {each}: the last one counts" for each in front.twice if each.top != BLOCK]
    numberless = re.sub(r"^(?:adr[-_ ]?)?[\d-]+[-_ ]*", "", stem, flags=re.IGNORECASE)
    words = title or re.sub(r"[-_]+", " ", numberless) or stem
    return DecisionText(
        id=record_id(path),
        path=_kept(path),
        title=_kept(words),
        status=status,
        dated_on=dated_on or status.dated_on or date_of_name(stem),
        deciders=_deciders(said.get(DECIDERS, ()), mapping),
        items=_items(front.fields),
        block=front.fields.get(BLOCK),
        block_fault=", and ".join(str(each) for each in front.twice if each.top == BLOCK),
        lines=list(outside_code(body)),
        doubts=tuple(doubts),
    )


def _title(fields: dict[str, YamlValue], found: Sequence[MarkdownSection]) -> str | None:
    """The first heading of the highest level, without its number; else what front matter says."""
    headings = [_shown(section) for section in found if section.level == 1 and known_label(section.heading) is None]
    stated = flat(fields.get("title"))
    words = headings[0] if headings else stated[0] if stated else None
    return _NUMBERED.sub("", words).strip() or words if words else None


def _shown(section: MarkdownSection) -> str:
    """A heading as CommonMark shows it, its escapes undone. One too long for a title is not worth its brackets."""
    typed = section.typed[0] if len(section.typed) == 1 else f"# {section.typed[-2].strip()}"
    if len(typed) > 2 * MAX_TITLE:
        return section.heading
    words = [
        child.content
        for token in _INLINE.parse(typed)
        for child in token.children or ()
        if child.type in ("text", "text_special", "code_inline")
    ]
    return "".join(words).strip() or section.heading


def _refuse_by_name(stem: str) -> None:
    """Raise NoDecision for what records are made from, or listed in."""
    if is_numbered(stem):
        return
    if stem.lower() in _NO_RECORDS:
        raise NoDecision(f"no decision record, by its name: {stem}")
    if "template" in re.split(r"[-_ .]", stem.lower()):
        raise NoDecision("a template, by its name")


def is_numbered(stem: str) -> bool:
    """Whether a file's name begins with a number or a date, as those of records do."""
    return number_of(stem) is not None or date_of_name(stem) is not None


def _head(body: list[str], found: Sequence[MarkdownSection]) -> list[str]:
    """The lines above the first heading below the title."""
    if not found:
        return body
    first = found[0]
    above = body[: len(body) - sum(len(section.typed) + len(section.lines) for section in found)]
    return above + first.lines if first.level == 1 and known_label(first.heading) is None else above


def _is_record(stem: str, found: Sequence[MarkdownSection], said: Labelled) -> bool:
    return is_numbered(stem) or STATUS in said or any(_DECISION.search(section.heading) for section in found)


def _deciders(said: Sequence[str], mapping: FieldMapping) -> tuple[str, ...]:
    names = [part.strip(" {}\t") for text in said for part in without_comments(text).strip("{} ").split(",")]
    meant = (mapping.named(DECIDERS, name) for name in names if name and not name.startswith("list everyone"))
    people = (mapping.people.person(name) if mapping.people else name for name in meant)
    kept = dict.fromkeys(_kept(name)[:MAX_NAME] for name in people if name)
    return tuple(kept)[:_MOST_DECIDERS]


def _items(fields: dict[str, YamlValue]) -> tuple[str, ...]:
    """The items that front matter names under `items` or `item`. Raises Unreadable for what is no item's key."""
    read: Callable[[str], str] = item_id
    named = [part for key in ("items", "item") for text in flat(fields.get(key)) for part in text.split(",")]
    return tuple(dict.fromkeys(read(part) for part in named if part.strip()))


def _kept(text: str) -> str:
    """A text as the ledger keeps it, in one line, not longer than a title."""
    return clean_text(" ".join(text.split()))[:MAX_TITLE].strip()
