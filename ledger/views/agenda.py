"""The agenda of a quarter's review: what changed and why, and what somebody has to decide. Amounts in minor units."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

#: What an agenda lists, in its order, by stable names; each list is defined in docs/method.md, 'The agenda'.
TOPICS = {
    "new": "New",
    "overdue": "Overdue",
    "lapsed": "Lapsed",
    "not_reestimated": "Not re-estimated for four quarters",
    "interest_contradicted": "Interest otherwise than observed",
    "interest_never_observed": "Interest never observed",
    "unestimated": "Unestimated",
    "neglect_waiting": "Neglect waiting for a decision",
    "plans_not_kept": "Plans not kept",
    "budget_unspent": "Budget unspent",
    "restatements": "Restated",
    "undocumented": "Undocumented",
}


@dataclass(frozen=True, slots=True)
class AgendaEntry:
    """One point of a topic. subject: the item, system, team or quarter that it is about; title: what that is called.

    amount: what is at stake, None where nobody knows or nothing is. command: what deals with it, capitals to be filled in.
    """

    subject: str
    title: str
    team: str
    amount: int | None
    why: str
    command: str


@dataclass(frozen=True, slots=True)
class MovementView:
    """What one movement did to the delta in the quarter, and the item that it did most to, with its share."""

    movement: str
    amount: int
    item: str
    share: int


@dataclass(frozen=True, slots=True)
class Agenda:
    """The agenda of a quarter, as of a day in it and as known at a position.

    provisional: the quarter has not ended by that day, or by today. projected: the day is after today. movements: those that
    changed the delta, the largest first; opening + their amounts = closing. topics: every name of TOPICS, each with its
    entries, the largest amount first.
    """

    book: str
    currency: str
    exponent: int
    quarter: str
    first_day: date
    last_day: date
    as_of: date
    known_at: str
    position: int
    provisional: bool
    projected: bool
    opening: int
    closing: int
    interest_per_year: int
    movements: tuple[MovementView, ...]
    topics: Mapping[str, tuple[AgendaEntry, ...]]

    @property
    def state(self) -> str:
        """What a title says of its figures: 'PROJECTED', 'PROVISIONAL', or nothing of final ones."""
        return "PROJECTED" if self.projected else "PROVISIONAL" if self.provisional else ""
