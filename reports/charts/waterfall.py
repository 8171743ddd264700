"""Chart 1: how the technical delta went from opening to closing."""

from __future__ import annotations

from ledger.views.quarter import QuarterView
from reports import figures, lettering
from reports.causes import largest_cause, moves, total, unestimated_words
from reports.charts import frame
from reports.comparatives import Comparative
from reports.content import movement_title, previous_quarter
from reports.figures import compact
from reports.restated import note


def draw(view: QuarterView, on: lettering.Surface | None = None) -> frame.Drawing:
    """Opening, every movement that is not zero, closing."""
    opening, closing = total(view, "opening"), total(view, "closing")
    moved = moves(view)
    unit = frame.scale(view, (opening, closing, *moved.values()))
    message = frame.title(view, _messages(view, opening, closing))
    quarter = view.provenance.quarter
    subtitle = f"Roll-forward of debt and neglect, {quarter}, {unit.name} · orange adds to the delta, green lowers it"
    waiting = unestimated_words(view)
    subtitle += " · opening restated" if note(view, "closing", "closing") else ""
    subtitle += f" · beside it {waiting}" if waiting else ""
    figure, axes = frame.new_chart(view, message, subtitle, on=on)
    if opening or closing or moved:
        frame.bridge(figure, axes, unit, _steps(view, opening, closing, moved))
    else:
        frame.say_nothing_to_show(axes, f"No technical delta stood or moved in {quarter}.")
    return frame.Drawing(figure, message, _alternative(view, message, opening, closing, moved))


def _messages(view: QuarterView, opening: int, closing: int) -> list[str]:
    amount = compact(closing, view.provenance.currency, view.provenance.exponent)
    moved = Comparative(closing, opening, previous_quarter(view), last=True)
    if opening == closing == 0 and not moves(view):
        return ["No technical delta stands"]
    if moved.stays:
        return [f"Delta stayed at {amount}" + (": movements cancel out" if moves(view) else ": nothing moved")]
    words = f"Delta {moved.words} to {amount}"
    cause = largest_cause(view)
    return [f"{words}, driven by {cause[0]}", words] if cause else [words]


def _steps(view: QuarterView, opening: int, closing: int, moved: dict[str, int]) -> list[frame.Step]:
    first, last = view.provenance.first_day, min(view.provenance.last_day, view.provenance.as_of)
    return [
        frame.Step(f"Opening\n{first}", opening, total=True),
        *(frame.Step(movement_title(column), amount) for column, amount in moved.items()),
        frame.Step(f"Closing\n{last}", closing, total=True),
    ]


def _alternative(view: QuarterView, message: str, opening: int, closing: int, moved: dict[str, int]) -> str:
    currency, exponent = view.provenance.currency, view.provenance.exponent

    def words(amount: int) -> str:
        return figures.money(amount, currency, exponent)

    steps = (
        ", ".join(f"{movement_title(column).lower()} {words(amount)}" for column, amount in moved.items())
        or "no movement"
    )
    quarter = view.provenance.quarter
    return f"{message}. Waterfall of {quarter}: opening {words(opening)}, {steps}, closing {words(closing)}."
