"""Read models of a quarter: plain records that the report generators consume.

Nothing here computes. `ledger.queries.figures.quarter_view` fills these records from the store, and `reports`
turns them into workbook and charts; neither side knows the other. All amounts are integers in minor
units of the book's currency; liabilities are positive, decreases negative, as in the roll-forward.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from ledger.views.readiness import MeasurementView, ReadinessView
from ledger.views.restatements import IssuedQuarterView, IssueView, RestatementView
from ledger.views.rollforward import RollforwardView

#: This program among the tools of which a pack names the versions.
PROGRAM = "debt-ledger"

#: Quarters of history in a pack, this one included.
QUARTERS_SHOWN = 8

#: The measure of the history that says what of `removed_spent` is for work of days before the quarter.
SPENT_EARLIER = "spent_earlier"
#: What a quarter's own work cost the teams for which nobody set a budget, by team.
SPENT_UNBUDGETED = "spent_unbudgeted"
#: A team's budget as it stood when the quarter began.
BUDGET_ORIGINAL = "original"

#: The movement of a Postings row that carries an item's balance into the quarter.
BROUGHT_FORWARD = "brought-forward"


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where every figure of a pack comes from; enough to reproduce it."""

    book: str
    quarter: str
    first_day: date
    last_day: date
    as_of: date
    #: RFC 3339, UTC, microseconds: when the last event that the pack knows was recorded.
    known_at: str
    position: int
    #: 64 hexadecimal digits.
    head_hash: str
    events: int
    currency: str
    #: Decimal places of the currency (EUR 2, JPY 0).
    exponent: int
    schema_version: str
    #: Tool name to version, in the order in which About prints them.
    versions: tuple[tuple[str, str], ...]
    #: The exact command that reproduces the pack.
    command: str
    #: True while the quarter has not ended at `as_of`; everything is titled PROVISIONAL then.
    provisional: bool


@dataclass(frozen=True, slots=True)
class SystemView:
    """A machine-learning system and its owner on the pack's as-of date."""

    key: str
    name: str
    team: str
    cost_centre: str | None


@dataclass(frozen=True, slots=True)
class PostingView:
    """One stored liability leg of the quarter, or (position 0) the balance an item brings into it."""

    position: int
    #: First twelve hexadecimal digits of the event's hash; empty for a brought-forward row.
    event_hash: str
    item: str
    system: str
    team: str
    cost_centre: str | None
    nature: str
    dimension: str
    category: str
    quarter: str
    effective_on: date
    #: RFC 3339, UTC; None for a brought-forward row.
    recorded_at: str | None
    #: A name of the roll-forward's columns with hyphens ('written-off'), or BROUGHT_FORWARD.
    movement: str
    amount: int
    spent: int
    #: Interest per year that it adds, of a brought-forward row all that the item brings; minor units.
    carry: int
    #: The day from which that counts, which bears none itself; None for a brought-forward row.
    accrues_from: date | None
    #: Carry × that day, in days since 1970-01-01; of a brought-forward row the sum over what it stands for.
    carry_day: int


@dataclass(frozen=True, slots=True)
class ItemView:
    """One item and nature that has a balance at the close or a movement in the quarter.

    An item adopted within the quarter has two rows, one per nature, so that each nature's rows add
    up to its roll-forward.
    """

    item: str
    title: str
    system: str
    team: str
    cost_centre: str | None
    nature: str
    dimension: str
    category: str
    opened_on: date
    #: Who decided (debt) or the cause (neglect).
    decided_by_or_cause: str
    #: As first recorded or first estimated; None while unestimated.
    principal: int | None
    outstanding: int
    interest_per_year: int
    interest_in_quarter: int
    interest_before: int
    repay_by: str | None
    until: date | None
    age_days: int
    #: The quarter for which the repayment is planned; None where nobody planned it.
    planned_for: str | None
    status: str
    #: Past its until, past the last day of its repay-by quarter, or both (`ledger.vocabulary.ages.OF_WHICH`).
    late: tuple[str, ...]
    #: What its interest was seen to be since it was opened: a memorandum, beside what is booked. None where nobody looked.
    interest_observed: int | None = None


