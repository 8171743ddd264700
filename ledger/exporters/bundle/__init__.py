"""The bundle: what an auditor takes away, in one zip, with a script that checks it without this program.

The events are the stored bodies, byte for byte; the figures are those that the ledger tells everybody, from its read
models: `verify.py` computes them again from the events, so that a read model that was touched is found. The same book,
position and as-of date give the same bytes, whatever the machine, the day and the database: fixed times, fixed order,
nothing of who wrote to this database (`session_user`). Compressed bytes are zlib's; the manifest's hashes are of what
is in the files.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from importlib.resources import files
from string import Template
from tempfile import SpooledTemporaryFile
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from ledger.exporters.bundle.facts import Chain, request_lines
from ledger.exporters.bundle.figures import balance_lines, trial_balance_lines
from ledger.queries.reader import Reader
from ledger.vocabulary.errors import Refused

FORMAT = "debt-ledger/bundle/1"

#: The earliest moment that a zip can name.
_LONG_AGO = (1980, 1, 1, 0, 0, 0)
_UNIX, _READABLE_FILE = 3, 0o100644 << 16
_HELD_IN_MEMORY = 1 << 23


@dataclass(slots=True)
class Bundle:
    """What a bundle holds. position, head: of its last event."""

    book: str
    as_of: date
    position: int
    head: str
    requests: int = 0
    checkpoints: int = 0
    items: int = 0


@dataclass(slots=True)
class _BundleWriter:
    """A zip that is the same for the same contents, and the hash of every file in it."""

    archive: ZipFile
    hashes: dict[str, str] = field(default_factory=dict)

    def write(self, name: str, lines: Iterable[bytes]) -> int:
        """Add a file, piece by piece. Returns of how many."""
        entry = ZipInfo(name, _LONG_AGO)
        entry.compress_type, entry.create_system, entry.external_attr = ZIP_DEFLATED, _UNIX, _READABLE_FILE
        digest, count = hashlib.sha256(), 0
        with self.archive.open(entry, "w", force_zip64=True) as file:
            for line in lines:
                digest.update(line)
                file.write(line)
                count += 1
        self.hashes[name] = digest.hexdigest()
        return count


def write_bundle(
    reader: Reader, as_of: date, file: IO[bytes], progress: Callable[[int, int], None] | None = None
) -> Bundle:
    """Write the book up to the reader's position, with the figures of a day, into an open file.

    as_of: the last effective day that counts in the figures; the events are all there. progress: told how many events
    are done, of how many. Raises Refused where nothing was recorded yet, and StoreError where the chain is broken.
    """
    if reader.position == 0:
        raise Refused(
            f"The book '{reader.name}' held no event by {reader.known_at}: a bundle of nothing proves nothing.",
            "Leave --known-at out, or name a later time; `debt log` shows when things were recorded.",
        )
    with ZipFile(file, "w", ZIP_DEFLATED) as archive, SpooledTemporaryFile(_HELD_IN_MEMORY) as hashes:
        writer, chain = _BundleWriter(archive), Chain(reader, hashes, progress)
        held = Bundle(reader.name, as_of, reader.position, "")
        script = files("ledger.proof").joinpath("verify_bundle.py").read_bytes()
        writer.write("verify.py", [script])
        writer.write("events.jsonl", chain.events())
        hashes.seek(0)
        writer.write("hashes.txt", hashes)
        held.head, held.checkpoints = chain.head, len(chain.notes)
        held.requests = writer.write("requests.jsonl", request_lines(reader))
        for position, note in chain.notes.items():
            writer.write(f"checkpoints/{position:06}.txt", [note.encode()])
        facts = {"book": reader.name, "position": reader.position, "head": chain.head, "known_at": chain.recorded_at}
        facts |= {"as_of": as_of.isoformat(), "currency": reader.currency.code}
        writer.write("trial-balance.csv", trial_balance_lines(reader, as_of))
        held.items = writer.write("balances.json", balance_lines(reader, as_of, facts)) - 2
        writer.write("README.txt", [_readme(facts, script)])
        manifest = {"format": FORMAT, **facts, "files": dict(sorted(writer.hashes.items()))}
        writer.write("MANIFEST.json", [_pretty(manifest)])
    return held


def _readme(facts: dict[str, Any], script: bytes) -> bytes:
    text = files(__name__).joinpath("README.txt").read_text(encoding="utf-8")
    return Template(text).substitute(facts, script=hashlib.sha256(script).hexdigest()).encode()


def _pretty(value: Any) -> bytes:
    return (json.dumps(value, indent=2, ensure_ascii=False) + "\n").encode()
