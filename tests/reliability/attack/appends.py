"""What a writer may do by its own rights: append an entry that no rule of the ledger led to, with a chain that holds."""

from __future__ import annotations

from datetime import UTC, date, datetime
from random import Random
from typing import Any
from uuid import UUID

import msgspec

from ledger.decide import Decided
from ledger.decide.command import Command
from ledger.decide.convention import conventions_noted
from ledger.decide.note import AddNote
from ledger.decide.observe import Observe
from ledger.decide.repay import Repay
from ledger.decide.request import Request
from ledger.decide.write_off import WriteOff
from ledger.queries.reader import reader_of
from ledger.queries.register.items import CLOSED, register
from ledger.store.engine import open_engine
from ledger.store.ledger import Ledger
from ledger.store.transaction import decided
from ledger.vocabulary.errors import LedgerError
from ledger.vocabulary.quantities import Quantity

_TODAY = date(2027, 12, 30)


def lawful(book: Ledger, dice: Random) -> Command:
    """Something that may be recorded in the book."""
    with reader_of(book) as reader:
        items = [each for each in register(reader, _TODAY) if each.status not in CLOSED and each.outstanding]
    if not items:
        return AddNote(item="FRAUD-1", text="seen", on=_TODAY)
    item = dice.choice(items)
    return dice.choice(
        (
            AddNote(item=item.item, text="seen", on=_TODAY),
            Repay(item=item.item, amount=Quantity(minor=1), on=_TODAY),
            Repay(item=item.item, on=_TODAY),
            WriteOff(item=item.item, because="gone", on=_TODAY),
            Observe(
                system=item.item.rpartition("-")[0], title="Bare", category="untracked-input", cause="untracked",
                principal=Quantity(minor=700), on=_TODAY),
        )
    )  # fmt: skip


def append_what_was_altered(url: str, book: str, dice: Random) -> str:
    """Decide something lawful, alter what follows from it, and append that as the ledger does; what was altered."""
    engine = open_engine(url)
    clock = datetime.now(UTC)
    ledger = Ledger(engine, book, lambda: clock, lambda: str(UUID(int=dice.getrandbits(128))))
    try:
        asked = Request(lawful(ledger, dice), "attacker", _TODAY, again=True)
        with ledger.appending() as unit:
            with conventions_noted():
                follows = decided(unit.memory, asked, None)
            altered, told = _altered(follows, dice)
            unit._stamp(asked, altered)
            unit.flush()
        return f"{type(asked.command).__name__}, {told}"
    except LedgerError as error:
        return f"refused: {error}"
    finally:
        engine.dispose()


def _altered(follows: tuple[Decided, ...], dice: Random) -> tuple[tuple[Decided, ...], str]:
    """One field of the last event, its day, or how many events there are."""
    *rest, last = follows
    if dice.random() < 0.1:
        return (*follows, last), "twice"
    if dice.random() < 0.1:
        return (*rest, Decided(date(2027, 12, 29), last.event)), "a day earlier"
    name = dice.choice(last.event.__struct_fields__)
    value: Any = getattr(last.event, name)
    other: Any = "made up" if value is None else not value if isinstance(value, bool) else None
    if isinstance(value, int) and not isinstance(value, bool):
        other = dice.choice((value + 1, value * 2 + 1, -value - 1, 0 if value else 1))
    elif isinstance(value, str):
        other = dice.choice((f"{value}x", value.upper() + "X"))
    elif isinstance(value, date):
        other = date(2026, 1, 1)
    return (
        *rest,
        Decided(last.effective_on, msgspec.structs.replace(last.event, **{name: other})),
    ), f"{name} := {other!r}"
