"""Quarters built in code: a small set of books whose figures tie, and ways to break them.

A `Books` knows items and their postings; `view()` folds them into a QuarterView much as the ledger would,
so that a test says what happened and not what every figure must be.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

import pytest

from ledger.accounts.interest import day_number
from ledger.views.quarter import (
    BROUGHT_FORWARD,
    SPENT_EARLIER,
    DimensionView,
    HistoryView,
    ItemView,
    JournalView,
    PostingView,
    Provenance,
    QuarterView,
    SystemView,
)
from ledger.views.restatements import RestatementView
from ledger.views.rollforward import MOVEMENTS, RollforwardView
from ledger.vocabulary.ages import LAPSED, OF_WHICH, OVERDUE
from ledger.vocabulary.money import half_even
from ledger.vocabulary.release import __version__
from tests.helpers.documented_books import documented, undocumented
from tests.helpers.hostile_texts import HOSTILE
from tests.helpers.quarter_plans import (
    COMING,
    HOSTILE_TEAMS,
    TYPICAL_PLANS,
    Amounts,
    budget_views,
    planned_figures,
    unbudgeted_figures,
)
from tests.helpers.restated_books import reissued

QUARTERS = ("2024Q4", "2025Q1", "2025Q2", "2025Q3", "2025Q4", "2026Q1", "2026Q2", "2026Q3")
FIRST_DAY, LAST_DAY = date(2026, 7, 1), date(2026, 9, 30)
DAY = timedelta(days=1)
HEAD = "9f2c12ab34cd" + "0" * 52

PROVENANCE = Provenance(
    book="Example book",
    quarter="2026Q3",
    first_day=FIRST_DAY,
    last_day=LAST_DAY,
    as_of=LAST_DAY,
    known_at="2026-10-03T09:00:00.123456Z",
    position=1234,
    head_hash=HEAD,
    events=1234,
    currency="EUR",
    exponent=2,
    schema_version="0001",
    versions=(("debt-ledger", __version__), ("python", "3.11.2"), ("openpyxl", "3.1.5")),
    command="debt report 2026Q3 --known-at 2026-10-03T09:00:00.123456Z",
    provisional=False,
)


@dataclass
class Books:
    """Items and their postings of one quarter; `earlier` gives the closings of the quarters before."""

    provenance: Provenance = PROVENANCE
    items: list[ItemView] = field(default_factory=list)
    postings: list[PostingView] = field(default_factory=list)
    #: Closing of debt and neglect per earlier quarter, oldest first; the last must be the opening.
    earlier: list[tuple[int, int]] = field(default_factory=list)
    #: Budget and forecast by quarter and team, minor units; None: not set.
    plans: dict[tuple[str, str], Amounts] = field(default_factory=dict)
    #: Cost centres of the teams that have other ones than CC-100.
    centres: dict[str, tuple[str, ...]] = field(default_factory=dict)
    restatements: list[RestatementView] = field(default_factory=list)

    def item(
        self,
        system: str = "FRAUD",
        *,
        nature: str = "debt",
        title: str = "Feature store bypassed for the launch",
        opening: int = 0,
        moves: tuple[tuple[str, int, int], ...] = (),
        per_year: int = 0,
        opened_on: date | None = None,
        team: str = "red",
        status: str = "open",
        late: tuple[str, ...] | None = None,
        decided: str = "A. Lead",
        dimension: str = "system",
        category: str = "glue-code",
        cost_centre: str | None = "CC-100",
        planned_for: str | None = None,
    ) -> Books:
        """An item with what it brings forward and its moves: (movement, amount, spent), in minor units.

        late: how its term has passed; as its status says by default.
        """
        number = 1 + len({row.item for row in self.items if row.system == system})
        key = f"{system}-{number}"
        opened_on = opened_on or (date(2026, 2, 3) if opening else date(2026, 7, 20))
        first = len(self.postings)
        for movement, amount, spent in (*([(BROUGHT_FORWARD, opening, 0)] if opening else []), *moves):
            posting = self._posting(key, system, team, nature, movement, amount, spent)
            self.postings.append(replace(posting, cost_centre=cost_centre))
        if first < len(self.postings):
            self.postings[first] = _bearing(self.postings[first], per_year, opened_on)
        before, in_quarter = self._incurred(self.postings[first:])
        if opening:
            self.postings.insert(0, self.postings.pop(first))
        outstanding = opening + sum(amount for _, amount, _ in moves)
        late = late if late is not None else tuple(name for name in OF_WHICH if name == status)
        term = "2026Q2" if OVERDUE in late else "2026Q4" if nature == "debt" else None
        self.items.append(
            ItemView(
                item=key,
                title=title,
                system=system,
                team=team,
                cost_centre=cost_centre,
                nature=nature,
                dimension=dimension,
                category=category,
                opened_on=opened_on,
                decided_by_or_cause=decided,
                principal=opening or outstanding,
                outstanding=outstanding,
                interest_per_year=per_year,
                interest_in_quarter=in_quarter,
                interest_before=before,
                repay_by=term,
                until=self.provenance.as_of - timedelta(days=1) if LAPSED in late else None,
                planned_for=planned_for,
                age_days=(self.provenance.as_of - opened_on).days,
                status=status,
                late=late,
            )
        )
        return self

    def plan(self, team: str, quarter: str, budget: int | None = None, forecast: int | None = None) -> Books:
        """What a team may spend and is expected to spend in a quarter, in minor units."""
        self.plans[quarter, team] = (budget, forecast)
        return self

    def _posting(
        self, item: str, system: str, team: str, nature: str, movement: str, amount: int, spent: int
    ) -> PostingView:
        brought = movement == BROUGHT_FORWARD
        number = len(self.postings) + 1
        return PostingView(
            position=0 if brought else 1000 + number,
            event_hash="" if brought else f"{number:012x}",
            item=item,
            system=system,
            team=team,
            cost_centre=None,
            nature=nature,
            dimension="system",
            category="glue-code",
            quarter="2026Q3",
            effective_on=FIRST_DAY - timedelta(days=1) if brought else FIRST_DAY + timedelta(days=number % 80),
            recorded_at=None if brought else "2026-09-01T08:30:15.000001Z",
            movement=movement,
            amount=amount,
            spent=spent,
            carry=0,
            accrues_from=None if brought else FIRST_DAY + timedelta(days=number % 80),
            carry_day=0,
        )

    def _incurred(self, postings: list[PostingView]) -> tuple[int, int]:
        """Interest of one item before the quarter, and in it."""
        before = self._interest([row for row in postings if row.movement == BROUGHT_FORWARD], FIRST_DAY - DAY)
        return before, self._interest(postings, self.provenance.as_of) - before

    @staticmethod
    def _interest(postings: list[PostingView], until: date) -> int:
        days = sum(row.carry * day_number(until) - row.carry_day for row in postings)
        return half_even(days, 365)

    def view(self) -> QuarterView:
        """The quarter as the ledger would hand it over."""
        moved = [row for row in self.postings if row.movement != BROUGHT_FORWARD]
        repayments = [row for row in moved if row.movement == "repaid"]
        systems = sorted({row.system for row in self.items})
        posted = self._history()
        history = (*posted, *planned_figures(self.plans, QUARTERS), *unbudgeted_figures(self.plans, posted))
        return QuarterView(
            provenance=self.provenance,
            systems=tuple(SystemView(key, f"{key} model", "red", "CC-100") for key in systems),
            rollforward=self._rollforward(),
            postings=tuple(self.postings),
            items=tuple(self.items),
            quarters=QUARTERS,
            history=history,
            dimensions=tuple(self._dimensions()),
            budgets=budget_views(self.plans, self.centres, history, {row.team for row in self.items}, QUARTERS[-4:]),
            restatements=tuple(self.restatements),
            issued=(),
            journal=tuple(self._journal()),
            postings_replayed=len(moved),
            repayments=len(repayments),
            spent_assumed=sum(1 for row in repayments if row.spent == -row.amount),
            unmeasured=0,
            readiness=undocumented(systems),
            measurements=(),
        )

    def _journal(self) -> list[JournalView]:
        """Each posting that moved something, against one account."""
        rows = []
        for row in self.postings:
            if row.movement != BROUGHT_FORWARD:
                shared = (row.position, row.event_hash, row.item, row.system, row.team, row.cost_centre)
                liability = JournalView(
                    *shared, row.nature, row.dimension, row.category, row.effective_on, row.recorded_at or "",
                    row.movement, f"liabilities:{row.nature}:{row.dimension}", -row.amount, row.carry, row.accrues_from,
                )  # fmt: skip
                other = {"nature": "", "dimension": "", "account": "equity:example", "carry": 0, "accrues_from": None}
                rows += [liability, replace(liability, **other, amount=row.amount)]
        return rows

    def _rollforward(self) -> tuple[RollforwardView, ...]:
        sums: dict[tuple[str, str], dict[str, int]] = defaultdict(lambda: dict.fromkeys(("opening", *MOVEMENTS), 0))
        for row in self.postings:
            column = "opening" if row.movement == BROUGHT_FORWARD else row.movement.replace("-", "_")
            sums[row.nature, row.system][column] += row.amount
        return tuple(
            RollforwardView(nature=nature, system=system, **columns, closing=sum(columns.values()))
            for (nature, system), columns in sorted(sums.items())
        )

    def _history(self) -> list[HistoryView]:
        rows = []
        earlier = self.earlier or [(0, 0)] * 6 + [(self._opening("debt"), self._opening("neglect"))]
        for quarter, closings in zip(QUARTERS[-1 - len(earlier) : -1], earlier, strict=True):
            for nature, closing in zip(("debt", "neglect"), closings, strict=True):
                figures = {
                    "closing": closing,
                    "interest": closing // 40,
                    "interest_per_year": closing // 10,
                    "repaid": -closing // 12,
                    "interest_avoided": closing // 300,
                    "removed_spent": closing // 11,
                    "estimate_variance": closing // 11 - closing // 12,
                }
                rows += [HistoryView(quarter, "FRAUD", "red", nature, *figure) for figure in figures.items()]
        for item in self.items:
            key = ("2026Q3", item.system, item.team, item.nature)
            repaid = [row for row in self.postings if row.item == item.item and row.nature == item.nature]
            removed = sum(row.amount for row in repaid if row.movement == "repaid")
            spent = sum(row.spent for row in repaid)
            earlier = sum(row.spent for row in repaid if row.movement == "corrected")
            figures = {
                "closing": item.outstanding,
                "interest": item.interest_in_quarter,
                "interest_per_year": item.interest_per_year,
                "repaid": removed,
                "interest_avoided": -removed // 80,
                "removed_spent": spent,
                SPENT_EARLIER: earlier,
                "estimate_variance": spent + removed,
            }
            rows += [HistoryView(*key, measure, amount) for measure, amount in figures.items()]
        return rows

    def _dimensions(self) -> list[DimensionView]:
        """All earlier quarters lay in the dimension `system`."""
        earlier = self.earlier or [(self._opening("debt"), self._opening("neglect"))]
        rows = [
            DimensionView(quarter, "system", nature, closing)
            for quarter, closings in zip(QUARTERS[-1 - len(earlier) : -1], earlier, strict=True)
            for nature, closing in zip(("debt", "neglect"), closings, strict=True)
            if closing
        ]
        sums: dict[tuple[str, str], int] = defaultdict(int)
        for item in self.items:
            sums[item.dimension, item.nature] += item.outstanding
        return rows + [DimensionView("2026Q3", *key, closing) for key, closing in sorted(sums.items()) if closing]

    def _opening(self, nature: str) -> int:
        return sum(row.amount for row in self.postings if row.movement == BROUGHT_FORWARD and row.nature == nature)


def _bearing(row: PostingView, carry: int, since: date) -> PostingView:
    """The posting with interest per year from a day on."""
    day = row.accrues_from or since
    return replace(row, carry=carry, carry_day=carry * day_number(day))


def typical() -> Books:
    """Three systems, debt and neglect, every kind of movement, eight quarters."""
    books = Books()
    books.item("FRAUD", opening=120_000_00, moves=(("repaid", -50_000_00, 62_000_00),), per_year=9_600_00)
    books.item(
        "FRAUD",
        moves=(("commissioned", 96_000_50, 0),),
        per_year=12_000_00,
        title="Glue code around the scorer",
        planned_for="2026Q4",
    )
    books.item("CHURN", opening=80_250_25, moves=(("revised", -12_000_00, 0),), per_year=4_000_00)
    books.item("CHURN", nature="neglect", opening=42_000_00, per_year=1_200_00, decided="missing-tests")
    books.item("CHURN", nature="neglect", moves=(("observed", 31_000_00, 0),), per_year=900_00, decided="untracked")
    books.item("SEARCH", nature="neglect", opening=63_000_75, moves=(("adopted", -63_000_75, 0),), status="open")
    twin, adopted = books.items[-1], replace(books.postings[-1], nature="debt", amount=63_000_75)
    adopted = _bearing(adopted, 6_300_00, adopted.effective_on)
    _, incurred = books._incurred([adopted])
    owed = {"outstanding": 63_000_75, "interest_per_year": 6_300_00, "interest_in_quarter": incurred}
    books.items.append(replace(twin, nature="debt", **owed))
    books.postings.append(adopted)
    books.item("SEARCH", opening=15_000_00, moves=(("written-off", -15_000_00, 0),), status="written-off")
    books.item("SEARCH", moves=(("commissioned", 8_000_00, 0), ("corrected", -8_000_00, 0)), status="reversed")
    books.earlier = [
        (90_000_00, 70_000_00),
        (110_000_00, 72_500_00),
        (118_000_00, 90_000_00),
        (140_000_00, 98_000_00),
        (170_000_00, 101_000_00),
        (190_500_00, 104_000_00),
        (215_250_25, 105_000_75),
    ]
    books.plans, books.centres = dict(TYPICAL_PLANS), {"blue": ("CC-200", "CC-210")}
    return books


def empty() -> Books:
    """A book without an item."""
    return Books(earlier=[(0, 0)] * 7)


def still() -> Books:
    """A balance and no movement."""
    return Books().item(opening=12_345_67, per_year=1_000_00)


def first_item() -> Books:
    """The first item of a book: nothing stood the quarter before."""
    return Books(earlier=[(0, 0)] * 7).item(moves=(("commissioned", 4_000_00, 0),), per_year=100_00)


def repaid_in_full() -> Books:
    """Everything went away."""
    books = Books()
    books.item(opening=20_000_00, moves=(("repaid", -20_000_00, 18_500_00),), status="repaid")
    return books


def large() -> Books:
    """Twelve digits before the point, all movements, in debt and neglect."""
    big = 123_456_789_012_34
    books = Books()
    books.item(opening=big, moves=(("revised", big // 3, 0), ("repaid", -big // 2, big)), per_year=big // 10)
    books.item(moves=(("commissioned", big // 2, 0), ("corrected", -big // 4, 0)), per_year=big // 7)
    books.item("CHURN", nature="neglect", opening=big // 2, moves=(("written-off", -big // 5, 0),), decided="untracked")
    books.item("CHURN", nature="neglect", moves=(("observed", big // 9, 0),), decided="coding-error")
    return books


def many_systems(number_of_systems: int = 200) -> Books:
    """Two hundred systems, or so many, with an item each."""
    books = Books()
    for number in range(number_of_systems):
        opening = 1_000_00 + number * 10_01
        nature = "neglect" if number % 3 == 0 else "debt"
        books.item(f"SYS{number:03}", nature=nature, opening=opening, moves=(("repaid", -500_00, 450_00),))
    return books


def in_currency(currency: str, exponent: int) -> Books:
    """The typical quarter with its minor units read in another currency."""
    books = typical()
    books.provenance = replace(PROVENANCE, currency=currency, exponent=exponent)
    return books


def provisional() -> Books:
    """A quarter that has not ended."""
    as_of = date(2026, 9, 25)
    books = Books(provenance=replace(PROVENANCE, as_of=as_of, provisional=True))
    books.plan("red", "2026Q3", 10_000_00, 12_000_00)
    return books.item(opening=50_000_00, moves=(("commissioned", 9_000_00, 0),), per_year=5_000_00)


def tampered() -> QuarterView:
    """The typical quarter, one stored posting of which somebody raised by a cent."""
    return with_posting_amount(typical().view(), -1, 1)


def with_posting_amount(view: QuarterView, index: int, more: int) -> QuarterView:
    """The view with one stored amount changed by `more` minor units."""
    rows = list(view.postings)
    rows[index] = replace(rows[index], amount=rows[index].amount + more)
    return replace(view, postings=tuple(rows))


def with_posting_spent(view: QuarterView, index: int, more: int) -> QuarterView:
    """The view with what one stored posting spent changed by `more` minor units."""
    rows = list(view.postings)
    rows[index] = replace(rows[index], spent=rows[index].spent + more)
    return replace(view, postings=tuple(rows))


def hostile() -> Books:
    """Every text that a person can type holds something that breaks programs."""
    books = Books(provenance=replace(PROVENANCE, book="R&D <&P> \x07\ud83d $x$"))
    for number, text in enumerate(HOSTILE):
        books.item(
            title=text, team=text[:200], decided=text[:300], opening=1_000_00 + number, moves=(("revised", 1_00, 0),)
        )
    return books


def hostile_teams() -> Books:
    """Teams and cost centres whose names are criteria, each with another budget and other spending."""
    books = Books()
    for number, team in enumerate(HOSTILE_TEAMS, start=1):
        power = 2**number * 100
        books.item(opening=9_000_000_00, moves=(("repaid", -power, 3 * power),), team=team)
        books.centres[team] = (team,)
        if team:
            for quarter in ("2026Q3", *COMING):
                books.plan(team, quarter, power + 1, 5 * power)
    return books


#: Views that every property of a pack is tested on.
CASES: dict[str, QuarterView] = {
    "typical": typical().view(),
    "empty": empty().view(),
    "still": still().view(),
    "first item": first_item().view(),
    "repaid in full": repaid_in_full().view(),
    "large": large().view(),
    "provisional": provisional().view(),
    "yen": in_currency("JPY", 0).view(),
    "dinar": in_currency("KWD", 3).view(),
    "hostile": hostile().view(),
    "hostile teams": hostile_teams().view(),
    "restated": documented(reissued(typical().view(), actor="=1+1 " + "who recorded it " * 20)),
    "tampered amount": tampered(),
    "tampered spent": with_posting_spent(typical().view(), -1, 1),
}

_IN_EVERY_RUN = ("typical", "empty", "hostile", "restated", "tampered amount")
#: Their names as parameters of a test: a few in every run, the rest by `make check`.
EVERY_CASE = [pytest.param(name, marks=[] if name in _IN_EVERY_RUN else [pytest.mark.reliability]) for name in CASES]
