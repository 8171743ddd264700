"""From settings to a measurement: each kind's measure, imported when it is run."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

from ledger.vocabulary.measure_settings import (
    BiasSettings,
    ComprehensibilitySettings,
    DriftSettings,
    ExplainabilitySettings,
    MeasureSettings,
    TableSettings,
)
from ledger.vocabulary.measurements import Measurement


class TableReading(TypedDict):
    """How tables are read, as every measure of them takes it."""

    encoding: str | None
    null_values: tuple[str, ...]
    decimal: str | None
    thousands: str | None


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What is no setting, and is told each time. first_month: of the book's fiscal year, 1 to 12.

    trust: load a model's file although it can run any code. warn: is told what is trusted; Python's warnings if None.
    """

    first_month: int = 1
    trust: bool = False
    warn: Callable[[str], None] | None = None


def run(settings: MeasureSettings, file: str | Path, surroundings: Surroundings) -> Measurement:
    """Measure a file, or a folder of code, as the settings say. Raises Unreadable and Refused, as each measure does.

    Raises ModuleNotFoundError where the extra `ml` is not installed.
    """
    match settings:
        case BiasSettings():
            return _bias(settings, Path(file), surroundings.first_month)
        case DriftSettings():
            return _drift(settings, str(file), surroundings.first_month)
        case ExplainabilitySettings():
            return _explainability(settings, str(file), surroundings)
        case ComprehensibilitySettings():
            from ledger.measures.comprehensibility.comprehensibility import comprehensibility

            return comprehensibility(str(file), threshold=settings.threshold, exclude=settings.exclude)
        case _:
            raise TypeError(f"{type(settings).__name__} are settings of no measure")


def _bias(settings: BiasSettings, file: Path, first_month: int) -> Measurement:
    from ledger.measures.bias.prediction_bias import prediction_bias

    return prediction_bias(
        file,
        predicted=settings.predicted,
        observed=settings.observed,
        slices=settings.slice,
        reference=Path(settings.reference) if settings.reference is not None else None,
        time=settings.time,
        by=settings.by,
        threshold=settings.threshold,
        ratio=settings.ratio,
        alpha=settings.alpha,
        kind=settings.kind,
        first_month=first_month,
        **_reading(settings),
    )


def _drift(settings: DriftSettings, live: str, first_month: int) -> Measurement:
    from ledger.measures.drift.drift import drift

    return drift(
        settings.reference,
        live,
        features=settings.feature,
        ids=settings.id,
        time=settings.time,
        by=settings.by,
        exclude=settings.exclude,
        target=settings.target,
        predictions=settings.prediction,
        threshold=settings.threshold,
        alpha=settings.alpha,
        first_month=first_month,
        **_reading(settings),
    )


def _explainability(settings: ExplainabilitySettings, data: str, surroundings: Surroundings) -> Measurement:
    from ledger.measures.explainability.explainability import explainability

    return explainability(
        settings.model,
        data,
        target=settings.target,
        row=settings.row,
        threshold=settings.threshold,
        trust=surroundings.trust,
        trusted=settings.trust_type,
        warn=surroundings.warn,
        **_reading(settings),
    )


def _reading(settings: TableSettings) -> TableReading:
    return {
        "encoding": settings.encoding,
        "null_values": settings.null_values,
        "decimal": settings.decimal,
        "thousands": settings.thousands,
    }
