"""References: which record of a log another one means, by its path, its name or its number."""

from __future__ import annotations

import posixpath
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from urllib.parse import unquote

from ledger.events import DecisionLink
from ledger.importers.decision_log.record import DecisionText
from ledger.importers.decision_log.statuses import relation_in

_LINK = re.compile(r"\[[^\[\]]*\]\(([^()]*)\)")
_NUMBERS = re.compile(r"(?<![\w.-])(?:ADR[-\s#]*)?#?(\d{1,6})(?![\w-])", re.IGNORECASE | re.ASCII)
_NUMBER = re.compile(r"(?:ADR[-_ #]*)?(\d{1,6})", re.IGNORECASE | re.ASCII)
_SUFFIX = re.compile(r"\.(?:md|markdown|rst|adoc|asciidoc|html?)$", re.IGNORECASE)
_WORD = re.compile(r"[\w./-]+")
RELATES_TO = "relates to"


@dataclass(slots=True)
class Records:
    """The records of a log, by everything that another record may call them."""

    by_id: dict[str, DecisionText] = field(default_factory=dict)
    by_name: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    by_number: dict[int, list[str]] = field(default_factory=lambda: defaultdict(list))

    @classmethod
    def of(cls, records: Iterable[DecisionText]) -> Records:
        """records: with ids that are each there once."""
        known = cls()
        for record in records:
            known.by_id[record.id] = record
            known.by_name[posixpath.basename(record.id).lower()].append(record.id)
            if record.number is not None:
                known.by_number[record.number].append(record.id)
        return known

    def named(self, word: str, at: str = "") -> str | None:
        """The id of the record that a path, name or number means, None if that is none or several. at: id of who says so."""
        bare = unquote(word.lstrip("#").partition("#")[0].partition("?")[0])
        stem = _SUFFIX.sub("", bare)
        path = posixpath.normpath(posixpath.join(posixpath.dirname(at), stem))
        for candidate in (path, stem):
            if candidate in self.by_id:
                return candidate
        number = _NUMBER.fullmatch(stem)
        found = self.by_name.get(posixpath.basename(stem).lower()) or (self.by_number[int(number[1])] if number else [])
        return found[0] if len(found) == 1 else None


def stated(record: DecisionText, records: Records) -> tuple[list[DecisionLink], list[str]]:
    """What a record's status says of other records, and what of that names none, a sentence each."""
    found, doubts = list[DecisionLink](), list[str]()
    for relation, words in record.status.relations:
        to = list(_meant(words, record, records))
        found += [DecisionLink(relation, each) for each in to]
        if not to:
            doubts.append(f"it says '{relation} {words}'".rstrip() + ", and no one record of the folder is that")
    return found, doubts


def linked(record: DecisionText, records: Records) -> Iterator[DecisionLink]:
    """The records that the text of one links to; lines that begin with a relation say which."""
    for line in record.lines:
        saying = relation_in(line)
        for target in _targets(line):
            to = records.named(target, record.id)
            if to is not None and to != record.id:
                yield DecisionLink(saying[0] if saying else RELATES_TO, to)


def _meant(words: str, record: DecisionText, records: Records) -> Iterator[str]:
    links = _targets(words)
    candidates = links or [*_WORD.findall(words), *_NUMBERS.findall(words)]
    seen = set[str]()
    for candidate in candidates:
        to = records.named(candidate, record.id)
        if to is not None and to != record.id and to not in seen:
            seen.add(to)
            yield to


def _targets(line: str) -> list[str]:
    """Where the links of a line lead, without their titles."""
    return [inside.split()[0].strip("<>") for inside in _LINK.findall(line) if inside.strip()]
