"""The register: lists of items, their ageing, one item's story, the log."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import click

from ledger.cli.finance.figures import as_of_option, known_at_option
from ledger.cli.kit.asking import AskingCommand, NeededArgument
from ledger.cli.kit.output import Record, format_option, print_json, print_lines, print_records, print_table
from ledger.cli.kit.projection import say_beside, titled, told
from ledger.cli.kit.session import Session
from ledger.cli.kit.types import CATEGORY, ITEM, SYSTEM, TEAM, TEXT
from ledger.decide.opening import known_category
from ledger.queries.figures.ageing import COLUMNS as AGE_COLUMNS
from ledger.queries.figures.ageing import ageing as age
from ledger.queries.reader import Reader
from ledger.queries.register.items import STATUSES, RegisterItem, listed_under
from ledger.queries.register.items import register as register_as_of
from ledger.queries.register.story import story
from ledger.queries.register.systems import systems
from ledger.vocabulary.categories import CATEGORIES
from ledger.vocabulary.errors import NotFound
from ledger.vocabulary.kinds import DIMENSIONS, NATURES
from ledger.vocabulary.money import Currency

ITEM_AMOUNTS = ("principal", "outstanding", "interest_per_year", "interest_incurred")
ITEM_COLUMNS = (
    "item",
    "system",
    "title",
    "nature",
    "dimension",
    "category",
    "opened_on",
    "principal",
    "outstanding",
    "interest_per_year",
    "interest_incurred",
    "status",
    "repay_by",
    "age_days",
    "planned",
)
#: What of it fits on a terminal: the system is in the item's key, the category fixes the dimension.
_SHOWN_COLUMNS = tuple(name for name in ITEM_COLUMNS if name not in ("system", "dimension", "planned"))


@click.command()
@as_of_option
@known_at_option
@format_option
@click.pass_obj
def ageing(session: Session, as_of: date | None, known_at: str | None, form: str) -> None:
    """What is outstanding, by system and age in days; lapsed and overdue are 'of which'."""
    day = as_of or session.today
    with session.reader(known_at) as reader:
        found = age(register_as_of(reader, day))
    shown = session.book.currency.grouped if form == "table" else session.book.currency.plain
    rows: list[Record] = [
        {"system": system, **{column: shown(row[column]) for column in AGE_COLUMNS}}
        for system, row in found.rows.items()
    ]
    total = {column: shown(found.total[column]) for column in AGE_COLUMNS}
    if form == "json":
        print_json(told({"as_of": day, "rows": rows, "total": total}, day, session.today))
        return
    if form == "table":
        rows.append({"system": "total", **total})
    title = titled(f"Outstanding by age in days on {day}, {session.book.currency.code}", day, session.today)
    say_beside(form, day, session.today)
    print_records(form, rows, ("system", *AGE_COLUMNS), title=title, right=AGE_COLUMNS)


@click.command("list")
@click.option("--system", type=SYSTEM, help="Of one system.")
@click.option("--nature", type=click.Choice(NATURES), help="Debt or neglect.")
@click.option("--dimension", type=click.Choice(DIMENSIONS), help="Of one dimension.")
@click.option("--category", type=CATEGORY, help="Of one category.")
@click.option("--team", type=TEAM, help="Of one team's systems on that day.")
@click.option(
    "--status", type=click.Choice([*STATUSES, "all"]), help="Closed and reversed items are shown only on demand."
)
@click.option("--grep", type=TEXT, help="Whose title holds this text.")
@as_of_option
@known_at_option
@format_option
@click.pass_obj
def list_items(
    session: Session,
    system: str | None,
    nature: str | None,
    dimension: str | None,
    category: str | None,
    team: str | None,
    status: str | None,
    grep: str | None,
    as_of: date | None,
    known_at: str | None,
    form: str,
) -> None:
    """List the register: what is open, or what the filters ask for."""
    day = as_of or session.today
    with session.reader(known_at) as reader:
        known_names(reader, day, system=system, category=category, team=team)
        items = register_as_of(reader, day)
    wanted = {"system": system, "nature": nature, "dimension": dimension, "category": category, "team": team}
    kept = [
        item
        for item in items
        if all(value is None or getattr(item, name) == value for name, value in wanted.items())
        and (grep is None or grep.casefold() in item.title.casefold())
        and listed_under(item, status)
    ]
    shown = session.book.currency.grouped if form == "table" else session.book.currency.plain
    say_beside(form, day, session.today)
    records = [item_record(item, shown) for item in kept]
    print_records(
        form,
        records,
        _SHOWN_COLUMNS if form == "table" else ITEM_COLUMNS,
        title=titled(f"Register on {day}, {session.book.currency.code}", day, session.today),
        right=(*ITEM_AMOUNTS, "age_days"),
        empty="No item matches. `debt list --status all` shows closed and reversed ones too.",
    )


def known_names(
    reader: Reader, day: date, *, system: str | None = None, category: str | None = None, team: str | None = None
) -> None:
    """Refuse names that nothing has: a filter that can match nothing is a mistake."""
    if category is not None:
        known_category(category)
    if system is None and team is None:
        return
    found = systems(reader, day)
    if system is not None and system not in {known.key for known in found}:
        raise NotFound(f"There is no system {system}. `debt system list` shows them.")
    if team is not None and team not in {owner["team"] for known in found for owner in known.owners}:
        raise NotFound(f"No system names a team '{team}'. `debt system list` shows the teams.")


def item_record(item: RegisterItem, shown: Callable[[int], str]) -> Record:
    """An item as design §6 shapes it. shown: a currency's way of writing an amount."""
    record: Record = {name: getattr(item, name) for name in ITEM_COLUMNS if name != "planned"}
    record["planned"] = item.planned_for
    for name in ITEM_AMOUNTS:
        record[name] = None if record[name] is None else shown(record[name])
    return record


