"""Ages: the buckets of days into which falls what is outstanding, and what of it is late."""

from __future__ import annotations

#: The youngest age of each bucket, in days, and its name.
BUCKETS = ((0, "0-90"), (91, "91-180"), (181, "181-365"), (366, "366+"))
#: The statuses of what is late: shown as 'of which', never added.
OF_WHICH = ("lapsed", "overdue")


def bucket_of(age_days: int) -> str:
    """The name of the bucket an age falls into. age_days: at least 0; raises ValueError for one below."""
    if age_days < 0:
        raise ValueError(f"{age_days} days is no age")
    return [name for youngest, name in BUCKETS if age_days >= youngest][-1]
