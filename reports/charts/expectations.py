"""Chart 10, a page per measured system: its three expectations over time, and its technical delta underneath."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from ledger.views.quarter import QuarterView
from ledger.views.readiness import EXPECTATIONS, MeasurementView, ReadinessView
from ledger.vocabulary.kinds import NATURES, WORST_FIRST
from ledger.vocabulary.spreadsheet_text import printable
from ledger.vocabulary.verdict_words import VERDICT_WORDS, limits_in_words
from reports import figures, lettering
from reports.charts import frame
from reports.content import money

#: More pages nobody turns; the sheet Readiness has every system.
MOST_PAGES = 30

_LEFT, _WIDTH, _GAP = 0.04, 0.28, 0.04
#: Bottom and height of the panels of expectations, and of the delta.
_PANEL, _DELTA = (0.465, 0.215), (0.115, 0.20)
#: Where the lines of words over a panel stand.
_LINES = (0.795, 0.75, 0.705)
_LONGEST_FIGURE = 12
_VERDICT_COLOURS = {"broken": frame.INCREASE, "kept": frame.DECREASE, "undecided": frame.QUIET}
_MARKERS = {
    "broken": {"marker": "X", "s": 42, "color": frame.INCREASE},
    "kept": {"marker": "o", "s": 20, "color": frame.DECREASE},
    "undecided": {"marker": "o", "s": 20, "facecolor": "white", "edgecolor": frame.QUIET},
}


@dataclass(frozen=True, slots=True)
class _Series:
    """What one monitor measured of one kind, of robustness of one case; oldest first. others: further series."""

    points: list[MeasurementView]
    others: int


def measured_systems(view: QuarterView) -> tuple[str, ...]:
    """The systems that have a page, by key: all that were measured, or, of too many, the first that matter.

    Those with a broken expectation come before others, then those that owe more.
    """
    measured = {row.system for row in view.measurements}
    if len(measured) <= MOST_PAGES:
        return tuple(sorted(measured))
    broken = {row.system for row in view.readiness if any(each.verdict == "broken" for each in row.standing)}
    owed = dict.fromkeys(measured, 0)
    for row in view.rollforward:
        if row.system in owed:
            owed[row.system] += row.closing
    order = sorted(measured, key=lambda system: (system not in broken, -owed[system], system))
    return tuple(sorted(order[:MOST_PAGES]))


def draw(view: QuarterView, system: str) -> frame.Drawing:
    """Three panels side by side, a mark per measurement; columns of debt and neglect per quarter below."""
    row = next(each for each in view.readiness if each.system == system)
    series: dict[str, _Series | None] = {
        name: _chosen([each for each in view.measurements if each.system == system], name) for name in EXPECTATIONS
    }
    closings = _closings(view, system)
    unit = frame.scale(view, [amount for pair in closings for amount in (*pair, sum(pair))])
    message = frame.title(view, _messages(view, row, closings))
    figure, axes = frame.new_chart(view, message, _subtitle(view, row))
    axes.remove()
    for index, (name, shown) in enumerate(series.items()):
        _panel(figure, view, row, index, name, shown)
    _delta(figure, view, unit, closings)
    return frame.Drawing(figure, message, _alternative(view, message, series, closings))


def _chosen(measurements: list[MeasurementView], expectation: str) -> _Series | None:
    """The series that shows how the expectation stands: the worst of the last, the latest among equals."""
    by_series: dict[tuple[str, str | None, str | None], list[MeasurementView]] = {}
    for each in measurements:
        if each.expectation == expectation:
            case = each.trial.case if each.trial else None
            by_series.setdefault((each.what, each.monitor, case), []).append(each)
    if not by_series:
        return None

    def rank(points: list[MeasurementView]) -> tuple[bool, int, int]:
        last = points[-1]
        return last.threshold is None, WORST_FIRST.index(last.verdict), -last.position

    return _Series(min(by_series.values(), key=rank), len(by_series) - 1)


def _closings(view: QuarterView, system: str) -> list[tuple[int, int]]:
    """Debt and neglect at the end of each quarter, in minor units."""
    sums: dict[tuple[str, str], int] = {(quarter, nature): 0 for quarter in view.quarters for nature in NATURES}
    for row in view.history:
        if row.system == system and row.measure == "closing":
            sums[row.quarter, row.nature] += row.amount
    return [(sums[quarter, "debt"], sums[quarter, "neglect"]) for quarter in view.quarters]


def _messages(view: QuarterView, row: ReadinessView, closings: list[tuple[int, int]]) -> list[str]:
    """From long to short: what is broken, what is kept, what nobody measured; and the delta."""
    by_verdict: dict[str, list[str]] = {"broken": [], "kept": [], "undecided": []}
    for each in row.standing:
        by_verdict[each.verdict].append(each.expectation)
    unmeasured = [name for name in EXPECTATIONS if name not in {each.expectation for each in row.standing}]
    if by_verdict["broken"]:
        said = f"{row.system} is not {_listed(by_verdict['broken'])}"
    elif by_verdict["undecided"]:
        said = f"{row.system}: nobody can tell whether it is {_listed(by_verdict['undecided'], 'or')}"
    elif unmeasured:
        said = f"{row.system} is {_listed(by_verdict['kept'])}; nobody measured the rest"
    else:
        said = f"{row.system} keeps all three expectations"
    origin = view.provenance
    delta = figures.compact(sum(closings[-1]), origin.currency, origin.exponent)
    words = {"broken": "an expectation is broken", "undecided": "nobody can tell", "kept": "none is broken"}
    worst = next(verdict for verdict in WORST_FIRST if by_verdict[verdict])
    return [f"{said}; delta {delta}", said, f"{row.system}: {words[worst]}"]


def _listed(names: list[str], last: str = "and") -> str:
    return f" {last} ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else names[0]


def _subtitle(view: QuarterView, row: ReadinessView) -> str:
    name = " ".join(printable(row.name).split())
    name = name if len(name) <= 40 else name[:39] + "…"
    measured = len({each.system for each in view.measurements})
    left_out = f" · {MOST_PAGES} of {measured:,} measured systems have a page" if measured > MOST_PAGES else ""
    return f"{name} · × broken, ○ cannot tell, ● kept; dashed: the threshold{left_out}"


# --- a panel ----------------------------------------------------------------------------------------


def _panel(figure: Any, view: QuarterView, row: ReadinessView, index: int, name: str, series: _Series | None) -> None:
    left = _LEFT + index * (_WIDTH + _GAP)
    axes = figure.add_axes((left, _PANEL[0], _WIDTH, _PANEL[1]))
    verdict = next((each.verdict for each in row.standing if each.expectation == name), None)
    colour = _VERDICT_COLOURS[verdict] if verdict else frame.QUIET
    words = f"{name.capitalize()}: {VERDICT_WORDS[verdict] if verdict else 'not measured'}"
    figure.text(left, _LINES[0], words, va="bottom", fontsize=9.5, fontweight="bold", color=colour)
    room = _WIDTH * figure.bbox.width
    if series:
        what, last = (
            figure.text(left, place, text, va="bottom", fontsize=8, color=frame.QUIET)
            for place, text in zip(_LINES[1:], _lines(series), strict=True)
        )
        lettering.shorten(figure, what, room)
        lettering.fit(figure, [last], room)
    axes.set_xticks([])
    axes.set_yticks([])
    first_day = _first_day(view)
    points = [each for each in series.points if each.on >= first_day] if series else []
    if points:
        limits = _room(first_day.toordinal(), view.provenance.as_of.toordinal(), 0.03)
        _marks(axes, points, limits)
        axes.set_xlim(*limits)
        ends = ((0, "left", view.quarters[0]), (1, "right", view.quarters[-1]))
        for x, side, quarter in ends:
            axes.text(x, -0.06, quarter, transform=axes.transAxes, ha=side, va="top", fontsize=7, color=frame.QUIET)
    else:
        words_inside = f"Measured before {view.quarters[0]} only" if series else "Nobody measured it"
        axes.spines["bottom"].set_visible(False)
        label = axes.text(0.5, 0.5, words_inside, transform=axes.transAxes, ha="center", va="center", color=frame.QUIET)
        lettering.fit(figure, [label], room * 0.95)


def _lines(series: _Series) -> tuple[str, str]:
    """What was measured by whom, and its last figure beside the threshold."""
    last = series.points[-1]
    more = f" (+{series.others} more)" if series.others else ""
    limits = limits_in_words(*(_short(each) if each is not None else None for each in (last.threshold, last.ratio)))
    against = f" · threshold {limits}" if limits else ""
    # What tells how much is left out stands first: the monitor's name may be cut.
    return f"{last.what}{more}, {last.monitor or 'by hand'}", f"{_short(last.value)} on {last.on}{against}"


def _short(text: str) -> str:
    """A decimal text with a true minus sign; a long one to four significant digits."""
    short = text if len(text) <= _LONGEST_FIGURE else f"{float(text):.4g}"
    return short.replace("-", "\N{MINUS SIGN}")


def _marks(axes: Any, points: list[MeasurementView], ends: tuple[float, float]) -> None:
    """A mark per measurement, by its verdict; the threshold from one measurement to the next, and on to both ends."""
    days = [each.on.toordinal() for each in points]
    values = [float(each.value) for each in points]
    limits = [float(each.threshold) if each.threshold is not None else float("nan") for each in points]
    axes.plot(days, values, color="#B0B0B0", lw=1.0, zorder=2)
    steps = {"color": "#1F1F1F", "lw": 1.0, "ls": (0, (4, 3)), "drawstyle": "steps-post", "zorder": 3}
    axes.plot([ends[0], *days, ends[1]], [limits[0], *limits, limits[-1]], **steps)
    for verdict, style in _MARKERS.items():
        chosen = [
            (day, value) for day, value, each in zip(days, values, points, strict=True) if each.verdict == verdict
        ]
        if chosen:
            axes.scatter(*zip(*chosen, strict=True), zorder=4, linewidths=1.0, **style)
    known = [*values, *(limit for limit in limits if limit == limit)]
    axes.set_ylim(*_room(min(known), max(known), 0.15))


def _room(low: float, high: float, share: float) -> tuple[float, float]:
    """Limits with a share of the span free on both sides; of a single figure, around it."""
    margin = (high - low) * share or abs(low) * share or 1.0
    return low - margin, high + margin


def _first_day(view: QuarterView) -> date:
    """The first day of the oldest quarter shown."""
    last = view.provenance.first_day
    months = last.year * 12 + last.month - 1 - 3 * (len(view.quarters) - 1)
    return date(months // 12, months % 12 + 1, 1)


# --- the delta ----------------------------------------------------------------------------------------


def _delta(figure: Any, view: QuarterView, unit: frame.Scale, closings: list[tuple[int, int]]) -> None:
    """A column per quarter with its figure, debt under neglect, the last closing in words over them."""
    width = 3 * _WIDTH + 2 * _GAP
    axes = figure.add_axes((_LEFT, _DELTA[0], width, _DELTA[1]))
    ends, labels = [0.0], []
    for place, pair in enumerate(closings):
        above = below = 0.0
        for amount, colour in zip(pair, (frame.DEBT, frame.NEGLECT), strict=True):
            value = unit.value(amount)
            axes.bar(place, value, bottom=above if value > 0 else below, width=0.62, color=colour, zorder=3)
            above, below = above + max(0.0, value), below + min(0.0, value)
        ends += [above, below]
        style = {"ha": "center", "va": "bottom", "fontsize": 7, "color": frame.QUIET, "zorder": 5}
        labels.append(axes.text(place, above, unit.entry(sum(pair)), **style))
    low, high = min(ends), max(ends)
    span = high - low or 1.0
    # The figures stand over the columns.
    axes.set_ylim(low, low + span * 1.18)
    axes.set_xlim(-0.5, len(closings) - 0.5)
    lettering.fit(figure, labels, axes.bbox.width / len(closings) * 0.9)
    axes.set_yticks([])
    axes.set_xticks(range(len(closings)), view.quarters)
    axes.tick_params(axis="x", labelsize=8, pad=3)
    axes.axhline(0, color="#8C8C8C", lw=0.8, zorder=4)
    axes.spines["bottom"].set_visible(False)
    debt, neglect = closings[-1]
    texts = [
        figure.text(_LEFT, 0.36, f"Technical delta {unit.entry(debt + neglect)}, {unit.name}", va="bottom"),
        figure.text(_LEFT + 0.62 * width, 0.36, f"Debt {unit.entry(debt)}", va="bottom", color=frame.DEBT_WORDS),
        figure.text(_LEFT + width, 0.36, f"Neglect {unit.entry(neglect)}", va="bottom", color=frame.NEGLECT_WORDS),
    ]
    texts[0].set_fontweight("bold")
    texts[2].set_ha("right")
    lettering.fit(figure, texts[:1], 0.6 * width * figure.bbox.width)
    lettering.fit(figure, texts[1:], 0.18 * width * figure.bbox.width)


def _alternative(
    view: QuarterView, message: str, series: dict[str, _Series | None], closings: list[tuple[int, int]]
) -> str:
    told = [
        f"{name} {last.what} {last.value} on {last.on}, threshold {last.limits or 'none'}, {VERDICT_WORDS[last.verdict]}"
        if (last := shown.points[-1] if shown else None)
        else f"{name} not measured"
        for name, shown in series.items()
    ]
    debt, neglect = closings[-1]
    return f"{message}. Last measurements: {'; '.join(told)}. Debt {money(view, debt)}, neglect {money(view, neglect)}."