@click.command(cls=AskingCommand)
@click.argument("item", cls=NeededArgument, type=ITEM)
@as_of_option
@known_at_option
@format_option
@click.pass_obj
def show(session: Session, item: str, as_of: date | None, known_at: str | None, form: str) -> None:
    """Tell ITEM's whole story: decisions, postings with running balance, interest, events."""
    day = as_of or session.today
    currency = session.book.currency
    with session.reader(known_at) as reader:
        found = next((entry for entry in register_as_of(reader, day) if entry.item == item), None)
        if found is None:
            raise NotFound(f"There is no item {item} on {day}. `debt list --status all` shows the register.")
        told = story(reader, item, day)
    if form == "json":
        print_json(
            item_record(found, currency.plain)
            | {
                "until": found.until,
                "planned_for": found.planned_for,
                "team": found.team,
                "cost_centre": found.cost_centre,
            }
            | {"decisions": told.decisions, "postings": told.postings(currency.plain), "events": told.events}
        )
        return
    if form == "csv":
        print_records(form, told.postings(currency.plain), told.POSTING_COLUMNS)
        return
    _print_story(found, told.decisions, told.postings(currency.grouped), told.events, currency)


def _print_story(
    item: RegisterItem, decisions: list[Record], postings: list[Record], logged: list[Record], currency: Currency
) -> None:
    source = CATEGORIES[item.category].source if item.category in CATEGORIES else ""
    print_lines(f"{item.item}  {item.title}")
    print_lines(f"{item.status}, {item.nature}, {item.category} ({item.dimension}; {source}), team {item.team}")
    term = f", repay by {item.repay_by}" if item.repay_by else ""
    until = f", until {item.until}" if item.until else ""
    planned = f", planned for {item.planned_for}" if item.planned_for else ""
    print_lines(f"opened on {item.opened_on}, {item.age_days} days ago{term}{until}{planned}")
    print_lines(
        f"outstanding {currency.text(item.outstanding)}, interest {currency.text(item.interest_per_year)} a year, "
        f"incurred so far {currency.text(item.interest_incurred)}",
        "",
    )
    if decisions:
        for decision in decisions:
            print_lines(
                "  ".join(f"{name.replace('_', ' ')}: {value}" for name, value in decision.items() if value is not None)
            )
        print_lines("")
    amounts = ("amount", "outstanding", "carry", "interest_per_year", "spent")
    if postings:
        legs = ("position", "effective_on", "movement", "nature", *amounts)
        print_table(postings, legs, title=f"Postings, {currency.code}", right=("position", *amounts))
    columns = ("position", "effective_on", "recorded_at", "actor", "stored_as", "hash", "remark")
    short = [entry | {"hash": str(entry["hash"])[:12], "remark": _remark(entry["data"])} for entry in logged]
    print_table(short, columns, title="Events", right=("position",))


def _remark(data: Record) -> str:
    """What somebody said when they recorded an event: a note's text, a reason, the evidence."""
    said = data.get("text") or data.get("because") or ""
    return f"{said} ({data['evidence']})" if said and data.get("evidence") else said or data.get("evidence") or ""
