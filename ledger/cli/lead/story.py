"""One item's story: what was decided, what it owes, how it is called and found, and every event of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import click
import msgspec

from ledger.cli.finance.figures import as_of_option, known_at_option
from ledger.cli.kit.asking import AskingCommand, NeededArgument
from ledger.cli.kit.output import Record, format_option, print_json, print_lines, print_records, print_table
from ledger.cli.kit.pager import paged
from ledger.cli.kit.projection import say_beside, titled, told
from ledger.cli.kit.session import Session
from ledger.cli.kit.types import ITEM
from ledger.cli.kit.wrapping import wrapped_text
from ledger.cli.lead.register import item_record
from ledger.events import (
    STORED_AS,
    DebtCommissioned,
    Description,
    EstimateRevised,
    NeglectObserved,
    NoteAdded,
    said_of_item,
)
from ledger.queries.register.items import RegisterItem
from ledger.queries.register.items import register as register_as_of
from ledger.queries.register.story import story
from ledger.vocabulary.categories import CATEGORIES
from ledger.vocabulary.counted import counted
from ledger.vocabulary.efforts import effort_text
from ledger.vocabulary.errors import NotFound
from ledger.vocabulary.money import Currency


@click.command(cls=AskingCommand)
@click.argument("item", cls=NeededArgument, type=ITEM)
@as_of_option
@known_at_option
@format_option
@click.pass_obj
@paged
def show(session: Session, item: str, as_of: date | None, known_at: str | None, form: str) -> None:
    """Tell ITEM's whole story: decisions, postings with running balance, interest, events."""
    day = as_of or session.today
    currency = session.book.currency
    with session.reader(known_at) as reader:
        found = next((entry for entry in register_as_of(reader, day) if entry.item == item), None)
        if found is None:
            raise NotFound(
                f"There is no item {item} on {day}.",
                "`debt list --status all` shows the register.",
                unknown=("items", item),
            )
        tale = story(reader, item, day)
    if form == "json":
        answer = (
            item_record(found, currency.plain)
            | {
                "until": found.until,
                "planned_for": found.planned_for,
                "team": found.team,
                "cost_centre": found.cost_centre,
                "links": found.links,
            }
            | {"decisions": tale.decisions, "postings": tale.postings(currency.plain), "events": tale.events}
        )
        print_json(told(answer, day, session.today))
        return
    say_beside(form, day, session.today)
    if form == "csv":
        print_records(form, tale.postings(currency.plain), tale.POSTING_COLUMNS)
        return
    print_lines(titled(f"{found.item}  {found.title}", day, session.today))
    _print_story(found, tale.decisions, tale.postings(currency.grouped), tale.events, currency)


def _print_story(
    item: RegisterItem, decisions: list[Record], postings: list[Record], logged: list[Record], currency: Currency
) -> None:
    for line in (*_standing(item), *_worth(item, logged, currency)):
        print_lines(*wrapped_text(line))
    print_lines(*item.links, "")
    _print_decisions(decisions)
    _print_notes(logged)
    amounts = ("amount", "outstanding", "carry", "interest_per_year", "spent")
    if postings:
        legs = ("position", "effective_on", "movement", "nature", *amounts)
        print_table(postings, legs, title=f"Postings, {currency.code}", right=("position", *amounts))
    columns = ("position", "effective_on", "recorded_at", "actor", "stored_as", "hash", "remark")
    short = [entry | {"hash": str(entry["hash"])[:12], "remark": _remark(entry)} for entry in logged]
    print_table(short, columns, title="Events", right=("position",))


def _standing(item: RegisterItem) -> Iterator[str]:
    """How it stands, whose it is, and until when."""
    yield f"{item.status}, {item.nature}, {item.category} ({item.dimension}), team {item.team}"
    source = CATEGORIES[item.category].source if item.category in CATEGORIES else ""
    if source:
        yield f"as in {source}"
    term = f", repay by {item.repay_by}" if item.repay_by else ""
    until = f", until {item.until}" if item.until else ""
    planned = f", planned for {item.planned_for}" if item.planned_for else ""
    yield f"opened on {item.opened_on}, {counted(item.age_days, 'day')} ago{term}{until}{planned}"
    held = (
        f"assigned to {item.assignee}" if item.assignee else "",
        f"tags {', '.join(item.tags)}" if item.tags else "",
    )
    if any(held):
        yield ", ".join(filter(None, held))


def _worth(item: RegisterItem, logged: list[Record], currency: Currency) -> Iterator[str]:
    """What it is estimated at, as it was typed, what is left of that, and what it costs."""
    if item.principal is None:
        yield "not estimated"
    else:
        yield f"estimated at {currency.text(item.principal)}{_effort(logged, currency)}"
    yield (
        f"outstanding {currency.text(item.outstanding)}, interest {currency.text(item.interest_per_year)} a year, "
        f"incurred so far {currency.text(item.interest_incurred)}{_observed(item, currency)}"
    )


def _effort(logged: list[Record], currency: Currency) -> str:
    """The effort that the first estimate was typed as, where it was."""
    undone = {entry["data"].get("reversed_position") for entry in logged}
    estimates = [
        entry["data"]
        for entry in logged
        if entry["position"] not in undone
        and issubclass(STORED_AS[str(entry["stored_as"])], DebtCommissioned | NeglectObserved | EstimateRevised)
    ]
    first: dict[str, Any] = next(
        (data for data in estimates if data.get("principal_minor") or data.get("principal_change_minor")), {}
    )
    if not first.get("effort_minutes"):
        return ""
    return f" ({effort_text(first['effort_minutes'])} at {currency.text(first['day_rate_minor'])} a day)"


def _print_decisions(decisions: list[Record]) -> None:
    """Each decision with all that was said, a paragraph a field."""
    for decision in decisions:
        said = {name: value for name, value in decision.items() if value is not None}
        day, what = said.pop("on"), str(said.pop("what")).replace("-", " ")
        print_lines(f"{day}  {what}{' (reversed)' if said.pop('reversed', False) else ''}")
        for name, value in said.items():
            print_lines(*wrapped_text(f"{name.replace('_', ' ')}: {value}", "    "))
    if decisions:
        print_lines("")


def _print_notes(logged: list[Record]) -> None:
    """Each note that stands, whole."""
    undone = {entry["data"].get("reversed_position") for entry in logged}
    notes = [
        entry
        for entry in logged
        if issubclass(STORED_AS[str(entry["stored_as"])], NoteAdded) and entry["position"] not in undone
    ]
    for entry in notes:
        print_lines(f"{entry['effective_on']}  note by {entry['actor']}")
        for paragraph in str(entry["data"]["text"]).splitlines():
            print_lines(*wrapped_text(paragraph, "    "))
    if notes:
        print_lines("")


def _observed(item: RegisterItem, currency: Currency) -> str:
    """What its interest was seen to be, beside what is booked."""
    return "" if item.interest_observed is None else f", observed {currency.text(item.interest_observed)}"


def _remark(entry: Record) -> str:
    """What somebody said when they recorded an event: a note's text, a reason, a title or tags, the evidence."""
    data, kind = entry["data"], STORED_AS[str(entry["stored_as"])]
    said = data.get("text") or data.get("because") or ""
    if issubclass(kind, Description):
        said = said_of_item(msgspec.convert(data, kind))
    return f"{said} ({data['evidence']})" if said and data.get("evidence") else said or data.get("evidence") or ""
