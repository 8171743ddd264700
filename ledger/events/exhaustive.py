"""Exhaustive folds: whoever folds events says of each of them what it does with it, or cannot be imported."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from ledger.events import NAME_OF, Event


class NotExhaustive(Exception):
    """A fold leaves an event out, names one twice, or names one that is not of its stream."""


def exhaustive(family: type[Event], *groups: Iterable[type[Event]], module: str) -> None:
    """Raise NotExhaustive unless the groups together name every stored event of a family, each once.

    family: the class that a stream's events share. module: `__name__` of the one that folds them.
    """
    named = Counter(event for group in groups for event in group)
    file = f"{module.replace('.', '/')}.py"
    for event, name in NAME_OF.items():
        if issubclass(event, family) and event not in named:
            raise NotExhaustive(
                f"{file} forgets {event.__name__} ({name}): say there what is done with it, or name it among those with "
                "which nothing is done."
            )
    for event, times in named.items():
        if times > 1 or event not in NAME_OF or not issubclass(event, family):
            raise NotExhaustive(f"{file} names {event.__name__} twice, or it is no stored {family.__name__}.")
