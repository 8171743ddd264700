"""The columns of a table that a terminal has room for: an identifier or a figure is never cut, so others leave."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rich.cells import cell_len

#: Columns of free text, which give way where the terminal is narrow.
FREE_TEXT = frozenset(
    (
        *("answer", "artifact", "asks", "audience", "definition", "evidence", "expected", "finding", "found", "method"),
        *("id", "items", "note", "open", "perturbation", "plan", "quality", "remark", "source", "standing", "title"),
    )
)
#: Of these the texts that are identifiers, with commas between: each stays on one line.
_NAMES = frozenset(("items",))
#: What leaves last, of it the last one first: what a row is about, and what is said of it.
_STAYS = (
    *(
        "position",
        "run",
        "item",
        "id",
        "key",
        "system",
        "feature",
        "slice",
        "class",
        "case",
        "monitor",
        "quarter",
        "team",
    ),
    *(
        "on",
        "due_on",
        "state",
        "items",
        "title",
        "outstanding",
        "amount",
        "value",
        "status",
        "verdict",
        "interest_per_year",
        "gap",
        "effect",
    ),
    *("total", "delta", "debt", "neglect"),
)
#: What leaves first, in this order: what another column says as well, or another command in full.
_LEAVES = (
    *("hash", "session_user", "event_id", "recorded_at", "sha256", "psi", "jensen_shannon", "interest_incurred"),
    *("principal", "category", "nature", "opened_on", "age_days", "stream"),
)
#: Characters to which free text is squeezed before any column leaves, and those around a cell.
_LEAST_TEXT, _AROUND = 12, 3


def fitted(columns: Sequence[str], cells: Mapping[str, Sequence[str]], width: int) -> dict[str, int]:
    """The columns for which a terminal of so many characters has room, in their order, and how wide each is.

    cells: what is written in each column. Identifiers and figures stand on one line whole, free text is broken, headings are
    broken between words. At least the column that stays longest is there, whatever its width.
    """
    kept = list(columns)
    leaving = sorted(columns, key=lambda name: _leaves_at(name, columns))
    while len(kept) > 1 and _room({name: _least(name, cells[name]) for name in kept}, width) < 0:
        kept.remove(leaving.pop(0))
    widths = {name: _least(name, cells[name]) for name in kept}
    # Free text first: it is read, and a heading is only found.
    for wider in (FREE_TEXT, frozenset(kept)):
        growing = [name for name in kept if name in wider]
        for number, name in enumerate(growing):
            share = _room(widths, width) // (len(growing) - number)
            widths[name] += max(0, min(_most(name, cells[name]) - widths[name], share))
    return widths


def blocks(headings: Sequence[str], lines: Sequence[Sequence[str]], width: int) -> list[list[int]]:
    """The columns after the first one in blocks for each of which, beside the first one, there is room; one at least.

    headings, lines: what is written, a column a place.
    """
    widths = [max(map(cell_len, column)) + _AROUND for column in zip(headings, *lines, strict=True)]
    found: list[list[int]] = []
    room = 0
    for place, wide in enumerate(widths[1:], start=1):
        if not found or room < wide:
            found.append([])
            room = width - widths[0] + 1
        found[-1].append(place)
        room -= wide
    return found


def _room(widths: Mapping[str, int], width: int) -> int:
    """Characters that are left over; below 0 where it is too wide."""
    return width - sum(widths.values()) - _AROUND * len(widths) + 1


def _least(name: str, cells: Sequence[str]) -> int:
    widest = max(map(cell_len, cells), default=0)
    if name in _NAMES:
        widest = max((cell_len(word) for cell in cells for word in cell.split()), default=0)
        return max(cell_len(name), widest)
    heading = max(map(cell_len, name.split("_")))
    return max(heading, min(widest, _LEAST_TEXT) if name in FREE_TEXT else widest)


def _most(name: str, cells: Sequence[str]) -> int:
    return max(cell_len(name), *map(cell_len, cells)) if cells else cell_len(name)


def _leaves_at(name: str, columns: Sequence[str]) -> tuple[int, int]:
    """When a column leaves: those of no list after the first ones, from the right."""
    if name in _LEAVES:
        return 0, _LEAVES.index(name)
    if name in _STAYS:
        return 2, -_STAYS.index(name)
    return 1, -list(columns).index(name)
