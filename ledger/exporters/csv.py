"""Every leg of every event for spreadsheets and other programs, balanced, exact to the minor unit.

The columns and the spelling of a pack's postings.csv, without the limits of a quarter, and without its status: the rows of a
quarter are that file's, as known at the same position. The legs are posted anew from the stored bodies; only whose a system
was on a day comes from a read model (`ledger.queries.figures.owners`). The whole log is read twice, because a change of owner
moves what is effective before it, also what is recorded after it.

Where a system changed hands with a balance, two legs at the position of the change move it from one owner to the other.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise

from ledger.accounts.postings import post
from ledger.events import ItemEvent, Opening, Recorded, SystemChanged
from ledger.exporters import Wanted
from ledger.queries.audit.log import Logged, log
from ledger.queries.figures.owners import OWNER_FIELDS, Owner, Owners, Tenure, owners_of
from ledger.queries.reader import Reader
from ledger.views.postings_file import HEADINGS
from ledger.vocabulary.keys import system_of
from ledger.vocabulary.spreadsheet_text import posting_text

_BYTE_ORDER_MARK = "\ufeff"

#: By system, then item, nature and dimension: what was posted in each tenure, in minor units, debit positive, and the
#: interest per year that it added.
_Posted = dict[str, dict[tuple[str, str, str], list[tuple[int, int]]]]


@dataclass(frozen=True, slots=True)
class _PostingLine:
    """A leg of an item, or half of a transfer, and whose it is."""

    item: str
    owner: Owner
    account: str
    movement: str
    amount_minor: int
    nature: str = ""
    dimension: str = ""
    carry_minor_per_year: int = 0
    accrues_from: date | None = None


@dataclass(slots=True)
class _Survey:
    """What must be known before the first row is written: it grows with the register, not with the events.

    categories: by item. transfers: by the position of the change of owner.
    """

    owners: Owners
    categories: dict[str, str] = field(default_factory=dict)
    transfers: dict[int, list[_PostingLine]] = field(default_factory=dict)


def rows(reader: Reader, wanted: Wanted) -> Iterator[str]:
    """UTF-8 with a byte-order mark, so that Excel reads umlauts; amounts in major units with a point, by position."""
    yield _BYTE_ORDER_MARK + _csv([HEADINGS])
    survey = _survey(reader, wanted)
    for number, logged in enumerate(log(reader), 1):
        if wanted.counts(logged.recorded.effective_on):
            lines = [*_legs(logged.recorded, survey.owners), *survey.transfers.get(logged.recorded.position, ())]
            if lines:
                yield _csv(_row(reader, wanted, survey, logged, line) for line in lines)
        wanted.told(reader.position + number, 2 * reader.position)


def _survey(reader: Reader, wanted: Wanted) -> _Survey:
    """Read everything once for what passes with a system: what is effective before a change may be recorded after it."""
    survey = _Survey(owners_of(reader, OWNER_FIELDS))
    changes: dict[tuple[str, date], int] = {}
    posted: _Posted = {}
    for number, logged in enumerate(log(reader), 1):
        recorded, event = logged.recorded, logged.recorded.event
        if isinstance(event, Opening):
            survey.categories[event.item] = event.category
        elif isinstance(event, SystemChanged):
            # If there are two changes on one day, the later position stands for the transfer.
            changes[event.system, recorded.effective_on] = recorded.position
        if isinstance(event, ItemEvent):
            _count(posted, survey.owners, recorded)
        wanted.told(number, 2 * reader.position)
    for system, of_items in posted.items():
        for number, (giving, taking) in enumerate(pairwise(survey.owners.tenures[system]), 1):
            lines = _passing(of_items, number, giving.owner, taking)
            survey.transfers[changes[system, taking.since]] = list(lines)
    return survey


def _count(posted: _Posted, owners: Owners, recorded: Recorded) -> None:
    """Add what an event posts to what is owed, if its system had several owners."""
    system = system_of(recorded.stream)
    tenures = owners.tenures[system]
    if len(tenures) == 1:
        return
    tenure = len(owners.during(system, date.min, recorded.effective_on)) - 1
    for leg in post(recorded.event, recorded.effective_on):
        if leg.nature is not None and leg.dimension is not None:
            place = recorded.stream, leg.nature, leg.dimension
            by_tenure = posted.setdefault(system, {}).setdefault(place, [(0, 0)] * len(tenures))
            amount, carry = by_tenure[tenure]
            by_tenure[tenure] = (amount + leg.amount_minor, carry + leg.carry_minor_per_year)


def _passing(
    of_items: dict[tuple[str, str, str], list[tuple[int, int]]], number: int, giving: Owner, taking: Tenure
) -> Iterator[_PostingLine]:
    """What is owed of the tenures before one, item by item, moved from its owner's books to the next one's."""
    for (item, nature, dimension), by_tenure in sorted(of_items.items()):
        balance, carry = (sum(sums) for sums in zip(*by_tenure[:number], strict=True))
        if balance:
            account, since = f"liabilities:{nature}:{dimension}", taking.since
            for owner, sign in ((giving, -1), (taking.owner, 1)):
                yield _PostingLine(
                    item, owner, account, "transferred", sign * balance, nature, dimension, sign * carry, since
                )


def _legs(recorded: Recorded, owners: Owners) -> Iterator[_PostingLine]:
    item, day = recorded.stream, recorded.effective_on
    for leg in post(recorded.event, day):
        owner = owners.on(system_of(item), day)
        yield _PostingLine(
            item,
            owner,
            leg.account,
            leg.movement,
            leg.amount_minor,
            leg.nature or "",
            leg.dimension or "",
            leg.carry_minor_per_year,
            leg.accrues_from,
        )


def _row(reader: Reader, wanted: Wanted, survey: _Survey, logged: Logged, line: _PostingLine) -> list[str]:
    recorded, currency = logged.recorded, reader.currency
    team, cost_centre = line.owner
    amount = currency.plain(abs(line.amount_minor))
    return [
        str(recorded.position),
        logged.hash[:12],
        line.item,
        system_of(line.item),
        posting_text(team or ""),
        posting_text(cost_centre or ""),
        line.nature,
        line.dimension,
        survey.categories[line.item],
        str(reader.calendar.quarter_of(recorded.effective_on)),
        recorded.effective_on.isoformat(),
        recorded.recorded_at,
        line.movement,
        line.account,
        posting_text(wanted.code_of(line.account, cost_centre) or ""),
        *((amount, "") if line.amount_minor >= 0 else ("", amount)),
        currency.code,
        "" if line.accrues_from is None else currency.plain(line.carry_minor_per_year),
        "" if line.accrues_from is None else line.accrues_from.isoformat(),
    ]


def _csv(lines: Iterable[Sequence[str]]) -> str:
    buffer = io.StringIO(newline="")
    csv.writer(buffer).writerows(lines)
    return buffer.getvalue()
