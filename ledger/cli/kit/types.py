"""What can be typed: readers for click that say what is wrong with a word."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import click

from ledger.vocabulary.dates import typed_date, typed_moment
from ledger.vocabulary.decimals import is_decimal
from ledger.vocabulary.errors import Refused, Unreadable
from ledger.vocabulary.keys import item_id, system_key
from ledger.vocabulary.quarters import Quarter
from ledger.vocabulary.text import said_text

#: Raises a LedgerError for a value that is wrong in the book of a session.
Check = Callable[[Any, Any], object]


class Read(click.ParamType[Any]):
    """A parameter read by a function that raises Unreadable."""

    def __init__(
        self, name: str, read: Callable[[str], Any], kind: str | None = None, *, check: Check | None = None
    ) -> None:
        """name: shown as the placeholder. kind: which names the shell completes and a person chooses from, see `completion`.

        check: what else can be wrong with it in this book, asked as soon as a person has answered; a command asks by itself.
        """
        self.name = name
        self._read = read
        self.kind = kind
        self.check = check

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if not isinstance(value, str):
            return value
        try:
            return self._read(value)
        except Unreadable as error:
            self.fail(str(error), param, ctx)

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[Any]:
        if self.kind is None:
            return []
        from ledger.cli.kit.completion import complete

        return complete(self.kind, ctx, incomplete)


def _moment(text: str) -> str:
    """As typed: in which zone a date ends is the book's to say."""
    typed_moment(text)
    return text


def _decimal(text: str) -> str:
    if not is_decimal(text.strip()):
        raise Unreadable(f"'{text}' is no decimal number: write it like 0.05.")
    return text.strip()


#: Digits that any database can compare with its positions.
_LONGEST_POSITION = 18


def typed_position(text: str) -> int:
    """A position as typed. One that no book can have is read, and refused like any other that is not there."""
    if not re.fullmatch(r"-?\d+", text.strip(), re.ASCII):
        raise Unreadable(f"'{text}' is not a position: write the number that the receipt or `debt log` shows, like 17.")
    if len(text) > _LONGEST_POSITION:
        raise Refused(f"There is no event at position {text}.", "`debt log` lists them.")
    return int(text)


DAY = Read("date", typed_date)
TEXT = Read("text", said_text)
SYSTEM = Read("system", system_key, "systems")
ITEM = Read("item", item_id, "items")
WORKING_SYSTEM = Read("system", system_key, "working systems")
STANDING_ITEM = Read("item", item_id, "standing items")
OPEN_ITEM = Read("item", item_id, "open items")
DEBT = Read("item", item_id, "debts")
NEGLECT = Read("item", item_id, "neglect")
QUARTER_TO_COME = Read("quarter", lambda text: str(Quarter.parse(text)), "quarters to come")
QUARTER = Read("quarter", lambda text: str(Quarter.parse(text)), "quarters")
CATEGORY = Read("category", lambda text: text.strip().lower(), "categories")
CAUSE = Read("cause", lambda text: text.strip().lower(), "causes")
TEAM = Read("team", said_text, "teams")
MOMENT = Read("time", _moment)
POSITION = Read("position", typed_position)
DECIMAL = Read("decimal", _decimal)
AMOUNT = Read("amount", lambda text: text.strip(), check=lambda session, text: session.quantity(text))
MONEY = Read("amount", lambda text: text.strip(), check=lambda session, text: session.book.currency.parse(text))
#: The key of a system that is not there yet.
NEW_SYSTEM = Read("system", system_key)
