"""How a command is typed: the arguments that follow `debt [--database …] [--book …] [--actor …]`."""

from datetime import date

from .commands import (
    Adopt,
    Close,
    Command,
    Commission,
    Describe,
    Note,
    Observe,
    ObserveInterest,
    Plan,
    RateSet,
    RateWithdraw,
    Renew,
    Repay,
    Report,
    Reverse,
    Revise,
    SetPlan,
    SystemAdd,
    SystemChange,
    SystemRetire,
    WriteOff,
)


def to_argv(command: Command) -> list[str]:
    """The command line of one command, sub-command first."""
    match command:
        case SystemAdd() | SystemChange() | SystemRetire() | RateSet() | RateWithdraw():
            return _system_or_rate(command)
        case Commission() | Observe():
            return _opening(command)
        case Reverse():
            return ["reverse", str(command.position), *_options(because=command.because)]
        case Close():
            return ["close", command.quarter]
        case SetPlan():
            words = [command.what, "set", command.quarter, command.amount, *_options(team=command.team)]
            return [*words, *_day(command.on, command.late)]
        case Report():
            return ["report", command.quarter, *_options(as_of=command.as_of)]
        case _:
            return [*_about_item(command), *_day(command.on, command.late)]


def _system_or_rate(command: SystemAdd | SystemChange | SystemRetire | RateSet | RateWithdraw) -> list[str]:
    match command:
        case RateSet():
            words = ["rate", "set", command.amount, "--from", command.start.isoformat(), *_options(team=command.team)]
            return [*words, *(["--yes"] if command.yes else [])]
        case RateWithdraw():
            return ["rate", "withdraw", str(command.position), *_options(because=command.because)]
        case SystemAdd():
            words = ["system", "add", command.key, command.name]
            words += _options(team=command.team, cost_centre=command.cost_centre)
            words += [word for key in command.reads_from for word in ("--reads-from", key)]
        case SystemChange():
            words = ["system", "change", command.key]
            words += _options(team=command.team, cost_centre=command.cost_centre, name=command.name)
            words += ["--new-team"] if command.new_team else []
        case SystemRetire():
            words = ["system", "retire", command.key, *_options(because=command.because)]
            words += ["--write-off"] if command.write_off else []
    return [*words, *_day(command.on, command.late)]


def _opening(command: Commission | Observe) -> list[str]:
    verb = "commission" if isinstance(command, Commission) else "observe"
    words = [verb, command.system, command.title, "--category", command.category]
    words += _options(principal=command.principal, interest=command.interest)
    if isinstance(command, Commission):
        words += _options(
            decided_by=command.decided_by,
            because=command.because,
            benefit=command.benefit,
            repay_by=command.repay_by,
            decided_on=command.decided_on,
            until=command.until,
        )
    else:
        words += _options(cause=command.cause)
    return [*words, *_day(command.on, command.late)]


def _about_item(
    command: Adopt | Renew | Repay | Revise | WriteOff | Plan | Note | Describe | ObserveInterest,
) -> list[str]:
    match command:
        case Adopt() | Renew():
            verb, benefit = ("adopt", command.benefit) if isinstance(command, Adopt) else ("renew", None)
            return [
                *(verb, command.item),
                *_options(
                    decided_by=command.decided_by,
                    because=command.because,
                    benefit=benefit,
                    repay_by=command.repay_by,
                    until=command.until,
                ),
            ]
        case Repay():
            amount = "--all" if command.amount is None else command.amount
            unmeasured = ["--unmeasured"] if command.unmeasured else []
            return ["repay", command.item, amount, *_options(spent=command.spent), *unmeasured]
        case Revise():
            options = _options(principal=command.principal, interest=command.interest, because=command.because)
            return ["revise", command.item, *options]
        case WriteOff():
            return ["write-off", command.item, *_options(because=command.because)]
        case Plan():
            return ["plan", command.item, command.quarter]
        case Note():
            return ["note", command.item, command.text]
        case ObserveInterest():
            return ["interest", command.item, command.amount, *_options(because=command.because)]
        case Describe():
            return [command.verb, command.item, *(["--title"] if command.verb == "edit" else []), *command.words]


def _options(**values: str | date | None) -> list[str]:
    """`--name value` for every value that is given; dates in ISO form."""
    words: list[str] = []
    for name, value in values.items():
        if value is not None:
            words += ["--" + name.replace("_", "-"), value.isoformat() if isinstance(value, date) else value]
    return words


def _day(on: date | None, late: bool) -> list[str]:
    return [*_options(on=on), *(["--late"] if late else [])]
