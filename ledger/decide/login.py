"""The actor and the login: under a policy of the book, nobody records under another's name."""

from __future__ import annotations

from ledger.decide.state import State
from ledger.vocabulary.errors import Refused
from ledger.vocabulary.policies import ACTOR_FROM_LOGIN


def held_to_login(state: State) -> None:
    """Raise Refused for an actor that the login may not record as. Where the database has no logins, any may be claimed."""
    book, login = state.book, state.login
    if book is None or login is None or book.policies.get(ACTOR_FROM_LOGIN) != "on" or state.actor in login.actors:
        return
    raise Refused(
        f"'{state.actor}' is not who logged in: the book's policy {ACTOR_FROM_LOGIN} asks for {' or '.join(login.actors)}.",
        f"Record with --actor '{login.actors[0]}', or have `debt db roles --writer '{login.name}={state.actor}'` map the login.",
    )
