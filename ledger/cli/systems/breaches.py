"""From a verdict to the books: what a broken threshold, or one that is kept again, means for the register."""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from datetime import date

import msgspec
from sqlalchemy import select

from ledger.decide.command import Command
from ledger.decide.evidence import AddEvidence
from ledger.decide.observe import Observe
from ledger.events import MonitorDocumented
from ledger.queries.reader import Reader
from ledger.queries.register.documents import documents
from ledger.queries.register.items import CLOSED, RegisterItem, register
from ledger.tables.items import item as item_table
from ledger.vocabulary.errors import NotFound
from ledger.vocabulary.measurements import Measurement

#: Of the items that measurements open: where they come from.
SOURCE = "monitor"


@dataclass(frozen=True, slots=True)
class Judged:
    """A measurement of a system. monitor: under which it was made, None for one by hand. on, late: as typed."""

    measurement: Measurement
    system: str
    monitor: MonitorDocumented | None
    on: date | None
    late: bool

    @property
    def external_key(self) -> str:
        """What tells the item of one monitor, or of one kind of measurement by hand, from every other."""
        return f"{self.system}/{self.measurement.what}/{self.monitor.monitor if self.monitor else ''}"

    @property
    def title(self) -> str:
        """Of the item that a breach opens."""
        title = self.measurement.kind.title
        return f"{title} ({self.monitor.monitor})" if self.monitor else title

    @property
    def found(self) -> str:
        """What was found, as evidence."""
        measurement, kind = self.measurement, self.measurement.kind
        relation = "over" if kind.broken_above else "under"
        first = f" {measurement.sentences[0]}" if measurement.sentences else ""
        return f"{kind.headline} {measurement.value}, {relation} the threshold {measurement.threshold}.{first}"


@dataclass(frozen=True, slots=True)
class Consequence:
    """What a verdict means for the books. sentence: for a person.

    command: what somebody types who agrees, None if there is nothing to type. request: what `--record` records.
    """

    sentence: str
    command: str | None = None
    request: Command | None = None


def monitor_named(reader: Reader, today: date, system: str, name: str) -> MonitorDocumented:
    """A system's monitor as it is documented. Raises NotFound."""
    found = documents(reader, today)
    if system not in found:
        raise NotFound(f"There is no system {system}. `debt system list` shows them.")
    if name not in found[system].monitors:
        raise NotFound(f"{system} has no monitor '{name}'. `debt monitor {system}` shows them.")
    return found[system].monitors[name][1]


def consequence(reader: Reader, judged: Judged, today: date) -> Consequence | None:
    """What follows from a verdict: an observation, more evidence, a repayment, a debt that carries it; or nothing."""
    items = {item.item: item for item in register(reader, judged.on or today) if item.status not in CLOSED}
    opened = _opened_by(reader, judged, items)
    verdict, monitor = judged.measurement.verdict, judged.monitor
    if verdict == "broken":
        if monitor is not None and monitor.carried_by in items:
            carried = items[monitor.carried_by]
            return Consequence(
                f"{carried.item} ({carried.title}) carries this risk knowingly, decided by {carried.decided_by}: "
                "nothing is proposed."
            )
        return _more_evidence(judged, opened) if opened else _observation(judged)
    if verdict == "kept" and opened:
        return Consequence(
            f"A breach of this opened {opened.item}, and it is kept again: if that is mended for good, repay it.",
            f"debt repay {opened.item} --all",
        )
    return None


def _opened_by(reader: Reader, judged: Judged, items: dict[str, RegisterItem]) -> RegisterItem | None:
    """The open item of earlier breaches, recorded by `--record` or typed as it was proposed."""
    query = select(item_table.c.item).where(
        item_table.c.book == reader.name,
        item_table.c.source == SOURCE,
        item_table.c.external_key == judged.external_key,
    )
    recorded = set(reader.connection.execute(query).scalars())
    typed = (judged.system, judged.measurement.kind.category, judged.title)
    found = [
        item for item in items.values() if item.item in recorded or (item.system, item.category, item.title) == typed
    ]
    return found[0] if found else None


def _observation(judged: Judged) -> Consequence:
    kind = judged.measurement.kind
    options = {"--category": kind.category, "--cause": kind.cause, "--evidence": judged.found}
    words = ["debt", "observe", judged.system, judged.title, *(word for pair in options.items() for word in pair)]
    command = Observe(
        on=judged.on,
        late=judged.late,
        evidence=judged.found,
        system=judged.system,
        title=judged.title,
        category=kind.category,
        dimension=kind.dimension,
        cause=kind.cause,
        source=SOURCE,
        external_key=judged.external_key,
    )
    return Consequence(
        "The threshold is broken: that is neglect until somebody decides otherwise.", shlex.join(words), command
    )


def _more_evidence(judged: Judged, opened: RegisterItem) -> Consequence:
    command = AddEvidence(on=judged.on, late=judged.late, item=opened.item, text=judged.found)
    return Consequence(
        f"The threshold is broken again: {opened.item} stands for it already, and no second item is opened.",
        shlex.join(["debt", "note", opened.item, judged.found]),
        command,
    )


def pointing_at(command: Command, position: int) -> Command:
    """The same command, naming the position of the measurement that shows it."""
    if isinstance(command, AddEvidence):
        return msgspec.structs.replace(command, measured_at=position)
    return msgspec.structs.replace(command, evidence=f"Measured at position {position}: {command.evidence}")
