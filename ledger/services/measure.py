"""Measuring a file: as somebody says, or as a monitor documents it. What follows for the books: `services.conclude`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

from ledger.events import MonitorDocumented
from ledger.measures.run import Surroundings, run
from ledger.queries.reader import reader_of
from ledger.queries.register.breaches import monitors_called
from ledger.store.ledger import Ledger
from ledger.vocabulary.errors import NotFound, Refused, Unreadable
from ledger.vocabulary.measure_settings import SETTINGS, MeasureSettings
from ledger.vocabulary.measurements import Measurement

_INSTALL = "pip install 'debt-ledger[ml]'"
#: What the extra installs, as it is imported.
_EXTRA = ("pandas", "pyarrow", "radon", "scipy", "sklearn", "skops", "statsmodels")


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
    try:
        return run(settings, file, Surroundings(first_month, trust, warn))
    except ModuleNotFoundError as error:
        # Another module that is missing is a defect.
        if (error.name or "").partition(".")[0] not in _EXTRA:
            raise
        raise Unreadable(f"Measuring needs {error.name}, which is not installed: {_INSTALL}") from error


def documented_settings(monitor: MonitorDocumented) -> MeasureSettings:
    """What a monitor documents. Raises Refused for a kind that is not measured from a file, Unreadable for its settings."""
    if monitor.what not in SETTINGS:
        raise Refused(
            f"'{monitor.monitor}' watches {monitor.what}, which is documented and not measured from a file.",
            f"`debt {monitor.what} {monitor.system} …` records it.",
        )
    return SETTINGS[monitor.what].documented(monitor.settings, monitor.threshold)


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
