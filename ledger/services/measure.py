"""Measuring a file: as somebody says, or as a monitor documents it. What follows for the books: `services.conclude`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path

from ledger.decide.under_monitor import refuse_another_kind, refuse_contradiction
from ledger.events import MonitorDocumented
from ledger.measures.run import Surroundings, run
from ledger.queries.reader import reader_of
from ledger.queries.register.breaches import monitors_called
from ledger.services.conclude import monitor_named
from ledger.services.extra import extra_needed
from ledger.services.reference import whole_path
from ledger.store.ledger import Ledger
from ledger.store.memory import Memory
from ledger.vocabulary.errors import NotFound, Refused, Unreadable
from ledger.vocabulary.measure_settings import FILES, SETTINGS, MeasureSettings
from ledger.vocabulary.measurements import Measurement


def measure(
    settings: MeasureSettings,
    file: str | Path,
    *,
    first_month: int = 1,
    trust: bool = False,
    warn: Callable[[str], None] | None = None,
) -> Measurement:
    """Measure a file, or a folder of code, as the settings say. The other arguments: see Surroundings.

    Raises Unreadable: what cannot be measured, and, saying what installs it, a library that is missing.
    """
    with extra_needed():
        return run(settings, file, Surroundings(first_month, trust, warn))


def told_settings(
    ledger: Ledger,
    system: str,
    what: str,
    told: Mapping[str, Sequence[str]],
    threshold: str | None,
    *,
    monitor: str | None,
    today: date,
    ratio: str | None = None,
) -> MeasureSettings:
    """How a kind is measured: as it was told, or as the monitor documents, which that may not contradict.

    told: what was typed, by option. Raises NotFound for the monitor, Refused for a contradiction, Unreadable for a setting.
    """
    if monitor is None:
        return SETTINGS[what].documented(told, threshold, ratio)
    with reader_of(ledger) as reader:
        documented = monitor_named(Memory(reader.connection, reader.name), system, monitor, today)
    refuse_another_kind(what, documented)
    return documented_settings(documented, told, threshold, ratio)


def documented_settings(
    monitor: MonitorDocumented,
    told: Mapping[str, Sequence[str]] | None = None,
    threshold: str | None = None,
    ratio: str | None = None,
) -> MeasureSettings:
    """What a monitor documents. told, threshold, ratio: what was typed besides, and may not contradict it.

    A reference that is known by its content may lie elsewhere. Raises Refused for a kind that is not measured from a file,
    and for a contradiction; Unreadable for the monitor's settings.
    """
    if monitor.what not in SETTINGS:
        raise Refused(
            f"'{monitor.monitor}' watches {monitor.what}, which is documented and not measured from a file.",
            f"`debt {monitor.what} {monitor.system} …` records it.",
        )
    besides = {option: _whole(option, texts) for option, texts in (told or {}).items()}
    elsewhere = {"reference": besides.pop("reference")} if monitor.reference_sha256 and "reference" in besides else {}
    if threshold is not None:
        refuse_contradiction("threshold", (threshold,), monitor)
    if ratio is not None:
        refuse_contradiction("ratio", (ratio,), monitor)
    for option, texts in besides.items() if monitor.said else ():
        refuse_contradiction(option, texts, monitor)
    return SETTINGS[monitor.what].documented({**besides, **monitor.said, **elsewhere}, monitor.threshold, monitor.ratio)


def _whole(option: str, texts: Sequence[str]) -> tuple[str, ...]:
    return tuple(map(whole_path, texts)) if option in FILES else tuple(texts)


def only_monitor(ledger: Ledger, name: str, today: date, system: str | None = None) -> MonitorDocumented:
    """The monitor of that name. system: where several have one. Raises NotFound, and Unreadable where it is unclear."""
    with reader_of(ledger) as reader:
        called = monitors_called(reader, name, today)
    found = {key: monitor for key, monitor in called.items() if system in (None, key)}
    if not found:
        raise NotFound(f"No monitor is called '{name}'. `debt monitor SYSTEM` shows a system's monitors.")
    if len(found) > 1:
        raise Unreadable(f"Several systems have a monitor '{name}': say which with --system: {', '.join(found)}.")
    return next(iter(found.values()))
