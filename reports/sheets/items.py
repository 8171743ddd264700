"""Items: the register, as far as it has a balance or moved in the quarter."""

from __future__ import annotations

from collections.abc import Mapping

from ledger.views.quarter import ItemView, QuarterView
from ledger.vocabulary.kinds import NATURES
from reports.accruals import CARRY_DAY, ItemInterest, interest_of
from reports.content import (
    LOOKED_UP,
    PRINTED_WHOLE,
    TOTAL,
    Content,
    bucket_of,
    money,
    ordered_items,
    ordered_postings,
    owner_keys,
    recorded,
    total_posted,
    unit,
)
from reports.planning import team_keys
from reports.sheet import Block, CellContent, CellOf, CheckLine, Column, Formula, Kind, Row, Sheet, unnumbered

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
    Column("per_year", "Interest per year", Kind.EXACT, 18),
    Column("in_quarter", "Incurred this quarter", Kind.EXACT, 16),
    Column("before", "Incurred before", Kind.EXACT),
    Column("repay_by", "Repay by", Kind.CODE),
    Column("until", "Until", Kind.DATE),
    Column("planned_for", "Planned for", Kind.CODE),
    Column("planned", "Planned repayment", Kind.EXACT),
    Column("age", "Age in days", Kind.COUNT),
    Column("bucket", "Bucket", Kind.CODE),
    Column("status", "Status", Kind.CODE),
    Column("owner", "Owner key", Kind.CODE),
    Column("team_key", "Team key", Kind.CODE, hidden=True),
    Column("to_date", "Incurred to date", Kind.EXACT),
    Column("observed", "Interest observed", Kind.EXACT),
    Column("carry_day", CARRY_DAY, Kind.COUNT, hidden=True),
    Column("brought", "Brought per year", Kind.EXACT, hidden=True),
    Column("brought_day", "Brought × day", Kind.COUNT, hidden=True),
    Column("ledger", "Incurred to date by the ledger", Kind.EXACT, hidden=True),
    Column("unlike", "Incurred otherwise", Kind.COUNT, hidden=True),
)

NOTE = (
    "An item that changed its nature in the quarter has a row for each, so that debt and neglect each add up."
    " Principal is as first recorded or first estimated, empty while unestimated."
    " A planned repayment is all that is outstanding, in the quarter for which it is planned."
    " Interest observed is what people saw it cost to the as-of date, a memorandum in no balance; empty where nobody looked."
    " Owner key stands for team and cost centre together, as Breakdown lists them."
)
INTEREST_NOTE = (
    "Interest is live over Postings: interest per year × days / 365, from whole minor units, rounded once. Incurred to"
    f" date = (interest per year × as-of date - {CARRY_DAY}) / 365; incurred before = the same of what was brought"
    " forward, until the day before the quarter; this quarter = the one less the other. Dates count as the serial numbers"
    " behind them. Incurred otherwise is 1 where the ledger, without Postings, finds another amount. Click on an item: it"
    " leads to its first row in Postings, and the filter of column Item there shows them all; Alt+Left leads back."
)
TOO_LONG = (
    "No spreadsheet keeps the digits of interest per year × days of {items}: its interest is the ledger's value, and"
    f" {CARRY_DAY} is left out."
)


#: Interest incurred until a day: the quotient of whole minor units is rounded once.
_UNTIL = "ROUND((ROUND({{{carry}}}*minor_units,0)*{day}-{{{less}}})/days_per_year,0)/minor_units"


