"""The agenda of a quarter's review, as text, Markdown, JSON or CSV."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict

from ledger.cli.kit.output import Record, print_csv, print_json, print_lines
from ledger.cli.kit.wrapping import wrapped_command, wrapped_text
from ledger.services.review import as_document
from ledger.views.agenda import TOPICS, Agenda, AgendaEntry
from ledger.views.agenda_words import changed, titled, totalled
from ledger.vocabulary.money import Currency

#: Entries of a list that the text shows; every other form has them all.
SHOWN = 10
_COLUMNS = ("topic", "subject", "title", "team", "amount", "why", "command")


def print_agenda(agenda: Agenda, form: str) -> None:
    """Print an agenda in the form asked for."""
    currency = Currency(agenda.currency, agenda.exponent)
    if form == "json":
        print_json(_document(agenda, currency))
    elif form == "csv":
        print_csv((row for name in TOPICS for row in _records(agenda, name, currency, topic=True)), _COLUMNS)
    elif form == "markdown":
        print_lines(*as_document(agenda).splitlines())
    else:
        print_lines(*_text(agenda, currency))


def _document(agenda: Agenda, currency: Currency) -> Record:
    movements = [
        {"movement": each.movement, "amount": currency.plain(each.amount), "item": each.item}
        | {"item_amount": currency.plain(each.share)}
        for each in agenda.movements
    ]
    return {
        "quarter": agenda.quarter,
        "first_day": agenda.first_day,
        "last_day": agenda.last_day,
        "as_of": agenda.as_of,
        "known_at": agenda.known_at,
        "position": agenda.position,
        "currency": agenda.currency,
        "provisional": agenda.provisional,
        "projected": agenda.projected,
        "changed": {
            "opening": currency.plain(agenda.opening),
            "closing": currency.plain(agenda.closing),
            "interest_per_year": currency.plain(agenda.interest_per_year),
            "movements": movements,
        },
        **{name: list(_records(agenda, name, currency)) for name in TOPICS},
    }


def _records(agenda: Agenda, name: str, currency: Currency, *, topic: bool = False) -> Iterator[Record]:
    for entry in agenda.topics[name]:
        amount = None if entry.amount is None else currency.plain(entry.amount)
        yield ({"topic": name} if topic else {}) | asdict(entry) | {"amount": amount}


def _text(agenda: Agenda, currency: Currency) -> Iterator[str]:
    yield from wrapped_text(titled(agenda))
    for sentence in changed(agenda):
        yield from wrapped_text(sentence)
    for name, entries in agenda.topics.items():
        if entries:
            yield from ("", totalled(name, entries, currency))
            for entry in entries[:SHOWN]:
                yield from _entry(entry, currency)
            if len(entries) > SHOWN:
                yield f"  and {len(entries) - SHOWN} more: --format csv lists them all"
    if empty := [title for name, title in TOPICS.items() if not agenda.topics[name]]:
        yield ""
        yield from wrapped_text(f"None: {', '.join(empty).lower()}.")


def _entry(entry: AgendaEntry, currency: Currency) -> Iterator[str]:
    amount = "" if entry.amount is None else f"{currency.grouped(entry.amount)}  "
    yield from wrapped_text(f"{entry.subject}  {entry.title}", "  ")
    yield from wrapped_text(f"{amount}{entry.why}", "    ")
    yield from wrapped_command(entry.command, "    ")
