"""The decision log: architecture decision records as they were read, each version of each record."""

from __future__ import annotations

from datetime import date

import msgspec

from ledger.events.book import BookEvent


class DecisionLink(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A record refers to another. relation: 'amends', 'relates to' …; to: the other's id, in the same log."""

    relation: str
    to: str


class DecisionLogged(BookEvent, frozen=True, kw_only=True):
    """A decision record was read, for the first time or changed; effective when it was decided, or changed.

    log: the collection of records it belongs to, within which its id is unique. status: one of
    `ledger.vocabulary.decision_statuses`, None where the record says none that is known; status_said: its own words.
    dated_on: the day that the record states. supersedes, superseded_by: ids of records that it names. items: of the register,
    that it names. path: of the file, from the log's folder, with forward slashes; sha256: of its bytes, 64 hexadecimal digits.
    """

    log: str
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


class DecisionRetracted(BookEvent, frozen=True, kw_only=True):
    """What was read of a decision record counts no more: its reading was undone, and what it said before stands again.

    retracted_position: of the reading, the last one of this record that still counted. Effective with it, or on the first
    open day if that is closed.
    """

    log: str
    id: str
    retracted_position: int
    because: str
