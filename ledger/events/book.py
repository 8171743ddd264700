"""Events of the book: its opening, its prices, budgets, closed periods, what was given out and signed."""

from __future__ import annotations

from datetime import date

import msgspec

from ledger.events.base import Event
from ledger.vocabulary.kinds import BOOK_STREAM


class BookEvent(Event, frozen=True, kw_only=True):
    """An event in the stream of the book itself."""

    @property
    def stream(self) -> str:
        return BOOK_STREAM


class BookOpened(BookEvent, frozen=True, kw_only=True):
    """The first event of a book fixes its currency, its calendar and what 'today' means.

    currency_exponent: decimal places of the minor unit. fiscal_year_start: month, 1 to 12.
    """

    currency: str
    currency_exponent: int
    fiscal_year_start: int
    time_zone: str


class TimeZoneSet(BookEvent, frozen=True, kw_only=True):
    """From here on the book's days begin and end in another zone. previous: what the book had before.

    time_zone: a name of the time-zone database, which means the same on every machine.
    """

    time_zone: str
    previous: str


class DayRateSet(BookEvent, frozen=True, kw_only=True):
    """The price of a person-day of eight hours, in force from the effective date on.

    rate_minor: > 0, minor units. team: None for the book's rate; a team's own goes before it.
    """

    rate_minor: int
    team: str | None


class PeriodClosed(BookEvent, frozen=True, kw_only=True):
    """A quarter, and every day before it, takes no more entries. last_day: the last closed day."""

    quarter: str
    last_day: date


class AmountPerQuarter(BookEvent, frozen=True, kw_only=True):
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


class PackIssued(BookEvent, frozen=True, kw_only=True):
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


class ImportRun(BookEvent, frozen=True, kw_only=True):
    """What a tool, or people, wrote elsewhere was read; what follows from it is recorded from here on, in batches.

    run: its name, under which its batches are kept: RUN/1, RUN/2 … kind: as typed. source: whose export it is, as the tool
    names it; scopes: the parts of the tool's world that it speaks of, none where the tool names none. system: blank where it is
    of several. input_sha256: over the files read; mapping_sha256: of the mapping, None without one. 64 hexadecimal digits each.
    exported_on: the export's own day, None where there is no export. counts: records read, and events by stored name, as they
    were foreseen. assumptions: what was taken for granted, as text.
    """

    run: str
    kind: str
    source: str
    scopes: tuple[str, ...]
    system: str
    input_sha256: str
    mapping_sha256: str | None
    exported_on: date | None
    counts: dict[str, int]
    assumptions: dict[str, str]


class PolicySet(BookEvent, frozen=True, kw_only=True):
    """How the book is kept, from here on. policy: a name of `ledger.vocabulary.policies`; value: 'on' or 'off'."""

    policy: str
    value: str


class CheckpointSigned(BookEvent, frozen=True, kw_only=True):
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
