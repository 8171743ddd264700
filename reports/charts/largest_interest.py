"""Chart 6: the ten items that cost most to carry."""

from __future__ import annotations

from fractions import Fraction

from ledger.views.quarter import ItemView, QuarterView
from ledger.vocabulary.spreadsheet_text import printable
from reports import figures, lettering
from reports.charts import frame
from reports.content import money

_SHOWN = 10
#: Titles need more room than names of systems.
_WORDS_END = 0.44
#: Letters of a title that the words for those who cannot see the chart repeat.
_LONGEST = 80


def draw(view: QuarterView, on: lettering.Surface | None = None) -> frame.Drawing:
    """A bar per item with its interest per year, and what it owes beside it."""
    costly = sorted((item for item in view.items if item.interest_per_year > 0), key=_order)
    shown, others = costly[:_SHOWN], costly[_SHOWN:]
    whole = sum(item.interest_per_year for item in costly)
    amounts = [amount for item in shown for amount in (item.interest_per_year, item.outstanding)]
    rest = (sum(item.interest_per_year for item in others), sum(item.outstanding for item in others))
    unit = frame.scale(view, [*amounts, *rest])
    message = frame.title(view, _messages(view, shown, whole, len(costly)))
    quarter = view.provenance.quarter
    subtitle = f"Interest per year of the items outstanding at the end of {quarter}, {unit.name}"
    figure, axes = frame.new_chart(view, message, subtitle, on=on)
    if shown:
        rows = [_row(unit, item) for item in shown]
        if others:
            labels = [unit.entry(amount) for amount in rest]
            rows.append(frame.BarRow(f"{len(others):,} others", (), labels))
        headings = (("Per year", frame.INTEREST), ("Outstanding", frame.TOTAL))
        frame.bar_table(figure, axes, headings, rows, words_end=_WORDS_END)
    else:
        frame.say_nothing_to_show(axes, f"No item bears interest at the end of {quarter}.")
    return frame.Drawing(figure, message, _alternative(view, message, shown))


def _order(item: ItemView) -> tuple[int, str, str]:
    return -item.interest_per_year, item.item, item.nature


def _row(unit: frame.Scale, item: ItemView) -> frame.BarRow:
    labels = [unit.entry(item.interest_per_year), unit.entry(item.outstanding)]
    return frame.BarRow(f"{item.item}  {item.title}", ((unit.value(item.interest_per_year), frame.INTEREST),), labels)


def _messages(view: QuarterView, shown: list[ItemView], whole: int, items: int) -> list[str]:
    if not shown:
        return ["No item bears interest"]
    part = figures.percent(Fraction(sum(item.interest_per_year for item in shown), whole))
    amount = figures.compact(whole, view.provenance.currency, view.provenance.exponent)
    if items > _SHOWN:
        return [f"Ten of {items:,} items bear {part} of {amount} interest a year"]
    bearing = "1 item bears" if items == 1 else f"{items} items bear"
    first = figures.percent(Fraction(shown[0].interest_per_year, whole))
    if items == 1:
        return [f"1 item bears interest of {amount} a year"]
    return [f"{shown[0].item} bears {first} of {amount} interest a year", f"{bearing} {amount} interest a year"]


def _alternative(view: QuarterView, message: str, shown: list[ItemView]) -> str:
    points = "; ".join(
        f"{item.item} {printable(item.title)[:_LONGEST]} {money(view, item.interest_per_year)}" for item in shown
    )
    return f"{message}. Bars by item: {points or 'none'}."
