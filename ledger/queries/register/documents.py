"""A system's documents as of a day: monitors, measurements, data sheets, explanations, cases, scores."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import select

from ledger.events import (
    STORED_AS,
    DatasheetAnswered,
    DependencyDeclared,
    Event,
    ExpectationMeasured,
    ExplanationDocumented,
    MonitorDocumented,
    Recorded,
    ReferenceReplaced,
    RobustnessDocumented,
    ScoreAnswered,
    SystemChanged,
    SystemEvent,
    SystemRegistered,
    SystemRenamed,
    SystemRetired,
)
from ledger.events.codec import decode
from ledger.events.exhaustive import exhaustive
from ledger.queries.reader import Reader
from ledger.queries.register.systems import systems
from ledger.tables.facts import event
from ledger.vocabulary.kinds import ScoreAnswer

_STREAMS_AT_A_TIME = 500


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
        """Take a document; they come in order of day, then position."""
        said, document = Said(recorded.position, recorded.effective_on, recorded.actor), recorded.event
        _KEPT[type(document)](self, said, document)


def _monitor(of: SystemDocuments, said: Said, document: MonitorDocumented) -> None:
    of.monitors[document.monitor] = (said, document)


def _reference(of: SystemDocuments, said: Said, document: ReferenceReplaced) -> None:
    # As in `standing_monitors`.
    if document.monitor in of.monitors:
        since, monitor = of.monitors[document.monitor]
        of.monitors[document.monitor] = (since, document.applied(monitor))


def _measurement(of: SystemDocuments, said: Said, document: ExpectationMeasured) -> None:
    of.measurements.append((said, document))


def _datasheet(of: SystemDocuments, said: Said, document: DatasheetAnswered) -> None:
    sheet = of.datasheets.setdefault(document.dataset, {})
    sheet.update({number: (said, answer) for number, answer in document.answers.items()})


def _explanation(of: SystemDocuments, said: Said, document: ExplanationDocumented) -> None:
    of.explanations.append((said, document))


def _case(of: SystemDocuments, said: Said, document: RobustnessDocumented) -> None:
    of.cases.append((said, document))


def _answer(of: SystemDocuments, said: Said, document: ScoreAnswered) -> None:
    of.answers[document.test] = (said, document)


#: Where each document is kept.
_KEPT: dict[type[Event], Callable[[SystemDocuments, Said, Any], None]] = {
    MonitorDocumented: _monitor,
    ReferenceReplaced: _reference,
    ExpectationMeasured: _measurement,
    DatasheetAnswered: _datasheet,
    ExplanationDocumented: _explanation,
    RobustnessDocumented: _case,
    ScoreAnswered: _answer,
}
#: Of a system, but no documents: its owners, and whose output it reads.
_NO_DOCUMENTS = (SystemRegistered, SystemChanged, SystemRenamed, SystemRetired, DependencyDeclared)

exhaustive(SystemEvent, _KEPT, _NO_DOCUMENTS, module=__name__)

_STORED_AS = sorted(name for name, kind in STORED_AS.items() if kind in _KEPT)


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
