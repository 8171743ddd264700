"""Lists of items: those that are something, in an order, and those of which something was said."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, TypeVar

import click

from ledger.cli.finance.figures import as_of_option, known_at_option
from ledger.cli.kit.output import Record, format_option, print_csv, print_json, print_records, print_table, say
from ledger.cli.kit.pager import paged
from ledger.cli.kit.projection import say_beside, titled
from ledger.cli.kit.session import Session
from ledger.cli.kit.types import CATEGORY, SYSTEM, TEAM, TEXT, Read
from ledger.cli.lead.register import ITEM_AMOUNTS, ITEM_COLUMNS, item_record, known_names
from ledger.queries.register.chosen import ItemsWanted, in_order
from ledger.queries.register.items import STATUSES, RegisterItem
from ledger.queries.register.items import register as register_as_of
from ledger.queries.register.search import search as search_for
from ledger.vocabulary.counted import counted
from ledger.vocabulary.errors import Unreadable
from ledger.vocabulary.kinds import DIMENSIONS, NATURES
from ledger.vocabulary.spelling import nearest
from ledger.vocabulary.tags import tag_of

F = TypeVar("F", bound=Callable[..., Any])

#: What of it a terminal has no room for: the system is in the item's key, the category fixes the dimension.
_NOT_SHOWN = ("system", "dimension", "planned", "tags", "assignee", "interest_observed")
_SHOWN = tuple(name for name in ITEM_COLUMNS if name not in _NOT_SHOWN)
_FOUND = ("item", "title", "found", "status", "outstanding")
_NUMBERS = (*ITEM_AMOUNTS, "age_days")


def _column(text: str) -> str:
    """A column of the register, as one types it. Raises Unreadable."""
    name = text.strip().lower().replace("-", "_").replace(" ", "_")
    if name not in ITEM_COLUMNS:
        meant = nearest(name, ITEM_COLUMNS)
        near = f" Did you mean {meant}?" if meant else ""
        raise Unreadable(f"There is no column '{text}'.{near} There are {', '.join(ITEM_COLUMNS)}.")
    return name


def _columns(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_column(each) for each in text.split(",")))


def _order(text: str) -> tuple[str, bool]:
    """A column, and whether it is turned round."""
    return _column(text.removeprefix("-")), text.startswith("-")


def shown_options(function: F) -> F:
    """Add --sort, --limit and --columns: what of a list is shown, and how."""
    for option in (
        click.option(
            "--columns",
            type=Read("column,column", _columns),
            help="These alone, in this order: item,title,outstanding.",
        ),
        click.option("--limit", type=click.IntRange(min=1), metavar="N", help="The first N of them."),
        click.option(
            "--sort",
            "order",
            type=Read("column", _order),
            help="Amounts and ages the largest first, all else the first first; -COLUMN the other way round.",
        ),
    ):
        function = option(function)
    return function


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
@click.option("--tag", "tags", type=Read("tag", tag_of), multiple=True, help="With this tag; given twice, with both.")
@click.option("--assignee", type=TEXT, help="Whom it is assigned to; 'nobody' for what is nobody's.")
@click.option("--mine", is_flag=True, help="What is assigned to you.")
@click.option("--due", is_flag=True, help="Debt whose term ends by the end of the next quarter, or has ended.")
@click.option("--planned", is_flag=True, help="What is planned for a quarter.")
@click.option("--overdue", is_flag=True, help="What was to be repaid by a quarter that is over.")
@shown_options
@as_of_option
@known_at_option
@format_option
@click.pass_obj
@paged
def list_items(
    session: Session,
    /,
    *,
    as_of: date | None,
    known_at: str | None,
    form: str,
    order: tuple[str, bool] | None,
    limit: int | None,
    columns: tuple[str, ...] | None,
    **asked: Any,
) -> None:
    """List the register: what is open, or what the filters ask for."""
    day = as_of or session.today
    wanted = _wanted(session, day, asked)
    with session.reader(known_at) as reader:
        known_names(reader, day, **{name: asked[name] for name in ("system", "category", "team")})
        items = wanted.chosen(register_as_of(reader, day), reader.calendar)
    if order is not None:
        items = in_order(items, order[0], turned=order[1])
    _print(session, form, day, items[:limit], columns)
    _say_left_out(items, limit)


def _wanted(session: Session, day: date, asked: Mapping[str, Any]) -> ItemsWanted:
    if asked["mine"] and asked["assignee"] is not None:
        raise click.UsageError("Give --mine or --assignee, not both.")
    calendar = session.book.calendar
    return ItemsWanted(
        same={name: asked[name] for name in ("system", "nature", "dimension", "category", "team")},
        status=asked["status"],
        grep=asked["grep"],
        tags=asked["tags"],
        owner=session.actor if asked["mine"] else asked["assignee"],
        due_by=calendar.last_day(calendar.quarter_of(day).shift(1)) if asked["due"] else None,
        planned=asked["planned"],
        overdue=asked["overdue"],
    )


def _print(
    session: Session, form: str, day: date, items: Sequence[RegisterItem], columns: tuple[str, ...] | None
) -> None:
    currency = session.book.currency
    records = [item_record(item, currency.grouped if form == "table" else currency.plain) for item in items]
    title = titled(f"Register on {day}, {currency.code}", day, session.today)
    empty = "No item matches. `debt list --status all` shows closed and reversed ones too."
    say_beside(form, day, session.today)
    if columns is not None and form == "json":
        print_json([{name: record[name] for name in columns} for record in records])
    elif columns is not None and form == "table" and records:
        # Who names the columns wants each: where there is no room beside each other they stand below each other.
        print_table(records, columns, title=title, right=_NUMBERS, turned=True)
    else:
        usual = _SHOWN if form == "table" else ITEM_COLUMNS
        print_records(form, records, columns or usual, title=title, right=_NUMBERS, empty=empty)


def _say_left_out(items: Sequence[RegisterItem], limit: int | None) -> None:
    if limit is not None and len(items) > limit:
        say(f"Not shown: {counted(len(items) - limit, 'item')} more.")


@click.command()
@click.argument("words", nargs=-1, required=True, type=TEXT, metavar="TEXT...")
@click.option(
    "--status", type=click.Choice([*STATUSES, "all"]), help="Closed and reversed items are shown only on demand."
)
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="The first N of them.")
@as_of_option
@known_at_option
@format_option
@click.pass_obj
@paged
def search(
    session: Session,
    words: tuple[str, ...],
    status: str | None,
    limit: int | None,
    as_of: date | None,
    known_at: str | None,
    form: str,
) -> None:
    """Find the items of which each TEXT was said: in titles, reasons, notes, evidence, tags and links.

    A text is found within a word, whatever its capitals; 'two words' in quotation marks are found together.
    """
    day, currency = as_of or session.today, session.book.currency
    with session.reader(known_at) as reader:
        found = search_for(reader, words, day)
        items = ItemsWanted(same={}, status=status).chosen(register_as_of(reader, day), reader.calendar)
    items = [item for item in items if item.item in found]
    records: list[Record] = [
        item_record(item, currency.grouped if form == "table" else currency.plain) for item in items[:limit]
    ]
    say_beside(form, day, session.today)
    if form == "json":
        print_json(records)
    elif form == "csv":
        print_csv(records, ITEM_COLUMNS)
    elif records:
        shown = [record | {"found": found[str(record["item"])]} for record in records]
        title = titled(f"Found on {day}, {currency.code}", day, session.today)
        print_table(shown, _FOUND, title=title, right=_NUMBERS)
    else:
        say("Nothing was said of that. `debt search TEXT --status all` looks at closed and reversed items too.")
    _say_left_out(items, limit)
