"""Configuration: where the ledger is and who is asking. It never enters the arithmetic."""

from __future__ import annotations

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

    database: a URL. book, actor: None for the only book, the user of the machine. packs: a folder.
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


def read_config(path: Path | None) -> Config:
    """Read a file; without one, config.toml here if there is one, else the defaults. Raises Unreadable."""
    chosen = path or Path(DEFAULT_FILE)
    if not chosen.exists():
        if path is not None:
            raise Unreadable(f"There is no configuration file {path}.")
        return Config()
    data = bytes_of(chosen, most=_MOST_BYTES, what="configuration")
    if any(len(line) > _LONGEST_LINE for line in data.splitlines()):
        raise Unreadable(f"{chosen} cannot be read: a line of it has more than {_LONGEST_LINE} bytes.")
    try:
        return msgspec.toml.decode(data, type=Config)
    except (msgspec.MsgspecError, RecursionError, ValueError) as error:
        known = ", ".join(field.name for field in msgspec.structs.fields(Config))
        raise Unreadable(f"{chosen} cannot be read: {error}. It may say: {known}.") from error
