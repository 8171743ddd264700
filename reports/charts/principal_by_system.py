"""Chart 3: what each system owes, the largest first."""

from __future__ import annotations

from ledger.views.quarter import QuarterView
from reports import figures, lettering
from reports.charts import frame
from reports.content import money

#: Systems shown by name; the others share a row.
_SHOWN = 11

Owed = tuple[str, int, int]  # system, debt, neglect; minor units


def draw(view: QuarterView, on: lettering.Surface | None = None) -> frame.Drawing:
    """A bar per system, debt and neglect, with both figures and their sum."""
    owed = _owed(view)
    rows = owed if len(owed) <= _SHOWN + 1 else owed[:_SHOWN]
    others = [_sum(f"{len(owed) - len(rows):,} others", owed[len(rows) :])] if len(rows) < len(owed) else []
    total = _sum("All systems", owed)
    everything = [*rows, *others, total]
    unit = frame.scale(view, [amount for _, debt, neglect in everything for amount in (debt, neglect, debt + neglect)])
    quarter = view.provenance.quarter
    message = frame.title(view, _messages(view, owed))
    subtitle = f"Principal outstanding by system at the end of {quarter}, {unit.name}"
    figure, axes = frame.new_chart(view, message, subtitle, on=on)
    if rows:
        headings = (("Debt", frame.DEBT_WORDS), ("Neglect", frame.NEGLECT_WORDS), ("Delta", frame.TOTAL))
        frame.bar_table(figure, axes, headings, [_row(unit, row, bar=row in rows) for row in everything])
    else:
        frame.say_nothing_to_show(axes, f"No technical delta stands at the end of {quarter}.")
    return frame.Drawing(figure, message, _alternative(view, message, [*rows, *others]))


def _owed(view: QuarterView) -> list[Owed]:
    sums: dict[str, dict[str, int]] = {}
    for item in view.items:
        amounts = sums.setdefault(item.system, {"debt": 0, "neglect": 0})
        if item.nature in amounts:
            amounts[item.nature] += item.outstanding
    owed = [(system, amounts["debt"], amounts["neglect"]) for system, amounts in sums.items() if any(amounts.values())]
    return sorted(owed, key=lambda row: (-row[1] - row[2], row[0]))


def _sum(words: str, rows: list[Owed]) -> Owed:
    return words, sum(debt for _, debt, _ in rows), sum(neglect for _, _, neglect in rows)


def _row(unit: frame.Scale, row: Owed, *, bar: bool) -> frame.BarRow:
    """The others and the whole have no bar: it would leave the systems' own too short to be compared."""
    system, debt, neglect = row
    parts = ((unit.value(debt), frame.DEBT), (unit.value(neglect), frame.NEGLECT)) if bar else ()
    labels = [unit.entry(amount) for amount in (debt, neglect, debt + neglect)]
    return frame.BarRow(system, parts, labels, strong=system == "All systems")


def _messages(view: QuarterView, owed: list[Owed]) -> list[str]:
    delta = sum(debt + neglect for _, debt, neglect in owed)
    if not owed:
        return ["No system owes technical delta"]
    system, debt, neglect = owed[0]
    if len(owed) == 1:
        amount = figures.compact(delta, view.provenance.currency, view.provenance.exponent)
        return [f"{system} holds the whole delta of {amount}", f"One system holds the whole delta of {amount}"]
    part = figures.share(debt + neglect, delta)
    if part is None or delta < 0:
        return [f"{system} owes most of {len(owed):,} systems"]
    if len(owed) > _SHOWN + 1:
        largest = figures.share(sum(debt + neglect for _, debt, neglect in owed[:_SHOWN]), delta)
        words = figures.percent(largest or part)
        return [f"The largest {_SHOWN} of {len(owed):,} systems hold {words} of the delta"]
    words = f"holds {figures.percent(part)} of the technical delta"
    return [f"{system} {words}, {len(owed):,} systems in all", f"{system} {words}", f"One system {words}"]


def _alternative(view: QuarterView, message: str, rows: list[Owed]) -> str:
    points = "; ".join(
        f"{name} debt {money(view, debt)}, neglect {money(view, neglect)}" for name, debt, neglect in rows
    )
    return f"{message}. Bars by system: {points or 'none'}."
