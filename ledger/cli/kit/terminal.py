"""Standard output and standard error: a terminal shows whatever it is sent and obeys none of it; no encoding fails.

Everything that the program prints passes here, click's own words and a traceback included. To a file or a pipe it goes
as it is, in UTF-8 unless the user chose otherwise; only what stands on a terminal is made plain.
"""

from __future__ import annotations

import codecs
import io
import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TextIO, cast

from ledger.vocabulary.plain_text import plain_lines

if TYPE_CHECKING:
    from rich.console import Console


class Terminal:
    """A text stream to a terminal, which is written plain text and nothing else."""

    def __init__(self, device: TextIO) -> None:
        """device: what the terminal is reached by."""
        self.device = device
        self.buffer = _TerminalBytes(device)

    def write(self, text: str) -> int:
        self.device.write(plain_lines(text))
        return len(text)

    def writelines(self, lines: Iterable[str]) -> None:
        for line in lines:
            self.write(line)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.device, name)


class _TerminalBytes(io.RawIOBase):
    """For what is written as bytes: UTF-8, with or without a byte order mark, made plain as well."""

    def __init__(self, device: TextIO) -> None:
        self._device = device
        self._decoder = codecs.getincrementaldecoder("utf-8-sig")("replace")

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self._device.write(plain_lines(self._decoder.decode(bytes(data))))
        return len(data)

    def flush(self) -> None:
        self._device.flush()


@contextmanager
def standard_streams() -> Iterator[None]:
    """Standard output and error as this module describes them, as long as the block lasts."""
    before = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = (_prepared(stream) for stream in before)
    try:
        yield
    finally:
        sys.stdout, sys.stderr = before


def console(stream: TextIO) -> Console:
    """What draws tables and bars there. It styles what it writes, so that who hands it text makes that plain."""
    from rich.console import Console

    device = stream.device if isinstance(stream, Terminal) else stream
    return Console(file=device, width=_width(device), highlight=False, markup=False, emoji=False)


def _width(device: TextIO) -> int | None:
    """The columns of the terminal itself, whatever else is one; None where it does not say, or COLUMNS says otherwise."""
    try:
        return None if "COLUMNS" in os.environ else os.get_terminal_size(device.fileno()).columns or None
    except (OSError, ValueError):
        return None


def keeps_any_text(stream: TextIO) -> bool:
    """Whether every character can be written there."""
    return codecs.lookup(stream.encoding or "ascii").name.startswith("utf")


def _prepared(stream: TextIO) -> TextIO:
    if not isinstance(stream, io.TextIOWrapper):
        return stream
    watched = stream.isatty()
    # A terminal knows its own encoding; a file has none, and a locale is no wish.
    if watched or os.environ.get("PYTHONIOENCODING"):
        stream.reconfigure(errors="backslashreplace")
    else:
        stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    return cast(TextIO, Terminal(stream)) if watched else stream
