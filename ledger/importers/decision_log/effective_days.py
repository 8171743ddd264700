"""Since when what a record says stands in the log, and since when its decision does: the day of the debt that it takes on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from ledger.decide.standing_decision import StandingDecision
from ledger.importers.decision_log.folder import RecordRead
from ledger.importers.decision_log.log_plan import LogTerms
from ledger.vocabulary.decision_statuses import ACCEPTED


def stands_from(record: RecordRead, before: StandingDecision | None, terms: LogTerms) -> date:
    """Since when what it says stands: the day that it states, if that is news; else the day on which it was read."""
    stated = record.dated_on if record.dated_on is not None and record.dated_on <= terms.today else None
    if before is None:
        return stated or terms.read_on
    if stated is not None and stated != before.event.dated_on and stated >= before.effective_on:
        return stated
    return max(terms.read_on, before.effective_on)


def accepted_on(
    record: RecordRead, before: StandingDecision | None, readings: Sequence[StandingDecision], terms: LogTerms
) -> date:
    """Since when the decision of a record stands, if it is accepted: since the day on which the log first had it so.

    That is the day that the record states, if it was accepted when it was read first. readings: every one of the record, in order
    of position, also what was taken back: who saw it proposed saw that it was not decided yet.
    """
    if before is not None and before.event.status != ACCEPTED:
        return stands_from(record, before, terms)
    first = before
    while first is not None and first.before is not None:
        if first.before.event.status != ACCEPTED:
            return _day(first)
        first = first.before
    stated = record.dated_on or (_day(first) if first else terms.read_on)
    undone = [reading for reading in readings if first is None or reading.position < first.position]
    at = next((at for at, reading in enumerate(undone) if reading.event.status == ACCEPTED), 0)
    return max(stated, _day(undone[at])) if at else stated


def _day(reading: StandingDecision) -> date:
    """Of one that was recorded late the day that it is about."""
    return reading.event.occurred_on or reading.effective_on
