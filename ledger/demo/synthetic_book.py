"""One synthetic book: requests that are lawful by construction, each of which becomes exactly one event.

It keeps as much of each item as it needs to stay within the rules: its nature, what is outstanding, and the
last day on which something stands. The entries of an item follow each other in time, so that no later day
has to be looked at.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from itertools import accumulate
from random import Random

from ledger.decide.adopt import Adopt
from ledger.decide.close import Close
from ledger.decide.command import Command
from ledger.decide.commission import Commission
from ledger.decide.init import OpenBook
from ledger.decide.note import AddNote
from ledger.decide.observe import Observe
from ledger.decide.plan import Plan
from ledger.decide.rate_set import SetRate
from ledger.decide.renew import Renew
from ledger.decide.repay import Repay
from ledger.decide.reverse import Reverse
from ledger.decide.revise import Revise
from ledger.decide.system_add import AddSystem
from ledger.decide.system_change import ChangeSystem
from ledger.decide.write_off import WriteOff
from ledger.demo.synthetic_item import SyntheticItem
from ledger.vocabulary.categories import CATEGORIES
from ledger.vocabulary.efforts import MINUTES_PER_DAY
from ledger.vocabulary.kinds import CAUSES, MISSING_TESTS
from ledger.vocabulary.quantities import Interest, Quantity, price
from ledger.vocabulary.quarters import FiscalCalendar

#: The five years in which everything happens.
FIRST_DAY, LAST_DAY = date(2021, 10, 1), date(2026, 9, 30)

EVENTS_PER_ITEM = 20
#: Of all items ever opened, one in so many is being worked on at a time: an item lives for some ten weeks.
ITEMS_PER_LIVING = 25
MOST_SYSTEMS, ITEMS_PER_SYSTEM = 40, 50
#: Zipf: the system of rank r gets 1 / r ** SKEW of what the first gets.
SKEW = 1.1
#: A mistake is noticed, and reversed, after so many further events.
NOTICED_AFTER, MISTAKEN_PART = 1_200, 0.05
#: A quarter is closed so long after its end, and an entry recorded up to so many days after it happened.
CLOSED_AFTER, LONGEST_DELAY = timedelta(days=8), 5

_NAMES = ("FRAUD", "HOME", "SIGHT", "FEATURES", "CHURN", "RANKING", "ROUTES", "SPEECH", "CREDIT", "DEMAND")
_TEAMS = ("red", "blue", "green", "amber", "violet")
_CATEGORIES, _CAUSES = tuple(CATEGORIES), tuple(CAUSES)
_CALENDAR = FiscalCalendar()
#: Minor units per person-day, by calendar year.
_RATES = {year: 76_000 + 2_400 * (year - FIRST_DAY.year) for year in range(FIRST_DAY.year, LAST_DAY.year + 1)}
_PER_CENT = 10**6
_DECIDER, _BECAUSE, _BENEFIT = "head of product", "The market does not wait", "Earlier by a quarter"
_WHOLE_HUNDREDS = 10_000


class SyntheticBook:
    """What is asked of one book, one command after the other, and what it has come to so far."""

    def __init__(self, events: int, seed: str) -> None:
        """events: how many there will be: size decides how many systems and living items there are."""
        self.random = Random(seed)  # noqa: S311 - repeatable, not secret
        items = max(1, events // EVENTS_PER_ITEM)
        count = min(MOST_SYSTEMS, max(3, items // ITEMS_PER_SYSTEM), max(1, events // 4))
        self.systems = [
            _NAMES[n % len(_NAMES)] + (f"_{n // len(_NAMES) + 1}" if n >= len(_NAMES) else "") for n in range(count)
        ]
        self.cumulative = list(accumulate(1 / (rank**SKEW) for rank in range(1, count + 1)))
        self.most_living = max(3, items // ITEMS_PER_LIVING)
        self.numbers = dict.fromkeys(self.systems, 0)
        self.living: list[SyntheticItem] = []
        #: Items whose latest entry is a mistake that nobody has noticed yet, and its position.
        self.mistaken: deque[tuple[int, SyntheticItem]] = deque()
        self.position = 0
        self.today = FIRST_DAY
        self.closing = _CALENDAR.quarter_of(FIRST_DAY)
        self.first_open_day = FIRST_DAY
        self.kinds, self.weights = zip(*self._kinds(), strict=True)

    def requests(self, days: Iterator[date]) -> Iterator[tuple[date, Command]]:
        """A command for every day in `days`, each of which becomes one event, however few are asked for."""
        commands = self._commands()
        for self.today in days:
            self.position += 1
            yield self.today, next(commands)

    def _commands(self) -> Iterator[Command]:
        yield OpenBook(currency="EUR", currency_exponent=2, fiscal_year_start=1, time_zone="UTC")
        for year, rate_minor in _RATES.items():
            yield SetRate(rate_minor=rate_minor, on=date(year, 1, 1))
        for number, key in enumerate(self.systems):
            team = _TEAMS[number % len(_TEAMS)]
            yield AddSystem(system=key, name=f"System {key.lower()}", team=team, cost_centre=f"CC-{100 + number}")
        while True:
            yield self._close_quarter() or self._entry()

    # --- the book --------------------------------------------------------------------------------------

    def _close_quarter(self) -> Command | None:
        """Close the quarter that ended some days ago, if that has not been done."""
        last_day = _CALENDAR.last_day(self.closing)
        if self.today <= last_day + CLOSED_AFTER:
            return None
        command = Close(quarter=str(self.closing))
        self.closing = self.closing.shift(1)
        self.first_open_day = last_day + timedelta(days=1)
        return command

    def _entry(self) -> Command:
        if self.mistaken and self.mistaken[0][0] + NOTICED_AFTER < self.position:
            return self._reverse()
        if len(self.living) < self.most_living:
            return self._open()
        if self.random.random() < 0.0005:
            return ChangeSystem(system=self._any_system(), team=self.random.choice(_TEAMS))
        index = int(self.random.random() * len(self.living))
        item = self.living[index]
        item.left -= 1
        if item.left <= 0:
            self._set_aside(index)
            return self._last(item)
        how = self.random.choices(self.kinds, cum_weights=self.weights)[0]
        command: Command = how(item)
        if item.undo is not None and self.random.random() < MISTAKEN_PART:
            self._set_aside(index)
            self.mistaken.append((self.position, item))
        return command

    def _set_aside(self, index: int) -> None:
        self.living[index] = self.living[-1]
        self.living.pop()

    def _any_system(self) -> str:
        return self.random.choices(self.systems, cum_weights=self.cumulative)[0]

    def _day(self, since: date) -> date:
        """A day up to a few days ago that may still take an entry. since: nothing may stand before it."""
        day = self.today - timedelta(days=int(self.random.random() * LONGEST_DELAY))
        return max(day, since, self.first_open_day)

    # --- openings --------------------------------------------------------------------------------------

    def _open(self) -> Command:
        """A commission, or an observation: now and then unestimated, or late."""
        random, system = self.random, self._any_system()
        self.numbers[system] += 1
        late = random.random() < 0.02 and self.first_open_day > FIRST_DAY
        happened = self.first_open_day - timedelta(days=1 + int(random.random() * 40)) if late else self._day(date.min)
        day = self.first_open_day if late else happened
        debt = not late and random.random() < 0.4
        quantity = self._estimate() if debt or random.random() < 0.97 else None
        category = random.choice(_CATEGORIES)
        item = SyntheticItem(
            id=f"{system}-{self.numbers[system]}",
            temporary=category == MISSING_TESTS,
            debt=debt,
            outstanding=self._priced(quantity, day) if quantity else 0,
            last_day=day,
            left=1 + min(200, int(random.expovariate(1 / (EVENTS_PER_ITEM - 1)))),
        )
        self.living.append(item)
        title = f"Shortcut {self.position} in {system.lower()}"
        interest = Interest(percent_millionths=int(random.random() * 40) * _PER_CENT) if quantity else None
        if not debt:
            return Observe(
                system=system,
                title=title,
                category=category,
                on=happened,
                late=late,
                principal=quantity,
                interest=interest,
                cause=random.choice(_CAUSES),
            )
        return Commission(
            system=system,
            title=title,
            category=category,
            on=day,
            principal=quantity,
            interest=interest,
            decided_by=_DECIDER,
            because=_BECAUSE,
            benefit=_BENEFIT,
            repay_by=self._quarter(2),
            until=self._until(item),
        )

    def _estimate(self) -> Quantity:
        """Mostly small, sometimes very large; a third of them in effort."""
        size = self.random.lognormvariate(0, 1)
        if self.random.random() < 0.33:
            return Quantity(minutes=MINUTES_PER_DAY // 2 * (1 + int(size * 12)))
        return Quantity(minor=_WHOLE_HUNDREDS * (1 + int(size * 50)))

    def _priced(self, quantity: Quantity, day: date) -> int:
        return quantity.minor or price(quantity.minutes or 0, _RATES[day.year])

    def _quarter(self, ahead: int) -> str:
        return str(_CALENDAR.quarter_of(self.today).shift(1 + int(self.random.random() * ahead * 2)))

    def _until(self, item: SyntheticItem) -> date | None:
        return self.today + timedelta(days=120) if item.temporary else None

    # --- entries of an item ----------------------------------------------------------------------------

    def _kinds(self) -> Iterator[tuple[Callable[[SyntheticItem], Command], float]]:
        """How an item goes on, with cumulative weights. What is not possible yet becomes a note or an estimate."""
        kinds = (
            (self._repay, 42),
            (self._note, 18),
            (self._revise, 12),
            (self._plan, 14),
            (self._terms, 12),
        )
        return zip((kind for kind, _ in kinds), accumulate(weight for _, weight in kinds), strict=True)

    def _note(self, item: SyntheticItem) -> Command:
        return AddNote(item=item.id, on=self._placed(item), text="Looked at again; nothing has changed.")

    def _placed(self, item: SyntheticItem) -> date:
        """The day of the item's next entry, which is its latest from now on."""
        item.last_day = self._day(item.last_day)
        item.undo = None
        return item.last_day

    def _repay(self, item: SyntheticItem) -> Command:
        """A part: a tenth to a half, so that something is left."""
        removed = int(item.outstanding * (0.1 + 0.4 * self.random.random()))
        if not removed:
            return self._revise(item)
        day = self._placed(item)
        item.undo = (item.outstanding, item.debt)
        item.outstanding -= removed
        return Repay(item=item.id, on=day, amount=Quantity(minor=removed), spent=self._spent(removed))

    def _spent(self, removed: int) -> Quantity | None:
        """What it cost: mostly said, mostly more than estimated."""
        if self.random.random() < 0.2:
            return None
        return Quantity(minor=int(removed * self.random.uniform(0.7, 1.5)))

    def _revise(self, item: SyntheticItem) -> Command:
        """A new estimate, which differs from the old one."""
        day = self._placed(item)
        quantity = self._estimate()
        if self._priced(quantity, day) == item.outstanding:
            quantity = Quantity(minor=item.outstanding + _WHOLE_HUNDREDS)
        if item.outstanding:
            item.undo = (item.outstanding, item.debt)
        item.outstanding = self._priced(quantity, day)
        return Revise(item=item.id, on=day, principal=quantity, because="Estimated again by those who will do it")

    def _plan(self, item: SyntheticItem) -> Command:
        if not item.debt:
            return self._terms(item)
        return Plan(item=item.id, on=self._placed(item), quarter=self._quarter(1))

    def _terms(self, item: SyntheticItem) -> Command:
        """A new term of a debt; neglect becomes debt."""
        if not item.outstanding:
            return self._revise(item)
        day = self._placed(item)
        until, quarter = self._until(item), self._quarter(2)
        if item.debt:
            return Renew(item=item.id, on=day, decided_by=_DECIDER, because=_BECAUSE, repay_by=quarter, until=until)
        item.undo = (item.outstanding, False)
        item.debt = True
        return Adopt(
            item=item.id, on=day, decided_by=_DECIDER, because=_BECAUSE, benefit=_BENEFIT, repay_by=quarter, until=until
        )

    def _reverse(self) -> Command:
        """Undo the oldest mistake; the item goes on from what it was before."""
        position, item = self.mistaken.popleft()
        if item.undo is not None:
            item.outstanding, item.debt = item.undo
        item.undo = None
        item.last_day = max(item.last_day, self.first_open_day)
        self.living.append(item)
        return Reverse(position=position, because="Entered on the wrong item")

    def _last(self, item: SyntheticItem) -> Command:
        """How an item is left: mostly repaid, sometimes written off, else open for good."""
        chance = self.random.random()
        if chance < 0.7:
            return Repay(item=item.id, on=self._placed(item), spent=self._spent(item.outstanding))
        if chance < 0.8:
            return WriteOff(item=item.id, on=self._placed(item), because="The system it belongs to was replaced")
        return self._note(item)
