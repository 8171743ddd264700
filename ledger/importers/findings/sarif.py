"""SARIF 2.1.0, read into findings: the logs of any tool that writes it.

A result has no day of its own: it is found on the day on which its run ended, if no older first detection is told. Its state
is what `sarif_states` says, its key what `sarif_identity` makes. No tool states an effort; a mapping makes one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import takewhile
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from ledger.importers.files import pages, read_json
from ledger.importers.findings.causes import cause_option, refuse_no_cause
from ledger.importers.findings.efforts import refuse_no_efforts, stated_minutes
from ledger.importers.findings.fields import content_hash, moment_of, object_of, text_of, title_from
from ledger.importers.findings.finding import (
    Caution,
    PassedOver,
    RecordRead,
    StatedDay,
    StatedPart,
    StatedScope,
    ToolFinding,
)
from ledger.importers.findings.kind import FindingsKind, ImportOption
from ledger.importers.findings.sarif_fields import cause_of, details_of, fields_of
from ledger.importers.findings.sarif_identity import IdentityForm, ResultKeys, identity_of
from ledger.importers.findings.sarif_messages import message_of
from ledger.importers.findings.sarif_places import ResultPlace, is_of_one_machine
from ledger.importers.findings.sarif_rules import rules_typed
from ledger.importers.findings.sarif_runs import UTC_ZONE, SarifRun, day_in, runs_of
from ledger.importers.findings.sarif_states import (
    ABSENT,
    FAIL,
    NO_PROBLEM,
    baseline_state,
    justification,
    kind_of,
    said,
    state_of,
)
from ledger.importers.mapping import UNMAPPED, FieldMapping, refuse_unseen
from ledger.importers.rows import BadRow
from ledger.vocabulary.errors import Refused, Unreadable
from ledger.vocabulary.text_encodings import RECOGNISED, Decoding

#: What a mapping may name.
FIELDS = ("key", "effort", "message", "severity", "level")


@dataclass(slots=True)
class _SarifReading:
    """What is the same for all logs of an import, and what is noted on the way. days: of each scope, with the place."""

    zone: ZoneInfo
    on: date | None
    cause: str | None
    root: str | None
    mapping: FieldMapping
    keys: ResultKeys = field(default_factory=ResultKeys)
    days: dict[str, tuple[date, str]] = field(default_factory=dict)
    seen: set[str] = field(default_factory=set)
    forms: Counter[IdentityForm] = field(default_factory=Counter)
    absolute: list[str] = field(default_factory=list)


def read(
    paths: Iterable[Path],
    zone: ZoneInfo,
    on: date | None = None,
    cause: str | None = None,
    root: str | None = None,
    ran: tuple[str, ...] | None = None,
    mapping: FieldMapping = UNMAPPED,
    decoding: Decoding = RECOGNISED,
) -> Iterator[RecordRead]:
    """Read logs: files, or folders of them. zone: decides on which day a run ended. on: the day of a run that says none.

    cause: of every result, instead of what its rule suggests. root: the folder of the code, taken off the names of files.
    ran: how the names of rules begin that were run, whether a log describes them or not.
    A result that cannot be read is a bad row. Raises Unreadable for a file that is no log, or of which a part is elsewhere;
    Refused for a run whose day nobody says, for two runs of one scope on two days, and for no cause.
    """
    refuse_no_cause(cause)
    refuse_no_efforts(mapping)
    reading = _SarifReading(zone, on, cause, root, mapping)
    count = 0
    for path in pages(paths, ".sarif", ".sarif.json"):
        document = read_json(path, "a SARIF log", decoding)
        for run in runs_of(path, document, zone, root, ran or ()):
            day = _day(path, run, reading)
            yield StatedScope(run.scope, run.rules.searched)
            yield StatedDay(day)
            if run.partial:
                yield StatedPart(f"of {run.tool} in {path} {run.where}, {run.partial}")
            for number, result in enumerate(run.results):
                yield _read(f"{path} {run.where}.results[{number}]", result, run, day, reading)
            count += len(run.results)
    if count:
        refuse_unseen(set(mapping.headers) - reading.seen)
    yield from _cautions(reading)


def _day(path: Path, run: SarifRun, reading: _SarifReading) -> date:
    """The day of a run. Raises Refused where nobody says it, and for one of which another day was read."""
    place = f"{path} {run.where}"
    day = run.day or reading.on
    if day is None:
        raise Refused(
            f"{place}: {run.tool} does not say on which day it ran.", "Say it: `--on DATE`, like `--on 2026-03-31`."
        )
    other, there = reading.days.setdefault(run.scope, (day, place))
    if other != day:
        raise Refused(
            f"{place} is a run of {run.scope} of {day}, and {there} is one of {other}: what the older one says is over.",
            "Import them one after the other, the older one first.",
        )
    return day


def _read(place: str, result: Any, run: SarifRun, day: date, reading: _SarifReading) -> RecordRead:
    key = ""
    try:
        if not isinstance(result, dict):
            raise Unreadable("The result is not an object.")
        rule = run.rules.of(result)
        where, message = run.tree.place(result), message_of(result, rule)
        record = fields_of(result, run, rule, where, message)
        reading.seen |= record.keys()
        record = reading.mapping.applied(record)
        if result.get("kind") in NO_PROBLEM:
            return PassedOver(f"of kind {result['kind']}: no finding")
        key = text_of(record, "key") or _own_key(result, run, rule.id, where, message, reading)
        if (kind := kind_of(result)) != FAIL:
            return PassedOver(f"of kind {kind}: nobody says that it is a finding", key)
        if baseline_state(result) == ABSENT and (run.partial or not run.rules.was_run(rule)):
            why = "not everything was looked for" if run.partial else "their rule was not run, as far as the log tells"
            return PassedOver(f"absent, and {why}: what stands for them stays as it is", key)
        return _finding(place, key, result, record, run, where, day, reading)
    except Unreadable as error:
        return BadRow(place, str(error), key)


def _own_key(
    result: dict[str, Any], run: SarifRun, rule: str, where: ResultPlace, message: str, reading: _SarifReading
) -> str:
    """The key of a result to which no mapping gives one."""
    identity = identity_of(result, where, message)
    reading.forms[identity.form] += 1
    if is_of_one_machine(where.file) and identity.form not in ("correlationGuid", "fingerprint"):
        reading.absolute.append(where.file)
    return reading.keys.key(run.scope, rule, identity, where, message)


def _finding(
    place: str,
    key: str,
    result: dict[str, Any],
    record: dict[str, Any],
    run: SarifRun,
    where: ResultPlace,
    day: date,
    reading: _SarifReading,
) -> ToolFinding:
    """A finding from a result of kind fail whose rule was run. Raises Unreadable."""
    state = state_of(result)
    first = moment_of(object_of(result, "provenance"), "firstDetectionTimeUtc", UTC_ZONE)
    return ToolFinding(
        key=key,
        place=place,
        title=title_from(text_of(record, "message")),
        cause=reading.cause or cause_of(record),
        found_on=min(day_in(first, reading.zone), day) if first else day,
        state=state,
        state_on=day if baseline_state(result) == ABSENT else None,
        minutes=stated_minutes(record, "effort"),
        located=where.located or text_of(record, "rule") or run.tool,
        details=details_of(record) | ({"justification": why} if (why := justification(result)) else {}),
        content_hash=content_hash(result),
        said=said(result),
        updated_on=day,
        scope=run.scope,
    )


def _cautions(reading: _SarifReading) -> Iterator[Caution]:
    """How results without a fingerprint are told apart, and what would make others of them."""
    by = {"snippet": "the code that they quote", "message": "their message"}
    for form, text in by.items():
        if number := reading.forms[form]:  # type: ignore[index]
            yield Caution(
                f"{number} results have no fingerprint: rule, file and {text} tell them apart, and those that are alike are "
                "numbered in their order."
            )
    if reading.absolute:
        folders = zip(*(path.split("/")[:-1] for path in reading.absolute), strict=False)
        folder = "/".join(each[0] for each in takewhile(lambda each: len(set(each)) == 1, folders)) or "FOLDER"
        yield Caution(
            f"{len(reading.absolute)} results are in files of one machine, like {reading.absolute[0]}: from another folder they "
            f"would be taken for others. `--root {folder}` takes that off."
        )


KIND = FindingsKind(
    source="sarif",
    tool="SARIF",
    finding="result",
    files="logs of SARIF 2.1.0 (.sarif), or folders of them",
    category="code-quality",
    read=read,
    options=(
        cause_option("Of every result; by default its rule and level suggest one."),
        ImportOption("root", "The folder of the code, taken off the names of files.", str.strip),
        ImportOption(
            "ran", "Rules that were run, though the log does not describe them: S,E5, or * for all.", rules_typed
        ),
    ),
    fields=FIELDS,
    local_keys=True,
    asks_day=True,
)
