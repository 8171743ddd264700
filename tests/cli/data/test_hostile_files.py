"""Every reader of a file from outside × every hostile file: an answer within bounds, and never a traceback."""

from __future__ import annotations

from pathlib import Path

import click
import pytest

from ledger.vocabulary.unplaced_files import PART
from tests.helpers.command_tree import leaves, parameters, typed_as
from tests.helpers.file_readers import FOLDERS_ALONE, READERS, words_of
from tests.helpers.hostile_files import made
from tests.helpers.lines import COMMISSION
from tests.helpers.teller import Teller, copied

#: What names a file to be written, or one that is read by another command above.
_WRITTEN = {"--out", "--export", "--into", "--xlsx"}


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    return made(tmp_path_factory.mktemp("hostile"))


def test_every_option_that_names_a_file_is_read() -> None:
    """Of the command tree: a new one has to be given its line."""
    reading = {
        path for path, _, found in parameters() if isinstance(found.type, click.Path) and not _WRITTEN & set(found.opts)
    }
    reading -= {("bundle",), ("export",), ("db", "backup"), ()}
    # A repository, which git reads.
    reading -= {("git", "scan"), ("git", "hook", "install"), ("git", "hook", "uninstall")}
    assert reading <= {
        next(path for path, _ in leaves() if tuple(line.split())[: len(path)] == path)
        for line in (*READERS[1:], *FOLDERS_ALONE)
    }


@pytest.mark.reliability
@pytest.mark.parametrize("line", READERS)
def test_no_file_is_a_traceback(opened: Path, tmp_path: Path, hostile: dict[str, Path], note: Path, line: str) -> None:
    """It is refused by name, or it says nothing; and nothing of it is recorded."""
    restores = line.startswith("db restore")
    for name, path in hostile.items():
        teller = (
            Teller(tmp_path / f"{name.replace('/', '-')}.db")
            if restores
            else Teller(copied(opened, tmp_path / "ledger.db"))
        )
        before = None if restores else teller.position
        reply = teller.type_words(words_of(line, path, note))
        assert reply.exit_code in (0, 1, 2, 3), (name, reply)
        assert restores or teller.position == before, (name, reply)
        if restores:
            assert reply.exit_code, (name, reply)
            assert not list(tmp_path.glob(f"*{PART}*")), (name, reply)


@pytest.mark.reliability
@pytest.mark.parametrize("name", ["stray", "stretched", "stretched_wide", "wide_rows"])
def test_a_form_is_read_as_far_as_its_table_says(teller: Teller, hostile: dict[str, Path], name: str) -> None:
    """A cell that somebody left in the last row costs nothing; a table that reaches there is refused by its size."""
    reply = teller.type_words(["budget", "import", str(hostile[name])])
    if name.startswith("stretched"):
        assert (reply.exit_code, "A form has at most 20,000 rows and 200 columns" in reply.err) == (2, True)
    else:
        assert reply.exit_code == 0, reply
        assert "900.00" in reply.out


@pytest.mark.parametrize(
    "content", ["brackets", "toml-brackets", "toml-tables", "toml-long-number", "/dev/zero", "no-utf-8"]
)
def test_a_configuration_has_bounds(teller: Teller, hostile: dict[str, Path], content: str) -> None:
    reply = teller.type_words(["--config", str(hostile[content]), "list"], bare=True)
    assert reply.exit_code == 2
    assert str(hostile[content]) in reply.err.replace("\n", "")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (f"packs = '{'x' * 4096}'\n", "a line of it has more than 4096 bytes"),
        ("# a remark\n" * 100_000, "has more than 1 MiB"),
    ],
    ids=["a long line", "many lines"],
)
def test_a_configuration_is_bounded_before_it_is_parsed(teller: Teller, tmp_path: Path, text: str, words: str) -> None:
    """What it says may be fine: its reader takes minutes for some lines that are longer."""
    (tmp_path / "long.toml").write_text(text)
    reply = teller.type_words(["--config", "long.toml", "list"], bare=True)
    assert (reply.exit_code, words in reply.err.replace("\n", " ")) == (2, True)


LONG = (
    "9" * 5000,
    "9" * 5000 + "d",
    "9" * 5000 + "%",
    "0." + "9" * 5000,
    "-" * 5000,
    "x" * 200_000,
    "9" * 5000 + "/month",
)


@pytest.mark.reliability
@pytest.mark.parametrize(
    ("path", "command"), list(leaves()), ids=lambda value: " ".join(value) if isinstance(value, tuple) else ""
)
def test_a_long_word_is_no_traceback(teller: Teller, path: tuple[str, ...], command: click.Command) -> None:
    """Whatever parameter it is typed for: it is refused before anybody reads it as a number, or it is a text."""
    for parameter in command.params:
        if isinstance(parameter, click.Option) and parameter.is_flag:
            continue
        for word in LONG:
            assert teller.type_words([*path, *typed_as(parameter, word)]).exit_code in (0, 1, 2, 3)


@pytest.mark.parametrize("word", LONG)
def test_a_long_amount_is_refused_where_amounts_are_read(teller: Teller, word: str) -> None:
    teller.do(COMMISSION)
    for line in (
        "observe FRAUD x --category glue-code --cause untracked --principal",
        "observe FRAUD x --category glue-code --cause untracked --principal 5 --interest",
        "repay FRAUD-1 5 --spent",
        "rate set --from 2026-01-01",
        "audit-report --threshold",
    ):
        assert teller.type_words([*line.split(), word]).exit_code in (1, 2)
    assert teller.position == 3
