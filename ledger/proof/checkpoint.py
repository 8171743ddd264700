"""Checkpoints and proofs as text, read and written strictly.

A checkpoint (C2SP tlog-checkpoint) says in three lines how many events a book holds and the root of the Merkle tree
over their hashes. Signed, it is a signed note (C2SP signed-note): an empty line and a line per signature follow. A
proof (C2SP tlog-proof) ends with a checkpoint and shows that one event is under its root. Its extra data are the hash
before the event and the event's body, so that whoever holds the file can compute the event's hash and see what it says.

Signatures are OpenSSH's (SSHSIG), without the armor that ssh-keygen puts around them. C2SP assigns no byte to this
kind; a key ID is therefore made with 0xff and the name 'sshsig'.
"""

from __future__ import annotations

import base64
import binascii
import re
import textwrap
import unicodedata
from dataclasses import dataclass
from hashlib import sha256
from urllib.parse import quote

from ledger.proof.chain import link
from ledger.proof.merkle import WIDTH, proves_inclusion
from ledger.vocabulary.errors import StoreError

#: What a signature is made for: one for another purpose (a commit, a file) does not verify here.
SSH_NAMESPACE = "debt-ledger"

_PROOF_HEADER = "c2sp.org/tlog-proof@v1"
_SIGNATURE_START = "— "
_KEY_ID_BYTES = 4
_SIGNATURE_TYPE = b"\xffsshsig"

# More than anybody needs: a tree of that height has more leaves than there are positions.
_MOST_SIGNATURES = 100
_LONGEST_PATH = 64

_NUMBER = re.compile(r"0|[1-9][0-9]{0,18}", re.ASCII)
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f]")

_ARMOR_START, _ARMOR_END = "-----BEGIN SSH SIGNATURE-----", "-----END SSH SIGNATURE-----"
_ARMOR_WIDTH = 70


class Malformed(StoreError):
    """A text is not the checkpoint or the proof that it should be: of another kind, truncated or altered."""


def origin_of(book: str, first_hash: str) -> str:
    """The name under which a book's checkpoints go. first_hash: of its event 1, hexadecimal.

    Two books of one name differ in their first event's identifier and time, and so in its hash.
    """
    return f"debt-ledger/{quote(book, safe='')}/{first_hash[:16]}"


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What a book was at a moment. size: its events, >= 0. root: of the Merkle tree over their hashes, 32 bytes."""

    origin: str
    size: int
    root: bytes

    @property
    def text(self) -> str:
        """The three lines: what is signed."""
        return f"{self.origin}\n{self.size}\n{_base64(self.root)}\n"


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature line. name: of the key; key_id: 4 bytes; blob: what the signature's kind says, here SSHSIG."""

    name: str
    key_id: bytes
    blob: bytes

    @property
    def line(self) -> str:
        """The line, without its end."""
        return f"{_SIGNATURE_START}{self.name} {_base64(self.key_id + self.blob)}"


@dataclass(frozen=True, slots=True)
class Note:
    """A checkpoint and the signatures under it; without any, anybody could have written it."""

    checkpoint: Checkpoint
    signatures: tuple[Signature, ...] = ()

    @property
    def text(self) -> str:
        """The whole note, as it is kept outside the ledger."""
        lines = "".join(f"{signature.line}\n" for signature in self.signatures)
        return f"{self.checkpoint.text}\n{lines}" if lines else self.checkpoint.text


@dataclass(frozen=True, slots=True)
class Proof:
    """One event, and the way from it to the root of a checkpoint.

    index: of the event, from 0: its position less one. previous: the hash before it, hexadecimal.
    """

    index: int
    previous: str
    body: bytes
    path: tuple[bytes, ...]
    note: Note

    @property
    def text(self) -> str:
        """The whole proof, as a file."""
        extra = _base64(bytes.fromhex(self.previous) + self.body)
        path = "".join(f"{_base64(each)}\n" for each in self.path)
        return f"{_PROOF_HEADER}\nextra {extra}\nindex {self.index}\n{path}\n{self.note.text}"

    @property
    def holds(self) -> bool:
        """Whether the event is under the checkpoint's root, at its place. Says nothing of who signed that."""
        covered = self.note.checkpoint
        event_hash = bytes.fromhex(link(self.previous, self.body))
        return proves_inclusion(event_hash, self.index, covered.size, self.path, covered.root)


