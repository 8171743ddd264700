"""A pager for long answers on a terminal, as git has one: none for what fits on the screen, and none anywhere else."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import wraps
from typing import TYPE_CHECKING, ParamSpec, TextIO, cast

from ledger.cli.kit.terminal import Terminal

if TYPE_CHECKING:
    import subprocess

P = ParamSpec("P")

#: What `less` does if nobody says otherwise: end where all of it fits, keep colours, leave the screen as it is.
_LESS = "FRX"


def paged(function: Callable[P, None]) -> Callable[P, None]:
    """Have what a command prints shown by the pager. Of a command that only answers: whoever ends the pager ends it.

    It begins when everything that was missing was asked for; what is refused is said after it.
    """

    @wraps(function)
    def shown(*args: P.args, **kwargs: P.kwargs) -> None:
        with through_pager(os.environ):
            function(*args, **kwargs)

    return shown


@contextmanager
def through_pager(surroundings: Mapping[str, str]) -> Iterator[None]:
    """Send output and messages through the pager as long as the block lasts, if there is one and this is a terminal.

    surroundings: PAGER says which, an empty one or `cat` that there is none; else it is `less`.
    """
    before = sys.stdout, sys.stderr
    out, err = before
    pager = _started(surroundings, out) if isinstance(out, Terminal) else None
    if pager is None or pager.stdin is None:
        yield
        return
    through = Terminal(_Through(pager.stdin, encoding="utf-8", errors="backslashreplace"))
    sys.stdout = cast(TextIO, through)
    if isinstance(err, Terminal):
        sys.stderr = cast(TextIO, through)
    try:
        yield
    except BrokenPipeError:
        pass  # whoever reads has read enough
    finally:
        sys.stdout, sys.stderr = before
        with suppress(BrokenPipeError):
            through.close()
        _wait(pager)


def _started(surroundings: Mapping[str, str], out: Terminal) -> subprocess.Popen[bytes] | None:
    if surroundings.get("TERM", "dumb") == "dumb":
        return None
    # Imported only on a terminal.
    import shlex
    import shutil
    import subprocess

    words = shlex.split(surroundings.get("PAGER", "less"))
    program = shutil.which(words[0], path=surroundings.get("PATH")) if words and words[0] != "cat" else None
    if program is None:
        return None
    out.flush()
    told = {"LESS": _LESS, **surroundings}
    return subprocess.Popen([program, *words[1:]], stdin=subprocess.PIPE, stdout=out.fileno(), env=told)  # noqa: S603


def _wait(pager: subprocess.Popen[bytes]) -> None:
    """Until it ends: Ctrl-C is the pager's, which goes on."""
    while True:
        with suppress(KeyboardInterrupt):
            pager.wait()
            return


class _Through(io.TextIOWrapper):
    """A pipe to what shows it on a terminal: tables and colours are drawn as for that."""

    def isatty(self) -> bool:
        return True
