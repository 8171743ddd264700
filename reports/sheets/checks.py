"""Checks: what must be equal, and whether it is. Every line must read OK."""

from __future__ import annotations

from collections.abc import Sequence

from ledger.views.quarter import QuarterView
from reports.content import Content, unit
from reports.sheet import Block, CellContent, CellOf, CheckLine, Column, Formula, Kind, Row, Sheet

TITLE = "Checks"
COLUMNS = (
    Column("check", "Check", Kind.LABEL, 66),
    Column("left", "Left", Kind.EXACT),
    Column("right", "Right", Kind.EXACT),
    Column("difference", "Difference", Kind.EXACT),
    Column("result", "Result", Kind.RESULT, 12),
)

#: An error value is no number, so it can never read OK.
RESULT = 'IF(ISNUMBER({difference}),IF(ABS({difference})<=tolerance,"OK","ERROR"),"ERROR")'


def build(content: Content) -> Sheet:
    """One row per check, the light over all of them on top."""
    lines = content.checks
    failed = sum(1 for line in lines if not line.ok)
    word = "OK" if not failed else "ERROR"
    light = Row(
        "all",
        {
            "check": "All checks",
            "left": Formula('COUNTIF({checks.result},"OK")', len(lines) - failed),
            "right": Formula("COUNTA({checks.check})", len(lines)),
            "difference": Formula("{left}-{right}", -failed),
            "result": Formula('IF({left}={right},"OK","ERROR")', word),
        },
        {"left": Kind.COUNT, "right": Kind.COUNT, "difference": Kind.COUNT},
        strong=True,
    )
    return Sheet(
        title=TITLE,
        headline=f"All {len(lines)} checks read OK" if not failed else f"{failed} of {len(lines)} checks FAIL",
        subtitle=f"Left = right, within half a minor unit · {unit(content.view)} · to the minor unit",
        blocks=(
            Block("light", COLUMNS, (light,)),
            Block("checks", COLUMNS, tuple(_row(index, line) for index, line in enumerate(lines)), header=False),
        ),
        names={"all_checks": CellOf("light", "all", "result")},
        notes=("A line that does not read OK means: do not use this pack, have the ledger verified (debt verify).",),
    )


def checks(_view: QuarterView) -> Sequence[CheckLine]:
    """None of its own."""
    return ()


def _row(index: int, line: CheckLine) -> Row:
    difference = line.left_value - line.right_value
    kinds = dict.fromkeys(("left", "right", "difference"), line.kind)
    cells: dict[str, CellContent] = {
        "check": line.name,
        "left": line.left,
        "right": line.right,
        "difference": Formula("{left}-{right}", difference),
        "result": Formula(RESULT, "OK" if line.ok else "ERROR"),
    }
    return Row(str(index), cells, kinds)
