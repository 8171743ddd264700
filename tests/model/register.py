"""What was accepted, as a flat list of facts, and plain questions about that list.

There is no state: every question walks the list again. A view 'as of' a day or position is the same
list with the facts left out that are effective later, or were learned later.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from fractions import Fraction

from .quantities import half_even, quarter_days

DEBT, NEGLECT = "debt", "neglect"
NATURES = (DEBT, NEGLECT)
DAYS_PER_YEAR = 365

COMMISSIONED = "debt-commissioned"
OBSERVED = "neglect-observed"
ADOPTED = "neglect-adopted"
RENEWED = "debt-renewed"
REPAID = "repayment-recorded"
REVISED = "estimate-revised"
PLANNED = "repayment-planned"
WRITTEN_OFF = "item-written-off"
REVERSED = "event-reversed"
NOTED = "note-added"
SEEN = "interest-observed"
RETITLED = "item-retitled"
LINKED = "item-linked"
TAGGED = "item-tagged"
ASSIGNED = "item-assigned"

#: The version that is written; of all others the first.
VERSIONS = {REPAID: 2}

BARRIERS = (ADOPTED, REVISED, WRITTEN_OFF)
CLOSING = (REPAID, WRITTEN_OFF)
#: What changes nothing that is owed, is said of any item, and keeps nothing from being reversed.
DESCRIBING = (RETITLED, LINKED, TAGGED, ASSIGNED)


def stored_as(kind: str) -> str:
    """The name under which an event of a kind is stored now."""
    return f"{kind}/{VERSIONS.get(kind, 1)}"


@dataclass(frozen=True, kw_only=True)
class Leg:
    """A change of one item's liability. Minor units; `carry` is interest per year.

    `movement` is the column of the roll-forward; `spent` is what the work behind a repayment cost.
    """

    nature: str
    principal: int
    carry: int
    accrues_from: date
    movement: str
    spent: int = 0

    def mirrored(self) -> "Leg":
        """The same leg undone, accruing from the same day."""
        return replace(self, principal=-self.principal, carry=-self.carry, spent=-self.spent, movement="corrected")


@dataclass(frozen=True, kw_only=True)
class Opened:
    """What is fixed when an item is opened. `principal` is None while nobody has estimated it.

    `effort_rate` is the day rate its principal was priced by, None if it was opened in money.
    """

    system: str
    title: str
    category: str
    dimension: str
    nature: str
    principal: int | None
    effort_rate: int | None


@dataclass(frozen=True, kw_only=True)
class Terms:
    """What a commission, an adoption or a renewal promises."""

    repay_by: str
    until: date | None


@dataclass(frozen=True, kw_only=True)
class ItemFact:
    """An event of one item. `occurred_on` is the original day of a late entry.

    `assumed`: of a repayment for which nobody said what it cost. `unmeasured`: of one whose cost nobody knows.
    `planned`: the quarter of a plan. `words`: of a description, as typed.
    `seen`: the interest that somebody observed, minor units.
    """

    position: int
    kind: str
    item: str
    on: date
    occurred_on: date | None = None
    legs: tuple[Leg, ...] = ()
    opened: Opened | None = None
    terms: Terms | None = None
    reverses: int | None = None
    assumed: bool = False
    unmeasured: bool = False
    planned: str | None = None
    words: tuple[str, ...] = ()
    seen: int | None = None

    @property
    def order(self) -> tuple[date, int]:
        """By effective date, then position."""
        return self.on, self.position

    @property
    def happened_on(self) -> date:
        """The day it happened, also for a late entry."""
        return self.occurred_on or self.on


@dataclass(frozen=True, kw_only=True)
class SystemFact:
    """A system registered with its first owners; these hold for all time before the first change."""

    position: int
    system: str
    name: str
    team: str
    cost_centre: str | None


@dataclass(frozen=True, kw_only=True)
class OwnerFact:
    """A change of a system's team (None: unchanged) or cost centre (None: unchanged)."""

    position: int
    system: str
    on: date
    team: str | None
    cost_centre: str | None


