"""Chart 11, a page per system whose model was tried further and further: the pass rate over how far it went."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from ledger.views.quarter import QuarterView
from ledger.views.readiness import MeasurementView, TrialView
from ledger.vocabulary.spreadsheet_text import printable
from ledger.vocabulary.verdict_words import VERDICT_WORDS
from reports import lettering
from reports.charts import frame

#: Fewer levels make no curve; more pages nobody turns.
FEWEST_LEVELS, MOST_PAGES = 3, 30

_MARKERS = {
    "broken": {"marker": "X", "s": 60, "color": frame.INCREASE},
    "kept": {"marker": "o", "s": 34, "color": frame.DECREASE},
    "undecided": {"marker": "o", "s": 34, "facecolor": "white", "edgecolor": frame.QUIET},
}
_LONGEST_MONITOR = 24
#: Labels of so many points do not meet.
_MOST_LABELS = 16


@dataclass(frozen=True, slots=True)
class _Point:
    """A case at its level, as it was measured last."""

    level: Decimal
    trial: TrialView
    measured: MeasurementView

    @property
    def rate(self) -> float:
        return self.trial.passed / self.trial.of


def curved_systems(view: QuarterView) -> tuple[str, ...]:
    """The systems that have a page, by key: the first of those of which a curve can be drawn."""
    found = [system for system in sorted({row.system for row in view.measurements}) if _curve(view, system)]
    return tuple(found[:MOST_PAGES])


def draw(view: QuarterView, system: str) -> frame.Drawing:
    """A mark per case at its level, the share that came out right, and the threshold."""
    points = _curve(view, system)
    message = frame.title(view, _messages(system, points))
    figure, axes = frame.new_chart(view, message, _subtitle(points))
    levels, rates = [float(point.level) for point in points], [point.rate for point in points]
    axes.plot(levels, rates, color="#B0B0B0", lw=1.2, zorder=2)
    for verdict, style in _MARKERS.items():
        chosen = [(float(point.level), point.rate) for point in points if point.measured.verdict == verdict]
        if chosen:
            axes.scatter(*zip(*chosen, strict=True), zorder=4, linewidths=1.2, **style)
    _threshold(axes, points, levels)
    for point in points if len(points) <= _MOST_LABELS else ():
        at = (float(point.level), point.rate)
        style = {"ha": "center", "fontsize": 8, "bbox": {"facecolor": "white", "edgecolor": "none", "pad": 1}}
        axes.annotate(_percent(point.rate), at, (0, 8), textcoords="offset points", zorder=5, **style)
    axes.set_ylim(0, 1.12)
    axes.set_yticks([0, 0.25, 0.5, 0.75, 1], ["0 %", "25 %", "50 %", "75 %", "100 %"])
    axes.set_xticks(levels if len(points) <= _MOST_LABELS else [levels[0], levels[-1]])
    label = axes.set_xlabel(points[0].trial.scale or "", fontsize=9, color=frame.QUIET)
    lettering.shorten(figure, label, axes.bbox.width)
    axes.tick_params(labelsize=8)
    return frame.Drawing(figure, message, _alternative(message, points))


def _curve(view: QuarterView, system: str) -> list[_Point]:
    """Each level's last case on the scale that was tried last, by one monitor or by hand; none where these are too few."""
    by_scale: dict[tuple[str | None, str], dict[Decimal, _Point]] = {}
    for row in view.measurements:
        trial = row.trial
        if (
            row.system == system
            and trial is not None
            and trial.scale is not None
            and trial.level is not None
            and trial.of
        ):
            level = Decimal(trial.level)
            by_scale.setdefault((row.monitor, trial.scale), {})[level] = _Point(level, trial, row)
    curves = [list(points.values()) for points in by_scale.values() if len(points) >= FEWEST_LEVELS]
    last = max(curves, key=lambda points: max(_when(point) for point in points), default=[])
    return sorted(last, key=lambda point: point.level)


def _when(point: _Point) -> tuple[str, int]:
    return str(point.measured.on), point.measured.position


def _threshold(axes: Any, points: list[_Point], levels: list[float]) -> None:
    limits = [float(point.measured.threshold) if point.measured.threshold else float("nan") for point in points]
    axes.plot(levels, limits, color="#1F1F1F", lw=1.0, ls=(0, (4, 3)), zorder=3)


def _messages(system: str, points: list[_Point]) -> list[str]:
    """From long to short: what came out right at both ends."""
    first, last = points[0], points[-1]
    scale = " ".join(printable(last.trial.scale or "").split())
    ends = f"{_percent(first.rate)} right at {first.level}, {_percent(last.rate)} at {last.level}"
    return [
        f"{system}: {ends} {scale}",
        f"{system}: {ends}",
        f"{system}: {_percent(last.rate)} right in the end",
        system,
    ]


def _subtitle(points: list[_Point]) -> str:
    last = max(points, key=_when).measured
    threshold = f" · threshold {last.threshold} dashed" if last.threshold else ""
    by = " ".join(printable(last.monitor).split()) if last.monitor else "by hand"
    by = by if len(by) <= _LONGEST_MONITOR else by[: _LONGEST_MONITOR - 1] + "…"
    return f"Inputs that came out right · {by}, {last.on} · × broken, ○ cannot tell, ● kept{threshold}"


def _percent(rate: float) -> str:
    return f"{rate * 100:.0f} %"


def _alternative(message: str, points: list[_Point]) -> str:
    return f"{message}. {'; '.join(_told(points))}."


def _told(points: list[_Point]) -> Iterator[str]:
    for point in points:
        trial, verdict = point.trial, VERDICT_WORDS[point.measured.verdict]
        yield f"{trial.case}: {trial.passed} of {trial.of} came out right, {verdict}"
