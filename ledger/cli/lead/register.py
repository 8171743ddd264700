"""The register: what is outstanding by age, and items as every list shows them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import click

from ledger.cli.finance.figures import as_of_option, known_at_option
from ledger.cli.kit.output import Record, format_option, print_json, print_records
from ledger.cli.kit.projection import say_beside, titled, told
from ledger.cli.kit.session import Session
from ledger.decide.opening import known_category
from ledger.queries.figures.ageing import COLUMNS as AGE_COLUMNS
from ledger.queries.figures.ageing import ageing as age
from ledger.queries.reader import Reader
from ledger.queries.register.items import RegisterItem
from ledger.queries.register.items import register as register_as_of
from ledger.queries.register.systems import systems
from ledger.vocabulary.errors import NotFound

ITEM_AMOUNTS = ("principal", "outstanding", "interest_per_year", "interest_incurred", "interest_observed")
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
    "tags",
    "assignee",
    "interest_observed",
)
#: What of it a terminal has no room for: the system is in the item's key, the category fixes the dimension.
_NOT_SHOWN = ("system", "dimension", "planned", "tags", "assignee", "interest_observed")
_SHOWN_COLUMNS = tuple(name for name in ITEM_COLUMNS if name not in _NOT_SHOWN)


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
        raise NotFound(f"There is no system {system}.", "`debt system list` shows them.", unknown=("systems", system))
    if team is not None and team not in {owner["team"] for known in found for owner in known.owners}:
        raise NotFound(
            f"No system names a team '{team}'.", "`debt system list` shows the teams.", unknown=("teams", team)
        )


def item_record(item: RegisterItem, shown: Callable[[int], str]) -> Record:
    """An item as design §6 shapes it. shown: a currency's way of writing an amount."""
    record: Record = {name: item.planned_for if name == "planned" else getattr(item, name) for name in ITEM_COLUMNS}
    for name in ITEM_AMOUNTS:
        record[name] = None if record[name] is None else shown(record[name])
    record["tags"] = list(item.tags)
    return record
