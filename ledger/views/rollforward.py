"""The read model of a roll-forward: opening + movements = closing. Integers in minor units."""

from __future__ import annotations

from dataclasses import dataclass

from ledger.vocabulary import kinds

#: The columns between opening and closing. What changes hands with its system is no movement of any event.
MOVEMENTS = (*map(kinds.column_of, kinds.MOVEMENTS), "transferred")


@dataclass(frozen=True, slots=True)
class RollforwardView:
    """Opening + movements = closing of one nature and system, folded from the event bodies alone."""

    nature: str  # 'debt' | 'neglect'
    system: str
    opening: int
    commissioned: int
    observed: int
    adopted: int
    revised: int
    repaid: int
    written_off: int
    corrected: int
    transferred: int
    closing: int
