"""Reconciliation: what a tool says is open, against what the books say is open, at the end of every run."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from ledger.decide.item import Item
from ledger.events import EstimateRevised
from ledger.importers.findings.finding import STANDING, ToolFinding
from ledger.vocabulary.kinds import NATURES
from ledger.vocabulary.money import half_even


@dataclass(frozen=True, slots=True)
class OpenSum:
    """How many are open, and their effort in minutes."""

    items: int
    minutes: int


@dataclass(frozen=True, slots=True)
class OtherMinutes:
    """An item that is open on both sides, and the effort in minutes that each side sees in it."""

    item: str
    source: int
    ledger: int


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """only_in_source: keys that are open in the tool alone; only_in_ledger: items that are open in the books alone.

    other_minutes: items that are open on both sides with another effort: repaid in part here, or estimated otherwise.
    """

    source_open: OpenSum
    ledger_open: OpenSum
    only_in_source: tuple[str, ...]
    only_in_ledger: tuple[str, ...]
    other_minutes: tuple[OtherMinutes, ...] = ()

    @property
    def agrees(self) -> bool:
        """Whether both sides have the same open, with the same effort."""
        return not self.only_in_source and not self.only_in_ledger and not self.other_minutes


def reconciled(findings: Iterable[ToolFinding], items: Mapping[str, Item], day: date) -> Reconciliation:
    """items: of the source, as far as the export speaks of it, by the tool's key. day: as of which they are looked at."""
    theirs = {each.key: each for each in findings if each.state in STANDING}
    ours = {key: item for key, item in items.items() if not item.reversed and not item.closed_on(day)}
    minutes = {key: open_minutes(item, day) for key, item in ours.items()}
    both = (OtherMinutes(ours[key].id, each.minutes or 0, minutes[key]) for key, each in theirs.items() if key in ours)
    return Reconciliation(
        OpenSum(len(theirs), sum(each.minutes or 0 for each in theirs.values())),
        OpenSum(len(ours), sum(minutes.values())),
        tuple(key for key in theirs if key not in ours),
        tuple(item.id for key, item in ours.items() if key not in theirs),
        tuple(each for each in both if each.source != each.ledger),
    )


def open_minutes(item: Item, day: date) -> int:
    """The effort that is still outstanding: of the latest estimate, what was repaid since taken off in proportion.

    0 where that was made in money, or by nobody.
    """
    minutes, estimated = item.opening.effort_minutes, item.opening.principal_minor  # type: ignore[attr-defined]
    for entry in sorted(item.entries, key=lambda each: each.order):
        if entry.standing and isinstance(entry.event, EstimateRevised) and entry.event.outstanding_minor is not None:
            minutes, estimated = entry.event.effort_minutes, entry.event.outstanding_minor
    if not minutes or not estimated:
        return 0
    outstanding = sum(item.balance_on(day, nature).outstanding for nature in NATURES)
    return half_even(minutes * outstanding, estimated)
