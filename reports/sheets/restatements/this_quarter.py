"""This quarter against its last issue: every figure by nature, the events since, the interest that changed."""

from __future__ import annotations

from ledger.views.quarter import QuarterView
from ledger.views.restatements import RestatementView
from ledger.vocabulary.kinds import NATURES, movement_in
from reports import restated
from reports.content import TOTAL, total_posted
from reports.sheet import Block, CellContent, CellOf, CheckLine, Column, Formula, Kind, Reference, Row
from reports.sheets.restatements.kit import COMPARED, events_block, issued_and_later, rollforward, summed

_EVENTS, _INTEREST = "restated.events", "restated.interest"
_FIGURES = (*restated.COLUMNS, "closing", *restated.MEMORANDA)
_CHANGED_INTEREST = (
    Column("nature", "Nature", Kind.LABEL, 12),
    Column("item", "Item", Kind.CODE),
    Column("issued", "As issued", Kind.EXACT, 15),
    Column("change", "Change", Kind.EXACT, 15),
    Column("now", "Now", Kind.EXACT, 15),
)


def blocks(view: QuarterView, this: RestatementView) -> tuple[Block, ...]:
    """Each nature, both together, the events since, and the interest that they changed."""
    quarter, position = this.quarter, f"{this.issue.position:,}"
    title = f"{quarter} since its issue at position {position}"
    first, *others = NATURES
    return (
        _nature_block(view, this, first, title),
        *(_nature_block(view, this, nature) for nature in others),
        _total_block(view, this),
        events_block(_EVENTS, f"Events since, in {quarter} and before", this.legs),
        _interest_block(this),
    )


def closing_check(view: QuarterView, this: RestatementView, nature: str) -> CheckLine:
    """The issue and the events since lead to the closing of today."""
    block = _block_of(nature)
    return CheckLine(
        f"{nature.capitalize()}: closing issued for {this.quarter} + events since = closing",
        issued_and_later(this, nature, CellOf(block, "closing", "issued"), CellOf(block, "closing", "later")),
        rollforward(view, nature, "closing"),
    )


def figures_check(view: QuarterView, this: RestatementView, nature: str) -> CheckLine:
    """Every column, spent and interest too. An error is not within the tolerance, so it counts as unexplained."""
    unexplained = f"{{{_block_of(nature)}.unexplained}}"
    explained = sum(1 for figure in _FIGURES if not _unexplained(view, this, nature, figure))
    return CheckLine(
        f"{nature.capitalize()}: figures of {this.quarter} explained by issue and later events = all",
        Formula(f'COUNTIFS({unexplained},">="&-tolerance,{unexplained},"<="&tolerance)', explained),
        Formula(f"COUNTA({{{_block_of(nature)}.figure}})", len(_FIGURES)),
        Kind.COUNT,
    )


def _nature_block(view: QuarterView, this: RestatementView, nature: str, title: str = "") -> Block:
    rows = []
    for figure in _FIGURES:
        by_events, here, refs = _sources(nature, figure)
        cells: dict[str, CellContent] = {
            "nature": nature,
            "figure": movement_in(figure),
            "issued": restated.issued(this, figure, nature),
            "later": Formula(by_events, restated.later(this, figure, nature)),
            "now": Formula(here, _now(view, nature, figure), refs),
            "unexplained": Formula("{issued}+{later}-{now}", _unexplained(view, this, nature, figure)),
        }
        rows.append(Row(figure, cells, strong=figure == "closing"))
    return Block(_block_of(nature), COMPARED, tuple(rows), title=title, header=bool(title))


def _sources(nature: str, figure: str) -> tuple[str, str, dict[str, Reference]]:
    """The formulas of a figure: by later events, and in this pack, with what that one refers to."""
    of_nature = f"{{{_EVENTS}.nature}},{{nature}}"
    if figure == "interest":
        by_events = f"SUMIFS({{{_INTEREST}.change}},{{{_INTEREST}.nature}},{{nature}})"
        return by_events, "SUMIFS({items.in_quarter},{items.nature},{nature})", {}
    if figure == "spent":
        by_events = f"SUMIFS({{{_EVENTS}.spent}},{of_nature})"
        return by_events, "SUMIFS({postings.spent},{postings.nature},{nature})", {}
    # All events of the nature make the closing, whatever their column: one that no row shows stays unexplained.
    of_column = "" if figure == "closing" else f",{{{_EVENTS}.column}},{{figure}}"
    by_events = f"SUMIFS({{{_EVENTS}.amount}},{of_nature}{of_column})"
    return by_events, "{figure_here}", {"figure_here": CellOf(f"rollforward.{nature}", TOTAL, figure)}


def _total_block(view: QuarterView, this: RestatementView) -> Block:
    rows = []
    for figure in _FIGURES:
        sums = {
            "issued": restated.issued(this, figure),
            "later": restated.later(this, figure),
            "now": sum(_now(view, nature, figure) for nature in NATURES),
        }
        cells: dict[str, CellContent] = {"nature": "total", "figure": movement_in(figure)}
        for column, amount in sums.items():
            refs: dict[str, Reference] = {nature: CellOf(_block_of(nature), figure, column) for nature in NATURES}
            cells[column] = Formula("{debt}+{neglect}", amount, refs)
        unexplained = sums["issued"] + sums["later"] - sums["now"]
        cells["unexplained"] = Formula("{issued}+{later}-{now}", unexplained)
        rows.append(Row(figure, cells, strong=figure == "closing"))
    return Block("restated.total", COMPARED, tuple(rows), header=False)


def _interest_block(this: RestatementView) -> Block:
    rows = []
    for index, row in enumerate(this.interest):
        cells: dict[str, CellContent] = {
            "nature": row.nature,
            "item": row.item,
            "issued": row.issued,
            "change": Formula("{now}-{issued}", row.now - row.issued),
            "now": row.now,
        }
        rows.append(Row(str(index), cells))
    sums = {column: summed(_INTEREST, column, rows) for column in ("issued", "change", "now")}
    total = Row(TOTAL, {"nature": "total", "item": "items listed" if rows else "no item", **sums}, strong=True)
    title = f"Interest incurred in {this.quarter}, of the items whose figure changed"
    return Block(_INTEREST, _CHANGED_INTEREST, tuple(rows), title=title, total=total)


def _now(view: QuarterView, nature: str, figure: str) -> int:
    """What the other sheets of this pack say."""
    if figure == "spent":
        return sum(row.spent for row in view.postings if row.nature == nature)
    if figure == "interest":
        return sum(row.interest_in_quarter for row in view.items if row.nature == nature)
    return total_posted(view, nature, figure)


def _unexplained(view: QuarterView, this: RestatementView, nature: str, figure: str) -> int:
    known = restated.issued(this, figure, nature) + restated.later(this, figure, nature)
    return known - _now(view, nature, figure)


def _block_of(nature: str) -> str:
    return f"restated.{nature}"
