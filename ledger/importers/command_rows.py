"""Rows of commands: a spreadsheet whose first column says what each row does, and the others hold the command's options."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from types import UnionType
from typing import Any, get_args

import msgspec

from ledger.decide.adopt import Adopt
from ledger.decide.command import Command
from ledger.decide.commission import Commission
from ledger.decide.note import AddNote
from ledger.decide.observe import Observe
from ledger.decide.opening import OpeningCommand
from ledger.decide.plan import Plan
from ledger.decide.renew import Renew
from ledger.decide.repay import Repay
from ledger.decide.revise import Revise
from ledger.decide.write_off import WriteOff
from ledger.importers.rows import BadRow, row_reason
from ledger.importers.tables import table_rows
from ledger.vocabulary.counted import counted
from ledger.vocabulary.dates import typed_date
from ledger.vocabulary.errors import Unreadable
from ledger.vocabulary.keys import is_item, item_id, system_key
from ledger.vocabulary.money import Currency
from ledger.vocabulary.quantities import Interest, Quantity
from ledger.vocabulary.quarters import Quarter
from ledger.vocabulary.text import said_text
from ledger.vocabulary.text_encodings import RECOGNISED, Decoding

#: The column that says what a row does; the one that gives what it opens a name, for rows below; the one that says that it
#: happened once more.
DO, NAMED, AGAIN = "do", "as", "again"
#: What a row can do -> the command, in the order of the template.
ROW_COMMANDS: dict[str, type[Command]] = {
    "commission": Commission,
    "observe": Observe,
    "adopt": Adopt,
    "renew": Renew,
    "repay": Repay,
    "revise": Revise,
    "write-off": WriteOff,
    "plan": Plan,
    "note": AddNote,
}
#: What only importers of findings say of an item.
_NOT_TYPED = frozenset({"source", "external_key", "content_hash", "details"})
_ALL = "all"
_YES, _NO = frozenset({"yes", "true", "1", "x"}), frozenset({"no", "false", "0"})
_NAMES: dict[str, Callable[[str], str]] = {
    "item": item_id,
    "system": system_key,
    "repay_by": lambda text: str(Quarter.parse(text)),
    "quarter": lambda text: str(Quarter.parse(text)),
    "category": str.lower,
    "dimension": str.lower,
    "cause": str.lower,
}


@dataclass(frozen=True, slots=True)
class CommandRow:
    """A row that can be read. place: file and line; word: what it does.

    named: what the file calls the item that it opens; of: what it calls the one that it is about, blank where the row has the
    item's key. again: it happened although the same was recorded before.
    """

    place: str
    word: str
    command: Command
    named: str = ""
    of: str = ""
    again: bool = False


@dataclass(frozen=True, slots=True)
class CommandRows:
    """What a file holds, in its order."""

    rows: tuple[CommandRow, ...]
    bad: tuple[BadRow, ...]


def fields_of(command: type[Command]) -> dict[str, Any]:
    """What a row can say to a command: the names of its fields, which are those of its options, and their types."""
    fields = msgspec.structs.fields(command)
    return {field.name: field.type for field in fields if field.name not in _NOT_TYPED}


def column_names() -> list[str]:
    """Every column that a file may have, as it is written, in the order of the template."""
    names = dict.fromkeys(name for command in ROW_COMMANDS.values() for name in _in_order(command))
    return [DO, *(name.replace("_", "-") for name in names), NAMED, AGAIN]


def _in_order(command: type[Command]) -> list[str]:
    """What is told of the entry itself comes last."""
    shared = [field.name for field in msgspec.structs.fields(Command)]
    own = [name for name in fields_of(command) if name not in shared]
    return [*own, *shared]


def read_command_rows(path: Path, currency: Currency, decoding: Decoding = RECOGNISED) -> CommandRows:
    """Read a file of commands; a row that cannot be read is a bad row.

    Raises Unreadable for a file that is no table, lacks the column `do`, or has one that no command knows.
    """
    lines = table_rows(path, decoding)
    header = _header(path, next(lines, (1, []))[1])
    rows: list[CommandRow] = []
    bad: list[BadRow] = []
    names: set[str] = set()
    for line, cells in lines:
        place = f"{path}, line {line}"
        try:
            rows.append(_row(place, header, cells, currency, names))
        except Unreadable as error:
            bad.append(BadRow(place, row_reason(error)))
    return CommandRows(tuple(rows), tuple(bad))


def _header(path: Path, cells: Sequence[str]) -> list[str]:
    header = [cell.strip().lower().replace("-", "_").replace(" ", "_") for cell in cells]
    if DO not in header:
        raise Unreadable(
            f"{path} has no column '{DO}', which says what each row does: {', '.join(ROW_COMMANDS)}. "
            "`debt import csv --template` prints a file to fill in."
        )
    known = {name.replace("-", "_") for name in column_names()}
    for name, cell in zip(header, cells, strict=True):
        if header.count(name) > 1:
            raise Unreadable(f"{path} has the column '{cell.strip()}' twice.")
        if name not in known:
            near = get_close_matches(name, known, n=1)
            meant = (
                f"Did you mean '{near[0].replace('_', '-')}'?" if near else f"There are {', '.join(column_names())}."
            )
            raise Unreadable(f"{path} has a column '{cell.strip()}', which no command knows. {meant}")
    return header


def _row(place: str, header: Sequence[str], cells: Sequence[str], currency: Currency, names: set[str]) -> CommandRow:
    """names: those that rows above gave what they open; kept up with this one's."""
    if any(cell.strip() for cell in cells[len(header) :]):
        raise Unreadable(
            f"The row has {counted(len(cells), 'cell')}, the header {len(header)}: put a text with the separator in it in quotes."
        )
    said = {name: said_text(cell) for name, cell in zip(header, cells, strict=False) if cell.strip()}
    word = said.pop(DO, "").lower()
    if word not in ROW_COMMANDS:
        raise Unreadable(f"'{word}' in the column {DO} is nothing that a row can do: {', '.join(ROW_COMMANDS)}.")
    command = ROW_COMMANDS[word]
    named, again = said.pop(NAMED, ""), _yes_or_no(AGAIN, said.pop(AGAIN, "no"))
    if named:
        _give_name(word, command, named, names)
    of = said["item"] if said.get("item", "") in names else ""
    fields = fields_of(command)
    if strange := [name.replace("_", "-") for name in said if name not in fields]:
        raise Unreadable(f"A row that does {word} takes no {', '.join(strange)}: empty the cell.")
    _refuse_missing(word, command, said)
    values: dict[str, Any] = {
        name: of if of and name == "item" else _value(name, text, fields[name], currency) for name, text in said.items()
    }
    return CommandRow(place, word, command(**values), named, of, again)


