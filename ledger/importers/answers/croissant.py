"""Croissant metadata (MLCommons): JSON-LD of a data set, with the vocabulary for responsible AI.

A key is known by its name, whichever prefix stands before it. Files and fields are listed as they are named there.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from ledger.importers.answers.passages import DocumentReading
from ledger.vocabulary.datasheet_questions import is_answer
from ledger.vocabulary.errors import Unreadable

_RAI = "rai:"

#: Key -> the question it answers; those of the vocabulary for responsible AI with its prefix.
_KEYS = {
    "funder": "1.3",
    "funding": "1.3",
    "creator": "1.2",
    "description": "2.1",
    "inLanguage": "2.1",
    "recordSet": "2.4",
    "publisher": "7.1",
    "maintainer": "7.1",
    "license": "6.4",
    "usageInfo": "6.4",
    "url": "6.2",
    "sameAs": "6.2",
    "distribution": "6.2",
    "datePublished": "6.3",
    "citation": "6.7",
    "citeAs": "6.7",
    "version": "7.4",
    "dateModified": "7.4",
    "isLiveDataset": "7.4",
    f"{_RAI}dataCollection": "3.1",
    f"{_RAI}dataCollectionType": "3.2",
    f"{_RAI}dataCollectionTimeframe": "3.5",
    f"{_RAI}dataCollectionMissingData": "2.6",
    f"{_RAI}dataCollectionRawData": "3.1",
    f"{_RAI}dataPreprocessingProtocol": "4.1",
    f"{_RAI}dataImputationProtocol": "4.1",
    f"{_RAI}dataManipulationProtocol": "4.1",
    f"{_RAI}dataAnnotationProtocol": "4.1",
    f"{_RAI}dataAnnotationAnalysis": "4.1",
    f"{_RAI}annotationsPerItem": "4.1",
    f"{_RAI}dataAnnotationPlatform": "4.3",
    f"{_RAI}machineAnnotationTools": "4.3",
    f"{_RAI}annotatorDemographics": "3.4",
    f"{_RAI}personalSensitiveInformation": "2.15",
    f"{_RAI}dataUseCases": "5.3",
    f"{_RAI}dataLimitations": "5.4",
    f"{_RAI}dataBiases": "5.4",
    f"{_RAI}dataSocialImpact": "5.4",
    f"{_RAI}dataReleaseMaintenancePlan": "7.4",
}
_BY_NAME = {key.removeprefix(_RAI): (key, question) for key, question in _KEYS.items()}
#: What says what the file is, and nothing about the data set.
_ABOUT_THE_FILE = ("@context", "@type", "@id", "conformsTo", "name", "alternateName", "identifier")

_DATASET_TYPES = ("Dataset", "sc:Dataset", "schema:Dataset", "http://schema.org/Dataset", "https://schema.org/Dataset")
#: What an object is called by, in this order; its identifier only where it has no other.
_WORDS = ("@value", "name", "dataType", "encodingFormat", "contentSize", "email", "url", "contentUrl", "description")
#: What is listed below an object: the fields of a record set, and those within a field.
_INNER = ("field", "subField")
#: A key of a language map: a tag of BCP 47, or JSON-LD's word for a text that has none.
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8})*|@none")
_MOST_LINES = 500
_DEEPEST = 6


def is_json(text: str) -> bool:
    """Whether a text is meant as JSON."""
    return text.lstrip().startswith(("{", "["))


def read_croissant(text: str) -> DocumentReading:
    """What the metadata says. Raises Unreadable for JSON that is broken, or no Croissant."""
    try:
        return _read(json.loads(text))
    except RecursionError as error:
        raise Unreadable("It begins like JSON and is none that can be read: it is nested too deeply.") from error
    except ValueError as error:
        raise Unreadable(f"It begins like JSON and is none: {error}.") from error


def _read(found: Any) -> DocumentReading:
    if not isinstance(found, dict) or not _is_croissant(found):
        raise Unreadable(
            "It is JSON, but no Croissant metadata: that is a Dataset which conforms to mlcommons.org/croissant."
        )
    named = found.get("name", "")
    reading = DocumentReading(_said(next(iter(named.values())) if _is_language_map(named) else named))
    for key, value in found.items():
        name = _local(key)
        if name in _ABOUT_THE_FILE:
            continue
        place, question = _BY_NAME.get(name, (key, None))
        reading.take(question, place, _text(value))
    said = {passage.place for passage in reading.passages} | set(reading.silent)
    reading.silent += [key for key in _KEYS if key.startswith(_RAI) and key not in said]
    return reading


def _is_croissant(found: dict[str, Any]) -> bool:
    types = found.get("@type")
    of_dataset = any(name in _DATASET_TYPES for name in (types if isinstance(types, list) else [types]))
    signs = [value for key, value in found.items() if _local(key) in ("conformsTo", "@context")]
    return of_dataset and "mlcommons.org" in json.dumps(signs)


def _local(key: str) -> str:
    """A key without its prefix or the address of its vocabulary."""
    return key.rpartition("/")[2].rpartition(":")[2] if not key.startswith("@") else key


def _text(value: Any) -> str:
    """A value in lines: one by itself, several as a list, what lies in them below them, indented."""
    only = value[0] if isinstance(value, list) and len(value) == 1 else value
    lines = list(_lines(only, 0))
    more = len(lines) - _MOST_LINES
    return "\n".join([*lines[:_MOST_LINES], *([f"- … and {more} more in the file"] if more > 0 else [])])


def _lines(value: Any, depth: int) -> Iterator[str]:
    if depth > _DEEPEST:
        return
    if _is_language_map(value):
        value = _by_language(value)
    for each in value if isinstance(value, list) else [value]:
        said = _said(each)
        if said:
            yield f"{'  ' * depth}- {said}" if isinstance(value, list) or depth else said
        if isinstance(each, dict):
            for key in each:
                if _local(key) in _INNER:
                    yield from _lines(each[key], depth + 1)


def _is_language_map(value: Any) -> bool:
    """Whether a value is a text in several languages: {"en": …, "de": …}."""
    return (
        isinstance(value, dict)
        and bool(value)
        and all(_LANGUAGE.fullmatch(key) and key not in _WORDS for key in value)
        and all(isinstance(text, str | list) for text in value.values())
    )


def _by_language(texts: dict[str, Any]) -> list[dict[str, Any]]:
    """A language map in JSON-LD's longer form; a language in which nothing is said is none."""
    return [{"@language": tag, "@value": text} for tag, text in texts.items() if is_answer(_said(text))]


def _said(value: Any) -> str:
    """One value in words."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str | int | float):
        return str(value).strip()
    if not isinstance(value, dict):
        return ", ".join(filter(None, (_said(each) for each in value))) if isinstance(value, list) else ""
    by_name = {_local(key): each for key, each in value.items()}
    if _is_language_map(value):
        return ", ".join(_said(each) for each in _by_language(value))
    words = [_said(by_name[name]) for name in _WORDS if name in by_name]
    if by_name.get("@language", "@none") != "@none" and any(words):
        words[0] = f"{by_name['@language']}: {words[0]}"
    return ", ".join(filter(None, words)) or _said(by_name.get("@id", ""))
