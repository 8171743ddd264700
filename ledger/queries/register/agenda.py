"""The agenda of a quarter's review: the pack's own figures, and the register's items that wait for somebody."""

from __future__ import annotations

import shlex
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from ledger.queries.reader import Reader
from ledger.queries.register import dealing
from ledger.queries.register.estimates import last_estimated, opened_since
from ledger.queries.register.items import CLOSED, RegisterItem, register
from ledger.queries.register.observed_interest import contradicted, open_all_year
from ledger.queries.register.review import review
from ledger.views.agenda import TOPICS, Agenda, AgendaEntry, MovementView
from ledger.views.quarter import BROUGHT_FORWARD, QuarterView
from ledger.views.restatements import RestatementView
from ledger.views.rollforward import MOVEMENTS
from ledger.vocabulary.ages import LAPSED, OVERDUE
from ledger.vocabulary.counted import counted
from ledger.vocabulary.kinds import column_of
from ledger.vocabulary.quarters import Quarter

#: Quarters after which an estimate is old, the reviewed one included.
QUARTERS_OF_AN_ESTIMATE = 4

#: What is compared with earlier quarters, by its measure in the history.
_COMPARED = {
    "closing": "the closing",
    "interest": "the interest",
    "removed_spent": "the spending",
    "budget": "the budget",
}

Waits = Callable[[RegisterItem], bool]


def agenda(reader: Reader, view: QuarterView, today: date) -> Agenda:
    """The agenda of the quarter that a view shows, read in the same moment. today: on which its commands are typed."""
    said = view.provenance
    found: dict[str, Iterable[AgendaEntry]] = {
        **_Waiting.read(reader, view, today).topics(),
        "budget_unspent": _unspent(view, _next_quarter(reader, view, today)),
        "restatements": (*_restated(view.restatements), *_restated_before(view)),
        "undocumented": _undocumented(reader, said.as_of, today),
    }
    return Agenda(
        book=said.book,
        currency=said.currency,
        exponent=said.exponent,
        quarter=said.quarter,
        first_day=said.first_day,
        last_day=said.last_day,
        as_of=said.as_of,
        known_at=said.known_at,
        position=said.position,
        provisional=said.as_of <= today and (said.provisional or today <= said.last_day),
        projected=said.as_of > today,
        opening=sum(row.opening for row in view.rollforward),
        closing=sum(row.closing for row in view.rollforward),
        interest_per_year=sum(item.interest_per_year for item in view.items),
        movements=_movements(view),
        topics={name: tuple(sorted(found[name], key=lambda entry: -(entry.amount or 0))) for name in TOPICS},
    )


def _movements(view: QuarterView) -> tuple[MovementView, ...]:
    """What changed the delta, the largest first: an adoption and a change of hands leave it as it is."""
    by_item: Counter[tuple[str, str]] = Counter()
    for posting in view.postings:
        if posting.movement != BROUGHT_FORWARD:
            by_item[column_of(posting.movement), posting.item] += posting.amount
    found = []
    for movement in MOVEMENTS:
        amount = sum(getattr(row, movement) for row in view.rollforward)
        if amount:
            shares = {item: share for (column, item), share in by_item.items() if column == movement}
            item, share = max(shares.items(), key=lambda each: abs(each[1]), default=("", 0))
            found.append(MovementView(movement, amount, item, share))
    return tuple(sorted(found, key=lambda each: -abs(each.amount)))


def _next_quarter(reader: Reader, view: QuarterView, today: date) -> Quarter:
    """The first quarter after the reviewed one that has not ended: what is planned now is planned for it."""
    return max(Quarter.parse(view.provenance.quarter).shift(1), reader.calendar.quarter_of(today))


