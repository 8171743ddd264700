"""A ledger whose first and second quarter were issued and then changed: what Restatements has to explain.

Amounts are chosen so that each day's interest is a whole number: every figure below can be added up by hand.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import count

from sqlalchemy import Engine

from ledger.decide.adopt import Adopt
from ledger.decide.claims import HASHED_HERE
from ledger.decide.command import Command
from ledger.decide.commission import Commission
from ledger.decide.init import OpenBook
from ledger.decide.observe import Observe
from ledger.decide.repay import Repay
from ledger.decide.report import IssuePack
from ledger.decide.request import Request
from ledger.decide.reverse import Reverse
from ledger.decide.system_add import AddSystem
from ledger.decide.system_change import ChangeSystem
from ledger.queries.audit.sealing import objections
from ledger.queries.figures.issues import as_reported, compared_with, issues
from ledger.queries.figures.quarter_view import quarter_view
from ledger.queries.reader import reader_of
from ledger.store.ledger import Ledger
from ledger.views.quarter import QuarterView
from ledger.vocabulary.quantities import Interest, Quantity
from ledger.vocabulary.quarters import Quarter

GATE = {"decided_by": "anna", "because": "the fair", "benefit": "three weeks", "repay_by": "2026Q4"}
LAST_DAYS = {"2026Q1": date(2026, 3, 31), "2026Q2": date(2026, 6, 30), "2026Q3": date(2026, 9, 30)}

_NUMBERS = count(1)


@dataclass
class Office:
    """Records commands at a clock that the test sets, and issues packs as `debt report` does."""

    engine: Engine
    book: str = "main"
    now: datetime = datetime(2026, 4, 1, 9, tzinfo=UTC)
    actor: str = "lead@example.org"
    ledger: Ledger = field(init=False)

    def __post_init__(self) -> None:
        self.ledger = Ledger(self.engine, self.book, self._clock, lambda: f"id-{next(_NUMBERS):06}", objections)

    def _clock(self) -> datetime:
        self.now += timedelta(minutes=1)
        return self.now

    def request(self, command: Command) -> Request:
        return Request(command, self.actor, self.now.date(), again=True)

    def do(self, *commands: Command) -> int:
        """Record commands that must be lawful; the last one's position."""
        position = 0
        for command in commands:
            request = self.request(command)
            receipts = self.ledger.handle(request, opening=isinstance(command, OpenBook), objections=HASHED_HERE)
            position = receipts[-1].recorded.position
        return position

    def view(self, quarter: str, as_of: date | None = None, known_at: str | None = None) -> QuarterView:
        """The pack of a quarter, compared with the issues that it names."""
        day = as_of or LAST_DAYS[quarter]
        with reader_of(self.ledger, known_at) as known:
            reader = as_reported(known)
            chosen = Quarter.parse(quarter)
            named = compared_with(issues(known), chosen, day, reader.position)
            return quarter_view(reader, chosen, day, "debt report", named)

    def issue(self, quarter: str) -> int:
        """Issue the pack of a quarter; the position of its `pack-issued`."""
        view = self.view(quarter)
        origin = view.provenance
        return self.do(
            IssuePack(
                quarter=quarter,
                as_of=origin.as_of,
                known_position=origin.position,
                head_hash=origin.head_hash,
                compared_with=tuple(found.position for found in view.issues),
                manifest_sha256=f"{next(_NUMBERS):064x}",
                files=(),
            )
        )


def major(amount: int) -> Quantity:
    """An amount in euros."""
    return Quantity(minor=amount * 100)


def a_year(amount: int) -> Interest:
    """Interest in euros per year."""
    return Interest(minor=amount * 100, times_per_year=1)


def opened(office: Office) -> Office:
    """Positions 1 to 3: the book and two systems."""
    office.do(
        OpenBook(currency="EUR", currency_exponent=2, fiscal_year_start=1, time_zone="UTC", on=date(2026, 1, 1)),
        AddSystem(system="FRAUD", name="Fraud", team="red", on=date(2026, 1, 2)),
        AddSystem(system="CHURN", name="Churn", team="red", on=date(2026, 1, 2)),
    )
    return office


def issued(office: Office) -> Office:
    """Positions 4 to 10: what 2026Q1 and 2026Q2 looked like when they were issued, at positions 7 and 10."""
    opened(office).do(
        Commission(system="FRAUD", title="Glue", category="glue-code", principal=major(12000), interest=a_year(3650),
                   on=date(2026, 1, 15), **GATE),
        Observe(system="CHURN", title="Old", category="staleness", cause="untracked", principal=major(3000),
                interest=a_year(365), on=date(2026, 2, 10)),
        Repay(item="FRAUD-1", amount=major(1200), on=date(2026, 3, 1)),
    )  # fmt: skip
    office.now = datetime(2026, 4, 5, 9, tzinfo=UTC)
    office.issue("2026Q1")
    office.now = datetime(2026, 7, 1, 9, tzinfo=UTC)
    office.do(
        Repay(item="FRAUD-1", amount=major(2400), spent=major(2500), on=date(2026, 5, 1)),
        Observe(system="FRAUD", title="No tests", category="code-quality", cause="coding-error", principal=major(500),
                on=date(2026, 5, 10)),
    )  # fmt: skip
    office.now = datetime(2026, 7, 5, 9, tzinfo=UTC)
    office.issue("2026Q2")
    return office


def later(office: Office) -> Iterator[Command]:
    """Positions 11 to 17: two entries of 2026Q2, two reversals, an adoption; and two that restate nothing."""
    office.now = datetime(2026, 7, 20, 9, tzinfo=UTC)
    yield Commission(system="CHURN", title="Forgotten", category="configuration", principal=major(4000),
                     interest=a_year(730), on=date(2026, 6, 1), **GATE)  # fmt: skip
    yield Repay(item="CHURN-1", amount=major(600), spent=major(800), on=date(2026, 5, 20))
    yield Reverse(position=8, because="the wrong item")
    yield Reverse(position=6, because="never happened")
    yield Adopt(item="CHURN-1", on=date(2026, 6, 10), **GATE)
    yield Repay(item="FRAUD-1", amount=major(100), on=date(2026, 7, 10))
    yield ChangeSystem(system="FRAUD", team="blue", on=date(2026, 5, 15))


def restated(office: Office) -> Office:
    """Both quarters issued, then changed."""
    issued(office).do(*later(office))
    return office
