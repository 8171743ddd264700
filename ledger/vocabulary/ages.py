"""Ages: the buckets of days into which falls what is outstanding, and what of it is late."""

from __future__ import annotations

from datetime import date

#: The youngest age of each bucket, in days, and its name.
BUCKETS = ((0, "0-90"), (91, "91-180"), (181, "181-365"), (366, "366+"))
#: How an item can be late, and it can be both: shown as 'of which', never added.
OF_WHICH = LAPSED, OVERDUE = ("lapsed", "overdue")


def bucket_of(age_days: int) -> str:
    """The name of the bucket an age falls into. age_days: at least 0; raises ValueError for one below."""
    if age_days < 0:
        raise ValueError(f"{age_days} days is no age")
    return [name for youngest, name in BUCKETS if age_days >= youngest][-1]


def lateness(as_of: date, until: date | None, due_on: date | None) -> tuple[str, ...]:
    """Which of OF_WHICH a debt is on a day, in their order, each by its own definition (design §6, 'ageing').

    until: the last day that was granted. due_on: the last day of its repay-by quarter. None of neglect, which is never late.
    """
    terms = ((LAPSED, until), (OVERDUE, due_on))
    return tuple(name for name, last_day in terms if last_day is not None and as_of > last_day)
