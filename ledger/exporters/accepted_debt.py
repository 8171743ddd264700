"""All accepted debt as one document in Markdown: a table of amounts and terms, then each decision in its own words."""

from __future__ import annotations

from collections.abc import Iterator

from ledger.exporters.markdown_text import escaped, table
from ledger.views.accepted import AcceptedDebt, AcceptedView
from ledger.vocabulary.money import Currency

_HEADER = (
    "Item",
    "Debt",
    "Accepted",
    "Decided by",
    "Repay by",
    "Until",
    "State",
    "Outstanding",
    "Interest a year",
    "Interest since",
)


def accepted_document(view: AcceptedView) -> str:
    """The document. The same view gives the same text."""
    currency = Currency(view.currency, view.exponent)
    lines = [
        f"# Accepted debt on {view.as_of}, book {escaped(view.book)}{' (projected)' if view.projected else ''}",
        "",
        *_summary(view, currency),
        "",
        *(table(_HEADER, _rows(view, currency), right=(7, 8, 9)) if view.debts else []),
        *(line for debt in view.debts for line in _told(debt)),
        "",
        f"As known at position {view.position}, {view.known_at}; hash of the last event: {view.head_hash}.",
    ]
    return "".join(f"{line}\n" for line in lines)


def _summary(view: AcceptedView, currency: Currency) -> Iterator[str]:
    if not view.debts:
        yield "No debt stands on that day."
        return
    yield (
        f"{currency.text(view.outstanding)} outstanding, at {currency.text(view.interest_per_year)} interest a year. "
        f"Items: {len(view.debts)}, past their term: {view.past_term}."
    )


def _rows(view: AcceptedView, currency: Currency) -> Iterator[list[str]]:
    for debt in view.debts:
        amounts = (debt.outstanding, debt.interest_per_year, debt.interest_since)
        yield [
            debt.item,
            escaped(debt.title),
            str(debt.accepted_on),
            escaped(debt.decided_by),
            debt.repay_by,
            str(debt.until or "–"),
            debt.state,
            *map(currency.grouped, amounts),
        ]
    sums = (view.outstanding, view.interest_per_year, view.interest_since)
    yield ["Total", *[""] * 6, *map(currency.grouped, sums)]


def _told(debt: AcceptedDebt) -> Iterator[str]:
    yield ""
    yield f"## {debt.item}: {escaped(debt.title)}"
    yield ""
    team = f", team {escaped(debt.team)}" if debt.team else ""
    yield f"* System {debt.system}{team}; category {debt.category}"
    yield f"* {debt.how.capitalize()} on {debt.accepted_on} by {escaped(debt.decided_by)}"
    yield f"* Why: {escaped(debt.because)}"
    yield f"* Benefit: {escaped(debt.benefit)}"
    yield from (f"* Renewed on {escaped(renewal.told)}" for renewal in debt.renewals)
    if debt.adr:
        yield f"* Decision record: {escaped(debt.adr)}"
