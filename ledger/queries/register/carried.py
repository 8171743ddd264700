"""Carried: the debts that carry the risks of monitors knowingly, each until the last day of its term."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from ledger.queries.register.documents import SystemDocuments
from ledger.queries.register.due import due_on
from ledger.queries.register.items import RegisterItem
from ledger.vocabulary.quarters import FiscalCalendar


@dataclass(frozen=True, slots=True)
class CarriedRisk:
    """A debt under which a breach is foreseen. until: the last day of its term."""

    item: str
    until: date


def carried_risks(
    found: SystemDocuments, items: Iterable[RegisterItem], calendar: FiscalCalendar
) -> dict[str, CarriedRisk]:
    """The debts that a system's monitors name and that carry on the register's day, by monitor.

    One that is overdue, lapsed or closed carries nothing any more (design §8, 'Consequence of a breach').
    """
    terms = {
        item.item: CarriedRisk(item.item, until)
        for item in items
        if item.status == "open" and (until := due_on(item, calendar)) is not None
    }
    named = {name: monitor.carried_by or "" for name, (_, monitor) in found.monitors.items()}
    return {name: terms[item] for name, item in named.items() if item in terms}
