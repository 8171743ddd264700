"""Events: what happened, in the past tense, immutable.

The stored name ('debt-commissioned/1') is a contract for ever; the class may be renamed. Amounts are
resolved when recorded and kept in integer minor units, carry in minor units per year, so that no later
change of code, rate or configuration alters a figure. A new version of an event is a new class, a line
in STORED_AS and an upcaster in `codec`.
"""

from __future__ import annotations

from ledger.events.base import Event, Recorded
from ledger.events.book import (
    AmountPerQuarter,
    BookOpened,
    BudgetSet,
    CheckpointSigned,
    DayRateSet,
    ForecastSet,
    PackFile,
    PackIssued,
    PeriodClosed,
    PolicySet,
)
from ledger.events.documents import (
    DatasheetAnswered,
    ExpectationMeasured,
    ExplanationDocumented,
    MonitorDocumented,
    RobustnessDocumented,
    ScoreAnswered,
)
from ledger.events.items import (
    DebtCommissioned,
    DebtRenewed,
    EstimateRevised,
    EventReversed,
    EvidenceAdded,
    ItemEvent,
    ItemWrittenOff,
    Leg,
    NeglectAdopted,
    NeglectObserved,
    NoteAdded,
    Opening,
    RepaymentPlanned,
    RepaymentRecorded,
)
from ledger.events.systems import DependencyDeclared, SystemChanged, SystemEvent, SystemRegistered, SystemRetired

#: Every stored name ever used, and the class that reads it now. One line per event.
STORED_AS: dict[str, type[Event]] = {
    "book-opened/1": BookOpened,
    "day-rate-set/1": DayRateSet,
    "period-closed/1": PeriodClosed,
    "system-registered/1": SystemRegistered,
    "system-changed/1": SystemChanged,
    "dependency-declared/1": DependencyDeclared,
    "system-retired/1": SystemRetired,
    "debt-commissioned/1": DebtCommissioned,
    "neglect-observed/1": NeglectObserved,
    "neglect-adopted/1": NeglectAdopted,
    "debt-renewed/1": DebtRenewed,
    "repayment-recorded/1": RepaymentRecorded,
    "estimate-revised/1": EstimateRevised,
    "repayment-planned/1": RepaymentPlanned,
    "item-written-off/1": ItemWrittenOff,
    "event-reversed/1": EventReversed,
    "note-added/1": NoteAdded,
    "budget-set/1": BudgetSet,
    "forecast-set/1": ForecastSet,
    "pack-issued/1": PackIssued,
    "policy-set/1": PolicySet,
    "checkpoint-signed/1": CheckpointSigned,
    "evidence-added/1": EvidenceAdded,
    "monitor-documented/1": MonitorDocumented,
    "expectation-measured/1": ExpectationMeasured,
    "datasheet-answered/1": DatasheetAnswered,
    "explanation-documented/1": ExplanationDocumented,
    "robustness-documented/1": RobustnessDocumented,
    "score-answered/1": ScoreAnswered,
}

#: Events that say something about the ledger rather than about debt: no pack knows them.
ABOUT_THE_LEDGER = ("pack-issued/1", "checkpoint-signed/1")

NAME_OF: dict[type[Event], str] = {event: name for name, event in STORED_AS.items()}

__all__ = [
    "ABOUT_THE_LEDGER",
    "NAME_OF",
    "STORED_AS",
    "AmountPerQuarter",
    "BookOpened",
    "BudgetSet",
    "CheckpointSigned",
    "DatasheetAnswered",
    "DayRateSet",
    "DebtCommissioned",
    "DebtRenewed",
    "DependencyDeclared",
    "EstimateRevised",
    "Event",
    "EventReversed",
    "EvidenceAdded",
    "ExpectationMeasured",
    "ExplanationDocumented",
    "ForecastSet",
    "ItemEvent",
    "ItemWrittenOff",
    "Leg",
    "MonitorDocumented",
    "NeglectAdopted",
    "NeglectObserved",
    "NoteAdded",
    "Opening",
    "PackFile",
    "PackIssued",
    "PeriodClosed",
    "PolicySet",
    "Recorded",
    "RepaymentPlanned",
    "RepaymentRecorded",
    "RobustnessDocumented",
    "ScoreAnswered",
    "SystemChanged",
    "SystemEvent",
    "SystemRegistered",
    "SystemRetired",
]
