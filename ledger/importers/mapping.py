"""Mappings: a TOML file that says what a table's columns and words mean, and what identifies a row.

[columns]
effort = "Severity"             # the field effort is read from the column 'Severity'

[values.effort]
"MAJOR" = "30min"               # theirs = ours, compared without regard to case

[identity]
key = ["File", "Rule", "Line"]  # where a tool's own ids do not stay

[people]
mailmap = ".mailmap"            # who the authors are; beside the mapping, if its path is no whole one
"""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ledger.events.codec import sha256_hex
from ledger.importers.files import read_text
from ledger.importers.mailmap import Mailmap, read_mailmap
from ledger.vocabulary.errors import NOTHING_RECORDED, Unreadable

_TABLES = ("columns", "values", "identity", "people")
#: The field of a person. It is kept only where a mapping speaks of it: what is recorded stays for good.
AUTHOR = "author"
#: Those who decided, of a decision record, which names them in any case.
DECIDERS = "deciders"


@dataclass(frozen=True, slots=True)
class FieldMapping:
    """columns: the header of a field. values: of a field, ours by theirs in lower case. identity: headers. people: who is who.

    sha256: of the file, and of the mailmap that it names; None where there is none.
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    identity: tuple[str, ...] = ()
    people: Mailmap | None = None
    sha256: str | None = None

    @property
    def headers(self) -> tuple[str, ...]:
        """The columns that it names, of a field or of what identifies a row."""
        return (*self.columns.values(), *self.identity)

    def applied(self, record: Mapping[str, Any]) -> dict[str, Any]:
        """A record with its fields named and its words put as ours; what the mapping does not name stays."""
        named = dict(record)
        if self.identity:
            parts = [str(record.get(header) or "") for header in self.identity]
            if not any(part.strip() for part in parts):
                raise Unreadable(f"The row has nothing in {', '.join(self.identity)}, which identify it.")
            named["key"] = " | ".join(parts)
        for name, header in self.columns.items():
            named[name] = record.get(header)
        for name, words in self.values.items():
            theirs = str(named.get(name) or "").strip().lower()
            if theirs in words:
                named[name] = words[theirs]
        if self.people is not None:
            named[AUTHOR] = self.people.person(str(named.get(AUTHOR) or ""))
        return named

    def named(self, name: str, text: str) -> str:
        """A text of a field, as the mapping has it."""
        return self.values.get(name, {}).get(text.strip().lower(), text)

    @property
    def keeps_authors(self) -> bool:
        """Whether it says who people are, so that the author of a finding is kept beside it."""
        return self.people is not None or AUTHOR in self.columns or AUTHOR in self.values


UNMAPPED = FieldMapping()


def read_mapping(path: Path, fields: Collection[str]) -> FieldMapping:
    """Read a mapping. fields: those that may be named. Raises Unreadable, naming the file and what is wrong in it."""
    text = read_text(path)
    try:
        said = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise Unreadable(f"{path} is not TOML: {error}. {NOTHING_RECORDED}") from error
    except (ValueError, RecursionError) as error:
        what = "is nested too deep" if isinstance(error, RecursionError) else "holds a number with thousands of digits"
        raise Unreadable(f"{path} is no mapping: it {what}. {NOTHING_RECORDED}") from error
    for table in said:
        if table not in _TABLES or not isinstance(said[table], dict):
            raise Unreadable(
                f"{path} has '{table}': a mapping has the tables {', '.join(f'[{name}]' for name in _TABLES)}."
            )
    columns, values, identity, people = (said.get(name, {}) for name in _TABLES)
    for name in (*columns, *values):
        if name not in fields:
            raise Unreadable(f"{path} names a field '{name}': there are {', '.join(sorted(fields))}.")
    for name, words in values.items():
        if not isinstance(words, dict):
            raise Unreadable(f'{path}: [values.{name}] is a table of "theirs" = "ours".')
    key = identity.get("key", [])
    if set(identity) - {"key"} or not isinstance(key, list) or ("identity" in said and not key):
        raise Unreadable(f'{path}: [identity] says key = ["Column", …] with at least one column, and nothing else.')
    ours = [word for words in values.values() for word in words.values()]
    # A word may mean nothing, a column has a name.
    if not all(isinstance(each, str) for each in (*columns.values(), *key, *ours)) or not all(
        (*columns.values(), *key)
    ):
        raise Unreadable(f"{path} has a value that is no text: columns and words are texts in quotes.")
    lowered = {name: {theirs.strip().lower(): ours for theirs, ours in words.items()} for name, words in values.items()}
    mailmap = _mailmap(path, people, fields)
    return FieldMapping(
        columns, lowered, tuple(key), mailmap, sha256_hex((text + (mailmap.text if mailmap else "")).encode())
    )


def _mailmap(path: Path, people: Mapping[str, Any], fields: Collection[str]) -> Mailmap | None:
    """The mailmap that a mapping names. Raises Unreadable."""
    if not people:
        return None
    named = people.get("mailmap")
    if set(people) != {"mailmap"} or not isinstance(named, str) or not named.strip():
        raise Unreadable(f'{path}: [people] says mailmap = "FILE", and nothing else.')
    if not {AUTHOR, DECIDERS}.intersection(fields):
        raise Unreadable(f"{path} says who people are, and these findings name none.")
    return read_mailmap(path.parent / named)


def refuse_unseen(headers: Collection[str]) -> None:
    """Raise Unreadable for columns that a mapping names and no row has."""
    if headers:
        raise Unreadable(f"The mapping names a column '{min(headers)}', which no row has. {NOTHING_RECORDED}")
