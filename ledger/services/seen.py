"""Somebody was seen reading a system's output: neglect, unless it was declared. Decided inside one transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from ledger.decide.command import Command, Needs
from ledger.decide.evidence import AddEvidence
from ledger.decide.observe import Observe
from ledger.decide.receipt import Receipt
from ledger.decide.system import known_system
from ledger.decide.words import name
from ledger.queries.register.graph import READ_BY, SOURCE, asked_before, sighting_items
from ledger.services.requester import Requester
from ledger.store.ledger import Ledger
from ledger.store.transaction import Unit
from ledger.vocabulary.errors import Refused, Unreadable
from ledger.vocabulary.keys import system_key
from ledger.vocabulary.quantities import Interest, Quantity


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """Who was seen. source: whose output was read, a system's key. reader: a system's key, or any name.

    principal, interest: what it costs, None while nobody knows. on to evidence: as every command has them.
    """

    source: str
    reader: str
    principal: Quantity | None = None
    interest: Interest | None = None
    on: date | None = None
    late: bool = False
    evidence: str | None = None


@dataclass(frozen=True, slots=True)
class Sighted:
    """What became of it. reader: as the ledger knows it. item: which said so already, None if there was none.

    receipts: none where the reader had declared it, and there was nothing to record.
    """

    reader: str
    receipts: tuple[Receipt, ...] = ()
    item: str | None = None


def record_sighting(
    ledger: Ledger, seen: Seen, requester: Requester, *, key: str | None = None, again: bool = False
) -> Sighted:
    """Record that somebody was seen: as neglect, as evidence on the item that says so, or not at all if it was declared.

    A retry by its key is decided as it was the first time, whatever was opened or closed since. Raises Refused.
    """

    def work(unit: Unit) -> Sighted:
        earlier = asked_before(unit.connection, unit.book, key) if key else None
        typed = name(" ".join(seen.reader.split()), "--by")
        reader, declared = _known_as(unit, seen.source, typed, requester.today)
        if declared and earlier is None:
            return Sighted(reader)
        item = earlier.get("item") if earlier else _open_item(unit, seen.source, reader, requester.today)
        command = _observation(seen, reader) if item is None else _more_evidence(seen, reader, item)
        return Sighted(reader, unit.record(requester.request(command, key=key, again=again)), item)

    return ledger.append(work)


def _known_as(unit: Unit, source: str, reader: str, today: date) -> tuple[str, bool]:
    """The reader, by its key if it is a system, and whether it declared it. Raises Refused for the source itself."""
    try:
        key = system_key(reader)
    except Unreadable:
        key = ""
    state = unit.memory.state_for(Needs(systems=(source, key) if key else (source,)), today)
    known_system(source, state)
    if key not in state.systems:
        return reader, False
    declared = source in state.systems[key].reads_from
    if key == source and not declared:
        raise Refused(
            f"{source} reading its own output is a feedback loop, not somebody the owner does not know of.",
            f"`debt system depends {source} {source} --what …` declares it; `debt observe {source} TITLE --category "
            "direct-feedback-loop --cause …` records it as neglect.",
        )
    return key, declared


def _open_item(unit: Unit, source: str, reader: str, today: date) -> str | None:
    """The item that says already that the reader was seen, if one is open today."""
    found = sighting_items(unit.connection, unit.book, source, reader)
    items = unit.memory.state_for(Needs(items=tuple(found)), today).items
    still_open = [item for item in found if not items[item].reversed and not items[item].closed_on(today)]
    return still_open[-1] if still_open else None


def _observation(seen: Seen, reader: str) -> Command:
    return Observe(
        on=seen.on,
        late=seen.late,
        evidence=seen.evidence,
        system=seen.source,
        title=f"Read by {reader}, which never declared it",
        category="undeclared-consumer",
        cause="untracked",
        principal=seen.principal,
        interest=seen.interest,
        source=SOURCE,
        external_key=f"{READ_BY}{reader}",
    )


def _more_evidence(seen: Seen, reader: str, item: str) -> Command:
    """Evidence has no principal: what an item costs is revised, with a reason."""
    if seen.principal is not None or seen.interest is not None:
        raise Refused(
            f"{item} says already that {reader} reads it: seen again, it costs no more by itself.",
            f"`debt revise {item} --principal … --because …` changes the estimate; without --principal and --interest the "
            "sighting is added.",
        )
    text = f"{reader} was seen reading it again."
    return AddEvidence(on=seen.on, late=seen.late, evidence=seen.evidence, item=item, text=text)
