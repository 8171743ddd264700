"""Sample: the entries that were drawn, with room for what the auditor finds."""

from __future__ import annotations

from ledger.journal_tests.examination import Examination
from reports.audit.columns import counted, entry_cells, entry_columns
from reports.sheet import Block, CellContent, Column, Kind, Row, Sheet

_ENTRIES = (
    Column("vouched_by", "Vouched by", Kind.TEXT, 18, entry=True),
    Column("evidence", "Evidence seen", Kind.TEXT, 40, entry=True),
    Column("conclusion", "Conclusion", Kind.TEXT, 30, entry=True),
)
_WAYS = {
    "entries": "Every entry had the same chance: those with the lowest sha256 of SEED:POSITION were drawn.",
    "money": "Every minor unit of an amount had the same chance: hits counts those drawn of one entry.",
}


def build(found: Examination) -> Sheet:
    """A row per entry, in the order of the draw; the yellow cells are the auditor's."""
    by_money = found.parameters.method == "money"
    columns = (
        Column("draw", "Draw", Kind.COUNT),
        *((Column("hits", "Hits", Kind.COUNT),) if by_money else ()),
        *entry_columns(found),
        *_ENTRIES,
    )
    rows = []
    for drawn in found.sample:
        cells: dict[str, CellContent] = {"draw": drawn.draw, **entry_cells(drawn.entry, found)}
        if by_money:
            cells["hits"] = drawn.hits
        rows.append(Row(str(drawn.draw), cells))
    return Sheet(
        title="Sample",
        headline=f"{counted(len(rows)).capitalize()} to vouch",
        subtitle=f"Drawn by {found.parameters.method}, seed {found.parameters.seed} · {found.subject.title}",
        blocks=(Block("sample", columns, tuple(rows), table="tblSample"),),
        notes=(_WAYS[found.parameters.method], "Fill in the yellow cells; nothing reads them back into the ledger."),
        frozen_columns=1,
    )
