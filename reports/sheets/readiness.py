"""Readiness: what is documented and measured of each system; what is not is marked."""

from __future__ import annotations

from collections.abc import Mapping

from ledger.views.quarter import QuarterView
from ledger.views.readiness import EXPECTATIONS, ReadinessView, StandingView
from ledger.vocabulary.verdict_words import VERDICT_WORDS
from reports.content import Content
from reports.sheet import Block, CellContent, CheckLine, Column, Formula, Kind, Row, Scalar, Sheet
from reports.xlsx.formats import MISSING

#: Columns in which something can be missing, one beside the other, because a row's gaps are counted over them all.
_MAY_MISS = (
    Column("monitors", "Monitors", Kind.GAP, 11, left=True),
    Column("alerts", "Alerts", Kind.GAP, 11, left=True),
    Column("remediation", "Remediation", Kind.TEXT, 14),
    Column("answers", "Datasheet answers", Kind.GAP, 12, left=True),
    Column("explained", "Explanation", Kind.GAP, 13, left=True),
    Column("cases", "Robustness cases", Kind.GAP, 13, left=True),
    Column("right", "Came out right", Kind.CODE, 13),
    Column("readers", "Declared readers", Kind.GAP, 11, left=True),
    *(Column(name, name.capitalize(), Kind.GAP, 34, left=True) for name in EXPECTATIONS),
    Column("score", "ML Test Score", Kind.GAP, 10, left=True),
)
COLUMNS = (
    Column("system", "System", Kind.CODE, 16),
    Column("name", "Name", Kind.TEXT, 30),
    Column("retired", "Retired on", Kind.DATE),
    *_MAY_MISS,
    Column("gaps", "Gaps", Kind.COUNT, 8),
)
_COUNTED = tuple(column.key for column in _MAY_MISS if column.kind is Kind.GAP)
_TOTAL = "gaps by column"

NOTES = (
    (
        f"'{MISSING}': nobody documented it, or nobody measured it. A retired system misses nothing. Alerts: of how many"
        " monitors somebody is told. Remediation: by itself or by somebody. Came out right: inputs of each robustness"
        " case's last trial."
    ),
    (
        "An expectation stands as the worst of the last verdicts of its monitors, with that measurement's day, and in brackets"
        " what its figure was held against, absolute or as a ratio. Cannot tell: the rows show neither. The ML"
        " Test Score is that of the weakest of four sections, 0 to 7: a test that is run by hand counts a half, an"
        " automated one counts one."
    ),
)
#: Said where something is.
_CARRIED = "Carried: it is broken, and a debt carries that knowingly, to the last day of its term."


def build(content: Content) -> Sheet:
    """A row per system, its gaps counted at the end, the systems with a gap counted under each column."""
    view = content.view
    rows = tuple(_row(system) for system in view.readiness)
    total = {key: Formula(f'COUNTIF({{readiness.{key}}},"{MISSING}")', _missing(rows, key)) for key in _COUNTED}
    words = {"system": "All systems", "name": "Systems that miss it"}
    gaps = Formula("SUM({readiness.gaps})", sum(_gaps(row.cells) for row in rows))
    kinds = dict.fromkeys((*_COUNTED, "gaps"), Kind.COUNT)
    carried = any(each.carried_until for row in view.readiness for each in row.standing)
    return Sheet(
        title="Readiness",
        headline=_headline(view, sum(_gaps(row.cells) for row in rows)),
        subtitle=f"What is documented and measured of each system · as of {view.provenance.as_of}",
        blocks=(
            Block("readiness", COLUMNS, rows, total=Row(_TOTAL, {**words, **total, "gaps": gaps}, kinds, strong=True)),
        ),
        frozen_columns=1,
        notes=(*NOTES, _CARRIED) if carried else NOTES,
    )


def checks(_view: QuarterView) -> tuple[CheckLine, ...]:
    """None of its own: what is documented is in no balance."""
    return ()


def _headline(view: QuarterView, gaps: int) -> str:
    systems = len(view.readiness)
    if not systems:
        return "No system is registered"
    of_systems = "1 system" if systems == 1 else f"{systems:,} systems"
    missing = "Nothing is missing" if not gaps else "1 gap is left" if gaps == 1 else f"{gaps:,} gaps are left"
    broken = sum(each.is_breach for row in view.readiness for each in row.standing)
    verb = "expectation is broken" if broken == 1 else "expectations are broken"
    return f"{missing} in what is documented of {of_systems}" + (f"; {broken:,} {verb}" if broken else "")


def _row(system: ReadinessView) -> Row:
    known: dict[str, Scalar] = {
        "monitors": system.monitors or None,
        "alerts": _part(system.alerted, system.monitors),
        "answers": _part(system.answers, system.asked),
        "explained": ", ".join(system.explained) or None,
        "cases": system.cases or None,
        "readers": len(system.readers) or None,
        **{each.expectation: _stands(each) for each in system.standing},
        "score": system.score,
    }
    missing = None if system.retired_on else MISSING
    marked = {key: missing if known.get(key) is None else known[key] for key in _COUNTED}
    cells: dict[str, CellContent] = {
        "system": system.system,
        "name": system.name,
        "retired": system.retired_on,
        **marked,
        "remediation": _remediation(system),
        "right": f"{system.passed:,} of {system.tried:,}" if system.cases else None,
    }
    cells["gaps"] = Formula(f'COUNTIF({{monitors}}:{{score}},"{MISSING}")', _gaps(marked))
    kinds = {key: Kind.COUNT for key, value in marked.items() if isinstance(value, int)}
    return Row(system.system, cells, kinds | ({"score": Kind.NUMBER} if system.score is not None else {}))


def _stands(each: StandingView) -> str:
    limits = f" ({each.limits})" if each.limits else ""
    stands = f"carried to {each.carried_until}" if each.carried_until else f"{VERDICT_WORDS[each.verdict]} {each.on}"
    return stands + limits


def _part(some: int, every: int) -> str | None:
    """How many of them all; None where it is none."""
    return None if not some else "all" if some == every else f"{some:,} of {every:,}"


def _remediation(system: ReadinessView) -> str | None:
    parts = ((system.automatic, "automatic"), (system.monitors - system.automatic, "manual"))
    told = [(count, word) for count, word in parts if count]
    return ", ".join(word if len(told) == 1 else f"{count:,} {word}" for count, word in told) or None


def _gaps(cells: Mapping[str, CellContent]) -> int:
    return sum(cells[key] == MISSING for key in _COUNTED)


def _missing(rows: tuple[Row, ...], key: str) -> int:
    return sum(row.cells[key] == MISSING for row in rows)
