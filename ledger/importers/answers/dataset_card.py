"""Dataset cards as Hugging Face has them: YAML front matter, then Markdown with the headings of a template.

Of the front matter only the few keys that answer a question are read. A heading that is no template's belongs to the text
above it if it stands deeper.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ledger.importers.answers.markdown_sections import MarkdownSection, plain_label, sections
from ledger.importers.answers.model_card import signs_of_a_model
from ledger.importers.answers.passages import DocumentReading
from ledger.importers.front_matter import YamlValue, parted, texts
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

# `- **Homepage:** x`, `**Homepage**: x`, and as a link, `- [**Homepage:**](x)`.
_BOLD_LABEL = re.compile(r"(?:[-*+][ \t]+)?\[?(?:\*\*|__)([^*]+?):?(?:\*\*|__)[ \t]*:?(?:\]\((.*)\)|(.*))")
_PLAIN_LABEL = re.compile(r"(?:[-*+][ \t]+)([^:*]{1,60}):()[ \t]*(.*)")
_KNOWN = {bare_words(heading): question for heading, question in _HEADINGS.items()}
#: Headings that hold others, and need no text of their own; those that say nothing of the data.
_HOLDERS = frozenset(
    bare_words(heading)
    for heading in ("Dataset Structure", "Source Data", "Annotations", "Uses", "Considerations for Using the Data")
)
_NOT_OF_THE_DATA = frozenset(bare_words(heading) for heading in ("Table of Contents", "Contributions"))
_KNOWN_BULLETS = {bare_words(bullet): question for bullet, question in _BULLETS.items()}


def read_card(text: str) -> DocumentReading:
    """What a card says. Raises Unreadable for a text without a single heading of a card, and for a model's card."""
    front = parted(in_lines(text))
    headed = list(sections(front.body))
    if signs := signs_of_a_model(front.fields, headed):
        raise Unreadable(
            f"It is a model card: it has {_listed(signs)}. What it says, its licence too, is said of a model; a data sheet "
            "is about the data. Import the card of the data set, or answer the questions with `debt datasheet SYSTEM --edit`."
        )
    parts = list(_joined(headed))
    if not any(_key(part) in _KNOWN for part in parts):
        raise Unreadable(
            "It is neither a data sheet of this ledger (`debt datasheet SYSTEM --export FILE.md` writes one), nor a "
            "dataset card: it has no heading of one, such as '### Dataset Summary', nor Croissant metadata."
        )
    reading = DocumentReading(_name(front.fields.get(_NAME_KEY), parts))
    if front.fault:
        reading.warnings.append(f"Nothing of the front matter was read: {front.fault}.")
    reading.warnings += [f"The front matter has {each}: the last one counts." for each in front.twice]
    for key, question in _KEYS.items():
        if key in front.fields:
            reading.take(question, f"front matter, {key}", ", ".join(texts(front.fields[key])))
    for part in parts:
        _take_section(part, reading)
    return reading


def _listed(signs: list[str]) -> str:
    return ", ".join(f"'{sign}'" for sign in signs[:3])


def _key(section: MarkdownSection) -> str:
    """What a heading is known by, whatever its number, its marks, and '[optional]' behind it."""
    return bare_words(plain_label(section.heading))


def _take_section(section: MarkdownSection, reading: DocumentReading) -> None:
    key, text = _key(section), "\n".join(section.lines).strip("\n")
    if key in _NOT_OF_THE_DATA:
        return
    if key in _KNOWN and _KNOWN[key] is None:
        _take_bullets(section, reading)
    elif text.strip() or not (section.level == 1 or key in _HOLDERS):
        told = "" if bare_words(text).startswith(_TEMPLATE) else text
        reading.take(_KNOWN.get(key), section.heading, told)


def _take_bullets(section: MarkdownSection, reading: DocumentReading) -> None:
    """The bullets that name what they are; any other text is told as unused."""
    labelled: list[tuple[str, list[str]]] = []
    rest: list[str] = []
    for line in section.lines:
        label = _label(line.strip())
        if label:
            labelled.append((label[0], [label[1]]))
        elif labelled and line[:1] in (" ", "\t") and line.strip():
            labelled[-1][1].append(line.strip())
        else:
            rest.append(line)
    for name, said in labelled:
        reading.take(_KNOWN_BULLETS.get(bare_words(name)), name, "\n".join(said).strip())
    if is_answer("\n".join(rest)):
        reading.unused.append(section.heading)


def _label(line: str) -> tuple[str, str] | None:
    """A label and what follows it; one that is not in bold only where the template has it."""
    bold = _BOLD_LABEL.fullmatch(line)
    plain = None if bold else _PLAIN_LABEL.fullmatch(line)
    found = bold or plain
    if found is None:
        return None
    name = plain_label(found[1])
    if plain and bare_words(name) not in _KNOWN_BULLETS:
        return None
    return name, (found[2] or found[3] or "").strip()


def _joined(headed: list[MarkdownSection]) -> Iterator[MarkdownSection]:
    """The sections of a template's headings; one that is no template's, and deeper, is part of the text above it."""
    current: MarkdownSection | None = None
    for section in headed:
        if current is not None and _belongs_above(section, current):
            current.lines += [*section.typed, *section.lines]
        else:
            if current is not None:
                yield current
            current = section
    if current is not None:
        yield current


def _belongs_above(section: MarkdownSection, above: MarkdownSection) -> bool:
    return _key(section) not in _KNOWN and section.level > above.level and _KNOWN.get(_key(above)) is not None


def _name(told: YamlValue, parts: list[MarkdownSection]) -> str:
    """The data set's name: of the front matter, or in the title; '' where both still are the template's."""
    titles = [part.heading for part in parts if part.level == 1]
    for name in (*texts(told), *(re.sub(r"(?i)^dataset card for ", "", title) for title in titles)):
        name = name.strip().strip("`\"'[]")
        if is_answer(name) and bare_words(name) not in _TEMPLATE_NAMES:
            return name
    return ""
