"""Signing and verifying through ssh-keygen: whose signature it is, and what is said where it is nobody's."""

from __future__ import annotations

import os
import pty
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic, sleep

import pytest

from ledger.proof.checkpoint import Checkpoint, Note, Signature, armored, dearmored, read_note, signed
from ledger.proof.signing import _LARGEST_KEY, sign, signers
from ledger.vocabulary.errors import Refused, StoreError
from tests.helpers.keys import needs_ssh_keygen, new_key, public_half

pytestmark = needs_ssh_keygen

CHECKPOINT = Checkpoint("debt-ledger/main/00ff00ff00ff00ff", 12, bytes(range(32)))


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the keys of ada and eve, and one with a passphrase."""
    folder = tmp_path_factory.mktemp("keys")
    for name in ("ada", "eve"):
        new_key(folder / name)
    new_key(folder / "locked", passphrase="open sesame")
    return folder


def note_by(key: Path) -> Note:
    return signed(CHECKPOINT, sign(key, CHECKPOINT.text.encode()))


def allowed(folder: Path, *lines: str) -> Path:
    path = folder / "allowed"
    path.write_text("".join(f"{line}\n" for line in lines))
    return path


# --- signing --------------------------------------------------------------------------------------------


def test_what_was_signed_verifies_with_ssh_keygen_alone(keys: Path, tmp_path: Path) -> None:
    """As an auditor would, who has the note and no software of ours."""
    note = read_note(note_by(keys / "ada").text)
    (tmp_path / "note.sig").write_text(armored(note.signatures[0].blob))
    who = allowed(tmp_path, f"ada {public_half(keys / 'ada')}")
    words = ["ssh-keygen", "-Y", "verify", "-n", "debt-ledger", "-I", "ada", "-s", "note.sig", "-f", str(who)]
    done = subprocess.run(words, input=CHECKPOINT.text.encode(), cwd=tmp_path, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr


def test_a_file_too_large_for_a_key_is_not_handed_on(tmp_path: Path) -> None:
    """ssh-keygen would read all of it."""
    (tmp_path / "key").write_bytes(b"k" * (_LARGEST_KEY + 1))
    with pytest.raises(Refused, match="far too large"):
        sign(tmp_path / "key", b"x")


def test_a_key_that_is_a_link_to_itself_is_refused(tmp_path: Path) -> None:
    (tmp_path / "key").symlink_to("key")
    with pytest.raises(Refused, match="There is no key"):
        sign(tmp_path / "key", b"x")


@pytest.mark.parametrize("name", ["missing", "-n"])
def test_a_key_that_is_not_there_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(Refused, match=r"There is no key .* Nothing was recorded"):
        sign(Path(name), b"x")


def test_a_key_whose_name_begins_like_an_option_signs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    new_key(tmp_path / "-n")
    assert sign(Path("-n"), b"x")


def test_a_file_that_is_no_key_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "note"
    path.write_text("hello")
    with pytest.raises(Refused, match=rf"did not sign with {path}: .+ Nothing was recorded"):
        sign(path, b"x")


@pytest.mark.parametrize(("said", "works"), [("open sesame", True), ("wrong", False)])
def test_a_passphrase_is_asked_for(
    keys: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, said: str, works: bool
) -> None:
    ask = tmp_path / "ask"
    ask.write_text(f"#!/bin/sh\necho {said}\n")
    ask.chmod(0o700)
    monkeypatch.setenv("SSH_ASKPASS", str(ask))
    monkeypatch.setenv("SSH_ASKPASS_REQUIRE", "force")
    if works:
        assert sign(keys / "locked", b"x")
    else:
        with pytest.raises(Refused, match="incorrect passphrase"):
            sign(keys / "locked", b"x")


def test_on_a_terminal_it_is_asked_for_there_although_a_desktop_could_open_a_window(keys: Path) -> None:
    """And nowhere else: no window is tried, and what is signed does not take the terminal's place."""
    child, terminal = pty.fork()
    if child == 0:
        try:
            os.environ.update(DISPLAY=":0", SSH_ASKPASS="/bin/false")
            os.environ.pop("SSH_ASKPASS_REQUIRE", None)
            sign(keys / "locked", b"x")
        except BaseException:
            os._exit(1)
        os._exit(0)
    seen = b""
    with suppress(OSError):  # how the end of a terminal is told
        while part := os.read(terminal, 4096):
            seen += part
            if b"passphrase" in part:
                os.write(terminal, b"open sesame\n")
    os.close(terminal)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0, seen
    assert b"Enter passphrase" in seen


@contextmanager
def agent() -> Iterator[str]:
    """An agent of this test's own; its socket, whose path has to be short."""
    with TemporaryDirectory(prefix="debt-") as folder:
        socket = f"{folder}/agent"
        with subprocess.Popen(["ssh-agent", "-D", "-a", socket], stdout=subprocess.DEVNULL) as running:
            try:
                end = monotonic() + 10
                while not Path(socket).exists() and monotonic() < end:
                    sleep(0.01)
                yield socket
            finally:
                running.terminate()


