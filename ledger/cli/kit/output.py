"""Output: records as a table, JSON or CSV; receipts; sentences. Rich is imported only for a table."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

import click

from ledger.cli.kit.terminal import console, keeps_any_text
from ledger.vocabulary.errors import LedgerError
from ledger.vocabulary.plain_text import plain
from ledger.vocabulary.spreadsheet_text import guarded

Record = dict[str, Any]

format_option = click.option(
    "--format",
    "form",
    type=click.Choice(["table", "json", "csv"]),
    default="table",
    show_default=True,
    help="How records are printed.",
)

#: Columns of free text, which give way where the terminal is narrow.
_WRAPPED = (
    *("title", "remark", "definition", "source", "finding", "expected", "found", "note"),
    *(
        "answer",
        "artifact",
        "asks",
        "audience",
        "evidence",
        "method",
        "open",
        "perturbation",
        "plan",
        "quality",
        "standing",
    ),
)


def print_json(value: Any) -> None:
    """Print a value as JSON; dates as ISO; what the output has no character for as the number of one."""
    click.echo(json.dumps(value, indent=2, ensure_ascii=not keeps_any_text(sys.stdout), default=_plain))


def print_csv(records: Iterable[Record], columns: Sequence[str]) -> None:
    """Print records as CSV with a header; text that a spreadsheet would run as a formula is quoted with '."""
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(columns)
    for record in records:
        writer.writerow([_safe(record.get(column)) for column in columns])


def print_table(
    records: Iterable[Record], columns: Sequence[str], *, title: str = "", right: Sequence[str] = ()
) -> None:
    """Print records as a table; `right`: columns of numbers."""
    from rich import box
    from rich.table import Table

    table = Table(
        title=plain(title) or None, title_justify="left", title_style="bold", box=box.SIMPLE_HEAD, pad_edge=False
    )
    for column in columns:
        table.add_column(
            column.replace("_", " "),
            justify="right" if column in right else "left",
            no_wrap=column not in _WRAPPED,
            overflow="fold" if column in _WRAPPED else "ellipsis",
        )
    for record in records:
        table.add_row(*(_shown(record.get(column)) for column in columns))
    drawn_on = console(sys.stdout)
    if not drawn_on.is_terminal:
        # A file or a pipe has no width, so nothing is cut.
        drawn_on.width = 400
    drawn_on.print(table)


def print_records(
    form: str,
    records: list[Record],
    columns: Sequence[str],
    *,
    title: str = "",
    right: Sequence[str] = (),
    empty: str = "",
) -> None:
    """Print a list of records in the form asked for. empty: what a table says if there are none."""
    if form == "json":
        print_json(records)
    elif form == "csv":
        print_csv(records, columns)
    elif records:
        print_table(records, columns, title=title, right=right)
    else:
        say(empty or "There is nothing to show.")


def print_lines(*lines: str) -> None:
    """An answer to a person: standard output. A line stays one line, whatever people's texts in it hold."""
    for line in lines:
        click.echo(plain(line))


def say(*lines: str) -> None:
    """A message to a person: standard error, line by line as an answer."""
    for line in lines:
        click.echo(plain(line), err=True)


def say_error(error: LedgerError) -> None:
    """A refusal or failure: standard error."""
    first, *others = error.lines
    say(f"debt: {first}", *others)


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no JSON form")


def _shown(value: Any) -> str:
    return "–" if value is None else plain(str(value))


def _safe(value: Any) -> str:
    if value is None:
        return ""
    text = json.dumps(value, ensure_ascii=False, default=_plain) if isinstance(value, dict | list) else str(value)
    return guarded(text, numbers=True)
