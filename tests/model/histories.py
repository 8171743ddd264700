"""Random histories: lists of commands as a team, its finance department and its mistakes produce them.

A history grows from raw steps, small records of small integers that mean nothing by themselves. The
storyteller turns each into a command against a running model: 'the second item', 'a third of what is
left'. So every list of steps is a history, leaving steps out leaves a history, and Hypothesis shrinks
a failing one well: a step of all zeros tells nothing.
"""

import random
from dataclasses import dataclass, fields
from datetime import date

from hypothesis import strategies as st

from .books import Books
from .commands import Command
from .storyteller import KINDS, Storyteller

TODAY = date(2026, 10, 15)
FIRST_DAY, LAST_DAY = date(2025, 1, 1), date(2026, 9, 30)
FISCAL_YEAR_STARTS = (1, 4, 2)
STEPS = 20


@dataclass(frozen=True)
class Step:
    """A raw step: which kind of command, about whom, when, how much, in which variant.

    kind: index into KINDS. which: item, system or event. when: how the day is chosen. shift: days.
    size: amounts and interest. variant: the rest. late: typed with --late. insist: if the model would
    refuse it, what a person would try next.
    """

    kind: int
    which: int
    when: int
    shift: int
    size: int
    variant: int
    late: int
    insist: int


MOST = {"kind": len(KINDS) - 1, "which": 7, "when": 11, "shift": 60, "size": 11, "variant": 11, "late": 3, "insist": 4}


@dataclass(frozen=True)
class History:
    """A list of commands, and the settings of the book they are applied to."""

    fiscal_year_start: int
    commands: tuple[Command, ...]

    def books(self, today: date = TODAY) -> Books:
        """The model after the whole history."""
        books = Books(fiscal_year_start=self.fiscal_year_start)
        for command in self.commands:
            books.apply(command, today)
        return books


def tell(
    steps: list[Step],
    fiscal_year_start: int = 1,
    with_rate: bool = True,
    days: tuple[date, date] = (FIRST_DAY, LAST_DAY),
    today: date = TODAY,
) -> History:
    """The history that raw steps amount to."""
    teller = Storyteller(fiscal_year_start=fiscal_year_start, first_day=days[0], last_day=days[1], today=today)
    teller.prologue(with_rate)
    for step in steps:
        teller.tell(step)
    return History(fiscal_year_start, tuple(teller.commands))


def raw_steps() -> st.SearchStrategy[Step]:
    """One raw step."""
    return st.builds(Step, **{name: st.integers(0, most) for name, most in MOST.items()})


@st.composite
def histories(draw: st.DrawFn, steps: int = STEPS) -> History:
    """Histories of about `steps` commands over seven quarters, some three quarters of them acceptable.

    The number of raw steps is fixed, for a short list is a long one with steps that tell nothing.
    """
    raw = draw(st.lists(raw_steps(), min_size=steps, max_size=steps))
    start = draw(st.sampled_from(FISCAL_YEAR_STARTS))
    return tell(raw, start, with_rate=draw(st.booleans()))


def seeded_history(seed: int, steps: int, days: tuple[date, date], today: date) -> History:
    """A history that is the same in every run, for the tests that cannot afford to search."""
    dice = random.Random(seed)
    raw = [Step(**{name: dice.randint(0, most) for name, most in MOST.items()}) for _ in range(steps)]
    return tell(raw, dice.choice(FISCAL_YEAR_STARTS), True, days, today)


assert [field.name for field in fields(Step)] == list(MOST)
