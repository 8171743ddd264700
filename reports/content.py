"""What a sheet or a chart may draw on, and the sums that several of them need.

Sheets do not import each other and neither do charts; what they share is here. All amounts are in minor
units. The sums are folds over the view's rows, so that the cached values owe nothing to the workbook.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from ledger.views import BROUGHT_FORWARD, MOVEMENTS, QuarterView, RollforwardView
from reports import figures
from reports.workbook.description import CheckLine, Picture

NATURES = ("debt", "neglect")
#: First day and name of each age bucket; formulas find them as `bucket_from` and `bucket_name` on About.
BUCKETS = ((0, "0-90"), (91, "91-180"), (181, "181-365"), (366, "366+"))
#: Key of the roll-forward's total rows; no system is called so, because keys hold no space.
TOTAL = "all systems"


@dataclass(frozen=True, slots=True)
class Content:
    """The view, the check lines of all sheets, and the charts that carry the Summary's message."""

    view: QuarterView
    checks: Sequence[CheckLine] = ()
    pictures: Sequence[Picture] = ()


def unit(view: QuarterView) -> str:
    """The currency and the quarter, for subtitles."""
    return f"{view.provenance.currency} · {view.provenance.quarter}"


def money(view: QuarterView, minor: int) -> str:
    """An amount in words, in the book's currency."""
    return figures.money(minor, view.provenance.currency, view.provenance.exponent)


def previous_quarter(view: QuarterView) -> str:
    """The quarter before this one; `none` if the view goes back no further."""
    return view.quarters[-2] if len(view.quarters) > 1 else "none"


def year_ago_quarter(view: QuarterView) -> str:
    """The same quarter of the year before; `none` if the view goes back no further."""
    return view.quarters[-5] if len(view.quarters) > 4 else "none"


def movement_of(column: str) -> str:
    """A roll-forward column as postings name it: `written_off` is `written-off`, opening is brought forward."""
    return BROUGHT_FORWARD if column == "opening" else column.replace("_", "-")


def posted(view: QuarterView) -> Mapping[tuple[str, str, str], int]:
    """Stored postings summed by nature, system and movement."""
    sums: dict[tuple[str, str, str], int] = {}
    for row in view.postings:
        key = (row.nature, row.system, row.movement)
        sums[key] = sums.get(key, 0) + row.amount
    return sums


def replayed(view: QuarterView) -> Mapping[tuple[str, str], RollforwardView]:
    """The roll-forward that the ledger folded from the events, by nature and system."""
    return {(row.nature, row.system): row for row in view.rollforward}


def systems(view: QuarterView, *natures: str) -> tuple[str, ...]:
    """Every system with a figure of these natures in the quarter, stored or replayed, in order."""
    replay = {row.system for row in view.rollforward if row.nature in natures}
    return tuple(sorted(replay | {row.system for row in view.postings if row.nature in natures}))


def total_posted(view: QuarterView, nature: str, column: str) -> int:
    """One column of the roll-forward over all systems, from the stored postings."""
    movements = (
        {movement_of(each) for each in ("opening", *MOVEMENTS)} if column == "closing" else {movement_of(column)}
    )
    return sum(row.amount for row in view.postings if row.nature == nature and row.movement in movements)


def recorded(view: QuarterView, quarter: str, measure: str, nature: str | None = None) -> int:
    """One measure of one quarter over all systems and teams; nature None means debt and neglect."""
    return sum(
        row.amount
        for row in view.history
        if row.quarter == quarter and row.measure == measure and nature in (None, row.nature)
    )


def naive_utc(stamp: str | None) -> datetime | None:
    """A time of the ledger in UTC without zone, because a spreadsheet knows none; headings say UTC."""
    if stamp is None:
        return None
    return datetime.fromisoformat(stamp).astimezone(UTC).replace(tzinfo=None, microsecond=0)
