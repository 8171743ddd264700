"""Events of an item: how it was opened, and what became of it."""

from __future__ import annotations

from datetime import date

import msgspec

from ledger.events.base import Event
from ledger.vocabulary.kinds import Dimension, Movement, Nature


class ItemEvent(Event, frozen=True, kw_only=True):
    """An event in the stream of one item."""

    item: str

    @property
    def stream(self) -> str:
        return self.item


class Opening(ItemEvent, frozen=True, kw_only=True):
    """What both ways of opening an item fix for good.

    effort_minutes, day_rate_minor: what the principal was priced from, None if it was given in money.
    source, external_key, content_hash: of an imported item, the tool, its key there, and the sha256 of
    the record as read; details: what else the tool said of it (rule, file, severity), as text.
    """

    system: str
    title: str
    dimension: Dimension
    category: str
    carry_minor_per_year: int
    effort_minutes: int | None = None
    day_rate_minor: int | None = None
    source: str | None = None
    external_key: str | None = None
    content_hash: str | None = None
    details: dict[str, str] = msgspec.field(default_factory=dict)


class DebtCommissioned(Opening, frozen=True, kw_only=True):
    """Somebody knowingly took a shortcut, with a plan: all that the gate asks for is here.

    principal_minor: > 0. repay_by: a quarter. until: last day of a temporary debt.
    """

    principal_minor: int
    decided_by: str
    decided_on: date
    because: str
    benefit: str
    repay_by: str
    until: date | None
    adr: str | None


class NeglectObserved(Opening, frozen=True, kw_only=True):
    """Something was found undone. principal_minor: > 0, or None while nobody has estimated it."""

    principal_minor: int | None
    cause: str


class NeglectAdopted(ItemEvent, frozen=True, kw_only=True):
    """A conscious decision turned neglect into debt.

    principal_minor: what moved, > 0. carry_minor_per_year: the interest that moved with it, >= 0.
    """

    dimension: Dimension
    principal_minor: int
    carry_minor_per_year: int
    decided_by: str
    because: str
    benefit: str
    repay_by: str
    until: date | None


class DebtRenewed(ItemEvent, frozen=True, kw_only=True):
    """A new term for a debt, by a new decision. No postings."""

    decided_by: str
    because: str
    repay_by: str
    until: date | None


class RepaymentRecorded(ItemEvent, frozen=True, kw_only=True):
    """Work that lowered an item's principal.

    removed_minor: principal it took away, >= 0 (0 only on an unestimated item).
    carry_removed_minor_per_year: interest that ends with it, >= 0.
    spent_minor: what the work cost, >= 0; spent - removed is the estimate variance.
    spent_assumed: nobody said what it cost; it was taken to be what it removed.
    effort_minutes, day_rate_minor: what the removed amount was priced from, if it was given in effort;
    spent_effort_minutes, spent_day_rate_minor: likewise of what was spent.
    """

    nature: Nature
    dimension: Dimension
    removed_minor: int
    carry_removed_minor_per_year: int
    spent_minor: int
    spent_assumed: bool
    effort_minutes: int | None = None
    day_rate_minor: int | None = None
    spent_effort_minutes: int | None = None
    spent_day_rate_minor: int | None = None


class EstimateRevised(ItemEvent, frozen=True, kw_only=True):
    """A new estimate of what is outstanding, of the interest, or of both.

    principal_change_minor, carry_change_minor_per_year: what it added (or, negative, took away).
    outstanding_minor, carry_minor_per_year: what it set; None where it left that as it was.
    """

    nature: Nature
    dimension: Dimension
    principal_change_minor: int
    carry_change_minor_per_year: int
    outstanding_minor: int | None
    carry_minor_per_year: int | None
    because: str
    effort_minutes: int | None = None
    day_rate_minor: int | None = None


class RepaymentPlanned(ItemEvent, frozen=True, kw_only=True):
    """Somebody means to repay the debt in this quarter. No postings."""

    quarter: str


class ItemWrittenOff(ItemEvent, frozen=True, kw_only=True):
    """The whole rest of an item went away unpaid. removed_minor, carry_removed_minor_per_year: >= 0."""

    nature: Nature
    dimension: Dimension
    removed_minor: int
    carry_removed_minor_per_year: int
    because: str


class Leg(msgspec.Struct, frozen=True, forbid_unknown_fields=True, gc=False):
    """One line of a posting.

    amount_minor: debit positive, credit negative. movement: the column of the roll-forward.
    Of a liability leg only: nature, dimension, carry_minor_per_year (the change of the item's interest,
    positive when it adds), accrues_from (the day from which that counts), spent_minor (on the repaying leg).
    """

    account: str
    amount_minor: int
    movement: Movement
    nature: Nature | None = None
    dimension: Dimension | None = None
    carry_minor_per_year: int = 0
    accrues_from: date | None = None
    spent_minor: int = 0


class EventReversed(ItemEvent, frozen=True, kw_only=True):
    """An earlier event of the item was entered in error; its legs are mirrored.

    legs: the mirror, as movement 'corrected', so that posting needs this event alone.
    """

    reversed_position: int
    reversed_stored_as: str
    because: str
    legs: tuple[Leg, ...]


class NoteAdded(ItemEvent, frozen=True, kw_only=True):
    """Something worth remembering about the item. No postings."""

    text: str


class EvidenceAdded(ItemEvent, frozen=True, kw_only=True):
    """Something more that shows what the item is about. No postings. measured_at: position of the measurement, if one did."""

    text: str
    measured_at: int | None