@dataclass(frozen=True, slots=True)
class HistoryView:
    """One figure of one quarter, system, team and nature: what comparatives and charts need.

    measure: 'closing', 'interest', 'interest_per_year', 'interest_avoided' (by standing repayments),
    'repaid', 'removed_spent' (spent on repayments), SPENT_EARLIER, 'estimate_variance' or a movement's name. `repaid`
    is negative, as in the roll-forward. 'budget', 'forecast', SPENT_UNBUDGETED and BUDGET_ORIGINAL are of a team:
    their system and nature are empty.
    """

    quarter: str
    system: str
    team: str
    nature: str
    measure: str
    amount: int


@dataclass(frozen=True, slots=True)
class DimensionView:
    """What stood at the end of a quarter in one dimension and nature."""

    quarter: str
    dimension: str
    nature: str
    closing: int


@dataclass(frozen=True, slots=True)
class BudgetView:
    """What a team may spend, is expected to spend, and spent on repayments in a quarter; None where nothing was set.

    Every team has a row for each of the last four quarters, this one included, and of the next four. Budget
    and forecast are as known at the pack's position, whatever day they are effective: they are plans. spent_earlier:
    what of `spent` is for work of days before the quarter, late entries and reversals. original: the budget that
    stood at the end of the day before the quarter began, else the first that was set after it, on the day `set_after`.
    cost_centres: all those that the team's systems had on the quarter's last day, the as-of date at the latest,
    and those on which it spent in the quarter; in alphabetical order.
    """

    quarter: str
    team: str
    budget: int | None
    forecast: int | None
    spent: int
    spent_earlier: int
    original: int | None
    set_after: date | None
    cost_centres: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class JournalView:
    """One leg of the quarter on any account, for the general ledger; the legs of a position sum to zero.

    nature and dimension are empty on accounts that are no liabilities. A change of owner that moved a balance
    stands as two legs of one account at the change's position, movement `transferred`.
    """

    position: int
    event_hash: str
    item: str
    system: str
    team: str
    cost_centre: str | None
    nature: str
    dimension: str
    category: str
    effective_on: date
    recorded_at: str
    movement: str
    account: str
    #: Debit positive, credit negative.
    amount: int
    #: Interest per year that it adds, minor units; 0 on accounts that are no liabilities.
    carry: int
    #: The day from which that counts; None where there is none.
    accrues_from: date | None


@dataclass(frozen=True, slots=True)
class QuarterView:
    """All that a quarterly pack may know."""

    provenance: Provenance
    systems: tuple[SystemView, ...]
    #: One row per nature and system that has a figure; sorted by nature, system.
    rollforward: tuple[RollforwardView, ...]
    #: Brought-forward rows first (by item), then by position.
    postings: tuple[PostingView, ...]
    items: tuple[ItemView, ...]
    #: Eight quarters up to this one, oldest first, and the same quarter of the year before among them.
    quarters: tuple[str, ...]
    history: tuple[HistoryView, ...]
    #: The closings of the same quarters by dimension; zeros are left out.
    dimensions: tuple[DimensionView, ...]
    #: By quarter, then team.
    budgets: tuple[BudgetView, ...]
    #: The earlier issues that this pack names, and what changed since them: of this quarter, of the one before.
    restatements: tuple[RestatementView, ...]
    #: The quarters before the last one that the pack names an issue of, the youngest first.
    issued: tuple[IssuedQuarterView, ...]
    #: Every leg of the quarter, by position.
    journal: tuple[JournalView, ...]
    #: How many liability legs the replay of the event bodies finds in the quarter.
    postings_replayed: int
    #: Repayments of the quarter; of how many what was spent is assumed, and of how many nobody knows it.
    repayments: int
    spent_assumed: int
    unmeasured: int
    #: What is documented of each system on the as-of day, by key.
    readiness: tuple[ReadinessView, ...]
    #: Every measurement up to that day: by system, then day, then position.
    measurements: tuple[MeasurementView, ...]

    @property
    def issues(self) -> tuple[IssueView, ...]:
        """The earlier issues that the pack names, as an event keeps them: of this quarter, then from the last one back."""
        return (*(found.issue for found in self.restatements), *(found.issue for found in self.issued))
