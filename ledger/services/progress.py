"""How far a long job is: told to whoever started it, who may show it."""

from __future__ import annotations

from typing import Protocol


class Tell(Protocol):
    """Told how many are done, and of how many if that is known."""

    def __call__(self, done: int, total: int | None = None) -> None: ...


class Steps(Protocol):
    """Told which step of a job is at hand, and how far the whole job is, 0 to 1."""

    def __call__(self, step: str, done: float) -> None: ...


def within(told: Steps | None, start: float, end: float) -> Steps:
    """Tells of a part of the job as of a whole: its 0 is the job's `start`, its 1 the job's `end`."""

    def tell(step: str, done: float) -> None:
        if told is not None:
            told(step, start + (end - start) * done)

    return tell
