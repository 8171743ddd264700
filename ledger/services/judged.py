"""A measurement of a system, with what its parts are called in the register."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from ledger.queries.register.breaches import SeriesIdentity
from ledger.vocabulary.kinds import Verdict
from ledger.vocabulary.measurements import Measurement
from ledger.vocabulary.text import MAX_TITLE, clean_text

#: Series that one piece of evidence tells of; where there are more, the others are named.
_TOLD = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A measurement of a system. monitor: under which it was made, None for one by hand. on to evidence: as typed."""

    measurement: Measurement
    system: str
    monitor: str | None = None
    on: date | None = None
    late: bool = False
    evidence: str | None = None

    def series(self, verdict: Verdict) -> tuple[str | None, ...]:
        """The series of that verdict, by name; (None,) for the measurement as a whole where none of them has it."""
        named = tuple(each.series for each in self.measurement.series if each.verdict == verdict)
        return named or ((None,) if self.measurement.verdict == verdict else ())

    def identity(self, series: str | None) -> SeriesIdentity:
        """What tells the items of one series of one monitor, or of one kind by hand, from every other. None: of the whole."""
        what, title = self.measurement.what, self.measurement.kind.title
        if series is None:
            of_monitor = f"{title} ({self.monitor})" if self.monitor else title
            return SeriesIdentity(f"{self.system}/{what}/{self.monitor or ''}", of_monitor)
        key = urlencode({"monitor": self.monitor or "", "series": series})
        return SeriesIdentity(f"{self.system}/{what}?{key}", _titled(title, series, self.monitor))

    def found(self, series: Sequence[str | None]) -> str:
        """What was found in these series, as evidence: of each its own figures."""
        measurement, kind = self.measurement, self.measurement.kind
        names = [each or "" for each in series]
        told = [measurement.breaches[name] for name in names if name in measurement.breaches]
        if told:
            return " ".join((*(_named(series) if len(names) > _TOLD else ()), *told[:_TOLD]))
        relation = "over" if kind.broken_above else "under"
        held = f"{kind.headline} {measurement.value}, {relation} the threshold {measurement.threshold}."
        return " ".join((held, *_named(series), *measurement.sentences[:1]))


def _titled(title: str, series: str, monitor: str | None) -> str:
    """A series may have a longer name than a title has room for; its key has all of it."""
    end = f" ({monitor})" if monitor else ""
    room = MAX_TITLE - len(title) - len(end) - 2
    name = clean_text(series)
    shown = name if len(name) <= room else f"{name[: room - 1]}…"
    return f"{title}: {shown}{end}"


def _named(series: Sequence[str | None]) -> tuple[str, ...]:
    named = [each for each in series if each is not None]
    return (f"Broken: {', '.join(named)}.",) if named else ()
