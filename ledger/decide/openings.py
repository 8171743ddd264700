"""The gate: what enters the register as debt, what as neglect (design §2)."""

from __future__ import annotations

import shlex
from datetime import date
from decimal import Decimal
from typing import TypedDict

from ledger.catalogue import CATEGORIES, Category
from ledger.commands import Commission, Observe, OpeningCommand
from ledger.decide.common import (
    Decided,
    Placed,
    Priced,
    carry_of,
    closest,
    limited,
    name,
    place_in_book,
    priced,
    rate_on,
    refuse_future,
    required,
)
from ledger.decide.systems import known_system
from ledger.decide.terms import GATE, missing_fields, readable_quarter
from ledger.errors import Refused
from ledger.events import DebtCommissioned, NeglectObserved
from ledger.model import CAUSES, DIMENSIONS, MAX_TITLE, Dimension, bare_words, effort_text
from ledger.money import Currency
from ledger.quantities import Interest, Quantity
from ledger.state import State


def decide_commission(command: Commission, state: State) -> tuple[Decided, ...]:
    """Debt is an act of commission: knowingly decided, with a reason, a benefit and a plan to repay."""
    _pass_the_gate(command, state)
    category, placed = _opened(command, state)
    decided_on = command.decided_on or placed.happened_on
    if decided_on > placed.happened_on:
        raise Refused(
            f"The decision of {decided_on} is later than the shortcut of {placed.happened_on}: a later decision does not make it "
            "debt retroactively.",
            f"Observe it as neglect, then adopt it: {_observe_instead(command, state)}, then `debt adopt {command.system}-n …`.",
        )
    if command.principal is None:
        raise Refused(
            "--principal is missing: debt is taken on knowingly, so its size is estimated.", "Give --principal as well."
        )
    rate = rate_on(command.system, placed.effective_on, state)
    principal = priced(command.principal, "--principal", state, rate)
    event = DebtCommissioned(
        **_common(command, state, category, placed, principal),
        principal_minor=principal.minor,
        decided_by=name(command.decided_by, "--decided-by"),
        decided_on=decided_on,
        because=required(command.because, "--because"),
        benefit=required(command.benefit, "--benefit"),
        repay_by=readable_quarter(command.repay_by),
        until=command.until,
        adr=limited(command.adr, "--adr") if command.adr else None,
    )
    return (Decided(placed.effective_on, event),)


def decide_observe(command: Observe, state: State) -> tuple[Decided, ...]:
    """Neglect is an act of omission, found afterwards; it names its cause and may be unestimated."""
    cause = _known_cause(command)
    category, placed = _opened(command, state)
    principal = Priced(0)
    if command.principal is not None:
        rate = rate_on(command.system, placed.effective_on, state)
        principal = priced(command.principal, "--principal", state, rate)
    elif command.interest is not None and command.interest.size:
        raise Refused(
            "--interest without --principal: an unestimated item bears no interest.", "Give --principal as well."
        )
    event = NeglectObserved(
        **_common(command, state, category, placed, principal),
        principal_minor=principal.minor if command.principal is not None else None,
        cause=cause,
    )
    return (Decided(placed.effective_on, event),)


def _pass_the_gate(command: Commission, state: State) -> None:
    missing = missing_fields(command, GATE, command.category)
    if missing == "--until is missing":
        raise Refused(
            f"Cannot commission '{command.title}' on {command.system}: {missing}. Missing tests can be debt only for a time.",
            f"Add --until DATE, or record it as neglect: {_observe_instead(command, state)}.",
        )
    if missing:
        raise Refused(
            f"Cannot commission '{command.title}' on {command.system}: {missing}. A shortcut that nobody decided, or that nobody "
            "plans to repay, is neglect, not debt.",
            f"Record it as neglect: {_observe_instead(command, state)}.",
        )
    if bare_words(command.because or "") in {bare_words(cause) for cause in CAUSES}:
        raise Refused(
            f"'{command.because}' is a cause of neglect, not a reason to take on debt.",
            f"Record it as neglect: {_observe_instead(command, state)}.",
        )


