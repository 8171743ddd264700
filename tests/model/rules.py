"""Accept or refuse: a command and the register in, the new facts out, or `Refused`.

This file holds the book, its systems and openings; `item_rules` holds what happens to an item later,
`plan_rules` what finance does: budgets and packs.
"""

import re
from collections.abc import Iterable
from datetime import date

from . import item_rules, plan_rules
from .commands import (
    Close,
    Command,
    Commission,
    Observe,
    RateSet,
    RateWithdraw,
    Report,
    Reverse,
    SetPlan,
    SystemAdd,
    SystemChange,
    SystemRetire,
    WriteOff,
)
from .item_rules import Settings, ended_before, placed
from .quantities import (
    Refused,
    amount,
    hours_of,
    interest_per_year,
    quarter_days,
    quarter_of,
)
from .register import (
    COMMISSIONED,
    DEBT,
    NEGLECT,
    OBSERVED,
    ClosedFact,
    Fact,
    ItemFact,
    Leg,
    Opened,
    OtherFact,
    OwnerFact,
    RateFact,
    RateGoneFact,
    Register,
    SystemFact,
    Terms,
)

CATEGORIES = {
    "input": [
        "untracked-input",
        "unstable-data-dependency",
        "underutilized-data-dependency",
        "data-dependency-analysis",
        "data-testing",
        "dataset-documentation",
        "adversarial-coverage",
        "representation",
    ],
    "system": [
        "entanglement",
        "correction-cascade",
        "glue-code",
        "pipeline-jungle",
        "dead-experimental-codepath",
        "abstraction",
        "plain-old-data-type",
        "multiple-language",
        "prototype",
        "configuration",
        "process-management",
        "cultural",
        "explainability",
        "platform-constraint",
        "code-quality",
        "missing-tests",
    ],
    "output": ["undeclared-consumer", "output-documentation", "output-reliability", "prediction-bias"],
    "time": [
        "fixed-threshold",
        "action-limit",
        "upstream-producer",
        "direct-feedback-loop",
        "hidden-feedback-loop",
        "reproducibility",
        "staleness",
    ],
}
CAUSES = [
    "undeliberate-design",
    "coding-error",
    "inadequate-documentation",
    "not-knowing-better",
    "missing-tests",
    "missed-maintenance",
    "expedience",
    "untracked",
]


def decide(register: Register, command: Command, today: date, settings: Settings) -> list[Fact]:
    """The facts a command adds, or `Refused`."""
    match command:
        case SystemAdd():
            return _system_add(register, command, today)
        case SystemChange():
            return _system_change(register, command, today)
        case SystemRetire():
            return _system_retire(register, command, today, settings)
        case RateSet():
            return _rate_set(register, command, settings)
        case RateWithdraw():
            return [_rate_withdraw(register, command)]
        case Commission() | Observe():
            return [_open(register, command, today, settings)]
        case Reverse():
            return [item_rules.reverse(register, command)]
        case Close():
            return [_close(register, command, today, settings)]
        case SetPlan():
            return [plan_rules.set_plan(register, command, today, settings)]
        case Report():
            return plan_rules.report(register, command, today, settings)
        case _:
            return [item_rules.item_event(register, command, today, settings)]


def _system_add(register: Register, command: SystemAdd, today: date) -> list[Fact]:
    if command.key in register.systems():
        raise Refused("system-exists")
    for key in command.reads_from:
        _require_system(register, key)
    placed(register, None, command.on or today, command.late)
    position = register.head + 1
    facts: list[Fact] = [
        SystemFact(
            position=position,
            system=command.key,
            name=command.name,
            team=command.team,
            cost_centre=command.cost_centre,
        )
    ]
    for number, read in enumerate(command.reads_from, start=1):
        fact = OtherFact(position=position + number, kind="dependency-declared", system=command.key, reads_from=read)
        facts.append(fact)
    return facts


def _system_change(register: Register, command: SystemChange, today: date) -> list[Fact]:
    _require_system(register, command.key)
    if command.team is not None and not command.new_team and _looks_like_another(command.team, register.teams()):
        raise Refused("looks-like-a-known-team")
    on, _ = placed(register, None, command.on or today, command.late)
    facts: list[Fact] = []
    if command.name is not None:
        if command.name == register.name_of(command.key, on):
            raise Refused("called-so-already")
        facts.append(
            OtherFact(position=register.head + 1, kind="system-renamed", system=command.key, on=on, name=command.name)
        )
    if command.team is not None or command.cost_centre is not None:
        facts.append(
            OwnerFact(
                position=register.head + 1 + len(facts),
                system=command.key,
                on=on,
                team=command.team,
                cost_centre=command.cost_centre,
            )
        )
    return facts


def _looks_like_another(team: str, known: Iterable[str]) -> bool:
    """No team of that name, but one that two letters more, fewer or other make of it, with some letter left in its place."""
    if team in known:
        return False
    return any(_two_letters(team, other, 2) and not _two_letters("", max(team, other, key=len), 2) for other in known)


def _two_letters(one: str, other: str, left: int) -> bool:
    """Whether at most so many letters put in, taken out or changed make one word of the other."""
    if one[:1] and one[:1] == other[:1] and _two_letters(one[1:], other[1:], left):
        return True
    if not one or not other:
        return len(one) + len(other) <= left
    if not left:
        return one == other
    return any(_two_letters(a, b, left - 1) for a, b in ((one[1:], other[1:]), (one[1:], other), (one, other[1:])))


