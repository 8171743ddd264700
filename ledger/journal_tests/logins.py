"""Actors and database users: the actor is a claim, the database's session_user is not. Where do the two part?

One service account that writes for everybody is no finding. Unusual is an entry whose actor writes elsewhere as a rule,
or whose login belongs to somebody else as a rule.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

#: A login is an actor's own when so many of its entries in a hundred are that actor's.
OWN_PERCENT = 90

#: A pair: who claims to have recorded, and as whom the database let them in (None: it did not say).
Pair = tuple[str, str | None]


@dataclass(frozen=True, slots=True)
class LoginSession:
    """One pair. entries: in the population; in_book: in the whole book. unusual: why, None if it is not."""

    actor: str
    session_user: str | None
    entries: int
    in_book: int
    unusual: str | None


class Logins:
    """What is usual, by all entries of the book."""

    def __init__(self, counts: Mapping[Pair, int]) -> None:
        """counts: how many entries of the book each pair has."""
        self.counts = counts
        by_actor: dict[str, dict[str | None, int]] = defaultdict(dict)
        by_login: dict[str | None, dict[str, int]] = defaultdict(dict)
        for (actor, login), entries in counts.items():
            by_actor[actor][login] = entries
            by_login[login][actor] = entries
        self.logins_of = {actor: sorted(logins, key=_in_order) for actor, logins in by_actor.items()}
        self.actors_of = {login: sorted(actors) for login, actors in by_login.items()}
        self._usual = {actor: _most(logins, 50, beyond=True) for actor, logins in by_actor.items()}
        self._owner = {login: _most(actors, OWN_PERCENT) for login, actors in by_login.items()}

    def unusual(self, actor: str, login: str | None) -> str | None:
        """Why an entry of this pair is unlike the others, None if it is not.

        More than half of the actor's entries came under another login; or at least OWN_PERCENT in a hundred of the
        login's entries are another actor's.
        """
        usual, owner = self._usual.get(actor), self._owner.get(login)
        if usual is not None and usual[0] != login:
            return f"{actor} writes as {usual[0] or 'nobody'} as a rule"
        if owner is not None and owner[0] != actor:
            return f"{login or 'nobody'} is the login of {owner[0]} as a rule"
        return None

    def sessions(self, entries: Mapping[Pair, int]) -> tuple[LoginSession, ...]:
        """Every pair of the population, by actor and login. entries: how many each has in it."""
        return tuple(
            LoginSession(
                actor, login, entries[actor, login], self.counts.get((actor, login), 0), self.unusual(actor, login)
            )
            for actor, login in sorted(entries, key=lambda pair: (pair[0], _in_order(pair[1])))
        )


def _most(
    counts: Mapping[str | None, int] | Mapping[str, int], percent: int, *, beyond: bool = False
) -> tuple[str | None] | None:
    """The one with at least (or beyond) so many in a hundred, in a tuple, because None may be it; None: nobody."""
    name, most = max(counts.items(), key=lambda each: each[1])
    hundredfold, needed = most * 100, sum(counts.values()) * percent
    return (name,) if hundredfold > needed or (hundredfold == needed and not beyond) else None


def _in_order(login: str | None) -> str:
    return login or ""
