"""A system's documents as of a day: monitors, measurements, data sheets, explanations, cases, scores."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import select

from ledger.events import (
    STORED_AS,
    DatasheetAnswered,
    ExpectationMeasured,
    ExplanationDocumented,
    MonitorDocumented,
    Recorded,
    RobustnessDocumented,
    ScoreAnswered,
)
from ledger.events.codec import decode
from ledger.queries.reader import Reader
from ledger.queries.register.systems import systems
from ledger.tables.facts import event
from ledger.vocabulary.kinds import ScoreAnswer

_DOCUMENTS = (
    DatasheetAnswered,
    ExpectationMeasured,
    ExplanationDocumented,
    MonitorDocumented,
    RobustnessDocumented,
    ScoreAnswered,
)
_STREAMS_AT_A_TIME = 500
_STORED_AS = sorted(name for name, kind in STORED_AS.items() if issubclass(kind, _DOCUMENTS))


@dataclass(frozen=True, slots=True)
class Said:
    """Where and when something was said: position, day in the books, who recorded it."""

    position: int
    on: date
    actor: str


@dataclass(slots=True)
class SystemDocuments:
    """What is documented of one system as of a day; in each, what was said last stands.

    monitors: by name. measurements: all, in order of day, then position. datasheets: by data set, answers by the
    question's number. explanations, cases: in order. answers: of the ML Test Score, by test.
    """

    system: str
    name: str
    retired_on: date | None
    monitors: dict[str, tuple[Said, MonitorDocumented]] = field(default_factory=dict)
    measurements: list[tuple[Said, ExpectationMeasured]] = field(default_factory=list)
    datasheets: dict[str, dict[str, tuple[Said, str]]] = field(default_factory=dict)
    explanations: list[tuple[Said, ExplanationDocumented]] = field(default_factory=list)
    cases: list[tuple[Said, RobustnessDocumented]] = field(default_factory=list)
    answers: dict[str, tuple[Said, ScoreAnswered]] = field(default_factory=dict)

    @property
    def score_answers(self) -> dict[str, ScoreAnswer]:
        """The ML Test Score's answers, by test."""
        return {test: answered.answer for test, (_, answered) in self.answers.items()}

    def take(self, recorded: Recorded) -> None:
        """Take what an event documents; events come in order of day, then position."""
        said, document = Said(recorded.position, recorded.effective_on, recorded.actor), recorded.event
        match document:
            case MonitorDocumented():
                self.monitors[document.monitor] = (said, document)
            case ExpectationMeasured():
                self.measurements.append((said, document))
            case DatasheetAnswered():
                sheet = self.datasheets.setdefault(document.dataset, {})
                sheet.update({number: (said, answer) for number, answer in document.answers.items()})
            case ExplanationDocumented():
                self.explanations.append((said, document))
            case RobustnessDocumented():
                self.cases.append((said, document))
            case ScoreAnswered():
                self.answers[document.test] = (said, document)
            case _:
                pass


def documents(reader: Reader, as_of: date, *, only: str | None = None) -> dict[str, SystemDocuments]:
    """The documents of every system registered by now, as of a day, by its key; a system without any has them empty.

    only: this system alone; the answer is empty if it is not registered.
    """
    found = {
        system.key: SystemDocuments(system.key, system.name, system.retired_on)
        for system in systems(reader, as_of)
        if only in (None, system.key)
    }
    said = sorted(_documented(reader, list(found), as_of), key=lambda each: (each.effective_on, each.position))
    for recorded in said:
        found[recorded.stream].take(recorded)
    return found


def _documented(reader: Reader, keys: list[str], as_of: date) -> Iterator[Recorded]:
    """By stream, which is indexed: a large book has few events of systems among many of items."""
    for start in range(0, len(keys), _STREAMS_AT_A_TIME):
        query = select(event.c.body).where(
            event.c.book == reader.name,
            event.c.stream.in_(keys[start : start + _STREAMS_AT_A_TIME]),
            event.c.stored_as.in_(_STORED_AS),
            event.c.effective_on <= as_of,
            event.c.position <= reader.position,
        )
        yield from (decode(body) for body in reader.connection.execute(query).scalars())
