"""SSH keys for tests, made by ssh-keygen; without it, what needs them is skipped."""

from __future__ import annotations

import subprocess
from pathlib import Path

from tests.helpers.optional import needs

needs_ssh_keygen = needs("ssh-keygen")


def new_key(path: Path, *, kind: str = "ed25519", passphrase: str = "") -> Path:
    """A new private key; its public half is beside it."""
    words = ["ssh-keygen", "-q", "-t", kind, "-N", passphrase, "-C", "a comment", "-f", str(path)]
    subprocess.run(words, check=True, capture_output=True)
    return path


def public_half(key: Path) -> str:
    """The public key as a file of allowed signers has it: kind and key, without comment."""
    return " ".join(key.with_name(f"{key.name}.pub").read_text().split()[:2])
