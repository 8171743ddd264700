"""Remarks: what was said of items since they were opened and changes nothing that they owe, read from the events."""

from __future__ import annotations

from datetime import date

import msgspec
from sqlalchemy import bindparam, select

from ledger.events import Description, InterestObserved
from ledger.events.codec import happening
from ledger.queries.reader import Reader
from ledger.tables.facts import REMARKED, event
from ledger.tables.reversals import reversal

_UNDONE = select(reversal.c.reversed_position).where(
    reversal.c.book == bindparam("book"),
    reversal.c.effective_on <= bindparam("as_of"),
    reversal.c.position <= bindparam("position"),
)
# The names are literals: SQLite finds these few events by the index that has them alone, and only then.
_REMARKS = (
    select(event.c.body)
    .where(
        event.c.book == bindparam("book"),
        event.c.stored_as.in_(bindparam("names", REMARKED, expanding=True, literal_execute=True)),
        event.c.effective_on <= bindparam("as_of"),
        event.c.position <= bindparam("position"),
        event.c.position.not_in(_UNDONE),
    )
    .order_by(event.c.effective_on, event.c.position)
)


class Remarks(msgspec.Struct, frozen=True):
    """By item, in order of day, then position: what describes it, and what its interest was seen to be."""

    descriptions: dict[str, list[Description]]
    interest: dict[str, list[tuple[date, InterestObserved]]]


def remarks(reader: Reader, as_of: date) -> Remarks:
    """What was said of items and stands on a day. Of interest, each with the day on which it was seen."""
    found = Remarks({}, {})
    parameters = {"book": reader.name, "as_of": as_of, "position": reader.position}
    for (body,) in reader.stream(_REMARKS, parameters):
        happened = happening(body)
        said = happened.event
        if isinstance(said, Description):
            found.descriptions.setdefault(said.item, []).append(said)
        elif isinstance(said, InterestObserved):
            seen_on = said.occurred_on or happened.effective_on
            found.interest.setdefault(said.item, []).append((seen_on, said))
    return found
