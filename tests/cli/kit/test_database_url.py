"""The URL of a database: what is in it is known or refused, and no secret of it gets into anything that is said."""

from __future__ import annotations

import io
import logging
import traceback
from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ledger import StoreError, open_ledger
from ledger.cli.kit.configuration import Config
from ledger.services.open_ledger import Address
from ledger.store.database_url import file_url, read_url
from ledger.store.engine import open_engine, reading
from ledger.vocabulary.secrets import HIDDEN, hidden_in, without_secrets
from tests.helpers.refusals import one_line
from tests.helpers.teller import Teller, copied

#: Nobody listens there, and no name has to be looked up.
NOBODY = "127.0.0.1:1"

#: Long enough that it stands in no message by chance; what separates the parts of a URL may be in it.
SECRETS = st.text(st.sampled_from("Zq7#%@:/?&=+; é'\"\\"), min_size=3, max_size=12).map(lambda text: f"Zq{text}7Z")


def _urls(secret: str) -> dict[str, str]:
    """Every place where a password may stand, as it is and percent-encoded."""
    whole, some, key = quote(secret, safe=""), quote(secret), secret.replace("&", "").replace(";", "").replace("#", "")
    return {
        "user part": f"postgresql://ada:{secret}@{NOBODY}/debt",
        "user part, encoded": f"postgresql://ada:{whole}@{NOBODY}/debt",
        "user part, half encoded": f"postgresql://ada:{some}@{NOBODY}/debt",
        "no user": f"postgresql://:{secret}@{NOBODY}/debt",
        "query": f"postgresql://ada@{NOBODY}/debt?password={whole}",
        "query, as it is": f"postgresql://ada@{NOBODY}/debt?password={key}",
        "query, name encoded": f"postgresql://ada@{NOBODY}/debt?pass%77ord={whole}&sslmode=prefer",
        "of a key": f"postgresql://ada@{NOBODY}/debt?sslmode=prefer&sslpassword={whole}",
        "of an unknown name": f"postgresql://ada@{NOBODY}/debt?my_secret={whole}",
        "both": f"postgresql://ada:{whole}@{NOBODY}/debt?sslpassword={whole}",
        "another database": f"mysql://ada:{secret}@{NOBODY}/debt",
        "a port": f"postgresql://ada@127.0.0.1:{secret}/debt",
        "no scheme": f"ada:{secret}@{NOBODY}/debt",
        "three slashes": f"postgresql:///ada:{secret}@{NOBODY}/debt",
        "four slashes": f"postgresql:////ada:{secret}@{NOBODY}/debt",
        "behind a semicolon": f"postgresql://{NOBODY}/debt;password={key}",
        "behind another value": f"postgresql://{NOBODY}/debt?sslmode=prefer;password={key}",
        "behind no question mark": f"postgresql://{NOBODY}/debt&password={key}",
        "behind a hash": f"postgresql://{NOBODY}/debt#password={key}",
        "of a file": f"sqlite:///nowhere/x.db?key={key}",
        "of a file, behind a semicolon": f"sqlite:///nowhere/x.db;password={key}",
        "one slash": f"postgresql:/ada:{secret}@{NOBODY}/debt",
        "sqlite": f"sqlite://ada:{secret}@host/ledger.db?password={key}",
    }


def _said_of(url: str) -> str:
    """Everything that is said when somebody uses a URL: messages, tracebacks with their causes, logs, representations."""
    said = io.StringIO()
    handler = logging.StreamHandler(said)
    logging.getLogger().addHandler(handler)
    try:
        said.write(repr(Address(url)) + repr(Config(database=url)))
        engine = open_engine(url)
        said.write(repr(engine) + repr(engine.url))
        with reading(engine):
            pass
    except StoreError as error:
        said.write("".join(traceback.format_exception(error)))
    finally:
        logging.getLogger().removeHandler(handler)
    return said.getvalue()


@settings(max_examples=25)
@given(SECRETS)
@example("Zqp@ss/word?7Z")
@example("Zq%407Z")
@example("Zq://7Z")
@example("Zq:///@:7Z")
def test_no_secret_is_said(secret: str) -> None:
    """In whatever place of whatever URL, escaped as it should be or not."""
    spelled = {secret, quote(secret), quote(secret, safe=""), repr(secret)[1:-1]}
    for place, url in _urls(secret).items():
        said = _said_of(url)
        assert [each for each in spelled if each in said] == [], (place, said)


@given(SECRETS, st.text(max_size=20), st.text(max_size=20))
def test_a_message_that_repeats_a_secret_is_told_without_it(secret: str, before: str, after: str) -> None:
    """As it was typed, and as a driver reads it."""
    whole = quote(secret, safe="")
    for url in (f"postgresql://ada:{whole}@h/db", f"postgresql://h/db?sslpassword={whole}"):
        for spelled in (secret, whole, url):
            assert secret not in hidden_in(f"{before} {spelled} {after}", url)
        assert hidden_in("connection refused", url) == "connection refused"


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("postgresql://ada:secret@h/db", f"postgresql://ada:{HIDDEN}@h/db"),
        ("postgresql://ada:p@ss@h/db", f"postgresql://ada:{HIDDEN}@h/db"),
        ("postgresql://h/db?sslmode=require&sslpassword=x", f"postgresql://h/db?sslmode=require&sslpassword={HIDDEN}"),
        ("postgresql://h/db?passfile=/home/ada/.pgpass", "postgresql://h/db?passfile=/home/ada/.pgpass"),
        ("sqlite:////home/ada@work/x.db", "sqlite:////home/ada@work/x.db"),
    ],
)
def test_what_is_no_secret_is_shown(url: str, shown: str) -> None:
    assert without_secrets(url) == shown


@pytest.mark.parametrize(
    ("url", "words"),
    [
        (
            "sqlite:///team?a.db",
            "sqlite:///team?a.db has parameters, and an SQLite URL takes none. A '?' in a file's name",
        ),
        ("sqlite:///x.db?timeout=5", "takes none"),
        ("sqlite:///x.db?mode=ro&uri=true", "takes none"),
        ("sqlite:///x.db?", "takes none"),
        ("sqlite://host/x.db", "names a server"),
        ("postgresql://h/db?sslmod=require", "A PostgreSQL URL takes no parameter 'sslmod'"),
        ("postgresql://h/db?autocommit=1", "takes no parameter 'autocommit'"),
        (
            "postgresql://ada:p@ss@h/db",
            f"postgresql://ada:{HIDDEN}@h/db has an '@' in its user or password: write it %40",
        ),
        ("mysql://h/db", "'mysql' is no database the ledger knows"),
        ("ledger.db", "'ledger.db' is not a database URL"),
    ],
)
def test_what_a_url_does_not_know_is_refused(teller: Teller, url: str, words: str) -> None:
    """Nothing is ignored in silence: two URLs that differ are never one file."""
    teller.before = ("--database", url)
    reply = teller.type("init --book b --currency EUR")
    assert reply.exit_code == 3
    assert words in one_line(reply.err)
    with pytest.raises(StoreError):
        open_ledger(url, actor="ada")


@pytest.mark.parametrize("name", ["team?a.db", "100%.db", "a b#c.db", "é日.db", "%3F.db"])
def test_a_file_of_any_name_has_a_url(teller: Teller, tmp_path: Path, name: str) -> None:
    path = copied(teller.path, tmp_path / name)
    assert read_url(file_url(path)).database == str(path)
    assert open_ledger(file_url(path), actor="ada").settings.name == "main"
