"""SonarQube's exports: JSON files, read into issues.

An export is the answer of SonarQube's search, a page of it, or what a script made of it: a list under
`issues`, whatever stands beside or above it, or a bare list.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from ledger.events.codec import canonical, sha256_hex
from ledger.importers import BadRow, natural, read_text
from ledger.vocabulary.efforts import MINUTES_PER_DAY
from ledger.vocabulary.errors import Unreadable
from ledger.vocabulary.text import MAX_TITLE, clean_text

#: Why an issue was left, by its rule without the repository in front. What this table does not name goes by
#: its type or the quality it harms, and else by OTHER_CAUSE.
CAUSE_OF_RULE = {
    "S1134": "missed-maintenance",  # FIXME
    "S1135": "missed-maintenance",  # TODO
    "S1133": "missed-maintenance",  # deprecated code that should be gone
    "S1874": "missed-maintenance",  # use of what is deprecated
    "S125": "missed-maintenance",  # code commented out
    "S1172": "missed-maintenance",  # unused parameter
    "S1481": "missed-maintenance",  # unused variable
}
CODING_ERRORS = {"BUG", "VULNERABILITY", "SECURITY_HOTSPOT"}
CODING_ERROR_QUALITIES = {"RELIABILITY", "SECURITY"}
#: Most rules say that there is a better way to write it.
OTHER_CAUSE = "not-knowing-better"

_EFFORT = re.compile(r"(?:(\d{1,6})d)? ?(?:(\d{1,6})h)? ?(?:(\d{1,8})min)?", re.ASCII)
#: How deep in an envelope's objects a list of issues is looked for.
_ENVELOPE_DEPTH = 3
#: Fields of a record that are kept as they are, as text. Authors and assignees are not: what is recorded stays for
#: good, and persons have no place in it.
_KEPT = ("severity", "rule", "line", "type", "status", "resolution", "updateDate")


@dataclass(frozen=True, slots=True)
class Issue:
    """One issue. minutes: its effort, None if unestimated; content_hash: sha256 of its whole record."""

    key: str
    place: str
    title: str
    cause: str
    created_on: date
    closed_on: date | None
    minutes: int | None
    details: dict[str, str]
    evidence: str
    content_hash: str


@dataclass(frozen=True, slots=True)
class Export:
    """What some files hold. read: records, the bad and the duplicate ones among them.

    missing: how many issues more SonarQube says it has than distinct records were read; 0 if it says nothing.
    """

    issues: tuple[Issue, ...]
    bad: tuple[BadRow, ...]
    read: int
    duplicates: int
    missing: int


def read(paths: Iterable[Path], time_zone: str, cause: str | None = None) -> Export:
    """Read exports: files, or folders of pages. time_zone: decides on which day a moment falls.

    cause: of every issue, instead of what rule and type suggest. A record that cannot be read is a bad row; of
    two with one key, the first counts. Raises Unreadable for a file that is not JSON or holds no list of issues.
    """
    zone = ZoneInfo(time_zone)
    issues: dict[str, Issue] = {}
    bad: list[BadRow] = []
    count = duplicates = stated = 0
    for path in _files(paths):
        document = _parsed(path)
        stated = max(stated, _stated_total(document))
        for place, record in _records(path, document):
            count += 1
            try:
                issue = _issue(place, record, zone, cause)
            except Unreadable as error:
                bad.append(BadRow(place, str(error)))
                continue
            duplicates += issue.key in issues
            issues.setdefault(issue.key, issue)
    missing = max(0, stated - (count - duplicates))
    return Export(tuple(issues.values()), tuple(bad), count, duplicates, missing)


# --- files ------------------------------------------------------------------------------------------


def _files(paths: Iterable[Path]) -> list[Path]:
    """The files meant, each once. A folder stands for its pages, page2 before page10."""
    files: list[Path] = []
    for path in paths:
        if path.is_dir():
            pages = sorted(path.glob("*.json"), key=lambda page: natural(page.name))
            if not pages:
                raise Unreadable(f"{path} is a folder without .json files.")
            files += pages
        else:
            files.append(path)
    return list(dict.fromkeys(files))


def _parsed(path: Path) -> Any:
    text = read_text(path)
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        # A cut inside a text is reported where that text begins, so the place alone does not tell.
        cut = error.pos >= len(text.rstrip()) or error.msg.startswith("Unterminated")
        why = "it ends too early" if cut else error.msg
        raise Unreadable(f"{path} is not JSON: {why}, at line {error.lineno}, column {error.colno}.") from error
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"{path} is not an export of SonarQube: {error}.") from error


def _records(path: Path, document: Any) -> Iterator[tuple[str, Any]]:
    """Every record and its place: file, JSON path, and its key if it has one."""
    lists = list(_issue_lists(document))
    if not lists:
        raise Unreadable(
            f'{path} holds no list of issues: an export is {{"issues": [...]}}, whatever else it has, or a bare list.'
        )
    for where, records in lists:
        for index, record in enumerate(records):
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
    """The list under `issues` of an object or, if it has none, of the objects in it."""
    if not isinstance(value, dict):
        return
    if isinstance(value.get("issues"), list):
        yield f"{where}.issues", value["issues"]
    elif depth:
        for name, inner in value.items():
            yield from _enveloped(inner, f"{where}.{name}", depth - 1)


def _stated_total(document: Any) -> int:
    """How many issues SonarQube says there are, whatever part of them this page holds; 0 if it says nothing."""
    if not isinstance(document, dict):
        return 0
    paging = document.get("paging")
    totals = [document.get("total"), document.get("total_issues")]
    if isinstance(paging, dict):
        totals.append(paging.get("total"))
    return max((total for total in totals if type(total) is int), default=0)


# --- one issue --------------------------------------------------------------------------------------


def _issue(place: str, record: Any, zone: ZoneInfo, cause: str | None) -> Issue:
    """An issue from its record. Raises Unreadable."""
    if not isinstance(record, dict):
        raise Unreadable("The record is not an object.")
    key = _text(record, "key")
    if not key:
        raise Unreadable("The issue has no key.")
    created, closed = _moment(record, "creationDate", zone), _moment(record, "closeDate", zone)
    if created is None:
        raise Unreadable("The issue has no creationDate.")
    if closed is not None and closed < created:
        raise Unreadable(f"The issue was closed on {closed}, before it was created on {created}.")
    rule, component, line = _text(record, "rule"), _text(record, "component"), _text(record, "line")
    title = " ".join((_text(record, "message") or rule).split())
    if not title:
        raise Unreadable("The issue has neither a message nor a rule.")
    return Issue(
        key=key,
        place=place,
        title=title if len(title) <= MAX_TITLE else title[: MAX_TITLE - 1] + "…",
        cause=cause or _cause(record, rule),
        created_on=created.date(),
        closed_on=closed.date() if closed else None,
        minutes=_effort_minutes(record),
        details=_details(record, component),
        evidence=f"sonarqube {':'.join(part for part in (component or key, line) if part)}",
        content_hash=_content_hash(record),
    )


def _text(record: dict[str, Any], name: str) -> str:
    """A field as clean text, empty if it is missing. Raises Unreadable for a list or an object."""
    value = record.get(name)
    if value is None:
        return ""
    if isinstance(value, list | dict):
        raise Unreadable(f"The field {name} is a {'list' if isinstance(value, list) else 'n object'}, not a text.")
    return clean_text(str(value))


def _moment(record: dict[str, Any], name: str, zone: ZoneInfo) -> datetime | None:
    """A moment in the book's zone; one without an offset, or a date alone, is taken to be there already."""
    text = _text(record, name)
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
        return moment.astimezone(zone) if moment.tzinfo else moment.replace(tzinfo=zone)
    except (ValueError, OverflowError) as error:
        raise Unreadable(f"The {name} '{text}' is not a date: write it like 2026-03-31T09:15:00+0000.") from error


