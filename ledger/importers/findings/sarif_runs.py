"""The runs of a SARIF log: which tool ran, when, on what, and whether what it found is all there is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from ledger.importers.findings.fields import moment_of, object_of, objects_of, text_of
from ledger.importers.findings.sarif_places import SourceTree, source_tree
from ledger.importers.findings.sarif_rules import SarifRules, rules_of
from ledger.vocabulary.errors import NOTHING_RECORDED, Unreadable

VERSION = "2.1.0"
UTC_ZONE = ZoneInfo("UTC")
#: What of a run may stand in other files, and is needed to read its results.
_NEEDED = ("results", "driver", "extensions", "artifacts", "invocations")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}(?!\d)", re.ASCII)


@dataclass(frozen=True, slots=True)
class SarifRun:
    """A run. where: it is in its file. scope: the tool, and the category of its runs if they have one. day: on which it
    ended, None where it does not say. partial: why its results are not all there is, empty if they are.
    """

    where: str
    tool: str
    scope: str
    day: date | None
    partial: str
    rules: SarifRules
    tree: SourceTree
    results: list[Any]


def runs_of(path: Path, document: Any, zone: ZoneInfo, root: str | None, ran: tuple[str, ...]) -> Iterator[SarifRun]:
    """The runs of a log. zone: decides on which day one ended. root: a folder that is taken off the names of files.
    ran: how the names of rules begin that were run, whether the log names them or not.

    Raises Unreadable, naming file and place, for what is no log of this version, and for a run that cannot be read.
    """
    if not isinstance(document, dict) or not isinstance(document.get("version"), str) or "runs" not in document:
        raise Unreadable(
            f'{path} is no SARIF log: one has {{"version": "{VERSION}", "runs": [...]}}. {NOTHING_RECORDED}'
        )
    if document["version"].strip() != VERSION:
        raise Unreadable(f"{path} is SARIF {document['version'][:20]}: only {VERSION} is read. {NOTHING_RECORDED}")
    try:
        runs = objects_of(document, "runs")
        if document.get("inlineExternalProperties"):
            raise Unreadable(
                "Parts of its runs stand beside them, in inlineExternalProperties: put them into the runs."
            )
    except Unreadable as error:
        raise Unreadable(f"{path}: {error} {NOTHING_RECORDED}") from error
    for number, run in enumerate(runs):
        where = f"$.runs[{number}]"
        try:
            yield _run(where, run, zone, root, ran)
        except Unreadable as error:
            raise Unreadable(f"{path} {where}: {error} {NOTHING_RECORDED}") from error


def _run(where: str, run: dict[str, Any], zone: ZoneInfo, root: str | None, ran: tuple[str, ...]) -> SarifRun:
    _refuse_elsewhere(run)
    tool = object_of(run, "tool")
    name, invocations = text_of(object_of(tool, "driver"), "name"), objects_of(run, "invocations")
    if not name:
        raise Unreadable("The run does not name its tool: tool.driver.name is missing.")
    results = run.get("results")
    if results is not None and not isinstance(results, list):
        raise Unreadable("The field results is no list.")
    category, _, last = text_of(object_of(run, "automationDetails"), "id").rpartition("/")
    return SarifRun(
        where=where,
        tool=name,
        scope="/".join(part for part in (name, category) if part),
        day=_ended(invocations, zone) or _named_day(last),
        partial=_partial(results, invocations),
        rules=rules_of(tool, invocations, ran, results or []),
        tree=source_tree(run, root),
        results=results or [],
    )


def _refuse_elsewhere(run: dict[str, Any]) -> None:
    """Raise Unreadable for a run of which a part that is needed stands in another file."""
    references = object_of(run, "externalPropertyFileReferences")
    for name in _NEEDED:
        if references.get(name):
            raise Unreadable(
                f"Its {name} stand in other files (externalPropertyFileReferences): put them into the log, and import that."
            )


def _ended(invocations: list[dict[str, Any]], zone: ZoneInfo) -> date | None:
    """The day of the last invocation's end, else of its start. The times of SARIF are UTC, whether they say so or not."""
    moments = [
        moment for each in invocations if (moment := _moment(each, "endTimeUtc") or _moment(each, "startTimeUtc"))
    ]
    return day_in(max(moments), zone) if moments else None


def _moment(record: dict[str, Any], name: str) -> datetime | None:
    return moment_of(record, name, UTC_ZONE)


def day_in(moment: datetime, zone: ZoneInfo) -> date:
    """The day on which a moment falls. Raises Unreadable at the ends of time."""
    try:
        return moment.astimezone(zone).date()
    except OverflowError as error:
        raise Unreadable(f"The moment {moment} has no day in {zone.key}.") from error


def _named_day(text: str) -> date | None:
    """The day with which a run's own part of its id begins, if it does: as in Nightly/2026-11-30."""
    with suppress(ValueError):
        return date.fromisoformat(text[:10]) if _DAY.match(text) else None
    return None


def _partial(results: list[Any] | None, invocations: list[dict[str, Any]]) -> str:
    """Why a run's results are not all there is, as a clause; empty if nothing says so."""
    if results is None:
        return "it has no list of results, and so looked for none"
    for each in invocations:
        if each.get("executionSuccessful") is False:
            return "its execution did not succeed"
        for name in ("toolExecutionNotifications", "toolConfigurationNotifications"):
            if any(text_of(told, "level") == "error" for told in objects_of(each, name)):
                return f"an error is among its {name}"
    return ""
