"""What a command claims of files, which no rule can see: it is hashed where it is recorded, or refused."""

from __future__ import annotations

from ledger.decide.command import Command
from ledger.decide.state import State
from ledger.vocabulary.errors import Refused, StoreError

#: Nothing stands against what a command claims of files: who asks has read and hashed them.
HASHED_HERE: tuple[str, ...] = ()


def refuse_unseen(command: Command, state: State) -> None:
    """Raise Refused for claims that nobody looked at where they are recorded, StoreError for one that does not hold."""
    claimed = command.claims()
    if not claimed:
        return
    if state.objections is None:
        raise Refused(
            f"{type(command).__name__} says what was hashed ({', '.join(claimed)}), and nobody hashed it here.",
            f"From Python `{command.recorded_by}` hashes and records it.",
        )
    if state.objections:
        raise StoreError(state.objections[0])
