"""Strokes at the facts by somebody who knows what they mean: bodies and requests altered inside, tails cut, the chain made anew."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import Any

import msgspec

from ledger.events.codec import canonical, sha256_hex
from ledger.proof.chain import GENESIS, link
from tests.reliability.attack.ground import Foiled, Ground, Stroke, Values

_OTHERS = (None, True, 0, 1, -1, 10**6, 10**18, 0.5, "", "x", "2026-03-03", [], {}, ["x"])


def alter_a_body(ground: Ground) -> str:
    """One member of an event's body becomes another or goes; sometimes the columns that repeat it follow."""
    (row,) = ground.some_rows("event")
    body, told = _altered(ground.dice, row["body"])
    changes: Values = {"body": body}
    if ground.dice.random() < 0.5:
        envelope = msgspec.json.decode(body)
        kept = {column.name for column in ground.columns("event") if column.kind != "date"} - {"body", "hash"}
        changes |= {name: value for name, value in envelope.items() if name in kept and isinstance(value, str | int)}
    _put(ground, "event", row, changes)
    return f"body of position {row['position']}: {told}{', columns too' if len(changes) > 1 else ''}"


def alter_a_request(ground: Ground) -> str:
    """One member of a request becomes another, and the events that it caused name its new digest."""
    (row,) = ground.some_rows("request")
    asked, told = _altered(ground.dice, row["request_json"])
    _put(ground, "request", row, {"request_json": asked})
    caused = "SELECT * FROM event WHERE book = :book AND position BETWEEN :first AND :last ORDER BY position"
    for each in ground.rows(caused, book=row["book"], first=row["first_position"], last=row["last_position"]):
        body = _decoded(each["body"]) | {"request_sha256": sha256_hex(asked.encode())}
        _put(ground, "event", each, {"body": canonical(body).decode()})
    return f"request {row['key']}: {told}, digest too"


def cut_the_tail(ground: Ground) -> str:
    """The last events go, with all that followed from them, and the head moves back."""
    positions = [row["position"] for row in ground.rows("SELECT position FROM event ORDER BY position")]
    kept = ground.dice.choice(positions[:-1] or positions)
    for table in ground.tables():
        names = {column.name for column in ground.columns(table)}
        if "position" in names and table != "head":
            ground.run(f"DELETE FROM {table} WHERE position > :kept", kept=kept)
    ground.run("DELETE FROM request WHERE last_position > :kept", kept=kept)
    last = "(SELECT {} FROM event WHERE event.book = head.book AND event.position = :kept)"
    put = ", ".join(f"{name} = {last.format(name)}" for name in ("position", "hash", "recorded_at"))
    ground.run(f"UPDATE head SET {put}", kept=kept)
    return f"cut behind position {kept}"


def make_the_chain_anew(ground: Ground) -> None:
    """Every hash and the head are computed anew from what is stored, so that the chain holds whatever the bodies say."""
    previous = GENESIS
    found = ground.rows("SELECT * FROM event WHERE book = :book ORDER BY position", book=ground.book)
    if not found:
        raise Foiled("there is no event")
    for row in found:
        body = row["body"]
        previous = link(previous, body if isinstance(body, bytes) else str(body).encode())
        where, values = ground.place("event", row)
        ground.run(f"UPDATE event SET hash = :hash WHERE {where}", hash=previous, **values)
    last = found[-1]
    moved = {"position": last["position"], "hash": previous, "recorded_at": last["recorded_at"]}
    ground.run(
        "UPDATE head SET position = :position, hash = :hash, recorded_at = :recorded_at WHERE book = :book",
        book=ground.book,
        **moved,
    )


def _put(ground: Ground, table: str, row: Values, changes: Values) -> None:
    where, values = ground.place(table, row)
    put = ", ".join(f'"{name}" = :new_{name}' for name in changes)
    if ground.run(f"UPDATE {table} SET {put} WHERE {where}", **values, **_new(changes)) < 1:
        raise Foiled(f"no row of {table} is there to be changed")


def _new(changes: Values) -> Values:
    return {f"new_{name}": value for name, value in changes.items()}


def _decoded(text: Any) -> dict[str, Any]:
    try:
        found = msgspec.json.decode(text)
    except (msgspec.DecodeError, TypeError) as error:
        raise Foiled("what is stored is no JSON any more") from error
    if not isinstance(found, dict):
        raise Foiled("what is stored is no object any more")
    return found


def _altered(dice: Random, text: Any) -> tuple[str, str]:
    """A JSON text with another value at one place, canonical in most cases; and what was done."""
    whole = _decoded(text)
    holder, name = dice.choice(list(_members(whole)))
    if dice.random() < 0.1:
        del holder[name]
        told = f"{name} taken away"
    else:
        holder[name] = _another(dice, holder[name])
        told = f"{name} := {holder[name]!r}"
    spelled = canonical(whole).decode()
    if dice.random() < 0.1:
        return f" {spelled}", f"{told}, a space before it"
    return spelled, told


def _members(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every member of an object or list inside a value: what holds it, and its name or number."""
    inside: Any = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, each in list(inside):
        yield value, name
        yield from _members(each)


def _another(dice: Random, value: Any) -> Any:
    alike: list[Any] = [dice.choice(_OTHERS)]
    if isinstance(value, bool):
        alike += [not value] * 3
    elif isinstance(value, int):
        alike += [value + 1, value - 1, -value, value * 2, value // 2]
    elif isinstance(value, str):
        alike += [
            f"{value}x",
            value[:-1],
            value.upper(),
            value.swapcase(),
            value.replace("1", "2"),
            value.replace("0", "1"),
        ]
    return dice.choice(alike)


STROKES: tuple[Stroke, ...] = (alter_a_body, alter_a_body, alter_a_body, alter_a_request, cut_the_tail)