def _observe_instead(command: Commission, state: State) -> str:
    """The command that records it as neglect, ready to be typed: what was said already, and a cause to be checked."""
    cause = next((slug for slug in CAUSES if bare_words(slug) == bare_words(command.because or "")), "expedience")
    currency = state.opened_book().currency
    said = {
        "--category": command.category,
        "--cause": cause,
        "--principal": _typed(command.principal, currency) if command.principal else None,
        "--interest": _typed_interest(command.interest, currency) if command.interest else None,
        "--on": str(command.on) if command.on else None,
    }
    words = [word for option, value in said.items() if value for word in (option, value)]
    late = ["--late"] if command.late else []
    return f"`{shlex.join(['debt', 'observe', command.system, command.title, *words, *late])}`"


def _typed(amount: Quantity, currency: Currency) -> str:
    return currency.plain(amount.minor) if amount.minor is not None else effort_text(amount.minutes or 0)


def _typed_interest(interest: Interest, currency: Currency) -> str:
    if interest.percent_millionths is not None:
        return f"{Decimal(interest.percent_millionths).scaleb(-6).normalize():f}%"
    period = {12: "month", 4: "quarter", 1: "year"}[interest.times_per_year]
    return f"{_typed(Quantity(minor=interest.minor, minutes=interest.minutes), currency)}/{period}"


def _known_cause(command: Observe) -> str:
    causes = ", ".join(CAUSES)
    if not command.cause:
        raise Refused("--cause is missing: an observation names why it was left undone.", f"Causes: {causes}.")
    if command.cause not in CAUSES:
        raise Refused(
            f"There is no cause '{command.cause}'. {closest(command.cause, list(CAUSES))}".strip(), f"Causes: {causes}."
        )
    return command.cause


class _Common(TypedDict):
    """The fields that both openings share, as `events.Opening` describes them."""

    occurred_on: date | None
    evidence: str | None
    item: str
    system: str
    title: str
    dimension: Dimension
    category: str
    carry_minor_per_year: int
    effort_minutes: int | None
    day_rate_minor: int | None
    source: str | None
    external_key: str | None
    content_hash: str | None
    details: dict[str, str]


def _opened(command: OpeningCommand, state: State) -> tuple[Category, Placed]:
    """What every opening is checked for: system, title, category, day."""
    system = known_system(command.system, state)
    category = known_category(command.category)
    if command.dimension is not None and command.dimension != category.dimension:
        known = "" if command.dimension in DIMENSIONS else f" Dimensions: {', '.join(DIMENSIONS)}."
        raise Refused(
            f"{category.slug} belongs to the dimension {category.dimension}, not {command.dimension}.{known}",
            "Leave --dimension out; the category fixes it.",
        )
    if not all(key.isascii() for key in command.details):
        raise Refused("A detail's name has letters beyond ASCII: the canonical order of keys would be in doubt.")
    refuse_future(command.on or state.today, state.today)
    placed = place_in_book(command, state)
    if system.retired_on is not None and placed.happened_on >= system.retired_on:
        raise Refused(
            f"{system.key} was retired on {system.retired_on}: it takes no new items from then on.",
            f"`debt list --system {system.key}` shows what is still open on it.",
        )
    return category, placed


def known_category(slug: str) -> Category:
    """The category of that name."""
    if slug not in CATEGORIES:
        raise Refused(
            f"There is no category '{slug}'. {closest(slug, list(CATEGORIES))}".strip(), "`debt categories` lists them."
        )
    return CATEGORIES[slug]


def _common(command: OpeningCommand, state: State, category: Category, placed: Placed, principal: Priced) -> _Common:
    rate = rate_on(command.system, placed.effective_on, state)
    return {
        "occurred_on": placed.occurred_on,
        "evidence": command.evidence,
        "item": f"{command.system}-{state.next_number}",
        "system": command.system,
        "title": required(command.title, "The title", MAX_TITLE),
        "dimension": category.dimension,
        "category": category.slug,
        "carry_minor_per_year": carry_of(command.interest, principal.minor, rate, state),
        "effort_minutes": principal.minutes,
        "day_rate_minor": principal.rate_minor,
        "source": command.source,
        "external_key": command.external_key,
        "content_hash": command.content_hash,
        "details": command.details,
    }
