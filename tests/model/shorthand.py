"""Commands in few words, for tests that spell out a story: one item, FRAUD-1, days of 2026 unless said."""

from datetime import date
from typing import Any

from .commands import (
    Adopt,
    Commission,
    Describe,
    Note,
    Observe,
    ObserveInterest,
    Plan,
    RateSet,
    Renew,
    Repay,
    Reverse,
    Revise,
    SystemAdd,
    SystemChange,
    SystemRetire,
    WriteOff,
)

START = date(2025, 1, 1)
FRAUD = SystemAdd(key="FRAUD", name="Fraud scoring", team="red", on=START)
RANK = SystemAdd(key="RANK", name="Ranking", team="blue", cost_centre="100", on=START)
RATE = RateSet(amount="800", start=START)


def day(text: str) -> date:
    """'02-01' is a day of 2026; a whole date is itself."""
    return date.fromisoformat(text if len(text) > 5 else f"2026-{text}")


def commission(
    principal: str = "1000", interest: str | None = "100.01/year", on: str = "01-10", **more: Any
) -> Commission:
    """A commission that passes the gate unless told otherwise."""
    words = {
        "system": "FRAUD",
        "title": "t",
        "category": "glue-code",
        "decided_by": "Ada",
        "because": "launch",
        "benefit": "a month",
        "repay_by": "2026Q4",
    }
    return Commission(principal=principal, interest=interest, on=day(on), **{**words, **more})


def observe(
    principal: str | None = "1000", interest: str | None = "100.01/year", on: str = "01-10", **more: Any
) -> Observe:
    """An observation."""
    words = {"system": "FRAUD", "title": "t", "category": "glue-code", "cause": "expedience"}
    return Observe(principal=principal, interest=interest, on=day(on), **{**words, **more})


def unestimated(on: str = "01-10") -> Observe:
    """An observation that nobody has estimated."""
    return observe(None, None, on)


def adopt(on: str = "02-01", **more: Any) -> Adopt:
    """An adoption that passes the gate."""
    words = {"decided_by": "Ada", "because": "focus", "benefit": "a month", "repay_by": "2026Q4"}
    return Adopt(item="FRAUD-1", on=day(on), **{**words, **more})


def renew(on: str, **more: Any) -> Renew:
    """A new term."""
    words = {"decided_by": "Ada", "because": "not now", "repay_by": "2027Q1"}
    return Renew(item="FRAUD-1", on=day(on), **{**words, **more})


def repay(amount: str | None, on: str, spent: str | None = None, late: bool = False, **more: Any) -> Repay:
    """A repayment; None is all."""
    return Repay(item="FRAUD-1", amount=amount, spent=spent, on=day(on), late=late, **more)


def revise(on: str, principal: str | None = None, interest: str | None = None, late: bool = False) -> Revise:
    """A second look."""
    return Revise(item="FRAUD-1", because="look", principal=principal, interest=interest, on=day(on), late=late)


def write_off(on: str, late: bool = False) -> WriteOff:
    """The rest goes away."""
    return WriteOff(item="FRAUD-1", because="obsolete", on=day(on), late=late)


def plan(on: str, quarter: str = "2026Q4") -> Plan:
    """A plan."""
    return Plan(item="FRAUD-1", quarter=quarter, on=day(on))


def note(on: str, late: bool = False) -> Note:
    """A remark."""
    return Note(item="FRAUD-1", text="seen", on=day(on), late=late)


def describe(verb: str, *words: str, on: str, late: bool = False) -> Describe:
    """Words that change nothing that is owed."""
    return Describe(verb=verb, item="FRAUD-1", words=words, on=day(on), late=late)


def interest(amount: str, on: str, late: bool = False) -> ObserveInterest:
    """What it really cost on a day."""
    return ObserveInterest(item="FRAUD-1", amount=amount, because="incident 341", on=day(on), late=late)


def reverse(position: int) -> Reverse:
    """Undo the event at a position."""
    return Reverse(position=position, because="mistake")


def rename(name: str, on: str = "02-01") -> SystemChange:
    """FRAUD is called otherwise."""
    return SystemChange(key="FRAUD", name=name, on=day(on))


def move(team: str, on: str, late: bool = False) -> SystemChange:
    """FRAUD goes to another team."""
    return SystemChange(key="FRAUD", team=team, on=day(on), late=late)


def retire(on: str, write_off: bool = False, late: bool = False) -> SystemRetire:
    """FRAUD is retired."""
    return SystemRetire(key="FRAUD", because="replaced", on=day(on), write_off=write_off, late=late)
