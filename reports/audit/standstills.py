"""Standstills: the spans in which the ledger's time did not move, because a clock had been ahead."""

from __future__ import annotations

from ledger.journal_tests.examination import Examination
from reports.audit.columns import counted
from reports.content import naive_utc
from reports.sheet import Block, Column, Formula, Kind, Row, Sheet

_COLUMNS = (
    Column("first", "First position", Kind.COUNT),
    Column("last", "Last position", Kind.COUNT),
    Column("events", "Entries", Kind.COUNT),
    Column("requests", "Requests", Kind.COUNT),
    Column("recorded", "Recorded, UTC", Kind.STAMP),
    Column("moved_on", "Moved on, UTC", Kind.STAMP),
)
_NOTE = (
    "What is recorded gets the later of the clock's time and the last event's. Where several requests have the very same"
    " time, the clock was not past it: it had been ahead before, or it moves in steps. Moved on: when the next event was."
)


def build(found: Examination) -> Sheet:
    """A row per span, in order of position; how many entries it holds is a formula."""
    rows = tuple(
        Row(
            str(each.first_position),
            {
                "first": each.first_position,
                "last": each.last_position,
                "events": Formula("{last}-{first}+1", each.events),
                "requests": each.requests,
                "recorded": naive_utc(each.recorded_at),
                "moved_on": naive_utc(each.moved_on_at) if each.moved_on_at else None,
            },
        )
        for each in found.standstills
    )
    return Sheet(
        title="Standstills",
        headline=f"Time stood still in {counted(len(rows), 'span', 'spans')}",
        subtitle=f"Several requests with the very same time of recording · {found.subject.title}",
        blocks=(Block("standstills", _COLUMNS, rows, table="tblStandstills"),),
        notes=(_NOTE,),
    )
