"""Bundles for tests: made of a ledger with every kind of event, checked as an auditor would, forged as a forger would."""

from __future__ import annotations

import hashlib
import io
import json
import subprocess
import sys
import zipfile
from contextlib import redirect_stdout
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import count
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from sqlalchemy import Engine, select

import ledger.proof
from ledger.decide.checkpoint import SignCheckpoint
from ledger.decide.claims import HASHED_HERE
from ledger.decide.close import Close
from ledger.decide.command import Command
from ledger.decide.policy_set import SetPolicy
from ledger.decide.report import IssuePack
from ledger.decide.request import Request
from ledger.events import PackFile
from ledger.exporters.bundle import write_bundle
from ledger.proof.checkpoint import Checkpoint, origin_of, public_key_of, public_key_text, signed
from ledger.queries.audit.sealing import objections
from ledger.queries.reader import reader_of
from ledger.store.engine import reading
from ledger.store.ledger import Ledger
from ledger.tables.facts import event
from tests.helpers.small_ledger import BOOK, TODAY, build

SCRIPT = Path(ledger.proof.__file__).with_name("verify_bundle.py")
AS_OF = date(2026, 4, 30)
#: What a bundle of all that holds, in order.
NAMES = ["verify.py", "events.jsonl", "hashes.txt", "requests.jsonl", "checkpoints/000026.txt", "checkpoints/000027.txt",
         "trial-balance.csv", "balances.json", "README.txt", "MANIFEST.json"]  # fmt: skip


def root_of(hashes: list[bytes]) -> bytes:
    """The Merkle tree hash as RFC 6962, 2.1, defines it, of leaves whose data are these."""
    if len(hashes) == 1:
        return hashlib.sha256(b"\x00" + hashes[0]).digest()
    half = 1 << (len(hashes) - 1).bit_length() - 1
    return hashlib.sha256(b"\x01" + root_of(hashes[:half]) + root_of(hashes[half:])).digest()


def path_of(index: int, hashes: list[bytes]) -> list[bytes]:
    """The audit path of a leaf as RFC 6962, 2.1.1, defines it."""
    if len(hashes) == 1:
        return []
    half = 1 << (len(hashes) - 1).bit_length() - 1
    if index < half:
        return [*path_of(index, hashes[:half]), root_of(hashes[half:])]
    return [*path_of(index - half, hashes[half:]), root_of(hashes[:half])]


def build_everything(engine: Engine) -> Ledger:
    """The small ledger, and what it lacks: a closed quarter, a policy, a pack, and two checkpoints."""
    build(engine)
    minutes, numbers = count(1), count(1)
    book = Ledger(
        engine,
        BOOK,
        lambda: datetime(2026, 7, 2, tzinfo=UTC) + timedelta(minutes=next(minutes)),
        lambda: f"more-{next(numbers):04}",
        objections,
    )
    pack_file = PackFile("pack.xlsx", "ab" * 32, "cd" * 32)
    known = hashes_of(engine)[:22]
    more: list[Command] = [
        Close(quarter="2026Q1"),
        SetPolicy(policy="second-actor-close", value="on"),
        IssuePack(quarter="2026Q1", as_of=date(2026, 3, 31), known_position=len(known), head_hash=known[-1].hex(), compared_with=(),
                  manifest_sha256="12" * 32, files=(pack_file,)),
    ]  # fmt: skip
    for command in more:
        book.handle(Request(command, "finance@example.org", TODAY), objections=HASHED_HERE)
    for size in (7, 24):
        book.handle(Request(checkpoint(engine, size), "auditor@example.org", TODAY), objections=HASHED_HERE)
    return book


def hashes_of(engine: Engine) -> list[bytes]:
    """The hash of every event, in order of position."""
    with reading(engine) as connection:
        query = select(event.c.hash).where(event.c.book == BOOK).order_by(event.c.position)
        return [bytes.fromhex(found) for found in connection.execute(query).scalars()]


