"""Importers: facts that other tools and spreadsheets hold, read and recorded as requests.

Reading comes first and whole: a file that cannot be read records nothing. A row that cannot is reported
with its place while the rest is recorded; a strict import records nothing then.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from ledger.vocabulary.errors import Refused, Unreadable

#: Told how many rows are done, and of how many.
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that was not recorded. place: file, and line or JSON path; why: a sentence or several."""

    place: str
    why: str


class ImportRefused(Refused):
    """A strict import held a bad row; nothing of it was recorded."""

    def __init__(self, bad: tuple[BadRow, ...], read: int) -> None:
        """bad: not empty. read: how many rows were read."""
        self.bad = bad
        rows = "1 row" if len(bad) == 1 else f"{len(bad)} rows"
        super().__init__(
            f"{rows} of {read} cannot be recorded, the first at {bad[0].place}: {bad[0].why}",
            "Correct the file, or leave --strict out to record the rest.",
        )


def by_reason(bad: Iterable[BadRow]) -> dict[str, list[str]]:
    """Places by reason: a missing day rate is one problem, and not five hundred."""
    grouped: dict[str, list[str]] = defaultdict(list)
    for row in bad:
        grouped[row.why].append(row.place)
    return dict(grouped)


def natural(text: str) -> list[tuple[int, str]]:
    """A key that sorts the way people count: page2 before page10, line 9 before line 10."""
    # re.split puts the digits at every second place, so that like is compared with like.
    return [(int(part), "") if part.isdecimal() else (0, part) for part in re.split(r"([0-9]+)", text)]


def read_text(path: Path) -> str:
    """A file's text, with or without a byte order mark. Raises Unreadable, naming the file."""
    try:
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Unreadable(f"{path} is not UTF-8 text: byte {error.start} does not fit. Save it as UTF-8.") from error
    except OSError as error:
        raise Unreadable(f"{path} cannot be read: {error.strerror or error}.") from error
