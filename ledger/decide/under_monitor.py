"""Under a monitor: it alone says how something is measured, and what is given besides may not contradict it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import PurePath

from ledger.decide.convention import by_convention
from ledger.events import MonitorDocumented
from ledger.vocabulary.decimals import is_decimal
from ledger.vocabulary.errors import Refused
from ledger.vocabulary.measure_settings import FILES, default_of, is_repeated, is_required, setting_names

#: What a monitor keeps and what it is measured with need not repeat: the folder is told each time, and what may be loaded
#: says nothing of how it is judged. The reference is known by its content.
_NOT_HELD = ("repo", "trust-type", "reference")


def refuse_another_kind(what: str, monitor: MonitorDocumented) -> None:
    """Refuse what the monitor does not watch."""
    if what != monitor.what:
        by_convention(
            Refused(
                f"'{monitor.monitor}' watches {monitor.what}, not {what}.",
                f"`debt monitor {monitor.system}` shows what is watched.",
            )
        )


def refuse_contradiction(option: str, texts: Sequence[str], monitor: MonitorDocumented) -> None:
    """Refuse an option that says something else than the monitor. texts: what it says, none for what it is by default.

    Files are told by their whole paths; of a relative one, as early releases documented them, nobody knows where it is.
    """
    documented = _documented(option, monitor)
    default = default_of(monitor.what, option)
    if not documented and is_required(monitor.what, option):
        return
    if option in FILES and not all(PurePath(path).is_absolute() for path in (*texts, *documented)):
        return
    repeated = is_repeated(monitor.what, option)
    if _read(repeated, texts or default) != _read(repeated, documented or default):
        by_convention(
            Refused(
                f"--{option} {_listed(texts or default)} contradicts the monitor '{monitor.monitor}' of {monitor.system}, "
                f"which says {_listed(documented or default)}.",
                f"Leave it out: `debt monitor {monitor.system}` shows what is documented, and a new definition changes it.",
            )
        )


def refuse_measured_otherwise(
    what: str,
    threshold: str | None,
    settings: Mapping[str, Sequence[str]],
    files: Mapping[str, str],
    monitor: MonitorDocumented,
) -> None:
    """Refuse a measurement that was not made as the monitor documents. files: sha256 of what was read, by its role.

    A monitor without settings watches what is measured by hand: its threshold alone is held.
    """
    refuse_another_kind(what, monitor)
    refuse_contradiction("threshold", (threshold,) if threshold is not None else (), monitor)
    if not monitor.said:
        return
    refuse_contradiction("ratio", settings.get("ratio", ()), monitor)
    for option in setting_names(what):
        if option not in _NOT_HELD and (option in settings or option in monitor.said):
            refuse_contradiction(option, settings.get(option, ()), monitor)
    pinned, read = monitor.reference_sha256, files.get("reference")
    if pinned is not None and read != pinned:
        path = monitor.settings["reference"][-1]
        by_convention(
            Refused(
                f"{path} is not the reference that the monitor '{monitor.monitor}' of {monitor.system} documents: its sha256 "
                f"begins with {(read or 'nothing')[:12]}, not {pinned[:12]}.",
                f"`debt monitor {monitor.system} {monitor.monitor} --new-reference FILE --because …` records another.",
            )
        )


def _documented(option: str, monitor: MonitorDocumented) -> tuple[str, ...]:
    """What the monitor says, as it would be typed."""
    if option == "threshold":
        return (monitor.threshold,)
    if option == "ratio":
        return (monitor.ratio,) if monitor.ratio is not None else ()
    return monitor.said.get(option, ())


def _read(repeated: bool, texts: Sequence[str]) -> object:
    """What the texts of an option say, however they are spelled."""
    if repeated:
        return frozenset(texts)
    return [Decimal(text) if is_decimal(text) else text for text in (each.strip() for each in texts[-1:])]


def _listed(texts: Sequence[str]) -> str:
    return ", ".join(texts) or "nothing"
