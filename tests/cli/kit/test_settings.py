"""Where the command line learns of database, book, actor and configuration, and in which order."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.helpers.refusals import one_line
from tests.helpers.teller import Teller

NOTE = "observe FRAUD Found --category glue-code --cause untracked"


def _actor_of_last(teller: Teller) -> str:
    return str(teller.ask("log")[-1]["actor"])


@pytest.mark.parametrize(
    ("content", "words"),
    [
        pytest.param('databse = "sqlite:///x.db"', "unknown field `databse`", id="an-unknown-key"),
        pytest.param("[ledger]\nbook = 1", "unknown field `ledger`", id="an-unknown-table"),
        pytest.param("database = [[[", "cannot be read", id="not-toml"),
        pytest.param("database = 5", "Expected `str`, got `int`", id="a-number-for-a-text"),
        pytest.param("busy_seconds = -1", "busy_seconds", id="a-negative-time"),
        pytest.param(b"\xff\xfe\x00", "cannot be read", id="not-text"),
    ],
)
@pytest.mark.parametrize("typed", ["--config settings.toml delta", "delta"])
def test_a_configuration_that_cannot_be_read_is_wrong_usage(
    tmp_path: Path, teller: Teller, content: str | bytes, words: str, typed: str
) -> None:
    """Named or found, it is said what is wrong and what it may say."""
    name = "settings.toml" if "--config" in typed else "config.toml"
    (tmp_path / name).write_bytes(content.encode() if isinstance(content, str) else content)
    reply = teller.type(typed, bare=True)
    assert (reply.exit_code, reply.out) == (2, "")
    said = one_line(reply.err)
    assert said.startswith(f"debt: {name} cannot be read: ")
    assert words in said
    assert "It may say: database, book, actor, packs, busy_seconds, accounts, charts." in said


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("nowhere.toml", "There is no configuration file nowhere.toml."),
        (".", ". is a folder and no file: name a file in it."),
    ],
)
def test_a_configuration_that_is_not_there_is_wrong_usage(teller: Teller, name: str, words: str) -> None:
    """Whether it is named on the command line or in the environment."""
    for reply in (
        teller.type(f"--config {name} delta", bare=True),
        teller.type("delta", bare=True, env={"DEBT_CONFIG": name}),
    ):
        assert (reply.exit_code, reply.out, reply.err) == (2, "", f"debt: {words}\n")


def test_the_environment_says_what_the_command_line_does_not(teller: Teller) -> None:
    """DEBT_DATABASE, DEBT_BOOK and DEBT_ACTOR stand for the options."""
    teller.do("init --book other --currency JPY")
    env = {"DEBT_DATABASE": f"sqlite:///{teller.path}", "DEBT_BOOK": "main", "DEBT_ACTOR": "grace"}
    assert teller.type(NOTE, bare=True, env=env).exit_code == 0
    teller.before = ("--book", "main")
    assert _actor_of_last(teller) == "grace"
    reply = teller.type("delta --format json", bare=True, env=env | {"DEBT_BOOK": "other"})
    assert reply.json["currency"] == "JPY"


def test_the_nearest_word_counts(teller: Teller, tmp_path: Path) -> None:
    """The option goes before the environment, the environment before the file, the file before the default."""
    config = tmp_path / "config.toml"
    config.write_text(f'database = "sqlite:///{teller.path}"\nbook = "main"\nactor = "file"\n')
    env = {"DEBT_ACTOR": "environment"}
    for expected, typed, surroundings in (
        ("option", f"--actor option {NOTE}", env),
        ("environment", NOTE, env),
        ("file", NOTE, {}),
    ):
        assert teller.type(typed, bare=True, env=surroundings).exit_code == 0
        assert _actor_of_last(teller) == expected
    named = tmp_path / "named.toml"
    named.write_text(f'database = "sqlite:///{teller.path}"\nactor = "named"\n')
    assert teller.type(f"--config named.toml {NOTE}", bare=True).exit_code == 0
    assert _actor_of_last(teller) == "named"
    assert teller.type(f"{NOTE} --on 2026-01-01", bare=True, env={"DEBT_CONFIG": str(named)}).exit_code == 0
    assert teller.position == 7


def test_the_default_is_a_file_in_this_folder_and_the_user_of_this_machine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing has to be said to begin."""
    monkeypatch.setenv("LOGNAME", "linus")
    monkeypatch.setenv("PATH", "")  # no Git
    teller = Teller(tmp_path / "ledger.db")
    assert teller.type("init --book main --currency EUR", bare=True).exit_code == 0
    assert _actor_of_last(teller) == "linus"


def test_today_is_the_books(teller: Teller) -> None:
    """An hour before midnight in UTC it is tomorrow in Berlin."""
    teller.clock.now = teller.clock.now.replace(hour=23)
    teller.do("init --book berlin --currency EUR --time-zone Europe/Berlin")
    assert teller.ask("--book berlin log")[0]["effective_on"] == "2026-07-16"
    assert teller.ask("--book berlin delta")["as_of"] == "2026-07-16"
    assert teller.ask("--book main delta")["as_of"] == "2026-07-15"
