"""What takes an entry back: the command under a receipt, or why there is none."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Mapping
from types import MappingProxyType

from ledger.events import (
    BookOpened,
    BudgetSet,
    CheckpointSigned,
    DatasheetAnswered,
    DayRateSet,
    DayRateWithdrawn,
    DecisionLogged,
    DecisionRetracted,
    DependencyDeclared,
    EventReversed,
    ExpectationMeasured,
    ExplanationDocumented,
    ForecastSet,
    ImportRun,
    ItemEvent,
    MonitorDocumented,
    NoteAdded,
    PackIssued,
    PeriodClosed,
    PolicySet,
    Recorded,
    ReferenceReplaced,
    RobustnessDocumented,
    ScoreAnswered,
    SystemChanged,
    SystemRegistered,
    SystemRenamed,
    SystemRetired,
    TimeZoneSet,
)
from ledger.vocabulary.money import Currency

#: A word of the command that whoever types it knows alone.
_OPEN = "…"

_Undoing = Callable[[Recorded, Currency], str]

#: Events that nothing takes back, and why.
STAYS: Mapping[type, str] = MappingProxyType(
    {
        BookOpened: "a book is opened once",
        PeriodClosed: "a quarter is closed for good",
        PackIssued: "what was given out was given out; a pack issued again explains the difference",
        CheckpointSigned: "what was signed was signed",
        SystemRegistered: "a key is given once; what it is called and whose it is can be changed",
        DependencyDeclared: "there is no word for it yet",
        SystemRetired: "a key is given once",
        DecisionLogged: "its run is undone, with all that it read",
        DecisionRetracted: "the record is read again",
        MonitorDocumented: "documented again, the later one counts",
        ReferenceReplaced: "replaced again, the later one counts",
        DatasheetAnswered: "answered again, the later answer counts",
        ExpectationMeasured: "a measurement stays; the next one is another",
        ExplanationDocumented: "documented again, the later one counts",
        RobustnessDocumented: "a trial stays; the next one is another",
        ScoreAnswered: "answered again, the later answer counts",
        NoteAdded: "notes stay; another one says what is right",
        EventReversed: "a reversal is not reversed; what it undid is recorded again",
    }
)


def taken_back(recorded: Recorded, currency: Currency) -> str:
    """The command that takes an event back, as it is typed; nothing where nothing does, which STAYS explains."""
    event = recorded.event
    if type(event) in STAYS:
        return ""
    if isinstance(event, ItemEvent):
        return _typed("reverse", recorded.position, because=_OPEN)
    return _UNDOING[type(event)](recorded, currency)


def _typed(*words: object, **options: object) -> str:
    """A command with the options that say something; what stands open keeps its dots."""
    said = [str(word) for word in words]
    for name, value in options.items():
        said += [f"--{name.replace('_', '-')}", str(value)] if value is not None else []
    return " ".join(["debt", *(word if word == _OPEN else shlex.quote(word) for word in said)])


def _set_again(*words: object, **options: object) -> str:
    """What stood before is said again: `--again`, because the same may have been asked for then, on the same day."""
    return f"{_typed(*words, **options)} --again"


def _rate(recorded: Recorded, currency: Currency) -> str:
    return _typed("rate", "withdraw", recorded.position, because=_OPEN)


def _rate_again(recorded: Recorded, currency: Currency) -> str:
    rate: DayRateWithdrawn = recorded.data
    since = {"from": recorded.effective_on, "team": rate.team}
    return _set_again("rate", "set", currency.plain(rate.rate_minor), **since)


def _amount(recorded: Recorded, currency: Currency) -> str:
    """What stood there before is set again; where nothing did, nothing at all."""
    amount: BudgetSet | ForecastSet = recorded.data
    word = "budget" if isinstance(amount, BudgetSet) else "forecast"
    before = currency.plain(amount.previous_minor or 0)
    return _set_again(word, "set", amount.quarter, before, team=amount.team, on=recorded.effective_on)


def _policy(recorded: Recorded, currency: Currency) -> str:
    policy: PolicySet = recorded.data
    return _set_again("policy", "set", policy.policy, "off" if policy.value == "on" else "on")


def _time_zone(recorded: Recorded, currency: Currency) -> str:
    zone: TimeZoneSet = recorded.data
    return _set_again("time-zone", "set", zone.previous)


def _run(recorded: Recorded, currency: Currency) -> str:
    run: ImportRun = recorded.data
    return _typed("import", "--undo", run.run)


def _owner(recorded: Recorded, currency: Currency) -> str:
    """By a new change of the same day: what it was before, whoever types it knows."""
    change: SystemChanged = recorded.data
    said = {"team": change.team, "cost_centre": change.cost_centre}
    return _typed(
        "system",
        "change",
        change.system,
        **{name: _OPEN for name, value in said.items() if value},
        on=recorded.effective_on,
    )


def _called(recorded: Recorded, currency: Currency) -> str:
    renamed: SystemRenamed = recorded.data
    return _set_again("system", "change", renamed.system, name=renamed.previous, on=recorded.effective_on)


_UNDOING: Mapping[type, _Undoing] = MappingProxyType(
    {
        DayRateSet: _rate,
        DayRateWithdrawn: _rate_again,
        BudgetSet: _amount,
        ForecastSet: _amount,
        PolicySet: _policy,
        TimeZoneSet: _time_zone,
        ImportRun: _run,
        SystemChanged: _owner,
        SystemRenamed: _called,
    }
)