def _give_name(word: str, command: type[Command], named: str, names: set[str]) -> None:
    if not issubclass(command, OpeningCommand):
        raise Unreadable(
            f"A row that does {word} opens nothing that could be called '{named}': empty the cell '{NAMED}'."
        )
    if is_item(named.upper()):
        raise Unreadable(
            f"'{named}' in the column '{NAMED}' is an item's key, which the ledger gives: call it otherwise."
        )
    if named in names:
        raise Unreadable(f"Another row is called '{named}' already.")
    names.add(named)


def _refuse_missing(word: str, command: type[Command], said: Mapping[str, str]) -> None:
    """What the command line wants to be typed. Fields of the gate pass: the ledger refuses them, in its own words."""
    wanted = [field.name for field in msgspec.structs.fields(command) if field.required]
    # Nothing said is no word for all of it, in a column that somebody may have forgotten to fill in.
    wanted += ["amount"] if command is Repay else []
    missing = [name for name in wanted if name not in said]
    if missing:
        hint = f" Write '{_ALL}' for all that is left." if missing == ["amount"] else ""
        raise Unreadable(f"A row that does {word} needs {' and '.join(missing)}.{hint}")


def _value(name: str, text: str, type_: Any, currency: Currency) -> object:
    kinds = get_args(type_) if isinstance(type_, UnionType) else (type_,)
    if Quantity in kinds:
        return None if name == "amount" and text.lower() == _ALL else Quantity.parse(text, currency)
    if Interest in kinds:
        return Interest.parse(text, currency)
    if date in kinds:
        return _day(name, text)
    if bool in kinds:
        return _yes_or_no(name, text)
    return _NAMES[name](text) if name in _NAMES else text


def _day(name: str, text: str) -> date:
    try:
        return typed_date(text)
    except Unreadable as error:
        raise Unreadable(
            f"'{text}' in the column {name.replace('_', '-')} is not a date: write it like 2026-03-31."
        ) from error


def _yes_or_no(name: str, text: str) -> bool:
    if text.lower() in _YES | _NO:
        return text.lower() in _YES
    raise Unreadable(f"'{text}' in the column {name} is neither yes nor no.")
