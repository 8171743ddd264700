"""Grouping: by which attributes figures are added up, and what an item's are.

Owners change over time, so a balance may have to be split between them (design §3, 'Teams').
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from ledger.queries.figures.owners import OWNER_FIELDS, Owners, Tenure, owners_of
from ledger.queries.reader import Reader
from ledger.tables.items import item as item_table
from ledger.vocabulary.keys import system_of

#: What `--by` accepts, in the design's spelling.
GROUPINGS = ("nature", "dimension", "category", "system", "team", "cost-centre")

Key = tuple[str | None, ...]

_NOBODY = Tenure(date.min, ())


@dataclass(slots=True)
class Grouping:
    """The attributes by which figures are added up. fields: keys of the JSON, 'cost_centre' among them."""

    fields: tuple[str, ...]
    owners: Owners
    #: Dimension and category by item, where they are asked for.
    _items: dict[str, tuple[str, str]]
    #: Where each field stands among (nature, system, dimension, category, owner…).
    _places: tuple[int, ...]

    @classmethod
    def by(cls, reader: Reader, groupings: Sequence[str]) -> Grouping:
        """Read what is needed to group by these; `groupings` in the spelling of GROUPINGS."""
        fields = tuple(dict.fromkeys(name.replace("-", "_") for name in groupings))
        owner_fields = [name for name in OWNER_FIELDS if name in fields]
        owners = owners_of(reader, owner_fields) if owner_fields else Owners({})
        items = kinds_of_items(reader) if "dimension" in fields or "category" in fields else {}
        attributes = ["nature", "system", "dimension", "category", *owner_fields]
        return cls(fields, owners, items, tuple(attributes.index(name) for name in fields))

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

    def holders(self, system: str, first_day: date, last_day: date) -> list[Tenure]:
        """Who had a system in a period, one after the other; one tenure without an owner where none is asked for."""
        return self.owners.during(system, first_day, last_day) if self.by_owner else [_NOBODY]

    def row(self, key: Key) -> dict[str, str | None]:
        """The group's attributes, named."""
        return dict(zip(self.fields, key, strict=True))


def kinds_of_items(reader: Reader) -> dict[str, tuple[str, str]]:
    """Dimension and category of every item; they are fixed when it is opened."""
    columns = (item_table.c.item, item_table.c.dimension, item_table.c.category)
    rows = reader.stream(select(*columns).where(item_table.c.book == reader.name))
    return {item: (dimension, category) for item, dimension, category in rows}


def sort_key(key: Key) -> tuple[str, ...]:
    """Groups in alphabetical order, a missing attribute first."""
    return tuple(value or "" for value in key)
