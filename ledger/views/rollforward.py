"""The read model of a roll-forward: opening + movements = closing. Integers in minor units."""

from __future__ import annotations

from dataclasses import dataclass

#: The columns between opening and closing, in the order in which every report shows them.
MOVEMENTS = ("commissioned", "observed", "adopted", "revised", "repaid", "written_off", "corrected", "transferred")


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
