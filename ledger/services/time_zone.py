"""Giving a book another time zone, also where this machine knows not the one that it has."""

from __future__ import annotations

from ledger.decide.receipt import Receipt
from ledger.decide.time_zone_set import SetTimeZone
from ledger.services.open_ledger import OpenedLedger
from ledger.services.requester import Requester
from ledger.vocabulary.time_zones import known_time_zone, time_zone


def set_time_zone(
    books: OpenedLedger, wanted: str, *, evidence: str | None = None, key: str | None = None
) -> tuple[Receipt, ...]:
    """Read the days of a book in another zone from here on; it is recorded on the day that it is there.

    Raises Unreadable for a name that tzdata does not know, Refused for the zone that the book has.
    """
    zone = time_zone(known_time_zone(wanted))
    requester = Requester(books.actor, books.ledger.clock().astimezone(zone).date())
    # There, back and there again on one day are three requests; the zone that it has is refused by the rule.
    return books.ledger.handle(requester.request(SetTimeZone(time_zone=wanted, evidence=evidence), key=key, again=True))
