"""The URL of a database, as somebody typed it: everything in it is known, or it is refused. No message repeats a secret."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from ledger.vocabulary.errors import StoreError
from ledger.vocabulary.secrets import is_secret, without_secrets

SQLITE, POSTGRESQL = "sqlite", "postgresql+psycopg"

_DRIVERS = {
    "sqlite": SQLITE,
    "sqlite+pysqlite": SQLITE,
    "postgres": POSTGRESQL,
    "postgresql": POSTGRESQL,
    "postgresql+psycopg": POSTGRESQL,
}


def read_url(text: str) -> URL:
    """The URL, its driver one of SQLITE and POSTGRESQL. Raises StoreError for one that cannot be read or is not known."""
    try:
        url = make_url(text)
    except (ArgumentError, ValueError):
        # A text with a scheme or a user is not repeated: what is wrong with it may be its password.
        said = "That" if any(sign in text for sign in ":@=?") else f"'{text}'"
        raise StoreError(f"{said} is not a database URL: write sqlite:///ledger.db or postgresql://….") from None
    if url.drivername not in _DRIVERS:
        raise StoreError(f"'{url.drivername}' is no database the ledger knows: it keeps sqlite and postgresql.")
    driver = _DRIVERS[url.drivername]
    if driver == SQLITE:
        _refuse_beside_the_file(text, url)
    else:
        _refuse_unescaped(text, url)
        _refuse_unknown(url.query, _known_to_libpq())
    return url.set(drivername=driver)


def file_url(path: Path) -> str:
    """The URL of an SQLite file, whatever characters its name has."""
    return f"sqlite:///{quote(str(path), safe='/ :')}"


def apart_from_secrets(url: URL) -> tuple[URL, dict[str, Any]]:
    """A URL whose parameters may be shown, and those of its parameters that may not, for the driver alone."""
    secrets = {name: value for name, value in url.query.items() if is_secret(name)}
    password = secrets.pop("password", None)
    if isinstance(password, str):
        url = url.set(password=password)
    return url.difference_update_query(("password", *secrets)), secrets


def shown(url: URL) -> str:
    """A URL for a message."""
    return without_secrets(url.render_as_string(hide_password=True))


def _refuse_beside_the_file(text: str, url: URL) -> None:
    if url.host or url.username or url.port:
        raise StoreError(f"{without_secrets(text)} names a server, and SQLite has none: write sqlite:///ledger.db.")
    if "?" in text:
        raise StoreError(
            f"{without_secrets(text)} has parameters, and an SQLite URL takes none. A '?' in a file's name is written %3F."
        )
    if without_secrets(text) != text:
        raise StoreError(f"{without_secrets(text)} has a password, and a file has none: write sqlite:///ledger.db.")


#: What a name of a database does not hold, and a URL with a '/' or an '&' in the wrong place puts there.
_NO_NAME = frozenset(":@;#=&")


def _refuse_unescaped(text: str, url: URL) -> None:
    if "@" in f"{url.host or ''}{url.port or ''}":
        raise StoreError(f"{without_secrets(text)} has an '@' in its user or password: write it %40.")
    if _NO_NAME & set(url.database or "") or any(";" in str(value) for value in url.query.values()):
        raise StoreError(
            f"{without_secrets(text)} cannot be read: write postgresql://USER@HOST/DATABASE?NAME=VALUE&NAME=VALUE."
        )


def _refuse_unknown(parameters: Iterable[str], known: frozenset[str]) -> None:
    unknown = sorted(set(parameters) - known)
    if known and unknown:
        raise StoreError(
            f"A PostgreSQL URL takes no parameter '{unknown[0]}'. It takes what libpq does: sslmode, options …."
        )


def _known_to_libpq() -> frozenset[str]:
    """The parameters of the libpq at hand; none where it is not installed, which is said when it is asked for."""
    try:
        from psycopg.pq import Conninfo
    except ImportError:
        return frozenset()
    return frozenset(option.keyword.decode() for option in Conninfo.get_defaults())
