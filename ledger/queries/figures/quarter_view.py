"""The quarter view: everything a quarterly pack may know, read in one moment."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from importlib.metadata import version

from sqlalchemy import func, select

from ledger.accounts.interest import day_number, day_of
from ledger.accounts.replay import replay
from ledger.events.codec import Happening, happening
from ledger.queries.figures.balances import ItemBalance
from ledger.queries.figures.budgets import budget_views, planned_figures
from ledger.queries.figures.history import dimensions_of, figures_of, history_of
from ledger.queries.figures.issued_quarters import issued_quarters
from ledger.queries.figures.issues import PackIssue
from ledger.queries.figures.journal import JournalLeg, journal, journal_legs
from ledger.queries.figures.owners import OWNER_FIELDS, day_before, owners_of
from ledger.queries.figures.periods import ItemPassage
from ledger.queries.figures.restatements import restatement
from ledger.queries.reader import Reader
from ledger.queries.register.documents import documents
from ledger.queries.register.expectations import measurement_views, readiness_views
from ledger.queries.register.items import RegisterItem, register
from ledger.queries.register.systems import systems
from ledger.tables.facts import SCHEMA_VERSION, event
from ledger.tables.items import item as item_table
from ledger.views.quarter import (
    BROUGHT_FORWARD,
    PROGRAM,
    QUARTERS_SHOWN,
    ItemView,
    PostingView,
    Provenance,
    QuarterView,
    SystemView,
)
from ledger.vocabulary.keys import system_of
from ledger.vocabulary.quarters import Quarter
from ledger.vocabulary.release import __version__

#: Quarters back, this one included, and quarters ahead for which budgets are shown.
QUARTERS_PLANNED = 4
#: How much of the time has gone by when the events are replayed, the register is read, the quarters rolled forward.
_REPLAYED, _REGISTER_READ, _ROLLED_FORWARD = 0.33, 0.5, 0.87
#: With what a pack is made, beside this program itself.
_TOOLS = ("sqlalchemy", "openpyxl", "pandas", "matplotlib", "pypdf")


Tell = Callable[[str, float], None]
#: By item and nature.
_Passages = dict[tuple[str, str], ItemPassage]


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
    issues_named: tuple[PackIssue, ...] = (),
    tell: Tell = _silent,
) -> QuarterView:
    """Read the pack of a quarter. as_of: its last day, or an earlier one of a quarter still running.

    command: what reproduces the pack, for its provenance. issues_named: the earlier issues that the pack says
    something about. tell: told what is being read and how much has been, 0 to 1. Amounts in minor units.
    """
    first_day, last_day = reader.calendar.span(quarter)
    period = _Period(quarter, first_day, last_day, as_of)
    replayed = replay(_happenings(reader, as_of, tell), first_day, as_of)
    tell("Reading the register", _REPLAYED)
    items = register(reader, as_of)
    tell("Rolling quarters forward", _REGISTER_READ)
    quarters = tuple(quarter.shift(offset) for offset in range(1 - QUARTERS_SHOWN, 1))
    planned = tuple(quarter.shift(offset) for offset in range(1 - QUARTERS_PLANNED, QUARTERS_PLANNED + 1))
    history = history_of(reader, quarters, as_of)
    tell("Reading the quarter", _ROLLED_FORWARD)
    legs = journal_legs(reader, first_day, as_of)
    explained, compared = _parted(issues_named, quarter)
    figures = (*figures_of(history), *planned_figures(reader, history.quarters))
    passages = {(each.opening.item, each.opening.nature): each for each in history.last.passages}
    registered, documented = systems(reader, as_of), documents(reader, as_of)
    view = QuarterView(
        provenance=_provenance(reader, period, command),
        systems=tuple(SystemView(found.key, found.name, found.team or "", found.cost_centre) for found in registered),
        rollforward=replayed.rollforward,
        postings=tuple(_postings(_PostingRows(reader, quarter, items), first_day, passages, legs)),
        items=tuple(_items(items, passages)),
        quarters=tuple(str(shown) for shown in quarters),
        history=figures,
        dimensions=tuple(dimensions_of(history)),
        budgets=tuple(budget_views(reader, planned, as_of, history.quarters)),
        restatements=tuple(restatement(reader, issue) for issue in explained),
        issued=tuple(issued_quarters(reader, compared, figures)),
        journal=tuple(journal(reader, history.last, legs)),
        postings_replayed=replayed.legs,
        repayments=replayed.repayments,
        spent_assumed=replayed.spent_assumed,
        unmeasured=replayed.unmeasured,
        readiness=readiness_views(reader, documented, registered, items, as_of),
        measurements=measurement_views(documented),
    )
    tell("Reading the quarter", 1.0)
    return view


def _parted(issues_named: Iterable[PackIssue], quarter: Quarter) -> tuple[list[PackIssue], list[PackIssue]]:
    """The issues explained event by event, of this quarter and of the one that it opens with, and those compared with."""
    near = (str(quarter), str(quarter.shift(-1)))
    found: tuple[list[PackIssue], list[PackIssue]] = ([], [])
    for issue in issues_named:
        found[issue.issued.quarter not in near].append(issue)
    return found


def first_item_day(reader: Reader) -> date | None:
    """The first effective date of an item; None while there is no item."""
    query = select(func.min(item_table.c.effective_on)).where(
        item_table.c.book == reader.name, item_table.c.position <= reader.position
    )
    day: date | None = reader.connection.execute(query).scalar()
    return day


def _happenings(reader: Reader, as_of: date, tell: Tell) -> Iterator[Happening]:
    """What happened by a day, from the bodies alone."""
    query = select(event.c.body).where(
        event.c.book == reader.name, event.c.position <= reader.position, event.c.effective_on <= as_of
    )
    done = 0
    for bodies in reader.stream(query).scalars().partitions():
        tell("Replaying events", _REPLAYED * done / reader.position)
        yield from map(happening, bodies)
        done += len(bodies)


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
        versions=((PROGRAM, __version__), *((tool, version(tool)) for tool in _TOOLS)),
        command=command,
        provisional=period.as_of < period.last_day,
    )


class _PostingRows:
    """Makes the rows of Postings: what a leg says, with whose its system was and of what kind its item is."""

    def __init__(self, reader: Reader, quarter: Quarter, items: Iterable[RegisterItem]) -> None:
        self._quarter = str(quarter)
        self._owners = owners_of(reader, OWNER_FIELDS)
        self._items = {item.item: item for item in items}

    def row(
        self,
        item: str,
        nature: str,
        on: date,
        *,
        movement: str,
        amount: int,
        carry: int,
        accrues_from: date | None = None,
        carry_day: int,
        spent: int = 0,
        position: int = 0,
        event_hash: str = "",
        recorded_at: str | None = None,
    ) -> PostingView:
        """One row. Without an event's position, hash and time it is no leg, but a balance that is brought in."""
        system = system_of(item)
        team, cost_centre = self._owners.on(system, on)
        known = self._items.get(item)
        return PostingView(
            position=position,
            event_hash=event_hash,
            item=item,
            system=system,
            team=team or "",
            cost_centre=cost_centre,
            nature=nature,
            dimension=known.dimension if known else "",
            category=known.category if known else "",
            quarter=self._quarter,
            effective_on=on,
            recorded_at=recorded_at,
            movement=movement,
            amount=amount,
            spent=spent,
            carry=carry,
            accrues_from=accrues_from,
            carry_day=carry_day,
        )


