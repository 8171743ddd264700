"""How tables are read, as it is typed: the same options on every measure of a table and on the monitor that keeps them."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

import click

from ledger.cli.kit.types import TEXT

F = TypeVar("F", bound=Callable[..., Any])


def _parted(ctx: click.Context, param: click.Parameter, typed: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(each for text in typed for each in text.split(",") if each))


_OPTIONS = (
    click.option("--encoding", type=TEXT, metavar="NAME", help="Of text files; recognised, and said, without it."),
    click.option(
        "--null-values",
        type=TEXT,
        multiple=True,
        callback=_parted,
        metavar="TEXT,…",
        help="What says that a value is missing, like NA,null; the empty one always does.",
    ),
    click.option("--decimal", type=click.Choice([".", ","]), help="The sign before decimals; recognised without it."),
    click.option(
        "--thousands",
        type=click.Choice([",", ".", "'", "space"]),
        help="The sign between thousands; recognised without it.",
    ),
)


def table_options(function: F) -> F:
    """Add them, each for itself."""
    for option in reversed(_OPTIONS):
        function = option(function)
    return function


def told_of_tables(function: F) -> F:
    """Add them, and pass on what was typed as `tables`, by option."""

    @wraps(function)
    def told(*args: Any, encoding: object, null_values: object, decimal: object, thousands: object, **rest: Any) -> Any:
        typed = {"encoding": encoding, "null-values": null_values, "decimal": decimal, "thousands": thousands}
        return function(*args, tables=typed, **rest)

    return table_options(cast("F", told))
