"""Where `debt` finds its ledger and who asks, in whatever folder it is typed."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from ledger.cli.kit.configuration import Config
from tests.helpers.optional import needs
from tests.helpers.refusals import one_line
from tests.helpers.teller import INIT, Teller

CONFIG = 'database = "sqlite:///books.db"\nbook = "main"\nactor = "ada"\n'


@pytest.fixture
def deep(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder two steps below the project's, in which commands are typed."""
    folder = tmp_path / "src" / "model"
    folder.mkdir(parents=True)
    monkeypatch.chdir(folder)
    return folder


def _settings(teller: Teller, before: str = "", env: dict[str, str] | None = None) -> dict[str, tuple[object, str]]:
    reply = teller.type(f"{before} config --format json", bare=True, env=env)
    assert reply.exit_code == 0, reply.err
    return {row["setting"]: (row["value"], row["from"]) for row in reply.json}


def test_a_command_means_the_same_in_every_folder_of_a_project(tmp_path: Path, deep: Path) -> None:
    (tmp_path / "config.toml").write_text(CONFIG)
    teller = Teller(tmp_path / "books.db")
    assert teller.type("init --currency EUR", bare=True).exit_code == 0
    assert teller.path.exists()
    os.chdir(tmp_path)
    here = teller.type("log --format json", bare=True)
    os.chdir(deep)
    assert teller.type("log --format json", bare=True).out == here.out
    assert _settings(teller) == {
        "config": ("../../config.toml", "found"),
        "database": ("sqlite:///../../books.db", "../../config.toml"),
        "book": ("main", "../../config.toml"),
        "actor": ("ada", "../../config.toml"),
        "packs": ("../../packs", "default"),
        "busy_seconds": (30.0, "default"),
        "accounts": ({}, "default"),
        "charts.fonts": ([], "default"),
    }


def test_every_setting_says_where_it_comes_from(tmp_path: Path, deep: Path) -> None:
    (tmp_path / "config.toml").write_text(
        'database = "postgresql://jane:secret@host/debt"\n[accounts]\n"equity" = "2990"\n'
    )
    found = _settings(Teller(tmp_path / "x.db"), "--book other", {"DEBT_ACTOR": "grace"})
    assert found["database"] == ("postgresql://jane:***@host/debt", "../../config.toml")
    assert (found["book"], found["actor"]) == (("other", "--book"), ("grace", "DEBT_ACTOR"))
    assert found["accounts"] == ({"equity": "2990"}, "../../config.toml")


@pytest.mark.parametrize(
    "foreign",
    [
        pytest.param('baseURL = "https://x"\ntitle = "A site"\n', id="of-a-site"),
        pytest.param("[build]\njobs = 2\n", id="of-a-compiler"),
        pytest.param("# nothing yet\n", id="comments"),
        pytest.param("database_url = 1\n", id="a-longer-name"),
        pytest.param("{{{ no toml", id="no-toml"),
    ],
)
def test_a_file_of_another_program_above_is_passed_over(tmp_path: Path, deep: Path, foreign: str) -> None:
    """The next one of ours counts."""
    (deep.parent / "config.toml").write_text(foreign)
    (tmp_path / "config.toml").write_text(CONFIG)
    assert _settings(Teller(tmp_path / "x.db"))["config"] == ("../../config.toml", "found")


@pytest.mark.parametrize("name", Config.__struct_fields__)
def test_a_file_above_that_says_but_one_thing_is_ours(tmp_path: Path, deep: Path, name: str) -> None:
    """Whichever of all settings it is."""
    value = {"busy_seconds": "5", "accounts": '"equity" = "1"', "charts": "fonts = []"}.get(name, '"sqlite:///x.db"')
    tables = ("accounts", "charts")
    (tmp_path / "config.toml").write_text(f"[{name}]\n{value}\n" if name in tables else f"{name} = {value}\n")
    assert _settings(Teller(tmp_path / "x.db"))["config"] == ("../../config.toml", "found")


def test_one_of_ours_that_is_wrong_is_named(tmp_path: Path, deep: Path) -> None:
    (tmp_path / "config.toml").write_text(CONFIG + "bok = 1\n")
    reply = Teller(tmp_path / "x.db").type("delta", bare=True)
    assert (reply.exit_code, reply.out) == (2, "")
    assert one_line(reply.err).startswith("debt: ../../config.toml cannot be read: Object contains unknown field `bok`")


