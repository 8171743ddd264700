"""What an auditor runs: verification of the chain, the columns, the read models."""

from __future__ import annotations

import re
from typing import Any

import click

from ledger.cli.desk import Desk
from ledger.cli.output import format_option, print_json, print_records
from ledger.cli.progress import progress
from ledger.cli.types import Read
from ledger.errors import StoreError, Unreadable
from ledger.store.verifying import verify as verify_book

_PROBLEM_COLUMNS = ("position", "table", "field", "expected", "found")
_EXPECTED = re.compile(r"(\d+):([0-9a-f]{64})", re.ASCII)


def _position_and_hash(text: str) -> tuple[int, str]:
    match = _EXPECTED.fullmatch(text.strip().lower())
    if match is None:
        raise Unreadable(
            f"'{text}' is not POSITION:HASH: write it like 17:9f2c… with all 64 digits, as a receipt says."
        )
    return int(match[1]), match[2]


@click.command()
@click.option(
    "--expect", type=Read("position:hash", _position_and_hash), help="A position and its hash, kept elsewhere."
)
@format_option
@click.pass_obj
def verify(desk: Desk, expect: tuple[int, str] | None, form: str) -> None:
    """Verify that nothing was touched: chain, columns, requests, read models, head, triggers."""
    with desk.ledger.reading() as connection, progress("verifying") as tell:
        found = verify_book(connection, desk.ledger.book, expect=expect, progress=tell)
    problems: list[dict[str, Any]] = [
        {name: getattr(problem, name) for name in _PROBLEM_COLUMNS} for problem in found.problems
    ]
    if form == "json":
        print_json({"ok": found.ok, "events": found.events, "head": found.head, "problems": problems})
    elif form == "csv" or problems:
        print_records(form, problems, _PROBLEM_COLUMNS, title="Problems")
    if found.ok and form == "table":
        click.echo(_proved(found.events, found.head, expect))
    if not found.ok:
        count = found.problem_count
        raise StoreError(
            f"The book '{desk.ledger.book}' is not what was recorded: {count} problem{'s' if count != 1 else ''} found."
        )


def _proved(events: int, head: str, expect: tuple[int, str] | None) -> str:
    if events == 0:
        return "The book holds no event: there was nothing to verify, and nothing is proved."
    held = f", and position {expect[0]} has the hash you kept" if expect else ""
    intact = f"OK: {events} events, each hash follows from the one before; columns, requests, read models and triggers agree{held}."
    if expect:
        return f"{intact}\nhead {head}"
    return (
        f"{intact}\nhead {head}\n"
        "A chain rewritten as a whole, or cut at its end, would pass: keep this, and hold the book against it with\n"
        f"  debt verify --expect {events}:{head}"
    )
