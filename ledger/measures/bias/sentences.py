"""A prediction bias in sentences: kept, broken or cannot tell, of what, by which figures, and how many rows would tell."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import floor, isfinite

from ledger.measures.kit.judging import (
    DIGITS,
    MIN_ROWS,
    P_DIGITS,
    GroupOutcome,
    HeldEffect,
    JudgedGap,
    Limits,
    largest,
    level_of_each,
)
from ledger.vocabulary.decimals import decimal_text

#: Groups that a sentence names; the others are in the records.
_NAMED = 5


@dataclass(frozen=True, slots=True)
class MeasuredBias:
    """A measurement before it is put into words. left_out: rows for which nothing was observed yet."""

    kind: str
    predicted: str
    observed: str
    findings: list[JudgedGap]
    left_out: int
    limits: Limits

    @property
    def outcomes(self) -> list[GroupOutcome]:
        """The groups, the whole first, each once."""
        return list({id(finding.outcome): finding.outcome for finding in self.findings}.values())


def sentences(measured: MeasuredBias) -> Iterator[str]:
    """What a person reads, the most important first."""
    first_of_all = largest(measured.findings)
    yield _headline(measured, first_of_all)
    yield from _not_judged(measured)
    if measured.kind == "probabilities" and (tenth := _worst_decile(measured.outcomes[0])):
        yield tenth
    broken = list(dict.fromkeys(str(f.outcome.group) for f in measured.findings if f.verdict == "broken"))
    if len(broken) > 1:
        yield f"Broken in {_listed(broken)}."
    periods = [finding for finding in measured.findings if finding.outcome.group.is_period]
    first = next((finding for finding in periods if finding.verdict == "broken"), None)
    if periods:
        yield f"First broken period: {first.outcome.group}." if first else "No period is broken."
    small = [f"{one.group} ({_rows(one)})" for one in measured.outcomes if not one.is_large_enough]
    if small:
        yield f"Too small to judge, under {MIN_ROWS} rows: {_listed(small)}."
    unsure = [finding for finding in measured.findings if finding.verdict == "undecided" and finding.is_judged]
    unsure = [finding for finding in unsure if not _is_told_with(finding, first_of_all)]
    if unsure:
        yield f"Cannot tell of {_listed([f'{each.where} ({_what_would_tell(each)})' for each in unsure], '; ')}."
    if measured.left_out:
        are = "1 row has" if measured.left_out == 1 else f"{measured.left_out} rows have"
        left = "is" if measured.left_out == 1 else "are"
        yield f"{are} nothing in '{measured.observed}' yet and {left} left out."


def _is_told_with(finding: JudgedGap, first: JudgedGap) -> bool:
    """Whether a gap is the first one, or its mirror image: of two classes the one is what the other is not."""
    is_mirrored = len(first.outcome.gaps) == 2 and first.ratio is None
    return finding is first or (is_mirrored and finding.outcome is first.outcome)


def _headline(measured: MeasuredBias, of: JudgedGap) -> str:
    limits = measured.limits
    if not of.is_judged:
        return f"Cannot tell: too few rows to judge anything. The largest gap is of {of.where}: {_facts(measured, of)}."
    held = f"{limits.threshold}" + (f", or the ratio {limits.ratio}" if limits.ratio else "")
    if of.verdict == "broken":
        past = [
            f"{what} {limit}"
            for effect, what, limit in (
                (of.difference, "the threshold", limits.threshold),
                (of.ratio, "the ratio", limits.ratio),
            )
            if effect is not None and effect.verdict == "broken"
        ]
        told = "Broken: predictions are not distributed as what is observed. Worst is"
        return f"{told} {of.where}, all of its interval past {' and '.join(past)}: {_facts(measured, of)}."
    if of.verdict == "kept":
        told = f"Kept: of what was judged no interval reaches past {held}. The largest gap is of"
        return f"{told} {of.where}: {_facts(measured, of)}."
    told = f"Cannot tell: an interval reaches past {held}, and not all of it. The largest such gap is of"
    return f"{told} {of.where}: {_facts(measured, of)}; {_what_would_tell(of)}."


def breach_in_words(measured: MeasuredBias, of: JudgedGap) -> str:
    """What broke a series, for the register: which limit was broken comes first, and the gap is told whatever broke it."""
    limits, gap = measured.limits, f"largest-gap {of.size}"
    where = {"broken": "over", "kept": "within", "undecided": "not surely over"}[of.difference.verdict]
    told = [f"{gap}, {where} the threshold {limits.threshold}"]
    if of.ratio is not None and of.ratio.verdict == "broken":
        ratio = f"ratio {_times(of.ratio)} (interval {_interval(of.ratio)}), past {limits.ratio}"
        told = [*told, ratio] if of.difference.verdict == "broken" else [ratio, *told]
    return f"{'; '.join(told)}: {of.where}, {_facts(measured, of)}."


def _times(ratio: HeldEffect) -> str:
    return decimal_text(ratio.estimate.effect, DIGITS) if isfinite(ratio.estimate.effect) else "infinite"


def _facts(measured: MeasuredBias, of: JudgedGap) -> str:
    gap, outcome = of.gap, of.outcome
    unit = " standard deviations" if measured.kind == "numbers" else ""
    level = decimal_text((1 - level_of_each(measured.outcomes, measured.limits)) * 100, 3).rstrip("0").rstrip(".")
    facts = (
        f"predicted {decimal_text(gap.predicted, DIGITS)}, observed {decimal_text(gap.observed, DIGITS)}, "
        f"a gap of {_signed(of)}{unit} ({level} % interval {_interval(of.difference)}, {gap.difference.method})"
    )
    if of.ratio:
        times = decimal_text(of.ratio.estimate.effect, DIGITS) if isfinite(of.ratio.estimate.effect) else "infinitely"
        facts += f", {times} times as often ({_interval(of.ratio)}, {of.ratio.estimate.method})"
    facts += f", n = {_rows(outcome)}"
    if of.p is not None:
        least = 10**-P_DIGITS
        p = f"below {least:.{P_DIGITS}f}" if of.p < least else decimal_text(of.p, P_DIGITS)
        facts += f", {outcome.tested.test}, corrected p {p}"
    return facts


def _not_judged(measured: MeasuredBias) -> Iterator[str]:
    """A class that the threshold allows to be predicted twice as often, or out of nothing: nobody judged how often."""
    if measured.limits.ratio is not None or measured.kind == "numbers":
        return
    threshold = measured.limits.threshold
    whole = [finding for finding in measured.findings if not finding.outcome.group.column]
    rare = [
        finding
        for finding in whole
        if finding.verdict != "broken" and finding.gap.observed <= threshold and finding.gap.predicted > 0
    ]
    if rare:
        named = [_let_pass(each, threshold) for each in rare]
        yield (
            f"Not judged is how many times as often: within the threshold of {threshold} are {_listed(named)}. "
            "--ratio 1.25 judges that too."
        )


def _let_pass(rare: JudgedGap, threshold: Decimal) -> str:
    """How many times as often as it is observed the threshold alone allows a class to be predicted."""
    observed = rare.gap.observed
    if observed <= 0:
        return f"up to {threshold} of {rare.where} (none observed)"
    times = floor((1 + float(threshold) / observed) * 10) / 10
    return f"{times:.1f} times as many of {rare.where} ({decimal_text(observed, DIGITS)} observed)"


def _what_would_tell(of: JudgedGap) -> str:
    """How many rows would, of either side where they are different ones."""
    if of.to_tell is None:
        return f"n = {_rows(of.outcome)}: no number of rows would tell, it stands at what is allowed"
    outcome, needed = of.outcome, f"about {of.to_tell:,}"
    if outcome.rows != outcome.rows_observed:
        needed += f" predicted and {round(of.to_tell * outcome.rows_observed / outcome.rows):,} observed"
    return f"n = {_rows(outcome)}: {needed} rows would tell"


def _worst_decile(whole: GroupOutcome) -> str:
    """Shown, and not judged: a mean can be right although no probability is."""
    gaps = {
        name.split("-")[1]: Decimal(text) - Decimal(whole.more[name.replace("predicted", "observed")])
        for name, text in whole.more.items()
        if name.startswith("decile-") and name.endswith("-predicted")
    }
    if not gaps:
        return ""
    worst = max(gaps, key=lambda tenth: abs(gaps[tenth]))
    return (
        f"By tenths of the probability (not judged) the largest gap is {gaps[worst]:+} in tenth {worst} of {len(gaps)}."
    )


def _interval(held: HeldEffect) -> str:
    ends = (f"{end:f}" if end.is_finite() else "no end" for end in (held.interval.low, held.interval.high))
    return " to ".join(ends)


def _rows(outcome: GroupOutcome) -> str:
    same = outcome.rows == outcome.rows_observed
    return str(outcome.rows) if same else f"{outcome.rows} predicted, {outcome.rows_observed} observed"


def _signed(finding: JudgedGap) -> str:
    text = decimal_text(finding.gap.gap, DIGITS)
    return text if text.startswith("-") else f"+{text}"


def _listed(texts: Sequence[str], between: str = ", ") -> str:
    shown = between.join(texts[:_NAMED])
    return shown if len(texts) <= _NAMED else f"{shown} and {len(texts) - _NAMED} more"
