"""SonarQube's exports, read into findings: JSON of its searches, and tables that scripts make of them.

An issue's creation date is the day on which it was found; its state is what `sonarqube_states` says. `0min` of effort, or
none, is unestimated; hotspots have none.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from ledger.importers.files import pages, read_json
from ledger.importers.findings.causes import OTHER_CAUSE, cause_option, refuse_no_cause
from ledger.importers.findings.efforts import refuse_no_efforts, stated_minutes
from ledger.importers.findings.fields import content_hash, moment_of, text_of, title_from
from ledger.importers.findings.finding import STANDING, FindingState, RecordRead, ToolFinding
from ledger.importers.findings.kind import FindingsKind
from ledger.importers.findings.sonarqube_pages import records, stated_day, stated_total
from ledger.importers.findings.sonarqube_states import said, state_of
from ledger.importers.findings.sonarqube_tables import table_records
from ledger.importers.mapping import AUTHOR, UNMAPPED, FieldMapping, refuse_unseen
from ledger.importers.rows import BadRow, row_reason
from ledger.vocabulary.errors import Unreadable
from ledger.vocabulary.text import clean_text
from ledger.vocabulary.text_encodings import RECOGNISED, Decoding

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

#: Fields of a record that are kept as they are, as text. Authors are where a mapping says who they are: what is recorded
#: stays for good, and persons have no place in it unless somebody gives them one.
_KEPT = ("severity", "rule", "line", "type", "status", "resolution", "issueStatus", "updateDate")
#: What a mapping may name: the fields of an issue that are read.
FIELDS = (*_KEPT, "key", "component", "project", "message", "effort", "creationDate", "closeDate", "tags", AUTHOR)


def read(
    paths: Iterable[Path],
    zone: ZoneInfo,
    cause: str | None = None,
    mapping: FieldMapping = UNMAPPED,
    decoding: Decoding = RECOGNISED,
) -> Iterator[RecordRead]:
    """Read exports: files, or folders of pages. zone: decides on which day a moment falls.

    cause: of every issue, instead of what rule and type suggest; Refused if there is no such cause. A record that
    cannot be read is a bad row. Raises Unreadable for a file that is neither JSON nor a table, or holds no issues.
    """
    refuse_no_cause(cause)
    refuse_no_efforts(mapping)
    unseen = set(mapping.headers)
    count = 0
    for path in pages(paths, ".json", ".csv", ".tsv"):
        if path.suffix.lower() in (".csv", ".tsv"):
            found = table_records(path, decoding)
        else:
            document = read_json(path, "an export of SonarQube", decoding)
            yield stated_total(document)
            yield from stated_day(document, zone)
            found = records(path, document)
        for place, record in found:
            count += 1
            unseen -= record.keys() if isinstance(record, dict) else set()
            yield _read(place, record, zone, cause, mapping)
    if count:
        refuse_unseen(unseen)


def _read(place: str, record: Any, zone: ZoneInfo, cause: str | None, mapping: FieldMapping) -> ToolFinding | BadRow:
    key = ""
    try:
        if not isinstance(record, dict):
            raise Unreadable("The record is not an object.")
        record = mapping.applied(record)
        key = text_of(record, "key")
        finding = _finding(place, record, zone, cause)
        author = text_of(record, AUTHOR) if mapping.keeps_authors else ""
        return replace(finding, details=finding.details | {AUTHOR: author}) if author else finding
    except Unreadable as error:
        return BadRow(place, row_reason(error), key)


def _finding(place: str, record: dict[str, Any], zone: ZoneInfo, cause: str | None) -> ToolFinding:
    """A finding from an issue's record. Raises Unreadable."""
    key = text_of(record, "key")
    if not key:
        raise Unreadable("The issue has no key.")
    created, closed, updated = (moment_of(record, f"{name}Date", zone) for name in ("creation", "close", "update"))
    if created is None:
        raise Unreadable("The issue has no creationDate.")
    words = [text_of(record, name) for name in ("status", "resolution", "issueStatus")]
    state = state_of(*words, closed=closed is not None)
    if state is None:
        raise Unreadable(f"Nobody knows what the state '{said(*words)}' means: it is in no table of docs/importing.md.")
    if state not in STANDING and closed is not None and closed < created:
        raise Unreadable(f"The issue was closed on {closed}, before it was created on {created}.")
    settled = updated if state in STANDING or closed is None else closed
    rule = text_of(record, "rule") or text_of(record, "ruleKey")
    component, line = text_of(record, "component"), text_of(record, "line")
    title = title_from(text_of(record, "message") or rule)
    if not title:
        raise Unreadable("The issue has neither a message nor a rule.")
    return ToolFinding(
        key=key,
        place=place,
        title=title,
        cause=cause or _cause(record, rule),
        found_on=created.date(),
        state=state,
        state_on=max(settled, created).date() if settled else None,
        # Older versions call it `debt`; tables have it as a number of minutes.
        minutes=stated_minutes(record, "effort", "debt"),
        located=":".join(part for part in (component or key, line) if part),
        details=_details(record, component),
        content_hash=content_hash(record),
        said=said(*words),
        updated_on=max(updated, created).date() if updated else None,
        scope=text_of(record, "project"),
        changed_at=updated or closed,
    )


def _cause(record: dict[str, Any], rule: str) -> str:
    of_rule = CAUSE_OF_RULE.get(rule.rpartition(":")[2])
    if of_rule:
        return of_rule
    # Hotspots have no type; in pages of their own they have this instead.
    kind = text_of(record, "type") or ("SECURITY_HOTSPOT" if "vulnerabilityProbability" in record else "")
    harmful = (
        kind in CODING_ERRORS
        if kind
        else any(f"'{quality}'" in str(record.get("impacts")) for quality in CODING_ERROR_QUALITIES)
    )
    return "coding-error" if harmful else OTHER_CAUSE


def _details(record: dict[str, Any], component: str) -> dict[str, str]:
    """What a lead looks for, as text; what the record does not have is left out."""
    details = {name: text_of(record, name) for name in _KEPT}
    project = text_of(record, "project")
    details["file"] = component.removeprefix(f"{project}:") if project else component.rpartition(":")[2]
    tags = record.get("tags")
    if isinstance(tags, list):
        details["tags"] = clean_text(", ".join(str(tag) for tag in tags))
    return {name: text for name, text in details.items() if text}


def _state_kept(details: dict[str, str]) -> FindingState | None:
    """What the details of an issue say of its state when it was first imported."""
    words = (details.get(name, "") for name in ("status", "resolution", "issueStatus"))
    return state_of(*words, closed=False)


KIND = FindingsKind(
    source="sonarqube",
    tool="SonarQube",
    finding="issue",
    files="exported files, or folders of pages",
    category="code-quality",
    read=read,
    options=(cause_option("Of every issue; by default its rule and type suggest one."),),
    fields=FIELDS,
    state_kept=_state_kept,
)
