"""The decision log: what was decided, the items that stand for it, and what they cost since."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from datetime import date

import click

from ledger.cli.finance.figures import as_of_option, known_at_option
from ledger.cli.kit.output import Record, format_option, print_records, say
from ledger.cli.kit.pager import paged
from ledger.cli.kit.projection import say_beside, titled
from ledger.cli.kit.session import Session
from ledger.cli.kit.types import TEXT
from ledger.queries.register.decisions import DecisionView, known_log, learned_later
from ledger.queries.register.decisions import decisions as decisions_as_of

_AMOUNTS = ("outstanding", "interest_per_year", "interest_since")
_COLUMNS = ("log", "id", "dated_on", "status", "title", "superseded_by", "items", *_AMOUNTS)
_EVERY = (
    "log",
    "id",
    "title",
    "status",
    "status_said",
    "dated_on",
    "since",
    "deciders",
    "supersedes",
    "superseded_by",
    "links",
    "items",
    *_AMOUNTS,
    "path",
    "sha256",
    "position",
)
_NONE = "The log holds no decision by then. `debt import adr FOLDER --system SYSTEM` reads decision records."
_LISTS = ("deciders", "supersedes", "superseded_by", "items")


@click.command()
@as_of_option
@known_at_option
@click.option("--log", "log_name", type=TEXT, metavar="NAME", help="Of this log only.")
@format_option
@click.pass_obj
@paged
def decisions(session: Session, as_of: date | None, known_at: str | None, log_name: str | None, form: str) -> None:
    """The decision log as of a day: each record, its items, what they owe, and their interest since the decision."""
    day = as_of or session.today
    with session.reader(known_at) as reader:
        if log_name is not None:
            known_log(reader, log_name)
        found = [view for view in decisions_as_of(reader, day) if log_name in (None, view.log)]
        later = learned_later(reader, day, log_name)
    currency = session.book.currency
    records = [_record(view, currency.grouped if form == "table" else currency.plain) for view in found]
    if form == "csv":
        records = [_flat(record) for record in records]
    elif form == "table":
        records = [_told(record) for record in records]
    print_records(
        form,
        records,
        _EVERY if form == "csv" else _COLUMNS,
        title=titled(f"Decisions on {day}, {currency.code}", day, session.today),
        right=_AMOUNTS,
        empty=_NONE if not later else "No decision stands in the log by then.",
    )
    say_beside(form, day, session.today)
    for since, number in later.items():
        records_are = "1 record that is" if number == 1 else f"{number} records that are"
        say(f"Learned later: {records_are} dated by {day}; in the log since {since}.")


def _record(view: DecisionView, shown: Callable[[int], str]) -> Record:
    links = [{"relation": relation, "to": to} for relation, to in view.links]
    return asdict(view) | {"links": links} | {name: shown(getattr(view, name)) for name in _AMOUNTS}


def _flat(record: Record) -> Record:
    """As cells hold it: a list as its parts with commas between."""
    links = ", ".join(f"{link['relation']} {link['to']}" for link in record["links"])
    return record | {"links": links} | {name: ", ".join(record[name]) for name in _LISTS}


def _told(record: Record) -> Record:
    """As a person reads it: a status that is not known in the record's own words, no amounts where there is no item."""
    said = record["status_said"]
    amounts = {} if record["items"] else dict.fromkeys(_AMOUNTS)
    return _flat(record) | {"status": record["status"] or (f"“{said}”" if said else None)} | amounts
