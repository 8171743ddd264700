"""Roll-forward: opening + movements = closing, per nature and system, beside the ledger's own replay.

The columns add the stored postings up; `replay` is what the ledger folded from the events alone. A stored
posting that somebody altered therefore shows as a difference.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from ledger.views.quarter import ItemView, PostingView, QuarterView
from ledger.views.rollforward import MOVEMENTS, RollforwardView
from ledger.vocabulary.kinds import NATURES
from reports.causes import largest_cause
from reports.comparatives import Comparative
from reports.content import (
    TOTAL,
    Content,
    Key,
    movement_of,
    movement_title,
    ordered_items,
    ordered_postings,
    posted,
    previous_quarter,
    replayed,
    spans,
    systems,
    total_posted,
    unit,
)
from reports.restated import notes
from reports.sheet import Block, CellOf, CheckLine, Column, Formula, HeaderOf, Kind, Row, Sheet, Span

Posted = Mapping[tuple[str, str, str], int]
Replayed = Mapping[tuple[str, str], RollforwardView]
Behind = Mapping[Key, Span]

SUMMED = ("opening", *MOVEMENTS)
_TOTALLED = (*SUMMED, "closing", "replay", "difference")

COLUMNS = (
    Column("nature", "Nature", Kind.LABEL, 11),
    Column("system", "System", Kind.LABEL, 18),
    Column("opening", "Opening", Kind.AMOUNT),
    *(Column(each, movement_title(each), Kind.AMOUNT) for each in MOVEMENTS),
    Column("closing", "Closing", Kind.AMOUNT),
    Column("replay", "Ledger replay", Kind.AMOUNT),
    Column("difference", "Difference", Kind.EXACT),
)

NOTE = (
    "Liabilities are positive: commissions and observations raise them, repayments and write-offs lower them."
    " Adopted moves neglect to debt and is zero in total. Movements are sums over the sheet Postings; Ledger"
    " replay is folded from the events and owes nothing to Postings."
)


LINKS = (
    "Click on a figure: opening and movements select the amounts in Postings that make it up, closing those in Items;"
    " the status bar shows their sum. A row of all systems, or an item adopted in the quarter, may select amounts of"
    " the other nature too: the filter of column Nature parts them. Alt+Left leads back."
)


def _headline(view: QuarterView, opening: int, closing: int) -> str:
    moved = Comparative(closing, opening, previous_quarter(view), last=True)
    if moved.stays:
        return "Technical delta closed where it opened"
    cause = largest_cause(view)
    said = f"Technical delta {moved.words} from opening to closing"
    return f"{said}, driven by {cause[0]}" if cause else said


def build(content: Content) -> Sheet:
    """A block each for debt, neglect and total."""
    view = content.view
    behind = _behind(view)
    opening = sum(total_posted(view, nature, "opening") for nature in NATURES)
    closing = sum(total_posted(view, nature, "closing") for nature in NATURES)
    return Sheet(
        title="Roll-forward",
        headline=_headline(view, opening, closing),
        subtitle=f"Opening + movements = closing, by system · {unit(view)}, whole units",
        blocks=(*(_nature_block(view, nature, behind) for nature in NATURES), _total_block(view, behind)),
        names={
            **{f"total_{nature}": CellOf(f"rollforward.{nature}", TOTAL, "closing") for nature in NATURES},
            "total_delta": CellOf("rollforward.total", TOTAL, "closing"),
            "opening_delta": CellOf("rollforward.total", TOTAL, "opening"),
        },
        frozen_columns=2,
        notes=(*notes(view, {"closing": "closing"}), NOTE, LINKS),
    )


def checks(view: QuarterView) -> tuple[CheckLine, ...]:
    """Every column in total, and every closing, against the replay; every posting in some column."""
    lines = [
        CheckLine(
            "Debt + neglect = technical delta",
            Formula("total_debt+total_neglect", sum(total_posted(view, nature, "closing") for nature in NATURES)),
            Formula("total_delta", sum(total_posted(view, nature, "closing") for nature in NATURES)),
        ),
        CheckLine(
            "All postings together = technical delta",
            Formula("SUM({postings.amount})", sum(row.amount for row in view.postings)),
            Formula("total_delta", sum(total_posted(view, nature, "closing") for nature in NATURES)),
        ),
    ]
    for nature in NATURES:
        lines += [_column_check(view, nature, column) for column in SUMMED]
    stored, replay = posted(view), replayed(view)
    for nature in NATURES:
        lines += [_closing_check(nature, system, stored, replay) for system in systems(view, nature)]
    return tuple(lines)


def _column_check(view: QuarterView, nature: str, column: str) -> CheckLine:
    figure = Formula(
        "{figure}", total_posted(view, nature, column), {"figure": CellOf(f"rollforward.{nature}", TOTAL, column)}
    )
    expected = sum(int(getattr(row, column)) for row in view.rollforward if row.nature == nature)
    # The replay's figure is a ledger value: the line holds it, so that it can be seen beside the sum.
    return CheckLine(f"{nature.capitalize()}: {column.replace('_', '-')} = replay of the events", figure, expected)


def _closing_check(nature: str, system: str, stored: Posted, replay: Replayed) -> CheckLine:
    block = f"rollforward.{nature}"
    found = replay.get((nature, system))
    return CheckLine(
        f"{nature.capitalize()} of {system}: opening + movements = replay",
        Formula(
            "{closing}",
            sum(stored.get((nature, system, movement_of(column)), 0) for column in SUMMED),
            {"closing": CellOf(block, system, "closing")},
        ),
        Formula("{replay}", found.closing if found else 0, {"replay": CellOf(block, system, "replay")}),
    )


def _behind(view: QuarterView) -> Behind:
    """The rows behind each figure, by column, system (or TOTAL) and nature (or `total`)."""

    def keys(column: str, row: PostingView | ItemView) -> list[Key]:
        return [(column, system, nature) for system in (row.system, TOTAL) for nature in (row.nature, "total")]

    columns = {movement_of(column): column for column in SUMMED}
    moved = (keys(columns.get(row.movement, ""), row) for row in ordered_postings(view))
    standing = (keys("closing", row) for row in ordered_items(view))
    return {**spans("postings", "amount", moved), **spans("items", "outstanding", standing)}


def _links(behind: Behind, nature: str, system: str) -> dict[str, Span]:
    """A link for every figure that has rows behind it."""
    found = ((column, behind.get((column, system, nature))) for column in (*SUMMED, "closing"))
    return {column: span for column, span in found if span}


def _nature_block(view: QuarterView, nature: str, behind: Behind) -> Block:
    stored, replay = posted(view), replayed(view)
    rows = []
    for system in systems(view, nature):
        amounts = {column: stored.get((nature, system, movement_of(column)), 0) for column in SUMMED}
        found = replay.get((nature, system))
        cells = {column: _summed(column, amount) for column, amount in amounts.items()}
        row = _row(nature, system, cells, sum(amounts.values()), found.closing if found else 0)
        rows.append(replace(row, links=_links(behind, nature, system)))
    return _block(f"rollforward.{nature}", nature, tuple(rows), behind, header=nature == NATURES[0])


def _summed(column: str, amount: int) -> Formula:
    criterion = "brought_forward" if column == "opening" else "{movement}"
    return Formula(
        "SUMIFS({postings.amount},{postings.nature},{nature},{postings.system},{system},{postings.movement},"
        f"{criterion})",
        amount,
        {"movement": HeaderOf(f"rollforward.{NATURES[0]}", column)},
    )


def _total_block(view: QuarterView, behind: Behind) -> Block:
    stored, replay = posted(view), replayed(view)
    present = {nature: frozenset(systems(view, nature)) for nature in NATURES}
    rows = []
    for system in systems(view, *NATURES):
        natures = [nature for nature in NATURES if system in present[nature]]
        cells, closing = {}, 0
        for column in SUMMED:
            amount = sum(stored.get((nature, system, movement_of(column)), 0) for nature in NATURES)
            cells[column] = _both(natures, system, column, amount)
            closing += amount
        known = sum(replay[nature, system].closing for nature in NATURES if (nature, system) in replay)
        row = _row("total", system, cells, closing, known)
        replay_cell = {"replay": _both(natures, system, "replay", known)}
        rows.append(replace(row, cells={**row.cells, **replay_cell}, links=_links(behind, "total", system)))
    return _block("rollforward.total", "total", tuple(rows), behind, header=False)


def _both(natures: Sequence[str], system: str, column: str, amount: int) -> Formula:
    """The natures that a system has, together."""
    refs = {nature: CellOf(f"rollforward.{nature}", system, column) for nature in natures}
    return Formula("+".join(f"{{{nature}}}" for nature in natures), amount, refs)


def _row(nature: str, system: str, cells: dict[str, Formula], closing: int, replay: int) -> Row:
    return Row(
        system,
        {
            "nature": nature,
            "system": system,
            **cells,
            "closing": Formula(f"SUM({{opening}}:{{{SUMMED[-1]}}})", closing),
            "replay": replay,
            "difference": Formula("{closing}-{replay}", closing - replay),
        },
    )


def _block(key: str, nature: str, rows: tuple[Row, ...], behind: Behind, *, header: bool) -> Block:
    sums = {
        column: Formula(f"SUM({{{key}.{column}}})", sum(_amount(row.cells[column]) for row in rows))
        for column in _TOTALLED
    }
    words = {"nature": nature, "system": "All systems"}
    total = Row(TOTAL, {**words, **sums}, strong=True, links=_links(behind, nature, TOTAL))
    return Block(key, COLUMNS, rows, header=header, total=total)


def _amount(content: object) -> int:
    value = content.cached if isinstance(content, Formula) else content
    return value if isinstance(value, int) else 0
