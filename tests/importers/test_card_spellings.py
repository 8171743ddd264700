"""Dataset cards as people spell them: marks around a heading, labels, placeholders, front matter, one answer too long."""

from __future__ import annotations

from pathlib import Path

import pytest

from ledger.importers.answers.dataset_card import _BULLETS, _HEADINGS, read_card
from ledger.importers.answers.datasheets import read_sheet
from ledger.vocabulary.datasheet_questions import is_answer
from ledger.vocabulary.text import MAX_TEXT

#: A heading's own words, and how people write it as a heading of the second level.
SPELLINGS = {
    "plain": "## {}",
    "closed": "## {} ##",
    "indented": "   ## {}",
    "bold": "## **{}**",
    "underscores": "## __{}__",
    "emphasis and code": "## *`{}`*",
    "number": "## 3. {}",
    "numbers": "## 3.1.2 {}",
    "number in brackets": "## 3) {}",
    "roman": "## IV. {}",
    "letter": "## B. {}",
    "bold number": "## **2.1 {}**",
    "optional": "## {} [optional]",
    "optional in bold": "## **{} [Optional]**",
    "optional in brackets": "## {} (optional)",
    "optional, escaped": "## {} \\[optional\\]",
    "number, escaped": "## 3\\. {}",
    "anchor": '## <a name="x"></a>{}',
    "attribute": "## {} {{#anchor}}",
    "link": "## [{}](#there)",
    "colon": "## {}:",
    "setext": "{}\n---",
    "setext of the first level": "{}\n=======",
    "bold setext": "**{} [optional]**\n-----",
    "capitals": "## {0:}",
}
LABELS = {
    "plain": "- **{}:** {}",
    "colon outside": "- **{}**: {}",
    "star": "* **{}:** {}",
    "no bullet": "**{}:** {}",
    "underscores": "- __{}:__ {}",
    "optional": "- **{} [optional]:** {}",
    "optional outside": "- **{}** : {}",
    "optional, escaped": "- **{} \\[optional\\]:** {}",
    "no bold": "- {}: {}",
    "no bold, optional": "- {} [optional]: {}",
    "on the next line": "- **{}:**\n  {}",
}
ANSWERED = {heading: question for heading, question in _HEADINGS.items() if question}


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_a_heading_is_known_however_it_is_spelled(spelling: str) -> None:
    """Every heading of the templates that answers a question."""
    for heading, question in ANSWERED.items():
        reading = read_card(f"{SPELLINGS[spelling].format(heading)}\n\nSome words.\n")
        assert [(each.question, each.text.strip()) for each in reading.passages] == [(question, "Some words.")], heading


@pytest.mark.parametrize("spelling", LABELS)
def test_a_label_is_known_however_it_is_spelled(spelling: str) -> None:
    for label, question in _BULLETS.items():
        reading = read_card(f"## Dataset Details\n\n{LABELS[spelling].format(label, 'A few words: here.')}\n")
        found = [(each.question, each.place, each.text) for each in reading.passages]
        assert found == [(question, label, "A few words: here.")], label


PLACEHOLDERS = [
    "",
    "[More Information Needed]",
    "More Information Needed",
    "[More Information Needed](https://example.org/contributing)",
    "More Information Needed https://example.org/contributing",
    "More Information Needed <https://example.org/contributing>",
    "More information needed: [how](https://example.org)",
    "_More Information Needed_",
    "Not specified",
    "*Not specified.*",
    "WIP",
    "🚧 WIP 🚧",
    "WIP: describe the columns",
    "TBA",
    "TBD (see issue 5)",
    "TODO: describe the columns",
    "To be announced …",
    "<!-- Say it here. -->",
    "- **Size:** TBD",
    "**Size:**",
    "```\nTODO\n```",
    "```json\n```",
    "{{ summary | default('[More Information Needed]') }}",
]
ANSWERS = [
    "None.",
    "No.",
    "0",
    "# 5",
    "https://example.org",
    "[Here](https://example.org)",
    "<https://example.org>",
    "- **Size:** 5",
    "**Never use it for hiring.**",
    "The to-do lists of 40 people.",
    "Pending claims of one insurer.",
    "Unknown words are kept as they are.",
    "It is not known who labelled it: two students, we believe.",
    "Weights of fish.\n---",
]


