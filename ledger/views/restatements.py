"""Read models of a restatement: what an earlier issue of a quarter did not know. All amounts are integers in minor units."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from ledger.views.rollforward import RollforwardView


@dataclass(frozen=True, slots=True)
class IssueView:
    """An earlier issue of a pack. position: of its `pack-issued`; known_position: of the last event it knew."""

    position: int
    quarter: str
    as_of: date
    known_position: int
    #: RFC 3339, UTC: when it was given out.
    issued_at: str


@dataclass(frozen=True, slots=True)
class RestatedView:
    """One liability leg that an earlier issue did not know and that changes a quarter's figures.

    column: of the roll-forward that it changes: `opening` if it is effective before the quarter, else its movement.
    """

    position: int
    #: First twelve hexadecimal digits.
    event_hash: str
    stored_as: str
    item: str
    system: str
    nature: str
    effective_on: date
    recorded_at: str
    actor: str
    column: str
    amount: int
    spent: int
    #: On its effective day, as known now; empty of a system that has none.
    team: str


@dataclass(frozen=True, slots=True)
class RestatedInterestView:
    """Interest that an item incurred in the quarter, as an earlier issue had it and as it is known now."""

    item: str
    nature: str
    issued: int
    now: int


@dataclass(frozen=True, slots=True)
class MemorandumView:
    """What one nature of a system spent on repayments and incurred as interest in the quarter, as it was issued."""

    nature: str
    system: str
    spent: int
    interest: int


@dataclass(frozen=True, slots=True)
class IssuedFigureView:
    """A figure of the quarter as it was issued, as `HistoryView` has it: of a system, team and nature, and of plans of teams."""

    team: str
    nature: str
    measure: str
    amount: int


@dataclass(frozen=True, slots=True)
class IssuedQuarterView:
    """A quarter before the last one as its latest issue had it, beside which today's figures stand as comparatives.

    figures: all of its measures. What led from them to today's is in the packs of the quarter itself.
    """

    quarter: str
    issue: IssueView
    figures: tuple[IssuedFigureView, ...]


@dataclass(frozen=True, slots=True)
class PlanChangeView:
    """What changed a team's budget, forecast or spending in the quarter after an issue.

    stored_as: of the event; of spending that changed hands with a system, that of the repayment. figure: 'budget',
    'forecast' or 'removed_spent'. change: what was set less what stood before, where nothing stood before all of it.
    """

    position: int
    #: First twelve hexadecimal digits.
    event_hash: str
    stored_as: str
    team: str
    effective_on: date
    recorded_at: str
    actor: str
    figure: str
    change: int


@dataclass(frozen=True, slots=True)
class RestatementView:
    """A quarter as an earlier issue had it, as it is known now, and every leg between the two.

    Of each nature, system and column: issued + sum of the legs = now; likewise of what was spent. The interest
    of items whose figure did not change is left out: that of all items as issued + the changes = that of now. Of each
    team and figure of `plans`: as issued, in `figures` + the changes = now.
    Rows without a figure are left out; sorted by nature, system.
    """

    quarter: str
    issue: IssueView
    issued: tuple[RollforwardView, ...]
    now: tuple[RollforwardView, ...]
    #: As issued.
    memoranda: tuple[MemorandumView, ...]
    legs: tuple[RestatedView, ...]
    interest: tuple[RestatedInterestView, ...]
    figures: tuple[IssuedFigureView, ...]
    plans: tuple[PlanChangeView, ...]