def test_a_public_key_signs_with_what_the_agent_holds(
    keys: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    public = tmp_path / "ada.pub"
    public.write_bytes((keys / "ada.pub").read_bytes())
    with agent() as socket:
        monkeypatch.setenv("SSH_AUTH_SOCK", socket)
        with pytest.raises(Refused, match=r"did not sign with .*`ssh-add -l`"):
            sign(public, b"x")
        subprocess.run(["ssh-add", "-q", str(keys / "ada")], check=True, env=os.environ)
        assert sign(public, b"x") == sign(keys / "ada", b"x")


def test_without_ssh_keygen_nothing_is_signed(keys: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    note = note_by(keys / "ada")
    monkeypatch.setenv("PATH", "")
    for attempt in (lambda: sign(keys / "ada", b"x"), lambda: signers(note, keys / "ada.pub")):
        with pytest.raises(Refused, match=r"There is no ssh-keygen on this machine\. Nothing was recorded\. Install"):
            attempt()


# --- whose signature it is ----------------------------------------------------------------------------


def test_a_signer_goes_by_every_name_that_the_key_has(keys: Path, tmp_path: Path) -> None:
    ada, eve = (public_half(keys / name) for name in ("ada", "eve"))
    who = allowed(tmp_path, f"eve {eve}", f"ada,ada@example.org {ada}")
    assert signers(note_by(keys / "ada"), who) == ["ada", "ada@example.org"]


def test_both_of_two_signers_are_named(keys: Path, tmp_path: Path) -> None:
    both = Note(CHECKPOINT, (*note_by(keys / "eve").signatures, *note_by(keys / "ada").signatures))
    who = allowed(tmp_path, *(f"{name} {public_half(keys / name)}" for name in ("ada", "eve")))
    assert signers(both, who) == ["eve", "ada"]


def test_a_key_that_is_not_allowed_signs_for_nobody(keys: Path, tmp_path: Path) -> None:
    assert signers(note_by(keys / "eve"), allowed(tmp_path, f"ada {public_half(keys / 'ada')}")) == []


def test_an_unsigned_checkpoint_is_nobodys(keys: Path, tmp_path: Path) -> None:
    assert signers(Note(CHECKPOINT), allowed(tmp_path, f"ada {public_half(keys / 'ada')}")) == []


def by_another_name(note: Note) -> Note:
    (signature,) = note.signatures
    return replace(note, signatures=(replace(signature, name="example.com/witness"),))


def with_another_id(note: Note) -> Note:
    (signature,) = note.signatures
    return replace(note, signatures=(replace(signature, key_id=bytes(4)),))


def of_another_kind(note: Note) -> Note:
    (signature,) = note.signatures
    return replace(note, signatures=(Signature(signature.name, signature.key_id, bytes(64)),))


@pytest.mark.parametrize("altered", [by_another_name, with_another_id, of_another_kind])
def test_a_signature_that_no_known_key_made_is_passed_over(
    keys: Path, tmp_path: Path, altered: Callable[[Note], Note]
) -> None:
    """As signed notes have it: a key is known by its name and its ID together. A good one beside it still counts."""
    note, who = note_by(keys / "ada"), allowed(tmp_path, f"ada {public_half(keys / 'ada')}")
    other = altered(note)
    assert signers(other, who) == []
    assert signers(replace(note, signatures=(*other.signatures, *note.signatures)), who) == ["ada"]


@pytest.mark.parametrize(
    "checkpoint",
    [replace(CHECKPOINT, size=13), replace(CHECKPOINT, root=bytes(32))],
    ids=["another size", "another root"],
)
def test_a_signature_under_another_text_does_not_verify(keys: Path, tmp_path: Path, checkpoint: Checkpoint) -> None:
    note = replace(note_by(keys / "ada"), checkpoint=checkpoint)
    with pytest.raises(StoreError, match="The signature by the key of ada does not verify"):
        signers(note, allowed(tmp_path, f"ada {public_half(keys / 'ada')}"))


def test_a_flipped_bit_in_a_signature_does_not_verify(keys: Path, tmp_path: Path) -> None:
    blob = bytearray(note_by(keys / "ada").signatures[0].blob)
    blob[-1] ^= 1
    with pytest.raises(StoreError, match="does not verify"):
        signers(signed(CHECKPOINT, bytes(blob)), allowed(tmp_path, f"ada {public_half(keys / 'ada')}"))


def test_a_signature_for_another_purpose_does_not_count(keys: Path, tmp_path: Path) -> None:
    """A commit that git had signed, say, with the text of a checkpoint as its message."""
    text = tmp_path / "text"
    text.write_text(CHECKPOINT.text)
    subprocess.run(["ssh-keygen", "-q", "-Y", "sign", "-n", "git", "-f", str(keys / "ada"), str(text)], check=True)
    blob = dearmored((tmp_path / "text.sig").read_text())
    (honest,) = note_by(keys / "ada").signatures
    note = Note(CHECKPOINT, (replace(honest, blob=blob),))
    assert signers(note, allowed(tmp_path, f"ada {public_half(keys / 'ada')}")) == []


def test_a_key_that_is_allowed_for_something_else_does_not_verify(keys: Path, tmp_path: Path) -> None:
    who = allowed(tmp_path, f'ada namespaces="git" {public_half(keys / "ada")}')
    with pytest.raises(StoreError, match='not permitted for use in signature namespace "debt-ledger"'):
        signers(note_by(keys / "ada"), who)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("rubbish", "No signer was found in .*missing key"),
        ('ada valid-before="20200101" KEY', "No signer was found in .*expired"),
        ("-oProxyCommand=x KEY", "names a signer that begins with '-'"),
    ],
)
def test_a_file_of_allowed_signers_that_does_not_do_is_refused(
    keys: Path, tmp_path: Path, line: str, words: str
) -> None:
    with pytest.raises(Refused, match=words):
        signers(note_by(keys / "ada"), allowed(tmp_path, line.replace("KEY", public_half(keys / "ada"))))


def test_a_file_of_allowed_signers_that_is_not_there_is_refused(keys: Path, tmp_path: Path) -> None:
    with pytest.raises(Refused, match=r"There is no file .* of allowed signers"):
        signers(note_by(keys / "ada"), tmp_path / "missing")
