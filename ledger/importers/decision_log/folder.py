"""A folder of decision records: which of its files are records, what each says, and what each says of the others."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from ledger.events import DecisionLink
from ledger.events.codec import sha256_hex
from ledger.importers.decision_log.record import ASCIIDOC, DecisionText, NoDecision, is_numbered, read_record, record_id
from ledger.importers.decision_log.references import RELATES_TO, Records, linked, stated
from ledger.importers.decision_log.statuses import SUPERSEDED_BY, SUPERSEDES
from ledger.importers.files import natural
from ledger.importers.front_matter import YamlValue
from ledger.importers.mapping import UNMAPPED, FieldMapping
from ledger.importers.rows import BadRow, row_reason
from ledger.vocabulary.decision_statuses import SUPERSEDED
from ledger.vocabulary.errors import Unreadable
from ledger.vocabulary.outside_files import bytes_of
from ledger.vocabulary.text_encodings import RECOGNISED, Decoding, decoded

_SUFFIXES = (".md", ".markdown", ".rst", *ASCIIDOC)
#: Texts that may be records, and are in no form that is read.
_UNREAD = (".txt", ".org", ".asc", ".mdx", ".textile", ".wiki", ".htm", ".html", ".docx", ".odt", ".rtf", ".pdf")
#: Nobody writes a decision that is nearly as long, and no folder of decisions holds nearly as many files.
_MOST_BYTES, _MOST_FILES = 2 * 2**20, 20_000
_MOST_LINKS = 200


@dataclass(frozen=True, slots=True)
class PlaceSaid:
    """Something to be told of a file: no record, or a record of which something is in doubt. place: from the folder."""

    place: str
    what: str


@dataclass(frozen=True, slots=True)
class RecordRead:
    """A record with what it says of others. The fields are those of `DecisionLogged`; block, block_fault: as in DecisionText."""

    id: str
    title: str
    status: str | None
    status_said: str | None
    dated_on: date | None
    deciders: tuple[str, ...]
    supersedes: tuple[str, ...]
    superseded_by: tuple[str, ...]
    links: tuple[DecisionLink, ...]
    items: tuple[str, ...]
    path: str
    sha256: str
    block: YamlValue
    block_fault: str = ""


@dataclass(slots=True)
class FolderRead:
    """What a folder holds. read = records + bad; others: files that are no records, with what they are."""

    records: list[RecordRead] = field(default_factory=list)
    bad: list[BadRow] = field(default_factory=list)
    others: list[PlaceSaid] = field(default_factory=list)
    doubts: list[PlaceSaid] = field(default_factory=list)


def read_folder(folder: Path, decoding: Decoding = RECOGNISED, mapping: FieldMapping = UNMAPPED) -> FolderRead:
    """Read every record below a folder, in the order of their paths. A file that cannot be read is a bad row.

    Raises Unreadable for what is no folder, and for one with too many files to be a log.
    """
    if not folder.is_dir():
        raise Unreadable(f"{folder} is no folder: name the one in which the decision records are.")
    found, texts, hashes = FolderRead(), list[DecisionText](), dict[str, str]()
    for path in _files(folder, found):
        try:
            data = bytes_of(folder / path, most=_MOST_BYTES, what="decision record")
            text = read_record(path, decoded(path, data, decoding), mapping)
        except NoDecision as other:
            found.others.append(PlaceSaid(path, str(other)))
        except Unreadable as error:
            found.bad.append(BadRow(path, row_reason(error).replace(f"{folder}{os.sep}", ""), _key(path)))
        else:
            if text.id in hashes:
                found.bad.append(
                    BadRow(path, f"Another file beside it is the record {text.id}: one of them has to go.", text.id)
                )
                continue
            texts.append(text)
            hashes[text.id] = sha256_hex(data)
    records = Records.of(texts)
    found.records = [_related(text, hashes[text.id], records, found) for text in texts]
    found.doubts += _one_sided(found.records)
    return found


def _key(path: str) -> str:
    """The id of a file that cannot be read; empty for a name that no record can have."""
    try:
        return record_id(path)
    except Unreadable:
        return ""


def _files(folder: Path, found: FolderRead) -> Iterator[str]:
    """The files that may be records, from the folder, with forward slashes. Links are not followed: they may lead anywhere."""
    paths: list[str] = []
    for at, folders, files in os.walk(folder, followlinks=False):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in [*folders, *files]:
            path = Path(at, name)
            if path.is_symlink():
                found.others.append(PlaceSaid(path.relative_to(folder).as_posix(), "a link, which is not followed"))
            elif name in files and not name.startswith(".") and name.lower().endswith(_SUFFIXES):
                paths.append(path.relative_to(folder).as_posix())
            elif name in files and path.suffix.lower() in _UNREAD and is_numbered(path.stem):
                what = f"not read: a record is Markdown, reStructuredText or AsciiDoc, not {path.suffix}"
                found.others.append(PlaceSaid(path.relative_to(folder).as_posix(), what))
        if len(paths) > _MOST_FILES:
            raise Unreadable(f"{folder} holds more than {_MOST_FILES} texts: name the folder of the records alone.")
    return iter(sorted(paths, key=natural))


def _related(text: DecisionText, sha256: str, records: Records, found: FolderRead) -> RecordRead:
    said, doubts = stated(text, records)
    found.doubts += [PlaceSaid(text.path, doubt) for doubt in (*text.doubts, *doubts)]
    every = list(dict.fromkeys([*((link.relation, link.to) for link in said), *_further(text, records)]))
    told = {to for relation, to in every if relation != RELATES_TO}
    links = [pair for pair in every if pair[0] != RELATES_TO or pair[1] not in told]
    return RecordRead(
        id=text.id,
        title=text.title,
        status=text.status.status,
        status_said=text.status.said,
        dated_on=text.dated_on,
        deciders=text.deciders,
        supersedes=tuple(to for relation, to in links if relation == SUPERSEDES),
        superseded_by=tuple(to for relation, to in links if relation == SUPERSEDED_BY),
        links=tuple(DecisionLink(*pair) for pair in links if pair[0] not in (SUPERSEDES, SUPERSEDED_BY))[:_MOST_LINKS],
        items=text.items,
        path=text.path,
        sha256=sha256,
        block=text.block,
        block_fault=text.block_fault,
    )


def _further(text: DecisionText, records: Records) -> Iterator[tuple[str, str]]:
    return ((link.relation, link.to) for link in linked(text, records))


def _one_sided(records: list[RecordRead]) -> Iterator[PlaceSaid]:
    """What one record says of another and that one does not know."""
    by_id = {record.id: record for record in records}
    for record in records:
        for to in record.supersedes:
            if (other := by_id[to]).status != SUPERSEDED:
                says = f"says '{other.status_said}'" if other.status_said else "has no status"
                yield PlaceSaid(record.path, f"it says that it supersedes {to}, which {says}")
        for to in record.superseded_by:
            if record.id in by_id[to].superseded_by:
                yield PlaceSaid(record.path, f"it and {to} each say that the other supersedes it")
