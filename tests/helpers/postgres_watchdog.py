"""Stops the PostgreSQL server of a folder and removes the folder, as soon as standard input ends: when its owner is gone."""

from __future__ import annotations

import os
import shutil
import signal
import sys
import time
from contextlib import suppress
from pathlib import Path

#: The server kills what does not stop by itself after five.
PATIENCE_SECONDS = 10


def stop(folder: Path) -> None:
    """Stop the server at once, for its data is not needed any more, and wait until it is gone."""
    pid_file = folder / "postmaster.pid"  # the server removes it when it ends
    with suppress(FileNotFoundError, ProcessLookupError):
        os.kill(int(pid_file.read_text().splitlines()[0]), signal.SIGQUIT)
        deadline = time.monotonic() + PATIENCE_SECONDS
        while pid_file.exists() and time.monotonic() < deadline:
            time.sleep(0.01)


if __name__ == "__main__":
    sys.stdin.buffer.read()
    stop(Path(sys.argv[1]))
    # A server that had not come up when its owner died ends by itself when it misses its folder.
    shutil.rmtree(sys.argv[1], ignore_errors=True)