# --- reading ----------------------------------------------------------------------------------------


def read_note(text: str) -> Note:
    """Read a checkpoint, signed or not. Raises Malformed, which says what is wrong in which line.

    A note without signatures is just the three lines. Lines of the checkpoint's own, which the format lets others
    add, are refused: none of ours has any, and nobody could check what they say.
    """
    lines = _lines(text, "A checkpoint")
    if len(lines) < 3 or not all(lines[:3]):
        raise Malformed("A checkpoint has three lines: origin, size, root. This is none, or it was cut off.")
    origin, size, root = lines[:3]
    checkpoint = Checkpoint(_name(origin, "line 1, the origin,"), _number(size, "line 2, the size,"), _hash(root, 3))
    if len(lines) == 3:
        return Note(checkpoint)
    if lines[3]:
        raise Malformed("Line 4 of a checkpoint is empty, before the signatures; here it is not.")
    if not 5 <= len(lines) <= 4 + _MOST_SIGNATURES:
        raise Malformed(f"After its empty line a checkpoint has 1 to {_MOST_SIGNATURES} signatures.")
    signatures = tuple(_signature(line, number) for number, line in enumerate(lines[4:], start=5))
    return Note(checkpoint, signatures)


def read_proof(text: str) -> Proof:
    """Read a proof as `Proof.text` writes it; whether it `holds` is another question. Raises Malformed."""
    lines = _lines(text, "A proof")
    if lines[0] != _PROOF_HEADER:
        raise Malformed(f"The first line of a proof is '{_PROOF_HEADER}'; here it is not.")
    if "" not in lines or lines.index("") < 3:
        raise Malformed(
            "A proof has the lines extra and index, then hashes, an empty line and a checkpoint. It was cut."
        )
    end = lines.index("")
    extra = _bytes_of(_after("extra ", lines[1], 2), "line 2, the extra data,")
    index = _number(_after("index ", lines[2], 3), "line 3, the index,")
    if len(extra) <= WIDTH:
        raise Malformed("The extra data of a proof are the hash before the event and its body; here they are shorter.")
    if end - 3 > _LONGEST_PATH:
        raise Malformed(f"A proof has at most {_LONGEST_PATH} hashes; here there are {end - 3}.")
    path = tuple(_hash(line, number) for number, line in enumerate(lines[3:end], start=4))
    note = read_note("".join(f"{line}\n" for line in lines[end + 1 :]))
    return Proof(index, extra[:WIDTH].hex(), extra[WIDTH:], path, note)


def _lines(text: str, what: str) -> list[str]:
    if _CONTROL.search(text):
        raise Malformed(f"{what} holds no control characters but line ends (no carriage returns either).")
    if not text.endswith("\n"):
        raise Malformed(f"{what} ends with a line end; this is none, or it was cut off.")
    return text[:-1].split("\n")


def _after(start: str, line: str, number: int) -> str:
    if not line.startswith(start):
        raise Malformed(f"Line {number} of a proof begins with '{start}'; here it does not.")
    return line.removeprefix(start)


def _name(text: str, what: str) -> str:
    """A name of a log or a key, which is without spaces of any kind and without '+'."""
    if not text or "+" in text or any(unicodedata.category(character)[0] in "ZC" for character in text):
        raise Malformed(f"In {what} stands no name: one has neither spaces nor '+'.")
    return text


def _number(text: str, what: str) -> int:
    if not _NUMBER.fullmatch(text):
        raise Malformed(f"In {what} stands no number in decimal digits.")
    return int(text)


def _hash(text: str, number: int) -> bytes:
    found = _bytes_of(text, f"line {number}")
    if len(found) != WIDTH:
        raise Malformed(f"In line {number} stand {len(found)} bytes; a hash has {WIDTH}.")
    return found


