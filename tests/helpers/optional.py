"""Programs and data that a machine need not have: a test names the programs that it needs, and skips where one is absent.

To a test that names none the path holds none, so that one that forgets to say what it needs fails on every machine.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import pytest

#: The name of each program, and what is not installed where it is absent.
PROGRAMS = {
    "dot": "Graphviz",
    "git": "git",
    "hledger": "hledger",
    "mount": "util-linux",
    "node": "Node.js",
    "pdftotext": "poppler",
    "pgbouncer": "PgBouncer",
    "groff": "groff",
    "soffice": "LibreOffice",
    "ssh-keygen": "OpenSSH",
}

#: Set by `make bare`: only tests of modules that mention a program or ../shared are run, without any of them.
BARE = os.environ.get("BARE") == "1"

#: Beside the repository; a clone need not have it.
SHARED_DATA = Path(__file__).resolve().parents[3] / "shared" / "data"

_WHOLE_PATH = os.environ["PATH"]
_PATH_WITHOUT_PROGRAMS = str(Path(sys.executable).parent)
_NAMES = "|".join({name for pair in PROGRAMS.items() for name in pair})
_MENTION = re.compile(rf"\b(?:{_NAMES})\b|\bneeds[(_]|\bshared_data\b", re.IGNORECASE)


def needs(*programs: str) -> pytest.MarkDecorator:
    """Marks a test, or as `pytestmark` a module, that runs these programs."""
    assert PROGRAMS.keys() >= set(programs), f"{programs}: not all are listed in tests/helpers/optional.py"
    return pytest.mark.needs(*programs)


def open_path_for(item: pytest.Item) -> None:
    """Give a test the path that it asks for, or skip it. Called before the fixtures of any scope are set up."""
    programs = [program for mark in item.iter_markers("needs") for program in mark.args]
    os.environ["PATH"] = _WHOLE_PATH if programs else _PATH_WITHOUT_PROGRAMS
    for program in programs:
        if shutil.which(program) is None:
            pytest.skip(f"{PROGRAMS[program]} is not installed")


@contextmanager
def whole_path() -> Iterator[None]:
    """For what sets up a server: to root it makes a user of its own, by a program of the system's administrator."""
    before = os.environ["PATH"]
    os.environ["PATH"] = os.pathsep.join((_WHOLE_PATH, "/usr/sbin", "/sbin"))
    try:
        yield
    finally:
        os.environ["PATH"] = before


@cache
def mentions(module: Path) -> bool:
    """Whether the text of a test module mentions a program or the shared data."""
    return bool(_MENTION.search(module.read_text(encoding="utf-8")))
