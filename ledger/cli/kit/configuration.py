"""Configuration: where the ledger is and who is asking. It never enters the arithmetic.

It is looked for here and in the folders above, as git looks for a repository, so that a command means the same in every
folder of a project. What is found above sets the place: its paths, and those it leaves out, begin where it stands.
"""

from __future__ import annotations

import os
import re
from collections.abc import Container, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import msgspec

from ledger.vocabulary.errors import Unreadable
from ledger.vocabulary.outside_files import bytes_of
from ledger.vocabulary.secrets import without_secrets

DEFAULT_FILE = "config.toml"
#: A key of 100,000 parts would keep the reader of TOML for minutes.
_MOST_BYTES, _LONGEST_LINE = 2**20, 4096


class ChartsConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The table `[charts]`. fonts: files or installed families for letters that the charts' own font lacks."""

    fonts: tuple[str, ...] = ()


class Config(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What config.toml may say; see the commented file in the project's root.

    database: a URL. book, actor: None for the only book, and for whom Git or the machine names. packs: a folder.
    busy_seconds: how long a database that another program writes to is waited for. accounts: codes of the finance
    department's chart of accounts, by ours (`reports.pack.accounts`). charts: how they are drawn.
    """

    database: str = "sqlite:///ledger.db"
    book: str | None = None
    actor: str | None = None
    packs: str = "packs"
    busy_seconds: Annotated[float, msgspec.Meta(ge=0)] = 30.0
    accounts: dict[str, str] = {}
    charts: ChartsConfig = ChartsConfig()

    def __repr__(self) -> str:
        return f"Config({without_secrets(self.database)!r}, …)"


@dataclass(frozen=True, slots=True)
class ConfigFound:
    """What is configured, with paths as seen from here. file: where it is said, and said: which settings it names."""

    config: Config
    file: Path | None = None
    said: frozenset[str] = frozenset()


#: What a file found above places, said or not.
_PLACES = ("database", "packs")
_TABLES = {field.name for field in msgspec.structs.fields(Config) if isinstance(field.default, dict | msgspec.Struct)}
_TABLES |= {field.name for field in msgspec.structs.fields(Config) if field.default_factory is dict}
_KEYS = set(Config.__struct_fields__) - _TABLES
#: A line that only ours has: a config.toml above may be another program's.
_OURS = re.compile(rf"^\s*(?:(?:{'|'.join(_KEYS)})\s*=|\[(?:{'|'.join(_TABLES)})\])".encode(), re.MULTILINE)
_RELATIVE_FILE = re.compile(r"(sqlite[^:]*:///)(?!:memory:)([^/?\\][^?]*)(.*)", re.DOTALL)


def read_config(path: Path | None) -> ConfigFound:
    """Read a file; without one, config.toml here or in the nearest folder above that has one of ours, else the defaults.

    Raises Unreadable for a file that is not as it should be, and for one above that belongs to another user: it would say
    where entries go.
    """
    if path is None:
        return _looked_for()
    if not path.exists():
        raise Unreadable(f"There is no configuration file {path}.")
    config, said = _decoded(path, _data(path))
    return ConfigFound(_seen_from_here(config, path.parent, said), path, said)


def ledger_above(database: str) -> str | None:
    """The URL of a ledger of the same name in a folder above this one; None where there is none, or here is one already."""
    file = _RELATIVE_FILE.fullmatch(database)
    if file is None or _is_there(Path(file[2])):
        return None
    found = next((folder for folder in _folders_above() if _is_there(folder / file[2])), None)
    return None if found is None else _moved(database, found)


def _looked_for() -> ConfigFound:
    here = Path(DEFAULT_FILE)
    if here.exists():
        config, said = _decoded(here, _data(here))
        return ConfigFound(config, here, said)
    for folder in _folders_above():
        file = folder / DEFAULT_FILE
        if not _is_there(file) or not _OURS.search(data := _data(file)):
            continue
        _refuse_of_others(file)
        config, said = _decoded(file, data)
        return ConfigFound(_seen_from_here(config, folder, _PLACES), file, said)
    return ConfigFound(Config())


def _folders_above() -> Iterator[Path]:
    """From the nearest on, as seen from here; none where this folder is gone."""
    try:
        depth = len(Path.cwd().parents)
    except OSError:
        return
    for steps in range(1, depth + 1):
        yield Path(*[os.pardir] * steps)


def _seen_from_here(config: Config, folder: Path, places: Container[str]) -> Config:
    """places: the settings that begin in the folder. A file that was named by hand places only those that it says."""
    if folder == Path():
        return config
    moved = {"database": _moved(config.database, folder), "packs": str(folder / config.packs)}
    return msgspec.structs.replace(config, **{name: place for name, place in moved.items() if name in places})


def _moved(database: str, folder: Path) -> str:
    """The URL of a file that is named from another folder."""
    return _RELATIVE_FILE.sub(lambda found: f"{found[1]}{folder / found[2]}{found[3]}", database)


def _is_there(path: Path) -> bool:
    """Whether there is such a file, as far as we may look."""
    try:
        return path.is_file()
    except OSError:
        return False


def _refuse_of_others(file: Path) -> None:
    if hasattr(os, "getuid") and (owner := file.stat().st_uid) not in (0, os.getuid()):
        raise Unreadable(
            f"{file} would say where the ledger is, and belongs to another user of this machine (uid {owner}). "
            f"`--config {file}`, or DEBT_CONFIG, takes it all the same."
        )


def _data(path: Path) -> bytes:
    data = bytes_of(path, most=_MOST_BYTES, what="configuration")
    if any(len(line) > _LONGEST_LINE for line in data.splitlines()):
        raise Unreadable(f"{path} cannot be read: a line of it has more than {_LONGEST_LINE} bytes.")
    return data


def _decoded(path: Path, data: bytes) -> tuple[Config, frozenset[str]]:
    """What a file says, and which settings it names."""
    try:
        return msgspec.toml.decode(data, type=Config), frozenset(msgspec.toml.decode(data))
    except (msgspec.MsgspecError, RecursionError, ValueError) as error:
        known = ", ".join(field.name for field in msgspec.structs.fields(Config))
        raise Unreadable(f"{path} cannot be read: {error}. It may say: {known}.") from error
