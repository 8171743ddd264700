"""The register: every item as of a day, with its status, its term and its figures."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from operator import index
from typing import Any

import msgspec
from sqlalchemy import Select, Table, bindparam, select

from ledger.events import described
from ledger.queries.figures.balances import ItemBalance, technical_delta
from ledger.queries.figures.owners import OWNER_FIELDS, Owner, owners_of
from ledger.queries.reader import Reader
from ledger.queries.register.remarks import Remarks, remarks
from ledger.tables.items import item as item_table
from ledger.tables.postings import posting
from ledger.tables.reversals import reversal
from ledger.tables.terms import term
from ledger.vocabulary.ages import OF_WHICH, lateness
from ledger.vocabulary.quarters import Quarter

STATUSES = ("open", "lapsed", "overdue", "unestimated", "repaid", "written-off", "reversed")
#: Statuses of items on which nothing is left to do.
CLOSED = ("repaid", "written-off", "reversed")


class _Opened(msgspec.Struct, frozen=True, gc=False):
    """What was fixed when an item was opened; principal_minor: None if it was unestimated then."""

    position: int
    item: str
    system: str
    number: int
    title: str
    dimension: str
    category: str
    nature: str
    opened_on: date
    principal_minor: int | None
    cause: str | None


class _Decision(msgspec.Struct, frozen=True, gc=False):
    """The standing term of a debt."""

    decided_by: str
    repay_by: str
    until: date | None


def _known(table: Table, *columns: str) -> Select[Any]:
    """Columns of a read model, of the rows that are effective by `as_of` and known at `position`."""
    return select(*(table.c[name] for name in columns)).where(
        table.c.book == bindparam("book"),
        table.c.effective_on <= bindparam("as_of"),
        table.c.position <= bindparam("position"),
    )


_OPENED = _known(item_table, *_Opened.__struct_fields__)
_REVERSED = _known(reversal, "reversed_position")
# In order of day, then position: what comes later stands.
_TERMS = _known(term, "position", "item", "planned_for", *_Decision.__struct_fields__).order_by(
    term.c.effective_on, term.c.position
)
_REVISED_OR_CLOSED = (
    _known(posting, "position", "item", "movement", "amount_minor")
    .where(posting.c.nature.is_not(None), posting.c.movement.in_(("revised", "repaid", "written-off")))
    .order_by(posting.c.effective_on, posting.c.position)
)


@dataclass(frozen=True, slots=True)
class RegisterItem:
    """One item as of a day. Amounts in minor units; principal as first recorded or estimated, None before."""

    item: str
    system: str
    title: str
    nature: str
    dimension: str
    category: str
    opened_on: date
    cause: str | None
    principal: int | None
    #: Per nature that has postings: an adopted item has two.
    balances: tuple[ItemBalance, ...]
    decided_by: str | None
    repay_by: str | None
    until: date | None
    planned_for: str | None
    status: str
    #: Which of OF_WHICH it is; it can be both, and its status says only the first.
    late: tuple[str, ...]
    age_days: int
    team: str | None
    cost_centre: str | None
    tags: tuple[str, ...]
    assignee: str | None
    links: tuple[str, ...]
    #: What its interest was seen to be since it was opened, beside what is booked; None where nobody ever looked.
    interest_observed: int | None

    @property
    def outstanding(self) -> int:
        """What is owed, whatever its nature."""
        return sum(balance.outstanding_minor for balance in self.balances)

    @property
    def interest_per_year(self) -> int:
        """Minor units per year."""
        return sum(balance.carry_minor_per_year for balance in self.balances)

    @property
    def interest_incurred(self) -> int:
        """Since it was opened; each nature rounded by itself."""
        return sum(balance.interest_minor for balance in self.balances)


def register(reader: Reader, as_of: date) -> list[RegisterItem]:
    """Every item opened by a day, closed and reversed ones too, in order of system and number."""
    opened = [_Opened(*row) for row in _effective(reader, _OPENED, as_of)]
    opened.sort(key=lambda item: (item.system, item.number))
    facts = _Facts.read(reader, as_of, frozenset(item.position for item in opened))
    owners = owners_of(reader, OWNER_FIELDS)
    return [_item(item, facts, owners.on(item.system, as_of)) for item in opened]


@dataclass(frozen=True, slots=True)
class _Facts:
    """What is known about items as of a day, by item."""

    reader: Reader
    as_of: date
    undone: frozenset[int]
    balances: dict[str, list[ItemBalance]]
    decisions: dict[str, _Decision]
    plans: dict[str, str]
    estimates: dict[str, int]
    closings: dict[str, str]
    remarks: Remarks

    @classmethod
    def read(cls, reader: Reader, as_of: date, openings: frozenset[int]) -> _Facts:
        balances: dict[str, list[ItemBalance]] = {}
        for balance in technical_delta(reader, as_of):
            balances.setdefault(balance.item, []).append(balance)
        undone = frozenset(position for (position,) in _effective(reader, _REVERSED, as_of))
        decisions: dict[str, _Decision] = {}
        plans: dict[str, str] = {}
        for position, item, planned_for, *decision in _effective(reader, _TERMS, as_of):
            # A reversed opening still says what was decided; nothing later on that item can.
            if position in undone and position not in openings:
                continue
            if planned_for:
                plans[item] = planned_for
            else:
                decisions[item] = _Decision(*decision)
        estimates, closings = _estimates_and_closings(reader, as_of, undone)
        return cls(
            reader=reader,
            as_of=as_of,
            undone=undone,
            balances=balances,
            decisions=decisions,
            plans=plans,
            estimates=estimates,
            closings=closings,
            remarks=remarks(reader, as_of),
        )


def _effective(reader: Reader, query: Select[Any], as_of: date) -> Iterable[Any]:
    """Rows of a read model that are effective by a day and known at the reader's position."""
    parameters = {"book": reader.name, "as_of": as_of, "position": reader.position}
    return reader.stream(query, parameters)


