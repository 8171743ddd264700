"""Deciding again: every refusal of every rule breaks a law or a convention, and every field of every event is held."""

from __future__ import annotations

import ast
import traceback
from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path
from typing import Any, get_args

import msgspec
import pytest

from ledger import decide as rules
from ledger.decide import decide
from ledger.decide.command import Command
from ledger.decide.decided import Decided
from ledger.decide.departure import Departure, departures
from ledger.decide.request import Request
from ledger.events import NAME_OF, Recorded, codec
from ledger.events.codec import canonical, stored_name
from ledger.vocabulary.errors import LedgerError
from tests.decide.in_memory import InMemory
from tests.decide.test_the_rules_agree_with_the_model import opened
from tests.decide.typed import read
from tests.helpers.lawful_book import ACTOR, ANOTHER, BASE, NEXT, TODAY, UNCONVENTIONAL, UNLAWFUL
from tests.model.histories import FIRST_DAY, LAST_DAY, seeded_history
from tests.model.histories import TODAY as TOLD

ROOM = Path(rules.__file__).parent
#: What is no rule's: damage, and what examining the books finds.
NO_RULE = ("StoreError", "Unexamined", "broken")
Site = tuple[str, int]


@pytest.fixture(scope="module")
def book() -> InMemory:
    found = InMemory()
    for command in BASE:
        found.do(command, TODAY, ACTOR)
    return found


def actor_of(command: Command) -> str:
    return ANOTHER if command in NEXT else ACTOR


def stored(book: InMemory, events: Iterable[Decided], **envelope: Any) -> list[tuple[Recorded, str]]:
    """Events as they would stand behind the book's last, each with its body."""
    kept = []
    for position, happened in enumerate(events, len(book.events) + 1):
        recorded = Recorded(
            book=book.name, position=position, event_id=f"id-{position}", stream=happened.event.stream, stream_version=9,
            stored_as=stored_name(happened.event), effective_on=happened.effective_on,
            recorded_at=f"{TODAY}T09:00:00.000000Z", actor=ACTOR, key="k", request_sha256="", data=happened.event)  # fmt: skip
        recorded = msgspec.structs.replace(recorded, **envelope)
        kept.append((recorded, canonical(recorded).decode()))
    return kept


def found(book: InMemory, command: Command, caused: list[tuple[Recorded, str]], actor: str = ACTOR) -> list[Departure]:
    return list(departures(Request(command, actor, TODAY).json.decode(), caused, book.state))


# --- every refusal ------------------------------------------------------------------------------------


def sites() -> tuple[set[Site], set[Site]]:
    """Where a rule refuses by law, and where by convention: file and first line."""
    laws, conventions = set(), set()
    for path in ROOM.glob("*.py"):
        # Damage, which is refused to nobody; who logged in, and who hashed, which no request keeps; names, tried below.
        if path.name in ("fold.py", "state.py", "login.py", "claims.py", "request.py"):
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call | ast.Name):
                raised = node.exc.func if isinstance(node.exc, ast.Call) else node.exc
                if isinstance(raised, ast.Name) and raised.id not in NO_RULE:
                    laws.add((path.name, node.lineno))
            elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "by_convention":
                conventions.add((path.name, node.lineno))
    return laws, conventions


def refused_at(book: InMemory, command: Command) -> Site:
    """Where the rules refuse a command, be it by convention."""
    try:
        decide(command, book.state(command.needs(), TODAY, ACTOR))
    except LedgerError as refusal:
        frames = [frame for frame in traceback.extract_tb(refusal.__traceback__) if Path(frame.filename).parent == ROOM]
        names = [frame.name for frame in frames]
        last = frames[names.index("by_convention") - 1] if "by_convention" in names else frames[-1]
        return Path(last.filename).name, last.lineno or 0
    raise AssertionError(f"nothing refuses {command}")


def test_every_refusal_is_by_law_or_by_convention_and_has_a_story(book: InMemory) -> None:
    """A refusal that is new breaks no law: what older releases recorded has to stand. Use `by_convention`, and tell it."""
    laws, conventions = sites()
    assert {refused_at(book, command) for command in UNLAWFUL} == laws
    assert {refused_at(book, command) for command in UNCONVENTIONAL} == conventions


