"""`debt review --quarter`: the agenda of a quarter, read in one moment, with the figures of its pack."""

from __future__ import annotations

from datetime import date

from ledger.exporters.agenda import agenda_document
from ledger.queries.figures.issues import as_reported, compared_with, issues, reproducing_command
from ledger.queries.figures.quarter_view import quarter_view
from ledger.queries.register.agenda import agenda
from ledger.services.open_ledger import OpenedLedger
from ledger.views.agenda import Agenda
from ledger.vocabulary.errors import Refused
from ledger.vocabulary.quarters import Quarter


def review_quarter(
    books: OpenedLedger, quarter: Quarter, *, as_of: date | None = None, known_at: str | None = None
) -> Agenda:
    """The agenda. as_of: a day of the quarter; today while it runs, its last day before and after. known_at: as a reader has it.

    Raises Refused for a day outside the quarter, and where nothing was known yet.
    """
    first_day, last_day = books.settings.calendar.span(quarter)
    today = books.today
    day = as_of or (today if first_day <= today <= last_day else last_day)
    if not first_day <= day <= last_day:
        raise Refused(
            f"--as-of {day} is not in {quarter} ({first_day} to {last_day}).",
            f"`debt review --quarter {books.settings.calendar.quarter_of(day)} --as-of {day}` is the agenda of that day.",
        )
    with books.reader(known_at) as known:
        reader = as_reported(known)
        if reader.position == 0:
            raise Refused(
                f"Nothing was known then: there is no agenda of {quarter}.", "`debt log` shows what was recorded."
            )
        named = compared_with(issues(known), quarter, day, reader.position)
        view = quarter_view(reader, quarter, day, reproducing_command(reader, quarter, day), named)
        return agenda(reader, view, today)


def as_document(found: Agenda) -> str:
    """The agenda in Markdown, to be sent round before a meeting."""
    return agenda_document(found)
