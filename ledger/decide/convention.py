"""Conventions: what an entry is asked for today, where the books would hold as well without it.

A law is what a balance, a closed period, a key or a decision rests on: every release refuses what breaks one, and
`raise Refused` says so. How long a text may be, which names there are to choose from: that may change from release to
release, and `by_convention` says so. Whoever decides the past again holds it to the laws, and takes note of the rest
(decision 0018).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from ledger.vocabulary.errors import LedgerError

#: What was broken so far, where the past is decided again; None where somebody records.
_NOTED: ContextVar[list[LedgerError] | None] = ContextVar("noted", default=None)


def by_convention(broken: LedgerError) -> None:
    """Refuse what breaks a convention; within `conventions_noted` take note of it, and go on."""
    noted = _NOTED.get()
    if noted is None:
        raise broken
    noted.append(broken)


@contextmanager
def conventions_noted() -> Iterator[list[LedgerError]]:
    """While this lasts no convention refuses anything; gives what was broken."""
    noted: list[LedgerError] = []
    before = _NOTED.set(noted)
    try:
        yield noted
    finally:
        _NOTED.reset(before)
