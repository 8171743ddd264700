"""Chart 5: how long the technical delta has stood."""

from __future__ import annotations

from collections.abc import Iterable

from ledger.views.quarter import ItemView, QuarterView
from ledger.vocabulary.ages import OF_WHICH
from reports import figures, lettering
from reports.charts import frame
from reports.content import BUCKETS, bucket_of, money

Aged = tuple[str, int, int]  # words, debt, neglect; minor units


def draw(view: QuarterView, on: lettering.Surface | None = None) -> frame.Drawing:
    """A bar per bucket of days, their sum, and what of it is lapsed or overdue."""
    rows = [_sum(name, (item for item in view.items if bucket_of(item.age_days) == name)) for _, name in BUCKETS]
    whole = _sum("All ages", view.items)
    parts = [_sum(f"of which {late}", (item for item in view.items if late in item.late)) for late in OF_WHICH]
    everything = [*rows, whole, *(part for part in parts if any(part[1:]))]
    unit = frame.scale(view, [amount for _, debt, neglect in everything for amount in (debt, neglect, debt + neglect)])
    quarter = view.provenance.quarter
    message = frame.title(view, _messages(rows))
    subtitle = f"Principal outstanding at the end of {quarter} by days since it came to be, {unit.name}"
    figure, axes = frame.new_chart(view, message, subtitle, on=on)
    if any(any(row[1:]) for row in rows):
        headings = (("Debt", frame.DEBT_WORDS), ("Neglect", frame.NEGLECT_WORDS), ("Delta", frame.TOTAL))
        drawn = [_row(unit, row, strong=row is whole) for row in everything]
        frame.bar_table(figure, axes, headings, drawn)
    else:
        frame.say_nothing_to_show(axes, f"No technical delta stands at the end of {quarter}.")
    return frame.Drawing(figure, message, _alternative(view, message, everything))


def _sum(words: str, items: Iterable[ItemView]) -> Aged:
    amounts = {"debt": 0, "neglect": 0}
    for item in items:
        if item.nature in amounts:
            amounts[item.nature] += item.outstanding
    return words, amounts["debt"], amounts["neglect"]


def _row(unit: frame.Scale, row: Aged, *, strong: bool) -> frame.BarRow:
    words, debt, neglect = row
    parts = () if strong else ((unit.value(debt), frame.DEBT), (unit.value(neglect), frame.NEGLECT))
    return frame.BarRow(words, parts, [unit.entry(amount) for amount in (debt, neglect, debt + neglect)], strong)


def _messages(rows: list[Aged]) -> list[str]:
    amounts = [debt + neglect for _, debt, neglect in rows]
    oldest = figures.share(amounts[-1], sum(amounts))
    if oldest is None:
        return ["No technical delta stands"]
    if oldest > 0:
        return [f"{figures.percent(oldest)} of the technical delta is older than a year"]
    return ["None of the technical delta is older than a year"]


def _alternative(view: QuarterView, message: str, rows: list[Aged]) -> str:
    points = "; ".join(
        f"{words} debt {money(view, debt)}, neglect {money(view, neglect)}" for words, debt, neglect in rows
    )
    return f"{message}. Bars by age: {points}."
