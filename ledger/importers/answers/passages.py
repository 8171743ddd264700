"""What a file says of a data set, place by place, before it becomes answers of a data sheet."""

from __future__ import annotations

from dataclasses import dataclass, field

from ledger.vocabulary.datasheet_questions import is_answer


@dataclass(frozen=True, slots=True)
class AnswerPassage:
    """A place in a file that answers a question. place: a heading, a key; text: as it stands there."""

    question: str
    place: str
    text: str


@dataclass(slots=True)
class DocumentReading:
    """What a file holds. dataset: its name for the data set, '' if it has none.

    silent: places that are there and say nothing. unused: places with a text that answers none of the questions.
    warnings: sentences about what could not be read.
    """

    dataset: str = ""
    passages: list[AnswerPassage] = field(default_factory=list)
    silent: list[str] = field(default_factory=list)
    unused: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def take(self, question: str | None, place: str, text: str) -> None:
        """Take a place's text, for the question that it answers, None if it answers none."""
        if not is_answer(text):
            self.silent.append(place)
        elif question is None:
            self.unused.append(place)
        else:
            self.passages.append(AnswerPassage(question, place, text))
