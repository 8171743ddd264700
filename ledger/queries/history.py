"""History: the figures of several quarters that comparatives, eight-quarter charts and budget actuals need."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from sqlalchemy import select

from ledger.postings import ESTIMATE_VARIANCE
from ledger.projections.postings import posting
from ledger.quarters import Quarter
from ledger.queries.avoided import interest_avoided
from ledger.queries.balances import technical_delta
from ledger.queries.grouping import Grouping
from ledger.queries.owners import day_before
from ledger.queries.reader import Reader
from ledger.queries.register import RegisterItem
from ledger.queries.rollforward import rollforward
from ledger.views import MOVEMENTS, DimensionView, HistoryView


def figures_of(reader: Reader, quarter: Quarter, as_of: date) -> Iterator[HistoryView]:
    """The history of one quarter, up to the pack's day, by system, team and nature; zeros left out."""
    first_day, last_day = reader.calendar.span(quarter)
    until = min(last_day, as_of)
    rolled = rollforward(reader, first_day, until, ("system", "team"))
    carries, variances = _carries(reader, until), _variances(reader, first_day, until)
    for nature, key, figures in rolled.rows:
        if nature == "total":
            continue
        place = (nature, *key)
        measures = {
            "closing": figures.closing,
            "interest": figures.interest,
            "interest_per_year": carries.get(place, 0),
            "removed_spent": figures.spent,
            "estimate_variance": variances.get(place, 0),
            **{name: figures.movements[name] for name in MOVEMENTS},
        }
        for measure, amount in measures.items():
            if amount:
                yield HistoryView(str(quarter), key[0] or "", key[1] or "", nature, measure, amount)
    # Of closed items too, so not a measure of the roll-forward's rows.
    for place, amount in _avoided(reader, first_day, until).items():
        if amount:
            nature, system, team = (name or "" for name in place)
            yield HistoryView(str(quarter), system, team, nature, "interest_avoided", amount)


def _avoided(reader: Reader, first_day: date, last_day: date) -> dict[tuple[str | None, ...], int]:
    """Interest avoided in a period by nature, system and the team that had the system at its end."""
    grouping = Grouping.by(reader, ("nature", "system", "team"))
    before = interest_avoided(reader, day_before(first_day))
    after = interest_avoided(reader, last_day)
    avoided: dict[tuple[str | None, ...], int] = {}
    for item, nature in sorted(before.keys() | after.keys()):
        key = grouping.key_on(item, nature, last_day)
        amount = after.get((item, nature), 0) - before.get((item, nature), 0)
        avoided[key] = avoided.get(key, 0) + amount
    return avoided


def dimensions_of(
    reader: Reader, quarter: Quarter, as_of: date, items: Sequence[RegisterItem]
) -> Iterator[DimensionView]:
    """What stood at the end of one quarter, up to the pack's day, by dimension and nature."""
    known = {item.item: item.dimension for item in items}
    closings: dict[tuple[str, str], int] = {}
    for balance in technical_delta(reader, min(reader.calendar.last_day(quarter), as_of)):
        key = (known.get(balance.item, ""), balance.nature)
        closings[key] = closings.get(key, 0) + balance.outstanding_minor
    for (dimension, nature), closing in sorted(closings.items()):
        if closing:
            yield DimensionView(str(quarter), dimension, nature, closing)


def _carries(reader: Reader, day: date) -> dict[tuple[str | None, ...], int]:
    """Interest per year by nature, system and team."""
    grouping = Grouping.by(reader, ("nature", "system", "team"))
    carries: dict[tuple[str | None, ...], int] = {}
    for balance in technical_delta(reader, day):
        key = grouping.key_on(balance.item, balance.nature, day)
        carries[key] = carries.get(key, 0) + balance.carry_minor_per_year
    return carries


def _variances(reader: Reader, first_day: date, last_day: date) -> dict[tuple[str | None, ...], int]:
    """Spent minus removed by nature, system and team, reversals included."""
    grouping = Grouping.by(reader, ("nature", "system", "team"))
    variance, liability = posting.alias("variance"), posting.alias("liability")
    query = (
        select(variance.c.item, liability.c.nature, variance.c.effective_on, variance.c.amount_minor)
        .join(
            liability,
            (liability.c.book == variance.c.book)
            & (liability.c.position == variance.c.position)
            & liability.c.nature.is_not(None),
        )
        .where(
            variance.c.book == reader.name,
            variance.c.account == ESTIMATE_VARIANCE,
            variance.c.effective_on.between(first_day, last_day),
            variance.c.position <= reader.position,
        )
    )
    variances: dict[tuple[str | None, ...], int] = {}
    for item, nature, day, amount in reader.connection.execute(query):
        key = grouping.key_on(item, nature, day)
        variances[key] = variances.get(key, 0) + amount
    return variances
