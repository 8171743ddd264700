"""The sentences of an agenda, which its text and its Markdown say alike."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ledger.views.agenda import TOPICS, Agenda, AgendaEntry, MovementView
from ledger.vocabulary.money import Currency


def titled(agenda: Agenda) -> str:
    """What it is, of which day, and how final."""
    state = f", {agenda.state}" if agenda.state else ""
    return f"Review of {agenda.quarter}{state}: book {agenda.book} on {agenda.as_of}, {agenda.currency}"


def changed(agenda: Agenda) -> Iterator[str]:
    """The answer: what is owed, what that changed since the quarter began, and by what, the largest first."""
    currency = Currency(agenda.currency, agenda.exponent)
    change = agenda.closing - agenda.opening
    compared = (
        "as much as" if not change else f"{currency.grouped(abs(change))} {'more' if change > 0 else 'less'} than"
    )
    owe = "We will owe" if agenda.projected else "We owe"
    yield (
        f"{owe} {currency.text(agenda.closing)}, {compared} when {agenda.quarter} began, "
        f"at {currency.text(agenda.interest_per_year)} interest a year."
    )
    if agenda.movements:
        yield f"Why: {'; '.join(_moved(each, currency) for each in agenda.movements)}."


def _moved(found: MovementView, currency: Currency) -> str:
    """A movement, and which item did most of it where others did some."""
    most = found.item if found.share == found.amount else f"{found.item} {_signed(found.share, currency)} of it"
    return f"{found.movement.replace('_', ' ')} {_signed(found.amount, currency)} ({most})"


def _signed(minor: int, currency: Currency) -> str:
    return f"{'+' if minor > 0 else ''}{currency.grouped(minor)}"


def totalled(name: str, entries: Sequence[AgendaEntry], currency: Currency) -> str:
    """A list's heading: its name, how many there are, and what they come to where they have amounts."""
    if not entries:
        return f"{TOPICS[name]}: none"
    amounts = [entry.amount for entry in entries if entry.amount is not None]
    return f"{TOPICS[name]}: {len(entries)}" + (f", {currency.grouped(sum(amounts))}" if amounts else "")
