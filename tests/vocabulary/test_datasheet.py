"""The data sheet's questions, what is no answer to them, and the form: what is read is what was written."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.vocabulary.datasheet_form import in_lines, read_form, write_form
from ledger.vocabulary.datasheet_questions import QUESTIONS, SECTIONS, completeness, is_answer
from ledger.vocabulary.errors import Unreadable
from ledger.vocabulary.text import clean_text


def test_the_questions_are_as_many_as_the_papers() -> None:
    """Seven sections; 50 questions, and seven times room for remarks."""
    counted = [sum(question.section == section for question in QUESTIONS.values()) for section in range(1, 8)]
    assert (len(SECTIONS), counted) == (7, [4, 16, 12, 4, 6, 7, 8])
    assert [number for number, question in QUESTIONS.items() if question.remarks] == [
        *("1.4", "2.16", "3.12", "4.4", "5.6", "6.7", "7.8")
    ]


def test_no_question_is_asked_twice() -> None:
    asked = [question.asks for question in QUESTIONS.values() if not question.remarks]
    assert len(set(asked)) == 50
    assert all(text.endswith("?") and "\n" not in text for text in asked)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "  \n\n",
        "[More Information Needed]",
        "[More Information Needed](https://example.org/how_(to)#contribute)",
        "[Needs More Information]",
        "more information needed.",
        "N/A",
        "[n/a]",
        "Unknown",
        "TBD",
        "- TODO",
        "…",
        "[]()",
        "[link]()",
        "<!-- Provide a summary. -->",
        "<!-- never ended",
        "{{ summary | default('[More Information Needed]', true) }}",
        "[More Information Needed]\n\n[N/A]",
    ],
)
def test_what_says_nothing_is_no_answer(text: str) -> None:
    assert not is_answer(text)


@pytest.mark.parametrize(
    "text",
    [
        "No.",
        "None.",
        "0",
        "日本語",
        "[link](https://example.org)",
        "No more information is available.",
        "More information needed on the labels; the rest is in the paper.",
        "[More Information Needed]\nThe first half was found on a disk.",
        "<!-- a comment --> and a text",
    ],
)
def test_what_says_something_is_an_answer(text: str) -> None:
    assert is_answer(text)


def test_completeness_counts_questions_and_not_remarks() -> None:
    first, second, *others = completeness({"1.1", "1.3", "1.4", "2.16"})
    assert (first.answered, first.asked, first.open) == (2, 3, ("1.2",))
    assert (second.answered, second.asked, len(second.open)) == (0, 15, 15)
    assert sum(part.asked for part in (first, second, *others)) == 50


# --- the form ---------------------------------------------------------------------------------------

#: Pieces of which hostile answers are made: headings of the form, escapes of it, what terminals and readers act upon.
_PIECES = (
    *(
        "## 2 Composition",
        "### 2.5 ",
        "### 9.9 x",
        "## 2020 x",
        "## 11111 ",
        "### 2.11111 x",
        "# Datasheet: other",
        "#",
        "\\",
        " ",
        "\n",
        "\r\n",
        "\r",
        "\t",
    ),
    *("&", "amp;", "&#27;", "&amp;#27;", "&#10;", "&#60;", ";", "<!--", "-->", "<", "```", "~~~", "---"),
    *("\x1b[31m", "\x07", "\x7f", "\x85", "\u2028", "\u202e", "é", "e\u0301", "\U0001f600", "a", "1.1", "=1+1"),
)
_texts = st.lists(st.sampled_from(_PIECES), min_size=1, max_size=14).map("".join)
_answers = st.dictionaries(st.sampled_from(list(QUESTIONS)), _texts, max_size=4)


def kept(text: str) -> str:
    """A text as any entrance of the ledger keeps it."""
    return clean_text("\n".join(in_lines(text)))


@given(_answers, _texts.map(clean_text).filter(bool))
def test_what_is_written_is_read_back(answers: dict[str, str], dataset: str) -> None:
    form = read_form(write_form(dataset, answers))
    assert form.dataset == dataset
    assert {number: answer for number, answer in form.answers.items() if answer} == {
        number: kept(answer) for number, answer in answers.items() if kept(answer)
    }
    assert (list(form.answers), form.warnings) == (list(QUESTIONS), ())


@given(_answers, _texts)
def test_nothing_in_a_form_is_acted_upon(answers: dict[str, str], dataset: str) -> None:
    """No control character, no turned direction, no comment that hides the questions below it."""
    written = write_form(dataset, answers)
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]|<!--", written)


@given(_answers)
def test_a_form_written_from_what_was_read_is_the_same(answers: dict[str, str]) -> None:
    once = write_form("data", answers)
    assert write_form("data", {n: a for n, a in read_form(once).answers.items() if a}) == write_form(
        "data", {n: kept(a) for n, a in answers.items() if kept(a)}
    )


def edited(old: str, new: str) -> str:
    """The empty form with something changed in it."""
    form = write_form("data", {})
    assert old in form
    return form.replace(old, new, 1)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (edited("### 2.5 ", "### 2.17 "), "there is no question 2.17"),
        (edited("### 2.5 ", "### 2.4 "), "question 2.4 is there twice"),
        (edited("## 2 ", "## 8 "), "there is no section 8"),
        (edited("## 2 Composition\n", "## 2 Composition\nMovies.\n"), "a text that answers no question"),
        (edited("# Datasheet: data", "# Datasheet: "), "Line 1 names no data set"),
        (edited("# Datasheet: data", "# Datasheets"), "It is no data sheet"),
        ("", "It is no data sheet"),
    ],
)
def test_a_form_that_cannot_be_read_is_refused_by_line(text: str, said: str) -> None:
    with pytest.raises(Unreadable, match=re.escape(said)):
        read_form(text)


def test_a_question_worded_otherwise_is_told_and_read() -> None:
    form = read_form(edited(f"### 1.2 {QUESTIONS['1.2'].asks}\n", "### 1.2 Who dunnit?\n\nThe data team.\n"))
    assert form.answers["1.2"] == "The data team."
    (warning,) = form.warnings
    assert "question 1.2 is worded otherwise" in warning
    assert QUESTIONS["1.2"].asks in warning


def test_a_heading_with_a_year_is_part_of_an_answer() -> None:
    heading = f"### 1.1 {QUESTIONS['1.1'].asks}\n"
    said = f"## 2019\n\nNothing.\n\n## {'1' * 5000}"
    assert read_form(edited(heading, f"{heading}\n{said}\n")).answers["1.1"] == said


def test_a_question_taken_out_of_the_form_is_not_mentioned() -> None:
    form = read_form(edited(f"### 1.2 {QUESTIONS['1.2'].asks}\n", ""))
    assert set(QUESTIONS) - set(form.answers) == {"1.2"}


def test_a_form_saved_on_another_system_reads_the_same() -> None:
    form = write_form("data", {"1.1": "One.\n\nTwo."})
    assert read_form(form.replace("\n", "\r\n")) == read_form(form)
