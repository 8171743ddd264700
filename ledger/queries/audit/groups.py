"""Groups: what is owed by every grouping that reports use, and what is planned, folded from events and as read models say.

The folds read bodies of events alone (ledger.accounts.owners); what they are held against reads read models.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import fields
from datetime import date

from sqlalchemy import Select, select

from ledger.accounts.general_ledger import FoldedItem
from ledger.accounts.owners import GroupBalance, HandedOver, Holdings, grouped
from ledger.events import STORED_AS, BudgetSet, Event, ForecastSet, SystemChanged, SystemRegistered
from ledger.events.codec import Happening, happening
from ledger.queries.audit.disagreement import Disagreement
from ledger.queries.figures.budgets import standing_plans
from ledger.queries.figures.delta import Delta, delta
from ledger.queries.figures.grouping import GROUPINGS
from ledger.queries.reader import Reader
from ledger.tables.facts import event
from ledger.vocabulary.keys import system_of

_FIGURES = tuple(field.name for field in fields(GroupBalance))


def disagreeing_groups(reader: Reader, items: Sequence[FoldedItem], as_of: date) -> Iterator[Disagreement]:
    """Every sum of a group, and every budget and forecast, that the read models give differently from the events."""
    handed_over = _handed_over(reader, as_of)
    stored_groups = delta(reader, as_of, GROUPINGS)
    for name in stored_groups.fields:
        mine = grouped(items, handed_over, name, as_of)
        theirs = _by_one_field(stored_groups, name)
        for key in sorted(mine.keys() | theirs.keys(), key=lambda key: key or ""):
            for figure in _FIGURES:
                replayed, stored = (getattr(side.get(key), figure, 0) for side in (mine, theirs))
                if replayed != stored:
                    yield Disagreement(None, f"{name} {key or '(none)'}", figure, True, replayed, stored)
    yield from _disagreeing_plans(reader, as_of)


def _by_one_field(stored: Delta, name: str) -> dict[str | None, GroupBalance]:
    """Groups that differ in the other fields alone, added up."""
    place = stored.fields.index(name)
    groups: dict[str | None, GroupBalance] = {}
    for key, figures in stored.groups:
        group = groups.setdefault(key[place], GroupBalance())
        for figure in _FIGURES:
            setattr(group, figure, getattr(group, figure) + getattr(figures, figure))
    return groups


def _handed_over(reader: Reader, as_of: date) -> HandedOver:
    said = _happenings(reader, _of_kinds(SystemRegistered, SystemChanged))
    holdings = Holdings(((each.effective_on, each.event) for each in said), as_of)
    handed_over = HandedOver(holdings)
    for system, days in holdings.handovers.items():
        if days:
            # 'FRAUD-' <= stream < 'FRAUD.': a system's items are a range of the index.
            of_items = select(event.c.body).where(event.c.stream >= f"{system}-", event.c.stream < f"{system}.")
            for each in _happenings(reader, of_items):
                # Not those of FRAUD-EU, whose key begins alike.
                if system_of(each.stream) == system:
                    handed_over.take(each.stream, each.effective_on, each.event)
    return handed_over


def _disagreeing_plans(reader: Reader, as_of: date) -> Iterator[Disagreement]:
    mine: dict[tuple[str, str, str], int] = {}
    for each in _happenings(reader, _of_kinds(BudgetSet, ForecastSet)):
        plan = each.event
        if isinstance(plan, BudgetSet | ForecastSet) and each.effective_on <= as_of:
            kind = "budget" if isinstance(plan, BudgetSet) else "forecast"
            mine[plan.quarter, plan.team, kind] = plan.amount_minor
    theirs = {
        (quarter, team, kind): amount
        for (quarter, team), amounts in standing_plans(reader, as_of).items()
        for kind, amount in amounts.items()
    }
    for place in sorted(mine.keys() | theirs.keys()):
        if mine.get(place) != theirs.get(place):
            quarter, team, kind = place
            yield Disagreement(None, f"team {team}, {quarter}", kind, True, mine.get(place), theirs.get(place))


def _of_kinds(*kinds: type[Event]) -> Select[tuple[str]]:
    names = [name for name, kind in STORED_AS.items() if kind in kinds]
    return select(event.c.body).where(event.c.stored_as.in_(names))


def _happenings(reader: Reader, bodies: Select[tuple[str]]) -> Iterator[Happening]:
    """What the events say that a book's reader knows of, in order of position."""
    known = bodies.where(event.c.book == reader.name, event.c.position <= reader.position).order_by(event.c.position)
    for (body,) in reader.stream(known):
        yield happening(body)
