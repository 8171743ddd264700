"""One item's whole story: what was decided, how its balance moved, what was recorded."""

from __future__ import annotations

from collections.abc import Callable, Container
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

import msgspec

from ledger.accounts.postings import post
from ledger.events import (
    BalanceChange,
    DebtCommissioned,
    DebtRenewed,
    Description,
    Event,
    EventReversed,
    EvidenceAdded,
    InterestObserved,
    ItemEvent,
    NeglectAdopted,
    NeglectObserved,
    NoteAdded,
    Recorded,
    RepaymentPlanned,
)
from ledger.events.exhaustive import exhaustive
from ledger.queries.audit.log import Logged, log
from ledger.queries.reader import Reader

_DECISION = {name: name for name in ("decided_by", "because", "benefit", "repay_by", "until")}

#: What each decision says, by the name under which the story tells it.
_SAID: dict[type[Event], dict[str, str]] = {
    DebtCommissioned: _DECISION | {"adr": "adr"},
    NeglectAdopted: _DECISION,
    DebtRenewed: {name: name for name in ("decided_by", "because", "repay_by", "until")},
    RepaymentPlanned: {"planned_for": "quarter"},
    NeglectObserved: {"cause": "cause"},
}
_NO_DECISIONS = (BalanceChange, EventReversed, EvidenceAdded, NoteAdded, Description, InterestObserved)

exhaustive(ItemEvent, _SAID, _NO_DECISIONS, module=__name__)


@dataclass(frozen=True, slots=True)
class Story:
    """decisions: what was decided or observed, in order; events: as in the log; legs: of the liabilities."""

    POSTING_COLUMNS: ClassVar[tuple[str, ...]] = (
        "position",
        "effective_on",
        "movement",
        "nature",
        "amount",
        "outstanding",
        "carry",
        "interest_per_year",
        "spent",
    )

    decisions: list[dict[str, Any]]
    legs: list[dict[str, Any]]
    events: list[dict[str, Any]]

    def postings(self, shown: Callable[[int], str]) -> list[dict[str, Any]]:
        """The liability legs by effective date, with the running balance of the whole item."""
        outstanding = interest_per_year = 0
        rows = []
        for leg in self.legs:
            outstanding += leg["amount"]
            interest_per_year += leg["carry"]
            amounts = {"amount": leg["amount"], "outstanding": outstanding, "carry": leg["carry"]}
            amounts |= {"interest_per_year": interest_per_year, "spent": leg["spent"]}
            rows.append(leg | {name: shown(value) for name, value in amounts.items()})
        return rows


def story(reader: Reader, item: str, as_of: date) -> Story:
    """The story of an item to a day. Amounts in minor units, increases of what is owed positive."""
    logged = list(log(reader, stream=item, as_of=as_of))
    in_order = sorted(
        (entry.recorded for entry in logged), key=lambda recorded: (recorded.effective_on, recorded.position)
    )
    undone = {recorded.event.reversed_position for recorded in in_order if isinstance(recorded.event, EventReversed)}
    return Story(
        decisions=[decision for recorded in in_order if (decision := _decision(recorded, undone))],
        legs=[leg for recorded in in_order for leg in _legs(recorded)],
        events=[log_record(entry) for entry in logged],
    )


def log_record(logged: Logged) -> dict[str, Any]:
    """An event as design §6 shapes it."""
    recorded = logged.recorded
    return {
        "position": recorded.position,
        "event_id": recorded.event_id,
        "stored_as": recorded.stored_as,
        "stream": recorded.stream,
        "effective_on": recorded.effective_on.isoformat(),
        "recorded_at": recorded.recorded_at,
        "actor": recorded.actor,
        "hash": logged.hash,
        "data": msgspec.to_builtins(recorded.event),
    }


def _decision(recorded: Recorded, undone: Container[int]) -> dict[str, Any] | None:
    if type(recorded.event) not in _SAID:
        return None
    said = {field: getattr(recorded.event, told) for field, told in _SAID[type(recorded.event)].items()}
    # Said only of what no longer stands.
    gone = {"reversed": True} if recorded.position in undone else {}
    return {"on": recorded.effective_on, "what": recorded.stored_as.partition("/")[0], **said, **gone}


def _legs(recorded: Recorded) -> list[dict[str, Any]]:
    return [
        {
            "position": recorded.position,
            "effective_on": recorded.effective_on,
            "movement": leg.movement,
            "nature": leg.nature,
            "amount": -leg.amount_minor,
            "carry": leg.carry_minor_per_year,
            "spent": leg.spent_minor,
        }
        for leg in post(recorded.event, recorded.effective_on)
        if leg.nature is not None
    ]
