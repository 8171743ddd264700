"""Random ledgers with all that a pack shows: histories in which finance plans, and gives packs out on the way.

A ledger is the same for its seed in every run. It issues a quarter and the one before, goes on recording, with
entries that reach back into both, and reports the quarter again, so that there is something to restate.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from datetime import date, timedelta

from tests.model.commands import Close, Command, Observe, Report, SetPlan
from tests.model.histories import FISCAL_YEAR_STARTS, LAST_DAY, MOST, TODAY, Step
from tests.model.quantities import quarter_days, quarter_of, quarter_shifted, to_major
from tests.model.storyteller import KINDS, Storyteller

CURRENCIES = ("EUR", "JPY", "KWD")
STEPS = 70
#: Chosen so that the ledgers of a usual run between them show every figure as something other than zero.
FIRST = 900
#: First day and longest pause between two steps in days: what fits into a pack's eight quarters, and what does not.
PACES = ((date(2025, 1, 1), 60), (date(2023, 3, 1), 120))
#: So that there is something to report from the first quarter on.
FIRST_ITEM = Observe(
    system="FRAUD",
    title="Nobody watches the inputs",
    category="untracked-input",
    cause="untracked",
    principal="3650",
    interest="10%",
)
#: What people call teams and cost centres. As a criterion each would find other rows than its own.
NAMES = {"red": "red*", "blue": "=1", "violet": "GREEN", "200": "1*", "300": ">0"}
#: The way of choosing a day that does not: today. It is seldom wanted, for nothing can precede an adoption of today.
TODAY_ITSELF = 11
#: Ways of choosing a day that look back.
WAYS_BACK = (5, 6, 7, 8, 9, 10)
#: Longest pauses while the story lingers in the quarter that will be reported, and while it looks back to it.
LINGERING, LOOKING_BACK = 9, 25


@dataclass(frozen=True)
class RandomLedger:
    """Commands, reports among them, and the settings of the book that they are typed at."""

    currency: str
    fiscal_year_start: int
    commands: tuple[Command, ...]


def random_ledger(seed: int, steps: int = STEPS) -> RandomLedger:
    """The ledger of a seed. Currency, fiscal year and pace follow the seed, so that six seeds have all of each."""
    dice = random.Random(FIRST + seed)
    currency = CURRENCIES[seed % len(CURRENCIES)]
    start = FISCAL_YEAR_STARTS[(seed + seed // len(CURRENCIES)) % len(FISCAL_YEAR_STARTS)]
    first_day, pause = PACES[seed % len(PACES)]
    recorder = _Recorder(dice, currency, start, first_day)
    recorder.prologue(with_rate=True)
    recorder.say(replace(FIRST_ITEM, on=first_day))
    recorder.record(steps * 2 // 5, pause)
    target = recorder.latest_to_report()
    recorder.record(steps // 4, LINGERING)
    recorder.report(quarter_shifted(target, -1))
    recorder.report(target)
    recorder.record(steps // 5, LOOKING_BACK, back=True)
    recorder.report(target, known=dice.choice(recorder.ends[len(recorder.ends) // 2 :]))
    recorder.record(steps // 7, LOOKING_BACK, back=True)
    first, last = quarter_days(target, start)
    recorder.report(target, days_before_the_last=dice.randint(1, (last - first).days))
    recorder.report(target)
    recorder.report(quarter_shifted(target, 1))
    return RandomLedger(currency, start, tuple(recorder.commands))


class _Recorder(Storyteller):
    """A storyteller that also plans and reports. ends: the last position of each command that was accepted."""

    def __init__(self, dice: random.Random, currency: str, fiscal_year_start: int, first_day: date) -> None:
        super().__init__(
            fiscal_year_start=fiscal_year_start, first_day=first_day, last_day=LAST_DAY, today=TODAY, currency=currency
        )
        self.dice = dice
        self.ends: list[int] = []

    def say(self, command: Command) -> None:
        """Say it, and note where the book is then."""
        before = self.books.register.head
        super().say(command)
        if self.books.register.head > before and not isinstance(command, Report):
            self.ends.append(self.books.register.head)

    def as_typed(self, command: Command) -> Command:
        """With names that are hard on formulas."""
        typed = super().as_typed(command)
        words = {name: getattr(typed, name, None) for name in ("team", "cost_centre")}
        return replace(typed, **{name: NAMES.get(word, word) for name, word in words.items() if word})

    def record(self, steps: int, pause: int, *, back: bool = False) -> None:
        """So many steps, and plans between them. pause: the longest, in days. back: entries of days that have passed."""
        for _ in range(steps):
            raw = {name: self.dice.randint(0, most) for name, most in MOST.items()}
            raw["shift"] = self.dice.randint(0, pause)
            if raw["when"] == TODAY_ITSELF and self.dice.randrange(4):
                raw["when"] = 0
            if back:
                raw["when"] = self.dice.choice(WAYS_BACK)
            if KINDS[raw["kind"]] == "close":
                self.close()
            else:
                self.tell(Step(**raw))
            if self.dice.randrange(3) == 0:
                self.plan()

    def close(self) -> None:
        """Perhaps close a quarter that the story has left behind, and with it those before: they can't be restated."""
        quarter = quarter_shifted(self._reached, -self.dice.randint(1, 4))
        command = Close(quarter=quarter)
        if self.dice.randrange(2) and self.acceptable(command):
            self.say(command)

    def plan(self) -> None:
        """A budget or a forecast of some team and quarter, not far from where the story is."""
        dice = self.dice
        amount = dice.choice((0, dice.randrange(10**6), dice.randrange(10**8)))
        self.say(
            SetPlan(
                what=dice.choice(("budget", "budget", "forecast")),
                quarter=quarter_shifted(self._reached, dice.randint(-4, 4)),
                amount=to_major(amount, self.books.settings.exponent),
                team=dice.choice(("red", "blue", "green", "violet")),
                on=dice.choice((None, self.cursor)),
            )
        )

    @property
    def _reached(self) -> str:
        return quarter_of(self.cursor, self.books.settings.fiscal_year_start)

    def latest_to_report(self) -> str:
        """The quarter that the story has come to, or the latest before it that has ended."""
        quarter = self._reached
        while quarter_days(quarter, self.books.settings.fiscal_year_start)[1] >= self.today:
            quarter = quarter_shifted(quarter, -1)
        return quarter

    def report(self, quarter: str, *, known: int | None = None, days_before_the_last: int = 0) -> None:
        """The pack of a quarter, if there is one to report."""
        last = quarter_days(quarter, self.books.settings.fiscal_year_start)[1]
        as_of = last - timedelta(days=days_before_the_last) if days_before_the_last else None
        command = Report(quarter=quarter, as_of=as_of, known=known)
        if self.acceptable(command):
            self.say(command)
