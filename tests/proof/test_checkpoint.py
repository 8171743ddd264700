"""Checkpoints and proofs as text: what is written is read back, and nothing else is read at all."""

from __future__ import annotations

import base64
import json
from contextlib import suppress
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.proof.chain import GENESIS, link
from ledger.proof.checkpoint import (
    Checkpoint,
    Malformed,
    Note,
    Proof,
    Signature,
    armored,
    dearmored,
    fingerprint,
    key_id,
    origin_of,
    public_key_of,
    public_key_text,
    read_note,
    read_proof,
    signed,
)
from ledger.proof.merkle import Tree

#: What `ssh-keygen -Y sign -n debt-ledger` wrote, with a key made for it, and what ssh-keygen says of that key.
ARMOR = """\
-----BEGIN SSH SIGNATURE-----
U1NIU0lHAAAAAQAAADMAAAALc3NoLWVkMjU1MTkAAAAgV9pi9NgFFaGAEQAxZLR/zvMTKO
XEjAMuYOIEG9aAWSwAAAALZGVidC1sZWRnZXIAAAAAAAAABnNoYTUxMgAAAFMAAAALc3No
LWVkMjU1MTkAAABAh+lmkNoBC6dlHoTHfAXUKQ+lH2wZOZ2EILdhrLCzPIIon/INWN2euC
d+mnA7t6VLrl7AYKag1Y02I6KHJwETAg==
-----END SSH SIGNATURE-----
"""
PUBLIC_KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIFfaYvTYBRWhgBEAMWS0f87zEyjlxIwDLmDiBBvWgFks"
FINGERPRINT = "SHA256:B10uL46wTEyE5HlruF6xjxJdGl31QKIpkWn9zA2bot8"

#: The example of the specification of checkpoints.
EXAMPLE = """\
example.com/behind-the-sofa
20852163
CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=
"""

ROOT = Tree([b"x"]).root()
CHECKPOINT = Checkpoint("debt-ledger/main/00ff", 12, ROOT)
SIGNED = signed(CHECKPOINT, dearmored(ARMOR))

names = st.text(st.characters(exclude_categories=["Z", "C"], exclude_characters="+"), min_size=1, max_size=20)
signatures = st.builds(Signature, names, st.binary(min_size=4, max_size=4), st.binary(min_size=1, max_size=60))
checkpoints = st.builds(Checkpoint, names, st.integers(0, 10**19 - 1), st.binary(min_size=32, max_size=32))
notes = st.builds(Note, checkpoints, st.lists(signatures, max_size=3).map(tuple))


def events(bodies: list[bytes]) -> list[str]:
    """The hashes of a chain over these bodies, from the one before the first."""
    hashes = [GENESIS]
    for body in bodies:
        hashes.append(link(hashes[-1], body))
    return hashes


@st.composite
def proofs(draw: st.DrawFn) -> Proof:
    """A proof of some event of a small chain."""
    bodies = [
        json.dumps({"note": draw(st.text(max_size=9)), "position": at}).encode()
        for at in range(draw(st.integers(1, 12)))
    ]
    hashes = events(bodies)
    index = draw(st.integers(0, len(bodies) - 1))
    tree = Tree(bytes.fromhex(each) for each in hashes[1:])
    note = Note(Checkpoint(draw(names), tree.size, tree.root()), draw(st.lists(signatures, max_size=2).map(tuple)))
    return Proof(index, hashes[index], bodies[index], tuple(tree.inclusion(index)), note)


# --- notes --------------------------------------------------------------------------------------------


def test_a_checkpoint_is_its_three_lines() -> None:
    assert CHECKPOINT.text == f"debt-ledger/main/00ff\n12\n{base64.b64encode(ROOT).decode()}\n"


def test_the_example_of_the_specification_is_read() -> None:
    note = read_note(EXAMPLE)
    assert (note.checkpoint.origin, note.checkpoint.size) == ("example.com/behind-the-sofa", 20852163)
    assert [each.key_id.hex() for each in note.signatures] == ["033de0ae"]
    assert note.text == EXAMPLE


@given(notes)
def test_a_note_that_was_written_is_read_back(note: Note) -> None:
    assert read_note(note.text) == note


@given(notes, st.data())
def test_a_note_has_one_spelling(note: Note, data: st.DataObject) -> None:
    """With any one character changed, taken out or added, it is another note or none."""
    text = changed(note.text, data)
    with suppress(Malformed):
        assert read_note(text).text == text


