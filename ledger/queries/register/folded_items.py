"""Items as their events make them: what a table of the register does not keep, the words of each decision among it."""

from __future__ import annotations

from datetime import date

from ledger.decide.item import Item, evolve_item
from ledger.queries.audit.log import log
from ledger.queries.reader import Reader
from ledger.vocabulary.keys import is_item, system_of


def folded_items(reader: Reader, as_of: date, stream: str | None = None) -> list[Item]:
    """The items with what is effective by a day, in the order of their keys. stream: of one alone."""
    found: dict[str, Item] = {}
    for logged in log(reader, stream=stream, as_of=as_of):
        recorded = logged.recorded
        if is_item(recorded.stream):
            found[recorded.stream] = evolve_item(found.get(recorded.stream), recorded)
    return [found[key] for key in sorted(found, key=_order)]


def _order(item: str) -> tuple[str, int]:
    return system_of(item), int(item.rpartition("-")[2])
