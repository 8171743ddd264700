"""Events that stand: what somebody could reverse, the last first."""

from __future__ import annotations

from sqlalchemy import select

from ledger.events import NAME_OF, EventReversed, NoteAdded
from ledger.events.codec import decode
from ledger.queries.audit.log import Logged
from ledger.queries.reader import Reader
from ledger.tables.facts import event
from ledger.tables.reversals import reversal
from ledger.vocabulary.errors import NotFound, Refused

#: How many positions are named where several could be meant.
_NAMED = 5


def last_standing(reader: Reader, actor: str, item: str | None = None) -> Logged:
    """The last event that an actor recorded and that stands: of an item, or of all the book. A reversal is none.

    Notes and events of the book or of systems count: that they stay is the rule's to say. Raises Refused if there is none.
    """
    undone = select(reversal.c.reversed_position).where(
        reversal.c.book == reader.name, reversal.c.position <= reader.position
    )
    query = (
        select(event.c.body, event.c.hash, event.c.session_user)
        .where(
            event.c.book == reader.name,
            event.c.position <= reader.position,
            event.c.actor == actor,
            event.c.stored_as != NAME_OF[EventReversed],
            event.c.position.not_in(undone),
        )
        .order_by(event.c.position.desc())
        .limit(1)
    )
    if item is not None:
        query = query.where(event.c.stream == item)
    found = reader.connection.execute(query).one_or_none()
    if found is None:
        if item is not None:
            _refuse_unknown(reader, item)
        where = f" on {item}" if item else ""
        raise Refused(
            f"Nothing that {actor} recorded{where} stands.",
            f"What another recorded is reversed by its position: `debt log{f' {item}' if item else ''}` shows it.",
        )
    return Logged(decode(found.body), found.hash, found.session_user)


def only_standing(reader: Reader, item: str) -> int:
    """The position of the one event of an item that could be meant. Raises Refused where there is none, or several."""
    undone = select(reversal.c.reversed_position).where(
        reversal.c.book == reader.name, reversal.c.position <= reader.position
    )
    query = (
        select(event.c.position, event.c.stored_as)
        .where(
            event.c.book == reader.name,
            event.c.stream == item,
            event.c.position <= reader.position,
            event.c.stored_as.not_in((NAME_OF[EventReversed], NAME_OF[NoteAdded])),
            event.c.position.not_in(undone),
        )
        .order_by(event.c.stream_version)
    )
    standing = reader.connection.execute(query).all()
    if not standing:
        _refuse_unknown(reader, item)
        raise Refused(f"Nothing stands on {item} that could be reversed.", f"`debt log {item}` shows its events.")
    if len(standing) > 1:
        named = ", ".join(f"{position} ({stored_as})" for position, stored_as in standing[-_NAMED:])
        raise Refused(
            f"{len(standing)} events stand on {item}: {named}.", "Say which: `debt reverse POSITION --because …`."
        )
    position: int = standing[0].position
    return position


def _refuse_unknown(reader: Reader, item: str) -> None:
    """Refuse an item that the book does not have."""
    known = select(event.c.position).where(
        event.c.book == reader.name, event.c.stream == item, event.c.position <= reader.position
    )
    if reader.connection.execute(known.limit(1)).first() is None:
        raise NotFound(
            f"There is no item {item}.", "`debt list --status all` shows the register.", unknown=("items", item)
        )
