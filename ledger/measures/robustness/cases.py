"""Cases: what was tried, as a measurement with its exact interval, verdict and sentence. It asks for no library."""

from __future__ import annotations

from decimal import Decimal

from ledger.decide.decimal_text import decimal
from ledger.decide.robustness import DocumentRobustness
from ledger.measures.kit.pass_rates import ALPHA, MIN_TRIALS, JudgedRate, judged_rate
from ledger.vocabulary.decimals import pass_rate
from ledger.vocabulary.measurements import Measurement, SeriesVerdict


def measured_case(command: DocumentRobustness, threshold: str | None) -> Measurement:
    """The case as a measurement; the verdict is of the counts, and not of the rounded rate.

    threshold: the pass rate, 0 to 1, that is allowed at least; None for a case that is only looked at. Raises Refused for
    one that is no decimal.
    """
    if threshold is not None:
        decimal(threshold, "--threshold")
    judged = judged_rate(command.passed, command.of, None if threshold is None else Decimal(threshold))
    settings: dict[str, tuple[str, ...]] = {
        "case": (command.case,),
        "perturbation": (command.perturbation,),
        "data": (command.data,),
    }
    figures = {"passed": str(command.passed), "of": str(command.of), "alpha": str(ALPHA)}
    figures |= {"low": str(judged.interval.low), "high": str(judged.interval.high)}
    figures |= {"rows-to-tell": str(judged.to_tell)} if judged.to_tell is not None else {}
    value, sentence = pass_rate(command.passed, command.of), _sentence(command, judged, threshold)
    broken = {command.case: f"pass-rate {value}, under the threshold {threshold}. {sentence}"}
    return Measurement(
        what="robustness",
        value=value,
        threshold=threshold,
        verdict=judged.verdict,
        rows=command.of,
        figures=figures,
        findings=(),
        files={},
        settings=settings,
        sentences=(sentence,),
        series=(SeriesVerdict(command.case, judged.verdict),),
        breaches=broken if judged.verdict == "broken" else {},
    )


def _sentence(command: DocumentRobustness, judged: JudgedRate, threshold: str | None) -> str:
    level, interval = (1 - ALPHA) * 100, judged.interval
    told = (
        f"{command.case}: {command.passed} of {command.of} inputs came out right, {level:.0f} % interval of the pass rate "
        f"{interval.low} to {interval.high} (Clopper-Pearson, exact)"
    )
    if threshold is None:
        return f"{told}; it was held against nothing."
    if judged.verdict == "kept":
        return f"Kept: {told}, nothing of it under {threshold}."
    if judged.verdict == "broken":
        return f"Broken: {told}, all of it under {threshold}."
    why = f"fewer than {MIN_TRIALS} are not judged" if command.of < MIN_TRIALS else f"it holds {threshold}"
    if judged.to_tell is None:
        return f"Cannot tell: {told}; {why}, and no number of inputs would tell."
    return f"Cannot tell: {told}; {why}. About {judged.to_tell:,} inputs would tell."
