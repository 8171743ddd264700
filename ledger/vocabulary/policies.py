"""Policies: what a book may ask for beyond the rules that hold for every book. All are off until they are set."""

from __future__ import annotations

SECOND_ACTOR_CLOSE = "second-actor-close"
ACTOR_FROM_LOGIN = "actor-from-login"

#: Name of a policy: what it asks for while it is on.
POLICIES = {
    SECOND_ACTOR_CLOSE: "A quarter is closed by somebody else than whoever recorded its last event.",
    ACTOR_FROM_LOGIN: (
        "The actor is the login at the database, or the one that `debt db roles` named with it. "
        "SQLite has no logins: there it asks for nothing."
    ),
}
