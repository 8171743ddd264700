"""The reference model's front door: apply commands, ask for figures.

Where the contract leaves room, the most literal reading was taken:

 1. Balances are tested per day (the sum at its end), not between two events of one day.
 2. 'Nothing before a barrier' and 'nothing in a closed period' include notes, plans and renewals; the
    closed period also refuses `system add`, `system change`, `system retire` and `rate set`.
 3. 'In the future' is refused of item events only: a rate or a change of team may be dated ahead.
 4. An entry is 'before the item was opened' if it is before the `occurred_on` of a late opening.
 5. `write-off` and `adopt` take what is outstanding on their day; if later events already took part
    of it, the balance falls below zero and they are refused. Only `--all` looks at the lowest.
 6. `--interest 6%` in `revise` is of the new principal, or of what is outstanding if none is given.
 7. `0/year` is a readable interest; `--spent 0` is a readable cost. An amount of 0 is refused.
 8. A renewal or adoption without `--until` leaves none; `missing-tests` needs one in both.
 9. A cause as `--because` is refused in a commission, not in an adoption.
10. 'Later' events of an adoption or a barrier come after it by effective date, then position.
11. Of a reversed item the list shows the nature, principal and `repay_by` it was opened with.
12. In the ageing an item can be lapsed and overdue, each by its own definition; its status says lapsed then.
13. `spent` of a reversed repayment is taken back on the day of the reversal, in the same column.
14. Interest without a principal is refused; a day rate must be in the ledger before effort is priced.
15. A quarter counts as one 'with item events' whether or not these stand; a closed one stays closed,
    also when it was closed along with a later one.
16. Retiring writes off what is open on that day; without `--write-off` open items stay as they are.
    An item opened after that day is left alone. A retired system is still a known system.
17. Two owners' changes on one day: the one recorded last holds, the other never was in charge.
18. A combination whose every figure is zero is left out of the roll-forward too.
19. An owner that repeats itself and an `until` in the past are accepted.
20. A system without a cost centre has None as its cost centre.
21. A withdrawn rate prices nothing more, on whatever day; what it priced stays.
22. The rate that a new one may not leap from is the one in force on its day, else the first of its owner after it.
23. A description (title, link, tag, assignee) is dated and barred as a note is; unlike a note it can be reversed, also on
    a reversed item and behind a barrier. One that says what stands on its day is refused; of tags only the new ones count.
24. Observed interest is of a day on which the item was open (of a late one the day it was seen), priced by the rate of its
    effective day; it keeps its opening from being reversed, and no barrier keeps it from that.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from .commands import Command
from .figures import Figures
from .item_rules import Settings
from .quantities import Refused
from .register import OtherFact, Register
from .rules import decide

EXPONENTS = {"EUR": 2, "JPY": 0, "KWD": 3}


@dataclass(frozen=True)
class Outcome:
    """What became of a command. `positions` are those of its events, empty if refused."""

    accepted: bool
    reason: str
    positions: tuple[int, ...]


class Books:
    """A book of the reference model. Position 1 is its opening, as `init` leaves it."""

    def __init__(self, currency: str = "EUR", fiscal_year_start: int = 1) -> None:
        self.currency = currency
        self.settings = Settings(EXPONENTS[currency], fiscal_year_start)
        self.register = Register([OtherFact(position=1, kind="book-opened")])

    def apply(self, command: Command, today: date) -> Outcome:
        """Record the command's events, or refuse and record nothing."""
        try:
            facts = decide(self.register, command, today, self.settings)
        except Refused as refused:
            return Outcome(False, refused.reason, ())
        self.register = Register([*self.register.facts, *facts])
        return Outcome(True, "accepted", tuple(fact.position for fact in facts))

    def figures(self, position: int | None = None) -> Figures:
        """The figures as known at a position, by default at the last one."""
        known = self.register if position is None else self.register.known_at(position)
        return Figures(known, self.currency, self.settings.exponent, self.settings.fiscal_year_start)

    def delta(self, as_of: date, position: int | None = None, by: Sequence[str] = ()) -> dict[str, Any]:
        """`delta --as-of --known-at --by`; `by` spells cost-centre as the command line does."""
        return self.figures(position).delta(as_of, by)

    def rollforward(
        self,
        first: date,
        last: date,
        by: Sequence[str] = (),
        position: int | None = None,
        quarter: str | None = None,
    ) -> dict[str, Any]:
        """`rollforward`; `quarter` is the label to show if the interval was asked for by quarter."""
        return self.figures(position).rollforward(first, last, by, quarter)

    def ageing(self, as_of: date, position: int | None = None) -> dict[str, Any]:
        """`ageing --as-of --known-at`."""
        return self.figures(position).ageing(as_of)

    def list(self, as_of: date, position: int | None = None, status: str | None = None) -> list[dict[str, Any]]:
        """`list --as-of --known-at --status`; None hides closed and reversed items."""
        return self.figures(position).list_items(as_of, status)
