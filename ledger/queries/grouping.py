"""Grouping: by which attributes figures are added up, and what an item's are.

Owners change over time, so a balance may have to be split between them (design §3, 'Teams').
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import select

from ledger.model import system_of
from ledger.projections.items import item as item_table
from ledger.queries.balances import Balance, technical_delta
from ledger.queries.owners import OWNER_FIELDS, Owners, day_before, owners_of
from ledger.queries.reader import Reader

#: What `--by` accepts, in the design's spelling.
GROUPINGS = ("nature", "dimension", "category", "system", "team", "cost-centre")

Key = tuple[str | None, ...]


@dataclass(slots=True)
class Grouping:
    """The attributes by which figures are added up. fields: keys of the JSON, 'cost_centre' among them."""

    reader: Reader
    fields: tuple[str, ...]
    owners: Owners
    #: Dimension and category by item, where they are asked for.
    _items: dict[str, tuple[str, str]]
    #: Where each field stands among (nature, system, dimension, category, owner…).
    _places: tuple[int, ...]
    _boundaries: dict[tuple[str, date], dict[tuple[str, str], Balance]] = field(default_factory=dict)

    @classmethod
    def by(cls, reader: Reader, groupings: Sequence[str]) -> Grouping:
        """Read what is needed to group by these; `groupings` in the spelling of GROUPINGS."""
        fields = tuple(dict.fromkeys(name.replace("-", "_") for name in groupings))
        owner_fields = [name for name in OWNER_FIELDS if name in fields]
        owners = owners_of(reader, owner_fields) if owner_fields else Owners({})
        items: dict[str, tuple[str, str]] = {}
        if "dimension" in fields or "category" in fields:
            columns = select(item_table.c.item, item_table.c.dimension, item_table.c.category)
            rows = reader.connection.execute(columns.where(item_table.c.book == reader.name))
            items = {row.item: (row.dimension, row.category) for row in rows}
        attributes = ["nature", "system", "dimension", "category", *owner_fields]
        return cls(reader, fields, owners, items, tuple(attributes.index(name) for name in fields))

    def key(self, item: str, nature: str, owner: Key = ()) -> Key:
        """The group of an item's figure of one nature under one owner."""
        if not self.fields:
            return ()
        dimension, category = self._items[item] if self._items else ("", "")
        attributes = (nature, system_of(item), dimension, category, *owner)
        return tuple([attributes[place] for place in self._places])

    @property
    def by_owner(self) -> bool:
        """Whether figures are split between owners."""
        return bool(self.owners.tenures) or any(name in self.fields for name in OWNER_FIELDS)

    def key_on(self, item: str, nature: str, day: date) -> Key:
        """The group that holds an item on a day."""
        owner = self.owners.on(system_of(item), day) if self.by_owner else ()
        return self.key(item, nature, owner)

    def interest_pieces(self, balance: Balance, day: date) -> list[tuple[Key, int]]:
        """Who bears an item's interest incurred by a day: the pieces add up to it.

        balance: as of that day. An owner's piece is the rounded cumulative interest at the end of its tenure
        minus that at its start; the old owner bears the day of the change.
        """
        if not self.by_owner:
            return [(self.key(balance.item, balance.nature), balance.interest_minor)]
        system = system_of(balance.item)
        tenures = [tenure for tenure in self.owners.tenures[system] if tenure.since <= day]
        if len(tenures) == 1:
            return [(self.key(balance.item, balance.nature, tenures[0].owner), balance.interest_minor)]
        starts = [0] + [
            self.at_change(balance.item, balance.nature, tenure.since).interest_minor for tenure in tenures[1:]
        ]
        ends = [*starts[1:], balance.interest_minor]
        return [
            (self.key(balance.item, balance.nature, tenure.owner), end - start)
            for tenure, start, end in zip(tenures, starts, ends, strict=True)
        ]

    def at_change(self, item: str, nature: str, changed_on: date) -> Balance:
        """What passes from one owner to the next: postings effective before the day, interest counted to it."""
        system = system_of(item)
        if (system, changed_on) not in self._boundaries:
            passing = technical_delta(self.reader, day_before(changed_on), days_to=changed_on, system=system)
            self._boundaries[system, changed_on] = {(balance.item, balance.nature): balance for balance in passing}
        return self._boundaries[system, changed_on].get((item, nature)) or Balance(item, nature, 0, 0, 0)

    def row(self, key: Key) -> dict[str, str | None]:
        """The group's attributes, named."""
        return dict(zip(self.fields, key, strict=True))


def sort_key(key: Key) -> tuple[str, ...]:
    """Groups in alphabetical order, a missing attribute first."""
    return tuple(value or "" for value in key)
