"""One command in a forked process, to which something happens at a moment of its choosing.

A moment is what the command is about to do with its database: a statement, or a commit; or, if that is asked for, with the
files of a folder. They are numbered from 1 through the whole command; the last one, END, is when the command is done and has
not told its result yet.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from click.testing import CliRunner
from sqlalchemy import Engine, event

from ledger.cli import cli
from ledger.cli.kit.edge import Edge
from ledger.vocabulary.errors import LedgerError
from tests.reliability.writing_jobs import NOW, Asked, identifiers

#: What happens at a moment, given the connection's driver.
Strike = Callable[[Any], None]

COMMIT = "COMMIT"
#: What Python tells its auditors of files.
FILE_EVENTS = ("open", "os.link", "os.rename", "os.remove", "sqlite3.connect")
END = "END"


@dataclass(frozen=True)
class Answer:
    """What a command left behind. exit_code: negative for the signal that ended it. crash: a traceback, if it ended in one.

    written: bytes handed to the system to write. moments: what it did with its database, in order.
    """

    exit_code: int
    out: str = ""
    err: str = ""
    crash: str = ""
    written: int = 0
    moments: tuple[str, ...] = ()


def run(
    url: str,
    asked: Asked,
    *,
    before: Callable[[], None] | None = None,
    at: int = 0,
    strike: Strike | None = None,
    files: Path | None = None,
) -> Answer:
    """Run it in a child process. before: done in the child first. strike: what happens at moment `at`.

    files: the folder whose files count as moments, too.
    """
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.close(reading)
            if before:
                before()
            told = json.dumps(_in_child(url, asked, at, strike, files)).encode()
            with os.fdopen(writing, "wb") as pipe:
                pipe.write(told)
        finally:
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        told = pipe.read()
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        return Answer(-os.WTERMSIG(status))
    said = json.loads(told)
    return Answer(**{**said, "moments": tuple(said["moments"])})


def watch_files(folder: Path, come: Callable[[str, Any], None]) -> None:
    """Have `come` called before a file of a folder is opened, linked, moved or removed; for as long as the process lives."""

    def hook(name: str, arguments: tuple[Any, ...]) -> None:
        if name in FILE_EVENTS and any(str(folder) in str(each) for each in arguments):
            come(name, None)

    sys.addaudithook(hook)


def die(driver: Any) -> None:
    """Strike: no word more is said, to anybody."""
    os.kill(os.getpid(), signal.SIGKILL)


def _in_child(url: str, asked: Asked, at: int, strike: Strike | None, files: Path | None) -> dict[str, object]:
    moments: list[str] = []

    def come(moment: str, driver: Any) -> None:
        moments.append(moment)
        if strike and len(moments) == at:
            strike(driver)

    @event.listens_for(Engine, "before_cursor_execute")
    def statement(connection: Any, cursor: Any, text: str, parameters: Any, context: Any, many: bool) -> None:
        come(text.partition("\n")[0][:60], connection.connection.driver_connection)

    @event.listens_for(Engine, "commit")
    def commit(connection: Any) -> None:
        come(COMMIT, connection.connection.driver_connection)

    if files:
        watch_files(files, come)
    before = _bytes_written()
    answer = _called(url, asked) if callable(asked) else _typed(url, asked)
    come(END, None)
    return {**answer, "written": _bytes_written() - before, "moments": moments}


def _typed(url: str, words: Sequence[str]) -> dict[str, object]:
    argv = ["--database", url, "--actor", "ada", *words]
    result = CliRunner().invoke(cli, argv, obj=Edge(lambda: NOW, identifiers("typed")), prog_name="debt")
    error = result.exception
    crash = "" if error is None or isinstance(error, SystemExit) else "".join(traceback.format_exception(error))
    return {"exit_code": result.exit_code, "out": result.stdout, "err": result.stderr, "crash": crash}


def _called(url: str, act: Callable[[str], None]) -> dict[str, object]:
    """As the command line's one error boundary tells it."""
    try:
        act(url)
    except LedgerError as error:
        return {"exit_code": error.exit_code, "err": f"debt: {error}\n"}
    except Exception:
        return {"exit_code": 1, "crash": traceback.format_exc()}
    return {"exit_code": 0}


def _bytes_written() -> int:
    """Of this process, to whatever files, as Linux counts them; 0 elsewhere."""
    counted = Path("/proc/self/io")
    if not counted.exists():
        return 0
    return int(dict(line.split(": ") for line in counted.read_text().splitlines())["wchar"])
