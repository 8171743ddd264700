"""Interest: what carrying the open items cost and will cost, and what repayments spared, by system."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ledger.views.quarter import QuarterView
from reports.comparatives import comparative
from reports.content import TOTAL, Content, money, recorded, unit
from reports.restated import note, notes
from reports.sheet import Block, CellContent, CellOf, CheckLine, Column, Formula, HeaderOf, Kind, Row, Sheet, integer

INCURRED, AVOIDED = "interest", "interest_avoided"
_BLOCKS = {INCURRED: "interest.incurred", AVOIDED: "interest.avoided"}
#: Quarters that make a year.
_SHOWN = 4

NOTE = (
    "Interest is what carrying an open item costs: its yearly figure × days / 365 to a day, rounded once per item; a quarter's"
    " is that at its end less that on the day before it, so that quarters add up to the cent. A memorandum figure, never part"
    " of the delta. This quarter is summed over Items, the quarters before over Past quarters. Per year ahead is what the"
    " items outstanding now cost in a year if nothing is repaid."
)
AVOIDED_NOTE = (
    "Avoided = interest per year that a standing repayment removed × days from the repayment to the quarter's end / 365,"
    " per item, rounded once; of a quarter, the figure at its end less that at its beginning. A repayment goes on"
    " sparing interest in every quarter after it; one that was reversed spares nothing."
)


def build(content: Content) -> Sheet:
    """Interest incurred and interest avoided, a row each per system that has some in the year."""
    view = content.view
    return Sheet(
        title="Interest",
        headline=_headline(view),
        subtitle=f"Interest incurred, and avoided by repayments, by system · {unit(view)}, whole units",
        blocks=(
            _block(view, INCURRED, "Incurred by carrying open items"),
            _block(view, AVOIDED, "Avoided by repayments"),
        ),
        frozen_columns=1,
        notes=(*notes(view, {INCURRED: "interest"}, _quarters(view)[:-1]), NOTE, AVOIDED_NOTE),
    )


def checks(view: QuarterView) -> Sequence[CheckLine]:
    """Every column in total against Past quarters, so that no system is missing from the sheet."""
    lines = [
        _check(view, measure, quarter, f"Interest {word} in {quarter} by system = the same in Past quarters")
        for measure, word in ((INCURRED, "incurred"), (AVOIDED, "avoided"))
        for quarter in _quarters(view)
    ]
    ahead = sum(row.interest_per_year for row in view.items)
    lines.append(
        CheckLine(
            "Interest per year ahead by system = interest per year in Items",
            Formula("{total}", ahead, {"total": CellOf(_BLOCKS[INCURRED], TOTAL, "ahead")}),
            Formula("SUM({items.per_year})", ahead),
        )
    )
    return lines


def _check(view: QuarterView, measure: str, quarter: str, name: str) -> CheckLine:
    block, figures = _BLOCKS[measure], _figures(view, measure)
    return CheckLine(
        name,
        Formula(
            "{total}",
            sum(figures.get((system, quarter), 0) for system in _systems(view, measure)),
            {"total": CellOf(block, TOTAL, quarter)},
        ),
        Formula(
            f'SUMIFS({{past.amount}},{{past.quarter}},{{heading}},{{past.measure}},"{measure}")',
            recorded(view, quarter, measure),
            {"heading": HeaderOf(block, quarter)},
        ),
    )


def _quarters(view: QuarterView) -> tuple[str, ...]:
    return view.quarters[-_SHOWN:]


def _systems(view: QuarterView, measure: str) -> list[str]:
    shown = set(_quarters(view))
    found = {row.system for row in view.history if row.quarter in shown and row.measure == measure and row.amount}
    if measure == INCURRED:
        found |= {row.system for row in view.items if row.interest_in_quarter or row.interest_per_year}
    return sorted(found)


def _figures(view: QuarterView, measure: str) -> Mapping[tuple[str, str], int]:
    """By system and quarter, minor units; what was incurred this quarter is taken from the items."""
    this = view.provenance.quarter
    figures: dict[tuple[str, str], int] = {}
    for row in view.history:
        if row.measure == measure and not (measure == INCURRED and row.quarter == this):
            figures[row.system, row.quarter] = figures.get((row.system, row.quarter), 0) + row.amount
    for item in view.items if measure == INCURRED else ():
        figures[item.system, this] = figures.get((item.system, this), 0) + item.interest_in_quarter
    return figures


def _ahead(view: QuarterView) -> Mapping[str, int]:
    """Interest per year by system, minor units."""
    ahead: dict[str, int] = {}
    for item in view.items:
        ahead[item.system] = ahead.get(item.system, 0) + item.interest_per_year
    return ahead


def _columns(view: QuarterView, measure: str) -> tuple[Column, ...]:
    ahead = (Column("ahead", "Per year ahead", Kind.AMOUNT, 18),) if measure == INCURRED else ()
    return (
        Column("system", "System", Kind.LABEL, 22),
        *(Column(quarter, quarter, Kind.AMOUNT, 18) for quarter in _quarters(view)),
        Column("year", "Last four quarters", Kind.AMOUNT, 18),
        *ahead,
    )


def _block(view: QuarterView, measure: str, title: str) -> Block:
    key, columns = _BLOCKS[measure], _columns(view, measure)
    figures, ahead = _figures(view, measure), _ahead(view)
    rows = []
    for system in _systems(view, measure):
        amounts = {quarter: figures.get((system, quarter), 0) for quarter in _quarters(view)}
        rows.append(_row(system, measure, amounts, ahead.get(system, 0)))
    sums: dict[str, CellContent] = {
        column.key: Formula(f"SUM({{{key}.{column.key}}})", sum(integer(row.cells[column.key]) for row in rows))
        for column in columns[1:]
    }
    total = Row(TOTAL, {"system": "All systems", **sums}, strong=True)
    return Block(key, columns, tuple(rows), title=title, total=total)


def _row(system: str, measure: str, figures: dict[str, int], ahead: int) -> Row:
    """figures: by quarter, the one that is reported last."""
    quarters = list(figures)
    cells: dict[str, CellContent] = {"system": system}
    for quarter, figure in figures.items():
        cells[quarter] = Formula(
            "SUMIFS({past.amount},{past.quarter},{heading},{past.system},{system},{past.measure},"
            f'"{measure}")',
            figure,
            {"heading": HeaderOf(_BLOCKS[measure], quarter)},
        )
    cells["year"] = Formula(f"SUM({{{quarters[0]}}}:{{{quarters[-1]}}})", sum(figures.values()))
    if measure == INCURRED:
        cells[quarters[-1]] = Formula("SUMIFS({items.in_quarter},{items.system},{system})", figures[quarters[-1]])
        cells["ahead"] = Formula("SUMIFS({items.per_year},{items.system},{system})", ahead)
    return Row(system, cells)


def _headline(view: QuarterView) -> str:
    quarter = view.provenance.quarter
    now = sum(row.interest_in_quarter for row in view.items)
    found = comparative(view, lambda of: now if of == quarter else recorded(view, of, INCURRED))
    if found is None or found.now == found.before == 0:
        return f"No interest was incurred in {quarter}"
    said = f"Interest incurred {found.words} {'at' if found.stays else 'to'} {money(view, now)} in {quarter}"
    return "; ".join(filter(None, (said, note(view, INCURRED, "interest"))))
