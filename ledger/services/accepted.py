"""`debt accepted --out`: all accepted debt as one file for an auditor, a workbook or Markdown by the file's name."""

from __future__ import annotations

from pathlib import Path

from ledger.exporters.accepted_debt import accepted_document
from ledger.services.files import refuse_target, whole_or_not_at_all
from ledger.store.ledger import Ledger
from ledger.views.accepted import AcceptedView
from ledger.vocabulary.errors import Unreadable

_SUFFIXES = (".xlsx", ".md")


def refuse_accepted_file(target: Path, ledger: Ledger, *, force: bool) -> None:
    """Raise what keeps the file from being written there: before anything is read."""
    if target.suffix.lower() not in _SUFFIXES:
        raise Unreadable(f"{target} is named neither .xlsx nor .md: its name says what it is to be.")
    refuse_target(target, ledger, force=force)


def write_accepted(view: AcceptedView, target: Path, ledger: Ledger) -> None:
    """Write what stands, whole or not at all."""
    if target.suffix.lower() == ".xlsx":
        from reports.accepted import accepted_workbook

        data = accepted_workbook(view)
    else:
        data = accepted_document(view).encode()
    with whole_or_not_at_all(target, ledger) as file:
        file.write(data)
