"""Deciding again: what a stored request leads to on the state before it, held against the events that it led to.

A departure breaks a law, or only differs (decision 0018). Within one version of an event, what a rule makes of a request
is timeless: another day, amount, item or text breaks a law. What a newer version says beyond the stored one differs, and
so does what is refused by a convention alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Union

import msgspec

from ledger.accounts.postings import post
from ledger.decide import decide, every_command
from ledger.decide.command import Needs
from ledger.decide.convention import conventions_noted
from ledger.decide.decided import Decided
from ledger.decide.request import Request
from ledger.decide.state import State
from ledger.events import Recorded
from ledger.events.codec import canonical, said_by, stored_name
from ledger.vocabulary.errors import LedgerError, Refused


@dataclass(frozen=True, slots=True)
class Departure:
    """One thing in which a stored request was not decided as it is decided again.

    position: of the event, of the request's first where it is about them all. expected: what the rules say; found: what is
    stored. lawful: it breaks no law.
    """

    position: int
    table: str
    field: str
    expected: Any
    found: Any
    lawful: bool = False


#: What a command needs, the day on which it was asked and by whom: the state before it.
StateFor = Callable[[Needs, date, str], State]
#: The events of one request in order, each with its body as stored.
Caused = Sequence[tuple[Recorded, str]]


class _StoredRequest(msgspec.Struct, gc=False):
    actor: str
    asked_on: date
    request: Union[every_command()]  # type: ignore[valid-type]  # noqa: UP007 - of a tuple that is known at run time


_REQUESTS = msgspec.json.Decoder(_StoredRequest)
#: A day in any zone is at most this much later than the day in UTC.
_EARLIEST_ZONE = timedelta(days=1)


def departures(text: str, caused: Caused, state_for: StateFor) -> Iterator[Departure]:
    """What differs between the events of a request and what its text leads to. Never raises for what is stored."""
    stored = [recorded for recorded, _ in caused]
    first = stored[0].position
    try:
        said = _REQUESTS.decode(text)
    except (msgspec.MsgspecError, RecursionError, UnicodeError) as error:
        yield Departure(first, "request", "request_json", "a request that can be read", str(error))
        return
    with conventions_noted() as noted_of_request:
        asked = Request(said.request, said.actor, said.asked_on)
    if asked.json != text.encode():
        yield Departure(first, "request", "request_json", asked.json.decode(), text, lawful=True)
    yield from _who_and_when(asked, stored)
    try:
        with conventions_noted() as noted:
            decided = decide(asked.command, state_for(asked.command.needs(), asked.asked_on, asked.actor))
    except LedgerError as refusal:
        yield Departure(first, "event", "decision", f"refused: {_why(refusal)}", _listed(stored))
        return
    except Exception as error:  # what was forged before can break what a rule relies on
        yield Departure(first, "event", "decision", f"none: {type(error).__name__}: {error}", _listed(stored))
        return
    for broken in (*noted_of_request, *noted):
        yield Departure(first, "event", "decision", f"refused: {_why(broken)}", _listed(stored), lawful=True)
    if len(decided) != len(stored):
        expected = ", ".join(f"{stored_name(each.event)} {each.event.stream}" for each in decided)
        yield Departure(first, "event", "decision", expected, _listed(stored))
        return
    for wanted, (there, body) in zip(decided, caused, strict=True):
        yield from _differing(wanted, there, body)


def _who_and_when(asked: Request, stored: Sequence[Recorded]) -> Iterator[Departure]:
    """Nothing is recorded before it was asked for, nor by somebody else."""
    for each in stored:
        if each.actor != asked.actor:
            yield Departure(each.position, "event", "actor", asked.actor, each.actor)
    recorded_on = date.fromisoformat(stored[0].recorded_at[:10])
    if asked.asked_on > recorded_on + _EARLIEST_ZONE:
        by = f"{recorded_on + _EARLIEST_ZONE} or earlier"
        yield Departure(stored[0].position, "request", "asked_on", by, asked.asked_on)


def _differing(wanted: Decided, there: Recorded, body: str) -> Iterator[Departure]:
    """What differs between an event that is decided and one that is stored."""
    position, event, name = there.position, there.event, stored_name(wanted.event)
    if type(event) is not type(wanted.event):
        yield Departure(position, "event", "stored_as", name, there.stored_as)
        return
    if there.stream != wanted.event.stream:
        yield Departure(position, "event", "stream", wanted.event.stream, there.stream)
    if there.effective_on != wanted.effective_on:
        yield Departure(position, "event", "effective_on", wanted.effective_on, there.effective_on)
    older = there.stored_as != name
    # An older version that comes to the same says the same.
    if event != wanted.event:
        if older:
            yield Departure(position, "event", "stored_as", name, there.stored_as, lawful=True)
        said = (
            said_by(body)
            if older and post(event, there.effective_on) == post(wanted.event, wanted.effective_on)
            else None
        )
        for field in event.__struct_fields__:
            mine, theirs = getattr(wanted.event, field), getattr(event, field)
            if mine != theirs:
                new = said is not None and field not in said
                yield Departure(position, "event", field, _spelled(mine), _spelled(theirs), lawful=new)


def _spelled(value: Any) -> Any:
    """A value as a report can show it: what is made of parts as it is stored."""
    return value if value is None or isinstance(value, str | int | date) else canonical(value).decode()


def _listed(stored: Sequence[Recorded]) -> str:
    return ", ".join(f"{each.stored_as} {each.stream}" for each in stored)


def _why(refusal: LedgerError) -> str:
    return refusal.why if isinstance(refusal, Refused) else str(refusal)
