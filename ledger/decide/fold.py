"""Folds: how the events of one stream, one after the other, make what is known of its subject.

A fold never refuses: an event in the log has happened. One that cannot follow from the events before it means a corrupt
log, and raises StoreError.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Generic, TypeVar

import msgspec

from ledger.events import NAME_OF, Event, Recorded
from ledger.events.exhaustive import exhaustive, named_as
from ledger.vocabulary.errors import StoreError

T = TypeVar("T")


class Fold(msgspec.Struct, Generic[T], frozen=True):
    """What each event of a family does to a subject; none may be forgotten.

    begins: events that make the subject. changes: events that change it. unchanged: events that leave it as it is. A class
    that several events share stands for those that are not named themselves.
    module: `__name__` of the one that says so.
    """

    family: type[Event]
    module: str
    begins: Mapping[type[Event], Callable[[Recorded, Any], T]]
    changes: Mapping[type[Event], Callable[[T, Recorded, Any], T]]
    unchanged: frozenset[type[Event]] = frozenset()
    #: Of every event, the class under which it is named above.
    _named: dict[type[Event], type[Event]] = msgspec.field(default_factory=dict)

    def __post_init__(self) -> None:
        """Raise NotExhaustive if an event of the family is forgotten."""
        exhaustive(self.family, self.begins, self.changes, self.unchanged, module=self.module)
        named = {*self.begins, *self.changes, *self.unchanged}
        self._named.update({event: kind for event in NAME_OF if (kind := named_as(event, named)) is not None})

    def after(self, subject: T | None, recorded: Recorded) -> T:
        """The subject after an event; None: there was none before. Raises StoreError if it cannot follow."""
        event = recorded.event
        kind = self._named.get(type(event), Event)
        if kind in self.begins:
            return self.begins[kind](recorded, event)
        if subject is None:
            raise StoreError(
                f"Position {recorded.position} ({recorded.stored_as}) has nothing before it in {recorded.stream}."
            )
        if kind in self.changes:
            return self.changes[kind](subject, recorded, event)
        if kind in self.unchanged:
            return subject
        raise StoreError(f"Position {recorded.position} ({recorded.stored_as}) is no event of {recorded.stream}.")
