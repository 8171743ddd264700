"""Hash claims: what events say of the chain before them, held against the chain.

A pack that was issued names a position and its hash, a signed checkpoint the root over the first events. The service that
recorded either had read it in the same transaction, so that a chain that says otherwise now was rewritten since. Whoever
rewrites the claim as well is found only by what was kept elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection, bindparam, select

from ledger.events import CheckpointSigned, PackIssued, Recorded
from ledger.proof.merkle import Tree
from ledger.store.comparison import CHUNK, StoredDifference, shown
from ledger.tables.facts import event

_HASHES = (
    select(event.c.hash)
    .where(event.c.book == bindparam("book"), event.c.position.between(bindparam("first"), bindparam("last")))
    .order_by(event.c.position)
)


class HashClaims:
    """The claims of one pass over a book; few events make any."""

    def __init__(self, connection: Connection, book: str) -> None:
        self._connection, self._book = connection, book
        self._packs: list[tuple[int, PackIssued]] = []
        self._checkpoints: list[tuple[int, CheckpointSigned]] = []

    def note(self, recorded: Recorded) -> None:
        """Keep what an event claims. What rests on nothing before it claims nothing here: `store.decisions` lists that."""
        said, position = recorded.event, recorded.position
        if isinstance(said, PackIssued) and 1 <= said.known_position < position:
            self._packs.append((position, said))
        elif isinstance(said, CheckpointSigned) and 1 <= said.size < position:
            self._checkpoints.append((position, said))

    def contradicted(self) -> Iterator[StoredDifference]:
        """Claims that do not hold of the hashes as they are stored."""
        for position, pack in self._packs:
            known = next(self._hashes(pack.known_position, pack.known_position), None)
            yield from _differing(position, "head_hash", known, pack.head_hash)
        if not self._checkpoints:
            return
        last = max(checkpoint.size for _, checkpoint in self._checkpoints)
        try:
            tree = Tree(map(bytes.fromhex, self._hashes(1, last)))
        except (TypeError, ValueError):  # what is no hash was named where it stands
            return
        for position, checkpoint in self._checkpoints:
            root = tree.root(checkpoint.size).hex() if checkpoint.size <= tree.size else None
            yield from _differing(position, "root", root, checkpoint.root)

    def _hashes(self, first: int, last: int) -> Iterator[str]:
        """The stored hashes of the events from one position to another, each inclusive."""
        bounds = {"book": self._book, "first": first, "last": last}
        yield from self._connection.execute(_HASHES, bounds, execution_options={"yield_per": CHUNK}).scalars()


def _differing(position: int, field: str, expected: str | None, found: str) -> Iterator[StoredDifference]:
    if expected != found:
        yield StoredDifference(position, "event", field, shown(expected), shown(found))
