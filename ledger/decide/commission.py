"""The gate: what enters the register as debt is a decision, with a reason, a benefit and a plan (design §2)."""

from __future__ import annotations

import shlex
from datetime import date

from ledger.decide.decided import Decided
from ledger.decide.opening import OpeningCommand, common_fields, opened
from ledger.decide.pricing import priced, rate_on
from ledger.decide.state import State
from ledger.decide.term import GATE, missing_fields, quarter_to_come
from ledger.decide.words import limited, name, required
from ledger.events import DebtCommissioned
from ledger.vocabulary.categories import CATEGORIES
from ledger.vocabulary.errors import Refused
from ledger.vocabulary.kinds import CAUSES
from ledger.vocabulary.text import bare_words


class Commission(OpeningCommand, frozen=True, kw_only=True, tag="commission"):
    decided_by: str | None = None
    because: str | None = None
    benefit: str | None = None
    repay_by: str | None = None
    decided_on: date | None = None
    until: date | None = None
    adr: str | None = None


def decide_commission(command: Commission, state: State) -> tuple[Decided, ...]:
    """Debt is an act of commission: knowingly decided, with a reason, a benefit and a plan to repay."""
    _pass_the_gate(command, state)
    category, placed = opened(command, state)
    decided_on = command.decided_on or placed.happened_on
    if decided_on > placed.happened_on:
        raise Refused(
            f"The decision of {decided_on} is later than the shortcut of {placed.happened_on}: a later decision does not make it "
            "debt retroactively.",
            f"Observe it as neglect, then adopt it: {_observe_instead(command, state)}, then {_adopt_after(command)}.",
        )
    if command.principal is None:
        raise Refused(
            "--principal is missing: debt is taken on knowingly, so its size is estimated.", "Give --principal as well."
        )
    rate = rate_on(command.system, placed.effective_on, state)
    principal = priced(command.principal, "--principal", state, rate)
    event = DebtCommissioned(
        **common_fields(command, state, category, placed, principal),
        principal_minor=principal.minor,
        decided_by=name(command.decided_by, "--decided-by"),
        decided_on=decided_on,
        because=required(command.because, "--because"),
        benefit=required(command.benefit, "--benefit"),
        repay_by=quarter_to_come(command.repay_by, "--repay-by", placed.happened_on, state),
        until=command.until,
        adr=limited(command.adr, "--adr") if command.adr else None,
    )
    return (Decided(placed.effective_on, event),)


def _pass_the_gate(command: Commission, state: State) -> None:
    missing = missing_fields(command, GATE, command.category)
    if missing and not command.category:
        missing = missing_fields(command, ("category", *GATE), "")
    if missing == "--until is missing":
        raise Refused(
            f"Cannot commission '{command.title}' on {command.system}: {missing}. Missing tests can be debt only for a time.",
            f"Add --until DATE, or record it as neglect: {_observe_instead(command, state)}.",
        )
    if missing:
        raise Refused(
            f"Cannot commission '{command.title}' on {command.system}: {missing}. A shortcut that nobody decided, or that nobody "
            "plans to repay, is neglect, not debt.",
            f"Record it as neglect: {_observe_instead(command, state)}.{_which_category(command)}",
        )
    if bare_words(command.because or "") in {bare_words(cause) for cause in CAUSES}:
        raise Refused(
            f"'{command.because}' is a cause of neglect, not a reason to take on debt.",
            f"Record it as neglect: {_observe_instead(command, state)}.{_which_category(command)}",
        )


def _observe_instead(command: Commission, state: State) -> str:
    """The command that records it as neglect, ready to be typed: what was said already, and a cause to be checked."""
    cause = next((slug for slug in CAUSES if bare_words(slug) == bare_words(command.because or "")), "expedience")
    currency = state.opened_book().currency
    said = {
        "--category": command.category if command.category in CATEGORIES else "CATEGORY",
        "--cause": cause,
        "--principal": command.principal.typed(currency) if command.principal else None,
        "--interest": command.interest.typed(currency) if command.interest else None,
        "--on": str(command.on) if command.on else None,
        # An observation has no --adr: what it answers to is its evidence.
        "--evidence": command.evidence or command.adr,
    }
    late = ["--late"] if command.late else []
    return _line("observe", said, late, command.system, command.title)


def _which_category(command: Commission) -> str:
    """What a person fills in where the command has no category that there is."""
    return "" if command.category in CATEGORIES else " CATEGORY is one of those that `debt categories` lists."


def _adopt_after(command: Commission) -> str:
    """The command that makes debt of what was observed; ITEM is what the receipt of that names."""
    said = {
        "--decided-by": command.decided_by,
        "--because": command.because,
        "--benefit": command.benefit,
        "--repay-by": command.repay_by,
        "--until": str(command.until) if command.until else None,
        "--on": str(command.decided_on) if command.decided_on else None,
    }
    return _line("adopt", said, ["--late"] if command.late else [], "ITEM")


def _line(verb: str, said: dict[str, str | None], flags: list[str], *arguments: str) -> str:
    """A command as it is typed; arguments that begin with a dash come last, because they are no options."""
    words = [word for option, value in said.items() if value for word in (option, value)]
    if any(each.startswith("-") for each in arguments):
        return f"`{shlex.join(['debt', verb, *words, *flags, '--', *arguments])}`"
    return f"`{shlex.join(['debt', verb, *arguments, *words, *flags])}`"
