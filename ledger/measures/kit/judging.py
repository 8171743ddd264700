"""From estimates to verdicts: a gap is kept or broken with its whole interval, and otherwise nobody can tell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from ledger.measures.bias.estimates import Estimate, logarithm
from ledger.measures.bias.label_tests import TestOutcome
from ledger.measures.kit.corrections import holm
from ledger.measures.kit.grouping import Group
from ledger.measures.kit.verdicts import (
    Allowed,
    EffectInterval,
    alpha_of_each,
    digits_of,
    in_logarithms,
    rows_to_tell,
    up_to,
    within_ratio,
)
from ledger.vocabulary.decimals import decimal_text
from ledger.vocabulary.kinds import WORST_FIRST, Verdict, worst

#: Rows on either side below which a group is not judged, whatever it looks like.
MIN_ROWS = 50
#: Digits of a gap, of a share, of a p-value.
DIGITS, P_DIGITS = 4, 6


@dataclass(frozen=True, slots=True)
class Limits:
    """What gaps are held against. threshold: of the difference, >= 0; ratio: of the shares or means, > 1, or none.

    alpha: the share of measurements in which any verdict may be false, above 0 and below 1.
    """

    threshold: Decimal
    ratio: Decimal | None
    alpha: Decimal


@dataclass(frozen=True, slots=True)
class ClassGap:
    """Of one class in one group: how often predicted and observed (shares, or means), and how far apart.

    ratio: None where nobody asked for it, and where the class is on neither side. p: of this class alone, corrected over
    the group's classes; None where the group's own test is about it.
    """

    label: str
    predicted: float
    observed: float
    difference: Estimate
    ratio: Estimate | None = None
    p: float | None = None

    @property
    def gap(self) -> float:
        """Predicted less observed."""
        return self.difference.effect


@dataclass(frozen=True, slots=True)
class GroupOutcome:
    """What was found in one group of rows. rows, rows_observed: of either side; more: further figures, as texts."""

    group: Group
    rows: int
    rows_observed: int
    tested: TestOutcome
    gaps: tuple[ClassGap, ...]
    jensen_shannon: float
    psi: float
    more: dict[str, str] = field(default_factory=dict)

    @property
    def is_large_enough(self) -> bool:
        """Whether it has the rows to be judged."""
        return min(self.rows, self.rows_observed) >= MIN_ROWS

    @property
    def effects(self) -> int:
        """How many are judged in it: of two classes the differences are one, and the ratios are two."""
        differences = len(self.gaps) if len(self.gaps) > 2 else 1
        return differences + sum(gap.ratio is not None for gap in self.gaps)


@dataclass(frozen=True, slots=True)
class HeldEffect:
    """An estimate held against what is allowed of it. to_tell: how many predicted rows would tell, where it is undecided."""

    estimate: Estimate
    interval: EffectInterval
    verdict: Verdict
    to_tell: int | None


@dataclass(frozen=True, slots=True)
class JudgedGap:
    """A gap with its verdict. p: its group's, corrected over all groups with enough rows; None where that has too few."""

    outcome: GroupOutcome
    gap: ClassGap
    p: float | None
    difference: HeldEffect
    ratio: HeldEffect | None

    @property
    def is_judged(self) -> bool:
        """Whether its group has enough rows."""
        return self.outcome.is_large_enough

    @property
    def effects(self) -> tuple[HeldEffect, ...]:
        """Its difference, and its ratio where that is held."""
        return (self.difference, self.ratio) if self.ratio else (self.difference,)

    @property
    def verdict(self) -> Verdict:
        """The worst of both: either broken is a breach."""
        return worst(effect.verdict for effect in self.effects) if self.is_judged else "undecided"

    @property
    def to_tell(self) -> int | None:
        """How many predicted rows would tell, where it is undecided; None where no number of rows would."""
        needed = [effect.to_tell for effect in self.effects if effect.verdict == "undecided"]
        told = [rows for rows in needed if rows is not None]
        return max(told) if self.verdict == "undecided" and needed and len(told) == len(needed) else None

    @property
    def size(self) -> Decimal:
        """The gap without its sign, in the digits in which it is recorded."""
        return abs(Decimal(decimal_text(self.gap.gap, DIGITS)))

    @property
    def where(self) -> str:
        """Class and group, in words."""
        what = f"class '{self.gap.label}'" if self.gap.label else "the mean"
        return f"{what} in {self.outcome.group}" if self.outcome.group.column else what


def level_of_each(outcomes: Sequence[GroupOutcome], limits: Limits) -> float:
    """One less the level of every interval: alpha, divided by all effects of groups with enough rows (Bonferroni)."""
    return alpha_of_each(float(limits.alpha), sum(outcome.effects for outcome in outcomes if outcome.is_large_enough))


def judged(outcomes: Sequence[GroupOutcome], limits: Limits) -> list[JudgedGap]:
    """Every gap with its verdict, in the order of the outcomes. The p-values are corrected by Holm's method."""
    large_enough = [outcome for outcome in outcomes if outcome.is_large_enough]
    corrected = dict(zip(map(id, large_enough), holm([outcome.tested.p for outcome in large_enough]), strict=True))
    alpha = level_of_each(outcomes, limits)
    return [
        JudgedGap(
            outcome,
            gap,
            corrected.get(id(outcome)),
            _held(gap.difference, up_to(limits.threshold), outcome.rows, alpha),
            _held_ratio(gap.ratio, within_ratio(limits.ratio), outcome.rows, alpha)
            if gap.ratio and limits.ratio
            else None,
        )
        for outcome in outcomes
        for gap in outcome.gaps
    ]


def _held(effect: Estimate, allowed: Allowed, rows: int, alpha: float) -> HeldEffect:
    interval = EffectInterval.outward(*effect.ends(alpha), digits_of(allowed.highest, DIGITS))
    verdict = allowed.verdict(interval)
    to_tell = rows_to_tell(effect.told_as, interval, allowed, rows, alpha) if verdict == "undecided" else None
    return HeldEffect(effect, interval, verdict, to_tell)


def _held_ratio(effect: Estimate, allowed: Allowed, rows: int, alpha: float) -> HeldEffect:
    interval = EffectInterval.outward(*effect.ends(alpha), digits_of(allowed.highest, DIGITS))
    verdict, scaled = allowed.verdict(interval), in_logarithms(interval, allowed)
    to_tell = rows_to_tell(logarithm(effect.told_as), *scaled, rows, alpha) if verdict == "undecided" else None
    return HeldEffect(effect, interval, verdict, to_tell)


def overall(findings: Sequence[JudgedGap]) -> Verdict:
    """The worst of all that was judged; undecided where nothing was."""
    return worst([finding.verdict for finding in findings if finding.is_judged] or ["undecided"])


def largest(findings: Sequence[JudgedGap]) -> JudgedGap:
    """Of the gaps with the worst verdict the largest; where nothing was judged, the largest of the whole."""
    of_these = [finding for finding in findings if finding.is_judged]
    whole = [finding for finding in findings if not finding.outcome.group.column]
    return max(of_these or whole, key=lambda finding: (-WORST_FIRST.index(finding.verdict), finding.size))
