"""A proof can be verified without the ledger's software: by docs/verify_proof.py, in sixty lines."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from ledger.proof.checkpoint import Checkpoint, Note, Proof
from ledger.proof.merkle import Tree
from ledger.queries.audit.proofs import checkpoint_of, prove
from ledger.queries.reader import Reader
from ledger.store.engine import open_engine, reading
from ledger.store.ledger import settings_of
from ledger.tables.facts import event
from tests.helpers.small_ledger import BOOK, build, rows_of

SCRIPT = Path(__file__).parents[2] / "docs" / "verify_proof.py"


@pytest.fixture
def reader(sqlite_url: str) -> Iterator[Reader]:
    """The small ledger."""
    engine = open_engine(sqlite_url)
    last = build(engine)
    with reading(engine) as connection:
        yield Reader(connection, settings_of(connection, BOOK), last, "")
    engine.dispose()


@pytest.fixture
def proof(reader: Reader) -> Proof:
    """The proof of position 6 under a checkpoint of all."""
    return prove(reader, 6, Note(checkpoint_of(reader)))


def run(folder: Path, proof: str, kept: str | None = None) -> subprocess.CompletedProcess[str]:
    """Run it as an auditor would, without the ledger's packages: -I hides what stands beside it, -S what is installed."""
    (folder / "proof").write_text(proof, encoding="utf-8")
    command = [sys.executable, "-I", "-S", str(SCRIPT), str(folder / "proof")]
    if kept is not None:
        (folder / "kept").write_text(kept, encoding="utf-8")
        command.append(str(folder / "kept"))
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_it_is_short_and_needs_the_standard_library_alone() -> None:
    text = SCRIPT.read_text(encoding="utf-8")
    imports = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Import | ast.ImportFrom)]
    assert [ast.unparse(node) for node in imports] == [
        "import base64",
        "import hashlib",
        "import sys",
        "from pathlib import Path",
    ]
    assert len(text.splitlines()) <= 60


def test_a_proof_passes_and_shows_the_event(tmp_path: Path, reader: Reader, proof: Proof) -> None:
    row = rows_of(reader.connection, event)[5]
    found = run(tmp_path, proof.text)
    assert (found.returncode, found.stdout) == (0, f"{row['body']}\n")
    assert found.stderr.startswith(f"OK: position 6 of {reader.position} of {proof.note.checkpoint.origin}, ")
    assert f"hash {row['hash']}" in found.stderr
    assert "who signed it, if anybody, was not checked" in found.stderr


def test_a_checkpoint_that_was_kept_counts_and_not_the_one_inside(tmp_path: Path, reader: Reader, proof: Proof) -> None:
    covered = proof.note.checkpoint
    found = run(tmp_path, proof.text, covered.text)
    assert found.returncode == 0
    assert "by the checkpoint that you kept" in found.stderr
    forged = run(tmp_path, proof.text, replace(covered, root=bytes(32)).text)
    assert (forged.returncode, forged.stdout) == (1, "")
    assert "does not lead to the checkpoint's root" in forged.stderr


def test_every_position_passes_under_every_checkpoint_that_covers_it(tmp_path: Path, reader: Reader) -> None:
    """A quarter of them: starting the script takes its time."""
    pairs = [(position, size) for size in (1, 2, 3, 8, 11, reader.position) for position in range(1, size + 1)]
    for position, size in pairs[::4]:
        known = replace(reader, position=size)
        found = run(tmp_path, prove(known, position, Note(checkpoint_of(known))).text)
        assert found.returncode == 0, (position, size, found.stderr)


def flipped(text: bytes) -> bytes:
    return bytes([text[0] ^ 1]) + text[1:]


@pytest.mark.parametrize(
    ("about", "words"),
    [
        ("body", "does not lead"),
        ("previous", "does not lead"),
        ("path", "does not lead"),
        ("index", "does not lead"),
        ("shorter path", "too short"),
        ("longer path", "too long"),
        ("another root", "does not lead"),
        ("a place outside", "covers 3 events, not position 6"),
        ("no event", "covers 0 events"),
    ],
)
def test_a_proof_that_was_altered_fails(tmp_path: Path, proof: Proof, about: str, words: str) -> None:
    covered = proof.note.checkpoint
    altered = {
        "body": replace(proof, body=proof.body.replace(b"lead@", b"laed@")),
        "previous": replace(proof, previous=flipped(bytes.fromhex(proof.previous)).hex()),
        "path": replace(proof, path=(*proof.path[:-1], flipped(proof.path[-1]))),
        "index": replace(proof, index=4),
        "shorter path": replace(proof, path=proof.path[:-1]),
        "longer path": replace(proof, path=(*proof.path, bytes(32))),
        "another root": replace(proof, note=Note(replace(covered, root=flipped(covered.root)))),
        "a place outside": replace(proof, note=Note(replace(covered, size=3))),
        "no event": replace(proof, index=0, note=Note(replace(covered, size=0, root=Tree([]).root()))),
    }[about]
    assert not altered.holds
    found = run(tmp_path, altered.text)
    assert (found.returncode, found.stdout) == (1, "")
    assert found.stderr.startswith("NOT PROVED: ")
    assert words in found.stderr


def test_a_proof_of_another_ledger_fails(tmp_path: Path, proof: Proof) -> None:
    covered = proof.note.checkpoint
    found = run(tmp_path, proof.text, Checkpoint("debt-ledger/other/00", covered.size, covered.root).text)
    assert (found.returncode, "another ledger" in found.stderr) == (1, True)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("c2sp.org/tlog-proof@v1", "c2sp.org/tlog-proof@v2"),
        ("extra ", ""),
        ("extra ", "extra *"),
        ("index 5", "5"),
        ("index 5", "index five"),
        ("\n\n", "\n"),
        ("\n\n", "\nAAAA\n\n"),
    ],
)
def test_what_is_no_proof_fails_with_a_reason(tmp_path: Path, proof: Proof, old: str, new: str) -> None:
    assert old in proof.text
    found = run(tmp_path, proof.text.replace(old, new))
    assert (found.returncode, found.stdout) == (1, "")
    assert found.stderr.startswith("NOT PROVED: ")


def test_a_proof_that_was_cut_off_fails(tmp_path: Path, proof: Proof) -> None:
    for length in (0, 10, 50, proof.text.index("index"), proof.text.index("\n\n"), proof.text.index("\n\n") + 9):
        found = run(tmp_path, proof.text[:length])
        assert (found.returncode, found.stdout) == (1, "")
        assert found.stderr.startswith("NOT PROVED: ")


def test_a_file_that_is_not_there_fails_with_a_reason(tmp_path: Path) -> None:
    command = [sys.executable, "-I", "-S", str(SCRIPT), str(tmp_path / "missing")]
    found = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (found.returncode, found.stderr.startswith("NOT PROVED: ")) == (1, True)
