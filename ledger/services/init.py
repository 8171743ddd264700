"""Opening a book: its database made or upgraded, and its first event recorded."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from ledger.decide.init import OpenBook
from ledger.decide.receipt import Receipt
from ledger.decide.words import limited
from ledger.services.clock import new_id, now
from ledger.services.open_ledger import Address, Ledger
from ledger.services.requester import Requester
from ledger.store.engine import reading
from ledger.store.postgresql import refuse_clock
from ledger.store.upgrade import upgrade
from ledger.vocabulary.errors import Unreadable
from ledger.vocabulary.money import Currency
from ledger.vocabulary.text import MAX_NAME
from ledger.vocabulary.time_zones import known_time_zone, time_zone


@dataclass(frozen=True, slots=True)
class BookWanted:
    """A book to be opened. currency: its ISO 4217 code. fiscal_year_start: a month. time_zone: decides what 'today' is."""

    name: str
    currency: str
    fiscal_year_start: int = 1
    time_zone: str = "UTC"
    on: date | None = None
    late: bool = False
    evidence: str | None = None


def init(
    address: Address,
    wanted: BookWanted,
    *,
    actor: str,
    key: str | None = None,
    clock: Callable[[], datetime] = now,
    new_id: Callable[[], str] = new_id,
    machine: Callable[[], datetime] = now,
) -> tuple[Receipt, ...]:
    """Make or upgrade a database, and open a book in it.

    machine: this machine's clock. Raises Unreadable for what is no currency or no time zone, Refused for a book that is
    open already, StoreError for a machine whose clock is far from the server's.
    """
    currency, zone = currency_of(wanted.currency), time_zone(known_time_zone(wanted.time_zone))
    command = OpenBook(
        on=wanted.on,
        late=wanted.late,
        evidence=wanted.evidence,
        currency=currency.code,
        currency_exponent=currency.exponent,
        fiscal_year_start=wanted.fiscal_year_start,
        time_zone=wanted.time_zone,
    )
    limited(wanted.name, "--book", MAX_NAME)
    engine = address.engine(create=True)
    if engine.dialect.name == "postgresql":
        with reading(engine) as connection:
            refuse_clock(connection, machine())
    upgrade(engine)
    # A book is opened once: its own rule says more than "the same request was recorded before".
    request = Requester(actor, clock().astimezone(zone).date()).request(command, key=key, again=True)
    return Ledger(engine, wanted.name, clock, new_id, machine=machine).handle(request, opening=True)


def currency_of(code: str) -> Currency:
    """A currency, with its decimal places by ISO 4217. Raises Unreadable for a code that is none."""
    from babel import Locale
    from babel.numbers import get_currency_precision

    upper = code.upper()
    if upper not in Locale("en").currencies:
        raise Unreadable(f"'{upper}' is not a currency: write its ISO 4217 code, like EUR.")
    return Currency(upper, get_currency_precision(upper))
