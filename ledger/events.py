"""Events: what happened, in the past tense, immutable.

The stored name ('debt-commissioned/1') is a contract for ever; the class may be renamed. Amounts are
resolved when recorded and kept in integer minor units, carry in minor units per year, so that no later
change of code, rate or configuration alters a figure. A new version of an event is a new class, a line
in STORED_AS and an upcaster in `codec`.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import msgspec

from ledger.model import BOOK_STREAM, Dimension, Movement, Nature


class Event(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What every event may carry.

    occurred_on: of a late entry, the day it really happened; the effective date is then later.
    evidence: where the fact can be checked: a commit, a ticket, a document.
    """

    occurred_on: date | None = None
    evidence: str | None = None

    @property
    def stream(self) -> str:
        """The stream the event belongs to: the book's, a system's or an item's."""
        return BOOK_STREAM


# --- the book ---------------------------------------------------------------------------------------


class BookOpened(Event, frozen=True, kw_only=True):
    """The first event of a book fixes its currency, its calendar and what 'today' means.

    currency_exponent: decimal places of the minor unit. fiscal_year_start: month, 1 to 12.
    """

    currency: str
    currency_exponent: int
    fiscal_year_start: int
    time_zone: str


class DayRateSet(Event, frozen=True, kw_only=True):
    """The price of a person-day of eight hours, in force from the effective date on.

    rate_minor: > 0, minor units. team: None for the book's rate; a team's own goes before it.
    """

    rate_minor: int
    team: str | None


class PeriodClosed(Event, frozen=True, kw_only=True):
    """A quarter, and every day before it, takes no more entries. last_day: the last closed day."""

    quarter: str
    last_day: date


class AmountPerQuarter(Event, frozen=True, kw_only=True):
    """An amount for a quarter and a team, in minor units, >= 0; a later one for the same takes its place.

    previous_minor: what stood there before, None if nothing did. file_sha256, cell: of the workbook it came
    from and its cell there, None if it was typed.
    """

    quarter: str
    team: str
    amount_minor: int
    previous_minor: int | None
    file_sha256: str | None
    cell: str | None


class BudgetSet(AmountPerQuarter, frozen=True, kw_only=True):
    """What may be spent on repayments."""


class ForecastSet(AmountPerQuarter, frozen=True, kw_only=True):
    """What is expected to be spent on repayments."""


class PackFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A file of a pack. name: within the pack's folder, with forward slashes.

    sha256: of its bytes; content_sha256: of what it says, however it was packed. 64 hexadecimal digits each.
    """

    name: str
    sha256: str
    content_sha256: str


class PackIssued(Event, frozen=True, kw_only=True):
    """A quarter's pack was given out: what it knew, and what identifies its files.

    known_position, head_hash: of the last event that it knew. compared_with: positions of the earlier issues
    that it names (of the same quarter, of the quarter before). manifest_sha256: 64 hexadecimal digits.
    """

    quarter: str
    as_of: date
    known_position: int
    head_hash: str
    compared_with: tuple[int, ...]
    manifest_sha256: str
    files: tuple[PackFile, ...]


class PolicySet(Event, frozen=True, kw_only=True):
    """How the book is kept, from here on. policy: a name of `ledger.policies`; value: 'on' or 'off'."""

    policy: str
    value: str


class CheckpointSigned(Event, frozen=True, kw_only=True):
    """Somebody signed the state of the book up to a position, and keeps the note outside the database.

    size: how many events the checkpoint covers. root: of the Merkle tree (RFC 6962) over their hashes, 64
    hexadecimal digits. note: the whole signed note, as it was printed. public_key: who signed, as OpenSSH
    writes keys, without comment.
    """

    origin: str
    size: int
    root: str
    note: str
    public_key: str


# --- systems ----------------------------------------------------------------------------------------


class SystemEvent(Event, frozen=True, kw_only=True):
    """An event in the stream of one system."""

    system: str

    @property
    def stream(self) -> str:
        return self.system


class SystemRegistered(SystemEvent, frozen=True, kw_only=True):
    """The register learned of a system and its owner. The date bounds nothing."""

    name: str
    team: str
    cost_centre: str | None


class SystemChanged(SystemEvent, frozen=True, kw_only=True):
    """A new owner from the effective date on; None leaves that one as it is."""

    team: str | None
    cost_centre: str | None


class DependencyDeclared(SystemEvent, frozen=True, kw_only=True):
    """The system reads another system's output."""

    reads_from: str
    what: str | None


class SystemRetired(SystemEvent, frozen=True, kw_only=True):
    """The system takes no new items from the effective date on."""

    because: str


# --- items ------------------------------------------------------------------------------------------


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
    details: dict[str, str] = {}


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


#: Every stored name ever used, and the class that reads it now. One line per event.
STORED_AS: dict[str, type[Event]] = {
    "book-opened/1": BookOpened,
    "day-rate-set/1": DayRateSet,
    "period-closed/1": PeriodClosed,
    "system-registered/1": SystemRegistered,
    "system-changed/1": SystemChanged,
    "dependency-declared/1": DependencyDeclared,
    "system-retired/1": SystemRetired,
    "debt-commissioned/1": DebtCommissioned,
    "neglect-observed/1": NeglectObserved,
    "neglect-adopted/1": NeglectAdopted,
    "debt-renewed/1": DebtRenewed,
    "repayment-recorded/1": RepaymentRecorded,
    "estimate-revised/1": EstimateRevised,
    "repayment-planned/1": RepaymentPlanned,
    "item-written-off/1": ItemWrittenOff,
    "event-reversed/1": EventReversed,
    "note-added/1": NoteAdded,
    "budget-set/1": BudgetSet,
    "forecast-set/1": ForecastSet,
    "pack-issued/1": PackIssued,
    "policy-set/1": PolicySet,
    "checkpoint-signed/1": CheckpointSigned,
}

#: Events that say something about the ledger rather than about debt: no pack knows them.
ABOUT_THE_LEDGER = ("pack-issued/1", "checkpoint-signed/1")

NAME_OF: dict[type[Event], str] = {event: name for name, event in STORED_AS.items()}


class Recorded(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An event in its envelope, as the ledger keeps it.

    recorded_at: RFC 3339, UTC, microseconds. key: of the request that caused it; request_sha256: of that
    request's text, so that the table of requests cannot be altered unseen.
    """

    book: str
    position: int
    event_id: str
    stream: str
    stream_version: int
    stored_as: str
    effective_on: date
    recorded_at: str
    actor: str
    key: str
    request_sha256: str
    data: Any

    @property
    def event(self) -> Event:
        """The event itself; `data` is its decoded form here, never raw JSON."""
        event: Event = self.data
        return event
