"""Requests: what was asked, by whom, as text; what a retry is recognised by (design §4, 'Idempotency')."""

from __future__ import annotations

from datetime import date
from functools import cached_property
from typing import Any

import msgspec

from ledger.decide.command import Command
from ledger.decide.convention import by_convention
from ledger.events.codec import canonical, sha256_hex
from ledger.vocabulary.errors import Refused
from ledger.vocabulary.text import is_blank


class Request(msgspec.Struct, frozen=True, dict=True):
    """A command somebody asks for.

    key: names the request, so that a retry counts once; None where none was given.
    again: record it although an identical request was recorded before.
    """

    command: Command
    actor: str
    asked_on: date
    key: str | None = None
    again: bool = False

    def __post_init__(self) -> None:
        """Raise Refused for a key or an actor that is blank: requests without a name would all have the same one."""
        for option, text in (("--key", self.key), ("--actor", self.actor)):
            if text is not None and is_blank(text):
                by_convention(Refused(f"{option} is blank.", "Say it, or leave it out."))

    @cached_property
    def json(self) -> bytes:
        """The canonical text that is kept. `asked_on` is the day that a missing date stands for."""
        return canonical({"actor": self.actor, "asked_on": self.asked_on, "request": self.command})

    @cached_property
    def fingerprint(self) -> str:
        """What an identical request without a key has as well: the same actor, command and date."""
        return fingerprint(self.json)


class _Said(msgspec.Struct, gc=False):
    on: str | None = None


class _Dates(msgspec.Struct, gc=False):
    """Of a request's text, the days in it."""

    asked_on: str
    request: _Said


_DATES = msgspec.json.Decoder(_Dates)


def fingerprint(request_json: bytes | str) -> str:
    """sha256 of a request with its date filled in."""
    text = request_json.encode() if isinstance(request_json, str) else request_json
    dates = _DATES.decode(text)
    if dates.request.on is not None:
        # The text is canonical, so cutting the member out gives what reading and writing it again would give. No text
        # within it reads like that: its quotation marks are escaped.
        member = f'"asked_on":"{dates.asked_on}",'.encode()
        if member in text:
            return sha256_hex(text.replace(member, b"", 1))
    asked = msgspec.json.decode(text)
    asked["request"].setdefault("on", asked["asked_on"])
    del asked["asked_on"]
    return sha256_hex(canonical(asked))


def command_text(of: Command | str) -> str:
    """The canonical text of a command, or of the one in a request's text: the same, whoever asked and on which day."""
    return canonical(msgspec.json.decode(of)["request"] if isinstance(of, str) else of).decode()


def differing_field(recorded_json: bytes | str, request: Request) -> str | None:
    """The name of a field in which a retry differs from what was recorded under its key; None if in none.

    The day on which it is asked is no difference where neither names a date: a retry may come after midnight.
    Where one does, a missing date is the day on which that one was asked.
    """
    recorded, asked = msgspec.json.decode(recorded_json), msgspec.json.decode(request.json)
    if recorded["actor"] != asked["actor"]:
        return "actor"
    before: dict[str, Any] = recorded["request"]
    now: dict[str, Any] = asked["request"]
    if "on" in before or "on" in now:
        before.setdefault("on", recorded["asked_on"])
        now.setdefault("on", asked["asked_on"])
    for name in ("command", *sorted(before.keys() | now.keys())):
        if before.get(name) != now.get(name):
            return name
    return None
