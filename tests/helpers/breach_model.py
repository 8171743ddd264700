"""What follows from breaches, written from the design alone (§8, 'Consequence of a breach'); it imports nothing of ours.

Days do not go back: in whatever order they are measured is the matter of tests/services/test_conclude.py.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field
from datetime import date

BREACH = 4


@dataclass
class FoundItem:
    """An item that a breach opened. closed: whether it was repaid."""

    series: str
    owed: int
    closed: bool = False


@dataclass
class CarryingDebt:
    """The debt that the monitor names. ends_on: the last day of its term."""

    owed: int
    opened_on: date
    ends_on: date
    closed: bool = False


@dataclass
class BreachModel:
    """One monitor. agreed: what a breach costs, minor units; 0 while nobody agreed.

    items: in the order in which they were opened. evidence: how many pieces there are.
    measured: what is recorded, by name, day and key.
    """

    agreed: int = 0
    items: list[FoundItem] = field(default_factory=list)
    debt: CarryingDebt | None = None
    evidence: int = 0
    measured: set[tuple[Hashable, date, str | None]] = field(default_factory=set)
    _shown: set[tuple[Hashable, str]] = field(default_factory=set)

    def measure(self, name: Hashable, day: date, broken: Iterable[str], *, record: bool, key: str | None = None) -> int:
        """The exit code. name: of the same measurement always the same one. broken: in which series its threshold is.

        key: a request of its own, so that it may be there more than once; it says nothing new.
        """
        if key is not None or not any(known[:2] == (name, day) for known in self.measured):
            self.measured.add((name, day, key))
        found, code = sorted(broken), self.look(day, broken)
        if record and code:
            new = [series for series in found if ((name, day), series) not in self._shown]
            self._shown |= {((name, day), series) for series in new}
            self._enter(new)
        return code

    def look(self, day: date, broken: Iterable[str]) -> int:
        """The exit code of the same with nothing recorded."""
        return BREACH if any(True for _ in broken) and not self.carries(day) else 0

    def opens(self, name: Hashable, day: date, broken: Iterable[str]) -> frozenset[str]:
        """The series of which an item is opened where this is recorded."""
        if self.debt is not None and not self.debt.closed:
            return frozenset()
        new = {series for series in broken if ((name, day), series) not in self._shown}
        return frozenset(series for series in new if self.standing(series) is None)

    def carries(self, day: date) -> bool:
        """Whether a breach of that day was foreseen."""
        return self.debt is not None and not self.debt.closed and self.debt.opened_on <= day <= self.debt.ends_on

    def standing(self, series: str) -> FoundItem | None:
        """The open item of a series."""
        return next((item for item in self.items if item.series == series and not item.closed), None)

    def repay(self, series: str) -> None:
        """The open item of a series is repaid."""
        item = self.standing(series)
        assert item is not None
        item.owed, item.closed = 0, True

    @property
    def neglect(self) -> int:
        """Minor units."""
        return sum(item.owed for item in self.items)

    @property
    def owed(self) -> int:
        """Minor units, debt and neglect."""
        return self.neglect + (self.debt.owed if self.debt else 0)

    def _enter(self, series: list[str]) -> None:
        if self.debt is not None and not self.debt.closed:
            # Its term is over: one piece of evidence says all of them.
            self.evidence += bool(series)
            return
        for each in series:
            if self.standing(each) is None:
                self.items.append(FoundItem(each, self.agreed))
            else:
                self.evidence += 1