def changed(text: str, data: st.DataObject) -> str:
    at = data.draw(st.integers(0, len(text) - 1))
    put = data.draw(st.sampled_from(["", "\n", " ", "0", "A", "=", "\r", text[at] * 2, "—"]))
    return text[:at] + put + text[at + 1 :]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "cut off"),
        ("x", "cut off"),
        ("\n", "three lines"),
        ("a\n1\n", "three lines"),
        ("a\n\nb\n", "three lines"),
        (CHECKPOINT.text[:-1], "cut off"),
        (CHECKPOINT.text[:-9] + "\n", "27 bytes"),
        (CHECKPOINT.text[:-8] + "\n", "base64"),
        (CHECKPOINT.text.replace("\n", "\r\n"), "carriage returns"),
        (CHECKPOINT.text.replace("main", "ma in"), "line 1"),
        (CHECKPOINT.text.replace("main", "ma+in"), "line 1"),
        (CHECKPOINT.text.replace("main", "ma\u00a0in"), "line 1"),
        (CHECKPOINT.text.replace("\n12\n", "\n012\n"), "line 2"),
        (CHECKPOINT.text.replace("\n12\n", "\n-1\n"), "line 2"),
        (CHECKPOINT.text.replace("\n12\n", "\n+12\n"), "line 2"),
        (CHECKPOINT.text.replace("\n12\n", "\n1_2\n"), "line 2"),
        (CHECKPOINT.text.replace("\n12\n", "\n١٢\n"), "line 2"),
        (CHECKPOINT.text.replace("\n12\n", "\n12 \n"), "line 2"),
        (f"a\n1\n{base64.b64encode(bytes(31)).decode()}\n", "31 bytes"),
        (CHECKPOINT.text.replace("=\n", "\n"), "line 3"),
        (CHECKPOINT.text + "more\n", "Line 4"),
        (CHECKPOINT.text + "\n", "1 to 100 signatures"),
        (SIGNED.text + SIGNED.signatures[0].line + "\n" * 2, "Line 7"),
        (CHECKPOINT.text + "\n" + (SIGNED.signatures[0].line + "\n") * 101, "1 to 100 signatures"),
        (SIGNED.text.replace("— ", "- "), "Line 5"),
        (SIGNED.text.replace("— ", "—  "), "line 5"),
        (CHECKPOINT.text + "\n— name AAAAAA==\n", "cut off"),
        (CHECKPOINT.text + "\n— name\n", "Line 5"),
        (SIGNED.text[:-8], "cut off"),
        (SIGNED.text[:-8] + "\n", "base64"),
        ("\x00" + CHECKPOINT.text, "control characters"),
    ],
)  # fmt: skip
def test_what_is_no_note_says_where(text: str, words: str) -> None:
    with pytest.raises(Malformed, match=words):
        read_note(text)


@pytest.mark.parametrize(
    ("book", "origin"),
    [
        ("main", "debt-ledger/main/87ed4b35ef0c357f"),
        ("a/b c+d", "debt-ledger/a%2Fb%20c%2Bd/87ed4b35ef0c357f"),
        ("größe\n", "debt-ledger/gr%C3%B6%C3%9Fe%0A/87ed4b35ef0c357f"),
    ],
)
def test_any_name_of_a_book_makes_a_name_of_a_log(book: str, origin: str) -> None:
    assert origin_of(book, "87ed4b35ef0c357f" + "0" * 48) == origin
    assert read_note(Checkpoint(origin, 1, ROOT).text).checkpoint.origin == origin


# --- proofs -------------------------------------------------------------------------------------------


@given(proofs())
def test_a_proof_that_was_written_is_read_back_and_holds(proof: Proof) -> None:
    assert read_proof(proof.text) == proof
    assert proof.holds


@given(proofs(), st.data())
def test_a_proof_that_was_altered_does_not_hold(proof: Proof, data: st.DataObject) -> None:
    """Before its checkpoint, and in the root. Size, origin and signatures are for whoever knows the signer."""
    way, _, _ = proof.text.partition("\n\n")
    text = changed(way, data) + proof.text.removeprefix(way)
    with suppress(Malformed):
        assert text == proof.text or not read_proof(text).holds


