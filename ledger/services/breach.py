"""From a verdict to the books: what a broken threshold, or one that is kept again, means for the register.

Pure: what stands in the books is told. `ledger.services.conclude` looks it up, inside the transaction that records.
"""

from __future__ import annotations

import shlex
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import msgspec

from ledger.decide.command import Command
from ledger.decide.evidence import AddEvidence
from ledger.decide.item import Item
from ledger.decide.observe import Observe
from ledger.decide.term import term_on
from ledger.events import EvidenceAdded, MonitorDocumented
from ledger.queries.register.breaches import SOURCE
from ledger.services.judged import Judged
from ledger.vocabulary.money import Currency
from ledger.vocabulary.quantities import Interest, Quantity
from ledger.vocabulary.quarters import FiscalCalendar

#: A series by its name, None for the measurement as a whole.
Series = str | None


@dataclass(frozen=True, slots=True)
class Consequence:
    """What a verdict means for the books. sentence: for a person. series: in which it was given, none for the whole.

    proposal: the command line of somebody who agrees, None if there is nothing to type. command: what `--record` records.
    """

    sentence: str
    proposal: str | None = None
    command: Command | None = None
    series: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Carried:
    """A debt under which a breach was foreseen. until: the last day of its term."""

    item: Item
    until: date
    decided_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What stands in the books about a measurement.

    day: of the measurement. opened: the items of this monitor's breaches by series, None for those of the whole.
    carrying: the debt that the monitor names.
    """

    day: date
    calendar: FiscalCalendar
    currency: Currency
    monitor: MonitorDocumented | None
    opened: Mapping[Series, tuple[Item, ...]]
    carrying: Item | None

    @property
    def carried(self) -> Carried | None:
        """The debt that carries the risk knowingly: open on that day, debt by then, and within its term."""
        item, day = self.carrying, self.day
        if item is None or open_from(item, day) != day:
            return None
        # What nobody had decided by then has no term: it was neglect.
        term = term_on(item, day)
        if term is None or day > term.ends_on(self.calendar):
            return None
        return Carried(item, term.ends_on(self.calendar), term.decided_by)

    def item_of(self, series: Series) -> Item | None:
        """The item that stands for breaches of a series: open on that day, or the first that is later.

        So there are never two at once, in whatever order days are measured. A debt that the monitor names stands for all
        of it once its term is over; so does an item of the monitor as a whole.
        """
        if self.carrying is not None and open_from(self.carrying, self.day) == self.day:
            return self.carrying
        still_open = [item for item in self.items_of(series) if open_from(item, self.day) is not None]
        return min(still_open, key=lambda item: open_from(item, self.day) or date.max, default=None)

    def item_naming(self, positions: Collection[int], series: Series) -> Item | None:
        """The item that names a measurement in a series already. positions: at which it is recorded."""
        every = (*self.items_of(series), *([self.carrying] if self.carrying else []))
        return next((item for item in every if any(_names(item, each) for each in positions)), None)

    def items_of(self, series: Series) -> tuple[Item, ...]:
        """The items of a series' breaches, and of the whole's."""
        return tuple({item.id: item for each in (series, None) for item in self.opened.get(each, ())}.values())


def open_from(item: Item, day: date) -> date | None:
    """The first day, from that one on, on which something is left to do on an item; None if there is none."""
    first = max(day, item.entries[0].effective_on)
    days = sorted({first, *(entry.effective_on for entry in item.entries if entry.effective_on > first)})
    return None if item.reversed else next((each for each in days if not item.closed_on(each)), None)


def consequences(judged: Judged, standing: Standing, positions: Collection[int] = ()) -> tuple[Consequence, ...]:
    """What follows from a verdict, breaches first: an observation, more evidence, a debt that carries it, a repayment.

    positions: of the same measurement, none while it is not recorded: what names it already is not recorded twice.
    """
    broken = judged.series("broken")
    carried = standing.carried if broken else None
    breaches = (_carried(carried, broken),) if carried else _breaches(judged, standing, broken, positions)
    return (*breaches, *_recoveries(judged, standing))


def naming(command: Command, position: int) -> Command:
    """The same command, naming the position of the measurement that shows it."""
    if isinstance(command, AddEvidence):
        return msgspec.structs.replace(command, measured_at=position)
    return msgspec.structs.replace(command, evidence=f"{_measured_at(position)}{command.evidence}")


def _measured_at(position: int) -> str:
    return f"Measured at position {position}: "


def _names(item: Item, position: int) -> bool:
    """Whether an item was opened by the measurement at a position, or has it as evidence: see `naming`.

    Where one item stands for several series, one piece of evidence says all of them.
    """
    # What people open names no source, whatever they write as its evidence.
    if item.opening.source is not None and (item.opening.evidence or "").startswith(_measured_at(position)):
        return True
    return any(isinstance(entry.event, EvidenceAdded) and entry.event.measured_at == position for entry in item.entries)


# --- broken ---------------------------------------------------------------------------------------------


def _carried(carried: Carried, series: Sequence[Series]) -> Consequence:
    item = carried.item
    sentence = (
        f"{item.id} ({item.title}) carries this risk knowingly, decided by {carried.decided_by}, until "
        f"{carried.until}: nothing is proposed."
    )
    return Consequence(sentence, series=_names_of(series))


def _breaches(
    judged: Judged, standing: Standing, broken: Sequence[Series], positions: Collection[int]
) -> Iterator[Consequence]:
    """An item for each series that none stands for; for those that one stands for, one piece of evidence."""
    shown: dict[str, tuple[Item, list[Series]]] = {}
    for series in broken:
        named = standing.item_naming(positions, series)
        item = standing.item_of(series)
        if named is not None:
            yield _named_already(named, series, standing.day)
        elif item is not None:
            shown.setdefault(item.id, (item, []))[1].append(series)
        else:
            yield _observation(judged, standing, series)
    for item, of_it in shown.values():
        yield _more_evidence(judged, standing, item, of_it)


def _named_already(item: Item, series: Series, day: date) -> Consequence:
    closed = ", and is closed" if open_from(item, day) is None else ""
    return Consequence(f"{item.id} names this breach already{closed}: nothing is proposed.", series=_names_of([series]))


def _observation(judged: Judged, standing: Standing, series: Series) -> Consequence:
    kind, monitor, currency = judged.measurement.kind, standing.monitor, standing.currency
    principal = monitor.principal_minor if monitor else None
    carry = monitor.carry_minor_per_year if monitor else 0
    agreed = f" Estimated as agreed by {monitor.agreed_by}." if monitor and principal is not None else ""
    identity, evidence = judged.identity(series), f"{judged.found([series])}{agreed}"
    # Somebody watched: what was not kept up is the model, or the data.
    cause = "missed-maintenance" if monitor else kind.cause
    command = Observe(
        on=judged.on,
        late=judged.late,
        evidence=evidence,
        system=judged.system,
        title=identity.title,
        category=kind.category,
        dimension=kind.dimension,
        cause=cause,
        principal=Quantity(minor=principal) if principal is not None else None,
        interest=Interest(minor=carry) if principal is not None and carry else None,
        source=SOURCE,
        external_key=identity.external_key,
    )
    words = ["debt", "observe", judged.system, identity.title, "--category", kind.category, "--cause", cause]
    words += ["--principal", currency.plain(principal)] if principal is not None else []
    words += ["--interest", f"{currency.plain(carry)}/year"] if principal is not None and carry else []
    words += [*_dated(judged, judged.on), "--evidence", evidence]
    sentence = f"The threshold is broken{_in([series])}: that is neglect until somebody decides otherwise."
    return Consequence(sentence, shlex.join(words), command, _names_of([series]))


def _more_evidence(judged: Judged, standing: Standing, item: Item, series: Sequence[Series]) -> Consequence:
    # Nothing can be recorded on an item that was not open on the day that was measured.
    open_on = open_from(item, standing.day)
    on = judged.on if open_on == standing.day else open_on
    text, names = judged.found(series), _names_of(series)
    command = AddEvidence(
        on=on, late=judged.late, item=item.id, text=text, series=names[0] if len(series) == 1 and names else None
    )
    sentence = (
        f"The threshold is broken again{_in(series)}: {item.id} stands for it already, and no second item is opened."
    )
    if standing.carrying is not None and item.id == standing.carrying.id:
        sentence = f"The threshold is broken{_in(series)}, and {_no_longer_carried(item, standing)}"
    words = ["debt", "note", item.id, text, *_dated(judged, on)]
    return Consequence(sentence, shlex.join(words), command, names)


def _no_longer_carried(item: Item, standing: Standing) -> str:
    term = term_on(item, standing.day)
    if term is None:
        return f"{item.id} was neglect on {standing.day}: the breach is evidence on it."
    return (
        f"the term of {item.id} ended on {term.ends_on(standing.calendar)}: it carries this risk no longer, and the breach is "
        f"evidence on it. Repay it, or decide again: `debt renew {item.id} --repay-by QUARTER --decided-by WHO --because WHY`."
    )


def _dated(judged: Judged, on: date | None) -> list[str]:
    """The options that say when, as they are typed."""
    return [*(["--on", str(on)] if on else []), *(["--late"] if judged.late else [])]


def _names_of(series: Sequence[Series]) -> tuple[str, ...]:
    return tuple(each for each in series if each is not None)


def _in(series: Sequence[Series], most: int = 5) -> str:
    """' in nights', or nothing for the whole."""
    names = _names_of(series)
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return f" in {', '.join(names[:most])}{more}" if names else ""


# --- kept again -----------------------------------------------------------------------------------------


def _recoveries(judged: Judged, standing: Standing) -> Iterator[Consequence]:
    """Of each series that is kept the item that stands for it alone; of the whole only where all of it is kept."""
    kept: list[Series] = [*_names_of(judged.series("kept"))]
    kept += [None] if judged.measurement.verdict == "kept" and not _of_one_series(judged) else []
    for series in kept:
        for item in standing.opened.get(series, ()):
            if open_from(item, standing.day) == standing.day:
                again = f"A breach{_in([series]) or ' of this'} opened {item.id}, and it is kept again"
                sentence = f"{again}: if that is mended for good, repay it."
                yield Consequence(sentence, f"debt repay {item.id} --all", series=_names_of([series]))


def _of_one_series(judged: Judged) -> bool:
    """Whether it says something of one case alone, and nothing of the others of its monitor."""
    return judged.measurement.what == "robustness" and bool(judged.measurement.series)
