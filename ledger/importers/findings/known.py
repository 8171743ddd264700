"""Known findings: the items that stand for what a tool found before, and which of their entries an import recorded."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import bindparam, select

from ledger.decide.command import Needs
from ledger.decide.item import Entry, Item
from ledger.decide.state import State
from ledger.importers.findings.kind import FindingsKind
from ledger.store.memory import Memory
from ledger.store.runs import RunSoFar, Span, imported_before_runs, within
from ledger.tables.items import item as item_table
from ledger.vocabulary.keys import system_of

_KNOWN = (
    select(item_table.c.external_key, item_table.c.item)
    .where(item_table.c.book == bindparam("book"), item_table.c.source == bindparam("source"))
    .order_by(item_table.c.position)
)


@dataclass(frozen=True, slots=True)
class KnownFindings:
    """items: by the tool's key. recorded, undone: positions that runs recorded, and that undid runs, in order.

    before_runs: positions that importers recorded when there were no runs yet.
    """

    items: dict[str, Item]
    recorded: tuple[Span, ...]
    undone: tuple[Span, ...]
    before_runs: tuple[Span, ...]

    def is_ours(self, entry: Entry) -> bool:
        """Whether an import recorded it: by the request that it came from, because anybody may write any evidence."""
        return within(entry.position, self.recorded) or within(entry.position, self.before_runs)

    def was_undone(self, entry: Entry) -> bool:
        """Whether undoing a run reversed it; what a person reversed stays reversed."""
        return entry.reversed_at is not None and within(entry.reversed_at, self.undone)


def known_findings(
    memory: Memory, kind: FindingsKind, system: str, runs: Iterable[RunSoFar], today: date
) -> tuple[KnownFindings, State]:
    """What is known of a kind, whoever imported it, and the state in which more of it is recorded in a system.

    Of several items with one key the latest counts; those whose opening was undone with its run do not.
    """
    rows = memory.connection.execute(_KNOWN, {"book": memory.name, "source": kind.source}).all()
    if kind.local_keys:
        rows = [row for row in rows if system_of(row.item) == system]
    wanted = tuple(item for _, item in rows)
    state = memory.state_for(Needs(systems=(system,), items=wanted, number_in=system), today)
    runs = list(runs)
    recorded = sorted(span for run in runs for span in run.batches)
    undone = sorted(span for run in runs for span in run.undone)
    before_runs = imported_before_runs(memory.connection, memory.name, kind.source, {key for key, _ in rows})
    known = KnownFindings({}, tuple(recorded), tuple(undone), tuple(before_runs))
    by_key: dict[str, list[Item]] = defaultdict(list)
    for key, name in rows:
        by_key[key].append(state.items[name])
    for key, items in by_key.items():
        counting = _latest_counting(items, known)
        if counting is not None:
            known.items[key] = counting
    return known, state


def _latest_counting(items: Sequence[Item], known: KnownFindings) -> Item | None:
    return next((item for item in reversed(items) if not known.was_undone(item.entries[0])), None)
