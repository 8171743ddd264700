"""Items: the register, as far as it has a balance or moved in the quarter."""

from __future__ import annotations

from ledger.views.quarter import ItemView, QuarterView
from ledger.vocabulary.kinds import NATURES
from reports.content import TOTAL, Content, bucket_of, ordered_items, owner_keys, recorded, total_posted, unit
from reports.sheet import Block, CellOf, CheckLine, Column, Formula, Kind, Row, Sheet

COLUMNS = (
    Column("item", "Item", Kind.CODE),
    Column("title", "Title", Kind.TEXT, 40),
    Column("system", "System", Kind.CODE),
    Column("team", "Team", Kind.TEXT, 11),
    Column("cost_centre", "Cost centre", Kind.TEXT, 9),
    Column("nature", "Nature", Kind.CODE),
    Column("dimension", "Dimension", Kind.CODE),
    Column("category", "Category", Kind.TEXT, 18),
    Column("opened", "Opened", Kind.DATE),
    Column("decided", "Decided by or cause", Kind.TEXT, 16),
    Column("principal", "Principal", Kind.EXACT),
    Column("outstanding", "Outstanding", Kind.EXACT),
    Column("per_year", "Interest per year", Kind.EXACT, 14),
    Column("in_quarter", "Incurred this quarter", Kind.EXACT, 16),
    Column("before", "Incurred before", Kind.EXACT),
    Column("repay_by", "Repay by", Kind.CODE),
    Column("until", "Until", Kind.DATE),
    Column("age", "Age in days", Kind.COUNT),
    Column("bucket", "Bucket", Kind.CODE),
    Column("status", "Status", Kind.CODE),
    Column("owner", "Owner key", Kind.CODE),
)

NOTE = (
    "An item that changed its nature in the quarter has a row for each, so that debt and neglect each add up."
    " Principal is as first recorded or first estimated, empty while unestimated."
    " Owner key stands for team and cost centre together, as Breakdown lists them."
)


def build(content: Content) -> Sheet:
    """One row per item and nature; an item adopted in the quarter has two."""
    view = content.view
    standing = len({row.item for row in view.items if row.outstanding})
    owners = owner_keys(view)
    rows = tuple(
        _row(index, row, owners[row.team, row.cost_centre or ""]) for index, row in enumerate(ordered_items(view))
    )
    return Sheet(
        title="Items",
        headline=f"{_counted(standing)} outstanding at the end of {view.provenance.quarter}",
        subtitle=f"Every item with a balance or a movement in the quarter · {unit(view)} · to the minor unit",
        blocks=(Block("items", COLUMNS, rows, table="tblItems"),),
        frozen_columns=1,
        notes=(NOTE,),
    )


def checks(view: QuarterView) -> tuple[CheckLine, ...]:
    """The register adds up to the roll-forward, and its interest to the history."""
    lines = [
        CheckLine(
            f"{nature.capitalize()}: outstanding in Items = closing",
            Formula(
                f'SUMIFS({{items.outstanding}},{{items.nature}},"{nature}")',
                sum(row.outstanding for row in view.items if row.nature == nature),
            ),
            Formula(
                "{closing}",
                total_posted(view, nature, "closing"),
                {"closing": CellOf(f"rollforward.{nature}", TOTAL, "closing")},
            ),
        )
        for nature in NATURES
    ]
    columns = (
        ("in_quarter", "interest_in_quarter", "interest"),
        ("per_year", "interest_per_year", "interest_per_year"),
    )
    for column, attribute, measure in columns:
        lines.append(
            CheckLine(
                f"{measure.replace('_', ' ').capitalize()} in Items = the same in Past quarters",
                Formula(f"SUM({{items.{column}}})", sum(getattr(row, attribute) for row in view.items)),
                Formula(
                    f'SUMIFS({{past.amount}},{{past.quarter}},quarter,{{past.measure}},"{measure}")',
                    recorded(view, view.provenance.quarter, measure),
                ),
            )
        )
    return tuple(lines)


def _counted(items: int) -> str:
    return "No item is" if not items else "1 item is" if items == 1 else f"{items:,} items are"


def _row(index: int, row: ItemView, owner: str) -> Row:
    cells = {
        "item": row.item,
        "title": row.title,
        "system": row.system,
        "team": row.team,
        "cost_centre": row.cost_centre,
        "nature": row.nature,
        "dimension": row.dimension,
        "category": row.category,
        "opened": row.opened_on,
        "decided": row.decided_by_or_cause,
        "principal": row.principal,
        "outstanding": row.outstanding,
        "per_year": row.interest_per_year,
        "in_quarter": row.interest_in_quarter,
        "before": row.interest_before,
        "repay_by": row.repay_by,
        "until": row.until,
        "age": Formula("as_of-{opened}", row.age_days),
        "bucket": Formula("LOOKUP({age},bucket_from,bucket_name)", bucket_of(row.age_days)),
        "status": row.status,
        "owner": owner,
    }
    return Row(str(index), cells)
