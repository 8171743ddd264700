"""Roll-forward: opening + movements = closing, per nature and system, beside the ledger's own replay.

The columns add the stored postings up; `replay` is what the ledger folded from the events alone. A stored
posting that somebody altered therefore shows as a difference.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ledger.views import MOVEMENTS, QuarterView, RollforwardView
from reports.content import NATURES, TOTAL, Content, movement_of, posted, replayed, systems, total_posted, unit
from reports.figures import change_in_words
from reports.workbook.description import Block, CellOf, CheckLine, Column, Formula, HeaderOf, Kind, Row, Sheet

Posted = Mapping[tuple[str, str, str], int]
Replayed = Mapping[tuple[str, str], RollforwardView]

SUMMED = ("opening", *MOVEMENTS)
_TOTALLED = (*SUMMED, "closing", "replay", "difference")

COLUMNS = (
    Column("nature", "Nature", Kind.LABEL, 11),
    Column("system", "System", Kind.LABEL, 18),
    Column("opening", "Opening", Kind.AMOUNT),
    *(Column(each, movement_of(each).capitalize(), Kind.AMOUNT) for each in MOVEMENTS),
    Column("closing", "Closing", Kind.AMOUNT),
    Column("replay", "Ledger replay", Kind.AMOUNT),
    Column("difference", "Difference", Kind.EXACT),
)

NOTE = (
    "Liabilities are positive: commissions and observations raise them, repayments and write-offs lower them."
    " Adopted moves neglect to debt and is zero in total. Movements are sums over the sheet Postings; Ledger"
    " replay is folded from the events and owes nothing to Postings."
)


def build(content: Content) -> Sheet:
    """A block each for debt, neglect and total."""
    view = content.view
    opening = sum(total_posted(view, nature, "opening") for nature in NATURES)
    closing = sum(total_posted(view, nature, "closing") for nature in NATURES)
    return Sheet(
        title="Roll-forward",
        headline=f"Technical delta {change_in_words(closing, opening)} from opening to closing"
        if opening != closing
        else "Technical delta closed where it opened",
        subtitle=f"Opening + movements = closing, by system · {unit(view)}, whole units",
        blocks=(*(_nature_block(view, nature) for nature in NATURES), _total_block(view)),
        names={
            **{f"total_{nature}": CellOf(f"rollforward.{nature}", TOTAL, "closing") for nature in NATURES},
            "total_delta": CellOf("rollforward.total", TOTAL, "closing"),
            "opening_delta": CellOf("rollforward.total", TOTAL, "opening"),
        },
        frozen_columns=2,
        notes=(NOTE,),
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


def _nature_block(view: QuarterView, nature: str) -> Block:
    stored, replay = posted(view), replayed(view)
    rows = []
    for system in systems(view, nature):
        amounts = {column: stored.get((nature, system, movement_of(column)), 0) for column in SUMMED}
        found = replay.get((nature, system))
        cells = {column: _summed(column, amount) for column, amount in amounts.items()}
        rows.append(_row(nature, system, cells, sum(amounts.values()), found.closing if found else 0))
    return _block(f"rollforward.{nature}", nature, tuple(rows), header=nature == NATURES[0])


def _summed(column: str, amount: int) -> Formula:
    criterion = "brought_forward" if column == "opening" else "{movement}"
    return Formula(
        "SUMIFS({postings.amount},{postings.nature},{nature},{postings.system},{system},{postings.movement},"
        f"{criterion})",
        amount,
        {"movement": HeaderOf(f"rollforward.{NATURES[0]}", column)},
    )


def _total_block(view: QuarterView) -> Block:
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
        rows.append(Row(system, {**row.cells, "replay": _both(natures, system, "replay", known)}))
    return _block("rollforward.total", "total", tuple(rows), header=False)


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


def _block(key: str, nature: str, rows: tuple[Row, ...], *, header: bool) -> Block:
    sums = {
        column: Formula(f"SUM({{{key}.{column}}})", sum(_amount(row.cells[column]) for row in rows))
        for column in _TOTALLED
    }
    total = Row(TOTAL, {"nature": nature, "system": "All systems", **sums}, strong=True)
    return Block(key, COLUMNS, rows, header=header, total=total)


def _amount(content: object) -> int:
    value = content.cached if isinstance(content, Formula) else content
    return value if isinstance(value, int) else 0
