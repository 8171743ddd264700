"""Receipts as a person reads them: whatever an event says, line by line, what is left, and what takes it back.

Nothing here is of one command: fields of an event are told by their names, so that a new event is told as well. What is not
told has its reason in UNTOLD.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

from ledger.accounts.postings import post
from ledger.cli.kit.taken_back import taken_back
from ledger.decide.receipt import Receipt
from ledger.events import (
    BalanceChange,
    BudgetSet,
    DayRateSet,
    DayRateWithdrawn,
    DebtCommissioned,
    Description,
    EstimateRevised,
    Event,
    EventReversed,
    ForecastSet,
    InterestObserved,
    ItemWrittenOff,
    Leg,
    NeglectAdopted,
    NeglectObserved,
    PolicySet,
    Recorded,
    RepaymentRecorded,
    TimeZoneSet,
    said_of_item,
)
from ledger.vocabulary.efforts import effort_text
from ledger.vocabulary.money import Currency

_Text = Callable[[int], str]

#: Fields of which a receipt says nothing, and why.
UNTOLD = {
    "item": "stands in front",
    "system": "stands in front, by itself or in the key of its item",
    "occurred_on": "stands in the first line, where there is one",
    "spent_assumed": "stands in the first line, where it is so",
    "legs": "mirror those of the event that is reversed, which is named; `debt show` lists them",
    "findings": "are a table of their own, which the measurement prints",
    "series": "stand in that table; of evidence it is told",
    "files": "of a pack and of a measurement: their hashes are kept, and the pack's manifest lists them",
    "note": "of a checkpoint is printed whole beside the receipt",
}
_TOLD_OF_SERIES = "EvidenceAdded"

#: The fields of descriptions, which the first line tells as they were typed: of an assignee also that there is none.
_DESCRIBING = ("title", "url", "added", "removed", "assignee")

#: How a field is called where its own name is not what a reader would say.
_LABELS = {
    "carry_minor_per_year": "interest",
    "effort_minutes": "effort",
    "day_rate_minor": "day rate",
    "spent_effort_minutes": "effort spent",
    "spent_day_rate_minor": "day rate of what was spent",
    "outstanding_minor": "outstanding",
    "rate_minor": "day rate",
    "external_key": "key there",
    "previous_minor": "before",
    "previous": "before",
    "withdrawn_position": "position",
    "reversed_position": "reverses position",
    "reversed_stored_as": "reverses",
    "retracted_position": "retracts position",
}


def receipt_lines(receipt: Receipt, currency: Currency) -> tuple[str, ...]:
    """A receipt, line by line: what happened to what, all that was said of it, where it stands, and what takes it back."""
    recorded = receipt.recorded
    late = f" (happened {recorded.event.occurred_on}, late)" if recorded.event.occurred_on else ""
    subject = f"{recorded.stream}  " if recorded.stream != "book" else ""
    what = recorded.stored_as.rpartition("/")[0].replace("-", " ")
    told, figures = _headline(recorded.event, currency.text)
    return (
        f"{subject}{what}{': ' + figures if figures else ''}, effective {recorded.effective_on}{late}",
        *(f"  {label}: {value}" for label, value in _facts(recorded.event, told, currency.text)),
        *_left(receipt, currency),
        *(_postings(recorded, currency) if receipt.tried else _where(receipt, currency)),
    )


def _where(receipt: Receipt, currency: Currency) -> Iterator[str]:
    """Where it stands in the book, and what takes it back."""
    recorded = receipt.recorded
    yield f"  position {recorded.position}, recorded {recorded.recorded_at}, hash {receipt.hash[:12]}"
    undo = taken_back(recorded, currency)
    if undo:
        yield f"  undo: {undo}"


def posting_records(receipt: Receipt, currency: Currency) -> list[dict[str, Any]]:
    """What an event does to the accounts: amounts as plain decimals, debits positive, interest the change of a year's."""
    return [
        {
            "account": leg.account,
            "movement": leg.movement,
            "amount": currency.plain(leg.amount_minor),
            "interest_per_year": currency.plain(leg.carry_minor_per_year),
        }
        for leg in _legs(receipt.recorded)
    ]


def _legs(recorded: Recorded) -> list[Leg]:
    """The legs of an event, debits before credits."""
    return sorted(post(recorded.event, recorded.effective_on), key=lambda leg: leg.amount_minor < 0)


