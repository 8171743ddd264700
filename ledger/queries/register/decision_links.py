"""Which items say for which decision record they stand: by the --adr of a commission, or by evidence that is a record's LOG/ID."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from sqlalchemy import bindparam, or_, select

from ledger.events import NAME_OF, DebtCommissioned, NeglectAdopted, NeglectObserved
from ledger.events.codec import canonical, decode
from ledger.queries.reader import Reader
from ledger.tables.facts import event
from ledger.tables.reversals import reversal
from ledger.vocabulary.keys import system_of

_SUFFIX = re.compile(r"\.(?:md|markdown|rst|adoc|asciidoc|html?)$", re.IGNORECASE)
_NUMBER = re.compile(r"(?:ADR[-_ #]*)?#?(\d{1,6})", re.IGNORECASE | re.ASCII)
_NUMBERED = re.compile(r"(?:ADR[-_ ]?)?(\d{1,6})(?=\D|$)", re.IGNORECASE | re.ASCII)

#: What puts an item in the place of a decision: its openings, and the decision that made debt of it.
_DECIDING = (DebtCommissioned, NeglectObserved, NeglectAdopted)
_NAMING = (
    select(event.c.body, reversal.c.position)
    .outerjoin(
        reversal,
        (reversal.c.book == event.c.book)
        & (reversal.c.reversed_position == event.c.position)
        & (reversal.c.position <= bindparam("position")),
    )
    .where(
        event.c.book == bindparam("book"),
        event.c.position <= bindparam("position"),
        event.c.stored_as.in_([NAME_OF[kind] for kind in _DECIDING]),
    )
    .order_by(event.c.position)
)

#: A record's place in the logs: the log, and its id there.
DecisionKey = tuple[str, str]


@dataclass(frozen=True, slots=True)
class ItemNaming:
    """An item that stands for a record. source: of the item's opening, None if a person opened it or adopted it.

    reversed: the opening that says so was taken back.
    """

    decision: DecisionKey
    item: str
    source: str | None
    reversed: bool


def links_of_items(reader: Reader, keys: Collection[DecisionKey]) -> Iterator[ItemNaming]:
    """What the items of a book say of these records, in order of position; also of openings that were reversed."""
    parameters = {"book": reader.name, "position": reader.position}
    logs = sorted({log for log, _ in keys})
    # What names no record is left in the database.
    said = [event.c.body.contains(f'"evidence":{canonical(f"{log}/").decode()[:-1]}', autoescape=True) for log in logs]
    query = _NAMING.where(or_(event.c.body.like('%"adr":"%'), *said))
    by_text = {"/".join(key): key for key in keys}
    for body, reversed_at in reader.stream(query, parameters):
        happened = decode(body).event
        assert isinstance(happened, _DECIDING)  # noqa: S101 - what was selected by its stored name
        source = None if isinstance(happened, NeglectAdopted) else happened.source
        if isinstance(happened, NeglectAdopted) and reversed_at is not None:
            continue
        adr = happened.adr if isinstance(happened, DebtCommissioned) else None
        found = decision_named(adr, system_of(happened.item), keys) if adr else None
        found = found or next((by_text[each] for each in _spelled(happened.evidence or "") if each in by_text), None)
        if found is not None:
            yield ItemNaming(found, happened.item, source, reversed_at is not None)


def decision_named(adr: str, system: str, keys: Iterable[DecisionKey]) -> DecisionKey | None:
    """The record that an item's --adr means: LOG/ID, or a path, name or number that one record has.

    A record of the log that is called like the item's system goes before those of others. None if it means none, or several.
    """
    whole = _spelled(adr)
    stem = whole[-1]
    number = _NUMBER.fullmatch(stem)
    wanted = int(number[1]) if number else None
    name = posixpath.basename(stem).lower()
    by_path, by_name = list[DecisionKey](), list[DecisionKey]()
    for log, id_ in keys:
        own = posixpath.basename(id_)
        if f"{log}/{id_}" in whole:
            return log, id_
        numbered = _NUMBERED.match(own)
        if id_ in whole:
            by_path.append((log, id_))
        elif own.lower() == name or (wanted is not None and numbered is not None and int(numbered[1]) == wanted):
            by_name.append((log, id_))
    for found in (by_path, by_name):
        nearest = [key for key in found if key[0] == system] or found
        if nearest:
            return nearest[0] if len(nearest) == 1 else None
    return None


def _spelled(text: str) -> tuple[str, ...]:
    """A path as it is written, without the suffix of a file, and without a place in it: a name may have a # as well."""
    path = text.strip()
    return path, _SUFFIX.sub("", path), _SUFFIX.sub("", path.partition("#")[0])