@dataclass(frozen=True, kw_only=True)
class RateFact:
    """The price of a person-day, in minor units, of a team or (None) of the book."""

    position: int
    on: date
    team: str | None
    rate: int


@dataclass(frozen=True, kw_only=True)
class RateGoneFact:
    """The rate set at `of` counts no more for what is priced from here on."""

    position: int
    of: int


@dataclass(frozen=True, kw_only=True)
class ClosedFact:
    """A quarter closed, and with it everything before."""

    position: int
    last_day: date


@dataclass(frozen=True, kw_only=True)
class OtherFact:
    """An event without a meaning for the figures: the book opened, a dependency, a retirement.

    system: whose it is, if any; of a retirement, `on` its day; of a dependency, whose output the system reads; of a new
    name, the name.
    """

    position: int
    kind: str
    system: str = ""
    on: date | None = None
    reads_from: str = ""
    name: str = ""


@dataclass(frozen=True, kw_only=True)
class PlanFact:
    """A team's budget or forecast (`what`) of a quarter, minor units."""

    position: int
    what: str
    quarter: str
    team: str
    amount: int
    on: date


@dataclass(frozen=True, kw_only=True)
class IssueFact:
    """A pack given out. `known`: the last event it knew. `compared`: the positions of the issues it names."""

    position: int
    quarter: str
    as_of: date
    known: int
    compared: tuple[int, ...]


Fact = ItemFact | SystemFact | OwnerFact | RateFact | RateGoneFact | ClosedFact | PlanFact | IssueFact | OtherFact


@dataclass(frozen=True)
class Owner:
    """Who answers for a system on a day."""

    team: str
    cost_centre: str | None


