"""What a person tries next when the ledger refuses: later, with less, or about something else."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

from .commands import (
    Adopt,
    Close,
    Command,
    Commission,
    Observe,
    RateSet,
    RateWithdraw,
    Renew,
    Repay,
    Reverse,
    Revise,
    SystemAdd,
)
from .register import ItemFact, Register


def second_tries(command: Command, register: Register, reached: date) -> Iterator[Command]:
    """Variants of a command, the mildest first. `reached`: the day the story has come to."""
    match command:
        case Close() | SystemAdd() | RateWithdraw():
            return
        case Reverse():
            recorded = [fact for fact in reversed(register.facts) if isinstance(fact, ItemFact)]
            recorded.sort(key=lambda fact: fact.opened is not None)  # openings last
            yield from (replace(command, position=fact.position) for fact in recorded)
        case RateSet():
            yield replace(command, start=reached, amount="800")
            yield replace(command, start=reached, amount="800", team=None)
            yield replace(command, yes=True)
        case _:
            latest = max([reached, *(fact.on for fact in register.item_facts())])
            yield replace(command, late=True)
            yield replace(command, on=reached)
            yield replace(command, on=latest)
            yield from _easier(command, register, latest)


def _easier(command: Command, register: Register, latest: date) -> Iterator[Command]:
    soon = latest + timedelta(days=90)
    match command:
        case Repay():
            yield replace(command, amount=None, spent=None)
            for item in (command.item, *register.items()):
                yield replace(command, item=item, on=latest, amount=None, spent=None)
        case Commission():
            plain = replace(command, because="launch date", principal="1000", interest="6%")
            yield replace(plain, on=latest, decided_on=None, until=soon)
        case Observe():
            yield replace(command, on=latest, cause="expedience", principal="1000", interest="100.01/year")
        case Adopt():
            for item in (command.item, *register.items()):
                yield replace(command, item=item, on=latest, benefit="focus", until=soon)
        case Renew():
            yield replace(command, on=latest, until=soon)
        case Revise():
            for item in (command.item, *register.items()):
                yield replace(command, item=item, on=latest, principal="750.25", interest="50/month")
