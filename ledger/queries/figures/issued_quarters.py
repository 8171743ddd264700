"""Quarters before the last one as their latest issues had them: what comparatives of today's figures stand beside."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from sqlalchemy import exists, or_, select

from ledger.queries.figures.issues import PackIssue
from ledger.queries.figures.restatements import figures_as_issued
from ledger.queries.reader import Reader
from ledger.tables.budgets import budget
from ledger.tables.postings import posting
from ledger.tables.systems import owner
from ledger.views.quarter import HistoryView
from ledger.views.restatements import IssuedFigureView, IssuedQuarterView
from ledger.vocabulary.quarters import Quarter


def issued_quarters(
    reader: Reader, named: Iterable[PackIssue], history: Iterable[HistoryView]
) -> Iterator[IssuedQuarterView]:
    """Each quarter with its figures as issued, minor units. history: the figures as the reader knows them.

    Rolling a quarter forward takes as long as the book is old; where nothing came since that could change it, what
    was issued is what is known.
    """
    known = tuple(history)
    for issue in named:
        quarter = issue.issued.quarter
        if _changed(reader, issue):
            then = replace(reader, position=issue.issued.known_position)
            figures = figures_as_issued(then, Quarter.parse(quarter), issue.issued.as_of)
        else:
            figures = tuple(
                IssuedFigureView(row.team, row.nature, row.measure, row.amount)
                for row in known
                if row.quarter == quarter
            )
        yield IssuedQuarterView(quarter, issue.view, figures)


def _changed(reader: Reader, issue: PackIssue) -> bool:
    """Whether a leg by the quarter's last day, a plan of it or a change of owner came since the issue."""
    said = issue.issued
    since = (
        exists().where(
            table.c.book == reader.name,
            table.c.position > said.known_position,
            table.c.position <= reader.position,
            changes,
        )
        for table, changes in (
            (posting, posting.c.effective_on <= said.as_of),
            (budget, budget.c.quarter == said.quarter),
            (owner, owner.c.effective_on <= said.as_of),
        )
    )
    return bool(reader.connection.execute(select(or_(*since))).scalar())
