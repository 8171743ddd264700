"""A terminal in front of the command line: a pseudo-terminal of the system, of which all that is written is kept."""

from __future__ import annotations

import os
import pty
import sys
import termios
import threading
import tty
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

import pytest

from ledger.cli import cli
from ledger.cli.kit.edge import Edge


@dataclass
class Seen:
    """What arrived at the terminal, standard output and error together, as text."""

    text: str = ""
    _parts: list[bytes] = field(default_factory=list)


@contextmanager
def terminal(columns: int = 200) -> Iterator[Seen]:
    """A terminal as standard output and error as long as the block lasts; what it saw is known afterwards."""
    master, slave = pty.openpty()
    tty.setraw(slave)
    termios.tcsetwinsize(slave, (50, columns))
    seen = Seen()

    def read() -> None:
        while True:
            try:
                part = os.read(master, 65536)
            except OSError:
                return
            if not part:
                return
            seen._parts.append(part)

    reader = threading.Thread(target=read)
    reader.start()
    with pytest.MonkeyPatch.context() as patch:
        out, err = (open(os.dup(slave), "w", encoding="utf-8") for _ in range(2))  # noqa: PTH123, SIM115
        patch.setattr(sys, "stdout", out)
        patch.setattr(sys, "stderr", err)
        patch.setenv("TERM", "xterm-256color")
        patch.delenv("COLUMNS", raising=False)
        # A test that is about the pager names one.
        patch.setenv("PAGER", os.environ.get("PAGER", "cat"))
        try:
            yield seen
        finally:
            out.close()
            err.close()
            os.close(slave)
            reader.join()
            os.close(master)
            seen.text = b"".join(seen._parts).decode("utf-8", "surrogateescape")


def on_a_terminal(words: Sequence[str], edge: Edge, columns: int = 200) -> str:
    """What somebody sees who types a command, on a terminal of so many columns."""
    with terminal(columns) as seen, suppress(SystemExit):
        cli.main(list(words), prog_name="debt", obj=edge)
    return seen.text
