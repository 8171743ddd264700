"""The agenda of a quarter's review as one document in Markdown: what changed and why, then each list with its commands."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ledger.exporters.markdown_text import escaped, table
from ledger.views.agenda import TOPICS, Agenda, AgendaEntry
from ledger.views.agenda_words import changed, titled, totalled
from ledger.vocabulary.money import Currency

_HEADER = ("About", "What", "Team", "Amount", "Why", "Command")


def agenda_document(agenda: Agenda) -> str:
    """The document. The same agenda gives the same text."""
    currency = Currency(agenda.currency, agenda.exponent)
    lines = [
        f"# {escaped(titled(agenda))}",
        "",
        *(escaped(sentence) for sentence in changed(agenda)),
        *(line for name in TOPICS for line in _topic(name, agenda.topics[name], currency)),
        "",
        f"As known at position {agenda.position}, {agenda.known_at}.",
    ]
    return "".join(f"{line}\n" for line in lines)


def _topic(name: str, entries: Sequence[AgendaEntry], currency: Currency) -> Iterator[str]:
    yield from ("", f"## {totalled(name, entries, currency)}")
    if entries:
        yield ""
        yield from table(_HEADER, [_row(entry, currency) for entry in entries], right=(3,))


def _row(entry: AgendaEntry, currency: Currency) -> list[str]:
    amount = "–" if entry.amount is None else currency.grouped(entry.amount)
    texts = [escaped(text) for text in (entry.subject, entry.title, entry.team)]
    return [*texts, amount, escaped(entry.why), escaped(entry.command)]