@pytest.mark.parametrize("command", UNLAWFUL, ids=lambda command: type(command).__name__)
def test_what_the_law_forbids_is_found_whatever_was_recorded(book: InMemory, command: Command) -> None:
    other = next(each for each in NEXT if type(each).__name__ == "AddNote")
    there = stored(book, decide(other, book.state(other.needs(), TODAY, ACTOR)))
    (departure,) = found(book, command, there)
    assert not departure.lawful
    assert str(departure.expected).startswith("refused: ")
    # Nor does a broken convention hide it.
    longer = msgspec.structs.replace(command, evidence="long" * 100_000)
    assert [each.lawful for each in found(book, longer, there)] == [False]


@pytest.mark.parametrize("command", UNCONVENTIONAL, ids=lambda command: type(command).__name__)
def test_what_only_a_convention_forbids_differs_and_hides_nothing(book: InMemory, command: Command) -> None:
    with rules.convention.conventions_noted():
        decided = decide(command, book.state(command.needs(), TODAY, ACTOR))
    there = stored(book, decided)
    assert {each.lawful for each in found(book, command, there)} == {True}
    moved = [
        (msgspec.structs.replace(each, effective_on=each.effective_on + timedelta(days=1)), body)
        for each, body in there
    ]
    assert [each.field for each in found(book, command, moved) if not each.lawful] == ["effective_on"]


def test_a_request_by_nobody_differs(book: InMemory) -> None:
    """An older release took it; it names nobody, and moves no figure."""
    note = next(each for each in NEXT if type(each).__name__ == "AddNote")
    there = stored(book, decide(note, book.state(note.needs(), TODAY, ACTOR)), actor=" ")
    text = Request(note, ACTOR, TODAY).json.decode().replace(f'"actor":"{ACTOR}"', '"actor":" "')
    assert [(each.field, each.lawful) for each in departures(text, there, book.state)] == [("decision", True)]


# --- every field of every event -----------------------------------------------------------------------


def another(value: Any, kind: Any) -> Any:
    """A value that the field could hold as well."""
    literals = [each for each in get_args(kind) if isinstance(each, str)]
    if literals:
        return next(each for each in literals if each != value)
    match value:
        case None:
            options = [option for option in get_args(kind) if option is not type(None)]
            return {int: 7, str: "x", date: TODAY}[options[0]]
        case bool():
            return not value
        case int():
            return value + 1
        case str():
            return f"{value}x"
        case date():
            return value + timedelta(days=1)
        case dict():
            return {
                **value,
                "x": ("x",) if () in value.values() or any(isinstance(v, tuple) for v in value.values()) else "x",
            }
        case tuple():
            return value[:-1] if value else (1,)
    raise AssertionError(f"another {value!r}")


def test_every_event_is_decided_by_what_the_book_goes_on_with(book: InMemory) -> None:
    """Or by what it began with; a checkpoint is signed with a key, and its fields are those of its request."""
    state = [decide(each, book.state(each.needs(), TODAY, actor_of(each))) for each in NEXT]
    decided = {type(each.event) for events in state for each in events} | {type(each.event) for each in book.events}
    assert {NAME_OF[event] for event in NAME_OF if event not in decided} == {"checkpoint-signed/1"}


@pytest.mark.parametrize("command", NEXT, ids=lambda command: type(command).__name__)
def test_no_field_of_an_event_can_say_otherwise(book: InMemory, command: Command) -> None:
    actor = actor_of(command)
    decided = decide(command, book.state(command.needs(), TODAY, actor))
    there = stored(book, decided, actor=actor)
    assert found(book, command, there, actor) == []
    for number, (recorded, _) in enumerate(there):
        kinds = msgspec.structs.fields(type(recorded.event))
        for field in kinds:
            value = another(getattr(recorded.event, field.name), field.type)
            forged = msgspec.structs.replace(
                recorded, data=msgspec.structs.replace(recorded.event, **{field.name: value})
            )
            _found_only(book, command, there, number, forged, {field.name, "stream"})
        for name in ("effective_on", "actor", "stream"):
            forged = msgspec.structs.replace(recorded, **{name: another(getattr(recorded, name), str)})
            _found_only(book, command, there, number, forged, {name})
        fewer = there[:number] + there[number + 1 :]
        assert not fewer or [each.lawful for each in found(book, command, fewer, actor)] == [False]


def _found_only(
    book: InMemory, command: Command, there: list[tuple[Recorded, str]], number: int, forged: Recorded, fields: set[str]
) -> None:
    touched = [*there[:number], (forged, canonical(forged).decode()), *there[number + 1 :]]
    departed = found(book, command, touched, actor_of(command))
    assert departed, fields
    assert {each.field for each in departed} <= fields
    assert not any(each.lawful for each in departed)


