"""Output: records as a table, JSON or CSV; receipts; sentences. Rich is imported only for a table."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

import click

from ledger.vocabulary.errors import LedgerError
from ledger.vocabulary.spreadsheet_text import guarded
from ledger.vocabulary.text import plain

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
    """Print a value as JSON; dates as ISO."""
    click.echo(json.dumps(value, indent=2, ensure_ascii=False, default=_plain))


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
    from rich.console import Console
    from rich.table import Table

    table = Table(title=title or None, title_justify="left", title_style="bold", box=box.SIMPLE_HEAD, pad_edge=False)
    for column in columns:
        table.add_column(
            column.replace("_", " "),
            justify="right" if column in right else "left",
            no_wrap=column not in _WRAPPED,
            overflow="fold" if column in _WRAPPED else "ellipsis",
        )
    for record in records:
        table.add_row(*(_shown(record.get(column)) for column in columns))
    console = Console(file=sys.stdout, highlight=False, markup=False, emoji=False)
    if not console.is_terminal:
        # A file or a pipe has no width, so nothing is cut.
        console.width = 400
    console.print(table)


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


def say(sentence: str) -> None:
    """A message to a person: standard error."""
    click.echo(sentence, err=True)


def say_error(error: LedgerError) -> None:
    """A refusal or failure: standard error."""
    say(f"debt: {error}")


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
