"""Accepted debt, for an auditor from outside."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from datetime import date
from pathlib import Path

import click

from ledger.cli.finance.figures import as_of_option, known_at_option
from ledger.cli.kit.output import Record, format_option, print_csv, print_json, print_lines, print_records
from ledger.cli.kit.session import Session
from ledger.queries.register.accepted import accepted as accepted_on
from ledger.services.accepted import refuse_accepted_file, write_accepted
from ledger.views.accepted import AcceptedDebt, AcceptedView

_AMOUNTS = ("outstanding", "interest_per_year", "interest_since")
_COLUMNS = ("item", "title", "how", "accepted_on", "decided_by", "repay_by", "until", "renewals", "state", *_AMOUNTS)
_EVERY = (
    "item",
    "system",
    "team",
    "title",
    "category",
    "how",
    "accepted_on",
    "decided_by",
    "because",
    "benefit",
    "repay_by",
    "until",
    "renewals",
    "state",
    *_AMOUNTS,
    "adr",
)


@click.command()
@as_of_option
@known_at_option
@click.option(
    "--out", type=click.Path(path_type=Path), metavar="FILE", help="Write one document: FILE.xlsx or FILE.md."
)
@click.option("--force", is_flag=True, help="Replace a file that is there already.")
@format_option
@click.pass_obj
def accepted(
    session: Session, as_of: date | None, known_at: str | None, out: Path | None, force: bool, form: str
) -> None:
    """All accepted debt: who decided, why, for what benefit, until when, renewed how often, and what it is now."""
    if out is not None:
        refuse_accepted_file(out, session.ledger, force=force)
    with session.reader(known_at) as reader:
        view = accepted_on(reader, as_of or session.today, session.today)
    currency = session.book.currency
    if out is not None:
        write_accepted(view, out, session.ledger)
        print_lines(
            f"{out}: accepted debt on {view.as_of}, {currency.text(view.outstanding)} outstanding; items: {len(view.debts)}."
        )
    elif form == "json":
        print_json(_document(view, currency.plain))
    elif form == "csv":
        renewals = ({"renewals": "; ".join(renewed.told for renewed in debt.renewals)} for debt in view.debts)
        records = [_record(debt, currency.plain) | told for debt, told in zip(view.debts, renewals, strict=True)]
        print_csv(records, _EVERY)
    else:
        _print(view, currency.grouped)


def _print(view: AcceptedView, shown: Callable[[int], str]) -> None:
    records = [_record(debt, shown) | {"renewals": len(debt.renewals) or None} for debt in view.debts]
    sums = {name: shown(getattr(view, name)) for name in _AMOUNTS}
    rows = [*records, {**dict.fromkeys(_COLUMNS, ""), "item": "total", **sums}] if records else []
    print_records(
        "table",
        rows,
        _COLUMNS,
        title=f"Accepted debt on {view.as_of}, {view.currency}{', projected' if view.projected else ''}",
        right=("renewals", *_AMOUNTS),
        empty=f"No debt stands on {view.as_of}. `debt commission` and `debt adopt` take it on.",
    )


def _document(view: AcceptedView, shown: Callable[[int], str]) -> Record:
    return {
        "as_of": view.as_of,
        "known_at": view.known_at,
        "position": view.position,
        "head": view.head_hash,
        "currency": view.currency,
        "projected": view.projected,
        "debts": [_record(debt, shown) for debt in view.debts],
        "total": {"items": len(view.debts), "past_term": view.past_term}
        | {name: shown(getattr(view, name)) for name in _AMOUNTS},
    }


def _record(debt: AcceptedDebt, shown: Callable[[int], str]) -> Record:
    return asdict(debt) | {name: shown(getattr(debt, name)) for name in _AMOUNTS}