def _postings(recorded: Recorded, currency: Currency) -> Iterator[str]:
    """What an event does to the accounts, in columns."""
    legs = _legs(recorded)
    amounts = [currency.text(abs(leg.amount_minor)) for leg in legs]
    accounts, figures = (max(map(len, texts), default=0) for texts in ([leg.account for leg in legs], amounts))
    for leg, amount in zip(legs, amounts, strict=True):
        side = "credit" if leg.amount_minor < 0 else "debit "
        carry = f"  interest by {currency.text(leg.carry_minor_per_year)} a year" if leg.carry_minor_per_year else ""
        yield f"  {side}  {leg.account:{accounts}}  {amount:>{figures}}{carry}"
    if not legs:
        yield "  posts nothing"


def _left(receipt: Receipt, currency: Currency) -> Iterator[str]:
    """What is left to repay after what changed that."""
    item = receipt.item_after
    if item is None or not isinstance(receipt.recorded.event, BalanceChange | EventReversed):
        return
    balances = item.at_end.values()
    owed, carry = (sum(getattr(each, name) for each in balances) for name in ("outstanding", "carry"))
    yield f"  left: {currency.text(owed)}, interest {currency.text(carry)} a year" if owed else "  left: nothing"


def _facts(event: Event, told: tuple[str, ...], text: _Text) -> Iterator[tuple[str, str]]:
    """What an event says, by label; a field in which it says nothing is left out."""
    for name in event.__struct_fields__:
        value = getattr(event, name)
        silent = name in UNTOLD and not (name == "series" and type(event).__name__ == _TOLD_OF_SERIES)
        if name in told or silent or value in (None, (), {}, ""):
            continue
        yield _label(name), said(name, value, text)


def _label(name: str) -> str:
    plain = name.removesuffix("_per_year").removesuffix("_minor").removesuffix("_minutes")
    return _LABELS.get(name) or plain.replace("_", " ")


def said(name: str, value: Any, text: _Text) -> str:
    """The value of a field, by what its name says that it is: money, money a year, an effort, texts by name."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int) and name.endswith("_per_year"):
        return f"{text(value)} a year"
    if isinstance(value, int) and name.endswith("_minor"):
        return text(value)
    if isinstance(value, int) and name.endswith("_minutes"):
        return effort_text(value)
    if isinstance(value, dict):
        return ", ".join(f"{key} {said('', each, text)}" for key, each in value.items())
    if isinstance(value, tuple):
        return ", ".join(said("", each, text) for each in value)
    if hasattr(value, "__struct_fields__"):
        return " ".join(said(field, getattr(value, field), text) for field in value.__struct_fields__)
    return value.isoformat() if isinstance(value, date) else str(value)


def _headline(event: Event, text: _Text) -> tuple[tuple[str, ...], str]:
    """The fields that the first line tells, and how it tells them."""
    match event:
        case NeglectObserved(principal_minor=None):
            return ("principal_minor", "carry_minor_per_year"), "unestimated"
        case DebtCommissioned() | NeglectObserved() | NeglectAdopted():
            figures = f"{text(event.principal_minor or 0)}, interest {text(event.carry_minor_per_year)} a year"
            return ("principal_minor", "carry_minor_per_year"), figures
        case RepaymentRecorded():
            return ("removed_minor", "carry_removed_minor_per_year", "spent_minor"), _repayment(event, text)
        case EstimateRevised():
            carry = text(event.carry_change_minor_per_year)
            figures = f"principal by {text(event.principal_change_minor)}, interest by {carry} a year"
            return ("principal_change_minor", "carry_change_minor_per_year"), figures
        case ItemWrittenOff():
            figures = f"{text(event.removed_minor)}, interest {text(event.carry_removed_minor_per_year)} a year"
            return ("removed_minor", "carry_removed_minor_per_year"), figures
        case InterestObserved():
            return ("amount_minor",), text(event.amount_minor)
        case Description():
            return _DESCRIBING, said_of_item(event)
        case _:
            return _headline_of_the_book(event, text)


def _headline_of_the_book(event: Event, text: _Text) -> tuple[tuple[str, ...], str]:
    match event:
        case BudgetSet() | ForecastSet():
            return ("quarter", "team", "amount_minor"), f"{event.quarter} for {event.team}: {text(event.amount_minor)}"
        case DayRateSet() | DayRateWithdrawn():
            return ("rate_minor", "team"), f"{text(event.rate_minor)} for {event.team or 'every team without its own'}"
        case PolicySet():
            return ("policy", "value"), f"{event.policy} {event.value}"
        case TimeZoneSet():
            return ("time_zone", "previous"), f"{event.time_zone} instead of {event.previous}"
        case _:
            return (), ""


def _repayment(event: RepaymentRecorded, text: _Text) -> str:
    assumed = " (assumed)" if event.spent_assumed else ""
    cost = "unmeasured" if event.spent_minor is None else f"spent {text(event.spent_minor)}{assumed}"
    removed, carry = text(event.removed_minor), text(event.carry_removed_minor_per_year)
    return f"removed {removed} and interest of {carry} a year, {cost}"
