"""Items that somebody asks for: chosen by what they are, put in order, and searched by what was said of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import msgspec

from ledger.queries.register.due import due_on
from ledger.queries.register.items import RegisterItem, listed_under
from ledger.vocabulary.ages import OVERDUE
from ledger.vocabulary.quarters import FiscalCalendar
from ledger.vocabulary.tags import NOBODY

#: What is put in order from the largest to the smallest; all else from the first to the last.
LARGEST_FIRST = frozenset(
    ("principal", "outstanding", "interest_per_year", "interest_incurred", "interest_observed", "age_days")
)


class ItemsWanted(msgspec.Struct, frozen=True, kw_only=True):
    """What an item has to be; None and False ask for nothing.

    same: fields that have a value. status: as `listed_under` takes it. grep: a text that its title holds, whatever the capitals.
    tags: it has all of them. owner: whom it is assigned to, or `nobody`. due_by: it is debt whose term ends by that day.
    planned: a quarter is planned for it. overdue: by the definition of the ageing, whatever its status says first.
    """

    same: Mapping[str, str | None]
    status: str | None = None
    grep: str | None = None
    tags: tuple[str, ...] = ()
    owner: str | None = None
    due_by: date | None = None
    planned: bool = False
    overdue: bool = False

    def chosen(self, items: Iterable[RegisterItem], calendar: FiscalCalendar) -> list[RegisterItem]:
        """The items that are all that is wanted, in their order."""
        return [item for item in items if self._is(item, calendar)]

    def _is(self, item: RegisterItem, calendar: FiscalCalendar) -> bool:
        return (
            all(value is None or getattr(item, name) == value for name, value in self.same.items())
            and listed_under(item, self.status)
            and (self.grep is None or self.grep.casefold() in item.title.casefold())
            and set(self.tags) <= set(item.tags)
            and (self.owner is None or (item.assignee or NOBODY) == self.owner)
            and (self.due_by is None or _due_by(item, self.due_by, calendar))
            and (not self.planned or item.planned_for is not None)
            and (not self.overdue or listed_under(item, OVERDUE))
        )


def _due_by(item: RegisterItem, last: date, calendar: FiscalCalendar) -> bool:
    day = due_on(item, calendar)
    return day is not None and day <= last


def in_order(items: Iterable[RegisterItem], field: str, *, turned: bool = False) -> list[RegisterItem]:
    """Items by a field of theirs: amounts and ages the largest first, days, quarters and words the first first.

    turned: the other way round. What has none comes last either way; equals stay in the order of the register.
    """

    def value(item: RegisterItem) -> Any:
        found = getattr(item, "planned_for" if field == "planned" else field)
        return found.casefold() if isinstance(found, str) else found

    found = list(items)
    having = [item for item in found if value(item) not in (None, ())]
    without = [item for item in found if value(item) in (None, ())]
    return [*sorted(having, key=value, reverse=(field in LARGEST_FIRST) != turned), *without]
