"""The hash chain: each event's hash covers its body and, through the previous hash, all before it."""

from __future__ import annotations

import hashlib

#: Before the first event of a book: 32 zero bytes, as hexadecimal.
GENESIS = "00" * 32

_PREFIX = b"debt-ledger/1\n"


def link(previous: str, body: bytes) -> str:
    """sha256(prefix + previous raw 32 bytes + raw sha256(body)), as 64 hexadecimal digits.

    previous: the hash before it, hexadecimal. The body enters by its digest, so that a proof about the
    chain discloses no other body.
    """
    return hashlib.sha256(_PREFIX + bytes.fromhex(previous) + hashlib.sha256(body).digest()).hexdigest()
