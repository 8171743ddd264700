"""The register: every item as of a day, with its status, its term and its figures."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from ledger.projections.items import item as item_table
from ledger.projections.postings import posting
from ledger.projections.reversals import reversal
from ledger.projections.terms import term
from ledger.quarters import Quarter
from ledger.queries.balances import Balance, technical_delta
from ledger.queries.owners import OWNER_FIELDS, Owner, owners_of
from ledger.queries.reader import Reader

STATUSES = ("open", "lapsed", "overdue", "unestimated", "repaid", "written-off", "reversed")
#: Statuses of items on which nothing is left to do.
CLOSED = ("repaid", "written-off", "reversed")


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
    balances: tuple[Balance, ...]
    decided_by: str | None
    repay_by: str | None
    until: date | None
    planned_for: str | None
    status: str
    age_days: int
    team: str | None
    cost_centre: str | None

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
    opened = sorted(_effective(reader, item_table, as_of), key=lambda row: (row.system, row.number))
    facts = _Facts.read(reader, as_of, frozenset(row.position for row in opened))
    owners = owners_of(reader, OWNER_FIELDS)
    return [_item(row, facts, owners.on(row.system, as_of)) for row in opened]


@dataclass(frozen=True, slots=True)
class _Facts:
    """What is known about items as of a day, by item."""

    reader: Reader
    as_of: date
    undone: frozenset[int]
    balances: dict[str, list[Balance]]
    decisions: dict[str, Any]
    plans: dict[str, str]
    estimates: dict[str, int]
    closings: dict[str, str]

    @classmethod
    def read(cls, reader: Reader, as_of: date, openings: frozenset[int]) -> _Facts:
        balances: dict[str, list[Balance]] = {}
        for balance in technical_delta(reader, as_of):
            balances.setdefault(balance.item, []).append(balance)
        undone = frozenset(row.reversed_position for row in _effective(reader, reversal, as_of))
        # A reversed opening still says what was decided; nothing later on that item can.
        terms = [
            row for row in _effective(reader, term, as_of) if row.position not in undone or row.position in openings
        ]
        terms.sort(key=lambda row: (row.effective_on, row.position))
        estimates, closings = _estimates_and_closings(reader, as_of, undone)
        return cls(
            reader=reader,
            as_of=as_of,
            undone=undone,
            balances=balances,
            decisions={row.item: row for row in terms if row.repay_by},
            plans={row.item: row.planned_for for row in terms if row.planned_for},
            estimates=estimates,
            closings=closings,
        )


def _effective(reader: Reader, table: Any, as_of: date) -> list[Any]:
    """The rows of a read model that are effective by a day and known at the reader's position."""
    query = select(table).where(
        table.c.book == reader.name, table.c.effective_on <= as_of, table.c.position <= reader.position
    )
    return list(reader.connection.execute(query))


def _estimates_and_closings(
    reader: Reader, as_of: date, undone: frozenset[int]
) -> tuple[dict[str, int], dict[str, str]]:
    """Per item, the first standing revision's amount, and how the latest standing closing event closed it."""
    columns = (posting.c.item, posting.c.effective_on, posting.c.position, posting.c.movement, posting.c.amount_minor)
    query = select(*columns).where(
        posting.c.book == reader.name,
        posting.c.nature.is_not(None),
        posting.c.movement.in_(("revised", "repaid", "written-off")),
        posting.c.effective_on <= as_of,
        posting.c.position <= reader.position,
    )
    legs = [row for row in reader.connection.execute(query) if row.position not in undone]
    legs.sort(key=lambda row: (row.effective_on, row.position))
    estimates: dict[str, int] = {}
    closings: dict[str, str] = {}
    for row in legs:
        if row.movement == "revised":
            estimates.setdefault(row.item, -row.amount_minor)
        else:
            closings[row.item] = row.movement
    return estimates, closings


def _item(row: Any, facts: _Facts, owner: Owner) -> RegisterItem:
    key, as_of = row.item, facts.as_of
    decision = facts.decisions.get(key)
    principal = row.principal_minor if row.principal_minor is not None else facts.estimates.get(key)
    nature = "debt" if decision is not None else row.nature
    balances = tuple(facts.balances.get(key, ()))
    return RegisterItem(
        item=key,
        system=row.system,
        title=row.title,
        nature=nature,
        dimension=row.dimension,
        category=row.category,
        opened_on=row.opened_on,
        cause=row.cause,
        principal=principal,
        balances=balances,
        decided_by=decision.decided_by if decision else None,
        repay_by=decision.repay_by if decision else None,
        until=decision.until if decision else None,
        planned_for=facts.plans.get(key),
        status=_status(row, facts, nature, principal, any(balance.outstanding_minor for balance in balances)),
        age_days=(as_of - row.opened_on).days,
        team=owner[0],
        cost_centre=owner[1],
    )


def _status(row: Any, facts: _Facts, nature: str, principal: int | None, owed: bool) -> str:
    """The first that matches, in the order of design §3, 'Status'."""
    key, as_of = row.item, facts.as_of
    if row.position in facts.undone:
        return "reversed"
    if not owed and key in facts.closings:
        return facts.closings[key]
    if principal is None:
        return "unestimated"
    decision = facts.decisions.get(key)
    if decision and decision.until and as_of > decision.until:
        return "lapsed"
    if decision and nature == "debt" and as_of > facts.reader.calendar.last_day(Quarter.parse(decision.repay_by)):
        return "overdue"
    return "open"
