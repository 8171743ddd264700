"""Commands: what somebody asks the ledger to do, read but not yet decided.

A command holds what was typed: quantities are not priced, a missing date is None. Its canonical text is
the request that a retry is compared with. `needs` says which part of the books must be known to decide it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import msgspec

from ledger.events import Expectation, PackFile, Remediation, Scope, ScoreAnswer, Verdict
from ledger.measurements import Measurement
from ledger.model import system_of
from ledger.quantities import Interest, Quantity


@dataclass(frozen=True, slots=True)
class Needs:
    """What the store has to load before a command can be decided; the book itself always is.

    number_in: the system whose next item number is wanted. items_of: the system whose items are all
    wanted. event_at: a position whose stream is wanted. teams: every team ever named. first_unclosed_day:
    the first effective date of an item event after the last closed day. last_entry_in: a quarter; who recorded
    the last event of the days that closing it would seal.
    """

    systems: tuple[str, ...] = ()
    items: tuple[str, ...] = ()
    number_in: str | None = None
    items_of: str | None = None
    event_at: int | None = None
    teams: bool = False
    first_unclosed_day: bool = False
    last_entry_in: str | None = None

    @property
    def reads_the_book(self) -> bool:
        """Whether more is asked of the store than streams it knows by name: what is pending must be there."""
        return self.event_at is not None or self.items_of is not None or self.first_unclosed_day


class Command(msgspec.Struct, frozen=True, kw_only=True, tag=True, tag_field="command", omit_defaults=True):
    """What every command may say.

    on: the day it happened, None for today. late: post it on the first day allowed if that day is closed
    or before a barrier. evidence: where the fact can be checked. What was not said is left out of the
    request's text, so that an option added later changes no request made before.
    """

    on: date | None = None
    late: bool = False
    evidence: str | None = None

    def needs(self) -> Needs:
        return Needs()


class OpenBook(Command, frozen=True, kw_only=True, tag="init"):
    currency: str
    currency_exponent: int
    fiscal_year_start: int
    time_zone: str


class AddSystem(Command, frozen=True, kw_only=True, tag="system add"):
    system: str
    name: str
    team: str
    cost_centre: str | None = None
    reads_from: tuple[str, ...] = ()

    def needs(self) -> Needs:
        return Needs(systems=(self.system, *self.reads_from))


class ChangeSystem(Command, frozen=True, kw_only=True, tag="system change"):
    system: str
    team: str | None = None
    cost_centre: str | None = None

    def needs(self) -> Needs:
        return Needs(systems=(self.system,))


class DeclareDependency(Command, frozen=True, kw_only=True, tag="system depends"):
    """The system reads another system's output. what: which output, how often."""

    system: str
    reads_from: str
    what: str | None = None

    def needs(self) -> Needs:
        return Needs(systems=(self.system, self.reads_from))


class RetireSystem(Command, frozen=True, kw_only=True, tag="system retire"):
    system: str
    because: str
    write_off: bool = False

    def needs(self) -> Needs:
        return Needs(systems=(self.system,), items_of=self.system)


class SetRate(Command, frozen=True, kw_only=True, tag="rate set"):
    """rate_minor: minor units per person-day. `on` is the first day it is in force."""

    rate_minor: int
    team: str | None = None

    def needs(self) -> Needs:
        return Needs(teams=True)


class Close(Command, frozen=True, kw_only=True, tag="close"):
    quarter: str

    def needs(self) -> Needs:
        return Needs(first_unclosed_day=True, last_entry_in=self.quarter)


class SetPolicy(Command, frozen=True, kw_only=True, tag="policy set"):
    """value: 'on' or 'off'."""

    policy: str
    value: str


class SignCheckpoint(Command, frozen=True, kw_only=True, tag="checkpoint"):
    """A checkpoint that has been signed; the fields are those of `CheckpointSigned`."""

    origin: str
    size: int
    root: str
    note: str
    public_key: str


class SetAmount(Command, frozen=True, kw_only=True):
    """An amount for a quarter and team, minor units. file_sha256, cell: of the workbook it came from.

    expected_minor: what the workbook said stood there when it was exported; None if nothing did.
    """

    quarter: str
    team: str
    amount_minor: int
    file_sha256: str | None = None
    cell: str | None = None
    expected_minor: int | None = None

    def needs(self) -> Needs:
        return Needs(teams=True)


class SetBudget(SetAmount, frozen=True, kw_only=True, tag="budget set"):
    """What may be spent on repayments."""


class SetForecast(SetAmount, frozen=True, kw_only=True, tag="forecast set"):
    """What is expected to be spent on repayments."""


class IssuePack(Command, frozen=True, kw_only=True, tag="report"):
    """A pack that has been written; the fields are those of `PackIssued`."""

    quarter: str
    as_of: date
    known_position: int
    head_hash: str
    compared_with: tuple[int, ...]
    manifest_sha256: str
    files: tuple[PackFile, ...]


