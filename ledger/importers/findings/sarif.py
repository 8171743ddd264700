"""SARIF 2.1.0, read into findings: the logs of any tool that writes it.

A result has no day of its own: it is found on the day on which its run ended, if no older first detection is told. Its state
is what `sarif_states` says, its key what `sarif_identity` makes. No tool states an effort; a mapping makes one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import takewhile
from pathlib import Path
from shlex import quote
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
from ledger.importers.findings.sarif_rules import SarifRule, rules_typed
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
from ledger.importers.rows import BadRow, row_reason
from ledger.vocabulary.counted import counted
from ledger.vocabulary.errors import NOTHING_RECORDED, Refused, Unreadable
from ledger.vocabulary.text_encodings import RECOGNISED, Decoding

#: Of a run, and not of a result: a mapping keeps the name that the tool had.
SCOPE = "scope"
#: What a mapping may name.
FIELDS = ("key", "effort", "message", "severity", "level", SCOPE)

#: Of how many logs a caution names the folder.
_SHOWN = 3


@dataclass(slots=True)
class _SarifReading:
    """What is the same for all logs of an import, and what is noted on the way.

    days: of each scope, with the place. absolute: files of one machine, by the log that names them.
    """

    zone: ZoneInfo
    on: date | None
    cause: str | None
    root: str | None
    mapping: FieldMapping
    keys: ResultKeys = field(default_factory=ResultKeys)
    days: dict[str, tuple[date, Path, str]] = field(default_factory=dict)
    seen: set[str] = field(default_factory=set)
    forms: Counter[IdentityForm] = field(default_factory=Counter)
    absolute: dict[str, list[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _SarifResult:
    """A result. said: as the log has it. fields: one name each, as the mapping has them; the rest is as they are without."""

    place: str
    said: dict[str, Any]
    run: SarifRun
    rule: SarifRule
    where: ResultPlace
    message: str
    fields: dict[str, Any]


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
    if SCOPE in mapping.columns:
        raise Unreadable(
            f"The mapping reads the scope from a column: a run has it, and [values.scope] names it otherwise. {NOTHING_RECORDED}"
        )
    reading = _SarifReading(zone, on, cause, root, mapping)
    count = 0
    for path in pages(paths, ".sarif", ".sarif.json"):
        document = read_json(path, "a SARIF log", decoding)
        runs = runs_of(path, document, zone, root, ran or ())
        for run in (replace(each, scope=mapping.named(SCOPE, each.scope)) for each in runs):
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
    other, file, where = reading.days.setdefault(run.scope, (day, path, run.where))
    if other != day:
        older, newer = ((run.where, where) if day < other else (where, run.where)) if file == path else ("", "")
        raise Refused(
            f"{place} is a run of {run.scope} of {day}, and {file} {where} is one of {other}: what the older one says is over.",
            f"{_parted(path, older, newer)}Import them one after the other, the older one first.",
        )
    return day


def _parted(path: Path, older: str, newer: str) -> str:
    """How the runs of one file become files of their own; nothing where they are in two. older, newer: where they are in it."""
    if not older:
        return ""
    commands = (
        f"`jq '.runs = [{run.removeprefix('$')}]' {quote(str(path))} > {name}.sarif`"
        for run, name in ((older, "older"), (newer, "newer"))
    )
    return f"Put each run into a file of its own: {', '.join(commands)}. "


def _read(place: str, said: Any, run: SarifRun, day: date, reading: _SarifReading) -> RecordRead:
    key = ""
    try:
        if not isinstance(said, dict):
            raise Unreadable("The result is not an object.")
        result = _result(place, said, run, reading)
        if said.get("kind") in NO_PROBLEM:
            return PassedOver(f"of kind {said['kind']}: no finding")
        key = text_of(result.fields, "key") or _own_key(result, reading)
        if (kind := kind_of(said)) != FAIL:
            return PassedOver(f"of kind {kind}: nobody says that it is a finding", key)
        if baseline_state(said) == ABSENT and (run.partial or not run.rules.was_run(result.rule)):
            why = "not everything was looked for" if run.partial else "their rule was not run, as far as the log tells"
            return PassedOver(f"absent, and {why}: what stands for them stays as it is", key)
        return _finding(key, result, day, reading)
    except Unreadable as error:
        return BadRow(place, row_reason(error), key)


def _result(place: str, said: dict[str, Any], run: SarifRun, reading: _SarifReading) -> _SarifResult:
    """A result with what its run knows of it. Raises Unreadable."""
    rule = run.rules.of(said)
    where, message = run.tree.place(said), message_of(said, rule)
    fields = fields_of(said, run, rule, where, message)
    reading.seen |= fields.keys()
    return _SarifResult(place, said, run, rule, where, message, reading.mapping.applied(fields))


def _own_key(result: _SarifResult, reading: _SarifReading) -> str:
    """The key of a result to which no mapping gives one."""
    where, message = result.where, result.message
    identity = identity_of(result.said, where, message)
    reading.forms[identity.form] += 1
    if is_of_one_machine(where.file) and identity.form not in ("correlationGuid", "fingerprint"):
        log = result.place.partition(f" {result.run.where}")[0]
        reading.absolute.setdefault(log, []).append(where.file)
    return reading.keys.key(result.run.scope, result.rule.id, identity, where, message)


def _finding(key: str, result: _SarifResult, day: date, reading: _SarifReading) -> ToolFinding:
    """A finding from a result of kind fail whose rule was run. Raises Unreadable."""
    record = result.said
    first = moment_of(object_of(record, "provenance"), "firstDetectionTimeUtc", UTC_ZONE)
    why = justification(record)
    return ToolFinding(
        key=key,
        place=result.place,
        title=title_from(text_of(result.fields, "message")),
        cause=reading.cause or cause_of(result.fields),
        found_on=min(day_in(first, reading.zone), day) if first else day,
        state=state_of(record),
        state_on=day if baseline_state(record) == ABSENT else None,
        minutes=stated_minutes(result.fields, "effort"),
        located=result.where.located or result.rule.id or result.run.tool,
        details=details_of(result.fields) | ({"justification": why} if why else {}),
        content_hash=content_hash(record),
        said=said(record),
        updated_on=day,
        scope=result.run.scope,
    )


def _cautions(reading: _SarifReading) -> Iterator[Caution]:
    """How results without a fingerprint are told apart, and what would make others of them."""
    by: dict[IdentityForm, str] = {"snippet": "the code that they quote", "message": "their message"}
    for form, text in by.items():
        if number := reading.forms[form]:
            yield Caution(
                f"{counted(number, 'result has', 'results have')} no fingerprint: rule, file and {text} tell them "
                "apart, and those that are alike are numbered in their order."
            )
    if files := [file for each in reading.absolute.values() for file in each]:
        yield Caution(
            f"{counted(len(files), 'result is', 'results are')} in files of one machine, like {files[0]}: from another folder they "
            f"would be taken for others. {_taken_off(reading.absolute)}"
        )


def _taken_off(absolute: Mapping[str, Sequence[str]]) -> str:
    """How the folder of the code is taken off: one of all logs, else, where they are of several disks or machines, one of each."""
    if folder := _folder_above(file for files in absolute.values() for file in files):
        return f"`--root {quote(folder)}` takes that off."
    roots = {log: _folder_above(files) or "FOLDER" for log, files in absolute.items()}
    if len(roots) == 1:
        return "`--root FOLDER` takes that off."
    each = ", ".join(f"{log} with `--root {quote(root)}`" for log, root in list(roots.items())[:_SHOWN])
    return f"They lie in no one folder: import the logs one by one, {each}{' …' if len(roots) > _SHOWN else ''}."


def _folder_above(files: Iterable[str]) -> str:
    """The folder in which all files are; empty where that is no more than a disk."""
    folders = zip(*(path.split("/")[:-1] for path in files), strict=False)
    found = [each[0] for each in takewhile(lambda each: len(set(each)) == 1, folders)]
    return "/".join(found) if len(found) > 1 else ""


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
    rules_told="; `--ran RULES` says otherwise",
)
