"""The tests of single entries by name, in the order of every report: what each lists, and in which words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from ledger.journal_tests import marks
from ledger.journal_tests.entries import JournalEntry
from ledger.journal_tests.logins import Logins
from ledger.journal_tests.marks import Closings
from ledger.journal_tests.parameters import Hours, Parameters

Measured = Literal["days", "amount", "entries", "position", ""]

#: The one test that needs all entries before it can list one.
RARE = "rare-actors"
#: English on every machine: `strftime` would ask the locale.
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
NO_THRESHOLD = "no threshold was given (--threshold)"
NO_USERS = "SQLite knows no users: it cannot say who wrote"


@dataclass(frozen=True, slots=True)
class Finding:
    """An entry that a test lists. measure: by which the most remarkable come first; note: what else there is to say."""

    entry: JournalEntry
    measure: int = 0
    note: str = ""


#: What a test makes of an entry: a finding, or nothing.
Find = Callable[[JournalEntry], Finding | None]


@dataclass(frozen=True, slots=True)
class JournalTest:
    """A test of single entries. measured: what its findings' measure is, "" if it has none."""

    __test__ = False

    name: str
    title: str
    description: str
    measured: Measured
    find: Find
    untested: str | None = None


def tests_of(parameters: Parameters, closings: Closings, logins: Logins | None) -> tuple[JournalTest, ...]:
    """The tests in the order of every report. Rare actors need all entries before one can be listed."""
    return (
        JournalTest(
            "backdated", "Backdated", "was recorded after the day on which it is effective", "days", _backdated
        ),
        JournalTest(
            "late", "Late", "happened before the day on which it counts, because its own was closed", "days", _late
        ),
        JournalTest("corrected", "Corrected", "was reversed by a later entry", "", _corrected),
        JournalTest("reversals", "Reversals", "reverses an earlier entry", "", _reversal),
        _round_sums(parameters.round_minor),
        _before_close(closings, parameters.closing_days),
        _outside_hours(parameters.hours),
        JournalTest(
            RARE,
            "Rare actors",
            f"was recorded by an actor with fewer than {parameters.rare} entries",
            "entries",
            _never,
        ),
        _just_under(parameters.threshold_minor, parameters.margin_percent),
        _unusual_logins(logins),
    )


def kind_of(stored_as: str) -> str:
    """A stored name without its version."""
    return stored_as.partition("/")[0]


def _never(entry: JournalEntry) -> None:
    return None


def _measured(entry: JournalEntry, measure: int | None) -> Finding | None:
    return None if measure is None else Finding(entry, measure)


def _backdated(entry: JournalEntry) -> Finding | None:
    return _measured(entry, marks.backdated(entry))


def _late(entry: JournalEntry) -> Finding | None:
    days = marks.late(entry)
    return None if days is None else Finding(entry, days, f"happened on {entry.occurred_on}")


def _corrected(entry: JournalEntry) -> Finding | None:
    other = entry.reversed_by
    return None if other is None else Finding(entry, note=f"reversed at position {other.position} by {other.actor}")


def _reversal(entry: JournalEntry) -> Finding | None:
    other = entry.reverses
    if other is None:
        return None
    return Finding(entry, note=f"reverses position {other.position}, {kind_of(other.stored_as)} by {other.actor}")


def _round_sums(round_minor: int) -> JournalTest:
    def find(entry: JournalEntry) -> Finding | None:
        return _measured(entry, marks.round_sum(entry, round_minor))

    words = "has an amount that is a whole multiple of the round amount"
    return JournalTest("round-sums", "Round sums", words, "amount", find)


def _before_close(closings: Closings, days: int) -> JournalTest:
    def find(entry: JournalEntry) -> Finding | None:
        found = marks.before_close(entry, closings, days)
        if found is None:
            return None
        when = f"{found.days} day{'s' * (found.days != 1)} before" if found.days else "on the day of"
        what = "the quarter's end" if found.position is None else f"the close at position {found.position}"
        return Finding(entry, note=f"{when} {what}, {found.closing_day}")

    words = f"was recorded on one of the {days} days up to its quarter's close, or end"
    return JournalTest("before-close", "Before a close", words, "", find)


def _outside_hours(hours: Hours) -> JournalTest:
    def find(entry: JournalEntry) -> Finding | None:
        if not marks.outside_hours(entry, hours):
            return None
        local = entry.recorded_local
        return Finding(entry, note=f"{_WEEKDAYS[local.weekday()]} {local:%H:%M}")

    words = f"was recorded outside {hours}, Monday to Friday, in the book's zone"
    return JournalTest("outside-hours", "Outside working hours", words, "", find)


def _just_under(threshold_minor: int | None, margin_percent: int) -> JournalTest:
    def find(entry: JournalEntry) -> Finding | None:
        if threshold_minor is None:
            return None
        return _measured(entry, marks.just_under(entry, threshold_minor, margin_percent))

    words = f"has an amount below the threshold by at most {margin_percent} per cent of it"
    untested = NO_THRESHOLD if threshold_minor is None else None
    return JournalTest("just-under", "Just under the threshold", words, "amount", find, untested)


def _unusual_logins(logins: Logins | None) -> JournalTest:
    def find(entry: JournalEntry) -> Finding | None:
        why = None if logins is None else logins.unusual(entry.actor, entry.session_user)
        return None if why is None else Finding(entry, note=why)

    words = "pairs an actor and a database user who are not usually paired"
    return JournalTest("unusual-logins", "Unusual logins", words, "", find, NO_USERS if logins is None else None)
