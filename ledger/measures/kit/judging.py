"""From tests to verdicts: a gap breaks its threshold only where it is significant *and* material."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from ledger.measures.bias.label_tests import TestOutcome
from ledger.measures.kit.corrections import holm
from ledger.measures.kit.grouping import Group
from ledger.vocabulary.kinds import Verdict
from ledger.vocabulary.measurements import decimal_text

#: Rows on either side below which a group is not judged, whatever it looks like.
MIN_ROWS = 50
#: Digits of a gap, of a share, of a p-value.
DIGITS, P_DIGITS = 4, 6


@dataclass(frozen=True, slots=True)
class ClassGap:
    """Of one class in one group: how often predicted and observed (shares, or means), and the gap with its interval.

    p: of this class alone, corrected over the group's classes; None where the group's own test is about it.
    """

    label: str
    predicted: float
    observed: float
    gap: float
    low: float
    high: float
    p: float | None = None


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


@dataclass(frozen=True, slots=True)
class JudgedGap:
    """A gap that was judged. p: its group's, corrected over all groups with enough rows; None where that has too few."""

    outcome: GroupOutcome
    gap: ClassGap
    p: float | None
    verdict: Verdict

    @property
    def size(self) -> Decimal:
        """The gap without its sign, in the digits in which it is recorded."""
        return abs(Decimal(decimal_text(self.gap.gap, DIGITS)))

    @property
    def where(self) -> str:
        """Class and group, in words."""
        what = f"class '{self.gap.label}'" if self.gap.label else "the mean"
        return f"{what} in {self.outcome.group}" if self.outcome.group.column else what


def judged(outcomes: Sequence[GroupOutcome], threshold: Decimal, alpha: Decimal) -> list[JudgedGap]:
    """Every gap with its verdict, in the order of the outcomes.

    threshold: material is what is larger, > 0. alpha: the share of measurements of an unbiased model in which any
    group may be called significant, 0 to 1: Holm's correction over the groups with enough rows.
    """
    large_enough = [outcome for outcome in outcomes if outcome.is_large_enough]
    corrected = dict(zip(map(id, large_enough), holm([outcome.tested.p for outcome in large_enough]), strict=True))
    return [
        JudgedGap(outcome, gap, corrected.get(id(outcome)), _verdict(gap, corrected.get(id(outcome)), threshold, alpha))
        for outcome in outcomes
        for gap in outcome.gaps
    ]


def _verdict(gap: ClassGap, p: float | None, threshold: Decimal, alpha: Decimal) -> Verdict:
    """Broken needs both. A gap that is material and may be chance is undecided: too few rows to tell."""
    if p is None:
        return "undecided"
    if abs(Decimal(decimal_text(gap.gap, DIGITS))) <= threshold:
        return "kept"
    significant = p < alpha and (gap.p is None or gap.p < alpha)
    return "broken" if significant else "undecided"


def overall(findings: Sequence[JudgedGap]) -> Verdict:
    """Broken where any gap is; kept where no gap of the whole is undecided."""
    if any(finding.verdict == "broken" for finding in findings):
        return "broken"
    whole = [finding for finding in findings if not finding.outcome.group.column]
    return "undecided" if any(finding.verdict == "undecided" for finding in whole) else "kept"


def largest(findings: Sequence[JudgedGap]) -> JudgedGap:
    """The largest gap that was judged; if none was, the largest of the whole."""
    decided = [finding for finding in findings if finding.verdict != "undecided"]
    whole = [finding for finding in findings if not finding.outcome.group.column]
    return max(decided or whole, key=lambda finding: (finding.verdict == "broken", finding.size))
