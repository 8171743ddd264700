"""A line to a PostgreSQL server that can be cut while it commits: before the server hears of it, or before it answers."""

from __future__ import annotations

import select
import shutil
import socket
import tempfile
import threading
from contextlib import suppress
from pathlib import Path
from types import TracebackType

_SOCKET = ".s.PGSQL.5432"
_COMMIT = b"COMMIT\x00"


class Line:
    """Listens as a server would, in a folder of its own, and passes on what is said. cuts: how often it was cut."""

    def __init__(self, server_folder: str) -> None:
        """server_folder: where the real server's socket is."""
        self._server = str(Path(server_folder) / _SOCKET)
        self.folder = tempfile.mkdtemp(prefix="line-")  # a socket's path is short
        self._cut: str | None = None
        self.cuts = 0
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(str(Path(self.folder) / _SOCKET))
        self._listener.listen()
        threading.Thread(target=self._listen, daemon=True).start()

    def cut_at_next_commit(self, when: str) -> None:
        """Cut it once. when: 'unheard', before the COMMIT is passed on, or 'unanswered', before its answer is."""
        self._cut = when

    def __enter__(self) -> Line:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._listener.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _listen(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                threading.Thread(target=self._pass_on, args=(client,), daemon=True).start()

    def _pass_on(self, client: socket.socket) -> None:
        with client, socket.socket(socket.AF_UNIX) as server, suppress(OSError):
            server.connect(self._server)
            while True:
                for end in select.select([client, server], [], [])[0]:
                    said = end.recv(1 << 16)
                    if not said:
                        return
                    if end is client and _COMMIT in said and self._cut:
                        when, self._cut = self._cut, None
                        self.cuts += 1
                        if when == "unanswered":
                            server.sendall(said)
                            server.recv(1 << 16)
                        return
                    (server if end is client else client).sendall(said)
