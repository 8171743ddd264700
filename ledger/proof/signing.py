"""Signing and verifying with SSH keys, through ssh-keygen, as git does: no key of anybody's is ever read here."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from ledger.proof.checkpoint import SSH_NAMESPACE, Malformed, Note, armored, dearmored, key_id, public_key_of
from ledger.vocabulary.errors import Refused, StoreError
from ledger.vocabulary.outside_files import refuse_no_file

#: In bytes; one of RSA with 16,384 bits has a fifth of it.
_LARGEST_KEY = 64 * 2**10


def sign(key: Path, message: bytes) -> bytes:
    """The signature (SSHSIG, without armor) of a message.

    key: a private key, or a public one whose private half an agent holds. ssh-keygen asks for a passphrase on the
    terminal. Raises Refused: no ssh-keygen, no such key, a wrong passphrase.
    """
    key = key.expanduser().absolute()
    for half in (key, key.with_name(f"{key.name}.pub")):
        refuse_no_file(half)
    if not key.is_file():
        raise Refused(f"There is no key {key}.", "`ssh-keygen -t ed25519` makes one.")
    if key.stat().st_size > _LARGEST_KEY:
        raise Refused(f"{key} is no key: it is far too large.", "`ssh-keygen -t ed25519` makes one.")
    # By pipes: a file would stay behind if this process were killed.
    words = ("-Y", "sign", "-n", SSH_NAMESPACE, "-f", str(key))
    done = _ssh_keygen(*words, message=message, surroundings=_asking_on_the_terminal())
    if done.returncode != 0 or not done.stdout:
        raise Refused(
            f"ssh-keygen did not sign with {key}: {_said(done)}",
            "Check the key and its passphrase; for a public key, `ssh-add -l` shows what the agent holds.",
        )
    return dearmored(done.stdout.decode("ascii", errors="replace"))


def _asking_on_the_terminal() -> Mapping[str, str]:
    """The environment in which ssh-keygen asks for a passphrase where the user sits.

    On a desktop it takes a standard input that is no terminal for a sign that nobody sits at one, and opens a window.
    """
    if not os.isatty(0) or "SSH_ASKPASS_REQUIRE" in os.environ:
        return os.environ
    # Before 8.4 it does not know the variable, and goes by the display.
    return {name: value for name, value in os.environ.items() if name != "DISPLAY"} | {"SSH_ASKPASS_REQUIRE": "never"}


def signers(note: Note, allowed_signers: Path) -> list[str]:
    """Who signed a note, by the names in a file of allowed signers (`man ssh-keygen`, ALLOWED SIGNERS).

    Signatures by keys that the file does not have, and of other kinds, are passed over. Raises StoreError if one by
    a key that it has does not verify, and Refused where there is no such file or no ssh-keygen.
    """
    allowed = allowed_signers.expanduser().absolute()
    refuse_no_file(allowed)
    if not allowed.is_file():
        raise Refused(f"There is no file {allowed} of allowed signers.", "It has lines like 'NAME ssh-ed25519 AAAA…'.")
    found: list[str] = []
    complaints: list[str] = []
    with TemporaryDirectory(prefix="debt-") as folder:
        armor = Path(folder) / "checkpoint.sig"
        for blob in _our_signatures(note):
            armor.write_text(armored(blob), encoding="ascii")
            for name in _principals(armor, allowed, complaints):
                _verify(note, name, armor, allowed)
                found.append(name)
    if complaints and not found:
        raise Refused(f"No signer was found in {allowed}: {' '.join(complaints)}", "Mend the file.")
    return list(dict.fromkeys(found))


def _our_signatures(note: Note) -> list[bytes]:
    """The signatures by SSH keys in the name of the book; what else stands there is of keys unknown to us."""
    origin, blobs = note.checkpoint.origin, []
    for signature in note.signatures:
        try:
            identifier = key_id(signature.name, public_key_of(signature.blob))
        except Malformed:
            continue
        if (signature.name, signature.key_id) == (origin, identifier):
            blobs.append(signature.blob)
    return blobs


def _principals(armor: Path, allowed: Path, complaints: list[str]) -> list[str]:
    """The names that the file has for the key of a signature; none if it does not have the key.

    complaints: takes what ssh-keygen says against lines of the file: not readable, expired.
    """
    done = _ssh_keygen("-Y", "find-principals", "-s", str(armor), "-f", str(allowed))
    if done.returncode != 0:
        said = done.stderr.decode(errors="replace").splitlines()
        complaints += [line for line in said if line != "No principal matched."]
        return []
    names = done.stdout.decode(errors="replace").splitlines()
    if any(name.startswith("-") for name in names):
        raise Refused(f"{allowed} names a signer that begins with '-'.", "Name them otherwise.")
    return names


def _verify(note: Note, name: str, armor: Path, allowed: Path) -> None:
    message = note.checkpoint.text.encode()
    words = ("-Y", "verify", "-n", SSH_NAMESPACE, "-I", name, "-s", str(armor), "-f", str(allowed))
    done = _ssh_keygen(*words, message=message)
    if done.returncode != 0:
        raise StoreError(f"The signature by the key of {name} does not verify: {_said(done)}")


def _ssh_keygen(
    *words: str, message: bytes | None = None, surroundings: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[bytes]:
    program = shutil.which("ssh-keygen")
    if program is None:
        raise Refused("There is no ssh-keygen on this machine.", "Install OpenSSH (8.2 or newer).")
    return subprocess.run(  # noqa: S603
        [program, *words], input=message, capture_output=True, check=False, env=surroundings
    )


def _said(done: subprocess.CompletedProcess[bytes]) -> str:
    """What ssh-keygen gave as its reason, in one line."""
    words = (done.stderr or done.stdout).decode(errors="replace").split()
    return " ".join(words) or f"it ended with {done.returncode}."
