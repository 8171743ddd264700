"""The actor: who is asking. A claim, kept with every event."""

from __future__ import annotations

from ledger.vocabulary.errors import Unreadable

#: How long Git may take to say whose repository this is, in seconds.
_PATIENCE = 5


def actor_here() -> tuple[str, str]:
    """Who asks where nobody said so, and who says it: git's user.email, else the login.

    Raises Unreadable for a user who has no name on this machine: nobody could find out later who that was.
    """
    email = _git_email()
    if email:
        return email, "git's user.email"
    return _login(), "the login"


def _git_email() -> str | None:
    # Imported for those who record: reading needs no actor.
    import subprocess

    try:
        said = subprocess.run(
            ["git", "config", "--get", "user.email"],  # noqa: S607 - whichever Git the user has
            capture_output=True,
            timeout=_PATIENCE,
            check=True,
        )
        return said.stdout.decode().strip() or None
    except (OSError, ValueError, subprocess.SubprocessError):
        return None


def _login() -> str:
    import getpass
    import os

    try:
        return getpass.getuser()
    except (ImportError, KeyError, OSError):
        number = f" (uid {os.getuid()})" if hasattr(os, "getuid") else ""
        raise Unreadable(
            f"Nobody says who is asking: this user has no name on this machine{number}. Nothing was recorded. Say it with "
            "--actor WHO, with DEBT_ACTOR, or as `actor` in config.toml."
        ) from None
