"""The data sheet as a form in Markdown, to be answered in an editor and read back: what is read is what was written.

A heading with a question's number begins the answer to it, and nothing else does: where an answer has such a line
itself, a backslash stands before it. Characters that a terminal or a reader of Markdown would act upon are written
as their numbers, `&#27;`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ledger.vocabulary.datasheet_questions import QUESTIONS, SECTIONS
from ledger.vocabulary.errors import Unreadable
from ledger.vocabulary.text import clean_text

_TITLE = "# Datasheet: "
_INTRODUCTION = """\
Write the answer to a question below its heading, and leave the headings as they are. What does not apply gets a
sentence that says why; 'N/A' is no answer. An answer can be replaced, not withdrawn. A line of an answer that would
begin like a heading with a number gets a backslash before it."""

# `## 2 Composition` and `### 2.5 …`, right or wrong; `## 2020` is no number of ours. A title only stands on top.
_HEADING = re.compile(r"(#{2,3}) +(\d{1,2}(?:\.\d{1,4})?)(?=\s|$)(.*)", re.ASCII)
_HEADING_OR_ESCAPED = re.compile(r"(?m)^(?=\\*#{2,3} +\d{1,2}(?:\.\d{1,4})?(?:\s|$))", re.ASCII)
_ESCAPED = re.compile(r"(?m)^\\(?=\\*#{2,3} +\d{1,2}(?:\.\d{1,4})?(?:\s|$))", re.ASCII)

# Controls but tab and line feed, marks that turn the direction of writing, what begins a comment.
_ACTED_UPON = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]|<(?=!--)")
_NUMBERED = re.compile(r"&#(\d{1,5});", re.ASCII)
_LOOKS_NUMBERED = re.compile(r"&(?=(?:amp;)*#\d{1,5};)", re.ASCII)
_ONCE_MORE = re.compile(r"&amp;(?=(?:amp;)*#\d{1,5};)", re.ASCII)


@dataclass(frozen=True, slots=True)
class Form:
    """A form as read. answers: by the question's number, '' where it is empty; warnings: sentences."""

    dataset: str
    answers: dict[str, str]
    warnings: tuple[str, ...]


def is_form(text: str) -> bool:
    """Whether a text is meant to be such a form."""
    return text.startswith(_TITLE)


def write_form(dataset: str, answers: Mapping[str, str]) -> str:
    """The form for a data set, with the answers so far by the question's number."""
    parts = [_TITLE + _numbered(dataset).replace("\n", "&#10;"), _INTRODUCTION]
    for question in QUESTIONS.values():
        if question.place == 1:
            parts.append(f"## {question.section} {SECTIONS[question.section - 1]}")
        parts.append(f"### {question.number} {question.asks}")
        if question.number in answers:
            parts.append(_written(answers[question.number]))
    return "\n\n".join(parts) + "\n"


def read_form(text: str) -> Form:
    """Read a form back. Raises Unreadable, naming the line: an unknown question, one twice, text of no question."""
    lines = in_lines(text)
    if not is_form(lines[0]):
        raise Unreadable(f"It is no data sheet: its first line does not begin with '{_TITLE.strip()}'.")
    dataset = clean_text(_unnumbered(lines[0].removeprefix(_TITLE)))
    if not dataset:
        raise Unreadable("Line 1 names no data set.")
    answers: dict[str, str] = {}
    warnings: list[str] = []
    for line, number, asks, body in _pieces(lines):
        if "." not in number:
            _check_section(line, number, body)
            continue
        question = QUESTIONS.get(number)
        if question is None:
            raise Unreadable(
                f"Line {line}: there is no question {number}. If the line belongs to an answer, write a backslash before it."
            )
        if number in answers:
            raise Unreadable(f"Line {line}: question {number} is there twice. Keep one of them.")
        if asks.strip() != question.asks:
            warnings.append(
                f"Line {line}: question {number} is worded otherwise; what counts is its number, and it asks: {question.asks}"
            )
        answers[number] = _read("\n".join(body))
    return Form(dataset, answers, tuple(warnings))


def in_lines(text: str) -> list[str]:
    """The lines of a text, whatever system ended them."""
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def same_answer(one: str, other: str) -> bool:
    """Whether two answers differ in more than line ends and white space around them."""
    return clean_text("\n".join(in_lines(one))) == clean_text("\n".join(in_lines(other)))


def _pieces(lines: list[str]) -> Iterator[tuple[int, str, str, list[str]]]:
    """Every heading with a number: its line, the number, the words after it, the lines below it."""
    found: tuple[int, str, str, list[str]] | None = None
    for place, line in enumerate(lines, start=1):
        heading = _HEADING.match(line)
        if heading:
            if found:
                yield found
            found = (place, heading[2], heading[3], [])
        elif found:
            found[3].append(line)
    if found:
        yield found


def _check_section(line: int, number: str, body: list[str]) -> None:
    if not 1 <= int(number) <= len(SECTIONS):
        raise Unreadable(
            f"Line {line}: there is no section {number}. A backslash before it makes it part of an answer."
        )
    if any(part.strip() for part in body):
        raise Unreadable(
            f"Below line {line} stands a text that answers no question: put it below a question's heading."
        )


def _written(answer: str) -> str:
    return _HEADING_OR_ESCAPED.sub(r"\\", _numbered("\n".join(in_lines(answer))).strip())


def _read(text: str) -> str:
    return clean_text(_unnumbered(_ESCAPED.sub("", text)))


def _numbered(text: str) -> str:
    return _ACTED_UPON.sub(lambda found: f"&#{ord(found[0])};", _LOOKS_NUMBERED.sub("&amp;", text))


def _unnumbered(text: str) -> str:
    def character(found: re.Match[str]) -> str:
        meant = chr(int(found[1]))
        return meant if meant in "\n<" or _ACTED_UPON.fullmatch(meant) else found[0]

    # Entities that were plain text from the start carry one more `amp;`, which is undone last.
    return _ONCE_MORE.sub("&", _NUMBERED.sub(character, text))
