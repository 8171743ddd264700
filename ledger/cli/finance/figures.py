"""Figures: the technical delta and its roll-forward."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import click

from ledger.cli.kit.output import Record, format_option, print_csv, print_json, print_table
from ledger.cli.kit.projection import say_beside, titled, told
from ledger.cli.kit.session import Session
from ledger.cli.kit.types import DAY, MOMENT, QUARTER, TEXT
from ledger.queries.figures.delta import Delta, DeltaFigures
from ledger.queries.figures.delta import delta as delta_as_of
from ledger.queries.figures.grouping import GROUPINGS
from ledger.queries.figures.rollforward import Rollforward, RollforwardFigures
from ledger.queries.figures.rollforward import rollforward as rollforward_of
from ledger.views.rollforward import MOVEMENTS
from ledger.vocabulary.errors import Unreadable
from ledger.vocabulary.money import Currency
from ledger.vocabulary.quarters import Quarter

_DELTA_FIGURES = ("debt", "neglect", "delta", "interest_per_year", "interest_incurred")
_ROLLFORWARD_FIGURES = ("opening", *MOVEMENTS, "closing", "interest", "spent")


def _groupings(text: str) -> tuple[str, ...]:
    names = tuple(name.strip().lower().replace("_", "-") for name in text.split(",") if name.strip())
    unknown = [name for name in names if name not in GROUPINGS]
    if unknown or not names:
        raise Unreadable(f"Cannot group by '{', '.join(unknown) or text}': --by takes {', '.join(GROUPINGS)}.")
    return names


by_option = click.option("--by", type=TEXT, help=f"Group by some of: {','.join(GROUPINGS)}.")
as_of_option = click.option("--as-of", type=DAY, help="The last day that counts; today by default.")
known_at_option = click.option(
    "--known-at", type=MOMENT, help="As known then: a time with its offset, or a date, which means its end."
)


@click.command()
@as_of_option
@known_at_option
@by_option
@format_option
@click.pass_obj
def delta(session: Session, as_of: date | None, known_at: str | None, by: str | None, form: str) -> None:
    """The technical delta: what the systems owe on a day, debt and neglect apart."""
    groupings = _groupings(by) if by is not None else ()
    with session.reader(known_at) as reader:
        found = delta_as_of(reader, as_of or session.today, groupings)
        position = reader.position
        facts = {"as_of": found.as_of, "known_at": reader.known_at, "position": position}
    currency = session.book.currency
    groups = [_delta_group(found, index, currency) for index in range(len(found.groups))]
    if form == "json":
        answer = facts | {"currency": currency.code} | _delta_record(found.total, currency.plain) | {"groups": groups}
        print_json(told(answer, found.as_of, session.today))
    elif form == "csv":
        rows = groups if groupings else [_delta_record(found.total, currency.plain)]
        print_csv(rows, (*found.fields, *_DELTA_FIGURES))
    else:
        _print_delta(found, currency, session.today, position=position)
    say_beside(form, found.as_of, session.today)


def _delta_record(figures: DeltaFigures, shown: Callable[[int], str]) -> Record:
    return {name: shown(getattr(figures, name)) for name in _DELTA_FIGURES}


def _delta_group(found: Delta, index: int, currency: Currency) -> Record:
    key, figures = found.groups[index]
    return dict(zip(found.fields, key, strict=True)) | _delta_record(figures, currency.plain)


def _print_delta(found: Delta, currency: Currency, today: date, *, position: int) -> None:
    total = _delta_record(found.total, currency.grouped)
    rows: list[Record] = [
        dict(zip(found.fields, key, strict=True)) | _delta_record(figures, currency.grouped)
        for key, figures in found.groups
    ]
    title = f"Technical delta on {found.as_of}, {currency.code}, as known at position {position}"
    title = titled(title, found.as_of, today)
    label = found.fields[0] if found.fields else ""
    if label:
        rows.append(dict.fromkeys(found.fields, "") | {label: "total"} | total)
    else:
        rows = [total]
    print_table(rows, (*found.fields, *_DELTA_FIGURES), title=title, right=_DELTA_FIGURES, turned=True)


@click.command()
@click.argument("quarter", type=QUARTER, required=False)
@click.option("--from", "first_day", type=DAY, help="First day of any other period.")
@click.option("--to", "last_day", type=DAY, help="Its last day.")
@by_option
@known_at_option
@format_option
@click.pass_obj
def rollforward(
    session: Session,
    quarter: str | None,
    first_day: date | None,
    last_day: date | None,
    by: str | None,
    known_at: str | None,
    form: str,
) -> None:
    """The roll-forward of QUARTER, or of --from to --to: opening + movements = closing."""
    groupings = _groupings(by) if by is not None else ()
    if quarter is not None:
        if first_day or last_day:
            raise click.UsageError("Give QUARTER, or --from and --to, not both.")
        first, last = session.book.calendar.span(Quarter.parse(quarter))
    else:
        if first_day is None or last_day is None:
            raise click.UsageError("Missing: QUARTER, or --from and --to.")
        first, last = first_day, last_day
    if last < first:
        raise click.UsageError(f"--to {last} is before --from {first}.")
    with session.reader(known_at) as reader:
        found = rollforward_of(reader, first, last, groupings)
        position = reader.position
    currency = session.book.currency
    if form == "json":
        facts = {"first_day": found.first_day, "last_day": found.last_day, "quarter": quarter, "position": position}
        answer = facts | {"currency": currency.code, "rows": rollforward_records(found, currency.plain)}
        print_json(told(answer, found.last_day, session.today))
    elif form == "csv":
        print_csv(rollforward_records(found, currency.plain), _rollforward_columns(found))
    else:
        print_rollforward(found, quarter, currency, session.today)
    say_beside(form, found.last_day, session.today)


def _rollforward_record(
    nature: str, fields: tuple[str, ...], key: tuple[str | None, ...], figures: RollforwardFigures
) -> Record:
    amounts = {"opening": figures.opening, **figures.movements, "closing": figures.closing}
    return {
        "nature": nature,
        **dict(zip(fields, key, strict=True)),
        **amounts,
        "interest": figures.interest,
        "spent": figures.spent,
    }


def rollforward_records(found: Rollforward, shown: Callable[[int], str]) -> list[Record]:
    """The rows of a roll-forward, their figures as `shown` writes minor units."""
    records = [_rollforward_record(nature, found.fields, key, figures) for nature, key, figures in found.rows]
    return [
        {name: shown(value) if name in _ROLLFORWARD_FIGURES else value for name, value in record.items()}
        for record in records
    ]


def print_rollforward(found: Rollforward, quarter: str | None, currency: Currency, today: date) -> None:
    """A roll-forward for a person, with a total under its groups; projected if it does not end by today."""
    records = rollforward_records(found, currency.grouped)
    if found.fields:
        records += _rollforward_totals(found, currency)
    title = f"Roll-forward {quarter + ', ' if quarter else ''}{found.first_day} to {found.last_day}, {currency.code}"
    title = titled(title, found.last_day, today)
    print_table(records, _rollforward_columns(found), title=title, right=_ROLLFORWARD_FIGURES, turned=True)


def _rollforward_columns(found: Rollforward) -> tuple[str, ...]:
    return ("nature", *found.fields, *_ROLLFORWARD_FIGURES)


def _rollforward_totals(found: Rollforward, currency: Currency) -> list[Record]:
    """The whole book under its groups; for a person's eye, JSON and CSV add up by themselves."""
    key = ("total", *("" for _ in found.fields[1:]))
    totals = []
    for wanted in ("debt", "neglect", "total"):
        figures = sum((row for nature, _, row in found.rows if nature == wanted), start=RollforwardFigures())
        record = _rollforward_record(wanted, found.fields, key, figures)
        totals.append(
            {name: currency.grouped(value) if name in _ROLLFORWARD_FIGURES else value for name, value in record.items()}
        )
    return totals
