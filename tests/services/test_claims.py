"""What a command says was hashed is hashed where it is recorded: given raw, at whatever door, it is refused by name."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date
from importlib import import_module
from typing import Any

import pytest
from sealed_books import opened_book, recorded

from ledger.decide import every_command
from ledger.decide.budget_set import SetBudget
from ledger.decide.checkpoint import SignCheckpoint
from ledger.decide.command import Command
from ledger.decide.datasheet import AnswerDatasheet
from ledger.decide.forecast_set import SetForecast
from ledger.decide.measure import RecordMeasurement
from ledger.decide.report import IssuePack
from ledger.events import PackFile
from ledger.services.open_ledger import OpenedLedger
from ledger.vocabulary.errors import Refused, StoreError

_HASHED = re.compile("sha256|hash|files|root|note$|public_key")
#: Fields that are named like one and claim nothing of a file: what tells a finding from another that was imported, and what
#: a monitor asks of its reference, which is held against the file whenever it measures (`decide.under_monitor`).
_NO_CLAIMS = {"content_hash", "reference_sha256", "sha256"}

_AMOUNT: dict[str, Any] = {"quarter": "2027Q1", "team": "red", "amount_minor": 100, "file_sha256": "f" * 64}
#: A command of each kind that claims something.
CLAIMING: tuple[Command, ...] = (
    IssuePack(
        quarter="2025Q2", as_of=date(2025, 6, 30), known_position=1, head_hash="0" * 64, compared_with=(),
        manifest_sha256="1" * 64, files=(PackFile("a.csv", "2" * 64, "3" * 64),)),
    SignCheckpoint(origin="debt-ledger/main/0", size=1, root="0" * 64, note="n", public_key="ssh-ed25519 AAAA"),
    RecordMeasurement(
        system="FRAUD", what="drift", expectation="reliable", headline="PSI", value="0.2", verdict="broken", rows=10,
        files={"a.csv": "0" * 64}),
    AnswerDatasheet(system="FRAUD", dataset="d", answers={"1.1": "yes"}, source="a.md", source_sha256="0" * 64),
    SetBudget(**_AMOUNT),
    SetForecast(**_AMOUNT),
)  # fmt: skip


@pytest.fixture
def books(sqlite_url: str) -> Iterator[OpenedLedger]:
    with opened_book(sqlite_url) as found:
        yield found


# --- doors ---------------------------------------------------------------------------------------------


def said(books: OpenedLedger, command: Command) -> None:
    books.record(command)


def handled(books: OpenedLedger, command: Command) -> None:
    books.ledger.handle(books.request(command))


def batched(books: OpenedLedger, command: Command) -> None:
    (outcome,) = books.ledger.handle_all([books.request(command)])
    if outcome.refusal:
        raise outcome.refusal


def in_a_unit(books: OpenedLedger, command: Command) -> None:
    books.ledger.append(lambda unit: unit.record(books.request(command)))


def rehearsed(books: OpenedLedger, command: Command) -> None:
    with books.ledger.reading() as connection:
        books.ledger.rehearse(connection, books.request(command))


Door = Callable[[OpenedLedger, Command], None]
DOORS: tuple[Door, ...] = (said, handled, batched, in_a_unit, rehearsed)


def test_every_field_that_is_named_like_a_hash_is_a_claim() -> None:
    """Of all commands there are: a new one has to say what reads the files that it is about."""
    examples = {type(command): command for command in CLAIMING}
    for kind in every_command():
        named = {name for name in kind.__struct_fields__ if _HASHED.search(name)} - _NO_CLAIMS
        assert named <= set(examples[kind].claims() if kind in examples else ()), kind


@pytest.mark.parametrize("command", CLAIMING, ids=lambda command: type(command).__name__)
def test_a_raw_claim_is_refused_at_every_door(books: OpenedLedger, command: Command) -> None:
    """With the function to call, which is there."""
    before = recorded(books.ledger.engine)
    for door in DOORS:
        with pytest.raises(Refused) as refusal:
            door(books, command)
        assert f"{type(command).__name__} says what was hashed" in str(refusal.value), door
        assert command.recorded_by in str(refusal.value)
        assert recorded(books.ledger.engine) == before, door
    found: Any = None
    for part in command.recorded_by.split("."):
        found = import_module(part) if found is None else getattr(found, part, None) or _module(found, part)
    assert callable(found)


def _module(parent: Any, part: str) -> Any:
    return import_module(f"{parent.__name__}.{part}")


@pytest.mark.parametrize("command", CLAIMING, ids=lambda command: type(command).__name__)
def test_a_claim_that_does_not_hold_is_refused_with_what_stands_against_it(
    books: OpenedLedger, command: Command
) -> None:
    before = recorded(books.ledger.engine)
    with pytest.raises(StoreError, match="It is otherwise"):
        books.ledger.handle(books.request(command), objections=("It is otherwise.",))
    assert recorded(books.ledger.engine) == before


def test_what_nobody_hashed_claims_nothing(books: OpenedLedger) -> None:
    """The same commands are recorded by whoever types an amount, an answer, a figure without a file."""
    books.record(SetBudget(quarter="2027Q1", team="red", amount_minor=100))
    books.record(AnswerDatasheet(system="FRAUD", dataset="d", answers={"1.1": "yes"}))
    books.record(
        RecordMeasurement(
            system="FRAUD", what="drift", expectation="reliable", headline="PSI", value="0.2", verdict="broken", rows=1
        )
    )
