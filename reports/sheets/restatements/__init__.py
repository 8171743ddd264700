"""Restatements: what changed since this quarter, and the one before, were last issued, event by event.

As issued is a value: the ledger as it was known at the position of the issue. Later events are added up from
the rows below; now is what the other sheets of this pack say. What the three leave unexplained must be zero.
"""

from __future__ import annotations

from collections.abc import Sequence

from ledger.views.quarter import QuarterView
from ledger.views.restatements import RestatementView
from ledger.vocabulary.kinds import NATURES
from reports import restated
from reports.content import Content, money, naive_utc, previous_quarter, unit
from reports.sheet import Block, CellContent, CheckLine, Column, Kind, Row, Sheet
from reports.sheets.restatements import plans, quarter_before, this_quarter

_PLANS, _PREVIOUS_PLANS = "restated.plans", "restated.previous.plans"

_ISSUES = (
    Column("quarter", "Quarter", Kind.LABEL, 12),
    Column("position", "Issued at position", Kind.COUNT, 15, left=True),
    Column("issued_at", "Issued (UTC)", Kind.STAMP, 22, left=True),
    Column("as_of", "As of", Kind.DATE, 15, left=True),
    Column("known", "Last event known", Kind.COUNT, 15, left=True),
    Column("events", "Events since", Kind.COUNT, 15, left=True),
)

AS_ISSUED = (
    "As issued is the ledger as known when the issue was made; debt reproduce proves that the file given out said so."
    " Later events were recorded after that and are effective by the quarter's last day; what is effective before"
    " the quarter changes its opening. Now is what Roll-forward, Postings and Items of this pack say. Unexplained"
    " must be zero. Spent and interest are memorandum figures, never part of the closing."
)
NOT_RESTATED = (
    "An entry that came late into a closed quarter is effective in the first open one (--late): it restates nothing."
    " A change of team recorded late moves figures from one team to another without an event of any item; figures by"
    " system stay what they are; spending that went along is two lines of its repayment, one for each team."
)


def build(content: Content) -> Sheet:
    """The issues that this pack is compared with, then what changed since in this quarter and in the one before."""
    view = content.view
    this, previous = restated.of_this(view), restated.of_previous(view)
    return Sheet(
        title="Restatements",
        headline=_headline(view),
        subtitle=f"What changed since earlier issues, figure by figure, event by event · {unit(view)}"
        " · to the minor unit",
        blocks=(
            _issues_block(view, this, previous),
            *(this_quarter.blocks(view, this) if this else ()),
            *(plans.blocks(view, this, _PLANS) if this else ()),
            *(quarter_before.blocks(view, previous) if previous else ()),
            *(plans.blocks(view, previous, _PREVIOUS_PLANS) if previous else ()),
        ),
        notes=(AS_ISSUED, NOT_RESTATED),
        headings_differ=True,
    )


def checks(view: QuarterView) -> Sequence[CheckLine]:
    """What the earlier issues said, and the events since, lead to this pack's figures."""
    lines: list[CheckLine] = []
    this, previous = restated.of_this(view), restated.of_previous(view)
    for nature in NATURES:
        if previous:
            lines.append(quarter_before.opening_check(view, previous, nature))
        if this:
            lines += [this_quarter.closing_check(view, this, nature), this_quarter.figures_check(view, this, nature)]
    if this:
        lines.append(plans.check(view, this, _PLANS))
    if previous:
        lines.append(plans.check(view, previous, _PREVIOUS_PLANS))
    return lines


def _headline(view: QuarterView) -> str:
    origin = view.provenance
    this, previous = restated.of_this(view), restated.of_previous(view)
    if this is not None:
        return _since_issue(view, this)
    if origin.provisional:
        alone = f"{origin.quarter} as of {origin.as_of} is compared with no earlier issue"
    else:
        alone = f"{origin.quarter} has not been issued before"
    if previous is None:
        return alone
    change, plans_said = restated.later(previous, "closing"), restated.plans_in_words(previous)
    closed = f"the closing of {previous.quarter} {_moved(view, change)} since its issue"
    if not change:
        closed = f"{previous.quarter} closed as it was issued"
    return "; ".join(filter(None, (alone, closed, plans_said)))


def _since_issue(view: QuarterView, this: RestatementView) -> str:
    quarter, issued_on = this.quarter, this.issue.issued_at[:10]
    if restated.stands(this):
        return f"Nothing in {quarter} has changed since it was issued on {issued_on}"
    count, change = restated.events(this), restated.later(this, "closing")
    events = f"{count:,} event{'s' * (count > 1)}"
    if change:
        said = f"its closing {_moved(view, change)}: {events}"
    elif count:
        said = f"{events} left its closing at {money(view, restated.issued(this, 'closing'))}"
    else:
        said = f"its closing stands at {money(view, restated.issued(this, 'closing'))}"
    return "; ".join(
        filter(None, (f"Since {quarter} was issued on {issued_on}, {said}", restated.plans_in_words(this)))
    )


def _moved(view: QuarterView, change: int) -> str:
    return f"{'rose' if change > 0 else 'fell'} by {money(view, abs(change))}"


def _issues_block(view: QuarterView, this: RestatementView | None, previous: RestatementView | None) -> Block:
    rows = [_issue_row(view.provenance.quarter, this)]
    if len(view.quarters) > 1:
        rows.append(_issue_row(previous_quarter(view), previous))
    return Block("restated.issues", _ISSUES, tuple(rows), title="Issues that this pack is compared with")


def _issue_row(quarter: str, found: RestatementView | None) -> Row:
    if found is None:
        return Row(quarter, {"quarter": quarter, "position": "none"}, {"position": Kind.LABEL})
    issue = found.issue
    cells: dict[str, CellContent] = {
        "quarter": quarter,
        "position": issue.position,
        "issued_at": naive_utc(issue.issued_at),
        "as_of": issue.as_of,
        "known": issue.known_position,
        "events": restated.events(found) + restated.plans_set(found),
    }
    return Row(quarter, cells)
