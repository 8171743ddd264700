"""The fields of a result under one name each: what a mapping may look at, and what an item keeps as details."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from ledger.importers.findings.causes import OTHER_CAUSE
from ledger.importers.findings.fields import object_of, objects_of, text_of
from ledger.importers.findings.sarif_places import ResultPlace
from ledger.importers.findings.sarif_rules import SarifRule
from ledger.importers.findings.sarif_runs import SarifRun
from ledger.vocabulary.text import clean_text

#: Words for a security-severity, from the score on.
_SECURITY = ((9.0, "critical"), (7.0, "high"), (4.0, "medium"))
#: Rules with one of these tags tell of code that does what it should not.
_ERROR_TAGS = {"security", "correctness", "reliability", "bug"}
#: What an item keeps. Persons have no place in it.
_KEPT = (
    "tool",
    "rule",
    "level",
    "severity",
    "security-severity",
    "rank",
    "file",
    "line",
    "occurrences",
    "taxa",
    "tags",
)


def fields_of(
    result: dict[str, Any], run: SarifRun, rule: SarifRule, place: ResultPlace, message: str
) -> dict[str, Any]:
    """The fields that a result has, as text: its own, its rule's, and the property bags of both. Raises Unreadable."""
    bag, rule_bag = object_of(result, "properties"), object_of(rule.descriptor, "properties")
    level = run.rules.level(rule, result)
    score = text_of(bag, "security-severity") or text_of(rule_bag, "security-severity")
    named = {
        "tool": run.tool,
        "rule": rule.id,
        "ruleName": text_of(rule.descriptor, "name"),
        "level": level,
        "severity": _severity(score) or level,
        "security-severity": score,
        "rank": "" if result.get("rank") == -1 else text_of(result, "rank"),
        "message": message,
        "file": place.file,
        "line": place.line,
        "function": place.logical,
        "occurrences": text_of(result, "occurrenceCount"),
        "taxa": ", ".join(_taxa(result)),
        "tags": clean_text(", ".join(dict.fromkeys((*_tags(rule_bag), *_tags(bag))))),
    }
    bags = {f"properties.{name}": value for name, value in _scalars(bag)}
    bags |= {f"rule.properties.{name}": value for name, value in _scalars(rule_bag)}
    return {name: text for name, text in (bags | named).items() if text}


def details_of(record: dict[str, Any]) -> dict[str, str]:
    """What an item keeps of the fields: what a lead looks for, as text."""
    return {name: text for name in _KEPT if (text := text_of(record, name))}


def cause_of(record: dict[str, Any]) -> str:
    """Why a result was left, as far as its level and its rule's tags suggest one."""
    tags = set(str(record.get("tags", "")).lower().split(", "))
    harmful = "security-severity" in record or record.get("level") == "error" or not tags.isdisjoint(_ERROR_TAGS)
    return "coding-error" if harmful else OTHER_CAUSE


def _severity(score: str) -> str:
    """A security-severity in words, as those who host SARIF sort it; empty for what is no score."""
    with suppress(ValueError):
        number = float(score)
        if math.isfinite(number) and number > 0:
            return next((word for least, word in _SECURITY if number >= least), "low")
    return ""


def _taxa(result: dict[str, Any]) -> Iterator[str]:
    """Of which kinds a result is: CWE-79."""
    for taxon in objects_of(result, "taxa"):
        name = "-".join(filter(None, (text_of(object_of(taxon, "toolComponent"), "name"), text_of(taxon, "id"))))
        if name:
            yield name


def _tags(bag: dict[str, Any]) -> Iterator[str]:
    """Tags are words; what stands in their place instead is anybody's own, and none."""
    tags = bag.get("tags")
    if isinstance(tags, list):
        yield from (tag for tag in tags if isinstance(tag, str))


def _scalars(bag: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for name, value in bag.items():
        if value is not None and not isinstance(value, dict | list):
            yield name, str(value)
