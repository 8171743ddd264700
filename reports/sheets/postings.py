"""Postings: every liability leg of the quarter, and what each item brought into it."""

from __future__ import annotations

from ledger.views.quarter import BROUGHT_FORWARD, PostingView, QuarterView
from reports.accruals import CARRY_DAY, exact, serial_carry_day
from reports.content import LOOKED_UP, Content, naive_utc, ordered_postings, recorded, unit
from reports.cost_centres import centre_keys
from reports.sheet import Block, CellContent, CheckLine, Column, Formula, Kind, Row, Sheet, unnumbered

COLUMNS = (
    Column("position", "Position", Kind.COUNT),
    Column("event_hash", "Event hash", Kind.CODE),
    Column("item", "Item", Kind.CODE),
    Column("system", "System", Kind.CODE),
    Column("team", "Team", Kind.TEXT, 14),
    Column("cost_centre", "Cost centre", Kind.TEXT, 12),
    Column("nature", "Nature", Kind.CODE),
    Column("dimension", "Dimension", Kind.CODE),
    Column("category", "Category", Kind.CODE),
    Column("quarter", "Quarter", Kind.CODE),
    Column("effective", "Effective", Kind.DATE),
    Column("recorded", "Recorded (UTC)", Kind.STAMP),
    Column("movement", "Movement", Kind.CODE),
    Column("amount", "Amount", Kind.EXACT),
    Column("spent", "Spent", Kind.EXACT),
    Column("carry", "Carry", Kind.EXACT),
    Column("accrues_from", "Accrues from", Kind.DATE),
    Column("carry_day", CARRY_DAY, Kind.COUNT),
    Column("orphan", "Orphan", Kind.COUNT, hidden=True),
    Column("centre", "Cost centre key", Kind.CODE),
)

NOTE = (
    "Rows stand by movement, system and nature, as the links of Roll-forward expect."
    " A row without position carries the balance of an item into the quarter. Spent is what repayment work cost;"
    " it stands on the repaying row and is mirrored where that is reversed. Orphan is 1 where no row of Items"
    " has the posting's item."
)
INTEREST_NOTE = (
    f"Carry is the interest per year that a row adds to its item, from the day in Accrues from on, which bears none itself."
    f" {CARRY_DAY} is the first in minor units times the serial number of the second; a row without position carries the"
    " sums of all that its item brings. Items multiplies the sums by a day and takes these away: interest until then."
)


def build(content: Content) -> Sheet:
    """The stored postings, each checked for an item that it belongs to."""
    view = content.view
    known = {row.item for row in view.items}
    centres = centre_keys(view)
    rows = tuple(
        _row(index, row, known, centres[row.cost_centre or ""]) for index, row in enumerate(ordered_postings(view))
    )
    return Sheet(
        title="Postings",
        headline=f"{_counted(view.postings_replayed)} the technical delta in {view.provenance.quarter}",
        subtitle=f"Liability legs, increases positive, and balances brought forward · {unit(view)} · {LOOKED_UP}",
        long=True,
        blocks=(Block("postings", COLUMNS, rows, table="tblPostings"),),
        frozen_columns=3,
        notes=(NOTE, INTEREST_NOTE),
    )


def checks(view: QuarterView) -> tuple[CheckLine, ...]:
    """Completeness of the postings, seen from the replay of the events."""
    known = {row.item for row in view.items}
    moved = sum(1 for row in view.postings if row.movement != BROUGHT_FORWARD)
    orphans = sum(1 for row in view.postings if row.item not in known)
    late = sum(1 for row in view.postings if row.effective_on > view.provenance.as_of)
    spent = sum(row.spent for row in view.postings)
    quarter = view.provenance.quarter
    return (
        CheckLine(
            "Movements in Postings = postings replayed from the events",
            Formula("COUNTA({postings.item})-COUNTIF({postings.movement},brought_forward)", moved),
            view.postings_replayed,
            Kind.COUNT,
        ),
        CheckLine(
            "Postings without an item in Items = none", Formula("SUM({postings.orphan})", orphans), 0, Kind.COUNT
        ),
        CheckLine(
            "Postings effective after the as-of date = none",
            Formula('COUNTIF({postings.effective},">"&as_of)', late),
            0,
            Kind.COUNT,
        ),
        CheckLine(
            "Spent in Postings = spent in Past quarters",
            Formula("SUM({postings.spent})", spent),
            Formula(
                'SUMIFS({past.amount},{past.quarter},quarter,{past.measure},"removed_spent")',
                recorded(view, quarter, "removed_spent"),
            ),
        ),
    )


def _counted(postings: int) -> str:
    return "No posting moved" if not postings else f"{postings:,} posting{'s' * (postings > 1)} moved"


def _carry_day(row: PostingView) -> CellContent:
    """Live where a row has a day; None where the product has more digits than a spreadsheet keeps."""
    product = serial_carry_day(row)
    if not exact(product):
        return None
    if row.accrues_from is None or unnumbered(row.accrues_from):
        return product
    return Formula("ROUND({carry}*minor_units,0)*{accrues_from}", product)


def _row(index: int, row: PostingView, known: set[str], centre: str) -> Row:
    brought = row.movement == BROUGHT_FORWARD
    orphan = Formula("IF(ISNUMBER(MATCH({item},{items.item},0)),0,1)", 0 if row.item in known else 1)
    cells = {
        "position": None if brought else row.position,
        "event_hash": row.event_hash or None,
        "item": row.item,
        "system": row.system,
        "team": row.team,
        "cost_centre": row.cost_centre,
        "nature": row.nature,
        "dimension": row.dimension,
        "category": row.category,
        "quarter": row.quarter,
        "effective": row.effective_on,
        "recorded": naive_utc(row.recorded_at),
        "movement": row.movement,
        "amount": row.amount,
        "spent": row.spent,
        "carry": row.carry,
        "accrues_from": row.accrues_from,
        "carry_day": _carry_day(row),
        "orphan": orphan,
        "centre": centre,
    }
    return Row(str(index), cells)
