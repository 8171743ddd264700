"""The rows of an import: how many are done, and which were not recorded, with the reason."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from ledger.importers.files import natural
from ledger.vocabulary.counted import counted
from ledger.vocabulary.errors import NOTHING_RECORDED, LedgerError, Refused

#: Told how many rows are done, and of how many.
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that was not recorded. place: file, and line or JSON path; why: a sentence or several.

    key: the tool's name for it, empty where it could not be read.
    """

    place: str
    why: str
    key: str = ""


def row_reason(error: LedgerError) -> str:
    """Why a row was not recorded. That nothing was is true of the row alone: others of its file may be recorded."""
    said = f"{error.why} {error.instead}".strip() if isinstance(error, Refused) else str(error)
    return said.replace(f" {NOTHING_RECORDED}", "").removeprefix(NOTHING_RECORDED).strip()


class WholeRefused(Refused):
    """All of an import is refused. bad: the rows of it that cannot be read, whatever else is wrong with it."""

    def __init__(self, why: str, instead: str, bad: Iterable[BadRow]) -> None:
        self.bad = tuple(sorted(bad, key=lambda row: natural(row.place)))
        super().__init__(why, instead)


class ImportRefused(WholeRefused):
    """A strict import held a bad row; nothing of it was recorded."""

    def __init__(self, bad: tuple[BadRow, ...], read: int) -> None:
        """bad: not empty. read: how many rows were read."""
        super().__init__(
            f"{counted(len(bad), 'row')} of {read} cannot be recorded, the first at {bad[0].place}: {bad[0].why}",
            "Correct the file, or leave --strict out to record the rest.",
            bad,
        )


def settle(bad: list[BadRow], read: int, *, strict: bool) -> None:
    """Put the bad rows in the order of their places. Raises ImportRefused if it is strict and there are any."""
    bad.sort(key=lambda row: natural(row.place))
    if strict and bad:
        raise ImportRefused(tuple(bad), read)


def by_reason(bad: Iterable[BadRow]) -> dict[str, list[str]]:
    """Places by reason: a missing day rate is one problem, and not five hundred."""
    grouped: dict[str, list[str]] = defaultdict(list)
    for row in bad:
        grouped[row.why].append(row.place)
    return dict(grouped)