def _system_retire(register: Register, command: SystemRetire, today: date, settings: Settings) -> list[Fact]:
    _require_system(register, command.key)
    day = command.on or today
    on, _ = placed(register, None, day, command.late)
    facts: list[Fact] = []
    if command.write_off:
        view = register.as_of(on)
        for item in view.items():
            if view.opened(item).system == command.key and view.settled(item) is None:
                write_off = WriteOff(item=item, because=command.because, on=day, late=command.late)
                known = Register([*register.facts, *facts])
                facts.append(item_rules.item_event(known, write_off, today, settings))
    position = register.head + len(facts) + 1
    return [*facts, OtherFact(position=position, kind="system-retired", system=command.key, on=on)]


def _rate_set(register: Register, command: RateSet, settings: Settings) -> list[Fact]:
    if command.team is not None and command.team not in register.teams():
        raise Refused("unknown-team")
    rate = amount(command.amount, None, settings.exponent)
    placed(register, None, command.start, late=False)
    last = register.rate_beside(command.team, command.start)
    if last is not None and not command.yes and (rate > 3 * last or last > 3 * rate):
        raise Refused("leaps-beyond-threefold")
    return [RateFact(position=register.head + 1, on=command.start, team=command.team, rate=rate)]


def _rate_withdraw(register: Register, command: RateWithdraw) -> Fact:
    if command.position not in {fact.position for fact in register.standing_rates()}:
        raise Refused("no-such-rate")
    return RateGoneFact(position=register.head + 1, of=command.position)


def _close(register: Register, command: Close, today: date, settings: Settings) -> Fact:
    first, last = quarter_days(command.quarter, settings.fiscal_year_start)
    if today <= last:
        raise Refused("quarter-not-ended")
    if last < register.first_open_day():
        raise Refused("already-closed")
    if any(register.first_open_day() <= fact.on < first for fact in register.item_facts()):
        raise Refused("earlier-quarter-open")
    return ClosedFact(position=register.head + 1, last_day=last)


def _open(register: Register, command: Commission | Observe, today: date, settings: Settings) -> Fact:
    _require_system(register, command.system)
    dimensions = [name for name, slugs in CATEGORIES.items() if command.category in slugs]
    if not dimensions:
        raise Refused("unknown-category")
    day = command.on or today
    terms: Terms | None = None
    if isinstance(command, Commission):
        terms = _gate(command, day)
        ended_before(command.repay_by, day, settings)
    elif command.cause not in CAUSES:
        raise Refused("unknown-cause")
    if day > today:
        raise Refused("in-the-future")
    on, occurred_on = placed(register, None, day, command.late)
    nature = DEBT if isinstance(command, Commission) else NEGLECT
    rate = register.day_rate(command.system, on)
    principal: int | None = None
    legs: tuple[Leg, ...] = ()
    if command.principal is not None:
        principal = amount(command.principal, rate, settings.exponent)
        carry = interest_per_year(command.interest, principal, rate, settings.exponent)
        movement = "commissioned" if nature == DEBT else "observed"
        legs = (Leg(nature=nature, principal=principal, carry=carry, accrues_from=day, movement=movement),)
    elif command.interest is not None:
        raise Refused("interest-without-principal")
    number = sum(register.opened(item).system == command.system for item in register.items()) + 1
    in_effort = command.principal is not None and hours_of(command.principal) is not None
    return ItemFact(
        position=register.head + 1,
        kind=COMMISSIONED if nature == DEBT else OBSERVED,
        item=f"{command.system}-{number}",
        on=on,
        occurred_on=occurred_on,
        legs=legs,
        terms=terms,
        opened=Opened(
            system=command.system,
            title=command.title,
            category=command.category,
            dimension=dimensions[0],
            nature=nature,
            principal=principal,
            effort_rate=rate if in_effort else None,
        ),
    )


def _gate(command: Commission, day: date) -> Terms:
    """Who decided, why, what for, and by when; no cause of neglect as a reason; no decision afterwards."""
    if not (command.decided_by and command.because and command.benefit and command.repay_by):
        raise Refused("gate-field-missing")
    if _letters(command.because) in [_letters(cause) for cause in CAUSES]:
        raise Refused("because-is-a-cause")
    if command.decided_on is not None and command.decided_on > day:
        raise Refused("decided-afterwards")
    if command.category == "missing-tests" and command.until is None:
        raise Refused("until-missing")
    return Terms(repay_by=command.repay_by, until=command.until)


def _letters(text: str) -> str:
    """Ignoring case and punctuation (and the space between words)."""
    return re.sub(r"[^a-z0-9]", "", text.lower())


def _require_system(register: Register, key: str) -> None:
    if key not in register.systems():
        raise Refused("unknown-system")


def earliest_open_quarter(register: Register, settings: Settings) -> str | None:
    """The earliest quarter with item events that is not closed, or None."""
    days = [f.on for f in register.item_facts() if f.on >= register.first_open_day()]
    return quarter_of(min(days), settings.fiscal_year_start) if days else None