@pytest.mark.parametrize("said", PLACEHOLDERS)
@pytest.mark.parametrize("above", ["", "#### default\n\n", "default\n-------\n\n", "**default:**\n\n"])
def test_a_placeholder_is_no_answer(above: str, said: str) -> None:
    """Wherever it stands: below the heading, below one that is no template's, below a label."""
    reading = read_card(f"## Data Instances\n\n{above}{said}\n\n## Languages\n\nGerman\n")
    assert [each.place for each in reading.passages if each.place != "default"] == ["Languages"]
    assert "Data Instances" in reading.silent


@pytest.mark.parametrize("said", ANSWERS)
@pytest.mark.parametrize("above", ["", "#### default\n\n", "**default:**\n\n"])
def test_an_answer_is_one(above: str, said: str) -> None:
    if above and said == "# 5":
        return  # below a heading it is the next one
    assert is_answer(f"{above}{said}")


@pytest.mark.parametrize("inside", ["```\n{}\n```", "<!--\n{}\n-->", "> {}", "- item\n\n  {}", "    {}"])
def test_what_looks_like_a_heading_elsewhere_is_none(inside: str) -> None:
    """In code, a comment, a quotation, a list."""
    reading = read_card(f"## Languages\n\nGerman\n\n{inside.format('## Data Splits')}\n")
    assert [each.place for each in reading.passages] == ["Languages"]


# --- front matter ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("front", "licence"),
    [
        ("license: mit", "mit"),
        ("license: 'mit'  # see below", "mit"),
        ("license: [mit, apache-2.0]", "mit, apache-2.0"),
        ("license:\n- mit\n-   apache-2.0", "mit, apache-2.0"),
        ("license: >\n  free for\n  research\n", "free for research"),
        ('"license": "m\\u0069t"', "mit"),
        ("license: no", "no"),
        ("license: 1.10", "1.10"),
        ("license:\n  text:\n  - mit\n  images:\n  - cc0-1.0", "text: mit, images: cc0-1.0"),
        ("other: {license: gpl}\nlicense: mit", "mit"),
        ("note: |\n  license: gpl\nlicense: mit", "mit"),
    ],
)
def test_front_matter_is_yaml(front: str, licence: str) -> None:
    reading = read_card(f"---\n{front}\n---\n## Languages\n\nGerman\n")
    assert [each.text for each in reading.passages if each.place == "front matter, license"] == [licence]
    assert reading.warnings == []


@pytest.mark.parametrize(
    ("front", "why"),
    [
        ("license: [mit", "line 2"),
        ("license: mit\n\tname: x", "line 3"),
        ("a: &a [x, x]\nb: &b [*a, *a]\nlicense: *b", "aliases"),
        ("- license\n- mit", "it has no keys"),
        ("license: " + "[" * 2000 + "]" * 2000, "nested too deeply"),
        ("license: \x07", "what YAML does not allow"),
    ],
)
def test_front_matter_that_cannot_be_read_is_told_and_no_reason_to_refuse_the_rest(front: str, why: str) -> None:
    reading = read_card(f"---\n{front}\n---\n## Languages\n\nGerman\n")
    assert [each.place for each in reading.passages] == ["Languages"]
    (warning,) = reading.warnings
    assert warning.startswith("Nothing of the front matter was read: ")
    assert why in warning


# --- too long ----------------------------------------------------------------------------------------


def test_one_answer_that_is_too_long_leaves_the_others(tmp_path: Path) -> None:
    """At the limit it is taken; above it, told, with the place where it stands."""
    for more, answered in ((0, ["2.4", "2.1"]), (1, ["2.1"])):
        text = f"## Data Fields\n\n{'x' * (MAX_TEXT + more)}\n\n## Languages\n\nGerman\n"
        (tmp_path / "card.md").write_text(text)
        sheet = read_sheet(tmp_path / "card.md")
        assert sorted(sheet.answers) == sorted(answered)
        assert [warning for warning in sheet.warnings if "question 2.4 (Data Fields)" in warning] == list(
            sheet.warnings
        )
        assert len(sheet.warnings) == more
