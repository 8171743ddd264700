"""What finance does: budgets and forecasts set per quarter and team, and packs given out."""

from datetime import date

from .commands import Report, SetPlan
from .item_rules import Settings, placed
from .quantities import MOST_MINOR, Refused, quarter_days, quarter_shifted, to_minor
from .register import Fact, IssueFact, PlanFact, Register

#: A pack stands beside so many quarters before its own.
QUARTERS_COMPARED = 7


def set_plan(register: Register, command: SetPlan, today: date, settings: Settings) -> PlanFact:
    """A budget or forecast, 0 or more, of a known team and a quarter that is not closed."""
    if command.team not in register.teams():
        raise Refused("unknown-team")
    if quarter_days(command.quarter, settings.fiscal_year_start)[1] < register.first_open_day():
        raise Refused("quarter-is-closed")
    amount = to_minor(command.amount, settings.exponent)
    if not 0 <= amount <= MOST_MINOR:
        raise Refused("amount-out-of-range")
    on, _ = placed(register, None, command.on or today, command.late)
    return PlanFact(
        position=register.head + 1,
        what=command.what,
        quarter=command.quarter,
        team=command.team,
        amount=amount,
        on=on,
    )


def report(register: Register, command: Report, today: date, settings: Settings) -> list[Fact]:
    """The issue of a pack; none of a provisional pack, and none of one that was given out before."""
    first, last = quarter_days(command.quarter, settings.fiscal_year_start)
    as_of = command.as_of or last
    if as_of > today or (today <= last and as_of == last):
        raise Refused("quarter-not-ended")
    if not first <= as_of <= last:
        raise Refused("as-of-outside-the-quarter")
    known = last_known(register, command.known)
    entries, running = register.known_at(known).item_facts(), first <= today <= last
    if not any(fact.on <= last for fact in entries) and (entries or not running):
        raise Refused("nothing-to-report")
    if as_of < last or _same(register, command.quarter, known):
        return []
    compared = compared_with(register, command.quarter, as_of, known)
    positions = tuple(issue.position for issue in compared)
    return [
        IssueFact(position=register.head + 1, quarter=command.quarter, as_of=as_of, known=known, compared=positions)
    ]


def last_known(register: Register, position: int | None) -> int:
    """What a pack knows: the last event up to a position that is not itself an issue."""
    facts = [fact for fact in register.facts if position is None or fact.position <= position]
    return max(fact.position for fact in facts if not isinstance(fact, IssueFact))


def compared_with(register: Register, quarter: str, as_of: date, known: int) -> tuple[IssueFact, ...]:
    """The issues a pack names: the latest earlier one of its quarter, the latest of each of the seven before.

    None knows more than the pack. One given out before is compared with what it was compared with then.
    """
    same = _same(register, quarter, known)
    issues = register.issues()
    if same and as_of == same.as_of:
        return tuple(issue for number in same.compared for issue in issues if issue.position == number)
    own = [each for each in issues if (each.quarter, each.as_of) == (quarter, as_of) and each.known < known]
    before = {each.quarter: each for each in issues if each.known <= known}
    shown = [quarter_shifted(quarter, -back) for back in range(1, QUARTERS_COMPARED + 1)]
    return (*own[-1:], *(before[each] for each in shown if each in before))


def _same(register: Register, quarter: str, known: int) -> IssueFact | None:
    """The issue of the very same pack."""
    found = [issue for issue in register.issues() if (issue.quarter, issue.known) == (quarter, known)]
    return found[-1] if found else None
