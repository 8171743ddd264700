"""Concluding a measurement: it is recorded, and what follows for the register is proposed or recorded with it.

Decided inside the transaction that records, whoever asks: at most one open item stands for a series, however many
measure it at once.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

import msgspec

from ledger.decide import decide
from ledger.decide.claims import HASHED_HERE
from ledger.decide.command import Needs
from ledger.decide.measure import RecordMeasurement, measurement_of
from ledger.decide.receipt import AlreadyRecorded, Receipt
from ledger.decide.request import Request
from ledger.events import Event, ExpectationMeasured, MonitorDocumented, NeglectObserved
from ledger.queries.reader import Reader, reader_of, reader_within
from ledger.queries.register.breaches import breach_items, same_measurements
from ledger.services.breach import Carried, Consequence, Standing, consequences, naming
from ledger.services.explained import with_explanations
from ledger.services.judged import Judged
from ledger.services.reference import whole_path
from ledger.services.requester import Requester
from ledger.store.ledger import Ledger
from ledger.store.memory import Memory
from ledger.store.transaction import Unit
from ledger.vocabulary.errors import NotFound
from ledger.vocabulary.kinds import Verdict
from ledger.vocabulary.measure_settings import SETTINGS


@dataclass(frozen=True, slots=True)
class Concluded:
    """What became of a measurement. receipts: its own, then those of what followed, if that was recorded with it.

    consequences: what follows for the register, recorded or only proposed. carried: the debt under which a breach of that
    day was foreseen.
    """

    judged: Judged
    consequences: tuple[Consequence, ...]
    carried: Carried | None
    receipts: tuple[Receipt, ...] = ()

    @property
    def verdict(self) -> Verdict:
        return self.judged.measurement.verdict

    @property
    def consequence(self) -> Consequence | None:
        """The first of them, None where nothing follows."""
        return next(iter(self.consequences), None)

    @property
    def is_breach(self) -> bool:
        """Whether a threshold is broken, and no debt carries that within its term."""
        return self.verdict == "broken" and self.carried is None

    @property
    def unestimated(self) -> tuple[str, ...]:
        """The items that it opened and nobody put a figure on."""
        opened = [each.recorded.event for each in self.receipts if isinstance(each.recorded.event, NeglectObserved)]
        return tuple(event.item for event in opened if event.principal_minor is None)

    def __iter__(self) -> Iterator[Receipt]:
        """The receipts, as every other recording answers with them."""
        return iter(self.receipts)


def look(ledger: Ledger, judged: Judged, requester: Requester) -> Concluded:
    """What would follow from a measurement, with nothing recorded. Raises as recording it would."""
    with reader_of(ledger) as reader:
        memory = Memory(reader.connection, reader.name)
        monitor = _monitor_of(memory, judged, requester.today)
        judged = with_explanations(reader, judged, requester.today)
        command = _command(judged)
        # Raises what recording it would: who measured has hashed the files.
        state = msgspec.structs.replace(
            memory.state_for(command.needs(), requester.today, requester.actor), objections=HASHED_HERE
        )
        (decided,) = decide(command, state)
        standing = _standing(reader, memory, judged, monitor, requester.today)
        follows = consequences(judged, standing, _same(reader, decided.event, decided.effective_on))
        return Concluded(judged, follows, _carried(judged, standing))


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
    monitor = _monitor_of(unit.memory, judged, requester.today)
    judged = with_explanations(reader, judged, requester.today)
    receipts = known_or_recorded(unit, requester.request(_command(judged), key=key, again=again))
    recorded = receipts[0].recorded
    position = recorded.position
    standing = _standing(reader, unit.memory, judged, monitor, requester.today)
    # Who says that it is meant twice is believed.
    follows = consequences(
        judged, standing, {position} if again else _same(reader, recorded.event, recorded.effective_on) | {position}
    )
    for each in follows if record else ():
        if each.command is not None:
            receipts += unit.record(requester.request(naming(each.command, position), again=True))
    return Concluded(judged, follows, _carried(judged, standing), receipts)


def _same(reader: Reader, measured: Event, day: date) -> frozenset[int]:
    """Where the same is recorded of that day, under whatever key."""
    return same_measurements(reader, measured, day) if isinstance(measured, ExpectationMeasured) else frozenset()


def _command(judged: Judged) -> RecordMeasurement:
    measurement, settings = judged.measurement, judged.measurement.settings
    if judged.monitor and measurement.what in SETTINGS and settings.get("model"):
        # A monitor names its model by the whole path.
        settings = settings | {"model": tuple(map(whole_path, settings["model"]))}
    return measurement_of(
        replace(measurement, settings=settings),
        judged.system,
        monitor=judged.monitor,
        on=judged.on,
        late=judged.late,
        evidence=judged.evidence,
    )


def _carried(judged: Judged, standing: Standing) -> Carried | None:
    return standing.carried if judged.measurement.verdict == "broken" else None


def known_or_recorded(unit: Unit, request: Request) -> tuple[Receipt, ...]:
    """The receipts of a request that may have been recorded before: the same file measured again on one day, by cron say."""
    try:
        return unit.record(request, HASHED_HERE)
    except AlreadyRecorded as known:
        return known.receipts


def monitor_named(memory: Memory, system: str, name: str, today: date) -> MonitorDocumented:
    """A system's monitor as it is documented today. Raises NotFound."""
    found = memory.state_for(Needs(systems=(system,)), today).systems.get(system)
    if found is None:
        raise NotFound(f"There is no system {system}.", "`debt system list` shows them.", unknown=("systems", system))
    monitors = found.monitors_on(today)
    if name not in monitors:
        raise NotFound(f"{system} has no monitor '{name}'. `debt monitor {system}` shows them.")
    return monitors[name]


def _monitor_of(memory: Memory, judged: Judged, today: date) -> MonitorDocumented | None:
    return monitor_named(memory, judged.system, judged.monitor, today) if judged.monitor else None


def _standing(
    reader: Reader, memory: Memory, judged: Judged, monitor: MonitorDocumented | None, today: date
) -> Standing:
    """What stands in the books now about what was measured."""
    series: list[str | None] = [None, *(each.series for each in judged.measurement.series)]
    wanted = {each: judged.identity(each) for each in series}
    category = judged.measurement.kind.category
    found = breach_items(reader, judged.system, category, list(wanted.values()))
    carrying = monitor.carried_by if monitor else None
    opened = [item for items in found.values() for item in items]
    items = memory.state_for(Needs(items=(*opened, *([carrying] if carrying else []))), today).items
    return Standing(
        day=judged.on or today,
        calendar=reader.calendar,
        currency=reader.currency,
        monitor=monitor,
        opened={each: tuple(items[item] for item in found[identity]) for each, identity in wanted.items()},
        carrying=items[carrying] if carrying else None,
    )
