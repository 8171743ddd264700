"""Dataset cards as Hugging Face has them: YAML front matter, then Markdown with the headings of a template.

Of the front matter only the few keys that answer a question are read, by their plainest spelling: a word after the
colon, or a list below it. A heading that is no template's belongs to the text above it if it stands deeper.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from ledger.importers.answers.passages import DocumentReading
from ledger.vocabulary.datasheet_form import in_lines
from ledger.vocabulary.datasheet_questions import is_answer
from ledger.vocabulary.errors import Unreadable
from ledger.vocabulary.text import bare_words

#: Heading of a template -> the question it answers; None for one that holds other headings, or speaks of the card.
_HEADINGS: dict[str, str | None] = {
    "Dataset Card": None,
    "Table of Contents": None,
    "Dataset Details": None,
    "Dataset Description": None,
    "Dataset Sources": None,
    "Dataset Creation": None,
    "Additional Information": None,
    "Contributions": None,
    "More Information": None,
    "Glossary": None,
    "Dataset Card Authors": None,
    "Dataset Summary": "2.1",
    "Languages": "2.1",
    "Dataset Structure": "2.4",
    "Data Instances": "2.4",
    "Data Fields": "2.4",
    "Data Splits": "2.8",
    "Personal and Sensitive Information": "2.15",
    "Curation Rationale": "1.1",
    "Dataset Curators": "1.2",
    "Source Data": "3.1",
    "Initial Data Collection and Normalization": "3.1",
    "Data Collection and Processing": "3.1",
    "Who are the source language producers?": "3.4",
    "Who are the source data producers?": "3.4",
    "Who are the annotators?": "3.4",
    "Annotations": "4.1",
    "Annotation process": "4.1",
    "Uses": "5.3",
    "Direct Use": "5.3",
    "Supported Tasks": "5.3",
    "Supported Tasks and Leaderboards": "5.3",
    "Out-of-Scope Use": "5.5",
    "Considerations for Using the Data": "5.4",
    "Social Impact of Dataset": "5.4",
    "Discussion of Biases": "5.4",
    "Other Known Limitations": "5.4",
    "Bias, Risks, and Limitations": "5.4",
    "Recommendations": "5.4",
    "Licensing Information": "6.4",
    "Citation": "6.7",
    "Citation Information": "6.7",
    "Dataset Card Contact": "7.2",
}
#: `- **Homepage:** …` under a heading that answers nothing itself.
_BULLETS = {
    "Curated by": "1.2",
    "Funded by": "1.3",
    "Language(s) (NLP)": "2.1",
    "Leaderboard": "5.1",
    "Homepage": "6.2",
    "Repository": "6.2",
    "License": "6.4",
    "Shared by": "7.1",
    "Point of Contact": "7.2",
}
#: Keys of the front matter, in the order in which they are read.
_KEYS = {"size_categories": "2.2", "license": "6.4", "licenses": "6.4"}
_NAME_KEY = "pretty_name"

#: How the template's own advice begins: a card that still has it says nothing there.
_TEMPLATE = tuple(
    bare_words(text)
    for text in (
        "Briefly summarize the dataset",
        "For each of the tasks tagged for this dataset",
        "Provide a brief overview of the languages",
        "Provide an JSON-formatted example",
        "Provide a JSON-formatted example",
        "List and describe the fields present",
        "Describe and name the splits",
        "What need motivated the creation of this dataset",
        "This section describes the source data",
        "Describe the data collection process",
        "State whether the data was produced by humans",
        "If the dataset contains annotations which are not part",
        "If applicable, describe the annotation process",
        "If annotations were collected for the source data",
        "State whether the dataset uses identity categories",
        "Please discuss some of the ways you believe",
        "Provide descriptions of specific biases",
        "If studies of the datasets have outlined other limitations",
        "Dataset provided for research purposes only. Please check dataset license",
        "List the people involved in collecting the dataset",
        "Provide the license and link",
        "Provide the BibTex-formatted reference",
    )
)
_TEMPLATE_NAMES = ("datasetname", "datasetcardcreationguide")

_ATX = re.compile(r" {0,3}(#{1,6})[ \t]+(.*)")
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_BULLET = re.compile(r"[-*] +\[?\*\*([^*]+?):?\*\*:?(?:\]\((.*)\)|(.*))")
_KEY = re.compile(r"([A-Za-z_][\w-]*):(?:[ \t]+(.*))?", re.ASCII)
_ENTRY = re.compile(r"[ \t]*-[ \t]+(.*)")
_KNOWN = {bare_words(heading): question for heading, question in _HEADINGS.items()}
#: Headings that hold others, and need no text of their own; those that say nothing of the data.
_HOLDERS = frozenset(
    bare_words(heading)
    for heading in ("Dataset Structure", "Source Data", "Annotations", "Uses", "Considerations for Using the Data")
)
_NOT_OF_THE_DATA = frozenset(bare_words(heading) for heading in ("Table of Contents", "Contributions"))
_KNOWN_BULLETS = {bare_words(bullet): question for bullet, question in _BULLETS.items()}


@dataclass(slots=True)
class _Section:
    """A heading and the lines below it, up to the next one of a template, or one that stands no deeper."""

    heading: str
    level: int
    lines: list[str] = field(default_factory=list)


def read_card(text: str) -> DocumentReading:
    """What a card says. Raises Unreadable for a text without a single heading of a card."""
    front, body = _parted(in_lines(text))
    sections = list(_sections(body))
    if not any(bare_words(section.heading) in _KNOWN for section in sections):
        raise Unreadable(
            "It is neither a data sheet of this ledger (`debt datasheet SYSTEM --export FILE.md` writes one), nor a "
            "dataset card: it has no heading of one, such as '### Dataset Summary', nor Croissant metadata."
        )
    keys = _front_matter(front)
    reading = DocumentReading(_name(keys.get(_NAME_KEY, []), sections))
    for key, question in _KEYS.items():
        if key in keys:
            reading.take(question, f"front matter, {key}", ", ".join(keys[key]))
    for section in sections:
        _take_section(section, reading)
    return reading


def _take_section(section: _Section, reading: DocumentReading) -> None:
    key, text = bare_words(section.heading), "\n".join(section.lines).strip("\n")
    if key in _NOT_OF_THE_DATA:
        return
    if key in _KNOWN and _KNOWN[key] is None:
        _take_bullets(section, reading)
    elif text.strip() or not (section.level == 1 or key in _HOLDERS):
        told = "" if bare_words(text).startswith(_TEMPLATE) else text
        reading.take(_KNOWN.get(key), section.heading, told)


def _take_bullets(section: _Section, reading: DocumentReading) -> None:
    """The bullets that name what they are; any other text is told as unused."""
    rest: list[str] = []
    for line in section.lines:
        bullet = _BULLET.fullmatch(line.strip())
        if bullet is None:
            rest.append(line)
        else:
            label = bullet[1].strip()
            reading.take(_KNOWN_BULLETS.get(bare_words(label)), label, (bullet[2] or bullet[3] or "").strip())
    if is_answer("\n".join(rest)):
        reading.unused.append(section.heading)


def _sections(lines: list[str]) -> Iterator[_Section]:
    current: _Section | None = None
    fence = ""
    for line in lines:
        fence = _fence_after(line, fence)
        heading = None if fence else _heading(line)
        if heading and not _belongs_above(heading, current):
            if current:
                yield current
            current = heading
        elif current:
            current.lines.append(line)
    if current:
        yield current


def _heading(line: str) -> _Section | None:
    """The section that a line begins, None if it is no heading; hashes may close it too."""
    found = _ATX.fullmatch(line)
    if found is None:
        return None
    words = found[2].rstrip()
    bare = words.rstrip("#")
    return _Section((bare if bare.endswith((" ", "\t")) or not bare else words).strip(), len(found[1]))


def _belongs_above(heading: _Section, current: _Section | None) -> bool:
    """Whether a heading is part of the text above it: no template's, and deeper than one that answers something."""
    return (
        current is not None
        and bare_words(heading.heading) not in _KNOWN
        and heading.level > current.level
        and _KNOWN.get(bare_words(current.heading)) is not None
    )