class OpeningCommand(Command, frozen=True, kw_only=True):
    """What commissions and observations share; source to details are of imported items."""

    system: str
    title: str
    category: str
    dimension: str | None = None
    principal: Quantity | None = None
    interest: Interest | None = None
    source: str | None = None
    external_key: str | None = None
    content_hash: str | None = None
    details: dict[str, str] = {}

    def needs(self) -> Needs:
        return Needs(systems=(self.system,), number_in=self.system)


class Commission(OpeningCommand, frozen=True, kw_only=True, tag="commission"):
    decided_by: str | None = None
    because: str | None = None
    benefit: str | None = None
    repay_by: str | None = None
    decided_on: date | None = None
    until: date | None = None
    adr: str | None = None


class Observe(OpeningCommand, frozen=True, kw_only=True, tag="observe"):
    cause: str | None = None


class ItemCommand(Command, frozen=True, kw_only=True):
    """A command about one item."""

    item: str

    def needs(self) -> Needs:
        return Needs(systems=(system_of(self.item),), items=(self.item,))


class Adopt(ItemCommand, frozen=True, kw_only=True, tag="adopt"):
    decided_by: str | None = None
    because: str | None = None
    benefit: str | None = None
    repay_by: str | None = None
    until: date | None = None


class Renew(ItemCommand, frozen=True, kw_only=True, tag="renew"):
    decided_by: str | None = None
    because: str | None = None
    repay_by: str | None = None
    until: date | None = None


class Repay(ItemCommand, frozen=True, kw_only=True, tag="repay"):
    """amount None: all that is left."""

    amount: Quantity | None = None
    spent: Quantity | None = None


class Revise(ItemCommand, frozen=True, kw_only=True, tag="revise"):
    principal: Quantity | None = None
    interest: Interest | None = None
    because: str | None = None


class WriteOff(ItemCommand, frozen=True, kw_only=True, tag="write-off"):
    because: str | None = None


class Plan(ItemCommand, frozen=True, kw_only=True, tag="plan"):
    quarter: str


class AddEvidence(ItemCommand, frozen=True, kw_only=True, tag="evidence"):
    """measured_at: position of the measurement that shows it, if one does."""

    text: str
    measured_at: int | None = None


class AddNote(ItemCommand, frozen=True, kw_only=True, tag="note"):
    text: str


class Reverse(Command, frozen=True, kw_only=True, tag="reverse"):
    """Takes neither `on` nor `late`: a reversal is effective on the day of what it reverses."""

    position: int
    because: str | None = None

    def needs(self) -> Needs:
        return Needs(event_at=self.position)


# --- a system's documents; the fields are those of the events (ledger.events.documents) --------------


class SystemCommand(Command, frozen=True, kw_only=True):
    """A command about one system's documents."""

    system: str

    def needs(self) -> Needs:
        return Needs(systems=(self.system,))


class DocumentMonitor(SystemCommand, frozen=True, kw_only=True, tag="monitor"):
    monitor: str
    what: str
    threshold: str
    alerts: bool
    remediation: Remediation
    plan: str
    carried_by: str | None = None
    settings: dict[str, tuple[str, ...]] = msgspec.field(default_factory=dict)

    def needs(self) -> Needs:
        return Needs(systems=(self.system,), items=(self.carried_by,) if self.carried_by else ())


class RecordMeasurement(SystemCommand, frozen=True, kw_only=True, tag="measure"):
    what: str
    expectation: Expectation
    headline: str
    value: str
    verdict: Verdict
    rows: int
    monitor: str | None = None
    threshold: str | None = None
    figures: dict[str, str] = msgspec.field(default_factory=dict)
    findings: tuple[dict[str, str], ...] = ()
    files: dict[str, str] = msgspec.field(default_factory=dict)
    settings: dict[str, tuple[str, ...]] = msgspec.field(default_factory=dict)


def measurement_of(
    found: Measurement,
    system: str,
    *,
    monitor: str | None = None,
    on: date | None = None,
    late: bool = False,
    evidence: str | None = None,
) -> RecordMeasurement:
    """The command that records what a measure found about a system. monitor: under whose definition."""
    return RecordMeasurement(
        on=on,
        late=late,
        evidence=evidence,
        system=system,
        what=found.what,
        monitor=monitor,
        expectation=found.kind.expectation,
        headline=found.kind.headline,
        value=found.value,
        threshold=found.threshold,
        verdict=found.verdict,
        rows=found.rows,
        figures=found.figures,
        findings=found.findings,
        files=found.files,
        settings=found.settings,
    )


class AnswerDatasheet(SystemCommand, frozen=True, kw_only=True, tag="datasheet"):
    dataset: str
    answers: dict[str, str]
    source: str | None = None
    source_sha256: str | None = None


class DocumentExplanation(SystemCommand, frozen=True, kw_only=True, tag="explain"):
    scope: Scope
    method: str
    artifact: str
    audience: str
    quality: str


class DocumentRobustness(SystemCommand, frozen=True, kw_only=True, tag="robustness"):
    case: str
    perturbation: str
    passed: int
    of: int
    data: str


class AnswerScore(SystemCommand, frozen=True, kw_only=True, tag="score"):
    test: str
    answer: ScoreAnswer
