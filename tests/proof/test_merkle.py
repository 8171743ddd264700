"""The Merkle tree against RFC 6962: its definition, the vectors of certificate transparency, and another program.

The vectors are those that implementations of certificate transparency share: eight leaves, the roots over the first
one to eight of them, some paths. pymerkle is a library that is not ours.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pymerkle import InmemoryTree, InvalidProof
from pymerkle.proof import ConsistencyProof, InclusionProof

from ledger.proof.merkle import Tree, leaf_hash, node_hash, proves_consistency, proves_inclusion

LEAVES = [
    bytes.fromhex(digits)
    for digits in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
NODES = {
    digits[:4]: bytes.fromhex(digits)
    for digits in (
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "b08693ec2e721597130641e8211e7eedccb4c26413963eee6c1e2ed16ffb1a5f",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    )
}
#: Index from 0 and size -> the path, its hashes by their first four digits.
INCLUSION = {
    (0, 1): "",
    (0, 8): "96a2 5f08 6b47",
    (5, 8): "bc1a ca85 d37e",
    (2, 3): "fac5",
    (1, 5): "6e34 5f08 bc1a",
}
#: Old size and size -> the path.
CONSISTENCY = {
    (1, 1): "",
    (1, 8): "96a2 5f08 6b47",
    (6, 8): "0ebc ca85 d37e",
    (2, 5): "5f08 bc1a",
    (6, 7): "0ebc b086 d37e",
}

#: A tree with more leaves than are hashed at a time, and sizes at the seams.
MANY = [number.to_bytes(32, "big") for number in range(3100)]
SEAMS = [1, 2, 1023, 1024, 1025, 1026, 2047, 2048, 2049, 2050, 3071, 3072, 3073, 3100]


def nodes(names: str) -> list[bytes]:
    return [NODES[name] for name in names.split()]


def defined_root(leaves: Sequence[bytes]) -> bytes:
    """The root as RFC 6962, 2.1, defines it."""
    if len(leaves) < 2:
        return leaf_hash(leaves[0]) if leaves else sha256(b"").digest()
    left = 1
    while left * 2 < len(leaves):
        left *= 2
    return node_hash(defined_root(leaves[:left]), defined_root(leaves[left:]))


# --- the vectors --------------------------------------------------------------------------------------


def test_an_empty_tree_has_the_hash_of_nothing_as_its_root() -> None:
    assert Tree([]).root() == sha256(b"").digest()


@pytest.mark.parametrize("size", range(1, 9))
def test_the_roots_are_those_of_certificate_transparency(size: int) -> None:
    assert Tree(LEAVES[:size]).root().hex() == ROOTS[size - 1]
    assert Tree(LEAVES).root(size).hex() == ROOTS[size - 1]


@pytest.mark.parametrize(("index", "size"), INCLUSION)
def test_inclusion_paths_are_those_of_certificate_transparency(index: int, size: int) -> None:
    path = nodes(INCLUSION[index, size])
    assert Tree(LEAVES).inclusion(index, size) == path
    assert proves_inclusion(LEAVES[index], index, size, path, bytes.fromhex(ROOTS[size - 1]))


@pytest.mark.parametrize(("old", "size"), CONSISTENCY)
def test_consistency_paths_are_those_of_certificate_transparency(old: int, size: int) -> None:
    path = nodes(CONSISTENCY[old, size])
    assert Tree(LEAVES).consistency(old, size) == path
    assert proves_consistency(old, bytes.fromhex(ROOTS[old - 1]), size, bytes.fromhex(ROOTS[size - 1]), path)


# --- the definition, and another program ----------------------------------------------------------------


def test_a_large_tree_is_what_the_definition_says_also_where_blocks_of_leaves_meet() -> None:
    tree = Tree(iter(MANY))
    assert tree.size == len(MANY)
    assert {size: tree.root(size) for size in SEAMS} == {size: defined_root(MANY[:size]) for size in SEAMS}


@pytest.mark.parametrize("size", SEAMS)
def test_proofs_in_a_large_tree_hold_also_where_blocks_of_leaves_meet(size: int) -> None:
    tree = Tree(MANY)
    for other in (other for other in SEAMS if other <= size):
        path = tree.inclusion(other - 1, size)
        assert proves_inclusion(MANY[other - 1], other - 1, size, path, tree.root(size))
        path = tree.consistency(other, size)
        assert proves_consistency(other, tree.root(other), size, tree.root(size), path)


@pytest.mark.parametrize("size", [1, 2, 3, 4, 5, 7, 8, 13, 16, 21, 33])
def test_another_program_has_the_same_roots_and_paths_and_accepts_ours(size: int) -> None:
    leaves = MANY[:size]
    tree, witness = Tree(leaves), InmemoryTree.init_from_entries(leaves)
    assert tree.root() == witness.get_root()
    for index in range(size):
        theirs = witness.prove_inclusion(index + 1)
        path = tree.inclusion(index)
        # Theirs begins with the leaf's own hash.
        assert theirs.path == [leaf_hash(leaves[index]), *path]
        ours = InclusionProof("sha256", True, size, index + 1, theirs.rule, [leaf_hash(leaves[index]), *path])
        ours.verify(leaf_hash(leaves[index]), tree.root(), index=index + 1, size=size)


@pytest.mark.parametrize("size", [1, 2, 3, 4, 5, 7, 8, 13, 16, 21, 33])
def test_another_program_finds_our_roots_consistent(size: int) -> None:
    """Its paths are of a form of its own, with which it leads from our older root to our newer one."""
    tree, witness = Tree(MANY[:size]), InmemoryTree.init_from_entries(MANY[:size])
    for old in range(1, size + 1):
        theirs: ConsistencyProof = witness.prove_consistency(old)
        theirs.verify(tree.root(old), tree.root(), prior_size=old, later_size=size)
        with pytest.raises(InvalidProof):
            theirs.verify(leaf_hash(tree.root(old)), tree.root())


# --- what verifies and what does not ----------------------------------------------------------------------


@st.composite
def sizes(draw: st.DrawFn) -> tuple[int, int]:
    """A size up to 70, and a smaller or equal one."""
    size = draw(st.integers(1, 70))
    return draw(st.integers(1, size)), size


TREE = Tree(MANY[:100])


def altered(path: list[bytes], draw: st.DataObject) -> list[bytes]:
    """A path in which something else stands."""
    how = draw.draw(st.sampled_from(["flip", "cut", "add", "swap", "shorten", "join"] if path else ["add"]))
    at = draw.draw(st.integers(0, max(len(path) - 1, 0)))
    found = list(path)
    if how == "flip":
        bit = draw.draw(st.integers(0, 255))
        found[at] = (int.from_bytes(path[at], "big") ^ (1 << bit)).to_bytes(32, "big")
    elif how == "cut":
        del found[at]
    elif how == "add":
        found.insert(at, draw.draw(st.sampled_from([*path, TREE.root(), b"", bytes(32)])))
    elif how == "swap":
        found[at], found[-1 - at] = found[-1 - at], found[at]
    elif how == "shorten":
        found[at] = path[at][:-1]
    else:
        found[at : at + 2] = [b"".join(path[at : at + 2])]
    return found


@given(sizes(), st.data())
def test_every_inclusion_proof_verifies_and_an_altered_path_does_not(
    pair: tuple[int, int], data: st.DataObject
) -> None:
    index, size = pair[0] - 1, pair[1]
    path, root = TREE.inclusion(index, size), TREE.root(size)
    assert proves_inclusion(MANY[index], index, size, path, root)
    wrong = altered(path, data)
    assert proves_inclusion(MANY[index], index, size, wrong, root) is (wrong == path)


@given(sizes(), st.integers(-1, 100), st.integers(0, 100))
def test_an_inclusion_proof_verifies_for_no_other_leaf_place_or_tree(
    pair: tuple[int, int], place: int, other: int
) -> None:
    index, size = pair[0] - 1, pair[1]
    path, root = TREE.inclusion(index, size), TREE.root(size)
    assert proves_inclusion(MANY[index], place, size, path, root) is (place == index)
    assert proves_inclusion(MANY[other], index, size, path, root) is (other == index)
    assert proves_inclusion(MANY[index], index, other, path, TREE.root(other)) is (other == size)
    assert not proves_inclusion(MANY[index], index, size, path, leaf_hash(root))
    assert not proves_inclusion(MANY[index], index, size * 2, path, root)


def test_a_root_alone_does_not_say_the_size() -> None:
    """It does not in RFC 6962 either: who changes the size of a checkpoint is found by its signature, or by the old root."""
    path, root = TREE.inclusion(0, 3), TREE.root(3)
    assert proves_inclusion(MANY[0], 0, 4, path, root)
    assert not proves_inclusion(MANY[0], 0, 5, path, root)


@given(sizes(), st.data())
def test_every_consistency_proof_verifies_and_an_altered_path_does_not(
    pair: tuple[int, int], data: st.DataObject
) -> None:
    old, size = pair
    path, roots = TREE.consistency(old, size), (TREE.root(old), TREE.root(size))
    assert proves_consistency(old, roots[0], size, roots[1], path)
    wrong = altered(path, data)
    assert proves_consistency(old, roots[0], size, roots[1], wrong) is (wrong == path)


@given(sizes(), st.integers(0, 100))
def test_a_consistency_proof_verifies_for_no_other_pair_of_trees(pair: tuple[int, int], other: int) -> None:
    old, size = pair
    path, root = TREE.consistency(old, size), TREE.root(size)
    assert proves_consistency(other, TREE.root(other), size, root, path) is (other == old)
    assert proves_consistency(old, TREE.root(old), other, TREE.root(other), path) is (other == size)
    assert not proves_consistency(old, leaf_hash(TREE.root(old)), size, root, path)
    assert not proves_consistency(old, TREE.root(old), size, leaf_hash(root), path)
    assert not proves_consistency(old, TREE.root(old), size * 2, root, path)


@given(sizes(), st.data())
def test_a_tree_that_was_rewritten_leads_to_no_older_root(pair: tuple[int, int], data: st.DataObject) -> None:
    """Whatever path the rewritten tree gives."""
    old, size = pair
    at = data.draw(st.integers(0, old - 1))
    rewritten = Tree([*MANY[:at], b"another", *MANY[at + 1 : size]])
    path = rewritten.consistency(old)
    assert not proves_consistency(old, TREE.root(old), size, rewritten.root(), path)
    assert not proves_consistency(old, TREE.root(old), size, rewritten.root(), TREE.consistency(old, size))


@pytest.mark.parametrize(("index", "size"), [(-1, 5), (5, 5), (0, 0), (0, 101)])
def test_what_the_tree_does_not_have_is_not_proved(index: int, size: int) -> None:
    with pytest.raises(ValueError, match="tree of"):
        TREE.inclusion(index, size)
    assert not proves_inclusion(MANY[0], index, size, [], leaf_hash(MANY[0]))


@pytest.mark.parametrize(("old", "size"), [(0, 5), (6, 5), (1, 101), (-1, 5)])
def test_what_the_tree_never_was_is_not_proved(old: int, size: int) -> None:
    with pytest.raises(ValueError, match="tree of"):
        TREE.consistency(old, size)
    assert not proves_consistency(old, TREE.root(0), size, TREE.root(5), [])
