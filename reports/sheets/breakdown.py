"""Breakdown: the technical delta by dimension, by category and by owner, live over Items."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from ledger.views.quarter import ItemView, QuarterView
from ledger.vocabulary.kinds import DIMENSIONS, NATURES
from reports.content import TOTAL, Content, money, owner_keys, total_posted, unit
from reports.cost_centres import NOTE as CENTRES
from reports.cost_centres import centre_block, centre_checks
from reports.figures import percent, share
from reports.sheet import (
    Block,
    CellContent,
    CellOf,
    CheckLine,
    Column,
    Formula,
    HeaderOf,
    Kind,
    Mark,
    NativeChart,
    Row,
    Series,
    Sheet,
    integer,
)

_MEANINGS = {
    "input": "What the model is fed",
    "system": "What computes: code, pipelines, configuration",
    "output": "What others consume",
    "time": "What changes while it runs",
}

NOTE = (
    "Outstanding at the quarter's end, summed over Items: a category fixes its dimension, an item belongs to the"
    " owner that its system has on the as-of date. Share is of the technical delta. Groups without a balance are left"
    " out. Owner key joins an owner to the rows of Items."
)
LINKS = (
    "Click on a figure: it leads to the heading in Items by which the rows behind it are filtered (dimension,"
    " category, owner key); choose there the group that this row names. Alt+Left leads back."
)


@dataclass(frozen=True, slots=True)
class Grouped:
    """One way to break the delta down. criterion: the column of this sheet that equals `column` of Items."""

    key: str
    title: str
    headings: tuple[str, str]
    criterion: str
    column: str
    group_of: Callable[[QuarterView], Callable[[ItemView], str]]
    words_of: Callable[[ItemView], tuple[str, str]]


def _words_of_owner(row: ItemView) -> tuple[str, str]:
    return row.team or "no team", row.cost_centre or "none"


def _owner_of(view: QuarterView) -> Callable[[ItemView], str]:
    keys = owner_keys(view)
    return lambda row: keys[row.team, row.cost_centre or ""]


def _dimension_of(_view: QuarterView) -> Callable[[ItemView], str]:
    return lambda row: row.dimension


def _words_of_dimension(row: ItemView) -> tuple[str, str]:
    return row.dimension, _MEANINGS.get(row.dimension, "")


def _category_of(_view: QuarterView) -> Callable[[ItemView], str]:
    return lambda row: row.category


def _words_of_category(row: ItemView) -> tuple[str, str]:
    return row.category, row.dimension


BREAKDOWNS = (
    Grouped(
        key="dimension",
        title="By dimension",
        headings=("Dimension", "What it holds"),
        criterion="first",
        column="dimension",
        group_of=_dimension_of,
        words_of=_words_of_dimension,
    ),
    Grouped(
        key="category",
        title="By category",
        headings=("Category", "Dimension"),
        criterion="first",
        column="category",
        group_of=_category_of,
        words_of=_words_of_category,
    ),
    Grouped(
        key="owner",
        title="By team and cost centre",
        headings=("Team", "Cost centre"),
        criterion="key",
        column="owner",
        group_of=_owner_of,
        words_of=_words_of_owner,
    ),
)


def build(content: Content) -> Sheet:
    """A block for each way to break the delta down."""
    view = content.view
    blocks = tuple(_block(view, each) for each in BREAKDOWNS)
    return Sheet(
        title="Breakdown",
        headline=_headline(view),
        subtitle=f"Debt, neglect and delta outstanding by dimension, category and owner · {unit(view)}, whole units",
        blocks=(*blocks, centre_block(view)),
        charts=(_chart(view, blocks[0]),) if blocks[0].rows else (),
        frozen_columns=1,
        notes=(NOTE, LINKS, CENTRES),
    )


def checks(view: QuarterView) -> Sequence[CheckLine]:
    """Each block adds up to the closing, debt and neglect apart."""
    broken_down = tuple(
        CheckLine(
            f"{nature.capitalize()}: Breakdown {each.title[0].lower()}{each.title[1:]} = closing",
            Formula(
                "{broken_down}",
                sum(row.outstanding for row in view.items if row.nature == nature),
                {"broken_down": CellOf(_key(each), TOTAL, nature)},
            ),
            Formula(f"total_{nature}", total_posted(view, nature, "closing")),
        )
        for each in BREAKDOWNS
        for nature in NATURES
    )
    return (*broken_down, *centre_checks(view))


def _chart(view: QuarterView, block: Block) -> NativeChart:
    """Debt and neglect by dimension, for who wants to change it."""
    figures = []
    for row in block.rows:
        amounts = " and ".join(f"{nature} {money(view, integer(row.cells[nature]))}" for nature in NATURES)
        figures.append(f"{row.cells['first']}: {amounts}")
    return NativeChart(
        title=f"Debt and neglect by dimension, {unit(view)}",
        block=block.key,
        categories="first",
        series=(Series("debt", Mark.DEBT), Series("neglect", Mark.NEGLECT)),
        alternative=f"Bars of debt and neglect by dimension. {'; '.join(figures) or 'Nothing stands'}.",
        stacked=True,
    )


def _headline(view: QuarterView) -> str:
    delta = sum(row.outstanding for row in view.items)
    sums = {each: sum(row.outstanding for row in view.items if row.dimension == each) for each in DIMENSIONS}
    largest = max(sums, key=lambda each: sums[each])
    part = share(sums[largest], delta)
    if not delta or part is None or sums[largest] <= 0:
        return f"No technical delta stands at the end of {view.provenance.quarter}"
    return f"The dimension {largest} holds {percent(part)} of the technical delta of {money(view, delta)}"


def _key(each: Grouped) -> str:
    return f"breakdown.{each.key}"


def _columns(each: Grouped) -> tuple[Column, ...]:
    # What people typed wraps; the report's own words need no more room than they have.
    kind = Kind.TEXT if each.key == "owner" else Kind.LABEL
    key = (Column("key", "Owner key", Kind.CODE, 13),) if each.criterion == "key" else ()
    return (
        Column("first", each.headings[0], kind, 34),
        Column("second", each.headings[1], kind, 44),
        Column("debt", "Debt", Kind.AMOUNT, 16),
        Column("neglect", "Neglect", Kind.AMOUNT, 16),
        Column("delta", "Delta", Kind.AMOUNT, 16),
        Column("share", "Share of delta", Kind.SHARE, 18),
        *key,
    )


def _block(view: QuarterView, each: Grouped) -> Block:
    group_of = each.group_of(view)
    sums: dict[str, dict[str, int]] = {}
    words: dict[str, tuple[str, str]] = {}
    for row in view.items:
        group = group_of(row)
        words.setdefault(group, each.words_of(row))
        amounts = sums.setdefault(group, dict.fromkeys(NATURES, 0))
        if row.nature in amounts:
            amounts[row.nature] += row.outstanding
    standing = {group: amounts for group, amounts in sums.items() if any(amounts.values())}
    whole = sum(total_posted(view, nature, "closing") for nature in NATURES)
    groups = sorted(standing, key=_order(each, standing))
    rows = [_row(each, group, words[group], standing[group], whole) for group in groups]
    key = _key(each)
    totals: dict[str, CellContent] = {
        nature: Formula(f"SUM({{{key}.{nature}}})", sum(amounts[nature] for amounts in standing.values()))
        for nature in NATURES
    }
    shares = _delta_and_share(sum(sum(amounts.values()) for amounts in standing.values()), whole)
    total = Row(TOTAL, {"first": "All", **totals, **shares}, strong=True, links=_links(each))
    return Block(key, _columns(each), tuple(rows), title=each.title, total=total)


def _order(each: Grouped, sums: dict[str, dict[str, int]]) -> Callable[[str], tuple[int, int, str]]:
    """Dimensions as the model has them; everything else by amount, the largest first."""
    if each.key == "dimension":
        return lambda group: (DIMENSIONS.index(group) if group in DIMENSIONS else len(DIMENSIONS), 0, group)
    return lambda group: (0, -sum(sums[group].values()), group)


def _row(each: Grouped, group: str, words: tuple[str, str], amounts: dict[str, int], whole: int) -> Row:
    cells: dict[str, CellContent] = {"first": words[0], "second": words[1]}
    if each.criterion == "key":
        cells["key"] = group
    for nature in NATURES:
        cells[nature] = Formula(
            f"SUMIFS({{items.outstanding}},{{items.nature}},{{heading}},{{items.{each.column}}},{{{each.criterion}}})",
            amounts[nature],
            {"heading": HeaderOf(_key(each), nature)},
        )
    return Row(group, {**cells, **_delta_and_share(sum(amounts.values()), whole)}, links=_links(each))


def _delta_and_share(delta: int, whole: int) -> dict[str, Formula]:
    part: Fraction | None = share(delta, whole)
    return {
        "delta": Formula("{debt}+{neglect}", delta),
        "share": Formula('IF(ABS(total_delta)<tolerance,"n/a",{delta}/total_delta)', "n/a" if part is None else part),
    }


def _links(each: Grouped) -> dict[str, HeaderOf]:
    return dict.fromkeys((*NATURES, "delta"), HeaderOf("items", each.column))
