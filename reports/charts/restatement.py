"""Chart 7: how later events moved the closing that an earlier issue gave."""

from __future__ import annotations

from ledger.views.quarter import QuarterView
from ledger.views.restatements import RestatementView
from reports import restated
from reports.charts import frame
from reports.content import money, movement_title
from reports.figures import compact

#: Changes smaller than this share of the closing (one in …) would be slivers on whole bars; the bars are cut.
_CUT_BELOW = 4


def draw(view: QuarterView) -> frame.Drawing:
    """From the closing as issued to the closing now, a step for every column that changed.

    A quarter that was not issued before shows the one before it, if that has changed since its issue.
    """
    shown = _shown(view)
    message = frame.title(view, _messages(view, shown))
    if shown is None or not _bars(shown):
        figure, axes = frame.new_chart(view, message, "Technical delta as it was issued, later events, and now")
        frame.say_nothing_to_show(axes, "\n".join(_words(view)))
        return frame.Drawing(figure, message, f"{message}. {' '.join(_words(view))}")
    levels = _levels(shown)
    floor = _floor(levels)
    # On bars that are cut, the changes are what is to be read, in a unit of their size.
    unit = frame.scale(view, [*_changes(shown).values(), *(() if floor else levels)])
    subtitle = (
        f"Debt and neglect at the end of {shown.quarter}: as issued, by later events, now, {unit.name}"
        f"{' · dark bars are cut' if floor else ''} · orange adds, green lowers"
    )
    figure, axes = frame.new_chart(view, message, subtitle)
    frame.bridge(figure, axes, unit, _steps(view, shown, unit), floor=floor)
    return frame.Drawing(figure, message, _alternative(view, message, shown))


def _shown(view: QuarterView) -> RestatementView | None:
    this, previous = restated.of_this(view), restated.of_previous(view)
    if this is not None:
        return this
    return previous if previous is not None and previous.legs else None


def _changes(shown: RestatementView) -> dict[str, int]:
    """By column; an adoption changes debt and neglect and not their sum."""
    return {column: amount for column in restated.COLUMNS if (amount := restated.later(shown, column))}


def _bars(shown: RestatementView) -> bool:
    """Whether there is anything to draw."""
    return bool(shown.legs) and any((*_levels(shown), *_changes(shown).values()))


def _levels(shown: RestatementView) -> list[int]:
    """The closing as issued, and what each step makes of it."""
    levels = [restated.issued(shown, "closing")]
    for amount in _changes(shown).values():
        levels.append(levels[-1] + amount)
    return levels


def _floor(levels: list[int]) -> int:
    """Where the bars begin, so that small steps on large totals can be seen; 0 if nothing need be cut."""
    lowest, highest = min(levels), max(levels)
    span = highest - lowest
    return lowest - span if 0 < span * _CUT_BELOW < lowest else 0


def _steps(view: QuarterView, shown: RestatementView, unit: frame.Scale) -> list[frame.Step]:
    issued_on, known_on = shown.issue.issued_at[:10], view.provenance.known_at[:10]
    return [
        frame.Step(f"As issued\n{issued_on}", restated.issued(shown, "closing"), total=True),
        *(
            frame.Step(movement_title(column), amount, label=_small(view, unit, amount))
            for column, amount in _changes(shown).items()
        ),
        frame.Step(f"As known\n{known_on}", sum(row.closing for row in shown.now), total=True),
    ]


def _small(view: QuarterView, unit: frame.Scale, change: int) -> str:
    """The label of a change too small for the chart's unit, which would call it zero; empty for any other."""
    if any(digit in "123456789" for digit in unit.label(change)):
        return ""
    sign = "+" if change > 0 else "\N{MINUS SIGN}"
    return sign + money(view, abs(change))


def _messages(view: QuarterView, shown: RestatementView | None) -> list[str]:
    origin = view.provenance
    if shown is None:
        if origin.provisional:
            return [f"{origin.quarter} is compared with no earlier issue"]
        return [f"{origin.quarter} is issued for the first time"]
    quarter = shown.quarter
    if not shown.legs and not restated.stands(shown):
        return [f"{quarter}'s closing stands; {restated.plans_in_words(shown)}", f"{quarter}: only plans have changed"]
    if not shown.legs:
        return [f"Nothing in {quarter} has changed since it was issued", f"{quarter} stands as it was issued"]
    change = restated.later(shown, "closing")
    if not change:
        count = restated.events(shown)
        events = f"{count:,} later event{'s' * (count > 1)}"
        return [f"{events} left {quarter}'s closing as it was issued", f"{quarter}'s closing stands as issued"]
    amount = compact(abs(change), origin.currency, origin.exponent)
    return [
        f"Later events {'raised' if change > 0 else 'lowered'} {quarter}'s closing by {amount}",
        f"{quarter}'s closing {'rose' if change > 0 else 'fell'} by {amount}",
    ]


def _words(view: QuarterView) -> list[str]:
    """What an empty chart says instead, line by line."""
    this, previous = restated.of_this(view), restated.of_previous(view)
    if this is not None:
        given = f"at position {this.issue.position:,} on {this.issue.issued_at[:10]}"
        if not this.legs and not restated.stands(this):
            return [
                f"Every closing of {this.quarter} is the one that was issued {given};",
                f"{restated.plans_in_words(this)}.",
            ]
        if this.legs:
            return [f"Nothing stood in {this.quarter} when it was issued {given},", "and nothing stands now."]
        return [f"Every figure of {this.quarter} is the one that was issued", f"{given}."]
    words = [f"There is no earlier issue of {view.provenance.quarter} that this pack could be compared with."]
    if previous is not None:
        words.append(f"{previous.quarter} stands as it was issued on {previous.issue.issued_at[:10]}.")
    return words


def _alternative(view: QuarterView, message: str, shown: RestatementView) -> str:
    changes = _changes(shown).items()
    steps = ", ".join(f"{movement_title(column).lower()} {money(view, amount)}" for column, amount in changes)
    issued, now = restated.issued(shown, "closing"), sum(row.closing for row in shown.now)
    return (
        f"{message}. Bridge of {shown.quarter}: closing issued on {shown.issue.issued_at[:10]} {money(view, issued)},"
        f" {steps or 'no change of a column'}, closing as known now {money(view, now)}."
    )