@given(proofs())
def test_a_proof_holds_for_no_other_root_or_place(proof: Proof) -> None:
    covered = proof.note.checkpoint
    other = Checkpoint(covered.origin, covered.size, sha256(covered.root).digest())
    assert not Proof(proof.index, proof.previous, proof.body, proof.path, Note(other)).holds
    assert not Proof(proof.index + 1, proof.previous, proof.body, proof.path, proof.note).holds
    assert not Proof(proof.index, "11" * 32, proof.body, proof.path, proof.note).holds
    assert not Proof(proof.index, proof.previous, proof.body + b" ", proof.path, proof.note).holds


def a_proof() -> str:
    bodies = [b"one", b"two", b"three"]
    hashes = events(bodies)
    tree = Tree(bytes.fromhex(each) for each in hashes[1:])
    return Proof(1, hashes[1], b"two", tuple(tree.inclusion(1)), Note(Checkpoint("o", 3, tree.root()))).text


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("c2sp.org/tlog-proof@v1", "c2sp.org/tlog-proof@v2", "first line"),
        ("extra ", "extras ", "Line 2"),
        ("extra ", "extra  ", "line 2"),
        ("index 1\n", "", "Line 3"),
        ("index 1", "index 01", "line 3"),
        ("index 1", "index -1", "line 3"),
        ("\n\n", "\n", "cut"),
        ("\n\n", "\nAAAA\n\n", "a hash has 32"),
        ("\n\n", "\n" + (base64.b64encode(bytes(32)).decode() + "\n") * 63 + "\n", "at most 64"),
        ("\no\n3\n", "\no\n", "three lines"),
        ("\n", "\r\n", "carriage returns"),
    ],
)
def test_what_is_no_proof_says_where(old: str, new: str, words: str) -> None:
    assert read_proof(a_proof()).holds
    assert old in a_proof()
    with pytest.raises(Malformed, match=words):
        read_proof(a_proof().replace(old, new))


@pytest.mark.parametrize("length", [1, 31, 32])
def test_a_proof_without_an_event_is_none(length: int) -> None:
    title, _, rest = a_proof().split("\n", 2)
    with pytest.raises(Malformed, match="body; here they are shorter"):
        read_proof(f"{title}\nextra {base64.b64encode(bytes(length)).decode()}\n{rest}")


def test_a_proof_that_was_cut_off_is_none() -> None:
    """Wherever; there is no beginning of it that is one."""
    for length in range(len(a_proof())):
        with pytest.raises(Malformed):
            read_proof(a_proof()[:length])


# --- OpenSSH's signatures -------------------------------------------------------------------------------


def test_armor_comes_off_and_goes_on_again() -> None:
    assert armored(dearmored(ARMOR)) == ARMOR


def test_a_signature_names_its_key_as_ssh_keygen_does() -> None:
    public_key = public_key_of(dearmored(ARMOR))
    assert public_key_text(public_key) == PUBLIC_KEY
    assert fingerprint(public_key) == FINGERPRINT


def test_the_key_id_is_made_as_signed_notes_recommend() -> None:
    public_key = base64.b64decode(PUBLIC_KEY.split()[1])
    wanted = sha256(b"debt-ledger/main/00ff" + b"\x0a" + b"\xff" + b"sshsig" + public_key).digest()[:4]
    assert key_id(CHECKPOINT.origin, public_key) == wanted
    (signature,) = SIGNED.signatures
    assert (signature.name, signature.key_id, armored(signature.blob)) == (CHECKPOINT.origin, wanted, ARMOR)


@pytest.mark.parametrize(
    ("armor", "words"),
    [
        ("", "no signature"),
        ("hello\n", "no signature"),
        (ARMOR.replace("BEGIN", "BEGUN"), "no signature"),
        (ARMOR.replace("-----END SSH SIGNATURE-----\n", ""), "no signature"),
        (ARMOR.replace("AAAA", "AA*A"), "base64"),
    ],
)
def test_what_is_no_armor_is_not_taken_off(armor: str, words: str) -> None:
    with pytest.raises(Malformed, match=words):
        dearmored(armor)


@pytest.mark.parametrize(
    ("blob", "words"),
    [
        (b"", "not one of OpenSSH's"),
        (b"SSHSIG\x00\x00\x00\x02" + bytes(60), "not one of OpenSSH's"),
        (dearmored(ARMOR)[:20], "cut off"),
        (dearmored(ARMOR)[:64], "cut off"),
        (dearmored(ARMOR).replace(b"debt-ledger", b"debt-lodger"), "not made for 'debt-ledger'"),
    ],
)
def test_a_signature_of_another_kind_is_refused(blob: bytes, words: str) -> None:
    with pytest.raises(Malformed, match=words):
        signed(CHECKPOINT, blob)
