"""docs/cookbook.md: what it types is typed, and what that prints is put below it.

After a change of what commands print: `python -m tests.docs.cookbook`, and read the difference.
"""

from __future__ import annotations

import re
import shlex
import sys
import tempfile
from collections.abc import Iterator
from contextlib import chdir
from dataclasses import dataclass
from pathlib import Path

from ledger.cli.kit.edge import Edge
from tests.helpers.teller import NOON, Clock, copied, new_id
from tests.helpers.terminals import on_a_terminal

PAGE = Path(__file__).resolve().parents[2] / "docs/cookbook.md"
COLUMNS = 80
ACTOR = "ada@example.org"

_TASK = re.compile(r"^## ", re.MULTILINE)
_FILE = re.compile(r"^```csv (\S+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_TYPED = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)
#: Colours and bars that are wiped away are no text; hashes are of identifiers that differ from run to run.
_NOT_KEPT = {
    r"\x1b\[[0-9;?]*[A-Za-z]": "",
    r"[^\n]*━[^\n]*\n?": "",
    r"\r": "",
    r"\b[0-9a-f]{64}\b|(?<=hash )[0-9a-f]{12}\b": "…",
}


@dataclass(frozen=True)
class Task:
    """A part of the page. text: from its heading to the next one."""

    text: str

    @property
    def title(self) -> str:
        """The words of its heading."""
        return self.text.splitlines()[0]

    @property
    def commands(self) -> list[str]:
        """What it types, line by line."""
        return [line[2:] for typed in _TYPED.findall(self.text) for line in typed.splitlines() if line.startswith("$ ")]

    def told(self, folder: Path, clock: Clock) -> str:
        """The same part with what its commands print now, in a folder with the book in `ledger.db`."""
        for name, content in _FILE.findall(self.text):
            (folder / name).write_text(content, encoding="utf-8")
        with chdir(folder):
            return _TYPED.sub(lambda typed: f"```console\n{''.join(_printed(typed[1], clock))}```", self.text)


def _printed(typed: str, clock: Clock) -> Iterator[str]:
    for line in typed.splitlines():
        if line.startswith("$ "):
            words = ["--database", "sqlite:///ledger.db", "--actor", ACTOR, *shlex.split(line[2:])[1:]]
            said = on_a_terminal(words, Edge(clock, new_id), COLUMNS)
            for pattern, instead in _NOT_KEPT.items():
                said = re.sub(pattern, instead, said)
            yield f"{line}\n"
            yield from (f"{each.rstrip()}\n" for each in said.splitlines())


def parts(page: str) -> tuple[str, list[Task]]:
    """What stands before the first task, and the tasks; the first of them makes the book."""
    before, *tasks = _TASK.split(page)
    return before, [Task(f"## {task}") for task in tasks]


def told_anew(task: Task, book: Path, folder: Path) -> str:
    """A task in a folder of its own, with a copy of the book."""
    copied(book, folder / "ledger.db")
    return task.told(folder, Clock(NOON))


def page_told_anew() -> str:
    """The whole page."""
    before, (opening, *tasks) = parts(PAGE.read_text(encoding="utf-8"))
    with tempfile.TemporaryDirectory() as folder:
        book = Path(folder) / "book"
        book.mkdir()
        told = [opening.told(book, Clock(NOON))]
        for number, task in enumerate(tasks):
            place = Path(folder) / str(number)
            place.mkdir()
            told.append(told_anew(task, book / "ledger.db", place))
    return before + "".join(told)


if __name__ == "__main__":
    PAGE.write_text(page_told_anew(), encoding="utf-8")
    sys.exit()
