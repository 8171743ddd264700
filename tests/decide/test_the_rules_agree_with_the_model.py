"""The rules and the folds, held against the reference model: corner cases and whole histories, in memory."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

import pytest

from ledger.accounts.general_ledger import FoldedItem, GeneralLedger
from ledger.accounts.postings import post
from ledger.accounts.replay import replay
from ledger.decide.init import OpenBook
from ledger.events import AmountPerQuarter, EventReversed, InterestObserved, ItemEvent, Recorded, RepaymentRecorded
from ledger.vocabulary.errors import LedgerError
from ledger.vocabulary.quarters import FiscalCalendar, Quarter
from tests.decide.in_memory import InMemory
from tests.decide.typed import EUR, read
from tests.model.books import Books
from tests.model.commands import Command, Report
from tests.model.corners import CORNERS
from tests.model.histories import FIRST_DAY, LAST_DAY, TODAY, seeded_history
from tests.model.register import ItemFact, PlanFact
from tests.model.shorthand import FRAUD, RANK

Fact = dict[str, Any]


def opened(fiscal_year_start: int) -> InMemory:
    """A book with its first event."""
    book = InMemory()
    book.do(OpenBook(currency="EUR", currency_exponent=2, fiscal_year_start=fiscal_year_start, time_zone="UTC"), TODAY)
    return book


def play(commands: Iterable[Command], fiscal_year_start: int = 1) -> tuple[InMemory, Books]:
    """Do every command in both, and hold what became of it against each other."""
    book, model = opened(fiscal_year_start), Books(fiscal_year_start=fiscal_year_start)
    for command in commands:
        if isinstance(command, Report):  # a pack has to be made first
            continue
        before = model.register
        outcome = model.apply(command, TODAY)
        try:
            recorded, refusal = book.do(read(command), TODAY), ""
        except LedgerError as error:
            recorded, refusal = [], str(error)
        assert (not refusal, command) == (outcome.accepted, command), refusal or outcome.reason
        facts = [fact for fact in model.register.facts if fact.position in outcome.positions]
        assert [each.position for each in recorded] == list(outcome.positions)
        assert [_of_event(each) for each in recorded if isinstance(each.event, ItemEvent)] == [
            _of_fact(fact) for fact in facts if isinstance(fact, ItemFact)
        ]
        assert [
            (each.event.amount_minor, each.event.previous_minor)
            for each in recorded
            if isinstance(each.event, AmountPerQuarter)
        ] == [
            (fact.amount, before.plans(fact.what).get((fact.quarter, fact.team)))
            for fact in facts
            if isinstance(fact, PlanFact)
        ]
    return book, model


def _of_event(recorded: Recorded) -> Fact:
    event = recorded.event
    legs = [leg for leg in post(event, recorded.effective_on) if leg.nature]
    return {
        "kind": recorded.stored_as.partition("/")[0],
        "item": recorded.stream,
        "on": recorded.effective_on,
        "occurred_on": event.occurred_on,
        "reverses": event.reversed_position if isinstance(event, EventReversed) else None,
        "assumed": isinstance(event, RepaymentRecorded) and event.spent_assumed,
        "unmeasured": isinstance(event, RepaymentRecorded) and event.spent_minor is None,
        "legs": [
            (leg.nature, -leg.amount_minor, leg.carry_minor_per_year, leg.accrues_from, leg.movement, leg.spent_minor)
            for leg in legs
        ],
    }


def _of_fact(fact: ItemFact) -> Fact:
    return {
        "kind": fact.kind,
        "item": fact.item,
        "on": fact.on,
        "occurred_on": fact.occurred_on,
        "reverses": fact.reverses,
        "assumed": fact.assumed,
        "unmeasured": fact.unmeasured,
        "legs": [
            (leg.nature, leg.principal, leg.carry, leg.accrues_from, leg.movement.replace("_", "-"), leg.spent)
            for leg in fact.legs
        ],
    }


def agree_on_figures(book: InMemory, model: Books) -> None:
    """The register and the roll-forward, on every day on which anything happened to an item and on the last."""
    calendar = FiscalCalendar(model.settings.fiscal_year_start)
    days = sorted({fact.on for fact in model.register.item_facts()} | {TODAY})
    for day in days:
        assert _register(book, calendar, day) == model.list(day, status="all")
    for quarter in {calendar.quarter_of(day) for day in days}:
        assert _rollforward(book, calendar, quarter) == _model_rollforward(model, calendar, quarter)


def _register(book: InMemory, calendar: FiscalCalendar, as_of: date) -> list[Fact]:
    folded = GeneralLedger(as_of, calendar)
    for each in book.events:
        folded.take(each.position, each.stream, each.effective_on, each.event)
    assert sum(account.balance for account in folded.accounts.values()) == 0
    return [
        {
            "item": item.item,
            "system": item.item.partition("-")[0],
            "title": item.title,
            "nature": item.nature,
            "dimension": item.dimension,
            "category": item.category,
            "opened_on": item.opened_on.isoformat(),
            "principal": None if item.principal is None else EUR.plain(item.principal),
            "outstanding": EUR.plain(item.outstanding),
            "interest_per_year": EUR.plain(item.interest_per_year),
            "interest_incurred": EUR.plain(item.interest_incurred),
            "status": item.status,
            "repay_by": item.repay_by,
            "age_days": (as_of - item.opened_on).days,
            "planned": item.planned_for,
            **_described(book, item, as_of),
        }
        for item in folded.register()
    ]


def _described(book: InMemory, folded: FoldedItem, as_of: date) -> Fact:
    item = book.item(folded.item)
    assert item is not None
    told = item.described_on(as_of)
    assert told.title == folded.title
    entries = [entry for entry in item.entries if isinstance(entry.event, InterestObserved) and entry.stands_on(as_of)]
    seen = sum(entry.event.amount_minor for entry in entries if isinstance(entry.event, InterestObserved))
    observed = EUR.plain(seen) if entries else None
    return {"tags": list(told.tags), "assignee": told.assignee, "interest_observed": observed}


def _rollforward(book: InMemory, calendar: FiscalCalendar, quarter: Quarter) -> dict[str, dict[str, str]]:
    columns = (
        "opening",
        "commissioned",
        "observed",
        "adopted",
        "revised",
        "repaid",
        "written_off",
        "corrected",
        "closing",
    )
    found = replay(book.events, *calendar.span(quarter)).rollforward
    rows = {}
    for nature in ("debt", "neglect"):
        sums = {name: sum(getattr(row, name) for row in found if row.nature == nature) for name in columns}
        rows[nature] = {name: EUR.plain(amount) for name, amount in sums.items()}
    return rows


def _model_rollforward(model: Books, calendar: FiscalCalendar, quarter: Quarter) -> dict[str, dict[str, str]]:
    rows = model.rollforward(*calendar.span(quarter))["rows"]
    names = (
        "opening",
        "commissioned",
        "observed",
        "adopted",
        "revised",
        "repaid",
        "written_off",
        "corrected",
        "closing",
    )
    return {row["nature"]: {name: row[name] for name in names} for row in rows if row["nature"] != "total"}


@pytest.mark.parametrize("seed", range(12))
def test_a_history(seed: int) -> None:
    """Of some forty commands, most of them acceptable: refused by both, or the same events and figures folded from them."""
    history = seeded_history(seed, steps=40, days=(FIRST_DAY, LAST_DAY), today=TODAY)
    agree_on_figures(*play(history.commands, history.fiscal_year_start))


@pytest.mark.parametrize("name", CORNERS)
def test_a_corner_case(name: str) -> None:
    """The same of what histories meet seldom."""
    agree_on_figures(*play((FRAUD, RANK, *CORNERS[name])))
