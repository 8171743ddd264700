"""A receipt tells every value of what was recorded, what is left, and the command that takes it back."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import count
from typing import Any, get_args, get_origin

import msgspec
import pytest

from ledger.cli.kit.receipts import UNTOLD, receipt_lines, said
from ledger.cli.kit.taken_back import STAYS
from ledger.decide.receipt import Receipt
from ledger.events import NAME_OF, Event, Recorded
from ledger.vocabulary.money import Currency
from tests.helpers.lines import ADOPT, COMMISSION, OBSERVE, RATE, RENEW, REPAY_ALL, REVISE, WRITE_OFF
from tests.helpers.teller import Teller

EUR = Currency("EUR", 2)


def samples() -> Iterator[tuple[type[Event], Event]]:
    """Of every kind of event one in which no two fields say the same."""
    for kind in NAME_OF:
        numbers = count(1)
        yield (
            kind,
            kind(**{field.name: sample(field.type, field.name, numbers) for field in msgspec.structs.fields(kind)}),
        )


def sample(of: Any, name: str, numbers: Iterator[int]) -> Any:
    """A value of a type that no other field has."""
    number = next(numbers)
    if isinstance(of, type) and issubclass(of, msgspec.Struct):
        return of(**{field.name: sample(field.type, field.name, numbers) for field in msgspec.structs.fields(of)})
    if of is bool:
        return True
    if of is int:
        return 7_000_013 + number * 1_000_100
    if of is str:
        return f"the-{name}-{number}"
    if of is date:
        return date(2031, 1, 1) + timedelta(days=number)
    if get_origin(of) is dict:
        return {f"key-{number}": sample(get_args(of)[1], name, numbers)}
    if get_origin(of) is tuple:
        return (sample(get_args(of)[0], name, numbers),)
    first = get_args(of)[0]
    return first if isinstance(first, str) else sample(first, name, numbers)


def receipt_of(event: Event) -> Receipt:
    recorded = Recorded(
        book="main",
        position=3,
        event_id="id-3",
        stream=event.stream,
        stream_version=3,
        stored_as=NAME_OF[type(event)],
        effective_on=date(2026, 2, 1),
        recorded_at="2026-02-01T09:00:00.000000Z",
        actor="ada",
        key="id-3",
        request_sha256="0f" * 32,
        data=event,
    )
    return Receipt(recorded, "0f" * 32)


@pytest.mark.parametrize(("kind", "event"), list(samples()), ids=lambda value: getattr(value, "__name__", ""))
def test_every_field_is_told_or_has_its_reason(kind: type[Event], event: Event) -> None:
    """Found by the fields that there are, so that a new one is asked for as well."""
    text = "\n".join(receipt_lines(receipt_of(event), EUR))
    for field in msgspec.structs.fields(kind):
        if field.name in UNTOLD and not (field.name == "series" and "series: " in text):
            continue
        value = getattr(event, field.name)
        shown = field.name.replace("_", " ") if value is True else said(field.name, value, EUR.text)
        assert shown.removesuffix(" a year") in text, field.name


def test_what_is_said_of_fields_is_of_fields_that_there_are() -> None:
    assert set(UNTOLD) <= {field for kind in NAME_OF for field in kind.__struct_fields__}
    assert set(STAYS) <= set(NAME_OF)


@pytest.mark.parametrize(("kind", "event"), list(samples()), ids=lambda value: getattr(value, "__name__", ""))
def test_every_event_can_be_taken_back_or_says_why_not(kind: type[Event], event: Event) -> None:
    undo = [line for line in receipt_lines(receipt_of(event), EUR) if line.startswith("  undo: debt ")]
    assert len(undo) == (kind not in STAYS)


#: What is typed first, and the line whose undoing is typed as its receipt has it; the words for what it leaves open, in turn.
UNDONE: tuple[tuple[tuple[str, ...], str, str], ...] = (
    ((), COMMISSION, "slip"),
    ((), OBSERVE, "slip"),
    ((OBSERVE,), ADOPT, "slip"),
    ((COMMISSION,), RENEW, "slip"),
    ((COMMISSION,), REPAY_ALL, "slip"),
    ((COMMISSION,), "repay FRAUD-1 250 --unmeasured", "slip"),
    ((COMMISSION,), REVISE, "slip"),
    ((COMMISSION,), WRITE_OFF, "slip"),
    ((COMMISSION,), "plan FRAUD-1 2026Q4", "slip"),
    ((COMMISSION,), "interest FRAUD-1 250 --because 'incident 341'", "slip"),
    ((COMMISSION,), "edit FRAUD-1 --title 'Thick glue'", "slip"),
    ((COMMISSION, "tag FRAUD-1 fraud"), "tag FRAUD-1 +later -fraud", "slip"),
    ((COMMISSION, "assign FRAUD-1 ada"), "assign FRAUD-1 nobody", "slip"),
    ((COMMISSION,), "link FRAUD-1 https://tracker.example/7", "slip"),
    ((), RATE, "slip"),
    ((RATE,), "rate set 900 --from 2026-02-01 --team red", "slip"),
    ((RATE,), "rate withdraw 3 --because slip", ""),
    ((), "budget set 2026Q4 900 --team red", ""),
    (("budget set 2026Q4 500 --team red",), "budget set 2026Q4 900 --team red", ""),
    (("forecast set 2026Q4 500 --team red",), "forecast set 2026Q4 900 --team red", ""),
    ((), "policy set second-actor-close on", ""),
    ((), "time-zone set Europe/Berlin", ""),
    ((), "system change FRAUD --team blue", "red"),
    ((), "system change FRAUD --cost-centre CC-2", "CC-1"),
    ((), "system change FRAUD --name 'Fraud, scored'", ""),
)
QUESTIONS = ("list", "system list", "budget list", "policy list", "config", "delta")


@pytest.mark.parametrize(("setup", "line", "word"), UNDONE, ids=lambda value: value if isinstance(value, str) else "")
def test_what_the_receipt_proposes_takes_it_back(teller: Teller, setup: tuple[str, ...], line: str, word: str) -> None:
    """Afterwards every question has the answer that it had before."""
    for each in setup:
        teller.do(each)
    before = [answers(teller, question) for question in QUESTIONS]
    told = teller.do(line).out
    (undo,) = re.findall(r"  undo: debt (.*)", told)
    teller.do(undo.replace("…", word))
    assert [answers(teller, question) for question in QUESTIONS] == before


def answers(teller: Teller, question: str) -> Any:
    """The answer as of now; a delta names the position, and a budget of nothing is none."""
    found = teller.ask(question)
    if isinstance(found, dict):
        return {name: value for name, value in found.items() if name not in ("position", "known_at")}
    if question == "policy list":
        return {row["policy"]: row["value"] for row in found}
    if question == "budget list":
        return [row for row in found if {row["budget"], row["forecast"]} - {None, "0.00"}]
    return found


def test_a_repayment_tells_what_is_left(teller: Teller) -> None:
    teller.do(COMMISSION)
    said_ = teller.do("repay FRAUD-1 250 --key one").out
    assert "left: EUR 750.00, interest EUR 75.00 a year" in said_
    assert "left: nothing" in teller.do("repay FRAUD-1 --all").out
    # A retry is told what was left then.
    assert "left: EUR 750.00, interest EUR 75.00 a year" in teller.do("repay FRAUD-1 250 --key one").out
