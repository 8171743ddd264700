"""Benford: the first digits of the amounts beside those of amounts that grow freely."""

from __future__ import annotations

from fractions import Fraction

from ledger.journal_tests.examination import Examination
from ledger.journal_tests.figures import CONFORMITY, FEWEST_AMOUNTS, NONCONFORMITY, Digit, expected_share
from reports.sheet import Block, CellContent, CellOf, Column, Formula, Kind, Mark, NativeChart, Row, Series, Sheet

_COLUMNS = (
    Column("digit", "First digit", Kind.COUNT, 40, left=True),
    Column("observed", "Observed", Kind.COUNT, 14),
    Column("expected", "Expected", Kind.NUMBER, 14),
    Column("observed_share", "Observed share", Kind.SHARE, 14),
    Column("expected_share", "Expected share", Kind.SHARE, 14),
    Column("apart", "Apart", Kind.SHARE, 14),
)
_FIGURES = (Column("name", "Figure", Kind.LABEL, 70), Column("value", "Value", Kind.NUMBER, 14))
_EXPECTED = (
    "Expected of digit d: log10(1 + 1/d). The deviation is the mean of how far the nine shares are apart."
    " Bands: Nigrini, Benford's Law, 2012, table 7.1."
)
_CAUTION = "Estimates are often made in round days and prices: their digits differ from these, and nobody meant harm."


def build(found: Examination) -> Sheet:
    """Counts as values, everything derived from them as formulas; without enough amounts a sentence."""
    benford = found.benford
    if benford.deviation is None:
        row = Row("none", {"name": "Amounts", "value": benford.amounts}, {"value": Kind.COUNT})
        return Sheet(
            title="Benford",
            headline=f"Not tested: {benford.amounts:,} amounts are too few",
            subtitle=f"Below {FEWEST_AMOUNTS} amounts first digits say nothing · {found.subject.title}",
            blocks=(Block("digits.figures", _FIGURES, (row,)),),
        )
    rows = tuple(_row(digit, benford.amounts) for digit in benford.digits)
    apart = [abs(_share(digit, benford.amounts) - Fraction(expected_share(digit.digit))) for digit in benford.digits]
    return Sheet(
        title="Benford",
        headline=f"First digits of {benford.amounts:,} amounts: {benford.conformity}",
        subtitle=f"Stated amounts above 0, reversals excluded · {found.subject.title}",
        one_page=True,
        blocks=(
            Block("digits", _COLUMNS, rows),
            Block(
                "digits.figures",
                _FIGURES,
                _figures(sum(apart, Fraction(0)) / 9, str(benford.conformity)),
                title="Deviation",
                header=False,
            ),
        ),
        charts=(
            NativeChart(
                "Amounts by first digit",
                "digits",
                "digit",
                (Series("observed", Mark.ACTUAL), Series("expected", Mark.PLAN)),
                "; ".join(
                    f"{digit.digit}: {digit.observed} observed, {digit.expected} expected" for digit in benford.digits
                ),
            ),
        ),
        notes=(_EXPECTED, _CAUTION),
    )


def _share(digit: Digit, amounts: int) -> Fraction:
    return Fraction(digit.observed, amounts)


def _row(digit: Digit, amounts: int) -> Row:
    expected, observed = Fraction(expected_share(digit.digit)), _share(digit, amounts)
    cells: dict[str, CellContent] = {
        "digit": digit.digit,
        "observed": digit.observed,
        "expected": Formula("{expected_share}*SUM({digits.observed})", expected * amounts),
        "observed_share": Formula("{observed}/SUM({digits.observed})", observed),
        "expected_share": Formula("LOG10(1+1/{digit})", expected),
        "apart": Formula("ABS({observed_share}-{expected_share})", abs(observed - expected)),
    }
    return Row(str(digit.digit), cells)


def _figures(deviation: Fraction, conformity: str) -> tuple[Row, ...]:
    bands = "".join(f'IF({{deviation}}<={most},"{name}",' for most, name in CONFORMITY)
    refs = {"deviation": CellOf("digits.figures", "deviation", "value")}
    return (
        Row("deviation", {"name": "Mean absolute deviation", "value": Formula("SUM({digits.apart})/9", deviation)}),
        Row(
            "conformity",
            {
                "name": "Conformity",
                "value": Formula(f'{bands}"{NONCONFORMITY}"{")" * len(CONFORMITY)}', conformity, refs),
            },
            {"value": Kind.LABEL},
        ),
    )
