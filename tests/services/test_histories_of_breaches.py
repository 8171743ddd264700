"""Random histories of measurements, breaches, recoveries, carried debts and lapses, against an independent model.

Register, money, evidence, proposals and exit codes, whatever the route, looked at or recorded, the first time or again.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
from watched import FIRST_DAY, add_system, open_items, opened

from ledger.decide.commission import Commission
from ledger.decide.monitor import DocumentMonitor
from ledger.decide.renew import Renew
from ledger.decide.repay import Repay
from ledger.events import EvidenceAdded, ExpectationMeasured
from ledger.queries.audit.log import log
from ledger.queries.figures.delta import delta
from ledger.services.open_ledger import OpenedLedger
from ledger.vocabulary.quantities import Interest, Quantity
from ledger.vocabulary.quarters import FiscalCalendar, Quarter
from tests.helpers.breach_model import BreachModel, CarryingDebt
from tests.helpers.breach_routes import MADE_UP, MONITOR, Doing, Measuring, Watched, labels

#: Histories of each database; BREACH_HISTORIES in the environment sets how many a long run plays.
HISTORIES = int(os.environ.get("BREACH_HISTORIES", "6"))
STEPS = 14
DOINGS: tuple[Doing, ...] = ("look", "measure", "record")
CALENDAR = FiscalCalendar(1)
LAST_DAY = date(2026, 11, 1)


@dataclass
class History:
    """One system's, in the ledger and in the model."""

    books: OpenedLedger
    url: str
    system: str
    random: Random
    agreed: int
    watched: Watched
    model: BreachModel = field(init=False)
    day: date = FIRST_DAY
    debt: str | None = None
    last: tuple[date, frozenset[str], int] | None = None
    told: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.model = BreachModel(self.agreed)
        add_system(self.books, self.system)
        self.watch()

    def watch(self) -> None:
        """Document the monitor, with the debt that carries its risk, if there is one."""
        costs: dict[str, Any] = {}
        if self.agreed:
            costs = {"principal": Quantity(minor=self.agreed), "interest": Interest(minor=600), "agreed_by": "anna"}
        self.books.record(
            DocumentMonitor(
                system=self.system,
                monitor=MONITOR,
                alerts=True,
                remediation="manual",
                plan="train again",
                carried_by=self.debt,
                on=FIRST_DAY,
                **self.watched.monitor,
                **costs,
            ),
            again=True,
        )

    def step(self) -> None:
        """Something happens, on this day or a later one."""
        if self.random.random() < 0.5:
            self.day = min(self.day + timedelta(days=self.random.choice([1, 20, 70])), LAST_DAY)
        acts = [self.measure, self.measure, self.again, self.again, self.repay, self.carry, self.end, self.renew]
        act = self.random.choice(acts)
        self.told.append(f"{self.day} {act.__name__}")
        act()

    def measure(self) -> None:
        broken = frozenset(each for each in self.watched.parts if self.random.random() < 0.4)
        doing = self.random.choices(DOINGS, (1, 2, 6))[0]
        self.last = (self.day, broken, self.random.randint(1, 3))
        self.conclude(broken, self.last[2], doing)

    def again(self) -> None:
        """The last measurement once more, on its day, looked at or recorded; by whatever route."""
        if self.last is not None and self.last[0] == self.day:
            self.conclude(*self.last[1:], self.random.choice(("look", "record")))

    def conclude(self, broken: frozenset[str], version: int, doing: Doing) -> None:
        route = self.random.choice(self.watched.routes)
        self.told[-1] += f" {sorted(broken)} {version} {doing} {route}"
        # As a job has it that is tried again: the same for the same.
        keyed = doing != "look" and self.random.random() < 0.3
        key = f"{self.system} {sorted(broken)} {version} {self.day}" if keyed else None
        self.told[-1] += " with a key" if keyed else ""
        came = route(Measuring(self.books, self.url, self.system, self.day, broken, version, doing, key))
        found = self.watched.series(broken)
        opens = self.model.opens((broken, version), self.day, found)
        if doing == "look":
            code = self.model.look(self.day, found)
        else:
            code = self.model.measure((broken, version), self.day, found, record=doing == "record", key=key)
        assert came.code == code, self.told
        assert came.observe == opens, self.told
        # Of each item whose own series is kept again, and of no other.
        kept_again = {each for each in self.watched.every - found if self.model.standing(each)}
        assert came.repay == kept_again, self.told

    def repay(self) -> None:
        standing = [each for each in sorted(self.watched.every) if self.model.standing(each)]
        if standing:
            series = self.random.choice(standing)
            (item,) = [item for item in open_items(self.books, self.system, self.day) if f": {series} (" in item.title]
            self.books.record(Repay(item=item.item, on=self.day))
            self.model.repay(series)

    def carry(self) -> None:
        """A debt is taken on that carries the risk from now on."""
        if self.debt is not None:
            return
        quarter, until = CALENDAR.quarter_of(self.day), None
        if self.random.random() < 0.5:
            until = self.day + timedelta(days=10)
        gate = {"decided_by": "anna", "because": "the fair", "benefit": "three weeks", "repay_by": str(quarter)}
        (receipt,) = self.books.record(
            Commission(
                system=self.system,
                title="No retraining",
                category="staleness",
                principal=Quantity(minor=9000),
                on=self.day,
                until=until,
                **gate,
            ),
            again=True,
        )
        self.debt = receipt.item
        self.model.debt = CarryingDebt(9000, self.day, self.ends_on(quarter, until))
        self.watch()

    def ends_on(self, quarter: Quarter, until: date | None) -> date:
        last = CALENDAR.last_day(quarter)
        return min(last, until) if until else last

    def renew(self) -> None:
        if self.model.debt and not self.model.debt.closed:
            quarter = CALENDAR.quarter_of(self.day).shift(self.random.choice([0, 1]))
            why = {"decided_by": "anna", "because": "once more", "repay_by": str(quarter)}
            self.books.record(Renew(item=str(self.debt), on=self.day, **why), again=True)
            self.model.debt.ends_on = self.ends_on(quarter, None)

    def end(self) -> None:
        """The debt is repaid; the monitor still names it."""
        if self.model.debt and not self.model.debt.closed:
            self.books.record(Repay(item=str(self.debt), on=self.day))
            self.model.debt.closed, self.model.debt.owed = True, 0

    def agrees(self) -> None:
        """Register and money are those of the model, and every measurement is there once."""
        still_open = [item for item in open_items(self.books, self.system, self.day) if item.item != self.debt]
        assert len(still_open) == sum(not item.closed for item in self.model.items), self.told
        assert {item.cause for item in still_open} <= {"missed-maintenance"}
        with self.books.reader() as reader:
            owed = {key[0]: figures for key, figures in delta(reader, self.day, by=("system",)).groups}
            events = [each.recorded.event for each in log(reader)]
        mine = owed.get(self.system)
        assert (mine.delta if mine else 0) == self.model.owed, self.told
        prefix = f"{self.system}-"
        shown = [each for each in events if isinstance(each, EvidenceAdded) and each.item.startswith(prefix)]
        assert len(shown) == self.model.evidence, self.told
        known = [each for each in events if isinstance(each, ExpectationMeasured) and each.system == self.system]
        assert len(known) == len(self.model.measured), self.told


def play(watched: Watched, url: str, histories: int) -> None:
    books = opened(url)
    for seed in range(histories):
        history = History(books, url, f"S{seed}", Random(seed), (0, 5000)[seed % 2], watched)
        for _ in range(STEPS):
            history.step()
        history.agrees()


@pytest.mark.sqlite_first
def test_the_books_are_those_of_the_model(database_url: str) -> None:
    play(MADE_UP, database_url, HISTORIES)


@pytest.mark.reliability
@pytest.mark.sqlite_first
def test_the_books_are_those_of_the_model_by_every_route(database_url: str, tmp_path: Path) -> None:
    """Labels that are measured in earnest, on one book from Python, by both forms of the command, and as jobs."""
    play(labels(tmp_path), database_url, HISTORIES // 2)
