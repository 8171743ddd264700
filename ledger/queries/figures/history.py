"""History: the figures of several quarters that comparatives, eight-quarter charts and budget actuals need."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from ledger.queries.figures.avoided import interest_avoided
from ledger.queries.figures.grouping import Grouping, sort_key
from ledger.queries.figures.owners import Owners, day_before, owners_of
from ledger.queries.figures.periods import Period, periods, spans_by_quarter
from ledger.queries.figures.rollforward import Rollforward, RollforwardFigures, roll_forward
from ledger.queries.reader import Reader
from ledger.views.quarter import SPENT_EARLIER, DimensionView, HistoryView
from ledger.views.rollforward import MOVEMENTS
from ledger.vocabulary.kinds import NATURES
from ledger.vocabulary.quarters import Quarter

#: By what the quarters are rolled forward: all that the history, the dimensions and the budgets are told by.
_GROUPINGS = ("dimension", "system", "team", "cost-centre")


@dataclass(frozen=True, slots=True)
class History:
    """Quarters that follow each other, each rolled forward up to the pack's day.

    last: the legs and balances of the last one. avoided: by system and nature, up to the day before the first
    quarter and to the end of each.
    """

    quarters: dict[Quarter, Rollforward]
    last: Period
    teams: Owners
    avoided: list[dict[tuple[str, str], int]]


def history_of(reader: Reader, quarters: Sequence[Quarter], as_of: date) -> History:
    """Roll quarters forward that follow each other; the last of them holds the pack's day."""
    spans = spans_by_quarter(reader.calendar, quarters[0], as_of)
    grouping = Grouping.by(reader, _GROUPINGS)
    found: dict[Quarter, Rollforward] = {}
    for quarter, period in zip(quarters, periods(reader, spans), strict=True):
        found[quarter] = roll_forward(grouping, period)
    days = [day_before(spans[0][0]), *(last_day for _, last_day in spans)]
    return History(found, period, owners_of(reader, ("team",)), interest_avoided(reader, days))


def figures_of(history: History) -> Iterator[HistoryView]:
    """The quarters one after the other, by system, team and nature; zeros left out."""
    for number, (quarter, rolled_forward) in enumerate(history.quarters.items()):
        yield from measured(quarter, rolled_forward)
        before, after = history.avoided[number : number + 2]
        for place in sorted(after):
            system, of_nature = place
            amount = after[place] - before.get(place, 0)
            if amount:
                team = history.teams.on(system, rolled_forward.last_day)[0]
                yield HistoryView(str(quarter), system, team or "", of_nature, "interest_avoided", amount)


def measured(quarter: Quarter, rolled_forward: Rollforward) -> Iterator[HistoryView]:
    """The figures of one quarter by system, team and nature; zeros left out. rolled_forward: by system and team at least."""
    cells = rolled_forward.by("system", "team").cells
    for key in sorted({key for key, _ in cells}, key=sort_key):
        for nature in NATURES:
            for measure, amount in _measures(cells[key, nature]).items():
                if amount:
                    yield HistoryView(str(quarter), key[0] or "", key[1] or "", nature, measure, amount)


def _measures(figures: RollforwardFigures) -> dict[str, int]:
    return {
        "closing": figures.closing,
        "interest": figures.interest,
        "interest_per_year": figures.interest_per_year,
        "removed_spent": figures.spent,
        SPENT_EARLIER: figures.spent_earlier,
        "estimate_variance": figures.estimate_variance,
        **{name: figures.movements[name] for name in MOVEMENTS},
    }


def dimensions_of(history: History) -> Iterator[DimensionView]:
    """What stood at the end of each quarter, by dimension and nature."""
    for quarter, rolled_forward in history.quarters.items():
        for ((dimension,), nature), figures in sorted(rolled_forward.by("dimension").cells.items()):
            if figures.closing:
                yield DimensionView(str(quarter), dimension or "", nature, figures.closing)