def build(content: Content) -> Sheet:
    """One row per item and nature; an item adopted in the quarter has two."""
    view = content.view
    long = len(view.items) > PRINTED_WHOLE
    standing = len({row.item for row in view.items if row.outstanding})
    items, owners, first_rows = ordered_items(view), owner_keys(view), _first_rows(view)
    figures, teams = interest_of(view, items), team_keys(view)
    rows = tuple(
        Row(
            str(index),
            {
                **_register(item, owners[item.team, item.cost_centre or ""]),
                **_interest(figure),
                "team_key": teams.get(item.team),
            },
            links={"item": first_rows[item.item]} if item.item in first_rows else {},
        )
        for index, (item, figure) in enumerate(zip(items, figures, strict=True))
    )
    too_long = dict.fromkeys(item.item for item, figure in zip(items, figures, strict=True) if not figure.live)
    notes = (NOTE, INTEREST_NOTE, *([TOO_LONG.format(items=", ".join(too_long))] if too_long else []))
    return Sheet(
        title="Items",
        headline=_headline(view, standing),
        subtitle=f"Every item with a balance or a movement in the quarter · {unit(view)} · to the minor unit"
        + (f" · {LOOKED_UP}" if long else ""),
        long=long,
        blocks=(Block("items", COLUMNS, rows, table="tblItems"),),
        frozen_columns=1,
        notes=notes,
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
    figures = interest_of(view, view.items)
    lines.append(
        CheckLine(
            "Items whose interest from Postings is not the ledger's = none",
            Formula("SUM({items.unlike})", sum(figure.unlike for figure in figures)),
            0,
            Kind.COUNT,
        )
    )
    columns = (
        ("in_quarter", sum(figure.in_quarter for figure in figures), "interest"),
        ("per_year", sum(figure.accrual.carry for figure in figures), "interest_per_year"),
    )
    for column, total, measure in columns:
        lines.append(
            CheckLine(
                f"{measure.replace('_', ' ').capitalize()} in Items = the same in Past quarters",
                Formula(f"SUM({{items.{column}}})", total),
                Formula(
                    f'SUMIFS({{past.amount}},{{past.quarter}},quarter,{{past.measure}},"{measure}")',
                    recorded(view, view.provenance.quarter, measure),
                ),
            )
        )
    return tuple(lines)


def _headline(view: QuarterView, standing: int) -> str:
    """With the totals, because the printed list goes over pages."""
    said = f"{_counted(standing)} outstanding at the end of {view.provenance.quarter}"
    if not standing:
        return said
    owed, per_year = (sum(getattr(row, each) for row in view.items) for each in ("outstanding", "interest_per_year"))
    return f"{said}: {money(view, owed)}, interest {money(view, per_year)} a year"


def _counted(items: int) -> str:
    return "No item is" if not items else "1 item is" if items == 1 else f"{items:,} items are"


def _first_rows(view: QuarterView) -> Mapping[str, CellOf]:
    """Where an item first stands in Postings."""
    found: dict[str, CellOf] = {}
    for index, row in enumerate(ordered_postings(view)):
        found.setdefault(row.item, CellOf("postings", str(index), "item"))
    return found


def _register(row: ItemView, owner: str) -> dict[str, CellContent]:
    """What the register says of an item."""
    return {
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
        "repay_by": row.repay_by,
        "until": row.until,
        "planned_for": row.planned_for,
        "planned": Formula("{outstanding}", row.outstanding) if row.planned_for else None,
        "age": row.age_days if unnumbered(row.opened_on) else Formula("as_of-{opened}", row.age_days),
        "bucket": Formula("LOOKUP({age},bucket_from,bucket_name)", bucket_of(row.age_days)),
        "status": row.status,
        "owner": owner,
        "observed": row.interest_observed,
    }


def _interest(figure: ItemInterest) -> dict[str, CellContent]:
    """Live where a spreadsheet computes it to the minor unit, and as the ledger has it beside it."""
    summed = "SUMIFS({{postings.{column}}},{{postings.item}},{{item}},{{postings.nature}},{{nature}}{more})"
    brought = ",{postings.movement},brought_forward"
    accrual = figure.accrual
    cells: dict[str, CellContent] = {
        "per_year": Formula(summed.format(column="carry", more=""), accrual.carry),
        "brought": Formula(summed.format(column="carry", more=brought), accrual.brought_carry),
        "to_date": figure.to_date,
        "before": figure.before,
        "in_quarter": Formula("{to_date}-{before}", figure.in_quarter),
        "ledger": figure.ledger,
        "unlike": Formula("IF(ABS({to_date}-{ledger})<=tolerance,0,1)", figure.unlike),
    }
    if figure.live:
        cells["carry_day"] = Formula(summed.format(column="carry_day", more=""), accrual.carry_day)
        cells["brought_day"] = Formula(summed.format(column="carry_day", more=brought), accrual.brought_carry_day)
        cells["to_date"] = Formula(_UNTIL.format(carry="per_year", day="as_of", less="carry_day"), figure.to_date)
        cells["before"] = Formula(_UNTIL.format(carry="brought", day="day_before", less="brought_day"), figure.before)
    return cells
