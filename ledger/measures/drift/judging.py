"""From effects to verdicts: a feature is kept, broken, or nobody can tell, by the interval of each of its parts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal

from ledger.measures.drift.parts import FeaturePart
from ledger.measures.kit.corrections import holm
from ledger.measures.kit.verdicts import EffectInterval, alpha_of_each, digits_of, rows_to_tell, up_to
from ledger.vocabulary.kinds import Verdict

#: Verdicts on parts, in the order in which they are told.
ORDER = {"broken": 0, "undecided": 1, "kept": 2, "not-judged": 3}


def judged_parts(parts: Iterable[FeaturePart], threshold: Decimal, alpha: Decimal) -> list[FeaturePart]:
    """Every part with its interval, its p corrected by Holm, and its verdict; what moved most first.

    alpha: the chance, at most, that anything is called broken that is not, shared among all that is judged. That a part
    is called kept and is not has a chance of half of alpha: the whole is kept only where every part is, so that nothing
    has to be shared.
    """
    every = list(parts)
    held = [part for part in every if part.judged and part.found and not part.is_too_small]
    ps = {id(part): part.found.p for part in held if part.found and part.found.p is not None}
    p_holm = dict(zip(ps, holm(list(ps.values())), strict=True))
    below = alpha_of_each(float(alpha), sum(part.of != "column" for part in held)) / 2
    told = [replace(part, p_holm=p_holm.get(id(part))) for part in every]
    told = [_held(part, threshold, below, float(alpha)) for part in told]
    return sorted(told, key=lambda part: (ORDER[part.verdict], -part.effect, part.period))


def _held(part: FeaturePart, threshold: Decimal, below: float, alpha: float) -> FeaturePart:
    """A part held against the threshold. below: the chance that its effect lies under its interval."""
    if not part.judged:
        return replace(part, verdict="not-judged")
    if part.found is None or part.is_too_small:
        return replace(part, verdict="undecided")
    low, high = part.found.moved.ends(below, alpha / 2)
    interval = EffectInterval.outward(low, high, digits_of(threshold, 4))
    allowed = up_to(threshold)
    verdict = allowed.verdict(interval)
    if verdict != "broken" and not part.may_be_kept:
        return replace(part, interval=interval, verdict="not-judged")
    rows = None
    if verdict == "undecided":
        rows = rows_to_tell(part.found.effect, interval, allowed, _rows_a_side(part.sizes), alpha)
    return replace(part, interval=interval, verdict=verdict, rows_to_tell=rows)


def _rows_a_side(sizes: tuple[int, int]) -> int:
    """Two sides of equally many rows tell as much: their harmonic mean."""
    before, now = sizes
    return max(1, round(2 * before * now / (before + now)))


def overall(parts: Sequence[FeaturePart]) -> Verdict:
    """Kept is said only where something was judged, and of all that has rows enough nothing is undecided."""
    verdicts = {part.verdict for part in parts}
    if "broken" in verdicts:
        return "broken"
    doubtful = any(part.verdict == "undecided" and not part.is_too_small for part in parts)
    return "kept" if "kept" in verdicts and not doubtful else "undecided"