def _postings(
    rows: _PostingRows, first_day: date, passages: _Passages, legs: Iterable[JournalLeg]
) -> Iterator[PostingView]:
    """What items bring into the quarter, then its liability legs as they are stored."""
    brought_on = day_before(first_day)
    for item, nature in sorted(passages, key=lambda place: (_item_order(place[0]), place[1])):
        brought = passages[item, nature].opening
        # An item that was closed and comes back owes nothing, but has incurred interest.
        if brought.owed or brought.carry_days:
            carry = brought.carry_minor_per_year
            yield rows.row(
                item,
                nature,
                brought_on,
                movement=BROUGHT_FORWARD,
                amount=brought.outstanding_minor,
                carry=carry,
                carry_day=carry * day_number(brought_on) - brought.carry_days,
            )
    for leg in legs:
        if leg.nature is not None and leg.accrues_day is not None:
            yield rows.row(
                leg.item,
                leg.nature,
                leg.effective_on,
                movement=leg.movement,
                amount=-leg.amount_minor,
                carry=leg.carry_minor_per_year,
                accrues_from=day_of(leg.accrues_day),
                carry_day=leg.carry_minor_per_year * leg.accrues_day,
                spent=leg.spent_minor,
                position=leg.position,
                event_hash=leg.hash[:12],
                recorded_at=leg.recorded_at,
            )


def _item_order(item: str) -> tuple[str, int]:
    system, _, number = item.rpartition("-")
    return system, int(number)


def _items(items: list[RegisterItem], passages: _Passages) -> Iterator[ItemView]:
    """One row per item and nature that has a balance at the close, or a movement or interest in the quarter."""
    for item in items:
        shown = False
        for balance in item.balances:
            passage = passages.get((item.item, balance.nature))
            if passage is None:
                continue
            before = passage.opening.interest_minor
            in_quarter = balance.interest_minor - before
            if balance.outstanding_minor or in_quarter or passage.legs:
                shown = True
                yield _item_view(item, balance, in_quarter, before)
        if item.status == "unestimated" and not shown:
            yield _item_view(item, ItemBalance(item.item, item.nature), 0, 0)


def _item_view(item: RegisterItem, balance: ItemBalance, in_quarter: int, before: int) -> ItemView:
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
        planned_for=item.planned_for if current and balance.outstanding_minor else None,
        status=item.status if current else "adopted",
        late=item.late if current else (),
        interest_observed=item.interest_observed if current else None,
    )