def _fence_after(line: str, fence: str) -> str:
    """The fence in which the text below a line stands, '' for none: what looks like a heading in code is none."""
    mark = _FENCE.match(line)
    if mark is None:
        return fence
    if not fence:
        return mark[1]
    closes = mark[1][0] == fence[0] and len(mark[1]) >= len(fence) and not line.strip().strip(fence[0])
    return "" if closes else fence


# --- front matter -----------------------------------------------------------------------------------


def _parted(lines: list[str]) -> tuple[list[str], list[str]]:
    """The front matter's lines, and those of the card below it."""
    if lines[0].rstrip() != "---":
        return [], lines
    for place, line in enumerate(lines[1:], start=1):
        if line.rstrip() == "---":
            return lines[1:place], lines[place + 1 :]
    raise Unreadable("Its front matter begins with '---' on line 1 and does not end.")


def _front_matter(lines: list[str]) -> dict[str, list[str]]:
    """The values of keys that stand at the margin; what is spelt in any other way has none."""
    keys: dict[str, list[str]] = {}
    values: list[str] | None = None
    for line in lines:
        key, entry = _KEY.fullmatch(line.rstrip()), _ENTRY.fullmatch(line.rstrip())
        if key:
            values = keys.setdefault(key[1], [])
            values += [_word(key[2])] if key[2] else []
        elif entry and values is not None:
            values.append(_word(entry[1]))
    return keys


def _word(text: str) -> str:
    text = text.strip()
    return text[1:-1] if len(text) > 1 and text[0] == text[-1] and text[0] in "\"'" else text


def _name(told: list[str], sections: list[_Section]) -> str:
    """The data set's name: of the front matter, or in the title; '' where both still are the template's."""
    titles = [section.heading for section in sections if section.level == 1]
    for name in (*told, *(re.sub(r"(?i)^dataset card for ", "", title) for title in titles)):
        name = name.strip().strip("`\"'[]")
        if is_answer(name) and bare_words(name) not in _TEMPLATE_NAMES:
            return name
    return ""
