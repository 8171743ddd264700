"""Which reading of a folder is older: a checkout of a day before the last one says what is over.

A folder states no day of its own. It is older if somebody says so, if all of it is what an earlier reading found, or if one of its
records has the bytes that the log had of it before the last ones.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from ledger.decide.standing_decision import StandingDecision
from ledger.events.codec import canonical, sha256_hex
from ledger.importers.decision_log.folder import FolderRead, RecordRead
from ledger.importers.decision_log.log_plan import KnownLog, LogTerms
from ledger.importers.rows import WholeRefused

_INSTEAD = "Read a newer checkout. If this one is what holds now, say of which day it is: `--on {today}`."


def folder_sha256(records: Iterable[RecordRead]) -> str:
    """What tells whether a folder holds the same records: over their paths and bytes, in order."""
    return sha256_hex(canonical(sorted((record.path, record.sha256) for record in records)))


def refuse_older(
    folder: FolderRead, standing: Mapping[str, StandingDecision], known: KnownLog, terms: LogTerms
) -> None:
    """Raise WholeRefused for a folder that is older than the last one that was read into the log."""
    last = max(known.readings, key=lambda run: run.exported_on or terms.today, default=None)
    if last is not None and last.exported_on is not None and terms.read_on < last.exported_on:
        raise WholeRefused(
            f"The folder is of {terms.read_on}, and {last.run} read one of {last.exported_on}: what an older one says is over.",
            f"Read a newer one; `debt import --undo {last.run}` shows what the newer one recorded.",
            folder.bad,
        )
    if terms.day_said:
        return
    instead = _INSTEAD.format(today=terms.today)
    if back := list(_put_back(folder.records, standing)):
        few = ", ".join(back[:3]) + (f" and {len(back) - 3} more" if len(back) > 3 else "")
        raise WholeRefused(
            f"The folder is an older one: {few} {'is' if len(back) == 1 else 'are'} word for word what the log {terms.log} had "
            "before it was read last.",
            instead,
            folder.bad,
        )
    if terms.complete or not known.readings:
        return
    inputs = [run.input_sha256 for run in known.readings]
    now = folder_sha256(folder.records)
    if now in inputs and now != inputs[-1]:
        earlier = known.readings[inputs.index(now)]
        raise WholeRefused(
            f"The folder is an older one: it holds what {earlier.run} read on {earlier.exported_on}, and {known.readings[-1].run} "
            "read another since.",
            f"{instead} If the records that it lacks are gone, say so with --complete.",
            folder.bad,
        )


def _put_back(records: Iterable[RecordRead], standing: Mapping[str, StandingDecision]) -> Iterator[str]:
    """The paths of records with the bytes of an earlier reading, and not of the last one."""
    for record in records:
        said = standing.get(record.id)
        if said is None or record.sha256 == said.event.sha256:
            continue
        if any(record.sha256 == before.event.sha256 for before in said.earlier):
            yield record.path
