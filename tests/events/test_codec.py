"""Bodies are canonical JSON (RFC 8785), for ever the same bytes, and read back as what was written."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, get_args, get_origin

import msgspec
import pytest
import rfc8785
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.events import NAME_OF, STORED_AS, Event, Leg, Recorded, codec
from ledger.events.book import BookOpened
from ledger.events.codec import UPCASTERS, UnknownEvent, canonical, decode, happening
from ledger.proof.chain import GENESIS, link
from ledger.vocabulary.errors import StoreError

GOLDEN = Path(__file__).parents[1] / "golden"

#: All that a database can keep: any character but NUL and halves of a pair.
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=30) | st.sampled_from(
    ["\u2028\u2029", "\x01\x1f\x7f\b\f\n\r\t", "\U0001f600𝄞", '"\\/', "e\u0301", "\ufffe\uffff", "<>&'"]
)
# What can be written exactly in JSON as everybody reads it.
INTEGERS = st.integers(-(2**53) + 1, 2**53 - 1)
st.register_type_strategy(str, TEXTS)
st.register_type_strategy(int, INTEGERS)


def structs(struct: type[Any]) -> st.SearchStrategy[Any]:
    """Any instance of a struct, by the types of its fields."""
    fields = {field.name: values(field.type) for field in msgspec.structs.fields(struct)}
    return st.fixed_dictionaries(fields).map(lambda chosen: struct(**chosen))


def values(of: Any) -> st.SearchStrategy[Any]:
    """Any value of a field's type."""
    if of == tuple[Leg, ...]:
        return st.lists(structs(Leg), max_size=3).map(tuple)
    if get_origin(of) is dict:
        # Keys come from the importers and the measures and are ASCII: beyond it, RFC 8785 sorts differently from msgspec.
        keys = st.text(st.characters(codec="ascii", exclude_characters="\x00"), max_size=8)
        return st.dictionaries(keys, values(get_args(of)[1]), max_size=3)
    if get_origin(of) is tuple:
        return st.lists(values(get_args(of)[0]), max_size=3).map(tuple)
    return st.from_type(of)


def recorded(event_type: type[Event]) -> st.SearchStrategy[Recorded]:
    """Any event of a type in any envelope."""
    envelope = {field.name: values(field.type) for field in msgspec.structs.fields(Recorded)}
    envelope |= {"stored_as": st.just(NAME_OF[event_type]), "data": structs(event_type)}
    return st.fixed_dictionaries(envelope).map(lambda chosen: Recorded(**chosen))


EVERY_EVENT = pytest.mark.parametrize("event_type", STORED_AS.values(), ids=STORED_AS)
#: Of each kind of event; there are many kinds.
FEW = settings(max_examples=8, deadline=None)


@EVERY_EVENT
@FEW
@given(data=st.data())
def test_bodies_are_canonical_json(event_type: type[Event], data: st.DataObject) -> None:
    written = data.draw(recorded(event_type))
    body = canonical(written)
    assert body == rfc8785.dumps(json.loads(body))
    assert body == rfc8785.dumps(msgspec.to_builtins(written))


@EVERY_EVENT
@FEW
@given(data=st.data())
def test_what_is_read_is_what_was_written(event_type: type[Event], data: st.DataObject) -> None:
    written = data.draw(recorded(event_type))
    assert decode(canonical(written)) == written
    assert decode(canonical(written).decode()) == written


@EVERY_EVENT
@FEW
@given(data=st.data())
def test_what_happened_is_the_same_however_much_is_read(event_type: type[Event], data: st.DataObject) -> None:
    written = data.draw(recorded(event_type))
    read = happening(canonical(written))
    assert (read.stream, read.effective_on, read.event) == (written.stream, written.effective_on, written.event)
    assert happening(canonical(written).decode()) == read


def golden_bodies() -> list[dict[str, str]]:
    """One per stored name (golden/add_missing.py): the body's text and its hash, each chained to the one before."""
    return [json.loads(line) for line in (GOLDEN / "bodies.jsonl").read_text(encoding="utf-8").splitlines()]


def test_stored_names_never_change() -> None:
    assert list(STORED_AS) == (GOLDEN / "stored_names.txt").read_text(encoding="utf-8").split()


def test_every_stored_name_has_a_golden_body() -> None:
    assert [json.loads(line["body"])["stored_as"] for line in golden_bodies()] == list(STORED_AS)


@pytest.mark.parametrize("line", golden_bodies(), ids=lambda line: json.loads(line["body"])["stored_as"])
def test_todays_classes_write_the_bytes_of_the_golden_bodies(line: dict[str, str]) -> None:
    if json.loads(line["body"])["stored_as"] in UPCASTERS:
        pytest.skip("an old version is read and not written any more")
    assert canonical(decode(line["body"])).decode() == line["body"]


def test_golden_bodies_chain_to_the_hashes_that_they_had() -> None:
    previous = GENESIS
    for line in golden_bodies():
        previous = link(previous, line["body"].encode())
        assert previous == line["hash"]


def a_body(**changes: Any) -> dict[str, Any]:
    """The first golden body, with some of its members changed."""
    return json.loads(golden_bodies()[0]["body"]) | changes


@pytest.mark.parametrize("name", ["debt-commissioned/2", "Repaid/1", ""])
def test_an_unknown_stored_name_is_an_error(name: str) -> None:
    for read in (decode, happening):
        with pytest.raises(UnknownEvent, match="upgrade debt-ledger"):
            read(json.dumps(a_body(stored_as=name)))


@pytest.mark.parametrize("body", ["", "{", "[]", "null", json.dumps(a_body(position="1")), json.dumps(a_body(more=1))])
def test_a_damaged_body_is_an_error(body: str) -> None:
    with pytest.raises(StoreError, match="debt verify"):
        decode(body)


@pytest.mark.parametrize("change", [{"effective_on": "2026-02-30"}, {"stream": None}, {"data": {"currency": "EUR"}}])
def test_damage_to_what_happened_is_an_error(change: dict[str, Any]) -> None:
    for read in (decode, happening):
        with pytest.raises(StoreError, match="debt verify"):
            read(json.dumps(a_body(**change)))


def test_an_old_version_is_read_as_what_it_has_become(monkeypatch: pytest.MonkeyPatch) -> None:
    def upcast(data: dict[str, Any]) -> dict[str, Any]:
        return {"currency": data["money"], "currency_exponent": 2, "fiscal_year_start": 1, "time_zone": "UTC"}

    monkeypatch.setitem(codec.UPCASTERS, "book-opened/0", ("book-opened/1", upcast))
    body = json.dumps(a_body(stored_as="book-opened/0", data={"money": "EUR"}))
    read = decode(body)
    assert read.stored_as == "book-opened/0"
    assert read.event == BookOpened(currency="EUR", currency_exponent=2, fiscal_year_start=1, time_zone="UTC")
    assert happening(body).event == read.event


def of_version_1(name: str) -> Any:
    """The event of a golden body of version 1."""
    return next(decode(line["body"]).event for line in golden_bodies() if f'"{name}/1"' in line["body"])


def test_version_1_is_read_as_what_nobody_said_then() -> None:
    monitor = of_version_1("monitor-documented")
    assert (monitor.principal_minor, monitor.carry_minor_per_year, monitor.agreed_by) == (None, 0, None)
    assert (monitor.ratio, monitor.roles, monitor.reference_sha256) == (None, {}, None)
    assert of_version_1("expectation-measured").series == ()
    assert of_version_1("evidence-added").series is None
