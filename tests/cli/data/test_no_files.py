"""Every reader of a file from outside × everything with a name that is no file: refused by name, before it is opened."""

from __future__ import annotations

import shutil
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

import pytest

from tests.helpers.file_readers import FOLDERS, FOLDERS_ALONE, READERS, words_of
from tests.helpers.hostile_files import no_files
from tests.helpers.teller import INIT, Reply, Teller, copied

#: Of a reader that waits for a pipe nobody writes to; one that does not is done in a hundredth of it.
_FOR_EVER = 60
_LEDGERS = ("list", INIT, "db check")


@pytest.fixture(scope="module")
def strange(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    return no_files(tmp_path_factory.mktemp("strange"))


@contextmanager
def no_waiting() -> Iterator[None]:
    """Whoever waits for ever is ended, and fails."""

    def ended(number: int, frame: FrameType | None) -> None:
        raise AssertionError("It waits for what never comes.")

    before = signal.signal(signal.SIGALRM, ended)
    signal.alarm(_FOR_EVER)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def refused(reply: Reply, said: str, exit_code: int = 2) -> None:
    """Nothing else was said to be wrong than what the path is."""
    assert reply.exit_code == exit_code, reply
    # click says by itself of some arguments that a folder is none.
    assert said.removesuffix(" (linked)") in reply.err or (
        said.startswith("a folder") and "is a directory" in reply.err
    )


@pytest.mark.parametrize("line", READERS)
def test_what_is_no_file_is_refused_by_name(
    opened: Path, tmp_path: Path, strange: dict[str, Path], note: Path, line: str
) -> None:
    teller = Teller(tmp_path / "new.db" if line.startswith("db restore") else copied(opened, tmp_path / "ledger.db"))
    for said, path in strange.items():
        with no_waiting():
            reply = teller.type_words(words_of(line, path, note))
        if said.startswith("a folder") and line in FOLDERS:
            assert reply.exit_code, reply
        else:
            refused(reply, said)


@pytest.mark.parametrize("line", FOLDERS)
def test_what_lies_in_a_folder_is_held_to_the_same(
    teller: Teller, tmp_path: Path, strange: dict[str, Path], note: Path, line: str
) -> None:
    """A folder that somebody sent may hold anything under the names that are looked for."""
    for number, path in enumerate(strange.values()):
        folder = tmp_path / f"{number}"
        folder.mkdir()
        (folder / FOLDERS[line]).symlink_to(path)
        with no_waiting():
            reply = teller.type_words(words_of(line, folder, note))
        assert reply.exit_code == 2, reply
    # A folder's own pipe, which no link leads to: those are not followed everywhere.
    (tmp_path / "own").mkdir()
    _moved_pipe(tmp_path / "own" / FOLDERS[line])
    with no_waiting():
        assert teller.type_words(words_of(line, tmp_path / "own", note)).exit_code == 2


@pytest.mark.parametrize("line", FOLDERS_ALONE)
def test_what_is_no_folder_is_refused_by_name(teller: Teller, strange: dict[str, Path], note: Path, line: str) -> None:
    for said, path in strange.items():
        if not said.startswith("a folder"):
            with no_waiting():
                reply = teller.type_words(words_of(line, path, note))
            assert (reply.exit_code, f"{path} is no folder" in reply.err.replace("\n", " ")) == (2, True), reply


@pytest.mark.parametrize("line", FOLDERS_ALONE)
def test_a_folder_of_what_is_no_file_is_waited_for_by_nobody(
    teller: Teller, tmp_path: Path, strange: dict[str, Path], note: Path, line: str
) -> None:
    """Links are told and not followed, pipes are refused, and nothing is recorded."""
    before = teller.position
    for number, path in enumerate(strange.values()):
        (folder := tmp_path / f"{number}").mkdir()
        (folder / FOLDERS_ALONE[line]).symlink_to(path)
        with no_waiting():
            assert teller.type_words(words_of(line, folder, note)).err
    (tmp_path / "own").mkdir()
    _moved_pipe(tmp_path / "own" / FOLDERS_ALONE[line])
    with no_waiting():
        reply = teller.type_words(words_of(line, tmp_path / "own", note))
    assert (reply.exit_code > 0, FOLDERS_ALONE[line] in reply.err) == (True, True), reply
    assert teller.position == before


def _moved_pipe(target: Path) -> None:
    shutil.move(no_files_of(target.parent)["a pipe and no file"], target)


def no_files_of(folder: Path) -> dict[str, Path]:
    inner = folder / "others"
    inner.mkdir()
    return no_files(inner)


def test_a_public_key_beside_a_key_is_no_pipe(teller: Teller, tmp_path: Path, strange: dict[str, Path]) -> None:
    (tmp_path / "key").write_text("no key")
    (tmp_path / "key.pub").symlink_to(strange["a pipe and no file"])
    with no_waiting():
        refused(teller.type(f"checkpoint --sign {tmp_path / 'key'}"), "a pipe and no file")


def test_no_configuration_lies_in_the_folder(teller: Teller, tmp_path: Path, strange: dict[str, Path]) -> None:
    """It is not waited for, though nobody named it."""
    for said, path in strange.items():
        (tmp_path / "config.toml").unlink(missing_ok=True)
        (tmp_path / "config.toml").symlink_to(path)
        with no_waiting():
            refused(teller.type("list", bare=True), said)


@pytest.mark.parametrize("line", _LEDGERS)
def test_no_ledger_is_kept_in_it(strange: dict[str, Path], line: str) -> None:
    for said, path in strange.items():
        with no_waiting():
            refused(Teller(path).type(line), said, exit_code=3)
