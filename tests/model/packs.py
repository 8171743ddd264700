"""What a quarterly pack says, in minor units: the figures of its workbook, a second time.

From the definitions in docs/method.md alone. Where it is silent, the decisions 0009 and 0010 were read.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from functools import cached_property
from typing import Any

from .books import Books
from .commands import Report
from .figures import ONE_DAY, Figures, FlowSums
from .item_rules import Settings
from .plan_rules import compared_with, last_known
from .quantities import half_even, quarter_days, quarter_shifted
from .register import (
    DAYS_PER_YEAR,
    NATURES,
    REPAID,
    IssueFact,
    ItemFact,
    Leg,
    Owner,
    Register,
)

QUARTERS_OF_HISTORY = 8
QUARTERS_PLANNED = 4
SEVERAL, NO_CENTRE = "several cost centres", "no cost centre"


@dataclass(frozen=True)
class Entry:
    """One liability leg with the event it belongs to and who answered for it on its day."""

    fact: ItemFact
    leg: Leg
    owner: Owner
    system: str


@dataclass(frozen=True)
class Restated:
    """A quarter as an issue had it and as it is known now; amounts of one nature each."""

    issue: IssueFact
    issued: Mapping[str, FlowSums]
    now: Mapping[str, FlowSums]
    later: Sequence[Entry]
    first: date
    #: By item and nature, as issued and now, where the two differ.
    interest: Mapping[tuple[str, str], tuple[int, int]]

    def column(self, entry: Entry) -> str:
        """The column of the roll-forward that a later leg changes."""
        return "opening" if entry.fact.on < self.first else entry.leg.movement

    def spent(self, entry: Entry) -> int:
        """What a later leg adds to the quarter's spending: nothing, if it is effective before."""
        return 0 if entry.fact.on < self.first else entry.leg.spent


