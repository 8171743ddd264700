"""Output: records as a table, JSON or CSV; receipts; sentences. Rich is imported only for a table."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, Literal, TypeVar

import click

from ledger.cli.kit.terminal import console, keeps_any_text
from ledger.vocabulary.errors import LedgerError
from ledger.vocabulary.plain_text import plain
from ledger.vocabulary.spreadsheet_text import guarded

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

Record = dict[str, Any]
F = TypeVar("F", bound=Callable[..., Any])

#: Every form in which a command of ours answers.
FORMS = ("table", "json", "csv", "markdown", "text", "dot", "svg")


class FormOption(click.Option):
    """`--format`, also from DEBT_FORMAT, which is said once for all commands: a form that this one has not is none of its."""

    def resolve_envvar_value(self, ctx: click.Context) -> str | None:
        said = super().resolve_envvar_value(ctx)
        choices = self.type.choices if isinstance(self.type, click.Choice) else ()
        return None if said in FORMS and said not in choices else said


def form_option(*forms: str, help_: str) -> Callable[[F], F]:
    """Add --format with these forms, the first one by default."""
    return click.option(
        "--format",
        "form",
        cls=FormOption,
        type=click.Choice(forms),
        default=forms[0],
        show_default=True,
        envvar="DEBT_FORMAT",
        help=help_,
    )


format_option = form_option(
    "table", "json", "csv", help_="How records are printed; DEBT_FORMAT says it for all commands."
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
    records: Iterable[Record],
    columns: Sequence[str],
    *,
    title: str = "",
    right: Sequence[str] = (),
    turned: bool = False,
) -> None:
    """Print records as a table. right: columns of numbers. On a terminal columns leave for which there is no room, and are named.

    turned: a table of which no column may leave; where the terminal is too narrow, records become columns.
    """
    from ledger.cli.kit.columns import fitted

    drawn_on = console(sys.stdout)
    if not drawn_on.is_terminal:
        # A file or a pipe has no width, so nothing is cut.
        drawn_on.width = 400
    rows = [{column: _shown(record.get(column)) for column in columns} for record in records]
    widths = fitted(columns, {column: [row[column] for row in rows] for column in columns}, drawn_on.width)
    left = [column.replace("_", " ") for column in columns if column not in widths]
    if left and turned:
        _print_turned(
            [[column.replace("_", " "), *(row[column] for row in rows)] for column in columns], title, drawn_on
        )
        return
    shown = [(column, width, column in right) for column, width in widths.items()]
    _print_title(title, drawn_on)
    drawn_on.print(_drawn([[row[column] for column in widths] for row in rows], shown))
    if left:
        from ledger.cli.kit.wrapping import wrapped_text

        told = f"Not shown for want of room: {', '.join(left)}. A wider terminal or --format csv shows all."
        say(*wrapped_text(told))


def _print_turned(lines: Sequence[Sequence[str]], title: str, drawn_on: Console) -> None:
    """Columns as lines, the first one as headings, in as many tables as the terminal's width asks for."""
    from ledger.cli.kit.columns import blocks

    headings, *others = lines
    _print_title(title, drawn_on)
    for block in blocks(headings, others, drawn_on.width):
        shown = [(headings[0], None, False), *((headings[place], None, True) for place in block)]
        part = [[line[0], *(line[place] for place in block)] for line in others]
        drawn_on.print(_drawn(part, shown))


def _print_title(title: str, drawn_on: Console) -> None:
    """A title has the terminal's width, however narrow the table below it."""
    if title:
        drawn_on.print(plain(title), style="bold", markup=False, highlight=False, emoji=False)


def _drawn(rows: Iterable[Sequence[str]], columns: Iterable[tuple[str, int | None, bool]]) -> Table:
    """columns: name, width (None: as wide as need be), whether it holds numbers."""
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for column, width, numbers in columns:
        justify: Literal["left", "right"] = "right" if numbers else "left"
        table.add_column(column.replace("_", " "), justify=justify, overflow="fold", width=width)
    for row in rows:
        table.add_row(*row)
    return table


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
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list | tuple):
        return ", ".join(_shown(each) for each in value) or "–"
    return "–" if value is None else plain(str(value))


def _safe(value: Any) -> str:
    if value is None:
        return ""
    text = json.dumps(value, ensure_ascii=False, default=_plain) if isinstance(value, dict | list) else str(value)
    return guarded(text, numbers=True)