@dataclass(frozen=True, slots=True)
class _Waiting:
    """The items that wait for somebody: as of the agenda's day, and as they are when its commands are typed."""

    reader: Reader
    as_of: date
    first_day: date
    items: tuple[RegisterItem, ...]
    by_now: dict[str, RegisterItem]
    next_quarter: Quarter

    @classmethod
    def read(cls, reader: Reader, view: QuarterView, today: date) -> _Waiting:
        as_of = view.provenance.as_of
        items = tuple(register(reader, as_of))
        later = items if today <= as_of else register(reader, today)
        by_now = {item.item: item for item in later}
        return cls(reader, as_of, view.provenance.first_day, items, by_now, _next_quarter(reader, view, today))

    def topics(self) -> dict[str, list[AgendaEntry]]:
        """The topics that are about items. Each by its own definition: an item can stand in several."""
        calendar = self.reader.calendar
        estimated = last_estimated(self.reader, self.as_of)
        new = opened_since(self.reader, self.first_day)
        quarter = calendar.quarter_of(self.first_day)
        since = calendar.first_day(quarter.shift(1 - QUARTERS_OF_AN_ESTIMATE))

        def old(item: RegisterItem) -> bool:
            return item.item in estimated and estimated[item.item] < since

        def planned(item: RegisterItem) -> bool:
            return item.planned_for is not None and calendar.last_day(Quarter.parse(item.planned_for)) <= self.as_of

        def waiting(item: RegisterItem) -> bool:
            return item.nature == "neglect"

        def plan(item: RegisterItem) -> str:
            return f"debt plan {item.item} {self.next_quarter}"

        return {
            "new": self._which(lambda item: item.item in new, dealing.next_of, _opened),
            "overdue": self._which(lambda item: OVERDUE in item.late, dealing.repay, _overdue),
            "lapsed": self._which(lambda item: LAPSED in item.late, dealing.renew, _lapsed),
            "not_reestimated": self._which(old, dealing.estimate, lambda item: f"estimated on {estimated[item.item]}"),
            **self._interest(),
            "unestimated": self._which(lambda item: item.status == "unestimated", dealing.estimate, _unestimated),
            "neglect_waiting": self._which(waiting, dealing.decide, _undecided),
            "plans_not_kept": self._which(planned, plan, lambda item: f"planned for {item.planned_for}"),
        }

    def _interest(self) -> dict[str, list[AgendaEntry]]:
        """What was observed of the items' interest, or never was."""
        currency = self.reader.currency
        found = contradicted(self.reader, self.items, self.as_of)
        booked = {item.item: item.interest_per_year for item in self.items}

        def unrevised(item: RegisterItem) -> bool:
            return item.item in found and item.interest_per_year == booked[item.item]

        def rebook(item: RegisterItem) -> str:
            return dealing.rebook_interest(item, currency.plain(found[item.item].observed))

        def why(item: RegisterItem) -> str:
            year = found[item.item]
            return (
                f"{currency.grouped(year.observed)} observed in the year to {year.last_day} "
                f"({counted(year.records, 'record')}), {currency.grouped(year.booked)} booked"
            )

        def never(item: RegisterItem) -> bool:
            bears = item.interest_per_year > 0 and open_all_year(item, self.as_of)
            return bears and item.interest_observed is None

        return {
            "interest_contradicted": self._which(unrevised, rebook, why),
            "interest_never_observed": self._which(
                never,
                dealing.observe_interest,
                lambda item: f"{currency.grouped(item.interest_per_year)} a year booked",
            ),
        }

    def _which(
        self, waits: Waits, deals: Callable[[RegisterItem], str], why: Callable[[RegisterItem], str]
    ) -> list[AgendaEntry]:
        """An entry for each open item that waits. One that waits no longer by now is only told so."""
        found = []
        for item in self.items:
            if item.status not in CLOSED and waits(item):
                now = self.by_now[item.item]
                still = now.status not in CLOSED and waits(now)
                reason = why(item) if still else f"{why(item)}; {now.status} since"
                command = deals(now) if still else dealing.next_of(now)
                amount = None if item.status == "unestimated" else item.outstanding
                found.append(AgendaEntry(item.item, item.title, item.team or "", amount, reason, command))
        return found


def _opened(item: RegisterItem) -> str:
    how = f"decided by {item.decided_by}, repay by {item.repay_by}" if item.decided_by else f"{item.cause}"
    return f"{item.nature} of {item.opened_on}: {how}"


def _overdue(item: RegisterItem) -> str:
    return f"to be repaid by {item.repay_by}"


def _lapsed(item: RegisterItem) -> str:
    return f"granted until {item.until}"


def _unestimated(item: RegisterItem) -> str:
    return f"found on {item.opened_on}, and nobody put a figure on it"


def _undecided(item: RegisterItem) -> str:
    return f"{item.cause}, found on {item.opened_on}"


def _unspent(view: QuarterView, following: Quarter) -> Iterator[AgendaEntry]:
    """Budgets of the quarter of which something is left."""
    for row in view.budgets:
        if row.quarter == view.provenance.quarter and row.budget is not None and row.budget > row.spent:
            command = f"debt budget set {following} AMOUNT --team {shlex.quote(row.team)}"
            share = f"{row.spent * 100 // row.budget}% spent"
            yield AgendaEntry(row.team, f"Budget of {row.quarter}", row.team, row.budget - row.spent, share, command)


def _restated(restatements: Iterable[RestatementView]) -> Iterator[AgendaEntry]:
    """Quarters that are known otherwise than they were issued. amount: what that adds to the delta at their end."""
    for restated in restatements:
        if restated.legs:
            entries = counted(len({leg.position for leg in restated.legs}), "entry", "entries")
            interest = counted(len(restated.interest), "item")
            yield AgendaEntry(
                restated.quarter,
                f"Pack issued at position {restated.issue.position}",
                "",
                sum(leg.amount for leg in restated.legs),
                f"{entries} since then, interest of {interest}",
                f"debt report {restated.quarter}",
            )


def _restated_before(view: QuarterView) -> Iterator[AgendaEntry]:
    """Quarters before the last one that stand in a pack as comparatives, and were issued otherwise."""
    for found in view.issued:
        now = Counter[str]()
        for row in view.history:
            now[row.measure] += row.amount * (row.quarter == found.quarter)
        for figure in found.figures:
            now[figure.measure] -= figure.amount
        changed = [words for measure, words in _COMPARED.items() if now[measure]]
        if changed:
            yield AgendaEntry(
                found.quarter,
                f"Pack issued at position {found.issue.position}",
                "",
                now["closing"],
                f"a comparative of this quarter; since then {', '.join(changed)} changed",
                f"debt report {found.quarter}",
            )


def _undocumented(reader: Reader, as_of: date, today: date) -> Iterator[AgendaEntry]:
    """What `debt review` lists of that day. What the register knows of already is documented, or stays neglect."""
    gone = {each.system for each in review(reader, max(today, as_of)) if each.retired_on}
    for reviewed in review(reader, as_of):
        for gap in reviewed.gaps if reviewed.system not in gone else ():
            known = ", ".join(item.item for item in gap.items)
            why = f"in the register: {known}" if known else f"not in the register; {gap.cause}"
            yield AgendaEntry(gap.system, gap.what, "", None, why, gap.document if known else gap.observe)
