"""What a sheet or a chart may draw on, and the sums that several of them need.

Sheets do not import each other and neither do charts; what they share is here. All amounts are in minor
units. The sums are folds over the view's rows, so that the cached values owe nothing to the workbook.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from ledger.views.quarter import BROUGHT_FORWARD, ItemView, PostingView, QuarterView
from ledger.views.rollforward import MOVEMENTS, RollforwardView
from ledger.vocabulary import ages
from ledger.vocabulary.kinds import movement_in
from reports import figures
from reports.sheet import CheckLine, Picture, Span

#: First day and name of each age bucket; formulas find them as `bucket_from` and `bucket_name` on Ageing.
#: The dash of the names is no hyphen, because a criterion `1-90` could be taken for a date.
BUCKETS = tuple((youngest, f"{name.replace('-', '–')} days") for youngest, name in ages.BUCKETS)
_BUCKET_NAMES = {plain: name for (_, plain), (_, name) in zip(ages.BUCKETS, BUCKETS, strict=True)}
#: Key of the roll-forward's total rows; no system is called so, because keys hold no space.
TOTAL = "all systems"

#: Of sheets with thousands of rows.
LOOKED_UP = "the first rows are printed"
#: Items that are printed whole: of two thousand a register was 300 pages.
PRINTED_WHOLE = 200

#: Names a figure: its column, system and nature, say.
Key = tuple[str, ...]


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


def amount(view: QuarterView, minor: int) -> str:
    """The same where the currency stands above it."""
    return figures.plain(minor, view.provenance.exponent)


def signed_amount(view: QuarterView, minor: int) -> str:
    """A difference, with its sign."""
    return figures.signed(minor, view.provenance.exponent)


def signed_money(view: QuarterView, minor: int) -> str:
    """A difference in the book's currency."""
    return f"{view.provenance.currency} {signed_amount(view, minor)}"


def previous_quarter(view: QuarterView) -> str:
    """The quarter before this one; `none` if the view goes back no further."""
    return view.quarters[-2] if len(view.quarters) > 1 else "none"


def year_ago_quarter(view: QuarterView) -> str:
    """The same quarter of the year before; `none` if the view goes back no further."""
    return view.quarters[-5] if len(view.quarters) > 4 else "none"


def movement_of(column: str) -> str:
    """A roll-forward column as postings name it: `written_off` is `written-off`, opening is brought forward."""
    return BROUGHT_FORWARD if column == "opening" else movement_in(column)


def movement_title(column: str) -> str:
    """A roll-forward column as a heading: `Written-off`."""
    return movement_in(column).capitalize()


def ordered_postings(view: QuarterView) -> tuple[PostingView, ...]:
    """The rows of the sheet Postings: by movement, system and nature, so that what makes up a figure is adjacent."""
    order = {movement: index for index, movement in enumerate(map(movement_of, ("opening", *MOVEMENTS)))}
    return tuple(sorted(view.postings, key=lambda row: (order.get(row.movement, len(order)), row.system, row.nature)))


def ordered_items(view: QuarterView) -> tuple[ItemView, ...]:
    """The rows of the sheet Items: each system's items together, as the register has them."""
    return tuple(sorted(view.items, key=lambda row: row.system))


def spans(block: str, column: str, keys_of_rows: Iterable[Iterable[Key]]) -> dict[Key, Span]:
    """From the first to the last row of each key; the rows of the block are called by their index, 0 at the top."""
    found: dict[Key, Span] = {}
    for index, keys in enumerate(keys_of_rows):
        for key in keys:
            first = found[key].first if key in found else str(index)
            found[key] = Span(block, first, str(index), column)
    return found


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


def bucket_of(age_days: int) -> str:
    """The bucket an age falls into, as the workbook names it; what is not there yet has none, as its LOOKUP says."""
    return _BUCKET_NAMES[ages.bucket_of(age_days)] if age_days >= 0 else "#N/A"


def owner_keys(view: QuarterView) -> Mapping[tuple[str, str], str]:
    """A short key for every pair of team and cost centre in Items, in alphabetical order.

    People type the names of teams; as a criterion `=1`, `a*` or a long one would find other rows or none.
    """
    owners = sorted({(row.team, row.cost_centre or "") for row in view.items})
    return {owner: f"owner-{number}" for number, owner in enumerate(owners, start=1)}


def naive_utc(stamp: str | None) -> datetime | None:
    """A time of the ledger in UTC without zone, because a spreadsheet knows none; headings say UTC."""
    if stamp is None:
        return None
    return datetime.fromisoformat(stamp).astimezone(UTC).replace(tzinfo=None, microsecond=0)
