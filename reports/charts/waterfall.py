"""Chart 1: how the technical delta went from opening to closing."""

from __future__ import annotations

from ledger.views.quarter import QuarterView
from ledger.views.rollforward import MOVEMENTS
from ledger.vocabulary.kinds import NATURES
from reports import figures
from reports.charts import frame
from reports.content import movement_title, total_posted
from reports.figures import change_in_words, compact

#: What moved the delta most, as the title says it.
_DRIVERS = {
    "commissioned": "new debt",
    "observed": "observed neglect",
    "adopted": "adoptions",
    "revised": "revised estimates",
    "repaid": "repayments",
    "written_off": "write-offs",
    "corrected": "corrections",
    "transferred": "transfers",
}


def draw(view: QuarterView) -> frame.Drawing:
    """Opening, every movement that is not zero, closing."""
    opening, closing = _total(view, "opening"), _total(view, "closing")
    moves = {column: amount for column in MOVEMENTS if (amount := _total(view, column))}
    unit = frame.scale(view, (opening, closing, *moves.values()))
    message = frame.title(view, _messages(view, opening, closing, moves))
    quarter = view.provenance.quarter
    subtitle = f"Roll-forward of debt and neglect, {quarter}, {unit.name} · orange adds to the delta, green lowers it"
    figure, axes = frame.new_chart(view, message, subtitle)
    if opening or closing or moves:
        frame.bridge(figure, axes, unit, _steps(view, opening, closing, moves))
    else:
        frame.say_nothing_to_show(axes, f"No technical delta stood or moved in {quarter}.")
    return frame.Drawing(figure, message, _alternative(view, message, opening, closing, moves))


def _total(view: QuarterView, column: str) -> int:
    return sum(total_posted(view, nature, column) for nature in NATURES)


def _messages(view: QuarterView, opening: int, closing: int, moves: dict[str, int]) -> list[str]:
    currency, exponent = view.provenance.currency, view.provenance.exponent
    amount = compact(closing, currency, exponent)
    if opening == closing == 0 and not moves:
        return ["No technical delta stands"]
    if opening == closing:
        return [f"Delta stayed at {amount}" + (": movements cancel out" if moves else ": nothing moved")]
    words = f"Delta {change_in_words(closing, opening)} to {amount}"
    same_way = {column: move for column, move in moves.items() if (move > 0) == (closing > opening)}
    driver = max(same_way, key=lambda column: abs(same_way[column]), default=None)
    return [f"{words}, driven by {_DRIVERS[driver]}", words] if driver else [words]


def _steps(view: QuarterView, opening: int, closing: int, moves: dict[str, int]) -> list[frame.Step]:
    first, last = view.provenance.first_day, min(view.provenance.last_day, view.provenance.as_of)
    return [
        frame.Step(f"Opening\n{first}", opening, total=True),
        *(frame.Step(movement_title(column), amount) for column, amount in moves.items()),
        frame.Step(f"Closing\n{last}", closing, total=True),
    ]


def _alternative(view: QuarterView, message: str, opening: int, closing: int, moves: dict[str, int]) -> str:
    currency, exponent = view.provenance.currency, view.provenance.exponent

    def words(amount: int) -> str:
        return figures.money(amount, currency, exponent)

    steps = (
        ", ".join(f"{movement_title(column).lower()} {words(amount)}" for column, amount in moves.items())
        or "no movement"
    )
    quarter = view.provenance.quarter
    return f"{message}. Waterfall of {quarter}: opening {words(opening)}, {steps}, closing {words(closing)}."
