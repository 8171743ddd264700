"""What was found of a prediction bias, as a measurement: sentences first, then a record per class and group."""

from __future__ import annotations

from decimal import Decimal

from ledger.measures.bias.sentences import MeasuredBias, breach_in_words, sentences
from ledger.measures.kit.grouping import WHOLE
from ledger.measures.kit.judging import DIGITS, P_DIGITS, GroupOutcome, HeldEffect, JudgedGap, largest, overall
from ledger.measures.kit.series import verdicts_by
from ledger.vocabulary.decimals import decimal_text
from ledger.vocabulary.kinds import worst
from ledger.vocabulary.measurements import Measurement


def measurement(measured: MeasuredBias, *, files: dict[str, str], settings: dict[str, tuple[str, ...]]) -> Measurement:
    """The measurement as it is recorded; its headline is the largest gap of the worst verdict, without its sign."""
    whole = measured.outcomes[0]
    # The record is cut at some length, so broken ones come first, then the whole.
    ordered = sorted(measured.findings, key=lambda finding: finding.verdict != "broken")
    return Measurement(
        what="prediction-bias",
        value=str(largest(measured.findings).size),
        threshold=f"{measured.limits.threshold:f}",
        verdict=overall(measured.findings),
        rows=whole.rows if whole.rows == whole.rows_observed else whole.rows + whole.rows_observed,
        figures=_figures(measured, whole),
        findings=tuple(_record(finding) for finding in ordered),
        files=files,
        settings=settings,
        sentences=tuple(sentences(measured)),
        series=(
            verdicts_by(measured.findings, _series_of, lambda of_it: worst([finding.verdict for finding in of_it]))
            if _is_sliced(measured)
            else ()
        ),
        breaches=_breaches(measured),
    )


def _is_sliced(measured: MeasuredBias) -> bool:
    return any(finding.outcome.group.column and not finding.outcome.group.is_period for finding in measured.findings)


def _series_of(finding: JudgedGap) -> str:
    """A slice, or the whole with its periods."""
    return str(WHOLE if finding.outcome.group.is_period else finding.outcome.group)


def _breaches(measured: MeasuredBias) -> dict[str, str]:
    """What broke each series, by its own largest gap."""
    is_sliced, broken = _is_sliced(measured), [each for each in measured.findings if each.verdict == "broken"]
    of_each: dict[str, list[JudgedGap]] = {}
    for finding in broken:
        of_each.setdefault(_series_of(finding) if is_sliced else "", []).append(finding)
    return {series: breach_in_words(measured, largest(of_it)) for series, of_it in of_each.items()}


def _figures(measured: MeasuredBias, whole: GroupOutcome) -> dict[str, str]:
    judged = [outcome for outcome in measured.outcomes if outcome.is_large_enough]
    worst_gap = largest(measured.findings)
    return {
        "alpha": str(measured.limits.alpha),
        "rows-predicted": str(whole.rows),
        "rows-observed": str(whole.rows_observed),
        "rows-left-out": str(measured.left_out),
        "groups": str(len(measured.outcomes)),
        "groups-judged": str(len(judged)),
        "effects-judged": str(sum(outcome.effects for outcome in judged)),
        **({"rows-to-tell": str(worst_gap.to_tell)} if worst_gap.to_tell is not None else {}),
        "p": decimal_text(whole.tested.p, P_DIGITS),
        "jensen-shannon": decimal_text(whole.jensen_shannon, DIGITS),
        "psi": decimal_text(whole.psi, DIGITS),
        **whole.more,
    }


def _record(finding: JudgedGap) -> dict[str, str]:
    outcome, gap = finding.outcome, finding.gap
    return {
        "slice": str(outcome.group),
        "class": gap.label or "mean",
        "predicted": decimal_text(gap.predicted, DIGITS),
        "observed": decimal_text(gap.observed, DIGITS),
        "gap": decimal_text(gap.gap, DIGITS),
        "low": _end(finding.difference.interval.low),
        "high": _end(finding.difference.interval.high),
        "interval": gap.difference.method,
        **(_of_ratio(finding.ratio) if finding.ratio else {}),
        "test": outcome.tested.test,
        "p": decimal_text(outcome.tested.p, P_DIGITS),
        "p_corrected": decimal_text(finding.p, P_DIGITS) if finding.p is not None else "",
        "p_class": decimal_text(gap.p, P_DIGITS) if gap.p is not None else "",
        "n_predicted": str(outcome.rows),
        "n_observed": str(outcome.rows_observed),
        "jensen_shannon": decimal_text(outcome.jensen_shannon, DIGITS),
        "psi": decimal_text(outcome.psi, DIGITS),
        "verdict": finding.verdict,
        "rows_to_tell": str(finding.to_tell) if finding.to_tell is not None else "",
        **({name: text for name, text in outcome.more.items() if "-" not in name}),
    }


def _of_ratio(held: HeldEffect) -> dict[str, str]:
    """Empty is a ratio, or an end of its interval, that is infinite: nothing need have been observed."""
    ratio = Decimal(held.estimate.effect)
    return {
        "ratio": decimal_text(held.estimate.effect, DIGITS) if ratio.is_finite() else "",
        "ratio_low": _end(held.interval.low),
        "ratio_high": _end(held.interval.high),
        "ratio_interval": held.estimate.method,
    }


def _end(end: Decimal) -> str:
    return f"{end:f}" if end.is_finite() else ""
