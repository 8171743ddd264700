"""Sentences that stand on several pages: the answer, what was spent, what was issued; of Summaries and deck."""

from __future__ import annotations

from fractions import Fraction

from ledger.views.quarter import QuarterView
from ledger.vocabulary.kinds import NATURES
from reports.causes import WORDS, largest_cause, moves, unestimated_words
from reports.comparatives import comparative
from reports.content import money, recorded, total_posted
from reports.figures import percent, share
from reports.planning import verdicts
from reports.restated import later, note, of_this, otherwise, plans_in_words, stands


def what_moved(view: QuarterView) -> str:
    """The answer in one sentence: what the delta did and by what most, and how many items have nothing in it yet."""
    return "; ".join(filter(None, (_moved(view), unestimated_words(view), note(view, "closing", "delta"))))


def _moved(view: QuarterView) -> str:
    quarter = view.provenance.quarter
    found = comparative(view, lambda of: _delta(view, of))
    now = _delta(view, quarter)
    if found is None or found.now == found.before == 0:
        return f"No technical delta stands at the end of {quarter}"
    said = f"Technical delta {found.words} {'at' if found.stays else 'to'} {money(view, now)} in {quarter}"
    cause = largest_cause(view)
    return f"{said}, driven by {cause[0]} ({money(view, cause[1])})" if cause else said


def _delta(view: QuarterView, quarter: str) -> int:
    if quarter == view.provenance.quarter:
        return sum(total_posted(view, nature, "closing") for nature in NATURES)
    return recorded(view, quarter, "closing")


def what_was_spent(view: QuarterView) -> str:
    """Spending against the budget of today, and what is apart from it, in one sentence."""
    return f"{verdicts(view, lambda minor: money(view, minor))[0]}."


def what_was_issued(view: QuarterView) -> str:
    """Whether this quarter was issued before, and says something else now; empty while it is provisional."""
    restated, quarter = of_this(view), view.provenance.quarter
    if restated is None:
        return f"{quarter} was not issued before." if not view.provenance.provisional else ""
    if stands(restated):
        return f"{quarter} was issued on {restated.issue.issued_at[:10]}, and nothing has changed since."
    changes = {"closing": later(restated, "closing"), "spent": later(restated, "spent")}
    said = [f"{figure} {money(view, changed)}" for figure, changed in changes.items() if changed]
    said += filter(None, [plans_in_words(restated)])
    what = f": {', '.join(said)}" if said else ""
    return f"{quarter} has changed since its issue of {restated.issue.issued_at[:10]}{what} (see Restatements)."


def why_it_moved(view: QuarterView) -> str:
    """The largest movement that raised the delta and the largest that lowered it, in one sentence."""
    moved = moves(view)
    said = []
    for way, verb in ((1, "added"), (-1, "took off")):
        same_way = {column: amount * way for column, amount in moved.items() if amount * way > 0}
        if same_way:
            column = max(same_way, key=lambda each: same_way[each])
            said.append(f"{WORDS[column]} {verb} {money(view, same_way[column])}")
    if not said:
        return f"Nothing moved the technical delta in {view.provenance.quarter}"
    words = ", ".join(said)
    return f"{words[0].upper()}{words[1:]} in {view.provenance.quarter}"


def how_it_divides(view: QuarterView) -> list[str]:
    """Which part of the delta is neglect, and what it was, from long to short."""
    neglect, delta = (
        [recorded(view, quarter, "closing", *natures) for quarter in view.quarters] for natures in (("neglect",), ())
    )
    if not delta[-1]:
        return ["No technical delta stands" + (" any more" if any(delta) else "")]
    now = share(neglect[-1], delta[-1])
    text = f"Neglect is {percent(now)} of the delta" if now else "None of the delta is neglect"
    shares = {quarter: share(part, whole) for quarter, part, whole in zip(view.quarters, neglect, delta, strict=True)}
    moved = comparative(view, shares.get)
    if moved is None:
        return [text]
    then = percent(Fraction(moved.before))
    if moved.stays or percent(Fraction(moved.now)) == then:
        return [f"{text}, as in {moved.quarter}", text]
    then_issued = (otherwise(view, moved.quarter, "closing", nature) for nature in NATURES)
    mark = " (restated)" if any(was is not None for was in then_issued) else ""
    said = f"{text}, {'up' if moved.rises else 'down'} from {then}"
    return [f"{said} in {moved.quarter}{mark}", f"{said}{mark}", text]
