"""What may happen to an item after it was opened: the balances and the barriers."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

from .commands import Adopt, Describe, ItemCommand, Note, ObserveInterest, Plan, Renew, Repay, Reverse, Revise, WriteOff
from .quantities import Refused, amount, half_even, interest_per_year, price, quarter_days
from .register import (
    ADOPTED,
    ASSIGNED,
    BARRIERS,
    DEBT,
    DESCRIBING,
    LINKED,
    NATURES,
    NEGLECT,
    NOTED,
    PLANNED,
    RENEWED,
    REPAID,
    RETITLED,
    REVERSED,
    REVISED,
    SEEN,
    TAGGED,
    WRITTEN_OFF,
    ItemFact,
    Leg,
    Register,
    Terms,
)


@dataclass(frozen=True)
class Settings:
    """What `init` fixed: decimals of the currency, first month of the fiscal year."""

    exponent: int = 2
    fiscal_year_start: int = 1


def placed(register: Register, item: str | None, day: date, late: bool) -> tuple[date, date | None]:
    """The effective day of an entry typed for `day`, and `day` itself if it had to be entered late.

    The first day allowed is the first open one, and of an item not before its latest standing barrier.
    """
    allowed = register.first_open_day()
    if item is not None:
        allowed = max([allowed, *(fact.on for fact in register.standing(item, *BARRIERS))])
    if day >= allowed:
        return day, None
    if not late:
        raise Refused("closed-or-behind-a-barrier")
    return allowed, day


def ended_before(quarter: str | None, day: date, settings: Settings) -> None:
    """Refuse a promise for a quarter that was over on the day of the promise."""
    if quarter is not None and quarter_days(quarter, settings.fiscal_year_start)[1] < day:
        raise Refused("quarter-has-ended")


@dataclass(frozen=True)
class Case:
    """An event about to happen to an item: the day, and the item as it is on that day."""

    register: Register
    item: str
    on: date
    occurred_on: date | None
    settings: Settings

    @property
    def happened_on(self) -> date:
        """The day it happened, also for a late entry."""
        return self.occurred_on or self.on

    @property
    def view(self) -> Register:
        """Everything effective by the day of the event."""
        return self.register.as_of(self.on)

    @property
    def nature(self) -> str:
        """The item's nature on that day."""
        return self.view.nature(self.item)

    @property
    def outstanding(self) -> int:
        """What is outstanding on that day, minor units."""
        return self.view.outstanding(self.item, self.nature)

    @property
    def carry(self) -> int:
        """Interest per year on that day, minor units."""
        return self.view.carry(self.item, self.nature)

    @property
    def lowest_outstanding(self) -> int:
        """The lowest outstanding from that day on, minor units."""
        return min(
            self.register.as_of(day).outstanding(self.item, self.nature)
            for day in days_from(self.register, self.item, self.on)
        )

    @property
    def lowest_carry(self) -> int:
        """The lowest interest per year from that day on, minor units."""
        return min(
            self.register.as_of(day).carry(self.item, self.nature)
            for day in days_from(self.register, self.item, self.on)
        )

    @property
    def day_rate(self) -> int | None:
        """The day rate in force on that day, minor units."""
        return self.register.day_rate(self.register.opened(self.item).system, self.on)

    def leg(self, movement: str, principal: int, carry: int, nature: str | None = None, spent: int = 0) -> Leg:
        """A leg of this event; a late entry accrues from the day it happened."""
        return Leg(
            nature=nature or self.nature,
            principal=principal,
            carry=carry,
            accrues_from=self.occurred_on or self.on,
            movement=movement,
            spent=spent,
        )

    def fact(self, kind: str, *legs: Leg, terms: Terms | None = None) -> ItemFact:
        """The event itself."""
        return ItemFact(
            position=self.register.head + 1,
            kind=kind,
            item=self.item,
            on=self.on,
            occurred_on=self.occurred_on,
            legs=legs,
            terms=terms,
        )


