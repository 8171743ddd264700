"""The files of an import: which are meant, in which order, and their text. All text is decoded here."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from ledger.vocabulary.errors import NOTHING_RECORDED, Unreadable
from ledger.vocabulary.outside_files import bytes_of
from ledger.vocabulary.text_encodings import RECOGNISED, Decoding, decoded

#: No tool writes a page of findings, and nobody a table of decisions, that is nearly as large.
_MOST_BYTES = 256 * 2**20


def pages(paths: Iterable[Path], *suffixes: str) -> list[Path]:
    """The files meant, each once. A folder stands for its pages, page2 before page10. suffixes: theirs, with their dots.

    Raises Unreadable for a folder without any.
    """
    files: list[Path] = []
    for path in paths:
        if path.is_dir():
            wanted = (page for suffix in suffixes for page in path.glob(f"*{suffix}"))
            found = sorted(wanted, key=lambda page: natural(page.name))
            if not found:
                raise Unreadable(f"{path} is a folder without {' or '.join(suffixes)} files.")
            files += found
        else:
            files.append(path)
    return list(dict.fromkeys(files))


def natural(text: str) -> list[tuple[int, str]]:
    """A key that sorts the way people count: page2 before page10, line 9 before line 10."""
    # re.split puts the digits at every second place, so that like is compared with like.
    return [(int(part), "") if part.isdecimal() else (0, part) for part in re.split(r"([0-9]+)", text)]


def read_text(path: Path, decoding: Decoding = RECOGNISED) -> str:
    """A file's text, in the encoding that is told or recognised. Raises Unreadable, naming the file and the place."""
    return decoded(str(path), bytes_of(path, most=_MOST_BYTES, what="export"), decoding)


def read_json(path: Path, what: str, decoding: Decoding = RECOGNISED) -> Any:
    """A file's JSON. what: it should be, with its article. Raises Unreadable, naming the file and the place."""
    text = read_text(path, decoding)
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        # A cut inside a text is reported where that text begins, so the place alone does not tell.
        cut = error.pos >= len(text.rstrip()) or error.msg.startswith("Unterminated")
        why = "it ends too early" if cut else error.msg
        raise Unreadable(
            f"{path} is not JSON: {why}, at line {error.lineno}, column {error.colno}. {NOTHING_RECORDED}"
        ) from error
    except RecursionError as error:
        raise Unreadable(f"{path} is not {what}: it is nested too deep. {NOTHING_RECORDED}") from error
    except ValueError as error:
        # Python's word for it is about Python.
        raise Unreadable(
            f"{path} is not {what}: it holds a number with thousands of digits. {NOTHING_RECORDED}"
        ) from error
