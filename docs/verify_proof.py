"""Verify the proof of one event without the ledger's software: python verify_proof.py PROOF [CHECKPOINT]

PROOF: what `debt prove` wrote. CHECKPOINT: one that you kept; without it, the one inside the proof counts.
Whose signature a checkpoint bears is not checked here: `ssh-keygen -Y verify` and `debt verify --against` do that.
"""

import base64
import hashlib
import sys
from pathlib import Path


def sha256(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def decoded(text):
    return base64.b64decode(text, validate=True)


def root_above(found, index, size, path):
    """The root that a path leads to from a leaf's hash, as RFC 9162, 2.1.3.2, has it."""
    last = size - 1
    for sibling in path:
        if last == 0:
            raise ValueError("the path is too long")
        if index % 2 or index == last:
            found = sha256(b"\x01", sibling, found)
            while index and index % 2 == 0:
                index, last = index // 2, last // 2
        else:
            found = sha256(b"\x01", found, sibling)
        index, last = index // 2, last // 2
    if last:
        raise ValueError("the path is too short")
    return found


try:
    way, _, inside = Path(sys.argv[1]).read_text(encoding="utf-8").partition("\n\n")
    kept = Path(sys.argv[2]).read_text(encoding="utf-8") if sys.argv[2:] else inside
    title, extra, place, *path = way.split("\n")
    origin, size, root = kept.split("\n")[:3]
    if title != "c2sp.org/tlog-proof@v1" or not extra.startswith("extra ") or not place.startswith("index "):
        raise ValueError("it does not begin as a proof does")
    if inside.split("\n")[0] != origin:
        raise ValueError("it is of another ledger than the checkpoint")
    data, index, size = decoded(extra[6:]), int(place[6:]), int(size)
    if not 0 <= index < size:
        raise ValueError(f"the checkpoint covers {size} events, not position {index + 1}")
    event = sha256(b"debt-ledger/1\n", data[:32], sha256(data[32:]))
    if root_above(sha256(b"\x00", event), index, size, [decoded(line) for line in path]) != decoded(root):
        raise ValueError("the path does not lead to the checkpoint's root")
except (IndexError, OSError, ValueError) as error:
    sys.exit(f"NOT PROVED: {error}")
which = "that you kept" if sys.argv[2:] else "inside (who signed it, if anybody, was not checked)"
sys.stderr.write(f"OK: position {index + 1} of {size} of {origin}, hash {event.hex()}, by the checkpoint {which}\n")
sys.stdout.buffer.write(data[32:] + b"\n")
