"""Where a pack says that it comes from: its manifest, or the sheet About of its workbook."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from ledger.views.quarter import PROGRAM, QuarterView


@dataclass(frozen=True, slots=True)
class PackOrigin:
    """What a pack says of itself. None of it has been held against the ledger.

    position: of the last event that the pack knew, >= 1. head_hash: of that event, 64 hexadecimal digits.
    compared_with: positions of the earlier issues that the pack names, in the order of Restatements. versions:
    of the tools, in the order of About.
    """

    book: str
    quarter: str
    as_of: date
    position: int
    head_hash: str
    compared_with: tuple[int, ...]
    schema_version: str
    versions: Mapping[str, str]

    @property
    def release(self) -> str:
        """The release of this program that made the pack; empty if it does not say."""
        return self.versions.get(PROGRAM, "")


def as_made(view: QuarterView, origin: PackOrigin) -> QuarterView:
    """The quarter with the versions that a pack was made with: a fact about the pack, and not about this machine."""
    made = replace(view.provenance, versions=tuple(origin.versions.items()), schema_version=origin.schema_version)
    return replace(view, provenance=made)
