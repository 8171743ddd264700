"""A refusal as a row of a table, and what is checked of each."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import pytest

from tests.helpers.teller import Reply, Teller

NOTHING = "Nothing was recorded."


@dataclass(frozen=True)
class Row:
    """What is typed first, the line that is refused, and what the message must say.

    why: words that say what was refused and for which reason; instead: words of the remedy, after 'Nothing
    was recorded.'; code: 1 for a rule of the ledger, 2 for wrong usage.
    """

    about: str
    typed: str
    why: tuple[str, ...]
    instead: str = ""
    setup: tuple[str, ...] = ()
    code: int = 1

    def check(self, teller: Teller) -> Reply:
        """Type it all, and see it refused with nothing recorded."""
        if self.setup:
            teller.do(*self.setup)
        before = teller.counts
        reply = teller.type(self.typed)
        said = one_line(reply.err)
        assert (reply.exit_code, teller.counts) == (self.code, before), said
        assert not reply.out
        assert [words for words in self.why if words not in said] == [], said
        if self.code == 1:
            assert said.startswith("debt: ")
            why, nothing, instead = said.partition(NOTHING)
            assert nothing, said
            assert self.instead, "a refusal says what to do instead"
            assert self.instead in instead, said
            assert [words for words in self.why if words not in why] == [], said
        else:
            assert said.startswith("debt: ")
        return reply


def refused(about: str, typed: str, *why: str, instead: str, setup: tuple[str, ...] = ()) -> Any:
    """A row of a rule that forbids."""
    return pytest.param(Row(about, typed, why, instead, setup), id=_slug(about))


def wrong_usage(about: str, typed: str, *why: str, setup: tuple[str, ...] = ()) -> Any:
    """A row of a command that cannot be read, or is not whole."""
    return pytest.param(Row(about, typed, why, setup=setup, code=2), id=_slug(about))


def one_line(text: str) -> str:
    """The text with every run of white space as one space."""
    return " ".join(text.split())


def suggestions(reply: Reply) -> list[str]:
    """The commands that a message suggests, without 'debt'."""
    return re.findall(r"`debt ([^`]+)`", one_line(reply.err))


def _slug(about: str) -> str:
    return about.replace(" ", "-").replace(",", "")
