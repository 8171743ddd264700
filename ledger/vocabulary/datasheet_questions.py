"""The data sheet: seven sections of questions about a data set (Gebru et al. 2021, 'Datasheets for Datasets').

The questions are in our own words. The paper prints them without numbers; ours counts them in its order: 2.5 is the
fifth of its section 3.2, Composition. Each section ends with room for remarks, which nobody has to fill.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from ledger.vocabulary.text import bare_words

SECTIONS = (
    "Motivation",
    "Composition",
    "Collection",
    "Preprocessing, cleaning and labelling",
    "Uses",
    "Distribution",
    "Maintenance",
)

_ASKED: tuple[tuple[str, ...], ...] = (
    (
        "What was the data set made for: which task, which gap?",
        "Who made it, and for whom?",
        "Who paid for it, under which grant?",
    ),
    (
        "What does one row stand for, and are there several kinds of them?",
        "How many rows are there, of each kind?",
        "Is it everything there is, or a sample? Of what, and how is it known to represent that?",
        "What does a row consist of: raw data, or features made from it?",
        "Does each row have a label or a target, and which?",
        "What is missing from some rows, and why?",
        "Is it said which rows belong together, and how?",
        "Which split into training, validation and test is advised, and why that one?",
        "Which errors, noise and duplicates does it hold?",
        "Does it stand by itself, or lean on something outside that may change, vanish, cost or be restricted?",
        "Does it hold anything confidential?",
        "Does it hold anything that may offend, insult, threaten or frighten whoever looks at it?",
        "Which groups of people can be told apart in it, how, and how large is each?",
        "Can a person be recognised in it, alone or together with other data, and how?",
        "What in it is sensitive about people: origin, belief, health, money, place, identity papers, the like?",
    ),
    (
        "How was each row's data come by: observed, told by people, inferred, and was that checked?",
        "By which instruments, programs or hands was it collected, and how were these checked?",
        "If it is a sample, how was it drawn?",
        "Who collected it, and how were they paid?",
        "Over which time was it collected, and is that the time that the data speak of?",
        "Did anybody review whether collecting it was ethical, with what outcome?",
        "Did it come from the people themselves, or by way of others?",
        "Were these people told that it was collected, and in which words?",
        "Did they consent to its collection and use, and to which words?",
        "How can they take that consent back?",
        "Was it examined what the data set and its use may do to them, with what outcome?",
    ),
    (
        "How was the data prepared, cleaned or labelled?",
        "Is the raw data kept as well, and where?",
        "Can the software that did this be had, and where?",
    ),
    (
        "What has it been used for so far?",
        "Where are papers or systems that use it listed?",
        "What else could it be used for?",
        "What about its contents or its making could do harm or mislead in later use, and what helps against that?",
        "What should it not be used for?",
    ),
    (
        "Does it go to anybody outside, and to whom?",
        "By which way does it go out, and has it a DOI?",
        "When does it go out?",
        "Under which licence or terms of use, and at which fee?",
        "Which rights of others restrict the data, and how?",
        "Which export controls or other regulation apply to it?",
    ),
    (
        "Who hosts, supports and maintains it?",
        "How can whoever is responsible for it be reached?",
        "Is there a list of known errors, and where?",
        "Will it be updated: how often, by whom, and how do users learn of it?",
        "How long may the data about people be kept, and who sees to that?",
        "What becomes of older versions, and how do users learn of their end?",
        "How can others add to it, and how is what they add checked?",
    ),
)
_REMARKS = "Is there anything else to say?"


@dataclass(frozen=True, slots=True)
class Question:
    """One of the 57. section: 1 to 7; place: within its section, from 1; remarks: whether nobody has to answer it."""

    section: int
    place: int
    asks: str
    remarks: bool

    @property
    def number(self) -> str:
        """'2.5': what it is called in forms and events."""
        return f"{self.section}.{self.place}"


#: Every question by its number, in the paper's order.
QUESTIONS: dict[str, Question] = {
    question.number: question
    for section, asked in enumerate(_ASKED, start=1)
    for question in (
        Question(section, place, asks, remarks=place > len(asked))
        for place, asks in enumerate((*asked, _REMARKS), start=1)
    )
}


@dataclass(frozen=True, slots=True)
class Completeness:
    """How far a section is answered. open: numbers of the questions without an answer; remarks count nowhere."""

    section: int
    answered: int
    open: tuple[str, ...]

    @property
    def name(self) -> str:
        """What the section is about."""
        return SECTIONS[self.section - 1]

    @property
    def asked(self) -> int:
        """How many questions the section has, remarks left out."""
        return self.answered + len(self.open)


def completeness(answered: Collection[str]) -> list[Completeness]:
    """How far each section is answered. answered: the numbers of the questions that have an answer."""
    found = []
    for section in range(1, len(SECTIONS) + 1):
        asked = [question for question in QUESTIONS.values() if question.section == section and not question.remarks]
        left = tuple(question.number for question in asked if question.number not in answered)
        found.append(Completeness(section, len(asked) - len(left), left))
    return found


# --- what is no answer ------------------------------------------------------------------------------

_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_UNFILLED = re.compile(r"\{\{[^{}]*\}\}")
_EMPTY_LINK = re.compile(r"\[[^\[\]\n]*\]\(\s*\)")
_LINK = re.compile(r"!?\[([^\[\]\n]*)\]\((?:[^()\n]|\([^()\n]*\))*\)")
_ADDRESS = re.compile(r"<?\bhttps?://[^\s<>]*>?")
# What only says of what it would speak: a heading, a fence of code, a label in bold.
_HEADING = re.compile(r"[ ]{0,3}#{1,6}[ \t].*")
_RULE = re.compile(r"[ ]{0,3}(?:={2,}|-{2,})[ \t]*")
_FENCE = re.compile(r"[ ]{0,3}(?:`{3,}|~{3,})[\w+-]*[ \t]*")
_LABEL = re.compile(r"[ \t]*(?:[-*+][ \t]+)?(?:\*\*|__)[^*_\n]{1,80}(?::(?:\*\*|__)|(?:\*\*|__)[ \t]*:)")

#: What people and templates write where they have nothing to say, by its letters and digits alone.
_NOTHING = frozenset(
    bare_words(text)
    for text in (
        "",
        "more information needed",
        "more info needed",
        "needs more information",
        "need more information",
        "needs more info",
        "information needed",
        "no information",
        "no information available",
        "no information provided",
        "n/a",
        "not applicable",
        "not available",
        "not yet available",
        "not documented",
        "not known",
        "not provided",
        "not specified",
        "none specified",
        "unspecified",
        "unknown",
        "tba",
        "to be announced",
        "tbc",
        "to be confirmed",
        "tbd",
        "to be determined",
        "to be decided",
        "to be defined",
        "to be added",
        "to be completed",
        "to be done",
        "to be filled",
        "to be filled in",
        "to be written",
        "to come",
        "to do",
        "to follow",
        "coming soon",
        "fill me in",
        "fixme",
        "in progress",
        "pending",
        "under construction",
        "wip",
        "work in progress",
        "xxx",
    )
)
# What is still to be done is no answer, whatever it is: 'TODO: describe the columns'.
_TO_BE_DONE = re.compile(
    r"\W*(?:todo|to do|tbd|tba|tbc|wip|fixme|more information needed)\s*[\]\s]*[:.(\[\u2013\u2014-]", re.IGNORECASE
)


def is_answer(text: str) -> bool:
    """Whether a text says anything: 'More Information Needed', 'N/A', an empty link, a comment say nothing.

    Nor does a heading or label above one of these. A text of one line is taken at its word: '# 5' counts five.
    """
    lines = _EMPTY_LINK.sub("", _UNFILLED.sub("", _COMMENT.sub("", text))).strip().split("\n")
    if len(lines) == 1:
        return _says(lines[0]) and not lines[0].startswith("##")
    return any(_says(line) for line in _without_headings(lines))


def _without_headings(lines: list[str]) -> Iterator[str]:
    in_code = False
    for place, line in enumerate(lines):
        if _FENCE.fullmatch(line):
            in_code = not in_code
        elif in_code or not _is_heading(line, lines[place + 1 : place + 3]):
            yield line


def _is_heading(line: str, below: list[str]) -> bool:
    """Whether a line is a heading: with hashes before it, or with a rule below it and something below that."""
    return bool(_HEADING.fullmatch(line) or (len(below) == 2 and _RULE.fullmatch(below[0])))


def _says(line: str) -> bool:
    line = _LABEL.sub("", line, count=1)
    if bare_words(_LINK.sub(r"\1", line)) in _NOTHING or _TO_BE_DONE.match(line):
        return False
    # An address by itself is an answer; one behind such words tells where the answer might once be.
    beside = bare_words(_ADDRESS.sub("", _LINK.sub("", line)))
    return not beside or beside not in _NOTHING
