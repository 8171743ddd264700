"""The decision log: a decision record as it was read, and a reading taken back. Neither moves a figure."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from ledger.decide.command import Command, Needs
from ledger.decide.convention import by_convention
from ledger.decide.decided import Decided
from ledger.decide.placing import place_in_book, refuse_future
from ledger.decide.state import State
from ledger.decide.words import limited, name, required
from ledger.events import DecisionLink, DecisionLogged, DecisionRetracted
from ledger.vocabulary.decision_statuses import DECISION_STATUSES
from ledger.vocabulary.errors import Refused
from ledger.vocabulary.keys import system_of
from ledger.vocabulary.text import MAX_TITLE


class LogDecision(Command, frozen=True, kw_only=True, tag="decision-log"):
    """A decision record that was read; the fields are those of `DecisionLogged`."""

    log: str
    id: str
    title: str
    status: str | None = None
    status_said: str | None = None
    dated_on: date | None = None
    deciders: tuple[str, ...] = ()
    supersedes: tuple[str, ...] = ()
    superseded_by: tuple[str, ...] = ()
    links: tuple[DecisionLink, ...] = ()
    items: tuple[str, ...] = ()
    path: str
    sha256: str

    recorded_by: ClassVar[str] = "ledger.services.decision_log.import_decisions"

    def claims(self) -> tuple[str, ...]:
        return ("sha256",)

    def needs(self) -> Needs:
        return Needs(systems=tuple(dict.fromkeys(map(system_of, self.items))), items=self.items)


class RetractDecision(Command, frozen=True, kw_only=True, tag="decision-retract"):
    """What was read of a record at a position counts no more.

    Takes neither `on` nor `late`: it is effective on the day of what it takes back.
    """

    log: str
    id: str
    position: int
    because: str | None = None


def decide_log_decision(command: LogDecision, state: State) -> tuple[Decided, ...]:
    """A record that says what it said is no event; a change stands no earlier than what it changes."""
    if missing := [item for item in command.items if item not in state.items]:
        by_convention(
            Refused(f"There is no item {', '.join(missing)}.", "`debt list --status all` shows the register.")
        )
    if command.status is not None and command.status not in DECISION_STATUSES:
        by_convention(
            Refused(
                f"'{command.status}' is no status of a decision: {', '.join(DECISION_STATUSES)} are.",
                "Leave it out: what the record says is kept beside it.",
            )
        )
    refuse_future(command.on or state.today, state.today)
    before = state.opened_book().decisions.get((command.log, command.id))
    placed = place_in_book(
        command,
        state,
        before.effective_on if before else None,
        f"what {command.id} said before stands since {before.effective_on}" if before else "",
    )
    event = _logged(command, placed.occurred_on)
    if before is not None and _logged(command, before.event.occurred_on, before.event.evidence) == before.event:
        by_convention(
            Refused(
                f"{command.id} of the log {command.log} says what it said before.", "`debt decisions` shows the log."
            )
        )
    return (Decided(placed.effective_on, event),)


def decide_retract_decision(command: RetractDecision, state: State) -> tuple[Decided, ...]:
    """What a record said before stands again, since the reading stood; if that day is closed, from the first open one on."""
    book = state.opened_book()
    standing = book.decisions.get((command.log, command.id))
    if standing is None or not standing.counts(command.position):
        raise Refused(
            f"Nothing that was read at position {command.position} of {command.id} in the log {command.log} counts.",
            "`debt decisions` shows the log.",
        )
    if standing.position != command.position:
        raise Refused(
            f"{command.id} of the log {command.log} was read again since, at position {standing.position}.",
            "`debt sources` shows the runs: undo the later one first.",
        )
    event = DecisionRetracted(
        evidence=command.evidence,
        log=command.log,
        id=command.id,
        retracted_position=command.position,
        because=required(command.because, "--because"),
    )
    return (Decided(max(standing.effective_on, book.first_open_day), event),)


def _logged(command: LogDecision, occurred_on: date | None, evidence: str | None = None) -> DecisionLogged:
    return DecisionLogged(
        occurred_on=occurred_on,
        evidence=command.evidence or evidence,
        log=name(command.log, "--log"),
        id=required(command.id, "The record's id", MAX_TITLE),
        title=required(command.title, "The record's title", MAX_TITLE),
        status=command.status,
        status_said=limited(command.status_said, "The record's status", MAX_TITLE) if command.status_said else None,
        dated_on=command.dated_on,
        deciders=command.deciders,
        supersedes=command.supersedes,
        superseded_by=command.superseded_by,
        links=command.links,
        items=command.items,
        path=command.path,
        sha256=command.sha256,
    )
