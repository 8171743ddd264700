"""Where the book stands: its status on one screen, and what falls due."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import islice

import click

from ledger.cli.finance.figures import as_of_option, known_at_option
from ledger.cli.kit.output import Record, format_option, print_csv, print_json, print_lines, print_records
from ledger.cli.kit.pager import paged
from ledger.cli.kit.projection import say_beside, titled, told
from ledger.cli.kit.session import Session
from ledger.cli.kit.types import QUARTER, TEAM
from ledger.cli.kit.wrapping import WIDTH, wrapped_command
from ledger.cli.lead.register import ITEM_AMOUNTS, ITEM_COLUMNS, item_record, known_names
from ledger.queries.register.due import due as due_between
from ledger.queries.register.items import RegisterItem, register
from ledger.queries.register.next_steps import next_steps
from ledger.queries.register.status import BookStatus
from ledger.queries.register.status import status as status_as_of
from ledger.vocabulary.money import Currency
from ledger.vocabulary.quarters import Quarter

#: Items that a line of the screen names, and commands that are proposed.
_NAMED, _PROPOSED = 3, 3
_DUE_COLUMNS = ("due_on", *ITEM_COLUMNS)
#: What of it a screen shows: the day is the term, and the item's key names its system.
_DUE_SHOWN = ("due_on", "item", "title", "outstanding", "interest_per_year", "status", "planned")


@click.command()
@as_of_option
@known_at_option
@format_option
@click.pass_obj
def status(session: Session, as_of: date | None, known_at: str | None, form: str) -> None:
    """Show where the book stands, on one screen: what is owed, late, due and waiting. `debt` alone does the same."""
    day = as_of or session.today
    with session.reader(known_at) as reader:
        found = status_as_of(reader, day)
        position = reader.position
    record = _record(found, session.book.currency)
    say_beside(form, day, session.today)
    if form == "json":
        print_json(told(record, day, session.today))
    elif form == "csv":
        flat = _flat(record)
        print_csv([flat], list(flat))
    else:
        title = f"{session.book.name} on {day}, {session.book.currency.code}, as known at position {position}"
        print_lines(titled(title, day, session.today), "", *_screen(found, session.book.currency))


def _record(found: BookStatus, currency: Currency) -> Record:
    """A status as design §8 shapes it."""

    def counted(items: Sequence[RegisterItem]) -> Record:
        return {"items": len(items), "amount": currency.plain(_sum(items))}

    debt, neglect = found.owed("debt"), found.owed("neglect")
    return {
        "as_of": found.as_of,
        "currency": currency.code,
        "delta": currency.plain(debt + neglect),
        "debt": currency.plain(debt),
        "neglect": currency.plain(neglect),
        "interest_per_month": currency.plain(found.interest_per_month),
        "interest_observed": currency.plain(found.interest_observed),
        "overdue": counted(found.overdue),
        "lapsed": counted(found.lapsed),
        "due": counted([each.item for each in found.due]),
        "unestimated": len(found.unestimated),
        "neglect_waiting": counted(found.neglect_waiting),
        "breaches": len(found.breaches),
        "next": [step.command for step in islice(next_steps(found), _PROPOSED)],
    }


def _flat(record: Record) -> Record:
    """The same as one row: what has items and an amount is two columns."""
    flat: Record = {}
    for name, value in record.items():
        if isinstance(value, dict):
            flat |= {f"{name}_{part}": figure for part, figure in value.items()}
        else:
            flat[name] = "; ".join(value) if isinstance(value, list) else value
    return flat


def _sum(items: Sequence[RegisterItem]) -> int:
    return sum(item.outstanding for item in items)


def _screen(found: BookStatus, currency: Currency) -> Iterator[str]:
    """The lines of the screen: 80 columns, at most 22 lines."""
    debt, delta = found.owed("debt"), found.owed("debt") + found.owed("neglect")
    width = max(len(currency.grouped(value)) for value in (delta, found.interest_per_month))

    def line(label: str, amount: int | None, remark: str = "") -> str:
        shown = "" if amount is None else currency.grouped(amount)
        return f"{label:<17}{shown:>{width}}  {remark}".rstrip()

    def items(label: str, listed: Sequence[RegisterItem], *, amount: bool = True) -> str:
        counted = _counted([item.item for item in listed], "item", WIDTH - len(line(label, delta)) - 2)
        return line(label, _sum(listed) if amount else None, counted)

    yield line("Delta", delta, f"of it debt {currency.grouped(debt)}")
    seen = f"observed on open items {currency.grouped(found.interest_observed)}" if found.interest_observed else ""
    yield line("Interest a month", found.interest_per_month, seen)
    yield ""
    yield items("Overdue", found.overdue)
    yield items("Lapsed", found.lapsed)
    yield items(f"Due to {found.due_quarter}", [each.item for each in found.due])
    yield items("Planned", found.planned)
    yield items("Neglect waiting", found.neglect_waiting)
    yield items("Unestimated", found.unestimated, amount=False)
    broken = [f"{system} is not {each.expectation}" for system, each in found.breaches]
    yield line("Breaches", None, _counted(broken, "breach", WIDTH - len(line("", delta)) - 2))
    if steps := list(islice(next_steps(found), _PROPOSED)):
        yield from ("", "Next:")
        for step in steps:
            yield from wrapped_command(step.command)
            yield f"      {step.why}"


def _counted(names: Sequence[str], what: str, room: int) -> str:
    """How many, and by name the first of them that have room; a name is never cut."""
    if not names:
        return "none"
    many = f"{len(names)} {what}" + ("" if len(names) == 1 else "es" if what.endswith("h") else "s")
    for named in range(min(len(names), _NAMED), 0, -1):
        text = f"{many}: {', '.join(names[:named])}{', …' if named < len(names) else ''}"
        if len(text) <= room:
            return text
    return many


@click.command()
@click.argument("quarter", type=QUARTER, required=False)
@click.option("--team", type=TEAM, help="Of one team's systems on that day.")
@click.option("--days", type=click.IntRange(min=0, max=36_500), help="To so many days from now, and what is late.")
@as_of_option
@known_at_option
@format_option
@click.pass_obj
@paged
def due(
    session: Session,
    quarter: str | None,
    team: str | None,
    days: int | None,
    as_of: date | None,
    known_at: str | None,
    form: str,
) -> None:
    """List the debts whose term ends in QUARTER; without it, to the end of the next quarter, and what is late."""
    if quarter is not None and days is not None:
        raise click.UsageError("Give QUARTER or --days, not both.")
    day, calendar, currency = as_of or session.today, session.book.calendar, session.book.currency
    if quarter is not None:
        first, last = calendar.span(Quarter.parse(quarter))
    else:
        last = calendar.last_day(calendar.quarter_of(day).shift(1)) if days is None else day + timedelta(days=days)
        first = None
    with session.reader(known_at) as reader:
        known_names(reader, day, team=team)
        items = [item for item in register(reader, day) if team is None or item.team == team]
    shown = currency.grouped if form == "table" else currency.plain
    records = [
        {"due_on": each.due_on} | item_record(each.item, shown)
        for each in due_between(items, calendar, first=first, last=last)
    ]
    print_records(
        form,
        records,
        _DUE_SHOWN if form == "table" else _DUE_COLUMNS,
        title=titled(
            f"Due {'in ' + quarter if quarter else f'to {last}'}, as of {day}, {currency.code}", day, session.today
        ),
        right=(*ITEM_AMOUNTS, "age_days"),
        empty=f"No debt is due {'in ' + quarter if quarter else f'by {last}'}. `debt list` shows the register.",
    )
