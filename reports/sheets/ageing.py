"""Ageing: how long what is outstanding has stood, by system, live over Items."""

from __future__ import annotations

from collections.abc import Sequence

from ledger.views.quarter import QuarterView
from ledger.vocabulary.ages import LAPSED, OF_WHICH, OVERDUE
from ledger.vocabulary.kinds import NATURES
from reports.content import BUCKETS, TOTAL, Content, bucket_of, systems, total_posted, unit
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
    Row,
    RowsOf,
    Sheet,
    integer,
)

_BUCKET_KEYS = tuple(f"bucket{index}" for index in range(len(BUCKETS)))
_SUMMED = (*_BUCKET_KEYS, "total", "closing", "difference", *OF_WHICH)

COLUMNS = (
    Column("system", "System", Kind.LABEL, 22),
    *(Column(key, name, Kind.AMOUNT, 17) for key, (_, name) in zip(_BUCKET_KEYS, BUCKETS, strict=True)),
    Column("total", "All ages", Kind.AMOUNT, 17),
    Column("closing", "Closing in Roll-forward", Kind.AMOUNT, 17),
    Column("difference", "Difference", Kind.EXACT, 12),
    *(Column(key, f"Of which {key}", Kind.AMOUNT, 17) for key in OF_WHICH),
)

NOTE = (
    "Age is counted from the day an item came to be (the original date of a late entry) to the as-of date; adoption,"
    " renewal and reopening do not make it younger. Lapsed (past the date until which it was granted) and overdue"
    " (past the quarter of its repayment) are parts of the same amounts and are not added to them; an item can be both."
)

#: Which rows of Items are late, as criteria. The as-of date lies in the pack's quarter; quarters sort as text.
_PAST = {LAPSED: '{items.until},"<"&as_of', OVERDUE: '{items.repay_by},"<"&quarter'}


def build(content: Content) -> Sheet:
    """Systems by bucket, their shares, and the table of buckets that Items looks up."""
    view = content.view
    closings, amounts = _closings(view), _amounts(view)
    rows = tuple(_row(system, closings.get(system), amounts[system]) for system in sorted(amounts))
    sums = {key: sum(integer(row.cells[key]) for row in rows) for key in _SUMMED}
    total = Row(
        TOTAL,
        {"system": "All systems", **{key: Formula(f"SUM({{ageing.{key}}})", sums[key]) for key in _SUMMED}},
        strong=True,
    )
    return Sheet(
        title="Ageing",
        headline=_headline(view, sums),
        subtitle=f"Outstanding debt and neglect by days since it came to be · {unit(view)}, whole units",
        blocks=(
            Block("ageing", COLUMNS, rows, total=total),
            Block("ageing.shares", COLUMNS, (_shares(sums),), header=False),
            Block(
                "buckets", _BUCKET_COLUMNS, _buckets(), title="Buckets that Items looks up, from a number of days on"
            ),
        ),
        names={"bucket_from": RowsOf("buckets", "first"), "bucket_name": RowsOf("buckets", "name")},
        frozen_columns=1,
        notes=(NOTE,),
    )


def checks(view: QuarterView) -> Sequence[CheckLine]:
    """All ages together are the closing, in total and for every system."""
    amounts = _amounts(view)
    closings = _closings(view)
    gaps = [_bucketed(figures) - closings.get(system, 0) for system, figures in amounts.items()] or [0]
    return (
        CheckLine(
            "Ageing of all systems = closing",
            Formula("{ages}", sum(map(_bucketed, amounts.values())), {"ages": CellOf("ageing", TOTAL, "total")}),
            Formula("total_delta", sum(total_posted(view, nature, "closing") for nature in NATURES)),
        ),
        CheckLine(
            "Ageing of every system = its closing: largest = smallest difference",
            Formula("MAX({ageing.difference})", max(gaps)),
            Formula("MIN({ageing.difference})", min(gaps)),
        ),
    )


_BUCKET_COLUMNS = (
    Column("name", "Bucket", Kind.LABEL, 22),
    Column("first", "From day", Kind.COUNT, 15),
)


def _buckets() -> tuple[Row, ...]:
    return tuple(Row(name, {"first": first, "name": name}) for first, name in BUCKETS)


def _amounts(view: QuarterView) -> dict[str, dict[str, int]]:
    """Per system that owes or closes with something: the amount per bucket's name and per way of being late, minor units."""
    standing = {row.system for row in view.items if row.outstanding}
    standing |= {system for system, closing in _closings(view).items() if closing}
    amounts: dict[str, dict[str, int]] = {system: {} for system in standing}
    for row in view.items:
        if row.system in amounts:
            for key in (bucket_of(row.age_days), *row.late):
                amounts[row.system][key] = amounts[row.system].get(key, 0) + row.outstanding
    return amounts


def _closings(view: QuarterView) -> dict[str, int]:
    """The closing of every system that has a row in Roll-forward, minor units."""
    closings = dict.fromkeys(systems(view, *NATURES), 0)
    for row in view.postings:
        if row.nature in NATURES:
            closings[row.system] += row.amount
    return closings


def _bucketed(figures: dict[str, int]) -> int:
    return sum(figures.get(name, 0) for _, name in BUCKETS)


def _row(system: str, closing: int | None, figures: dict[str, int]) -> Row:
    """closing: None if Roll-forward does not know the system."""
    cells: dict[str, CellContent] = {"system": system}
    for key, (_, name) in zip(_BUCKET_KEYS, BUCKETS, strict=True):
        cells[key] = Formula(
            "SUMIFS({items.outstanding},{items.system},{system},{items.bucket},{bucket})",
            figures.get(name, 0),
            {"bucket": HeaderOf("ageing", key)},
        )
    cells["total"] = Formula(f"SUM({{{_BUCKET_KEYS[0]}}}:{{{_BUCKET_KEYS[-1]}}})", _bucketed(figures))
    refs = {"figure": CellOf("rollforward.total", system, "closing")}
    cells["closing"] = 0 if closing is None else Formula("{figure}", closing, refs)
    cells["difference"] = Formula("{total}-{closing}", _bucketed(figures) - (closing or 0))
    for late, past_it in _PAST.items():
        cells[late] = Formula(
            f"SUMIFS({{items.outstanding}},{{items.system}},{{system}},{past_it})", figures.get(late, 0)
        )
    return Row(system, cells)


def _shares(sums: dict[str, int]) -> Row:
    cells: dict[str, CellContent] = {"system": "Share of all ages"}
    kinds = {}
    for key in (*_BUCKET_KEYS, "total", *OF_WHICH):
        part = share(sums[key], sums["total"])
        refs = {"part": CellOf("ageing", TOTAL, key), "whole": CellOf("ageing", TOTAL, "total")}
        cells[key] = Formula('IF(ABS({whole})<tolerance,"n/a",{part}/{whole})', "n/a" if part is None else part, refs)
        kinds[key] = Kind.SHARE
    return Row("shares", cells, kinds)


def _headline(view: QuarterView, sums: dict[str, int]) -> str:
    old = share(sums[_BUCKET_KEYS[-1]], sums["total"])
    if old is None:
        return f"No technical delta stands at the end of {view.provenance.quarter}"
    if not old:
        return f"None of the technical delta is older than a year at the end of {view.provenance.quarter}"
    return f"{percent(old)} of the technical delta is older than a year at the end of {view.provenance.quarter}"
