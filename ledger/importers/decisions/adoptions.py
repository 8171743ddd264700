"""Decisions: a spreadsheet of adoptions, one row per item.

The header is item, decided_by, because, benefit, repay_by and, if wanted, until, on, evidence, in any
order; a hyphen or a space may stand for the underscore. Other columns are left alone, so that an exported
list can be filled in. A row is recognised by its content.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from pathlib import Path

from ledger.decide.adopt import Adopt
from ledger.events.codec import canonical, sha256_hex
from ledger.importers.rows import BadRow, row_reason
from ledger.importers.tables import table_rows
from ledger.vocabulary.counted import counted
from ledger.vocabulary.dates import typed_date
from ledger.vocabulary.errors import Unreadable
from ledger.vocabulary.keys import item_id
from ledger.vocabulary.quarters import Quarter
from ledger.vocabulary.text import clean_text
from ledger.vocabulary.text_encodings import RECOGNISED, Decoding

REQUIRED = ("item", "decided_by", "because", "benefit", "repay_by")
OPTIONAL = ("until", "on", "evidence")


@dataclass(frozen=True, slots=True)
class Decision:
    """One row. place: file and line; key: of the request, from the row's content."""

    place: str
    key: str
    command: Adopt


@dataclass(frozen=True, slots=True)
class Decisions:
    """What a file holds."""

    decisions: tuple[Decision, ...]
    bad: tuple[BadRow, ...]


def read_decisions(path: Path, *, late: bool = False, decoding: Decoding = RECOGNISED) -> Decisions:
    """Read a file of decisions; a row that cannot be read is a bad row.

    late: post those whose day is closed on the first day allowed. Raises Unreadable for a file that is not a table,
    or lacks a column.
    """
    rows = table_rows(path, decoding)
    header = _header(path, next(rows, (1, []))[1])
    decisions: list[Decision] = []
    bad: list[BadRow] = []
    for line, cells in rows:
        place = f"{path}, line {line}"
        try:
            decisions.append(_decision(place, header, cells, late))
        except Unreadable as error:
            bad.append(BadRow(place, row_reason(error)))
    return Decisions(tuple(decisions), tuple(bad))


def _header(path: Path, cells: list[str]) -> list[str]:
    header = [cell.strip().lower().replace("-", "_").replace(" ", "_") for cell in cells]
    missing = [name for name in REQUIRED if name not in header]
    if missing:
        raise Unreadable(
            f"{path} lacks the column{'s' * (len(missing) > 1)} {', '.join(missing)}: the header is "
            f"{','.join(REQUIRED)}, and {', '.join(OPTIONAL)} if wanted."
        )
    for name in header:
        if name in REQUIRED + OPTIONAL and header.count(name) > 1:
            raise Unreadable(f"{path} has the column {name} twice.")
        # An extra column does no harm, but a misspelt one would be lost without a word.
        meant = get_close_matches(name, set(OPTIONAL) - set(header), n=1, cutoff=0.75)
        if meant and name not in REQUIRED + OPTIONAL:
            raise Unreadable(f"{path} has a column '{name}': write it {meant[0]}, or give it another name.")
    return header


def _decision(place: str, header: list[str], cells: list[str], late: bool) -> Decision:
    """A row's command. Missing gate fields pass: the ledger refuses them, with its own words."""
    if any(cell.strip() for cell in cells[len(header) :]):
        raise Unreadable(
            f"The row has {counted(len(cells), 'cell')}, the header {len(header)}: put a text with the separator in it in quotes."
        )
    row = {name: clean_text(cell) for name, cell in zip(header, cells, strict=False)}
    values = {name: row.get(name) or None for name in REQUIRED + OPTIONAL}
    command = Adopt(
        on=_day(values["on"], "on"),
        late=late,
        evidence=values["evidence"],
        item=item_id(values["item"] or ""),
        decided_by=values["decided_by"],
        because=values["because"],
        benefit=values["benefit"],
        repay_by=str(Quarter.parse(values["repay_by"])) if values["repay_by"] else None,
        until=_day(values["until"], "until"),
    )
    return Decision(place, f"decisions:{sha256_hex(canonical(values | {'item': command.item}))}", command)


def _day(text: str | None, name: str) -> date | None:
    try:
        return typed_date(text) if text else None
    except Unreadable as error:
        raise Unreadable(f"'{text}' in the column {name} is not a date: write it like 2026-03-31.") from error
