"""What was found of a prediction bias, as a measurement: sentences first, then a record per class and group."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from ledger.measures.kit.grouping import WHOLE
from ledger.measures.kit.judging import DIGITS, MIN_ROWS, P_DIGITS, GroupOutcome, JudgedGap, largest, overall
from ledger.measures.kit.series import verdicts_by
from ledger.vocabulary.kinds import worst
from ledger.vocabulary.measurements import Measurement, SeriesVerdict, decimal_text

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
    threshold: Decimal
    alpha: Decimal

    @property
    def outcomes(self) -> list[GroupOutcome]:
        """The groups, the whole first, each once."""
        return list({id(finding.outcome): finding.outcome for finding in self.findings}.values())


def measurement(measured: MeasuredBias, *, files: dict[str, str], settings: dict[str, tuple[str, ...]]) -> Measurement:
    """The measurement as it is recorded; its headline is the largest gap that was judged, without its sign."""
    whole = measured.outcomes[0]
    # The record is cut at some length, so broken ones come first, then the whole.
    ordered = sorted(measured.findings, key=lambda finding: finding.verdict != "broken")
    return Measurement(
        what="prediction-bias",
        value=str(largest(measured.findings).size),
        threshold=f"{measured.threshold:f}",
        verdict=overall(measured.findings),
        rows=whole.rows if whole.rows == whole.rows_observed else whole.rows + whole.rows_observed,
        figures=_figures(measured, whole),
        findings=tuple(_record(finding) for finding in ordered),
        files=files,
        settings=settings,
        sentences=tuple(_sentences(measured)),
        series=_series(measured),
    )


def _series(measured: MeasuredBias) -> tuple[SeriesVerdict, ...]:
    """Every slice, and the whole with its periods; none where nothing is sliced."""
    if not any(finding.outcome.group.column and not finding.outcome.group.is_period for finding in measured.findings):
        return ()
    return verdicts_by(
        measured.findings,
        lambda finding: str(WHOLE if finding.outcome.group.is_period else finding.outcome.group),
        lambda of_it: worst([finding.verdict for finding in of_it]),
    )


def _figures(measured: MeasuredBias, whole: GroupOutcome) -> dict[str, str]:
    judged = [outcome for outcome in measured.outcomes if outcome.is_large_enough]
    return {
        "alpha": str(measured.alpha),
        "rows-predicted": str(whole.rows),
        "rows-observed": str(whole.rows_observed),
        "rows-left-out": str(measured.left_out),
        "groups": str(len(measured.outcomes)),
        "groups-judged": str(len(judged)),
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
        "low": decimal_text(gap.low, DIGITS),
        "high": decimal_text(gap.high, DIGITS),
        "test": outcome.tested.test,
        "p": decimal_text(outcome.tested.p, P_DIGITS),
        "p_corrected": decimal_text(finding.p, P_DIGITS) if finding.p is not None else "",
        "p_class": decimal_text(gap.p, P_DIGITS) if gap.p is not None else "",
        "n_predicted": str(outcome.rows),
        "n_observed": str(outcome.rows_observed),
        "jensen_shannon": decimal_text(outcome.jensen_shannon, DIGITS),
        "psi": decimal_text(outcome.psi, DIGITS),
        "verdict": finding.verdict,
        **({name: text for name, text in outcome.more.items() if "-" not in name}),
    }


def _sentences(measured: MeasuredBias) -> list[str]:
    worst, verdict = largest(measured.findings), overall(measured.findings)
    sentences = [_headline(measured, worst)]
    if measured.kind == "probabilities" and (tenth := _worst_decile(measured.outcomes[0])):
        sentences.append(tenth)
    broken = list(dict.fromkeys(str(f.outcome.group) for f in measured.findings if f.verdict == "broken"))
    if len(broken) > 1:
        sentences.append(f"Broken in {_listed(broken)}.")
    periods = [finding for finding in measured.findings if finding.outcome.group.is_period]
    first = next((finding for finding in periods if finding.verdict == "broken"), None)
    if periods:
        sentences.append(f"First broken period: {first.outcome.group}." if first else "No period is broken.")
    small = [f"{one.group} ({_rows(one)})" for one in measured.outcomes if not one.is_large_enough]
    if small:
        sentences.append(f"Too small to judge, under {MIN_ROWS} rows: {_listed(small)}.")
    unsure = [
        f"{finding.where} (gap {_signed(finding)}, n = {_rows(finding.outcome)})"
        for finding in measured.findings
        if finding.verdict == "undecided" and finding.outcome.is_large_enough
    ]
    if unsure:
        sentences.append(f"Too few rows to tell a gap past the threshold from chance: {_listed(unsure)}.")
    if measured.left_out:
        sentences.append(f"{measured.left_out} rows have nothing in '{measured.observed}' yet and are left out.")
    if verdict == "kept" and (small or unsure):
        sentences.append("What is undecided is not called kept: it needs more rows.")
    return sentences


def _headline(measured: MeasuredBias, worst: JudgedGap) -> str:
    gap, outcome = worst.gap, worst.outcome
    unit = " standard deviations" if measured.kind == "numbers" else ""
    level = f"{(1 - measured.alpha) * 100:f}".rstrip("0").rstrip(".")
    interval = f"{level} % interval {decimal_text(gap.low, DIGITS)} to {decimal_text(gap.high, DIGITS)}"
    facts = (
        f"predicted {decimal_text(gap.predicted, DIGITS)}, observed {decimal_text(gap.observed, DIGITS)}, "
        f"a gap of {_signed(worst)}{unit} ({interval}), n = {_rows(outcome)}, {outcome.tested.test}"
    )
    if worst.p is None:
        return f"Too few rows to judge anything. The largest gap is of {worst.where}: {facts}."
    least = 10**-P_DIGITS
    facts += f", corrected p {f'below {least:.{P_DIGITS}f}' if worst.p < least else decimal_text(worst.p, P_DIGITS)}"
    if worst.verdict == "broken":
        return f"Predictions are not distributed as what is observed. Worst is {worst.where}: {facts}."
    return f"No judged gap is both significant and past {measured.threshold}. The largest is of {worst.where}: {facts}."


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


def _rows(outcome: GroupOutcome) -> str:
    same = outcome.rows == outcome.rows_observed
    return str(outcome.rows) if same else f"{outcome.rows} predicted, {outcome.rows_observed} observed"


def _signed(finding: JudgedGap) -> str:
    text = decimal_text(finding.gap.gap, DIGITS)
    return text if text.startswith("-") else f"+{text}"


def _listed(texts: Sequence[str]) -> str:
    shown = ", ".join(texts[:_NAMED])
    return shown if len(texts) <= _NAMED else f"{shown} and {len(texts) - _NAMED} more"