def _effort_minutes(record: dict[str, Any]) -> int | None:
    """The effort in minutes, a day being 8 hours; None for none and for 0min. Raises Unreadable.

    Older versions call it `debt`.
    """
    text = _text(record, "effort") or _text(record, "debt")
    if not text:
        return None
    match = _EFFORT.fullmatch(text)
    if match is None or not any(match.groups()):
        raise Unreadable(f"The effort '{text}' cannot be read: write it like 5min, 2h30min or 1d2h.")
    days, hours, minutes = (int(part or 0) for part in match.groups())
    return days * MINUTES_PER_DAY + hours * 60 + minutes or None


def _cause(record: dict[str, Any], rule: str) -> str:
    of_rule = CAUSE_OF_RULE.get(rule.rpartition(":")[2])
    if of_rule:
        return of_rule
    kind = _text(record, "type")
    harmful = (
        kind in CODING_ERRORS
        if kind
        else any(f"'{quality}'" in str(record.get("impacts")) for quality in CODING_ERROR_QUALITIES)
    )
    return "coding-error" if harmful else OTHER_CAUSE


def _details(record: dict[str, Any], component: str) -> dict[str, str]:
    """What a lead looks for, as text; what the record does not have is left out."""
    details = {name: _text(record, name) for name in _KEPT}
    project = _text(record, "project")
    details["file"] = component.removeprefix(f"{project}:") if project else component.rpartition(":")[2]
    tags = record.get("tags")
    if isinstance(tags, list):
        details["tags"] = clean_text(", ".join(str(tag) for tag in tags))
    return {name: text for name, text in details.items() if text}


def _content_hash(record: dict[str, Any]) -> str:
    try:
        return sha256_hex(canonical(record))
    except (UnicodeError, OverflowError) as error:
        raise Unreadable(f"The record holds what cannot be stored: {error}.") from error