def item_event(register: Register, command: ItemCommand, today: date, settings: Settings) -> ItemFact:
    """The event that a command about one item leads to, or `Refused`."""
    item = command.item
    if item not in register.items():
        raise Refused("unknown-item")
    if register.is_reversed(item) and not isinstance(command, Note | Describe):
        raise Refused("item-is-reversed")
    day = command.on or today
    if day > today:
        raise Refused("in-the-future")
    if day < register.opening(item).happened_on:
        raise Refused("before-the-opening")
    on, occurred_on = placed(register, item, day, command.late)
    case = Case(register, item, on, occurred_on, settings)
    seen_on = max(case.occurred_on or on, register.opening(item).on)
    settled = register.as_of(seen_on) if isinstance(command, ObserveInterest) else case.view
    if settled.settled(item) is not None and not isinstance(command, Note | Describe | Revise):
        raise Refused("item-is-closed")
    fact = _VERBS[type(command)](case, command)
    require_sound(Register([*register.facts, fact]), fact)
    return fact


def _adopt(case: Case, command: Adopt) -> ItemFact:
    if not (command.decided_by and command.because and command.benefit and command.repay_by):
        raise Refused("gate-field-missing")
    if case.register.opened(case.item).category == "missing-tests" and command.until is None:
        raise Refused("until-missing")
    if case.nature == DEBT:
        raise Refused("already-debt")
    if case.view.first_principal(case.item) is None:
        raise Refused("unestimated")
    ended_before(command.repay_by, case.happened_on, case.settings)
    return case.fact(
        ADOPTED,
        case.leg("adopted", -case.outstanding, -case.carry, NEGLECT),
        case.leg("adopted", case.outstanding, case.carry, DEBT),
        terms=Terms(repay_by=command.repay_by, until=command.until),
    )


def _renew(case: Case, command: Renew) -> ItemFact:
    if case.nature == NEGLECT:
        raise Refused("neglect-cannot-be-renewed")
    if case.register.opened(case.item).category == "missing-tests" and command.until is None:
        raise Refused("until-missing")
    ended_before(command.repay_by, case.happened_on, case.settings)
    return case.fact(RENEWED, terms=Terms(repay_by=command.repay_by, until=command.until))


def _repay(case: Case, command: Repay) -> ItemFact:
    exponent = case.settings.exponent
    lowest = case.lowest_outstanding
    if command.amount is not None:
        opening_rate = case.register.opened(case.item).effort_rate
        removed = amount(command.amount, opening_rate or case.day_rate, exponent)
    else:
        removed = lowest
        if removed == 0 and case.view.first_principal(case.item) is not None:
            raise Refused("nothing-left-to-repay")
    if removed > lowest:
        raise Refused("more-than-outstanding")
    if removed == lowest:
        carry = case.lowest_carry
    else:
        carry = min(half_even(Fraction(case.carry * removed, case.outstanding)), case.lowest_carry)
    spent = 0 if command.unmeasured else removed
    if command.spent is not None:
        if command.unmeasured:
            raise Refused("measured-and-unmeasured")
        spent = half_even(price(command.spent, case.day_rate, exponent))
    fact = case.fact(REPAID, case.leg("repaid", -removed, -carry, spent=spent))
    return replace(fact, assumed=command.spent is None and not command.unmeasured, unmeasured=command.unmeasured)


def _revise(case: Case, command: Revise) -> ItemFact:
    settled = case.view.settled(case.item) is not None
    if settled and (command.principal is None or command.interest is None):
        raise Refused("reopening-needs-principal-and-interest")
    exponent = case.settings.exponent
    outstanding = case.outstanding
    if command.principal is not None:
        outstanding = amount(command.principal, case.day_rate, exponent)
    carry = case.carry
    if command.interest is not None:
        carry = interest_per_year(command.interest, outstanding, case.day_rate, exponent)
    changed = (outstanding - case.outstanding, carry - case.carry)
    if changed == (0, 0):
        raise Refused("changes-nothing")
    return case.fact(REVISED, case.leg("revised", *changed))


