"""Replaying: the books folded from the events alone, and held against the read models.

The fold reads bodies of events and nothing else (ledger.accounts.general_ledger); what it is held against reads read
models and nothing else (ledger.queries.register.items, ledger.queries.figures.trial_balance).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import chain
from typing import Any

from sqlalchemy import bindparam, select

from ledger.accounts.general_ledger import FoldedItem, GeneralLedger
from ledger.accounts.postings import post
from ledger.events.codec import decode, happening
from ledger.queries.audit.disagreement import Disagreement
from ledger.queries.audit.groups import disagreeing_groups
from ledger.queries.figures.trial_balance import trial_balance
from ledger.queries.reader import Reader
from ledger.queries.register.items import register
from ledger.store.comparison import CHUNK, streamed
from ledger.store.differing_rows import differing_rows
from ledger.tables.facts import event
from ledger.vocabulary.collector import collector_paused
from ledger.vocabulary.errors import StoreError

_BODIES = (
    select(event.c.position, event.c.body)
    .where(event.c.book == bindparam("book"), event.c.position <= bindparam("position"))
    .order_by(event.c.position)
)

#: Figures of an item that are compared, in this order: amounts first. The others are texts and dates.
COMPARED = (
    "outstanding",
    "interest_per_year",
    "interest_incurred",
    "principal",
    "nature",
    "status",
    "title",
    "dimension",
    "category",
    "opened_on",
    "repay_by",
    "until",
    "planned_for",
)
_AMOUNTS = frozenset(COMPARED[:4])


def replayed(reader: Reader, as_of: date, progress: Callable[[int, int], None] | None = None) -> GeneralLedger:
    """Fold every event that is known to the reader and effective by a day.

    progress: told how many are done, of how many. Raises StoreError for events that cannot be read or be.
    """
    folded = GeneralLedger(as_of, reader.calendar)
    take, position = folded.take, 0
    try:
        with collector_paused():
            for position, body in _bodies(reader, progress):
                happened = happening(body)
                take(position, happened.stream, happened.effective_on, happened.event)
    except KeyError as error:
        raise StoreError(
            f"Position {position} is about {error}, which was never opened. `debt verify` tells what was touched."
        ) from error
    return folded


def _bodies(reader: Reader, progress: Callable[[int, int], None] | None) -> Iterator[tuple[int, str]]:
    done = 0
    bounds = {"book": reader.name, "position": reader.position}
    with streamed(reader.connection, _BODIES, bounds) as fetch:
        while rows := fetch(CHUNK):
            yield from rows
            done += len(rows)
            if progress:
                progress(done, reader.position)


def disagreements(reader: Reader, folded: GeneralLedger) -> Iterator[Disagreement]:
    """Every figure of the fold that the read models give differently: items, then accounts; if none does, groups.

    Groups add items up, so that those of items which disagree would only say it again.
    """
    items = list(folded.register())
    agreed = True
    for each in chain(_of_items(reader, folded.as_of, items), _of_accounts(reader, folded)):
        agreed = False
        yield each
    if agreed:
        yield from disagreeing_groups(reader, items, folded.as_of)


def disagreeing_rows(reader: Reader) -> Iterator[Disagreement]:
    """Every value of a read model's row that is not what follows from the events known to the reader, of any day.

    A row can be another one and no figure of that day: a title, a source, what counts from tomorrow.
    """
    for each in differing_rows(reader.connection, reader.name, reader.position):
        place = f"{each.table}, position {'none' if each.position is None else each.position}"
        yield Disagreement(None, place, each.field, False, each.expected, each.found)


def _of_items(reader: Reader, as_of: date, items: list[FoldedItem]) -> Iterator[Disagreement]:
    stored = {item.item: item for item in register(reader, as_of)}
    for item in items:
        yield from _of_item(item, stored.pop(item.item, None))
    for name, surplus in stored.items():
        yield Disagreement(name, "register", "item", False, None, surplus.title)


def _of_accounts(reader: Reader, folded: GeneralLedger) -> Iterator[Disagreement]:
    accounts = trial_balance(reader, folded.as_of)
    for account in sorted(folded.accounts.keys() | accounts.keys()):
        for figure in ("debit", "credit"):
            mine = getattr(folded.accounts.get(account), figure, None)
            theirs = getattr(accounts.get(account), figure, None)
            if mine != theirs:
                yield Disagreement(None, account, figure, True, mine, theirs)


def _of_item(item: FoldedItem, stored: Any) -> Iterator[Disagreement]:
    if stored is None:
        yield Disagreement(item.item, "register", "item", False, item.title, None)
        return
    account = f"liabilities:{item.nature}:{item.dimension}"
    for figure in COMPARED:
        mine, theirs = getattr(item, figure), getattr(stored, figure)
        if mine != theirs:
            yield Disagreement(item.item, account, figure, figure in _AMOUNTS, mine, theirs)


@dataclass(frozen=True, slots=True)
class Moved:
    """An event and what stood after it, by effective day, then position. Amounts in minor units."""

    effective_on: date
    position: int
    recorded_at: str
    stored_as: str
    stream: str
    actor: str
    debt: int
    neglect: int


def moved(reader: Reader, first_day: date, as_of: date) -> Iterator[Moved]:
    """Every event effective in a period, both days inclusive, and the debt and neglect after each."""
    debt = neglect = 0
    found = []
    for position, body in _bodies(reader, None):
        recorded = decode(body)
        on = recorded.effective_on
        if on > as_of:
            continue
        change = {"debt": 0, "neglect": 0}
        for leg in post(recorded.event, on):
            if leg.nature is not None:
                change[leg.nature] -= leg.amount_minor
        if on < first_day:
            debt, neglect = debt + change["debt"], neglect + change["neglect"]
            continue
        said = (recorded.recorded_at, recorded.stored_as, recorded.stream, recorded.actor)
        found.append((on, position, said, change["debt"], change["neglect"]))
    for on, position, said, of_debt, of_neglect in sorted(found):
        debt, neglect = debt + of_debt, neglect + of_neglect
        yield Moved(on, position, *said, debt, neglect)