def _estimates_and_closings(
    reader: Reader, as_of: date, undone: frozenset[int]
) -> tuple[dict[str, int], dict[str, str]]:
    """Per item, the first standing revision's amount, and how the latest standing closing event closed it."""
    estimates: dict[str, int] = {}
    closings: dict[str, str] = {}
    for position, item, movement, amount in _effective(reader, _REVISED_OR_CLOSED, as_of):
        if position in undone:
            continue
        if movement == "revised":
            estimates.setdefault(item, -amount)
        else:
            closings[item] = movement
    return estimates, closings


def _item(opened: _Opened, facts: _Facts, owner: Owner) -> RegisterItem:
    key, as_of = opened.item, facts.as_of
    decision = facts.decisions.get(key)
    principal = opened.principal_minor if opened.principal_minor is not None else facts.estimates.get(key)
    if principal is not None:
        index(principal)  # refuses what a damaged column may hold instead
    nature = "debt" if decision is not None else opened.nature
    balances = tuple(facts.balances.get(key, ()))
    late = _late(facts, decision)
    seen = facts.remarks.interest.get(key)
    told = described(opened.title, facts.remarks.descriptions.get(key, ()))
    return RegisterItem(
        item=key,
        system=opened.system,
        title=told.title,
        nature=nature,
        dimension=opened.dimension,
        category=opened.category,
        opened_on=opened.opened_on,
        cause=opened.cause,
        principal=principal,
        balances=balances,
        decided_by=decision.decided_by if decision else None,
        repay_by=decision.repay_by if decision else None,
        until=decision.until if decision else None,
        planned_for=facts.plans.get(key),
        status=_status(opened, facts, principal, late, any(balance.outstanding_minor for balance in balances)),
        late=late,
        age_days=(as_of - opened.opened_on).days,
        team=owner[0],
        cost_centre=owner[1],
        tags=told.tags,
        assignee=told.assignee,
        links=told.links,
        interest_observed=sum(each.amount_minor for _, each in seen) if seen else None,
    )


def _late(facts: _Facts, decision: _Decision | None) -> tuple[str, ...]:
    """How its standing term has passed."""
    if decision is None:
        return ()
    return lateness(facts.as_of, decision.until, facts.reader.calendar.last_day(Quarter.parse(decision.repay_by)))


def _status(opened: _Opened, facts: _Facts, principal: int | None, late: tuple[str, ...], owed: bool) -> str:
    """The first that matches, in the order of design §3, 'Status'."""
    key = opened.item
    if opened.position in facts.undone:
        return "reversed"
    if not owed and key in facts.closings:
        return facts.closings[key]
    if principal is None:
        return "unestimated"
    return late[0] if late else "open"


def listed_under(item: RegisterItem, status: str | None) -> bool:
    """Whether a list asked for by a status shows the item: `all`, None for what is open, or one of STATUSES.

    What is lapsed or overdue is found by its own definition: one that is both has one status and stands in both lists,
    so that each adds up to what `status` and `ageing` call late.
    """
    if status in OF_WHICH:
        return item.status in OF_WHICH and status in item.late
    return status == "all" or (item.status == status if status else item.status not in CLOSED)
