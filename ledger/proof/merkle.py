"""The Merkle tree of RFC 6962: one root for many leaves, and short proofs of what is under it.

sha256 throughout: a leaf's hash is that of 0x00 and its data, a node's that of 0x01 and its two children. A tree of
n > 1 leaves has the largest power of two below n on its left. The tree of the ledger has the raw 32 bytes of an
event's hash as the data of each leaf; nothing here knows that.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import sha256
from itertools import islice

#: Bytes in a hash.
WIDTH = 32

# Leaves whose root is kept while the tree is built: so a proof hashes some thousand nodes, not all of them again.
_BLOCK = 1024


def leaf_hash(data: bytes) -> bytes:
    """The hash of a leaf with this data."""
    return sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of the node above two others."""
    return sha256(b"\x01" + left + right).digest()


class Tree:
    """A tree over leaves in order; it answers for itself and for every smaller tree that it has been.

    Keeps 32 bytes per leaf. `size`: how many leaves there are.
    """

    def __init__(self, leaves: Iterable[bytes]) -> None:
        """leaves: the data of each, of any length."""
        self._leaf_hashes = bytearray()
        self._block_roots: list[bytes] = []
        remaining = iter(leaves)
        while block := [sha256(b"\x00" + data).digest() for data in islice(remaining, _BLOCK)]:
            self._leaf_hashes += b"".join(block)
            if len(block) == _BLOCK:
                self._block_roots.append(_fold(block))
        self.size = len(self._leaf_hashes) // WIDTH

    def root(self, size: int | None = None) -> bytes:
        """The root over the first `size` leaves, over all by default. Raises ValueError for more than there are."""
        size = self._known(self.size if size is None else size)
        return self._subtree(0, size) if size else sha256().digest()

    def inclusion(self, index: int, size: int | None = None) -> list[bytes]:
        """The hashes that lead from a leaf to the root over the first `size` leaves, from the leaf's sibling up.

        index: of the leaf, from 0. Raises ValueError unless 0 <= index < size <= the tree's.
        """
        start, end = 0, self._known(self.size if size is None else size)
        if not 0 <= index < end:
            raise ValueError(f"leaf {index} is not in a tree of {end}")
        path = []
        while end - start > 1:
            middle = start + _left_of(end - start)
            if index < middle:
                path.append(self._subtree(middle, end))
                end = middle
            else:
                path.append(self._subtree(start, middle))
                start = middle
        return path[::-1]

    def consistency(self, old_size: int, size: int | None = None) -> list[bytes]:
        """The hashes by which the root over the first `old_size` leaves is found again in that over the first `size`.

        Raises ValueError unless 1 <= old_size <= size <= the tree's.
        """
        start, end = 0, self._known(self.size if size is None else size)
        if not 1 <= old_size <= end:
            raise ValueError(f"a tree of {end} leaves never was one of {old_size}")
        path = []
        while end != old_size:
            middle = start + _left_of(end - start)
            if old_size <= middle:
                path.append(self._subtree(middle, end))
                end = middle
            else:
                path.append(self._subtree(start, middle))
                start = middle
        if start:  # otherwise what is left is the old tree itself, whose root the verifier has
            path.append(self._subtree(start, end))
        return path[::-1]

    def _known(self, size: int) -> int:
        if not 0 <= size <= self.size:
            raise ValueError(f"a tree of {self.size} leaves has no root over {size}")
        return size

    def _subtree(self, start: int, end: int) -> bytes:
        """The root over leaves of the tree that stand under one node of it: more than a block begin where one does."""
        nodes = []
        if end - start > _BLOCK:
            nodes = self._block_roots[start // _BLOCK : end // _BLOCK]
            start = end // _BLOCK * _BLOCK
        rest = [bytes(self._leaf_hashes[at : at + WIDTH]) for at in range(start * WIDTH, end * WIDTH, WIDTH)]
        return _fold([*nodes, _fold(rest)] if rest else nodes)


def _fold(nodes: list[bytes]) -> bytes:
    """The root over nodes of one height, of which the last may be lower: one without a partner moves up as it is."""
    while len(nodes) > 1:
        above = [sha256(b"\x01" + left + right).digest() for left, right in zip(nodes[::2], nodes[1::2], strict=False)]
        nodes = above + nodes[-1:] if len(nodes) % 2 else above
    return nodes[0]


def _left_of(size: int) -> int:
    """How many of `size` leaves stand on the left: the largest power of two below it. size: at least 2."""
    return 1 << (size - 1).bit_length() - 1


def proves_inclusion(data: bytes, index: int, size: int, path: Sequence[bytes], root: bytes) -> bool:
    """Whether a path shows that the leaf at `index` (from 0) of the tree of that size and root has this data.

    As RFC 9162, 2.1.3.2, verifies it.
    """
    if not 0 <= index < size:
        return False
    at, last, found = index, size - 1, leaf_hash(data)
    for sibling in path:
        if last == 0:
            return False
        if at % 2 or at == last:
            found = node_hash(sibling, found)
            at, last = _past_missing_partners(at, last)
        else:
            found = node_hash(found, sibling)
        at, last = at >> 1, last >> 1
    return last == 0 and found == root


def proves_consistency(old_size: int, old_root: bytes, size: int, root: bytes, path: Sequence[bytes]) -> bool:
    """Whether a path shows that the tree of `size` and `root` begins with the leaves of the older one.

    As RFC 9162, 2.1.4.2, verifies it. False for an old tree without leaves: every tree begins with none.
    """
    if not 1 <= old_size <= size:
        return False
    if old_size == size:
        return not path and old_root == root
    # A complete old tree is part of the new one unchanged, and its root is left out of the path.
    hashes = [old_root, *path] if old_size & (old_size - 1) == 0 else list(path)
    if not path:
        return False
    at, last = old_size - 1, size - 1
    while at % 2:
        at, last = at >> 1, last >> 1
    found_old = found = hashes[0]
    for other in hashes[1:]:
        if last == 0:
            return False
        if at % 2 or at == last:
            found_old, found = node_hash(other, found_old), node_hash(other, found)
            at, last = _past_missing_partners(at, last)
        else:
            found = node_hash(found, other)
        at, last = at >> 1, last >> 1
    return last == 0 and found_old == old_root and found == root


def _past_missing_partners(at: int, last: int) -> tuple[int, int]:
    """Up to where a node at the right edge has a partner on its left: until there it moves up as it is."""
    while at and at % 2 == 0:
        at, last = at >> 1, last >> 1
    return at, last
