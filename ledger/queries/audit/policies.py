"""Policies: how a book is kept, as its events set it."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from ledger.events import PolicySet
from ledger.events.codec import decode
from ledger.queries.reader import Reader
from ledger.tables.facts import event
from ledger.vocabulary.kinds import BOOK_STREAM
from ledger.vocabulary.policies import POLICIES


@dataclass(frozen=True, slots=True)
class PolicyRecord:
    """A policy and what it is set to; position, recorded_at, actor: of the event that set it, None if none did."""

    policy: str
    value: str
    position: int | None
    recorded_at: str | None
    actor: str | None
    definition: str


def policies(reader: Reader) -> list[PolicyRecord]:
    """Every policy there is, in order of name."""
    query = (
        select(event.c.body)
        .where(
            event.c.book == reader.name,
            event.c.stream == BOOK_STREAM,
            event.c.stored_as == "policy-set/1",
            event.c.position <= reader.position,
        )
        .order_by(event.c.stream_version)
    )
    found = {name: PolicyRecord(name, "off", None, None, None, asks) for name, asks in sorted(POLICIES.items())}
    for body in reader.connection.execute(query).scalars():
        recorded = decode(body)
        said = recorded.event
        if isinstance(said, PolicySet):
            by = (recorded.position, recorded.recorded_at, recorded.actor)
            found[said.policy] = PolicyRecord(said.policy, said.value, *by, POLICIES.get(said.policy, ""))
    return list(found.values())
