"""Concluding a measurement: it is recorded, and what follows for the register is proposed or recorded with it.

Decided inside the transaction that records, whoever asks: at most one open item stands for a monitor, however many
measure it at once.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from ledger.decide.claims import HASHED_HERE
from ledger.decide.command import Needs
from ledger.decide.measure import measurement_of
from ledger.decide.receipt import AlreadyRecorded, Receipt
from ledger.decide.request import Request
from ledger.events import MonitorDocumented
from ledger.queries.reader import Reader, reader_of, reader_within
from ledger.queries.register.breaches import breach_items, monitors_called
from ledger.services.breach import Consequence, Judged, Standing, consequence, naming, recorded_already
from ledger.services.requester import Requester
from ledger.store.ledger import Ledger
from ledger.store.memory import Memory
from ledger.store.transaction import Unit
from ledger.vocabulary.errors import NotFound
from ledger.vocabulary.kinds import Verdict


@dataclass(frozen=True, slots=True)
class Concluded:
    """What became of a measurement. receipts: its own, then that of what followed, if that was recorded with it.

    consequence: what follows for the register, recorded or only proposed; None where nothing does.
    """

    judged: Judged
    consequence: Consequence | None
    receipts: tuple[Receipt, ...] = ()

    @property
    def verdict(self) -> Verdict:
        return self.judged.measurement.verdict

    def __iter__(self) -> Iterator[Receipt]:
        """The receipts, as every other recording answers with them."""
        return iter(self.receipts)


def look(ledger: Ledger, judged: Judged, today: date) -> Concluded:
    """What would follow from a measurement, with nothing recorded. Raises NotFound for its monitor."""
    with reader_of(ledger) as reader:
        memory = Memory(reader.connection, reader.name)
        monitor = _monitor_of(reader, memory, judged, today)
        return Concluded(judged, consequence(judged, _standing(reader, memory, judged, monitor, today)))


def conclude(
    ledger: Ledger,
    judged: Judged,
    requester: Requester,
    *,
    record: bool = False,
    key: str | None = None,
    again: bool = False,
) -> Concluded:
    """Record a measurement; with `record` also what follows from it for the register, in the same transaction.

    key, again: of the measurement's request. The same measurement recorded before is no mistake: it says nothing new,
    and what follows from it is recorded now unless it was. Raises NotFound for its monitor, Refused by a rule.
    """
    return ledger.append(lambda unit: conclude_within(unit, judged, requester, record=record, key=key, again=again))


def conclude_within(
    unit: Unit,
    judged: Judged,
    requester: Requester,
    *,
    record: bool = False,
    key: str | None = None,
    again: bool = False,
) -> Concluded:
    """The same inside a transaction that records more than that."""
    reader = reader_within(unit)
    monitor = _monitor_of(reader, unit.memory, judged, requester.today)
    command = measurement_of(
        judged.measurement,
        judged.system,
        monitor=judged.monitor,
        on=judged.on,
        late=judged.late,
        evidence=judged.evidence,
    )
    receipts = known_or_recorded(unit, requester.request(command, key=key, again=again))
    position = receipts[0].recorded.position
    standing = _standing(reader, unit.memory, judged, monitor, requester.today)
    named = standing.item_shown_by(position)
    follows = (recorded_already(named, standing.day) if named else None) or consequence(judged, standing)
    if record and named is None and follows is not None and follows.command is not None:
        receipts += unit.record(requester.request(naming(follows.command, position), again=True))
    return Concluded(judged, follows, receipts)


def known_or_recorded(unit: Unit, request: Request) -> tuple[Receipt, ...]:
    """The receipts of a request that may have been recorded before: the same file measured again on one day, by cron say."""
    try:
        return unit.record(request, HASHED_HERE)
    except AlreadyRecorded as known:
        return known.receipts


def monitor_named(reader: Reader, memory: Memory, system: str, name: str, today: date) -> MonitorDocumented:
    """A system's monitor as it is documented today. Raises NotFound."""
    if system not in memory.state_for(Needs(systems=(system,)), today).systems:
        raise NotFound(f"There is no system {system}. `debt system list` shows them.")
    found = monitors_called(reader, name, today)
    if system not in found:
        raise NotFound(f"{system} has no monitor '{name}'. `debt monitor {system}` shows them.")
    return found[system]


def _monitor_of(reader: Reader, memory: Memory, judged: Judged, today: date) -> MonitorDocumented | None:
    return monitor_named(reader, memory, judged.system, judged.monitor, today) if judged.monitor else None


def _standing(
    reader: Reader, memory: Memory, judged: Judged, monitor: MonitorDocumented | None, today: date
) -> Standing:
    """What stands in the books now about what was measured."""
    kind = judged.measurement.kind
    opened = breach_items(
        reader, judged.system, external_key=judged.external_key, category=kind.category, title=judged.title
    )
    carrying = monitor.carried_by if monitor else None
    items = memory.state_for(Needs(items=(*opened, *([carrying] if carrying else []))), today).items
    return Standing(
        day=judged.on or today,
        opened=tuple(items[item] for item in opened),
        carrying=items[carrying] if carrying else None,
    )