# --- requests and versions ----------------------------------------------------------------------------


def note(book: InMemory) -> tuple[Command, list[tuple[Recorded, str]]]:
    command = next(each for each in NEXT if type(each).__name__ == "AddNote")
    return command, stored(book, decide(command, book.state(command.needs(), TODAY, ACTOR)))


def test_a_request_that_cannot_be_read_breaks_a_law(book: InMemory) -> None:
    _, there = note(book)
    for text in ("", "{}", '{"actor":"ada","asked_on":"2026-10-20","request":{"command":"mint money"}}'):
        (departure,) = departures(text, there, book.state)
        assert (departure.field, departure.lawful) == ("request_json", False)


def test_a_request_that_says_more_than_this_release_reads_differs(book: InMemory) -> None:
    command, there = note(book)
    text = Request(command, ACTOR, TODAY).json.decode().replace('"request":{', '"request":{"aloud":true,')
    (departure,) = departures(text, there, book.state)
    assert (departure.field, departure.lawful) == ("request_json", True)


def test_nothing_is_recorded_before_it_was_asked_for(book: InMemory) -> None:
    """So that nobody gets an entry in the future by dating the question."""
    command, there = note(book)
    for days, fields in ((1, []), (2, ["asked_on"])):
        text = Request(command, ACTOR, TODAY + timedelta(days=days)).json.decode()
        assert [each.field for each in departures(text, there, book.state)] == fields


def test_an_older_version_differs_and_what_it_says_itself_is_held(
    book: InMemory, monkeypatch: pytest.MonkeyPatch
) -> None:
    def upcast(data: dict[str, Any]) -> dict[str, Any]:
        return {"evidence": "unknown then", **data}

    monkeypatch.setitem(codec.UPCASTERS, "note-added/0", ("note-added/1", upcast))
    command, ((_, body),) = note(book)
    older = msgspec.json.decode(body) | {"stored_as": "note-added/0"}
    del older["data"]["evidence"]
    for text, breaking in ((older["data"]["text"], []), ("another", ["text"])):
        older["data"]["text"] = text
        again = canonical(older).decode()
        departed = found(book, command, [(codec.decode(again), again)])
        assert [each.field for each in departed if each.lawful] == ["stored_as", "evidence"]
        assert [each.field for each in departed if not each.lawful] == breaking


def test_an_older_version_that_posts_otherwise_is_held_to_what_it_leaves_out(
    book: InMemory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What it left to be read into it is the release's own word only while the books are the same."""
    command = next(each for each in NEXT if type(each).__name__ == "Repay")
    ((right, body),) = stored(book, decide(command, book.state(command.needs(), TODAY, ACTOR)))
    name, field = right.stored_as, "removed_minor"
    removed = getattr(right.event, field)
    older = msgspec.json.decode(body) | {"stored_as": f"{name[:-1]}0"}
    del older["data"][field]
    again = canonical(older).decode()
    for read_as, breaking in ((removed, []), (removed + 1, [field])):
        monkeypatch.setitem(codec.UPCASTERS, f"{name[:-1]}0", (name, lambda data, n=read_as: {field: n, **data}))
        departed = found(book, command, [(codec.decode(again), again)])
        assert [each.field for each in departed if not each.lawful] == breaking


def test_a_request_that_led_to_another_event_is_found(book: InMemory) -> None:
    command, _ = note(book)
    for other in NEXT:
        decided = decide(other, book.state(other.needs(), TODAY, actor_of(other)))
        if other is not command:
            departed = found(book, command, stored(book, decided))
            assert [each.lawful for each in departed] == [False], type(other).__name__


# --- whole histories ----------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(4))
def test_no_request_of_a_random_history_departs(seed: int) -> None:
    """Each is decided again as soon as it was decided, on the state before it."""
    history = seeded_history(seed, steps=40, days=(FIRST_DAY, LAST_DAY), today=TOLD)
    book = opened(history.fiscal_year_start)
    for command in map(read, history.commands):
        before = InMemory(events=list(book.events))
        try:
            done = book.do(command, TOLD, ACTOR)
        except LedgerError:
            continue
        caused = [(msgspec.structs.replace(each, recorded_at=f"{TOLD}T09:00:00.000000Z"), "") for each in done]
        text = Request(command, ACTOR, TOLD).json.decode()
        assert list(departures(text, caused, before.state)) == []
