"""Where a workbook that came back comes from, as its own sheet About says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from ledger.vocabulary.budget_form import ABOUT, ABOUT_BOOK, ABOUT_HASH, ABOUT_POSITION, FormOrigin
from reports.origin import PackOrigin
from reports.returned.cells import Bounds, Found, ReturnedWorkbook, UnreadableWorkbookError, opened
from reports.returned.values import excerpts, told_found
from reports.sheet import Kind
from reports.sheets.about import AS_OF, COMMAND, COMPARED_WITH, NOTHING, QUARTER, SCHEMA

#: About has some fifty rows; what somebody wrote far below them is not read.
_LAST_ROW = 1_000
_ABOUT = Bounds(_LAST_ROW, 50)
_QUARTER = re.compile(r"[0-9]{4}Q[1-4]")
_HASH = re.compile(r"[0-9a-f]{64}")
_POSITION = re.compile(r"[0-9]{1,15}")
_POSITIONS = re.compile(rf"{NOTHING}|[0-9]{{1,15}}( *, *[0-9]{{1,15}})*")


class NoPackError(UnreadableWorkbookError):
    """A workbook that is no pack of ours, or whose sheet About does not say any more which; the message names the cell."""


class _Fact(NamedTuple):
    """A row of About. cell: of its value."""

    name: str
    cell: str
    found: Found | None

    @property
    def text(self) -> str:
        """As the reader sees it; whole numbers without separators. What a formula gives is no fact."""
        value = self.found.value if self.found and not self.found.formula else None
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        return "" if value is None or isinstance(value, bool) else str(value).strip()


def read_origin(path: Path) -> PackOrigin:
    """The origin of a file. Raises UnreadableWorkbookError for no workbook, NoPackError for none of ours."""
    with opened(path) as book:
        return origin_of(book)


def origin_of(book: ReturnedWorkbook) -> PackOrigin:
    """The origin of an open workbook. Raises NoPackError, naming the cell that cannot be read."""
    if ABOUT not in book.sheets:
        raise NoPackError(f"The workbook is no pack of a debt ledger: it has no sheet {ABOUT}.")
    facts = list(_facts(book))
    as_of = _fact(facts, AS_OF)
    day = as_of.found.value if as_of.found else None
    if not isinstance(day, datetime) or (as_of.found and as_of.found.formula):
        raise _unreadable(as_of, "a date")
    schema_version = _fact(facts, SCHEMA).text
    compared_with = _read(facts, COMPARED_WITH, _POSITIONS, f"a list of positions, or '{NOTHING}'")
    return PackOrigin(
        book=_read(facts, ABOUT_BOOK, re.compile(r".+", re.S), "the name of a book"),
        quarter=_read(facts, QUARTER, _QUARTER, "a quarter such as 2026Q3"),
        as_of=day.date(),
        position=int(_read(facts, ABOUT_POSITION, _POSITION, "a position")),
        head_hash=_read(facts, ABOUT_HASH, _HASH, "a hash of 64 hexadecimal digits"),
        compared_with=() if compared_with == NOTHING else tuple(map(int, compared_with.split(","))),
        schema_version=schema_version,
        versions=_versions(facts),
    )


def form_origin(book: ReturnedWorkbook) -> FormOrigin | None:
    """The origin of a workbook in which a form came back, as far as it says; None if it has no sheet About."""
    if ABOUT not in book.sheets:
        return None
    facts: dict[str, str] = {}
    for fact in _facts(book):
        facts.setdefault(fact.name, fact.text)
    position = facts.get(ABOUT_POSITION, "")
    return FormOrigin(
        book=facts.get(ABOUT_BOOK) or None,
        position=int(position) if _POSITION.fullmatch(position) else None,
        head_hash=facts.get(ABOUT_HASH) or None,
    )


def _facts(book: ReturnedWorkbook) -> Iterator[_Fact]:
    """The rows of About that have a name in their first cell."""
    for number, row in book.rows(ABOUT, within=_ABOUT):
        if number > _LAST_ROW:
            return
        name = row.get(1)
        if name is not None and isinstance(name.value, str):
            yield _Fact(name.value.strip(), f"{ABOUT}!B{number}", row.get(2))


def _fact(facts: list[_Fact], name: str) -> _Fact:
    found = next((fact for fact in facts if fact.name == name), None)
    if found is None:
        raise NoPackError(f"The workbook is no pack of a debt ledger: its sheet {ABOUT} has no row '{name}'.")
    return found


def _read(facts: list[_Fact], name: str, pattern: re.Pattern[str], what: str) -> str:
    fact = _fact(facts, name)
    if not pattern.fullmatch(fact.text):
        raise _unreadable(fact, what)
    return fact.text


def _unreadable(fact: _Fact, what: str) -> NoPackError:
    formula = fact.found.formula if fact.found else ""
    _, told = excerpts("", formula or told_found(fact.found, Kind.TEXT, 0))
    return NoPackError(f"{fact.cell} ('{fact.name}') should hold {what}, and holds {told}.")


def _versions(facts: list[_Fact]) -> dict[str, str]:
    """What stands between the schema's version and the command."""
    _fact(facts, COMMAND)
    names = [fact.name for fact in facts]
    return {fact.name: fact.text for fact in facts[names.index(SCHEMA) + 1 : names.index(COMMAND)]}
