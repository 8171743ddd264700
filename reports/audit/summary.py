"""Summary: a line per test with its live count, and a click away from the entries."""

from __future__ import annotations

from ledger.journal_tests.examination import Examination, Tested
from reports.sheet import Block, CellContent, Column, Formula, HeaderOf, Kind, Row, Sheet

_COUNTS = "Counts are formulas over the sheets; a click on one leads there. What was not tested says why."
_OF_WHICH = (
    "Imported: recorded by an importer from another tool's findings. Earlier: not effective in the quarter, but"
    " recorded in it for a day before it."
)


def build(found: Examination, most: int | None) -> Sheet:
    """The tests, and the size of what they were made on."""
    population, subject = found.population, found.subject
    return Sheet(
        title="Summary",
        headline=f"{population.listed:,} of {population.entries:,} entries are listed by at least one test",
        subtitle=f"{subject.book} · {subject.title} · as known at position {subject.position:,}",
        blocks=(
            Block("summary", _columns(), tuple(_row(tested, most) for tested in found.tested)),
            Block("population", _columns(), _population(found), title="Tested", header=False),
        ),
        notes=(_COUNTS, _OF_WHICH),
        one_page=True,
    )


def _columns() -> tuple[Column, ...]:
    return (
        Column("test", "Test", Kind.LABEL, 30),
        Column("count", "Entries", Kind.COUNT, 14),
        Column("imported", "Of them imported", Kind.COUNT, 14),
        Column("earlier", "Of them earlier", Kind.COUNT, 14),
        Column("meaning", "Lists an entry that", Kind.LABEL, 78),
    )


def _row(tested: Tested, most: int | None) -> Row:
    test = tested.test
    if tested.untested is not None:
        words = {"test": test.title, "count": "–", "meaning": f"Not tested: {tested.untested}"}
        return Row(test.name, words)
    block = f"listed.{test.name}"
    cells: dict[str, CellContent] = {"test": test.title, "meaning": test.description}
    if most is None or tested.count <= most:
        cells["count"] = Formula(f"COUNT({{{block}.position}})", tested.count)
        cells["imported"] = Formula(f'COUNTIF({{{block}.imported}},"yes")', tested.imported)
        cells["earlier"] = Formula(f'COUNTIF({{{block}.earlier}},"yes")', tested.earlier)
    else:
        # The sheet does not hold them all, so that it cannot count them.
        cells |= {"count": tested.count, "imported": tested.imported, "earlier": tested.earlier}
    return Row(test.name, cells, links={"count": HeaderOf(block, "position")})


def _population(found: Examination) -> tuple[Row, ...]:
    population = found.population
    facts: list[tuple[str, str, CellContent, str]] = [
        ("entries", "Entries tested", Formula("SUM({actors.entries})", population.entries), "by all actors, of all kinds"),
        ("effective", "Effective in the period", population.effective, "whenever they were recorded"),
        ("earlier", "Earlier", population.earlier, "recorded in the quarter for a day before it"),
        ("imported", "Imported", Formula("SUM({actors.imported})", population.imported), "by an importer"),
        ("listed", "Listed", Formula("SUM({actors.listed})", population.listed), "by at least one test, each once"),
        ("amounts", "Amounts stated", population.amounts, "above 0, reversals excluded"),
        ("sample", "Drawn for vouching", Formula("COUNT({sample.position})", len(found.sample)), "on the sheet Sample"),
        ("concluded", "Concluded", Formula("COUNTA({sample.conclusion})", 0), "of the sample, as filled in there"),
    ]  # fmt: skip
    return tuple(Row(key, {"test": name, "count": value, "meaning": words}) for key, name, value, words in facts)
