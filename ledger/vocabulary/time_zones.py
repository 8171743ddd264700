"""Time zones: by the names of the time-zone database, from the package tzdata and not from the machine's folder.

What a machine keeps under a name is the machine's business: `localtime` is another zone on the next one, and so one file
would give two answers.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import tzdata

from ledger.vocabulary.errors import StoreError, Unreadable

_PACKAGE = Path(tzdata.__file__).parent
#: In the list, and no zone: it is what a clock shows before it was told where it is.
_NO_ZONE = "Factory"


@cache
def time_zone_names() -> frozenset[str]:
    """Every zone and link of tzdata."""
    listed = (_PACKAGE / "zones").read_text(encoding="utf-8").split()
    return frozenset(listed) - {_NO_ZONE}


def known_time_zone(name: str) -> str:
    """A name that means the same on every machine. Raises Unreadable for every other, another case of one among them."""
    if name in time_zone_names():
        return name
    near = next((known for known in time_zone_names() if known.lower() == name.lower()), None)
    raise Unreadable(f"'{name}' is not a time zone: write {near or 'it like Europe/Berlin'}.")


@cache
def time_zone(name: str) -> ZoneInfo:
    """The zone of a name, the same on every machine.

    A book of an earlier release may have a name that tzdata does not: then it is what this machine takes it for. Raises
    StoreError where this machine has none.
    """
    if name in time_zone_names():
        with (_PACKAGE / "zoneinfo" / name).open("rb") as file:
            return ZoneInfo.from_file(file, key=name)
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise StoreError(
            f"The book's time zone '{name}' is none that this machine knows. `debt time-zone set ZONE` gives it one that "
            "every machine knows, like Europe/Berlin."
        ) from None
