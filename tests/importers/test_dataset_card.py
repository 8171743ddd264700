"""Dataset cards: which question a heading answers, what says nothing, what is part of which text; and 25 real ones."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest

from ledger.importers.answers.croissant import _KEYS as CROISSANT_KEYS
from ledger.importers.answers.dataset_card import _BULLETS, _HEADINGS, _KEYS, read_card
from ledger.importers.answers.datasheets import read_sheet
from ledger.vocabulary.datasheet_questions import completeness
from ledger.vocabulary.errors import Unreadable

PAGE = (Path(__file__).parents[2] / "docs" / "datasheets.md").read_text(encoding="utf-8")

CARD = """\
---
pretty_name: "Fish"
license: cc-by-4.0
size_categories:
- 1K<n<10K
- n<1K
tags: [fish, "water"]
---
# Dataset Card for Fish (draft)

## Table of Contents
- [Dataset Description](#dataset-description)

## Dataset Description

- **Homepage:** https://fish.example
- **Repository:** [More Information Needed]
- **Paper:** https://paper.example
* **Point of Contact**: the fishery
- [**Leaderboard:**](https://board.example)

### Dataset Summary

Weights of fish.

### Languages

[More Information Needed](https://example.org/how)

## Dataset Structure

### Data Instances

#### default

```
### Data Fields
```

### Data Fields

- `weight`: grams

### Data Cleaning

Thrown away below 10 g.

### Dataset Curators

Provide the license and link to the license webpage if available.

### Contributions

Thanks to the angler.
"""


def answered(card: str) -> dict[str, str]:
    """Question by place, of a card."""
    return {passage.place: passage.question for passage in read_card(card).passages}


def test_a_card_is_read_place_by_place() -> None:
    reading = read_card(CARD)
    assert reading.dataset == "Fish"
    assert [(passage.question, passage.place, passage.text.strip()) for passage in reading.passages] == [
        ("2.2", "front matter, size_categories", "1K<n<10K, n<1K"),
        ("6.4", "front matter, license", "cc-by-4.0"),
        ("6.2", "Homepage", "https://fish.example"),
        ("7.2", "Point of Contact", "the fishery"),
        ("5.1", "Leaderboard", "https://board.example"),
        ("2.1", "Dataset Summary", "Weights of fish."),
        ("2.4", "Data Instances", "#### default\n\n```\n### Data Fields\n```"),
        ("2.4", "Data Fields", "- `weight`: grams"),
    ]
    assert reading.silent == ["Repository", "Languages", "Dataset Curators"]
    assert reading.unused == ["Paper", "Data Cleaning"]


@pytest.mark.parametrize(
    ("heading", "question"),
    [
        ("### Curation Rationale", "1.1"),
        ("### Dataset Curators", "1.2"),
        ("### Data Splits", "2.8"),
        ("### Personal and Sensitive Information", "2.15"),
        ("#### Initial Data Collection and Normalization", "3.1"),
        ("#### Who are the source language producers?", "3.4"),
        ("#### Who are the annotators?", "3.4"),
        ("#### Annotation process", "4.1"),
        ("#### Annotation process ####", "4.1"),
        ("   ## Annotations #", "4.1"),
        ("### Supported Tasks and Leaderboards", "5.3"),
        ("### Out-of-Scope Use", "5.5"),
        ("### Discussion of Biases", "5.4"),
        ("## Bias, Risks, and Limitations", "5.4"),
        ("### Licensing Information", "6.4"),
        ("### Citation Information", "6.7"),
        ("## Dataset Card Contact", "7.2"),
        ("## Dataset Structure", "2.4"),
    ],
)
def test_a_heading_answers_its_question(heading: str, question: str) -> None:
    assert list(answered(f"{heading}\n\nSome words.\n").values()) == [question]


@pytest.mark.parametrize(
    "said", ["", "[More Information Needed]", "N/A", "<!-- Say it here. -->", "Briefly summarize the dataset, its use."]
)
def test_a_heading_that_says_nothing_answers_nothing(said: str) -> None:
    reading = read_card(f"### Dataset Summary\n\n{said}\n\n### Languages\n\nGerman\n")
    assert ([passage.place for passage in reading.passages], reading.silent) == (["Languages"], ["Dataset Summary"])


@pytest.mark.parametrize(
    ("top", "name"),
    [
        ("---\npretty_name: 'Two words'\n---\n# Dataset Card for X\n", "Two words"),
        ("---\npretty_name: More Information Needed\n---\n# Dataset Card for X\n", "X"),
        ("# Dataset Card for `X`\n", "X"),
        ("# Dataset Card for [Dataset Name]\n", ""),
        ("# Dataset Card Creation Guide\n", ""),
        ("", ""),
    ],
)
def test_the_name_of_the_data_set(top: str, name: str) -> None:
    assert read_card(f"{top}### Languages\n\nGerman\n").dataset == name


def test_without_a_name_the_file_gives_it(tmp_path: Path) -> None:
    (tmp_path / "fish.md").write_text("### Languages\n\nGerman\n")
    assert read_sheet(tmp_path / "fish.md").dataset == "fish"


def test_several_places_answer_one_question_below_their_names(tmp_path: Path) -> None:
    (tmp_path / "fish.md").write_bytes(CARD.replace("\n", "\r\n").encode())
    sheet = read_sheet(tmp_path / "fish.md")
    assert sheet.answers["2.4"] == (
        "**Data Instances**\n\n#### default\n\n```\n### Data Fields\n```\n\n**Data Fields**\n\n- `weight`: grams"
    )
    assert sheet.answers["2.1"] == "Weights of fish."
    assert sheet.places["2.4"] == "Data Instances, Data Fields"


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"\xff\xfeF\x00i\x00n", "is not UTF-16 text, at line 1, column 3"),
        (b"### Languages\n\nD\x81nisch\n", "is not Windows-1252 text, at line 3, column 2"),
        (b"# Readme\n\nHow to build it.\n", "it has no heading of one"),
        (b"", "it has no heading of one"),
        (b"---\nlicense: mit\n", "does not end"),
        (b"### Languages\n\na\x00b\n", "holds a byte 0, at line 3, column 2"),
    ],
)
def test_what_is_no_card_is_refused_by_name(tmp_path: Path, raw: bytes, said: str) -> None:
    (tmp_path / "card.md").write_bytes(raw)
    with pytest.raises(Unreadable, match=r"card\.md") as refusal:
        read_sheet(tmp_path / "card.md")
    assert said in str(refusal.value)


@pytest.mark.parametrize(
    "line",
    ["# " + " " * 200_000 + "x", "{{" * 200_000, "[](" * 200_000, "<!--" * 200_000, "- **" * 200_000, "`" * 200_000],
    ids=["spaces", "braces", "links", "comments", "bullets", "fence"],
)
def test_a_card_made_to_take_forever_does_not(line: str) -> None:
    """Twice as long takes twice as long; a square of it would be minutes here."""
    begun = time.process_time()
    read_card(f"## Dataset Description\n\n{line}\n\n### Languages\n\n{line}\n")
    assert time.process_time() - begun < 20


def test_the_page_tells_which_place_answers_which_question() -> None:
    """docs/datasheets.md, for cards and for Croissant metadata."""
    told = {
        place.strip("*:`"): question
        for question, places in re.findall(r"^\| (\d\.\d+) \| (.*) \|$", PAGE, re.MULTILINE)
        for place in places.split(" · ")
    }
    done = {**_HEADINGS, **_BULLETS, **_KEYS, **CROISSANT_KEYS}
    assert told == {place: question for place, question in done.items() if question is not None}


# --- real cards --------------------------------------------------------------------------------------


def cards(shared_data: Path) -> list[Path]:
    """The cards of the shared folder."""
    found = sorted((shared_data / "cards").glob("*.md"))
    assert len(found) >= 25
    return found


def test_every_real_card_is_quoted_word_for_word(shared_data: Path) -> None:
    """Each answer's text stands in its card; but for the tags of the front matter, line by line in one piece."""
    for path in cards(shared_data):
        text = path.read_text(encoding="utf-8")
        for passage in read_card(text).passages:
            pieces = passage.text.split(", ") if passage.place.startswith("front matter") else [passage.text]
            assert [piece for piece in pieces if piece not in text] == [], (path.name, passage.place)


def test_no_real_card_answers_by_more_information_needed(shared_data: Path) -> None:
    """Without those words, and the names of the places, something is left of every answer."""
    hollow = re.compile(r"\[?(?:More Information Needed|Needs More Information|N/A)\]?(?:\(\S*\))?|\*\*.*?\*\*")
    for path in cards(shared_data):
        for number, answer in read_sheet(path).answers.items():
            assert hollow.sub("", answer).strip(), (path.name, number)


@pytest.mark.parametrize(
    ("card", "answers", "says_nothing"),
    [("clinc_oos", ["2.2", "6.4", "6.2"], 20), ("c3", ["2.2", "6.4", "2.1", "6.7"], 24)],
)
def test_a_hollow_card_says_how_hollow_it_is(
    shared_data: Path, card: str, answers: list[str], says_nothing: int
) -> None:
    """Counted by hand."""
    sheet = read_sheet(shared_data / "cards" / f"{card}.md")
    assert (list(sheet.answers), len(sheet.silent)) == (answers, says_nothing)
    assert sum(part.answered for part in completeness(sheet.answers)) == 3


def test_a_full_card_leaves_most_questions_open(shared_data: Path) -> None:
    """The fullest of them, ELI5, answers 15 of 50."""
    answered = {
        path.stem: sum(part.answered for part in completeness(read_sheet(path).answers)) for path in cards(shared_data)
    }
    assert max(answered, key=lambda name: answered[name]) == "eli5"
    assert answered["eli5"] == 15
