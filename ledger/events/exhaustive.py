"""Exhaustive folds: whoever folds events says of each of them what it does with it, or cannot be imported."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable

from ledger.events import NAME_OF, Event


class NotExhaustive(Exception):
    """A fold leaves an event out, names one twice, or names one that is not of its stream."""


def exhaustive(family: type[Event], *groups: Iterable[type[Event]], module: str) -> None:
    """Raise NotExhaustive unless the groups together name every stored event of a family, each once.

    family: the class that a stream's events share. A group may name a class that some of them share as well, such as
    BalanceChange: it stands for those that are not named themselves. module: `__name__` of the one that folds them.
    """
    named = Counter(event for group in groups for event in group)
    stored = [event for event in NAME_OF if issubclass(event, family)]
    file = f"{module.replace('.', '/')}.py"
    for event in stored:
        if named_as(event, named) is None:
            raise NotExhaustive(
                f"{file} forgets {event.__name__} ({NAME_OF[event]}): say there what is done with it, or name it among those "
                "with which nothing is done."
            )
    for kind, times in named.items():
        if times > 1 or kind is family or not any(issubclass(event, kind) for event in stored):
            raise NotExhaustive(f"{file} names {kind.__name__} twice, or it is no stored {family.__name__}.")


def named_as(event: type[Event], named: Collection[type[Event]]) -> type[Event] | None:
    """The class under which a fold names an event: itself, or the nearest that it is a kind of; None if it is forgotten."""
    return next((kind for kind in event.__mro__ if kind in named), None)
