"""Gaps: the days between what entries say they are effective on and when they were recorded."""

from __future__ import annotations

from fractions import Fraction

from ledger.journal_tests.examination import Examination
from ledger.journal_tests.figures import Gaps
from reports.sheet import Block, Column, Formula, Kind, Row, Sheet

_BANDS = (
    Column("band", "Recorded", Kind.LABEL, 60),
    Column("entries", "Entries", Kind.COUNT, 14),
    Column("share", "Share", Kind.SHARE, 14),
)


def build(found: Examination) -> Sheet:
    """Bands with their shares, and four figures of the distribution."""
    gaps = found.gaps
    headline = "There is no entry"
    if gaps is not None:
        headline = f"From effective to recorded: median {gaps.median} days, nine in ten at most {gaps.ninetieth}"
    return Sheet(
        title="Gaps",
        headline=headline,
        subtitle=f"Day of recording in the book's zone less effective day · {found.subject.title}",
        blocks=(
            Block("gaps", _BANDS, _bands(gaps) if gaps else ()),
            Block(
                "gaps.figures", _BANDS, _figures(gaps) if gaps else (), title="Figures, by nearest rank", header=False
            ),
        ),
        notes=("Ahead: recorded before the day on which it is effective.",),
    )


def _bands(gaps: Gaps) -> tuple[Row, ...]:
    return tuple(
        Row(
            name,
            {
                "band": name,
                "entries": entries,
                "share": Formula("{entries}/SUM({gaps.entries})", Fraction(entries, gaps.entries)),
            },
        )
        for name, entries in gaps.bands
    )


def _figures(gaps: Gaps) -> tuple[Row, ...]:
    figures = (
        ("Median", gaps.median),
        ("Nine in ten at most", gaps.ninetieth),
        ("Longest", gaps.longest),
        ("Shortest", gaps.shortest),
    )
    return tuple(Row(name, {"band": f"{name}, days", "entries": days}) for name, days in figures)
