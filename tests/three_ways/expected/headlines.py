"""The figures in the words of a workbook: in each sheet's headline, and in the Summary's note on spending.

Only figures and directions are compared, in the order in which they stand, not the wording around them.
"""

from __future__ import annotations

import re
from fractions import Fraction

from tests.model.packs import PackFigures
from tests.model.quantities import half_even, to_major
from tests.model.register import NATURES
from tests.three_ways.expected.checks import number_of_checks
from tests.three_ways.expected.readiness import systems_by_gaps
from tests.three_ways.expected.register import BUCKETS, item_rows
from tests.three_ways.expected.restatements import later
from tests.three_ways.expected.summary import measures
from tests.three_ways.play import Played
from tests.three_ways.workbook import Workbook

_NAMES = re.compile(r"\d{4}Q\d|\d{4}-\d\d-\d\d")
_FIGURES = re.compile(r"(?:[A-Z]{3} )?-?\d[\d,]*(?:\.\d+)?%?|\brose\b|\bfell\b|\babove\b|\bbelow\b")
#: The note by which the Summary says how much of the spending is assumed.
_SPENDING = re.compile(r"No repayment was.*|What was spent was stated.*|For [\d,]+ of [\d,]+ repayment.*")
DIMENSIONS = ("input", "system", "output", "time")


def figures_in_words(workbook: Workbook) -> dict[str, list[str]]:
    """What the headlines say, by sheet, and the note."""
    said = {name: sheet.headline for name, sheet in workbook.items()}
    notes = [words for words in workbook["Summary"].words if _SPENDING.match(words)]
    said["the note on spending"] = " ".join(notes)
    return {name: _FIGURES.findall(without_names(words)) for name, words in said.items()}


def without_names(words: str) -> str:
    """Words without the quarters and days that they name."""
    return _NAMES.sub("", words)


def expected_in_words(played: Played) -> dict[str, list[str]]:
    """The same, by the model."""
    figures = played.figures
    now, before = (measures(figures, figures.quarters[back]) for back in (-1, -2))
    delta, delta_before = now["Technical delta"] or 0, before["Technical delta"] or 0
    rows = figures.flows(figures.quarter)
    opening = sum(row.opening for row in rows.values())
    count, assumed, unmeasured = figures.repayments()
    standing = len({row.item for row in item_rows(figures) if row.outstanding})
    gaps = systems_by_gaps(figures)
    missing = sum(gaps.values())
    moved = len(figures.entries(*figures.days(figures.quarter)))
    return {
        "Summary": _moved(figures, delta, delta_before),
        "Roll-forward": _change(delta, opening),
        "Breakdown": _largest_dimension(figures),
        "Ageing": _older_than_a_year(figures),
        "Interest": _moved(
            figures, now["Interest incurred in the quarter"] or 0, before["Interest incurred in the quarter"] or 0
        ),
        "Budget vs actual": _verdict(figures, now["Budget"], now["Spent on repayments"] or 0),
        "Budget": [],
        "Items": [str(standing)] if standing else [],
        "Past quarters": [],
        "Postings": [str(moved)] if moved else [],
        "Readiness": [f"{missing:,}"] * bool(missing) + [str(len(gaps))],
        "Restatements": _restated(figures),
        "Checks": [str(number_of_checks(played))],
        "About": [str(figures.position)],
        "the note on spending": _on_spending(count, assumed, unmeasured),
    }


def _on_spending(count: int, assumed: int, unmeasured: int) -> list[str]:
    """Of how many repayments the cost is assumed, of how many unknown, each of how many; else how many there are."""
    parts = [str(part) for few in (assumed, unmeasured) if few for part in (few, count)]
    return parts or [str(count)] * bool(count)


def in_money(figures: PackFigures, minor: int) -> str:
    """An amount in a headline: whole units half-even; below 1,000 exact."""
    exponent = figures.settings.exponent
    unit = 10**exponent
    if abs(minor) < 1000 * unit and minor % unit:
        return f"{figures.currency} {to_major(minor, exponent)}"
    return f"{figures.currency} {half_even(Fraction(minor, unit)):,}"


def in_per_cent(share: Fraction) -> str:
    """Whole per cents half-even, one decimal below one per cent."""
    tenths = half_even(abs(share) * 1000)
    if share and abs(share) < Fraction(1, 100):
        return f"{max(tenths, 1) // 10}.{max(tenths, 1) % 10}%"
    return f"{half_even(abs(share) * 100):,}%"


def _change(now: int, before: int) -> list[str]:
    if now == before:
        return []
    relative = [in_per_cent(Fraction(now - before, abs(before)))] if before else []
    return ["rose" if now > before else "fell", *relative]


def _moved(figures: PackFigures, now: int, before: int) -> list[str]:
    return [*_change(now, before), in_money(figures, now)] if now or before else []


def _largest_dimension(figures: PackFigures) -> list[str]:
    sums = dict.fromkeys(DIMENSIONS, 0)
    for row in item_rows(figures):
        sums[row.listed["dimension"]] += row.outstanding
    delta, largest = sum(sums.values()), max(sums.values())
    return [in_per_cent(Fraction(largest, delta)), in_money(figures, delta)] if delta else []


def _older_than_a_year(figures: PackFigures) -> list[str]:
    rows = list(item_rows(figures))
    old = sum(row.outstanding for row in rows if row.bucket == list(BUCKETS)[-1])
    return [in_per_cent(Fraction(old, sum(row.outstanding for row in rows)))] if old else []


def _verdict(figures: PackFigures, budget: int | None, spent: int) -> list[str]:
    if budget is None:
        return [in_money(figures, spent)] if spent else []
    if not spent and budget:
        return [in_money(figures, budget)]
    if spent == budget:
        return [in_money(figures, spent)]
    return [in_money(figures, abs(spent - budget)), "above" if spent > budget else "below"]


def _restated(figures: PackFigures) -> list[str]:
    this, previous = figures.restated(figures.quarter), figures.restated(figures.quarters[-2])
    found = this or previous
    change = sum(later(found, "closing", nature) for nature in NATURES) if found else 0
    moved = ["rose" if change > 0 else "fell", in_money(figures, abs(change))] if change else []
    if this is None or not this.later:
        return moved
    events = str(len({entry.fact.position for entry in this.later}))
    if change:
        return [*moved, events]
    return [events, in_money(figures, sum(this.issued[nature].closing for nature in NATURES))]