def _signature(line: str, number: int) -> Signature:
    name, space, value = line.removeprefix(_SIGNATURE_START).partition(" ")
    if not line.startswith(_SIGNATURE_START) or not space:
        raise Malformed(f"Line {number} is no signature: '{_SIGNATURE_START}NAME BASE64'.")
    found = _bytes_of(value, f"line {number}")
    if len(found) <= _KEY_ID_BYTES:
        raise Malformed(f"The signature in line {number} was cut off.")
    return Signature(_name(name, f"line {number}"), found[:_KEY_ID_BYTES], found[_KEY_ID_BYTES:])


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _bytes_of(text: str, what: str) -> bytes:
    """The bytes, of which there is one spelling only: no other alphabet, no other padding, no stray bits."""
    try:
        found = base64.b64decode(text.encode("ascii"), validate=True)
    except (UnicodeEncodeError, binascii.Error):
        found = b""
    if not text or _base64(found) != text:
        raise Malformed(f"In {what} stands no base64, or it was cut off.")
    return found


# --- OpenSSH's signatures ---------------------------------------------------------------------------


def signed(checkpoint: Checkpoint, blob: bytes) -> Note:
    """The checkpoint under one signature. blob: SSHSIG over its text. Raises Malformed for another blob."""
    identifier = key_id(checkpoint.origin, public_key_of(blob))
    return Note(checkpoint, (Signature(checkpoint.origin, identifier, blob),))


def key_id(name: str, public_key: bytes) -> bytes:
    """The 4 bytes by which a signature line names its key. public_key: as OpenSSH encodes it."""
    return sha256(name.encode() + b"\n" + _SIGNATURE_TYPE + public_key).digest()[:_KEY_ID_BYTES]


def public_key_of(blob: bytes) -> bytes:
    """The public key in an SSHSIG blob, as OpenSSH encodes it. Raises Malformed for what is no SSHSIG of ours."""
    if blob[:10] != b"SSHSIG\x00\x00\x00\x01":
        raise Malformed("The signature is not one of OpenSSH's (SSHSIG, version 1).")
    public_key, rest = _ssh_string(blob[10:])
    namespace, _ = _ssh_string(rest)
    if namespace != SSH_NAMESPACE.encode():
        raise Malformed(f"The signature was not made for '{SSH_NAMESPACE}'.")
    _ssh_string(public_key)
    return public_key


def public_key_text(public_key: bytes) -> str:
    """A public key as OpenSSH writes it in files, without comment: 'ssh-ed25519 AAAA…'."""
    return f"{_ssh_string(public_key)[0].decode('ascii', 'replace')} {_base64(public_key)}"


def fingerprint(public_key: bytes) -> str:
    """A public key as `ssh-keygen -l` names it: 'SHA256:' and 43 characters."""
    return f"SHA256:{_base64(sha256(public_key).digest()).rstrip('=')}"


def armored(blob: bytes) -> str:
    """A signature as ssh-keygen reads it from a file."""
    return "\n".join((_ARMOR_START, *textwrap.wrap(_base64(blob), _ARMOR_WIDTH), _ARMOR_END, ""))


def dearmored(text: str) -> bytes:
    """The bytes inside what ssh-keygen writes. Raises Malformed."""
    lines = text.split()
    start, end = _ARMOR_START.split(), _ARMOR_END.split()
    if lines[: len(start)] != start or lines[-len(end) :] != end:
        raise Malformed("What ssh-keygen wrote is no signature.")
    return _bytes_of("".join(lines[len(start) : -len(end)]), "what ssh-keygen wrote")


def _ssh_string(data: bytes) -> tuple[bytes, bytes]:
    """A length of four bytes and as many bytes, and what comes after them."""
    length = int.from_bytes(data[:4], "big")
    if len(data) < 4 + length:
        raise Malformed("The signature was cut off.")
    return data[4 : 4 + length], data[4 + length :]
