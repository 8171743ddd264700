"""The model's commands, which are what a person types, as the commands that the rules decide."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ledger.decide import (
    adopt,
    assign,
    budget_set,
    close,
    commission,
    edit,
    forecast_set,
    interest,
    link,
    note,
    observe,
    plan,
    rate_set,
    rate_withdraw,
    renew,
    repay,
    reverse,
    revise,
    system_add,
    system_change,
    system_retire,
    tag,
    write_off,
)
from ledger.decide.command import Command
from ledger.vocabulary.money import Currency
from ledger.vocabulary.quantities import Interest, Quantity
from tests.model import commands as typed

EUR = Currency("EUR", 2)

_ITEM_COMMANDS: dict[type, type[Command]] = {
    typed.Adopt: adopt.Adopt,
    typed.Renew: renew.Renew,
    typed.Repay: repay.Repay,
    typed.Revise: revise.Revise,
    typed.WriteOff: write_off.WriteOff,
    typed.Plan: plan.Plan,
    typed.Note: note.AddNote,
    typed.ObserveInterest: interest.ObserveInterest,
    typed.Commission: commission.Commission,
    typed.Observe: observe.Observe,
    typed.Close: close.Close,
    typed.Reverse: reverse.Reverse,
}
_SYSTEM_COMMANDS: dict[type, Callable[..., Command]] = {
    typed.SystemAdd: system_add.AddSystem,
    typed.SystemChange: system_change.ChangeSystem,
    typed.SystemRetire: system_retire.RetireSystem,
}


def read(command: typed.Command) -> Command:
    """The command, its amounts read. Raises Unreadable for an amount that is none."""
    said: dict[str, Any] = {name: value for name, value in vars(command).items() if value is not None}
    for name in ("principal", "amount", "spent"):
        if name in said:
            said[name] = Quantity.parse(said[name], EUR)
    if "interest" in said:
        said["interest"] = Interest.parse(said["interest"], EUR)
    match command:
        case typed.RateSet():
            return rate_set.SetRate(
                rate_minor=said["amount"].minor, team=command.team, on=command.start, yes=command.yes
            )
        case typed.RateWithdraw():
            return rate_withdraw.WithdrawRate(position=command.position, because=command.because)
        case typed.SetPlan():
            said["amount_minor"] = said.pop("amount").minor
            return (budget_set.SetBudget if said.pop("what") == "budget" else forecast_set.SetForecast)(**said)
        case typed.SystemAdd() | typed.SystemChange() | typed.SystemRetire():
            return _SYSTEM_COMMANDS[type(command)](system=said.pop("key"), **said)
        case typed.Describe():
            return _description(command, {name: said[name] for name in ("item", "on", "late") if name in said})
        case _:
            return _ITEM_COMMANDS[type(command)](**said)


def _description(command: typed.Describe, common: dict[str, Any]) -> Command:
    first = command.words[0]
    match command.verb:
        case "edit":
            return edit.EditItem(title=first, **common)
        case "link":
            return link.LinkItem(url=first, **common)
        case "assign":
            return assign.AssignItem(assignee=None if first == "nobody" else first, **common)
    signed = {sign: tuple(word[1:] for word in command.words if word[0] == sign) for sign in "+-"}
    return tag.TagItem(add=signed["+"], remove=signed["-"], **common)
