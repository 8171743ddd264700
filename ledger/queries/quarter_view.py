"""The quarter view: everything a quarterly pack may know, read in one moment."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from importlib.metadata import version
from typing import Any

from sqlalchemy import func, select

from ledger.codec import decode
from ledger.events import Recorded
from ledger.model import system_of
from ledger.projections.items import item as item_table
from ledger.projections.postings import posting
from ledger.quarters import Quarter
from ledger.queries.balances import Balance, technical_delta
from ledger.queries.budgets import budget_views, planned_figures
from ledger.queries.grouping import Grouping
from ledger.queries.history import dimensions_of, figures_of
from ledger.queries.issues import Issue
from ledger.queries.journal import journal
from ledger.queries.owners import day_before
from ledger.queries.reader import Reader
from ledger.queries.register import RegisterItem, register
from ledger.queries.restatements import restatement
from ledger.queries.rollforward import movements
from ledger.queries.systems import systems
from ledger.replay import replay
from ledger.store.schema import SCHEMA_VERSION, event
from ledger.views import (
    BROUGHT_FORWARD,
    ItemView,
    PostingView,
    Provenance,
    QuarterView,
    SystemView,
)

#: Quarters of history in a pack, this one included.
QUARTERS_SHOWN = 8
#: Quarters back, this one included, and quarters ahead for which budgets are shown.
QUARTERS_PLANNED = 4
_TOOLS = ("debt-ledger", "sqlalchemy", "openpyxl", "pandas", "matplotlib")


Tell = Callable[[str, float], None]


def _silent(_step: str, _done: float) -> None:
    """Nobody watches."""


@dataclass(frozen=True, slots=True)
class _Period:
    """The quarter that is reported, as far as it has gone."""

    quarter: Quarter
    first_day: date
    last_day: date
    as_of: date


def quarter_view(
    reader: Reader,
    quarter: Quarter,
    as_of: date,
    command: str,
    issues_named: tuple[Issue, ...] = (),
    tell: Tell = _silent,
) -> QuarterView:
    """Read the pack of a quarter. as_of: its last day, or an earlier one of a quarter still running.

    command: what reproduces the pack, for its provenance. issues_named: the earlier issues that the pack says
    something about. tell: told what is being read and how much has been, 0 to 1. Amounts in minor units.
    """
    first_day, last_day = reader.calendar.span(quarter)
    period = _Period(quarter, first_day, last_day, as_of)
    replayed = replay(_history(reader, as_of), first_day, as_of)
    items = register(reader, as_of)
    opening = {(balance.item, balance.nature): balance for balance in technical_delta(reader, day_before(first_day))}
    quarters = tuple(quarter.shift(offset) for offset in range(1 - QUARTERS_SHOWN, 1))
    planned = tuple(quarter.shift(offset) for offset in range(1 - QUARTERS_PLANNED, QUARTERS_PLANNED + 1))
    return QuarterView(
        provenance=_provenance(reader, period, command),
        systems=tuple(
            SystemView(found.key, found.name, found.team or "", found.cost_centre) for found in systems(reader, as_of)
        ),
        rollforward=replayed.rollforward,
        postings=tuple(_postings(reader, period, items, opening)),
        items=tuple(_items(reader, period, items, opening)),
        quarters=tuple(str(shown) for shown in quarters),
        history=(
            *(row for shown in quarters for row in figures_of(reader, shown, as_of)),
            *planned_figures(reader, quarters),
        ),
        dimensions=tuple(row for shown in quarters for row in dimensions_of(reader, shown, as_of, items)),
        budgets=tuple(budget_views(reader, planned, as_of)),
        restatements=tuple(restatement(reader, issue) for issue in issues_named),
        journal=tuple(journal(reader, first_day, as_of)),
        postings_replayed=replayed.legs,
        repayments=replayed.repayments,
        spent_assumed=replayed.spent_assumed,
    )


def first_item_day(reader: Reader) -> date | None:
    """The first effective date of an item; None while there is no item."""
    query = select(func.min(item_table.c.effective_on)).where(
        item_table.c.book == reader.name, item_table.c.position <= reader.position
    )
    day: date | None = reader.connection.execute(query).scalar()
    return day


def _history(reader: Reader, as_of: date) -> Iterator[Recorded]:
    query = select(event.c.body).where(
        event.c.book == reader.name, event.c.position <= reader.position, event.c.effective_on <= as_of
    )
    for (body,) in reader.connection.execution_options(yield_per=5000).execute(query):
        yield decode(body)


def _provenance(reader: Reader, period: _Period, command: str) -> Provenance:
    query = select(event.c.hash, event.c.recorded_at).where(
        event.c.book == reader.name, event.c.position == reader.position
    )
    last = reader.connection.execute(query).one()
    return Provenance(
        book=reader.name,
        quarter=str(period.quarter),
        first_day=period.first_day,
        last_day=period.last_day,
        as_of=period.as_of,
        known_at=last.recorded_at,
        position=reader.position,
        head_hash=last.hash,
        events=reader.position,
        currency=reader.currency.code,
        exponent=reader.currency.exponent,
        schema_version=SCHEMA_VERSION,
        versions=tuple((tool, version(tool)) for tool in _TOOLS),
        command=command,
        provisional=period.as_of < period.last_day,
    )


def _postings(
    reader: Reader, period: _Period, items: list[RegisterItem], opening: dict[tuple[str, str], Balance]
) -> Iterator[PostingView]:
    """What items bring into the quarter, then its liability legs as they are stored."""
    owners = Grouping.by(reader, ("team", "cost-centre"))
    known = {item.item: item for item in items}

    def view(
        item: str,
        nature: str,
        on: date,
        *,
        movement: str,
        amount: int,
        spent: int = 0,
        position: int = 0,
        event_hash: str = "",
        recorded_at: str | None = None,
    ) -> PostingView:
        system = system_of(item)
        team, cost_centre = owners.owners.on(system, on)
        found = known.get(item)
        return PostingView(
            position=position,
            event_hash=event_hash,
            item=item,
            system=system,
            team=team or "",
            cost_centre=cost_centre,
            nature=nature,
            dimension=found.dimension if found else "",
            category=found.category if found else "",
            quarter=str(period.quarter),
            effective_on=on,
            recorded_at=recorded_at,
            movement=movement,
            amount=amount,
            spent=spent,
        )

    for (item, nature), balance in sorted(opening.items(), key=lambda entry: (_item_order(entry[0][0]), entry[0][1])):
        if balance.outstanding_minor:
            brought_on = day_before(period.first_day)
            yield view(item, nature, brought_on, movement=BROUGHT_FORWARD, amount=balance.outstanding_minor)
    for row in _legs(reader, period):
        yield view(
            row.item,
            row.nature,
            row.effective_on,
            movement=row.movement,
            amount=-row.amount_minor,
            spent=row.spent_minor,
            position=row.position,
            event_hash=row.hash[:12],
            recorded_at=row.recorded_at,
        )


def _legs(reader: Reader, period: _Period) -> Any:
    query = (
        select(
            posting.c.item,
            posting.c.nature,
            posting.c.effective_on,
            posting.c.position,
            posting.c.movement,
            posting.c.amount_minor,
            posting.c.spent_minor,
            event.c.hash,
            event.c.recorded_at,
        )
        .join(event, (event.c.book == posting.c.book) & (event.c.position == posting.c.position))
        .where(
            posting.c.book == reader.name,
            posting.c.nature.is_not(None),
            posting.c.effective_on.between(period.first_day, period.as_of),
            posting.c.position <= reader.position,
        )
        .order_by(posting.c.position, posting.c.leg)
    )
    return reader.connection.execute(query)


def _item_order(item: str) -> tuple[str, int]:
    system, _, number = item.rpartition("-")
    return system, int(number)


def _items(
    reader: Reader, period: _Period, items: list[RegisterItem], opening: dict[tuple[str, str], Balance]
) -> Iterator[ItemView]:
    """One row per item and nature that has a balance at the close, or a movement or interest in the quarter."""
    moved = {(row.item, row.nature) for row in movements(reader, period.first_day, period.as_of)}
    for item in items:
        for balance in item.balances:
            before = opening.get((item.item, balance.nature)) or Balance(item.item, balance.nature, 0, 0, 0)
            in_quarter = balance.interest_minor - before.interest_minor
            if balance.outstanding_minor or in_quarter or (item.item, balance.nature) in moved:
                yield _item_view(item, balance, in_quarter, before.interest_minor)
        if item.status == "unestimated" and not item.balances:
            yield _item_view(item, Balance(item.item, item.nature, 0, 0, 0), 0, 0)


def _item_view(item: RegisterItem, balance: Balance, in_quarter: int, before: int) -> ItemView:
    """A row of Items; the neglect that an item was before its adoption has no term and no principal of its own."""
    current = balance.nature == item.nature
    return ItemView(
        item=item.item,
        title=item.title,
        system=item.system,
        team=item.team or "",
        cost_centre=item.cost_centre,
        nature=balance.nature,
        dimension=item.dimension,
        category=item.category,
        opened_on=item.opened_on,
        decided_by_or_cause=(item.decided_by if balance.nature == "debt" else item.cause) or "",
        principal=item.principal if current else None,
        outstanding=balance.outstanding_minor,
        interest_per_year=balance.carry_minor_per_year,
        interest_in_quarter=in_quarter,
        interest_before=before,
        repay_by=item.repay_by if current else None,
        until=item.until if current else None,
        age_days=item.age_days,
        status=item.status if current else "adopted",
    )
