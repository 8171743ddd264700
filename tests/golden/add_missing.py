"""Adds a golden body for every stored name that has none. What is there stays: it is the contract.

Run after adding an event: python tests/golden/add_missing.py
"""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any, get_args, get_origin

import msgspec

from ledger.events import STORED_AS, Recorded
from ledger.events.codec import canonical
from ledger.proof.chain import GENESIS, link

BODIES = Path(__file__).with_name("bodies.jsonl")
NAMES = Path(__file__).with_name("stored_names.txt")


def add_missing() -> None:
    """Add names and bodies for stored names that have none. Lines that are there are never written again."""
    lines = [json.loads(line) for line in BODIES.read_text(encoding="utf-8").splitlines()]
    previous = lines[-1]["hash"] if lines else GENESIS
    for name in list(STORED_AS)[len(lines) :]:
        position = len(lines) + 1
        envelope: dict[str, Any] = {
            "book": "golden", "position": position, "event_id": f"id-{position}", "stream": "FRAUD-1", "key": f"key-{position}",
            "stream_version": position, "stored_as": name, "effective_on": date(2026, 1, 15), "actor": "Zoë <zoe@example.org>",
            "recorded_at": "2026-01-15T09:00:00.000000Z", "request_sha256": "0f" * 32, "data": example(STORED_AS[name]),
        }  # fmt: skip
        body = canonical(Recorded(**envelope))
        previous = link(previous, body)
        lines.append({"body": body.decode(), "hash": previous})
    text = "".join(json.dumps(line) + "\n" for line in lines)
    BODIES.write_text(text, encoding="utf-8")
    NAMES.write_text("".join(f"{name}\n" for name in STORED_AS), encoding="utf-8")


def example(of: Any) -> Any:
    """A value of a type with something in every field, so that no field can change unseen."""
    if isinstance(of, type) and issubclass(of, msgspec.Struct):
        return of(**{field.name: example(field.type) for field in msgspec.structs.fields(of)})
    known = {
        str: 'π "\\\u2028𝄞',
        int: 1234567890,
        bool: True,
        date: date(2026, 2, 28),
        dict[str, str]: {"b": "1", "a": "ü"},
    }
    if of in known:
        return known[of]
    if get_origin(of) is dict:
        return {"b": example(get_args(of)[1]), "a": example(get_args(of)[1])}
    if get_origin(of) is tuple:
        return (example(of.__args__[0]),)
    first = of.__args__[0]  # of a literal its first value, of an optional what it is if it is there
    return first if isinstance(first, str) else example(first)


if __name__ == "__main__":
    add_missing()
