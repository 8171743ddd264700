"""Samples that anybody can draw again: chosen by sha256 of a seed, not by a library's generator.

    printf '%s:%s' SEED POSITION | sha256sum

gives an entry's number; the entries with the lowest numbers are the sample. A smaller sample with the same seed is the
beginning of a larger one.
"""

from __future__ import annotations

import hashlib
import heapq
from array import array
from bisect import bisect_right
from itertools import accumulate

from ledger.journal_tests.entries import JournalEntry


def number_of(seed: str, position: int) -> int:
    """The number by which an entry takes part in the draw."""
    return int.from_bytes(hashlib.sha256(f"{seed}:{position}".encode()).digest())


class EntrySample:
    """The `size` entries with the lowest numbers; every entry has the same chance. Holds no more than those."""

    def __init__(self, seed: str, size: int) -> None:
        self._seed = seed
        self._size = size
        self._kept: list[tuple[int, int, JournalEntry]] = []  # the highest number first

    def offer(self, entry: JournalEntry) -> None:
        """Let an entry take part."""
        if not self._size:
            return
        ticket = (-number_of(self._seed, entry.position), entry.position, entry)
        if len(self._kept) < self._size:
            heapq.heappush(self._kept, ticket)
        elif ticket[0] > self._kept[0][0]:
            heapq.heapreplace(self._kept, ticket)

    def drawn(self) -> list[JournalEntry]:
        """The sample, in the order of the draw."""
        return [entry for _, _, entry in sorted(self._kept, key=lambda ticket: (-ticket[0], ticket[1]))]


class MoneySample:
    """Monetary-unit sampling with a fixed interval: an entry's chance is its amount; one of an interval or more is sure.

    All minor units of all amounts stand in a row, in order of position. Of T of them `size` are drawn, at
    (r + k × T) // size for k = 0, 1 … size − 1, where r is the seed's sha256 modulo T. Holds two numbers per entry.
    """

    def __init__(self, seed: str, size: int) -> None:
        self._seed = seed
        self._size = size
        self._positions = array("q")
        self._amounts = array("q")

    def offer(self, entry: JournalEntry) -> None:
        """Let an entry take part, if it has an amount."""
        if entry.amount_minor and entry.reverses is None:
            self._positions.append(entry.position)
            self._amounts.append(entry.amount_minor)

    @property
    def total_minor(self) -> int:
        """The minor units that take part."""
        return sum(self._amounts)

    def hits(self) -> dict[int, int]:
        """How often each position was drawn, at least once, in order of position."""
        total = self.total_minor
        if not total or not self._size:
            return {}
        ends = list(accumulate(self._amounts))
        start = int.from_bytes(hashlib.sha256(self._seed.encode()).digest()) % total
        found: dict[int, int] = {}
        for number in range(self._size):
            position = self._positions[bisect_right(ends, (start + number * total) // self._size)]
            found[position] = found.get(position, 0) + 1
        return found
