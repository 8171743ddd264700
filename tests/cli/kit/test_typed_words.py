"""What every option and argument of a kind reads: found in the command tree, so that a new one is held to it as well."""

from __future__ import annotations

from datetime import date

import click
import msgspec
import pytest

from ledger import Refused
from ledger.cli.kit.types import DAY, MOMENT, TEAM, TEXT
from ledger.decide import decide, every_command
from ledger.decide.command import Command
from ledger.decide.note import AddNote
from ledger.decide.request import Request
from ledger.decide.state import State
from ledger.decide.words import refuse_blank
from tests.helpers.command_tree import parameters, typed_as
from tests.helpers.lines import COMMISSION
from tests.helpers.teller import Teller

#: Nothing that anybody could read.
BLANK = ("", " ", "\t\n", "\u00a0\u3000", "\u200b", "\u2060\ufeff")

NO_DATES = (
    "20261007", "2026-W10-1", "2026W101", "2026-280", "2026280", "2026-1-7", "26-01-07", "2026-02-30", "2026/01/07",
    "07.01.2026", "2026-01-07T00:00:00Z", " 2026-01-07", "2026-01-07 ", "٢٠٢٦-٠١-٠٧", "today", "+2026-01-07", "-026-01-07",
)  # fmt: skip
NO_MOMENTS = (
    "20261007", "2026-W10-1", "2026-280", "2026-02-30", "2026-01-07T09:00:00", "2026-01-07 09:00", "2026-01-07T09:00Z",
    "2026-01-07T09Z", "20260107T090000Z", "2026-01-07T24:00:00Z", "2026-01-07T09:00:00+0100", "2026-01-07T09:00:00 CET",
    "2026-01-07T09:00:00+25:00", "2026-W02-3T09:00:00Z", "now", "1767772800",
)  # fmt: skip


def of_kind(*kinds: object) -> list[tuple[tuple[str, ...], click.Parameter]]:
    """Every parameter of the tree that is read so."""
    return [(path, parameter) for path, _, parameter in parameters() if parameter.type in kinds]


def _names(value: object) -> str:
    return (
        value.name or "" if isinstance(value, click.Parameter) else " ".join(value) if isinstance(value, tuple) else ""
    )


def test_texts_have_no_type_of_their_own() -> None:
    """A text that click reads itself would be held to nothing: every parameter has one of the project's own types."""
    assert [(path, found.name) for path, found in of_kind(click.STRING)] == []
    assert len(of_kind(TEXT, TEAM)) > 50
    assert len(of_kind(DAY)) > 30
    assert {found.name for _, found in of_kind(MOMENT)} == {"known_at", "since"}
    assert [path for path, _, found in parameters() if found.name == "known_at" and found.type is not MOMENT] == []


@pytest.mark.parametrize(("path", "parameter"), of_kind(TEXT, TEAM), ids=_names)
def test_a_blank_text_is_wrong_usage(teller: Teller, path: tuple[str, ...], parameter: click.Parameter) -> None:
    """Whatever option it is of, and however it is blank: nothing is recorded under a name that is none."""
    for blank in BLANK:
        words = typed_as(parameter, blank)
        reply = teller.type_words([*words, "list"] if not path else [*path, *words])
        assert (reply.exit_code, teller.position) == (2, 2), reply


@pytest.mark.parametrize(("path", "parameter"), of_kind(DAY), ids=_names)
def test_a_date_is_written_in_one_way(teller: Teller, path: tuple[str, ...], parameter: click.Parameter) -> None:
    for word in NO_DATES:
        reply = teller.type_words([*path, *typed_as(parameter, word)])
        assert (reply.exit_code, "is not a date: write it like 2026-03-01." in reply.err) == (2, True), reply


@pytest.mark.parametrize(("path", "parameter"), of_kind(MOMENT), ids=_names)
def test_a_time_is_written_in_one_way(teller: Teller, path: tuple[str, ...], parameter: click.Parameter) -> None:
    for word in NO_MOMENTS:
        reply = teller.type_words([*path, *typed_as(parameter, word)])
        assert (reply.exit_code, "is not a time: write it like" in reply.err) == (2, True), reply