@dataclass(frozen=True)
class Register:
    """The facts in order of position, and questions about them."""

    facts: list[Fact] = field(default_factory=list)

    # ------------------------------------------------------------------ views

    def known_at(self, position: int) -> "Register":
        """What the ledger had learned by a position."""
        return Register([fact for fact in self.facts if fact.position <= position])

    def as_of(self, day: date) -> "Register":
        """What was effective by the end of a day. Registration and closing bound nothing."""
        dated = (ItemFact, OwnerFact, RateFact)
        return Register([fact for fact in self.facts if not isinstance(fact, dated) or fact.on <= day])

    @property
    def head(self) -> int:
        """The position of the last event."""
        return self.facts[-1].position if self.facts else 0

    # ------------------------------------------------------------------ items

    def item_facts(self, item: str | None = None) -> list[ItemFact]:
        """The events of one item, or of all items, by effective date, then position."""
        found = [f for f in self.facts if isinstance(f, ItemFact) and item in (None, f.item)]
        return sorted(found, key=lambda fact: fact.order)

    def items(self) -> list[str]:
        """The ids of all items, in the order they were recorded."""
        return [f.item for f in self.facts if isinstance(f, ItemFact) and f.opened]

    def opening(self, item: str) -> ItemFact:
        """The event that opened an item."""
        return next(f for f in self.item_facts(item) if f.opened)

    def opened(self, item: str) -> Opened:
        """What was fixed when an item was opened."""
        fixed = self.opening(item).opened
        assert fixed is not None
        return fixed

    def reversed_positions(self) -> set[int]:
        """The positions of events that a reversal has undone."""
        return {f.reverses for f in self.item_facts() if f.reverses is not None}

    def standing(self, item: str, *kinds: str) -> list[ItemFact]:
        """The events of an item that are neither reversed nor reversals, by effective date, then position."""
        undone = self.reversed_positions()
        facts = [f for f in self.item_facts(item) if f.position not in undone and f.kind != REVERSED]
        return [f for f in facts if not kinds or f.kind in kinds]

    def is_reversed(self, item: str) -> bool:
        """Whether the item's opening was undone."""
        return self.opening(item).position in self.reversed_positions()

    def legs(self, item: str, nature: str | None = None) -> Iterator[tuple[ItemFact, Leg]]:
        """The liability legs of an item, each with the event it belongs to."""
        for fact in self.item_facts(item):
            for leg in fact.legs:
                if nature in (None, leg.nature):
                    yield fact, leg

    def outstanding(self, item: str, nature: str | None = None) -> int:
        """What is still to be repaid, minor units."""
        return sum(leg.principal for _, leg in self.legs(item, nature))

    def carry(self, item: str, nature: str | None = None) -> int:
        """Interest per year, minor units."""
        return sum(leg.carry for _, leg in self.legs(item, nature))

    def interest(self, item: str, nature: str, to: date) -> int:
        """Cumulative interest up to a day, minor units, rounded half-even once."""
        carry_days = sum(leg.carry * (to - leg.accrues_from).days for _, leg in self.legs(item, nature))
        return half_even(Fraction(carry_days, DAYS_PER_YEAR))

    def nature(self, item: str) -> str:
        """Debt if it was commissioned or is adopted, otherwise neglect."""
        return DEBT if self.standing(item, ADOPTED) else self.opened(item).nature

    def terms(self, item: str) -> Terms | None:
        """The latest promise that stands; of a reversed item the one it was opened with."""
        if self.is_reversed(item):
            return self.opening(item).terms
        promises = [f.terms for f in self.standing(item) if f.terms]
        return promises[-1] if promises else None

    def planned(self, item: str) -> str | None:
        """The quarter of the latest plan that stands."""
        plans = [f.planned for f in self.standing(item, PLANNED)]
        return plans[-1] if plans else None

    def title(self, item: str) -> str:
        """What it is called: as opened, or as it was called last."""
        titles = [f.words[0] for f in self.standing(item, RETITLED)]
        return titles[-1] if titles else self.opened(item).title

    def assignee(self, item: str) -> str | None:
        """Who looks after it."""
        named = [f.words[0] for f in self.standing(item, ASSIGNED)]
        return named[-1] if named and named[-1] != "nobody" else None

    def tags(self, item: str) -> list[str]:
        """The tags whose last sign is a plus."""
        signs = {word[1:]: word[0] for f in self.standing(item, TAGGED) for word in f.words}
        return sorted(tag for tag, sign in signs.items() if sign == "+")

    def interest_seen(self, item: str) -> int | None:
        """What its interest was observed to be, in all; None where nobody ever looked."""
        amounts = [f.seen or 0 for f in self.standing(item, SEEN)]
        return sum(amounts) if amounts else None

    def links(self, item: str) -> list[str]:
        """Where more about it is found."""
        return [f.words[0] for f in self.standing(item, LINKED)]

    def first_principal(self, item: str) -> int | None:
        """The principal as first recorded or first estimated, None while unestimated."""
        fixed = self.opened(item)
        if fixed.principal is not None:
            return fixed.principal
        estimates = self.standing(item, REVISED)
        return sum(leg.principal for leg in estimates[0].legs) if estimates else None

    def settled(self, item: str) -> str | None:
        """'reversed', 'written-off' or 'repaid'; None while the item is open."""
        if self.is_reversed(item):
            return "reversed"
        closings = self.standing(item, *CLOSING)
        if self.outstanding(item) != 0 or not closings:
            return None
        return "written-off" if closings[-1].kind == WRITTEN_OFF else "repaid"

    # ------------------------------------------------------------------ systems and the book

    def systems(self) -> list[str]:
        """The keys of the registered systems."""
        return [f.system for f in self.facts if isinstance(f, SystemFact)]

    def owner_changes(self, system: str) -> list[OwnerFact]:
        """Changes of a system's owners, by effective date, then position."""
        found = [f for f in self.facts if isinstance(f, OwnerFact) and f.system == system]
        return sorted(found, key=lambda fact: (fact.on, fact.position))

    def owner(self, system: str, on: date) -> Owner:
        """Who answers for a system on a day; team and cost centre each have their own timeline."""
        first = next(f for f in self.facts if isinstance(f, SystemFact) and f.system == system)
        owner = Owner(first.team, first.cost_centre)
        for change in self.as_of(on).owner_changes(system):
            owner = Owner(change.team or owner.team, change.cost_centre or owner.cost_centre)
        return owner

    def teams(self) -> set[str]:
        """Every team that some system named."""
        named = [f.team for f in self.facts if isinstance(f, SystemFact | OwnerFact)]
        return {team for team in named if team}

    def day_rate(self, system: str, on: date) -> int | None:
        """The day rate in force for a system's team on a day, minor units: the team's before the book's."""
        return self._rate_of(self.owner(system, on).team, on)

    def _rate_of(self, team: str | None, on: date) -> int | None:
        rates = sorted(self.as_of(on).standing_rates(), key=lambda fact: (fact.on, fact.position))
        for owner in (team, None):
            own = [f.rate for f in rates if f.team == owner]
            if own:
                return own[-1]
        return None

    def standing_rates(self) -> list[RateFact]:
        """The rates that nobody took back, by position."""
        gone = {f.of for f in self.facts if isinstance(f, RateGoneFact)}
        return [f for f in self.facts if isinstance(f, RateFact) and f.position not in gone]

    def rate_beside(self, team: str | None, on: date) -> int | None:
        """What a new rate is compared with: the one in force on its day, else the first of the same owner after it."""
        later = [f for f in self.standing_rates() if f.team == team and f.on > on]
        first = min(later, key=lambda fact: (fact.on, fact.position), default=None)
        return self._rate_of(team, on) or (first.rate if first else None)

    def name_of(self, system: str, on: date) -> str:
        """What a system is called on a day."""
        said = [(date.min, f.position, f.name) for f in self.facts if isinstance(f, SystemFact) and f.system == system]
        said += [
            (f.on or on, f.position, f.name)
            for f in self.facts
            if isinstance(f, OtherFact) and f.kind == "system-renamed" and f.system == system
        ]
        return max(each for each in said if each[0] <= on)[2]

    def plans(self, what: str) -> dict[tuple[str, str], int]:
        """Budgets or forecasts by quarter and team: the latest that was set, whatever day it is effective."""
        return {(f.quarter, f.team): f.amount for f in self.facts if isinstance(f, PlanFact) and f.what == what}

    def plans_in_turn(self, quarter: str) -> list[tuple[PlanFact, int]]:
        """Every plan of a quarter that was set, with what stood before it; 0 where nothing did."""
        standing: dict[tuple[str, str], int] = {}
        found = []
        for fact in self.facts:
            if isinstance(fact, PlanFact) and fact.quarter == quarter:
                found.append((fact, standing.get((fact.team, fact.what), 0)))
                standing[fact.team, fact.what] = fact.amount
        return found

    def first_budgets(self, fiscal_year_start: int) -> dict[tuple[str, str], tuple[int, date | None]]:
        """By quarter and team, the budget that stood on the eve of the quarter, else the first after, and its day."""
        cells: dict[tuple[str, str], list[PlanFact]] = {}
        for fact in self.facts:
            if isinstance(fact, PlanFact) and fact.what == "budget":
                cells.setdefault((fact.quarter, fact.team), []).append(fact)
        found: dict[tuple[str, str], tuple[int, date | None]] = {}
        for cell, facts in cells.items():
            first_day = quarter_days(cell[0], fiscal_year_start)[0]
            on_the_eve = [fact.amount for fact in facts if fact.on < first_day]
            earliest = min(facts, key=lambda fact: (fact.on, fact.position))
            found[cell] = (on_the_eve[-1], None) if on_the_eve else (earliest.amount, earliest.on)
        return found

    def issues(self) -> list[IssueFact]:
        """The packs given out, in order."""
        return [f for f in self.facts if isinstance(f, IssueFact)]

    def first_open_day(self) -> date:
        """The first day no closed quarter covers."""
        closed = [f.last_day for f in self.facts if isinstance(f, ClosedFact)]
        return max(closed) + timedelta(days=1) if closed else date.min