def _write_off(case: Case, _: WriteOff) -> ItemFact:
    return case.fact(WRITTEN_OFF, case.leg("written_off", -case.outstanding, -case.carry))


def _plan(case: Case, command: Plan) -> ItemFact:
    if case.nature == NEGLECT:
        raise Refused("neglect-cannot-be-planned")
    ended_before(command.quarter, case.happened_on, case.settings)
    return replace(case.fact(PLANNED), planned=command.quarter)


def _note(case: Case, _: Note) -> ItemFact:
    return case.fact(NOTED)


def _observe_interest(case: Case, command: ObserveInterest) -> ItemFact:
    return replace(case.fact(SEEN), seen=amount(command.amount, case.day_rate, case.settings.exponent))


def _describe(case: Case, command: Describe) -> ItemFact:
    view, item, words = case.view, case.item, command.words
    match command.verb:
        case "edit":
            kind, stands = RETITLED, words == (view.title(item),)
        case "link":
            kind, stands = LINKED, words[0] in view.links(item)
        case "assign":
            kind, stands = ASSIGNED, words[0] == (view.assignee(item) or "nobody")
        case _:
            has = view.tags(item)
            words = tuple(word for word in words if (word[0] == "+") == (word[1:] not in has))
            kind, stands = TAGGED, not words
    if stands:
        raise Refused("changes-nothing")
    return replace(case.fact(kind), words=words)


_VERBS: dict[type, Callable[..., ItemFact]] = {
    Adopt: _adopt,
    Renew: _renew,
    Repay: _repay,
    Revise: _revise,
    WriteOff: _write_off,
    Plan: _plan,
    Note: _note,
    Describe: _describe,
    ObserveInterest: _observe_interest,
}


def reverse(register: Register, command: Reverse) -> ItemFact:
    """The mirror of an event, on its own day, or on the first open day if that is closed."""
    target = next((f for f in register.item_facts() if f.position == command.position), None)
    if target is None or target.kind in (REVERSED, NOTED):
        raise Refused("cannot-be-reversed")
    if target.position in register.reversed_positions():
        raise Refused("already-reversed")
    others = [
        f
        for f in register.standing(target.item)
        if f.position != target.position and f.kind not in (NOTED, *DESCRIBING)
    ]
    if target.opened and others:
        raise Refused("opening-has-later-events")
    if target.kind not in (SEEN, *DESCRIBING) and any(f.kind in BARRIERS and f.order > target.order for f in others):
        raise Refused("behind-a-barrier")
    if target.kind == ADOPTED and any(f.kind in (PLANNED, RENEWED) and f.order > target.order for f in others):
        raise Refused("adoption-has-later-plans")
    fact = ItemFact(
        position=register.head + 1,
        kind=REVERSED,
        item=target.item,
        on=max(target.on, register.first_open_day()),
        legs=tuple(leg.mirrored() for leg in target.legs),
        reverses=target.position,
    )
    require_sound(Register([*register.facts, fact]), fact)
    return fact


def days_from(register: Register, item: str, since: date) -> list[date]:
    """A day and every later one on which something happened to an item; nothing changes in between."""
    return [since, *(fact.on for fact in register.item_facts(item) if fact.on > since)]


def require_sound(register: Register, fact: ItemFact) -> None:
    """From the event's day on: nothing below zero, and no interest where nothing is outstanding."""
    for day in days_from(register, fact.item, fact.on):
        view = register.as_of(day)
        for nature in NATURES:
            outstanding, carry = view.outstanding(fact.item, nature), view.carry(fact.item, nature)
            if outstanding < 0 or carry < 0 or (outstanding == 0 and carry != 0):
                raise Refused("unsound-balance")
