"""The figures in the words of a workbook: in each sheet's headline, and in the Summary's note on spending.

Only figures and directions are compared, in the order in which they stand, not the wording around them.
"""

from __future__ import annotations

import re
from fractions import Fraction

from tests.model.figures import MOVEMENTS
from tests.model.packs import PackFigures
from tests.model.quantities import half_even, to_major
from tests.model.register import NATURES
from tests.three_ways.expected.checks import number_of_checks
from tests.three_ways.expected.management import late_items, waiting_items
from tests.three_ways.expected.readiness import systems_by_gaps
from tests.three_ways.expected.register import BUCKETS, item_rows
from tests.three_ways.expected.restatements import later, plans_set
from tests.three_ways.expected.summary import measures
from tests.three_ways.play import Played
from tests.three_ways.workbook import Workbook

_NAMES = re.compile(r"\d{4}Q\d|\d{4}-\d\d-\d\d")
_FIGURES = re.compile(r"(?:[A-Z]{3} )?-?\d(?:[\d,]*\d)?(?:\.\d+)?%?|\brose\b|\bfell\b|\babove\b|\bbelow\b")
#: The note by which the Summary says how much of the spending is assumed.
_SPENDING = re.compile(r"No repayment was.*|What was spent was stated.*|(For )?[\d,]+ of [\d,]+ repayment.*")
INTEREST = "Interest incurred in the quarter"
DIMENSIONS = ("input", "system", "output", "time")


def figures_in_words(workbook: Workbook) -> dict[str, list[str]]:
    """What the headlines say, by sheet, and the note."""
    said = {name: sheet.headline for name, sheet in workbook.items()}
    notes = [words for words in workbook["Summary"].words if _SPENDING.match(words)]
    said["what to decide"] = next(
        (words for words in workbook["Management summary"].words if words.startswith("To decide")), ""
    )
    said["the note on spending"] = " ".join(notes)
    return {name: _FIGURES.findall(without_names(words)) for name, words in said.items()}


def without_names(words: str) -> str:
    """Words without the quarters and days that they name, and with a minus that programs type."""
    return _NAMES.sub("", words).replace("\N{MINUS SIGN}", "-")


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
    answer = [
        *_moved(figures, delta, delta_before),
        *_cause(figures),
        *_waiting(figures),
        *_issued(figures, "Technical delta"),
    ]
    return {
        "Management summary": answer,
        "Summary": answer,
        "Roll-forward": _change(delta, opening),
        "Breakdown": _largest_dimension(figures),
        "Ageing": _older_than_a_year(figures),
        "Interest": _moved_interest(figures, now[INTEREST] or 0, before[INTEREST] or 0),
        "Budget vs actual": _verdict(figures, now),
        "Budget": [],
        "Items": [str(standing), in_money(figures, delta), in_money(figures, now["Interest per year"] or 0)]
        * bool(standing),
        "Past quarters": [],
        "Postings": [str(moved)] if moved else [],
        "Readiness": [f"{missing:,}"] * bool(missing) + [str(len(gaps))],
        "Restatements": _restated(figures),
        "Checks": [str(number_of_checks(played))],
        "About": [str(figures.position)],
        "what to decide": _to_decide(figures),
        "the note on spending": _on_spending(count, assumed, unmeasured),
    }


def _to_decide(figures: PackFigures) -> list[str]:
    """How many debts are past due and how many items of neglect wait, each with what is outstanding of them."""
    said = []
    for rows in (late_items(figures), waiting_items(figures)):
        if rows:
            said += [f"{len(rows):,}", in_money(figures, sum(row.outstanding for row in rows))]
    return said


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
    relative = [in_per_cent(Fraction(abs(now) - abs(before), abs(before)))] if before and now * before >= 0 else []
    return ["rose" if now > before else "fell", *relative]


def _cause(figures: PackFigures) -> list[str]:
    """The amount of the movement that did most of what the delta did."""
    rows = list(figures.flows(figures.quarter).values())
    change = sum(row.closing - row.opening for row in rows)
    amounts = [sum(getattr(row, column) for row in rows) for column in (*MOVEMENTS, "transferred")]
    same_way = [amount for amount in amounts if amount * change > 0]
    return [in_money(figures, max(same_way, key=abs))] if same_way else []


def _moved_interest(figures: PackFigures, now: int, before: int) -> list[str]:
    moved = _moved(figures, now, before)
    return [*moved, *_issued(figures, INTEREST)] if moved else []


def _issued(figures: PackFigures, measure: str) -> list[str]:
    """Last quarter's figure and what was issued of it, where the two differ."""
    quarter = figures.quarters[-2]
    issued = figures.as_issued(quarter)
    was, now = (0 if each is None else measures(each, quarter)[measure] or 0 for each in (issued, figures))
    return [in_money(figures, now), in_money(figures, was)] if issued and was != now else []


def _waiting(figures: PackFigures) -> list[str]:
    """How many items nobody has estimated."""
    listed = figures.figures.list_items(figures.as_of, "unestimated")
    return [str(len(listed))] * bool(listed)


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


def _verdict(figures: PackFigures, now: dict[str, int | None]) -> list[str]:
    """What the budget became, then what stands apart: work without a budget, of earlier quarters, the original."""
    budget, over = now["Budget"], now["Budget variance"]
    unbudgeted, earlier = now["Of which without a budget"] or 0, now["Of which for earlier quarters"] or 0
    if budget is None or over is None:
        said = [in_money(figures, unbudgeted)] if unbudgeted else []
    elif over and (budget + over or not budget):
        said = [in_money(figures, abs(over)), "above" if over > 0 else "below"]
    else:
        said = [in_money(figures, budget)]
    apart = [earlier, unbudgeted if budget is not None else 0]
    original = now["Original budget"]
    apart += [] if original is None or original == budget else [original]
    return (
        said
        + [in_money(figures, minor) for minor in apart[:2] if minor]
        + [in_money(figures, minor) for minor in apart[2:]]
    )


def _restated(figures: PackFigures) -> list[str]:
    this, previous = figures.restated(figures.quarter), figures.restated(figures.quarters[-2])
    found = this or previous
    if found is None:
        return []
    change = sum(later(found, "closing", nature) for nature in NATURES)
    moved = ["rose" if change > 0 else "fell", in_money(figures, abs(change))] if change else []
    planned = plans_set(figures, found.issue.quarter)
    plans = [str(planned)] * bool(planned)
    if this is None or not (this.later or figures.plan_changes(figures.quarter)):
        return moved + plans
    events = [str(len({entry.fact.position for entry in this.later}))] if this.later else []
    if change:
        return [*moved, *events, *plans]
    return [*events, in_money(figures, sum(this.issued[nature].closing for nature in NATURES)), *plans]
