"""Progress of long jobs, on a terminal only; rich is imported only there."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from ledger.cli.kit.terminal import console
from ledger.services.progress import Steps, Tell
from ledger.vocabulary.plain_text import plain


@contextmanager
def progress(what: str) -> Iterator[Tell | None]:
    """Something to tell how far a job is; None where nobody watches."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}", markup=False), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console(sys.stderr), transient=True) as bar:
        task = bar.add_task(what, total=None)

        def tell(done: int, total: int | None = None) -> None:
            bar.update(task, completed=done, total=total)

        yield tell


@contextmanager
def steps(what: str, *, shown: bool = True) -> Iterator[Steps | None]:
    """Something to tell the steps of a job; None where nobody watches or wants to."""
    if not (shown and sys.stderr.isatty()):
        yield None
        return
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}", markup=False), BarColumn(), TaskProgressColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console(sys.stderr), transient=True) as bar:
        task = bar.add_task(what, total=1.0)

        def tell(step: str, done: float) -> None:
            bar.update(task, description=plain(step), completed=done)

        yield tell
