"""Secrets in the URL of a database: where they may stand, and a text without them.

A URL is typed by people, so that none of its rules is relied on: a password is what stands between the first ':' and the
last '@', whatever it holds, what stands for a port and is no number, and the value of every parameter that is called so.
"""

from __future__ import annotations

import re
from urllib.parse import quote, quote_plus, unquote, unquote_plus

HIDDEN = "***"

#: A shorter secret is hidden where it stands in the URL; elsewhere it would take common words with it.
_SHORTEST_ELSEWHERE = 4

_SECRET_NAME = re.compile(r"pass(?!file)|pwd|secret|token|scram_\w*key", re.IGNORECASE)
# After the scheme, or from the start where somebody forgot it, since a password may hold "://" too; a path to a file of
# SQLite has neither user nor port.
_USER_PART = re.compile(r"^(?!sqlite[^:]*:///)(?P<user>(?:[A-Za-z][\w+.\-]*://)?+[^:]*):(?P<secret>.*)@", re.DOTALL)
_NO_PORT = re.compile(r"(?P<user>://(?!/)(?>(?:.*@)?)[^:@/\[]*):(?P<secret>(?!\d*(?:[/?]|$)).+)", re.DOTALL)
_PARAMETER = re.compile(r"(?<=[?&;#])(?P<name>[^=&;?#]*)=(?P<secret>[^&]*)")


def is_secret(parameter: str) -> bool:
    """Whether a parameter of a URL is called like one that holds a secret."""
    return bool(_SECRET_NAME.search(unquote_plus(parameter)))


def without_secrets(url: str) -> str:
    """A URL of which everything may be shown."""
    shown = _USER_PART.sub(lambda found: f"{found['user']}:{HIDDEN}@", _parameters_hidden(url))
    # Once more: what stood in the password may have looked like the beginning of parameters.
    shown = _parameters_hidden(shown)
    return _NO_PORT.sub(lambda found: f"{found['user']}:{HIDDEN}", shown)


def _parameters_hidden(url: str) -> str:
    # SQLite takes none: nobody knows what somebody meant by one.
    none_known = url.startswith("sqlite")

    def hidden(found: re.Match[str]) -> str:
        # Where ';' stands for '&', another parameter is in the value.
        secret = none_known or is_secret(found["name"])
        return f"{found['name']}={HIDDEN if secret else _parameters_hidden(found['secret'])}"

    return _PARAMETER.sub(hidden, url)


def hidden_in(text: str, url: str) -> str:
    """A text, such as a driver's message, without the secrets of a URL, however they are spelled in it."""
    text = text.replace(url, without_secrets(url))
    for secret in sorted(_spellings(url), key=len, reverse=True):
        text = text.replace(secret, HIDDEN)
    return text


def _spellings(url: str) -> set[str]:
    held = {found["secret"] for found in _USER_PART.finditer(url)}
    held |= {found["secret"] for found in _PARAMETER.finditer(url) if is_secret(found["name"])}
    read = held | {unquote(secret) for secret in held} | {unquote_plus(secret) for secret in held}
    spelled = read | {quote(secret, safe="") for secret in read} | {quote(secret) for secret in read}
    spelled |= {quote_plus(secret) for secret in read} | {repr(secret)[1:-1] for secret in read}
    return {secret for secret in spelled if len(secret) >= _SHORTEST_ELSEWHERE}
