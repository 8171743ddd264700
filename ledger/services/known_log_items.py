"""The items that stand for the records of a log: those that blocks opened, and those by which people answered a record."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, select

from ledger.events import ImportRun
from ledger.importers.decision_log.debt_block import SOURCE
from ledger.importers.decision_log.log_plan import LogTerms, OpenedItem
from ledger.queries.reader import Reader
from ledger.queries.register.decisions import links_by_people
from ledger.queries.register.items import RegisterItem, register
from ledger.store.runs import Span, within
from ledger.tables.items import item as item_table
from ledger.tables.reversals import reversal
from ledger.vocabulary.dates import LAST_DAY

# Of several items with one key the latest counts.
_OPENED = (
    select(
        item_table.c.external_key,
        item_table.c.item,
        item_table.c.content_hash,
        item_table.c.position,
        reversal.c.position.label("reversed_at"),
    )
    .outerjoin(
        reversal,
        (reversal.c.book == item_table.c.book) & (reversal.c.reversed_position == item_table.c.position),
    )
    .where(item_table.c.book == bindparam("book"), item_table.c.source == SOURCE)
    .order_by(item_table.c.position)
)


#: Ends the key of what a record's second block opened, or a later one.
_FURTHER = re.compile(r"#\d+$", re.ASCII)


def block_of(item: str) -> str:
    """Under which name a reading keeps to which record the block of an item went."""
    return f"block of {item}"


@dataclass(frozen=True, slots=True)
class KnownItems:
    """What the book has of both. rows: of items that blocks opened; by_people: of this log, by the record's id.

    homes: the record to which the last reading of this log saw a block go, by its item: what another one saw moves nothing here.
    records: of every log; each as LOG/ID.
    """

    rows: Sequence[Any]
    by_people: Mapping[str, Sequence[str]]
    homes: Mapping[str, str]
    records: Collection[str]
    register: Mapping[str, RegisterItem]
    log: str

    @classmethod
    def read(
        cls, reader: Reader, terms: LogTerms, readings: Iterable[ImportRun], keys: Iterable[tuple[str, str]]
    ) -> KnownItems:
        """readings: of this log, in order, but for those that were undone. keys: of the records of every log."""
        rows = reader.connection.execute(_OPENED, {"book": reader.name}).all()
        by_people = {id_: items for (log, id_), items in links_by_people(reader).items() if log == terms.log}
        homes = {name: record for run in readings for name, record in run.assumptions.items()}
        items = {each.item: each for each in register(reader, LAST_DAY)} if rows or by_people else {}
        return cls(rows, by_people, homes, {"/".join(key) for key in keys}, items, terms.log)

    def opened_by_blocks(self, undone: Sequence[Span]) -> dict[str, OpenedItem]:
        """By their key; undone: positions that undid runs, which took back what they opened."""
        found = {}
        for row in self.rows:
            if row.reversed_at is not None and within(row.reversed_at, undone):
                continue
            # A record's own name may have a # as well.
            key = row.external_key
            record = key if key in self.records else _FURTHER.sub("", key)
            found[key] = self._item(row.item, row.content_hash, record, row.position)
        return found

    def typed(self) -> dict[str, list[OpenedItem]]:
        """By the record's id; what was reversed answers nothing."""
        found = {}
        for id_, names in self.by_people.items():
            items = [self._item(name, "", f"{self.log}/{id_}", 0) for name in names if name in self.register]
            found[id_] = [each for each in items if not each.reversed]
        return found

    def _item(self, name: str, content_hash: str, record: str, position: int) -> OpenedItem:
        there = self.register[name]
        return OpenedItem(
            item=name,
            title=there.title,
            content_hash=content_hash,
            record=record,
            home=self.homes.get(block_of(name), record),
            position=position,
            nature="debt" if there.nature == "debt" else "neglect",
            outstanding=there.outstanding,
            reversed=there.status == "reversed",
        )
