"""Events: what happened, in the past tense, immutable.

The stored name ('debt-commissioned/1') is a contract for ever; the class may be renamed. Amounts are
resolved when recorded and kept in integer minor units, carry in minor units per year, so that no later
change of code, rate or configuration alters a figure.

A new event is a class in a file of this folder, and beside it what it posts; the file's line below, and a row of EVENTS.
Whoever folds events then fails to be imported until its file says what it does with the new one (ledger.events.exhaustive).
A new version of an event is its class as it is now, a row, and an upcaster of the version before in `codec`.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import msgspec

from ledger.events.balances import *
from ledger.events.base import *
from ledger.events.book import *
from ledger.events.decision_log import *
from ledger.events.descriptions import *
from ledger.events.documents import *
from ledger.events.item import *
from ledger.events.legs import *
from ledger.events.openings import *
from ledger.events.remarks import *
from ledger.events.reversals import *
from ledger.events.systems import *
from ledger.events.terms import *


class EventKind(msgspec.Struct, frozen=True):
    """An event's stored name, the class that reads it now, and what it posts: its legs, from the day it accrues from."""

    stored_as: str
    event: type[Event]
    posts: Callable[[Any, date], tuple[Leg, ...]]


#: Every event ever stored, in the order in which they came to be; what is written is the last version of each class.
EVENTS: tuple[EventKind, ...] = (
    EventKind("book-opened/1", BookOpened, without_postings),
    EventKind("day-rate-set/1", DayRateSet, without_postings),
    EventKind("period-closed/1", PeriodClosed, without_postings),
    EventKind("system-registered/1", SystemRegistered, without_postings),
    EventKind("system-changed/1", SystemChanged, without_postings),
    EventKind("dependency-declared/1", DependencyDeclared, without_postings),
    EventKind("system-retired/1", SystemRetired, without_postings),
    EventKind("debt-commissioned/1", DebtCommissioned, commissioned),
    EventKind("neglect-observed/1", NeglectObserved, observed),
    EventKind("neglect-adopted/1", NeglectAdopted, adopted),
    EventKind("debt-renewed/1", DebtRenewed, without_postings),
    EventKind("repayment-recorded/1", RepaymentRecorded, repaid),
    EventKind("estimate-revised/1", EstimateRevised, revised),
    EventKind("repayment-planned/1", RepaymentPlanned, without_postings),
    EventKind("item-written-off/1", ItemWrittenOff, written_off),
    EventKind("event-reversed/1", EventReversed, undone),
    EventKind("note-added/1", NoteAdded, without_postings),
    EventKind("budget-set/1", BudgetSet, without_postings),
    EventKind("forecast-set/1", ForecastSet, without_postings),
    EventKind("pack-issued/1", PackIssued, without_postings),
    EventKind("policy-set/1", PolicySet, without_postings),
    EventKind("checkpoint-signed/1", CheckpointSigned, without_postings),
    EventKind("evidence-added/1", EvidenceAdded, without_postings),
    EventKind("monitor-documented/1", MonitorDocumented, without_postings),
    EventKind("expectation-measured/1", ExpectationMeasured, without_postings),
    EventKind("datasheet-answered/1", DatasheetAnswered, without_postings),
    EventKind("explanation-documented/1", ExplanationDocumented, without_postings),
    EventKind("robustness-documented/1", RobustnessDocumented, without_postings),
    EventKind("score-answered/1", ScoreAnswered, without_postings),
    EventKind("time-zone-set/1", TimeZoneSet, without_postings),
    EventKind("monitor-documented/2", MonitorDocumented, without_postings),
    EventKind("expectation-measured/2", ExpectationMeasured, without_postings),
    EventKind("evidence-added/2", EvidenceAdded, without_postings),
    EventKind("reference-replaced/1", ReferenceReplaced, without_postings),
    EventKind("repayment-recorded/2", RepaymentRecorded, repaid),
    EventKind("import-run/1", ImportRun, without_postings),
    EventKind("decision-logged/1", DecisionLogged, without_postings),
    EventKind("decision-retracted/1", DecisionRetracted, without_postings),
    EventKind("day-rate-withdrawn/1", DayRateWithdrawn, without_postings),
    EventKind("system-renamed/1", SystemRenamed, without_postings),
    EventKind("item-retitled/1", ItemRetitled, without_postings),
    EventKind("item-linked/1", ItemLinked, without_postings),
    EventKind("item-tagged/1", ItemTagged, without_postings),
    EventKind("item-assigned/1", ItemAssigned, without_postings),
    EventKind("interest-observed/1", InterestObserved, without_postings),
)

#: Events that say something about the ledger rather than about debt: no pack knows them.
ABOUT_THE_LEDGER = ("pack-issued/1", "checkpoint-signed/1")

STORED_AS: dict[str, type[Event]] = {kind.stored_as: kind.event for kind in EVENTS}
NAME_OF: dict[type[Event], str] = {kind.event: kind.stored_as for kind in EVENTS}
POSTS: dict[type[Event], Callable[[Any, date], tuple[Leg, ...]]] = {kind.event: kind.posts for kind in EVENTS}