def checkpoint(engine: Engine, size: int) -> SignCheckpoint:
    """A checkpoint over the first events; its signature is well-formed, and nobody's."""
    hashes = hashes_of(engine)
    said = Checkpoint(origin_of(BOOK, hashes[0].hex()), size, root_of(hashes[:size]))
    key = _string(b"ssh-ed25519") + _string(bytes(32))
    parts = (key, b"debt-ledger", b"", b"sha512", _string(b"ssh-ed25519") + _string(bytes(64)))
    note = signed(said, b"SSHSIG\x00\x00\x00\x01" + b"".join(map(_string, parts)))
    public_key = public_key_text(public_key_of(note.signatures[0].blob))
    return SignCheckpoint(origin=said.origin, size=size, root=said.root.hex(), note=note.text, public_key=public_key)


def _string(data: bytes) -> bytes:
    return len(data).to_bytes(4, "big") + data


def bundled(book: Ledger, as_of: date = AS_OF, known_at: str | None = None) -> bytes:
    """A bundle's bytes."""
    file = io.BytesIO()
    with reader_of(book, known_at) as reader:
        write_bundle(reader, as_of, file)
    return file.getvalue()


def verify(bundle: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run verify.py as an auditor would: -I hides what stands beside it, -S what is installed. Never a traceback."""
    command = [sys.executable, "-I", "-S", str(SCRIPT), str(bundle), *words]
    ran = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False, cwd="/")
    assert "Traceback" not in ran.stderr, ran.stderr
    assert ran.returncode in (0, 1), ran.stderr
    assert ("PROVED" in ran.stdout.split()) == (ran.returncode in (0, 1)), ran.stdout
    return ran


def run_here(script: ModuleType, bundle: Path) -> tuple[int, str]:
    """Exit code and output of verify.py on a bundle, run in this process."""
    script.problems.clear()
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(io.StringIO()) as printed:
        patch.setattr(sys, "argv", ["verify.py", str(bundle)])
        with pytest.raises(SystemExit) as ended:
            script.main()
    assert ended.value.code in (0, 1)
    return int(ended.value.code or 0), printed.getvalue()


@dataclass
class Unpacked:
    """A bundle's files, to be altered. events, requests: as objects; they are written back by `reseal`."""

    files: dict[str, bytes]
    events: list[dict[str, Any]]
    requests: list[dict[str, Any]]
    manifest: dict[str, Any]

    @classmethod
    def of(cls, bundle: bytes) -> Unpacked:
        with zipfile.ZipFile(io.BytesIO(bundle)) as archive:
            files = {name: archive.read(name) for name in archive.namelist()}
        events, requests = (
            [json.loads(line) for line in files[name].splitlines()] for name in ("events.jsonl", "requests.jsonl")
        )
        return cls(files, events, requests, json.loads(files.pop("MANIFEST.json")))

    @property
    def balances(self) -> dict[str, Any]:
        """balances.json as an object; a copy."""
        found: dict[str, Any] = json.loads(self.files["balances.json"])
        return found

    def rewrite(self) -> None:
        """Write events and requests back, and compute every hash of the chain anew, as somebody would who holds it all."""
        bodies = [_canonical(each) for each in self.events]
        self.files["events.jsonl"] = b"".join(body + b"\n" for body in bodies)
        self.files["requests.jsonl"] = b"".join(_canonical(each) + b"\n" for each in self.requests)
        self.rechain()

    def rechain(self) -> None:
        """Compute every hash from the lines of events.jsonl as they are, and the manifest's head."""
        previous, hashes = bytes(32), []
        lines = self.files["events.jsonl"].splitlines()
        for body in lines:
            previous = hashlib.sha256(b"debt-ledger/1\n" + previous + hashlib.sha256(body).digest()).digest()
            hashes.append(previous.hex())
        self.files["hashes.txt"] = "".join(f"{each}\n" for each in hashes).encode()
        self.manifest |= {"head": hashes[-1], "position": len(hashes)}

    def zipped(self, path: Path, *, reseal: bool = True) -> Path:
        """Pack it again. reseal: with the sha256 of the files as they are now."""
        if reseal:
            self.manifest["files"] = {name: hashlib.sha256(data).hexdigest() for name, data in self.files.items()}
        with zipfile.ZipFile(path, "w") as archive:
            for name, data in {**self.files, "MANIFEST.json": json.dumps(self.manifest).encode()}.items():
                archive.writestr(name, data)
        return path


def _canonical(value: Any) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
