"""Progress of long jobs, on a terminal only; rich is imported only there."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol


class Tell(Protocol):
    """Told how many are done, and of how many if that is known."""

    def __call__(self, done: int, total: int | None = None) -> None: ...


@contextmanager
def progress(what: str) -> Iterator[Tell | None]:
    """Something to tell how far a job is; None where nobody watches."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=None)

        def tell(done: int, total: int | None = None) -> None:
            bar.update(task, completed=done, total=total)

        yield tell


class Steps(Protocol):
    """Told which step of a job is at hand, and how far the whole job is, 0 to 1."""

    def __call__(self, step: str, done: float) -> None: ...


@contextmanager
def steps(what: str, *, shown: bool = True) -> Iterator[Steps | None]:
    """Something to tell the steps of a job; None where nobody watches or wants to."""
    if not (shown and sys.stderr.isatty()):
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=1.0)

        def tell(step: str, done: float) -> None:
            bar.update(task, description=step, completed=done)

        yield tell


def within(told: Steps | None, start: float, end: float) -> Steps:
    """Tells of a part of the job as of a whole: its 0 is the job's `start`, its 1 the job's `end`."""

    def tell(step: str, done: float) -> None:
        if told is not None:
            told(step, start + (end - start) * done)

    return tell