@pytest.mark.skipif(not hasattr(os, "getuid") or os.getuid() != 0, reason="only root can give a file away")
def test_a_file_above_of_another_user_is_refused_and_taken_when_named(tmp_path: Path, deep: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text(CONFIG)
    os.chown(file, 4242, 4242)
    teller = Teller(tmp_path / "x.db")
    reply = teller.type("config", bare=True)
    assert reply.exit_code == 2
    assert "belongs to another user of this machine (uid 4242)" in reply.err
    assert _settings(teller, "--config ../../config.toml")["book"] == ("main", "../../config.toml")


@pytest.mark.parametrize(
    ("said", "database", "packs"),
    [
        ('database = "sqlite:///books.db"\npacks = "p"', "sqlite:///../../books.db", "../../p"),
        ('database = "sqlite+pysqlite:///a/b.db?mode=ro"', "sqlite+pysqlite:///../../a/b.db?mode=***", "packs"),
        ('database = "sqlite:////srv/books.db"\npacks = "/srv/packs"', "sqlite:////srv/books.db", "/srv/packs"),
        ('database = "sqlite:///:memory:"', "sqlite:///:memory:", "packs"),
        ('database = "postgresql://host/debt"', "postgresql://host/debt", "packs"),
        ('actor = "ada"', "sqlite:///ledger.db", "packs"),
    ],
)
def test_a_file_named_by_hand_places_what_it_says(
    tmp_path: Path, deep: Path, said: str, database: str, packs: str
) -> None:
    (tmp_path / "settings.toml").write_text(said)
    found = _settings(Teller(tmp_path / "x.db"), "--config ../../settings.toml --actor ada")
    assert (found["database"][0], found["packs"][0]) == (database, packs)


def test_a_second_ledger_below_one_is_opened_with_a_word(
    tmp_path: Path, deep: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    teller = Teller(tmp_path / "ledger.db")
    assert teller.type(f"--actor ada {INIT}", bare=True).err == ""
    monkeypatch.chdir(deep)
    reply = teller.type(f"--actor ada {INIT}", bare=True)
    assert reply.exit_code == 0
    assert one_line(reply.err) == (
        "A ledger stands in a folder above: sqlite:///../../ledger.db. This opens another one here; "
        "--database sqlite:///../../ledger.db names that one."
    )
    assert teller.type("--database sqlite:///../../ledger.db log", bare=True).exit_code == 0


def _who(teller: Teller) -> tuple[object, str]:
    return _settings(teller)["actor"]


@needs("git")
def test_git_says_who_asks_before_the_login_does(tmp_path: Path, deep: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    monkeypatch.setenv("LOGNAME", "linus")
    teller = Teller(deep / "ledger.db")
    assert _who(teller) == ("linus", "the login")
    subprocess.run(["git", "init", "-q"], check=True)
    subprocess.run(["git", "config", "user.email", "linus@example.org"], check=True)
    assert _who(teller) == ("linus@example.org", "git's user.email")
    assert teller.type(INIT, bare=True).exit_code == 0
    assert teller.ask("log")[-1]["actor"] == "linus@example.org"
    monkeypatch.setenv("PATH", "")
    assert _who(teller) == ("linus", "the login")


def test_a_user_without_a_name_reads_and_is_not_recorded(teller: Teller, monkeypatch: pytest.MonkeyPatch) -> None:
    """As in a container that runs under a number: what 'unknown' recorded nobody could ask about."""
    for variable in ("LOGNAME", "USER", "LNAME", "USERNAME"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr(os, "getuid", lambda: 4242)
    database = f"--database sqlite:///{teller.path}"
    before = teller.position
    reply = teller.type(f"{database} observe FRAUD Found --category glue-code --cause untracked", bare=True)
    assert (reply.exit_code, reply.out) == (2, "")
    assert (
        "Nobody says who is asking: this user has no name on this machine (uid 4242). Nothing was recorded."
        in reply.err
    )
    assert teller.position == before
    assert teller.type(f"{database} delta", bare=True).exit_code == 0
    assert _who(teller) == (None, "nobody says")
