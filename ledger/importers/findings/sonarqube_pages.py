"""The pages of SonarQube's exports: where in a file the issues are, and how many there should be.

An export is the answer of SonarQube's search, a page of it, or what a script made of it: a list under
`issues` or `hotspots`, whatever stands beside or above it, or a bare list.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from ledger.importers.findings.fields import moment_of
from ledger.importers.findings.finding import StatedDay, StatedTotal
from ledger.vocabulary.errors import Unreadable

#: How deep in an envelope's objects a list of issues is looked for.
_ENVELOPE_DEPTH = 3
#: Issues, and security hotspots, which have a search of their own.
_LISTS = ("issues", "hotspots")
#: Where scripts write when they asked; SonarQube itself does not say it.
_DAYS = ("timestamp", "exportDate", "export_date", "exportedAt", "exported_at", "generated_at", "date")


def records(path: Path, document: Any) -> Iterator[tuple[str, Any]]:
    """Every record and its place: file, JSON path, and its key if it has one. Raises Unreadable if there are none."""
    lists = list(_issue_lists(document))
    if not lists:
        raise Unreadable(
            f'{path} holds no list of issues: an export is {{"issues": [...]}}, whatever else it has, or a bare list.'
        )
    for where, issues in lists:
        for index, record in enumerate(issues):
            key = record.get("key") if isinstance(record, dict) else None
            yield f"{path} {where}[{index}]{f' ({key})' if isinstance(key, str) and key else ''}", record


def _issue_lists(document: Any) -> Iterator[tuple[str, list[Any]]]:
    """Every list of issues in a file, with its JSON path."""
    if not isinstance(document, list):
        yield from _enveloped(document, "$", _ENVELOPE_DEPTH)
        return
    pages = [list(_enveloped(page, f"$[{index}]", 0)) for index, page in enumerate(document)]
    if pages and all(pages):
        for page in pages:
            yield from page
    else:
        yield "$", document


def _enveloped(value: Any, where: str, depth: int) -> Iterator[tuple[str, list[Any]]]:
    """The lists of an object or, if it has none, of the objects in it."""
    if not isinstance(value, dict):
        return
    found = [name for name in _LISTS if isinstance(value.get(name), list)]
    if found:
        for name in found:
            yield f"{where}.{name}", value[name]
    elif depth:
        for name, inner in value.items():
            yield from _enveloped(inner, f"{where}.{name}", depth - 1)


def stated_day(document: Any, zone: ZoneInfo) -> Iterator[StatedDay]:
    """The day on which an export says that it was made, if it says so."""
    if isinstance(document, dict):
        for name in _DAYS:
            with suppress(Unreadable):
                moment = moment_of(document, name, zone)
                if moment is not None:
                    yield StatedDay(moment.date())
                    return


def stated_total(document: Any) -> StatedTotal:
    """How many issues SonarQube says there are, whatever part of them this page holds; 0 if it says nothing."""
    if not isinstance(document, dict):
        return StatedTotal(0)
    paging = document.get("paging")
    totals = [document.get("total"), document.get("total_issues")]
    if isinstance(paging, dict):
        totals.append(paging.get("total"))
    return StatedTotal(max((total for total in totals if type(total) is int), default=0))