def test_what_is_read_as_a_time(teller: Teller) -> None:
    """A day is its end in the book's zone, a time is what it says, in capitals or not, to the microsecond and beyond."""
    for word, known_at in (
        ("2026-07-15", "2026-07-15T23:59:59.999999Z"),
        ("2026-07-15T09:00:00Z", "2026-07-15T09:00:00.000000Z"),
        ("2026-07-15t09:00:00z", "2026-07-15T09:00:00.000000Z"),
        ("2026-07-15 11:00:00+02:00", "2026-07-15T09:00:00.000000Z"),
        ("2026-07-15T09:00:00.123456789Z", "2026-07-15T09:00:00.123456Z"),
    ):
        assert teller.type_words(["delta", "--known-at", word, "--format", "json"]).json["known_at"] == known_at


@pytest.mark.parametrize("day", ["0001-01-01", "1899-12-31", "1969-12-31", "2200-01-01", "9999-12-31"])
@pytest.mark.parametrize(
    "line", [COMMISSION.rpartition(" --on ")[0], "system add NEW New --team red", "rate set 8", "close 2025Q4"]
)
def test_an_entry_stands_in_a_time_that_has_such_systems(teller: Teller, line: str, day: str) -> None:
    """A rule of the ledger, and not of how it is typed: from Python it is the same."""
    reply = teller.type(f"{line} --on {day}")
    assert (reply.exit_code, teller.position) == (1, 2)
    assert "Nothing can be recorded on" in reply.err
    assert "entries are of 1970-01-01 to 2199-12-31" in " ".join(reply.err.split())
    assert teller.type(f"{line} --late --on {day}").exit_code == 1


@pytest.mark.parametrize("kind", every_command(), ids=lambda kind: kind.__name__)
@pytest.mark.parametrize("day", [date(1969, 12, 31), date(2200, 1, 1), date.min, date.max])
def test_no_command_is_decided_outside_of_it(kind: type[Command], day: date) -> None:
    """Neither on a day that was typed, nor today by a clock that is wrong."""
    blank = msgspec.structs.fields(kind)
    command = msgspec.convert(
        {field.name: _any(field) for field in blank if field.required} | {"command": kind.__struct_config__.tag}, kind
    )
    for asked, today in ((msgspec.structs.replace(command, on=day), date(2026, 7, 15)), (command, day)):
        with pytest.raises(Refused, match="entries are of 1970-01-01 to 2199-12-31"):
            decide(asked, State(today=today))


@pytest.mark.parametrize("kind", every_command(), ids=lambda kind: kind.__name__)
@pytest.mark.parametrize("blank", BLANK)
def test_no_text_of_any_command_may_be_blank(kind: type[Command], blank: str) -> None:
    """From Python too: every field of every command that is a text, a list of texts, or answers by name."""
    required = {field.name: _any(field) for field in msgspec.structs.fields(kind) if field.required}
    command = msgspec.convert(required | {"command": kind.__struct_config__.tag}, kind)
    refuse_blank(command)
    for field in msgspec.structs.fields(kind):
        for said in _blanks_of(field, blank):
            with pytest.raises(Refused, match="is blank"):
                refuse_blank(msgspec.structs.replace(command, **{field.name: said}))


@pytest.mark.parametrize("blank", BLANK)
def test_neither_a_key_nor_an_actor_is_blank(blank: str) -> None:
    """A retry would be every request of that name: what a script left unset counts once, or is refused."""
    note = AddNote(item="FRAUD-1", text="seen")
    for said in ({"key": blank, "actor": "ada"}, {"actor": blank}):
        with pytest.raises(Refused, match="is blank"):
            Request(note, asked_on=date(2026, 7, 15), **said)


def _any(field: msgspec.structs.FieldInfo) -> object:
    """Some value that a required field takes."""
    spelled = str(field.type)
    for sign, value in (
        ("dict", {}),
        ("tuple", []),
        ("bool", False),
        ("int", 1),
        ("date", "2026-01-01"),
        ("Quantity", {"minor": 1}),
    ):
        if sign in spelled:
            return value
    return next(iter(getattr(field.type, "__args__", ())), "x") if "Literal" in spelled else "x"


def _blanks_of(field: msgspec.structs.FieldInfo, blank: str) -> list[object]:
    spelled = str(field.type)
    if "Literal" in spelled or "str" not in spelled:
        return []
    return [{"1.1": blank}] if "dict" in spelled else [("x", blank)] if "tuple" in spelled else [blank]
