"""What is documented and measured of the systems of a book, built in code: nothing, everything, too much."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

from ledger.views.quarter import QuarterView
from ledger.views.readiness import MeasurementView, ReadinessView, StandingView
from ledger.vocabulary.kinds import Verdict
from ledger.vocabulary.measurements import KINDS

#: Day, value and verdict of each measurement.
Points = Sequence[tuple[date, str, Verdict]]


def undocumented(systems: Iterable[str]) -> tuple[ReadinessView, ...]:
    """A row per system, of which nobody documented or measured anything."""
    nothing = ReadinessView("", "", None, 0, 0, 0, 0, 0, (), 0, 0, 0, (), (), None, 0)
    return tuple(replace(nothing, system=key, name=f"{key} model") for key in systems)


def measured(
    system: str,
    what: str,
    points: Points,
    threshold: str | None = "0.05",
    monitor: str | None = "weekly",
    ratio: str | None = None,
) -> list[MeasurementView]:
    """A series of measurements of one kind."""
    expectation = KINDS[what].expectation
    return [
        MeasurementView(system, on, 900 + number, what, monitor, expectation, value, threshold, verdict, ratio=ratio)
        for number, (on, value, verdict) in enumerate(points)
    ]


def with_measurements(view: QuarterView, *series: list[MeasurementView]) -> QuarterView:
    """The view with these measurements and what they say of the expectations."""
    rows = sorted((each for one in series for each in one), key=lambda each: (each.system, each.on, each.position))
    last = {(row.system, row.expectation): row for row in rows}
    stood = {
        system.system: tuple(
            StandingView(row.expectation, row.verdict, row.on, limits=row.limits)
            for (owner, _), row in last.items()
            if owner == system.system
        )
        for system in view.readiness
    }
    readiness = tuple(replace(row, standing=stood[row.system]) for row in view.readiness)
    return replace(view, readiness=readiness, measurements=tuple(rows))


BIAS: Points = (
    (date(2025, 2, 3), "0.021", "kept"),
    (date(2025, 8, 4), "0.034", "kept"),
    (date(2026, 2, 2), "0.061", "broken"),
    (date(2026, 5, 4), "0.048", "undecided"),
    (date(2026, 9, 7), "0.072", "broken"),
)  # fmt: skip


def documented(view: QuarterView) -> QuarterView:
    """Of the first system everything is documented, one expectation broken; of the second little; the last is retired."""
    first, second, *others = view.readiness
    full = replace(
        first,
        monitors=3,
        alerted=2,
        automatic=1,
        answers=61,
        asked=100,
        explained=("global", "local"),
        cases=4,
        passed=81,
        tried=400,
        readers=(second.system,),
        score=Fraction(5, 2),
        score_answers=28,
    )
    little = replace(second, monitors=1, score=Fraction(0), score_answers=1, cases=1, tried=1_000_000)
    rest = [replace(row, retired_on=date(2026, 8, 1)) for row in others]
    drift: Points = [(date(2025, 1, 15) + timedelta(days=90 * number), f"0.{number}4", "kept") for number in range(6)]
    return with_measurements(
        replace(view, readiness=(full, little, *rest)),
        measured(first.system, "prediction-bias", BIAS, ratio="1.25"),
        measured(first.system, "drift", drift, "0.7", monitor=None),
        measured(first.system, "comprehensibility", [(date(2026, 8, 3), "0.18", "kept")], "0.25"),
        measured(second.system, "robustness", [(date(2026, 9, 1), "0.98", "undecided")], None),
    )


def hostile_documents(view: QuarterView, texts: Iterable[str]) -> QuarterView:
    """Every name and monitor holds something that breaks programs; keys cannot, they are our own."""
    found = list(texts)
    rows = [replace(row, name=found[number % len(found)]) for number, row in enumerate(view.readiness)]
    extra = [replace(rows[0], system=f"{rows[0].system}-X{number}", name=text) for number, text in enumerate(found)]
    view = replace(view, readiness=(*rows, *extra))
    series = [measured(row.system, "prediction-bias", BIAS, "0.05", row.name[:100] or "x") for row in view.readiness]
    return with_measurements(view, *series)


def long_figures(view: QuarterView) -> QuarterView:
    """Decimal texts of every length that an event takes, a measurement a day, and two series an expectation."""
    system = view.readiness[0].system
    huge, tiny = "-" + "9" * 18 + "." + "9" * 18, "0." + "0" * 17 + "1"
    wide = "-8888.888888"
    days: Points = [
        (date(2024, 11, 1) + timedelta(days=number), wide if number % 2 else tiny, "broken") for number in range(600)
    ]
    return with_measurements(
        view,
        measured(system, "prediction-bias", days, wide, monitor="m" * 100),
        measured(system, "robustness", days[:3], tiny, monitor=None),
        measured(system, "drift", [(date(2019, 1, 1), huge, "kept")], tiny),
    )


def many_measured(view: QuarterView) -> QuarterView:
    """A measurement of every system; every fourth broke its threshold."""
    broken: Points = [(date(2026, 9, 1), "0.40", "broken")]
    kept: Points = [(date(2026, 9, 1), "0.10", "kept")]
    series = [
        measured(row.system, "drift", kept if number % 4 else broken, "0.2")
        for number, row in enumerate(view.readiness)
    ]
    return with_measurements(view, *series)