@dataclass(frozen=True)
class PackFigures:
    """The figures of one pack, as known at its position. as_of: the last day that counts."""

    everything: Register
    currency: str
    settings: Settings
    quarter: str
    as_of: date
    position: int

    # ------------------------------------------------------------------ time

    @property
    def quarters(self) -> list[str]:
        """Eight quarters, this one last."""
        return [quarter_shifted(self.quarter, back) for back in range(1 - QUARTERS_OF_HISTORY, 1)]

    @property
    def coming(self) -> list[str]:
        """The next four."""
        return [quarter_shifted(self.quarter, ahead) for ahead in range(1, QUARTERS_PLANNED + 1)]

    def span(self, quarter: str) -> tuple[date, date]:
        """First and last day of a quarter."""
        return quarter_days(quarter, self.settings.fiscal_year_start)

    def days(self, quarter: str) -> tuple[date, date]:
        """First and last day of a quarter, as far as the pack counts."""
        first, last = self.span(quarter)
        return first, min(last, self.as_of)

    # ------------------------------------------------------------------ what is known

    @cached_property
    def known(self) -> Register:
        """The register up to the pack's position."""
        return self.everything.known_at(self.position)

    @cached_property
    def figures(self) -> Figures:
        """The figures of the command line at that position."""
        return self._figures(self.known)

    def _figures(self, register: Register) -> Figures:
        return Figures(register, self.currency, self.settings.exponent, self.settings.fiscal_year_start)

    def entries(self, first: date, last: date) -> list[Entry]:
        """The liability legs effective in an interval, by position."""
        return [entry for entry in self._entries if first <= entry.fact.on <= last]

    @cached_property
    def _entries(self) -> list[Entry]:
        found = [
            Entry(fact, leg, self.figures.owner_of(item, fact.on), self.known.opened(item).system)
            for item in self.known.items()
            for fact, leg in self.known.legs(item)
        ]
        return sorted(found, key=lambda entry: entry.fact.position)

    # ------------------------------------------------------------------ quarters

    @cached_property
    def _flows(self) -> dict[tuple[str, tuple[str, ...]], dict[tuple[str | None, ...], FlowSums]]:
        return {}

    def flows(self, quarter: str, *by: str) -> dict[tuple[str | None, ...], FlowSums]:
        """A quarter's roll-forward by nature and what else `by` names, in that order."""
        if (quarter, by) not in self._flows:
            sums = self.figures.flow_sums(*self.days(quarter), by)
            self._flows[quarter, by] = {
                (nature, *key): row for key, natures in sums.items() for nature, row in natures.items()
            }
        return self._flows[quarter, by]

    def per_year(self, quarter: str, *by: str) -> dict[tuple[str | None, ...], int]:
        """Interest per year at a quarter's end, by nature and what else `by` names."""
        sums = self.figures.delta_sums(self.days(quarter)[1], ("nature", *by))
        return {key: row.interest_per_year for key, row in sums.items()}

    def avoided(self, quarter: str) -> dict[tuple[str, str], int]:
        """Interest that standing repayments spared in a quarter, by nature and system."""
        first, last = self.days(quarter)
        found: dict[tuple[str, str], int] = defaultdict(int)
        for item in self.known.items():
            for nature in NATURES:
                spared = self._spared(item, nature, last) - self._spared(item, nature, first - ONE_DAY)
                found[nature, self.known.opened(item).system] += spared
        return found

    def _spared(self, item: str, nature: str, to: date) -> int:
        """Carry removed by the repayments that stand on a day x days since, rounded once."""
        view = self.known.as_of(to)
        if item not in view.items():
            return 0
        legs = [leg for fact in view.standing(item, REPAID) for leg in fact.legs if leg.nature == nature]
        carry_days = sum(-leg.carry * (to - leg.accrues_from).days for leg in legs)
        return half_even(Fraction(carry_days, DAYS_PER_YEAR))

    def variance(self, quarter: str) -> dict[tuple[str, str, str], int]:
        """Spent - removed of repayments, those reversed mirrored, by nature, system and team; unmeasured work has none."""
        kinds = {fact.position: fact.kind for fact in self.known.item_facts() if not fact.unmeasured}
        found: dict[tuple[str, str, str], int] = defaultdict(int)
        for entry in self.entries(*self.days(quarter)):
            if REPAID in (kinds.get(entry.fact.position), kinds.get(entry.fact.reverses or 0)):
                key = (entry.leg.nature, entry.system, entry.owner.team)
                found[key] += entry.leg.spent + entry.leg.principal
        return found

    def repayments(self) -> tuple[int, int, int]:
        """How many repayments are effective in the quarter, reversed ones too; of how many the cost is assumed, unknown."""
        first, last = self.days(self.quarter)
        found = [f for f in self.known.item_facts() if f.kind == REPAID and first <= f.on <= last]
        return len(found), sum(fact.assumed for fact in found), sum(fact.unmeasured for fact in found)

    def systems(self, nature: str) -> list[str]:
        """Systems that bring something of a nature into the quarter, or have an entry in it."""
        moved = {e.system for e in self.entries(*self.days(self.quarter)) if e.leg.nature == nature}
        flows = self.flows(self.quarter, "system").items()
        return sorted(moved | {str(system) for (of, system), row in flows if of == nature and row.opening})

    # ------------------------------------------------------------------ plans

    @property
    def teams(self) -> list[str]:
        """Who may plan: teams that own a system on the last day, that have a plan or spent in a quarter shown."""
        shown = [*self.quarters[-QUARTERS_PLANNED:], *self.coming]
        planned = {team for what in ("budget", "forecast") for quarter, team in self.plans(what) if quarter in shown}
        owners = {self.known.owner(system, self.as_of).team for system in self.known.systems()}
        spent = {team for quarter in shown for team in self.spent(quarter)}
        return sorted(planned | owners | spent)

    def plans(self, what: str) -> dict[tuple[str, str], int]:
        """Budgets or forecasts by quarter and team, as known."""
        return self.known.plans(what)

    def spent(self, quarter: str) -> dict[str, int]:
        """What repayments cost in a quarter by team; nothing of one yet to come."""
        if quarter in self.coming:
            return {}
        sums: Counter[str] = Counter()
        for (_, team), row in self.flows(quarter, "team").items():
            sums[str(team)] += row.spent
        return {team: amount for team, amount in sums.items() if amount}

    def earlier(self, quarter: str) -> dict[tuple[str, str, str], int]:
        """What of a quarter's spending is for work done before it, by nature, system and team.

        Work was done on the day that its entry names, and a reversal is of the day of what it reverses.
        """
        if quarter in self.coming:
            return {}
        first, last = self.days(quarter)
        facts = {fact.position: fact for fact in self.known.item_facts()}
        found: dict[tuple[str, str, str], int] = defaultdict(int)
        for entry in self.entries(first, last):
            work = facts[entry.fact.reverses] if entry.fact.reverses else entry.fact
            if work.happened_on < first:
                found[entry.leg.nature, entry.system, entry.owner.team] += entry.leg.spent
        return found

    def own_work(self, quarter: str) -> dict[str, int]:
        """What the quarter's own work cost, by team."""
        own = Counter(self.spent(quarter))
        for (_, _, team), amount in self.earlier(quarter).items():
            own[team] -= amount
        return dict(own)

    def unbudgeted(self, quarter: str) -> dict[str, int]:
        """The same, of the teams without a budget."""
        budgets = self.plans("budget")
        return {team: amount for team, amount in self.own_work(quarter).items() if (quarter, team) not in budgets}

    def first_budgets(self) -> dict[tuple[str, str], tuple[int, date | None]]:
        """The original budgets by quarter and team, and the day of one that was set after the quarter began."""
        return self.known.first_budgets(self.settings.fiscal_year_start)

    def centre(self, quarter: str, team: str) -> str:
        """The one cost centre of a team's systems at the quarter's end and of its spending, or that there are several."""
        last = self.days(quarter)[1]
        owners = [self.known.owner(system, last) for system in self.known.systems()]
        centres = {owner.cost_centre or "" for owner in owners if owner.team == team}
        if quarter not in self.coming:
            spent: Counter[str] = Counter()
            for (_, owner, centre), row in self.flows(quarter, "team", "cost-centre").items():
                spent[centre or ""] += row.spent if owner == team else 0
            centres |= {centre for centre, amount in spent.items() if amount}
        return SEVERAL if len(centres) > 1 else "".join(centres) or NO_CENTRE

    # ------------------------------------------------------------------ issues

    @cached_property
    def _restated(self) -> dict[str, Restated | None]:
        return {}

    @cached_property
    def issues(self) -> tuple[IssueFact, ...]:
        """The earlier issues that the pack names."""
        return compared_with(self.everything, self.quarter, self.as_of, self.position)

    def restated(self, quarter: str) -> Restated | None:
        """What changed in a quarter since the issue that the pack names; None if it names none."""
        if quarter not in self._restated:
            self._restated[quarter] = self._since(quarter)
        return self._restated[quarter]

    def as_issued(self, quarter: str) -> "PackFigures | None":
        """The figures as known to the issue of a quarter that the pack names; None if it names none."""
        found = self.restated(quarter)
        if found is None:
            return None
        return replace(self, quarter=quarter, as_of=self.span(quarter)[1], position=found.issue.known)

    def plan_changes(self, quarter: str) -> list[tuple[int, date, str, str, int]]:
        """Position, day, team, what and by how much, of each change of plans and spending since the issue."""
        found, then = self.restated(quarter), self.as_issued(quarter)
        if found is None or then is None:
            return []
        changes = [
            (fact.position, fact.on, fact.team, fact.what, fact.amount - before)
            for fact, before in self.known.plans_in_turn(quarter)
            if fact.position > found.issue.known
        ]
        for entry in self.entries(*self.span(quarter)):
            position, on, spent, owner = entry.fact.position, entry.fact.on, entry.leg.spent, entry.owner.team
            if position > found.issue.known:
                changes.append((position, on, owner, "removed_spent", spent))
                continue
            was = then.figures.owner_of(entry.fact.item, on).team
            if was != owner:
                changes += [(position, on, was, "removed_spent", -spent), (position, on, owner, "removed_spent", spent)]
        return sorted(change for change in changes if change[3] != "removed_spent" or change[4])

    def _since(self, quarter: str) -> Restated | None:
        issue = next((each for each in self.issues if each.quarter == quarter), None)
        if issue is None:
            return None
        first, last = self.span(quarter)
        then, now = self._figures(self.known.known_at(issue.known)), self.figures
        later = [entry for entry in self.entries(date.min, last) if entry.fact.position > issue.known]
        before, after = (_interest(figures, first, last) for figures in (then, now))
        return Restated(
            issue,
            then.flow_sums(first, last, ())[()],
            now.flow_sums(first, last, ())[()],
            later,
            first,
            {key: (before.get(key, 0), amount) for key, amount in after.items() if before.get(key, 0) != amount},
        )


def _interest(figures: Figures, first: date, last: date) -> dict[tuple[str, str], int]:
    """Interest of an interval by item and nature."""
    register, before = figures.register, first - ONE_DAY
    return {
        (item, nature): register.as_of(last).interest(item, nature, last)
        - register.as_of(before).interest(item, nature, before)
        for item in register.as_of(last).items()
        for nature in NATURES
    }


def pack_figures(books: Books, report: Report) -> PackFigures:
    """The figures of the pack that `report` would write now."""
    as_of = report.as_of or quarter_days(report.quarter, books.settings.fiscal_year_start)[1]
    known = last_known(books.register, report.known)
    return PackFigures(books.register, books.currency, books.settings, report.quarter, as_of, known)


def total(amounts: Mapping[Any, int], *key: str | None) -> int:
    """The sum of the amounts whose keys agree with `key` where it says something (None: anything)."""
    return sum(
        amount
        for place, amount in amounts.items()
        if all(wanted in (None, found) for wanted, found in zip(key, place, strict=False))
    )
