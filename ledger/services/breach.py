"""From a verdict to the books: what a broken threshold, or one that is kept again, means for the register.

Pure: what stands in the books is told. `ledger.services.conclude` looks it up, inside the transaction that records.
"""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from datetime import date

import msgspec

from ledger.decide.command import Command
from ledger.decide.evidence import AddEvidence
from ledger.decide.item import Item
from ledger.decide.observe import Observe
from ledger.events import DebtCommissioned, DebtRenewed, EvidenceAdded, NeglectAdopted
from ledger.queries.register.breaches import SOURCE
from ledger.vocabulary.measurements import Measurement


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A measurement of a system. monitor: under which it was made, None for one by hand. on to evidence: as typed."""

    measurement: Measurement
    system: str
    monitor: str | None = None
    on: date | None = None
    late: bool = False
    evidence: str | None = None

    @property
    def external_key(self) -> str:
        """What tells the item of one monitor, or of one kind of measurement by hand, from every other."""
        return f"{self.system}/{self.measurement.what}/{self.monitor or ''}"

    @property
    def title(self) -> str:
        """Of the item that a breach opens."""
        title = self.measurement.kind.title
        return f"{title} ({self.monitor})" if self.monitor else title

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

    proposal: the command line of somebody who agrees, None if there is nothing to type. command: what `--record` records.
    """

    sentence: str
    proposal: str | None = None
    command: Command | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """What stands in the books about a measurement.

    day: of the measurement. opened: the items of this monitor's breaches. carrying: the debt that the monitor names.
    """

    day: date
    opened: tuple[Item, ...]
    carrying: Item | None

    @property
    def carried_by(self) -> Item | None:
        """The debt that carries the risk knowingly, if it was open on that day."""
        item = self.carrying
        return item if item is not None and open_from(item, self.day) == self.day else None

    @property
    def item(self) -> Item | None:
        """The item that stands for the breach: open on that day, or the first that is later.

        So there are never two at once, in whatever order days are measured.
        """
        still_open = [item for item in self.opened if open_from(item, self.day) is not None]
        return min(still_open, key=lambda item: open_from(item, self.day) or date.max, default=None)

    def item_shown_by(self, position: int) -> Item | None:
        """The item that names the measurement at a position: what follows from it is recorded already."""
        return next((item for item in self.opened if _names(item, position)), None)


def open_from(item: Item, day: date) -> date | None:
    """The first day, from that one on, on which something is left to do on an item; None if there is none."""
    first = max(day, item.entries[0].effective_on)
    days = sorted({first, *(entry.effective_on for entry in item.entries if entry.effective_on > first)})
    return None if item.reversed else next((each for each in days if not item.closed_on(each)), None)


def consequence(judged: Judged, standing: Standing) -> Consequence | None:
    """What follows from a verdict: an observation, more evidence, a repayment, a debt that carries it; or nothing."""
    carrying, item = standing.carried_by, standing.item
    match judged.measurement.verdict:
        case "broken" if carrying is not None:
            return Consequence(
                f"{carrying.id} ({carrying.opening.title}) carries this risk knowingly, decided by "
                f"{_decided_by(carrying, standing.day)}: nothing is proposed."
            )
        case "broken":
            return _observation(judged) if item is None else _more_evidence(judged, item, standing.day)
        case "kept" if item is not None and open_from(item, standing.day) == standing.day:
            return Consequence(
                f"A breach of this opened {item.id}, and it is kept again: if that is mended for good, repay it.",
                f"debt repay {item.id} --all",
            )
        case _:
            return None


def recorded_already(item: Item, day: date) -> Consequence | None:
    """What follows from a breach that an item names already, and that is closed since; None if it stands."""
    if open_from(item, day) is not None:
        return None
    return Consequence(f"{item.id} names this breach already, and is closed: nothing is proposed.")


def naming(command: Command, position: int) -> Command:
    """The same command, naming the position of the measurement that shows it."""
    if isinstance(command, AddEvidence):
        return msgspec.structs.replace(command, measured_at=position)
    return msgspec.structs.replace(command, evidence=f"{_measured_at(position)}{command.evidence}")


def _measured_at(position: int) -> str:
    return f"Measured at position {position}: "


def _names(item: Item, position: int) -> bool:
    """Whether an item was opened by the measurement at a position, or has it as evidence: see `naming`."""
    if (item.opening.evidence or "").startswith(_measured_at(position)):
        return True
    return any(isinstance(entry.event, EvidenceAdded) and entry.event.measured_at == position for entry in item.entries)


def _decided_by(item: Item, day: date) -> str:
    """Who decided last, by a day, that a debt is carried."""
    decisions = [
        (entry.order, entry.event.decided_by)
        for entry in item.entries
        if isinstance(entry.event, DebtCommissioned | NeglectAdopted | DebtRenewed) and entry.stands_on(day)
    ]
    return max(decisions, default=(None, "nobody"))[1]


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


def _more_evidence(judged: Judged, item: Item, day: date) -> Consequence:
    # Nothing can be recorded on an item that was not open on the day that was measured.
    open_on = open_from(item, day)
    on = judged.on if open_on == day else open_on
    command = AddEvidence(on=on, late=judged.late, item=item.id, text=judged.found)
    return Consequence(
        f"The threshold is broken again: {item.id} stands for it already, and no second item is opened.",
        shlex.join(["debt", "note", item.id, judged.found]),
        command,
    )
